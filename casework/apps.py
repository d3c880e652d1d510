from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """What every matter of the office shares; it knows none of them."""

    name = "casework"
    verbose_name = "업무 공통"

    def ready(self) -> None:
        from accounts import resealing
        from casework import attachments, loose_files
        from ledger import kinds

        resealing.register("casework.attachments", attachments.reseal)
        kinds.register(loose_files.KIND_ERASED, "쓰지 않은 첨부 파일 파기")
