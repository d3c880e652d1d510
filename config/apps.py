from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The running system itself: an app only for the commands that keep it running (`backup`, `restore`, `upgrade`)."""

    name = "config"
    verbose_name = "운영"

    def ready(self) -> None:
        from config.backups import making, upgrading
        from ledger import kinds

        kinds.register(making.BACKED_UP, "백업")
        kinds.register(upgrading.UPGRADED, "프로그램 갱신")
