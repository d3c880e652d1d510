from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Sites, cameras and their lifecycle."""

    name = "cameras"
    verbose_name = "카메라 대장"

    def ready(self) -> None:
        from cameras import sign_reports
        from ledger import kinds

        sign_reports.listen()
        kinds.register("cameras.imported", "카메라 대장 가져오기")
