"""What was issued."""

from reports.documents.committee import ENTRY_KIND as REPORT_ISSUED
from reports.documents.destruction_certificate import ENTRY_KIND as CERTIFIED
from reports.inspection.sections.extent import IN_SPAN
from reports.inspection.tables import By, Link, Table
from reports.models import Certificate, IssuedReport, YearlyPaper
from reports.yearly.papers import FINISHED

TABLES = (
    Table(
        "reports/reports",
        "발행한 보고서",
        "제28조",
        lambda span: IssuedReport.objects.filter(
            issued_at__gte=span.start, issued_at__lt=span.end, ledger_entry__isnull=False
        ).order_by("issued_at", "pk"),
        (
            ("ledger_entry", "원장 번호"),
            "kind",
            "period",
            "version",
            "is_interim",
            ("sha256", "SHA-256"),
            "pages",
            "issued_at",
            "issued_by",
        ),
        IN_SPAN,
        Link(REPORT_ISSUED, "원장 번호", values={"SHA-256": "sha256", "쪽수": "pages"}, is_complete=True),
    ),
    Table(
        "reports/certificates",
        "파기 확인서",
        "제24조",
        lambda span: Certificate.objects.filter(issued_at__gte=span.start, issued_at__lt=span.end).order_by(
            "pk"
        ),
        (
            ("number", "확인서 번호"),
            ("camera_number", "카메라 번호"),
            "from_on",
            "until_on",
            "files",
            ("sha256", "SHA-256"),
            "issued_at",
            "issued_by",
        ),
        IN_SPAN,
        Link(CERTIFIED, "확인서 번호", By.PAYLOAD, "number", {"SHA-256": "sha256"}, is_complete=True),
    ),
    Table(
        "reports/yearly",
        "연간 문서",
        "제28조, 행정절차법 제46조의2",
        lambda span: (
            YearlyPaper.objects.filter(finished_at__gte=span.start, finished_at__lt=span.end)
            .defer("contents")
            .order_by("finished_at", "pk")
        ),
        (
            "kind",
            "year",
            "version",
            ("digest", "SHA-256"),
            "finished_at",
            "finished_by",
            "sent_on",
            "sent_document",
        ),
        IN_SPAN,
        Link(FINISHED, "SHA-256", By.PAYLOAD, "sha256", is_complete=True),
    ),
)
