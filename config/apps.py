from django.apps import AppConfig
from django.core.signals import request_finished


class OperationsConfig(AppConfig):
    """The running system itself: an app only for the commands that keep it running (`backup`, `restore`, `upgrade`)."""

    name = "config"
    verbose_name = "운영"

    def ready(self) -> None:
        from django.core import checks

        from config import failures, open_reads
        from config.backups import making, upgrading
        from config.checks import check_transport
        from ledger import kinds

        checks.register(check_transport, "broker", deploy=True)
        kinds.register(making.BACKED_UP, "백업")
        kinds.register(failures.ALTERED, "저장된 값이 바뀐 것을 발견함")
        kinds.register(upgrading.UPGRADED, "프로그램 갱신")
        request_finished.connect(open_reads.end)
