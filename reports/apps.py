from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures and every document."""

    name = "reports"
    verbose_name = "보고서"

    def ready(self) -> None:
        from ledger import kinds

        kinds.register("reports.issued", "보고서 발행")
        kinds.register("reports.certified", "파기 확인서 발급")
        kinds.register("reports.official_ledger_made", "관리대장 작성")
        kinds.register("reports.inspection_bundled", "점검 묶음 작성")
