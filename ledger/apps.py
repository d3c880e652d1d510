from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Append-only sealed record of events."""

    name = "ledger"
    verbose_name = "원장"

    def ready(self) -> None:
        from ledger import keys, kinds

        kinds.register(keys.ROTATED, "원장 서명 키 교체")
