from django.apps import AppConfig

LEDGER_KINDS = {
    "records.viewing_received": "열람등 청구 접수",
    "records.viewing_confirmed": "열람등 청구인 연락 확인",
    "records.viewing_arrived": "열람등 결정 통지의 도달",
    "records.viewing_identified": "열람등 청구의 본인·대리인 확인",
    "records.viewing_code_issued": "열람등 청구의 확인번호 다시 발급",
    "records.viewing_frozen": "열람등 청구 영상 유예",
    "records.viewing_not_frozen": "열람등 청구 영상을 유예하지 않음",
    "records.viewing_holds_lapsed": "확인하지 못한 청구의 유예 종료",
    "records.viewing_holds_narrowed": "한도를 넘는 유예를 줄임",
    "records.viewing_secured": "열람등 청구 영상을 녹화기에서 확보",
    "records.viewing_decided": "열람등 청구 결정",
    "records.viewing_notified": "열람등 청구 결정 통지",
    "records.viewing_postponed": "열람 연기 통지",
    "records.viewing_postponement_ended": "열람 연기 사유 종료",
    "records.viewing_objected": "열람등 결정에 이의신청",
    "records.viewing_objection_extended": "열람등 이의신청의 답변기한 연장",
    "records.viewing_objection_answered": "열람등 이의신청에 답변",
    "records.viewing_remedy_filed": "열람등 청구의 불복 절차 기록",
    "records.viewing_remedy_ended": "열람등 청구의 불복 절차 종료",
    "records.viewing_shown": "영상 열람",
    "records.viewing_missed": "열람하러 오지 않음",
    "records.viewing_rescheduled": "열람 일시 변경",
    "records.viewing_corrected": "영상의 정정·삭제 결과 통지",
    "records.viewing_waived": "열람등 결정에 이의제기 포기",
    "records.viewing_dismissed": "열람등 청구 종결",
    "records.viewing_released": "열람등 청구 영상의 유예 해제",
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
        from ordinance import due, rules
        from records.rules import RULES
        from records.self_inspection import inspecting
        from records.self_inspection.due import last_year
        from records.viewing import persons, providers, release

        for kind, label in (LEDGER_KINDS | inspecting.KINDS).items():
            kinds.register(kind, label)
        for rule in RULES:
            rules.register(rule)
        due.register("records.self_inspection", last_year)
        for name, provider in providers.ALL.items():
            due.register(name, provider)
        holds.ask_before_release(release.objection)
        persons.register()
