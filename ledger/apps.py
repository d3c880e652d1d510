from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Append-only sealed record of events."""

    name = "ledger"
    verbose_name = "원장"

    def ready(self) -> None:
        from ledger import continuity, kinds, restores, verify_bundle, witness

        kinds.register(verify_bundle.ROTATED, "원장 서명 키 교체")
        kinds.register(verify_bundle.STEPPED, "원장 시각의 건너뜀")
        kinds.register(continuity.CONFIRMED, "없어진 원장 봉인 확인")
        kinds.register(continuity.ENTERED, "인쇄된 봉인 대조")
        kinds.register(restores.RESTORED, "백업에서 되돌림")
        continuity.register(witness.newest_known)
        continuity.register(restores.newest)
