from django.apps import AppConfig

LEDGER_KINDS = {
    "records.viewing_received": "열람등 청구 접수",
    "records.viewing_decided": "열람등 청구 결정",
    "records.viewing_postponement_ended": "열람 연기 사유 종료",
    "records.viewing_person_read": "열람등 청구인 정보 열람",
    "records.viewing_persons_erased": "열람등 청구인 정보 파기",
}


class RecordsConfig(AppConfig):
    """Viewing requests, provision, access, training."""

    name = "records"
    verbose_name = "열람·제공 기록"

    def ready(self) -> None:
        from footage import holds
        from ledger import kinds
        from ordinance import due
        from records.viewing import decisions, providers

        for kind, label in LEDGER_KINDS.items():
            kinds.register(kind, label)
        due.register("records.viewing_requests", providers.open_requests)
        due.register("records.viewing_holds", providers.footage_kept)
        holds.ask_before_release(decisions.objection_to_release)
