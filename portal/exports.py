"""Spreadsheets that leave the portal: for a stated purpose, on record, and harmless when opened.

The Safety Standard asks that the purpose of an output is fixed before it is made. The ledger keeps who took
how many rows for which kind of purpose; words that may name a person stay in the portal's own log.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, log

from cameras.exporting import export_file
from ledger import append
from reports import xlsx

LEDGER_KIND = "portal.exported"
LOG_ACTION = "portal.exported"
# Excel's own limit is 1,048,576 rows; beyond this a workbook takes longer than a page may.
XLSX_ROW_LIMIT = 100_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = Sequence[Any]


class ExportPurpose(models.TextChoices):
    """출력(반출) 목적."""

    REPORT = "report", "업무 보고"
    INSPECTION = "inspection", "점검·감사"
    COMMITTEE = "committee", "운영위원회 자료"
    PUBLIC_DATA = "public_data", "공공데이터 개방"
    MAINTENANCE = "maintenance", "유지보수"
    OTHER = "other", "기타"


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV (UTF-8, 엑셀에서 바로 열림)"
    XLSX = "xlsx", "엑셀 (XLSX)"


class ExportForm(forms.Form):
    purpose = forms.ChoiceField(label="출력 목적", choices=[("", "선택하십시오"), *ExportPurpose.choices])
    detail = forms.CharField(
        label="구체적인 사유",
        max_length=200,
        help_text="문서번호나 용도를 적습니다. 목적이 '기타'이면 반드시 적어야 합니다.",
        required=False,
    )
    format = forms.ChoiceField(
        label="파일 형식", choices=ExportFormat.choices, initial=ExportFormat.CSV, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("purpose") == ExportPurpose.OTHER and not cleaned.get("detail", "").strip():
            self.add_error("detail", "목적이 '기타'이면 구체적인 사유를 적어야 합니다.")
        if cleaned.get("format") == ExportFormat.XLSX and self.rows > XLSX_ROW_LIMIT:
            self.add_error(
                "format",
                f"엑셀 파일은 {XLSX_ROW_LIMIT:,}행까지 만들 수 있습니다 (현재 {self.rows:,}행)."
                " 조건을 좁히거나 CSV를 고르십시오.",
            )
        return cleaned


class DatasetForm(ExportForm):
    """The national dataset: its own file kinds instead of a spreadsheet of the list."""

    FILES = {
        "utf-8-sig": "CSV (UTF-8)",
        "cp949": "CSV (CP949, 공공데이터포털의 일괄 파일과 같음)",
        "xlsx": "엑셀 (XLSX)",
    }
    format = forms.ChoiceField(
        label="파일 형식", choices=list(FILES.items()), initial="utf-8-sig", widget=forms.RadioSelect
    )
    as_of_today = forms.BooleanField(
        label="데이터기준일자를 오늘로 쓰기",
        required=False,
        help_text="표시하지 않으면 저장된 날짜를 그대로 씁니다.",
    )

    def write(self, path: Path) -> None:
        kind = self.cleaned_data["format"]
        encoding = "utf-8-sig" if kind == "xlsx" else kind
        export_file(path, encoding=encoding, as_of_today=self.cleaned_data["as_of_today"])


class WorkbookForm(ExportForm):
    """A workbook of several sheets that only comes as one."""

    format = forms.ChoiceField(
        label="파일 형식",
        choices=[(ExportFormat.XLSX.value, ExportFormat.XLSX.label)],
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
    )


class PaperForm(ExportForm):
    """A document of a list that only comes as one."""

    format = forms.ChoiceField(
        label="파일 형식", choices=[("pdf", "PDF")], initial="pdf", widget=forms.RadioSelect
    )


class BundleForm(ExportForm):
    """The ledger as its own verifier reads it."""

    format = forms.ChoiceField(
        label="파일 형식",
        choices=[("jsonl", "원장 묶음 (JSONL, 압축)")],
        initial="jsonl",
        widget=forms.RadioSelect,
    )


def hand_out_workbook(
    request: HttpRequest, content: bytes, *, name: str, file_name: str, form: WorkbookForm | PaperForm
) -> HttpResponse:
    """Put a workbook (or a paper) that was made already on record, then answer with it."""
    record(request, name=name, form=form, query="")
    kind = (
        "application/pdf"
        if isinstance(form, PaperForm)
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = _attachment(file_name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def hand_out_dataset(request: HttpRequest, form: DatasetForm) -> FileResponse:
    """Write the file first: what cannot be written (a name outside CP949) must not be on record as handed out."""
    suffix = ".xlsx" if form.cleaned_data["format"] == "xlsx" else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"dataset{suffix}"
        form.write(path)
        content = path.open("rb")
    record(request, name="전국CCTV표준데이터", form=form, query="")
    file_name = f"전국CCTV표준데이터_{timezone.localtime():%Y%m%d_%H%M}{suffix}"
    answer = FileResponse(content, as_attachment=True, filename=file_name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def hand_out(
    request: HttpRequest,
    *,
    name: str,
    form: ExportForm,
    headings: Sequence[str],
    rows: Iterable[Row],
    query: str,
) -> HttpResponseBase:
    """Put the export on record, then answer with the file."""
    record(request, name=name, form=form, query=query)
    file_name = f"{name}_{timezone.localtime():%Y%m%d_%H%M}"
    if form.cleaned_data["format"] == ExportFormat.XLSX:
        return _xlsx(file_name, headings, rows, _about(request, form, query))
    return _csv_response(file_name, headings, rows)


def record(request: HttpRequest, *, name: str, form: ExportForm, query: str) -> None:
    purpose = form.cleaned_data["purpose"]
    facts = {"list": name, "rows": form.rows, "purpose": purpose, "format": form.cleaned_data["format"]}
    with transaction.atomic():
        log(
            instance=request.user,
            action=LOG_ACTION,
            user=request.user,
            data={**facts, "detail": form.cleaned_data["detail"], "query": query},
        )
        append.record(LEDGER_KIND, actor=f"officer:{request.user.pk}", subject=f"list:{name}", payload=facts)


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION, "자료 내려받기", "자료를 내려받음")


def neutral(value: Any) -> Any:
    """A cell of a CSV file that no spreadsheet will run: text that starts like a formula gets an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return "" if value is None else value


def _csv_response(file_name: str, headings: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """Streamed, with a BOM for Korean Excel; memory does not grow with the rows."""
    answer = StreamingHttpResponse(_csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = _attachment(f"{file_name}.csv")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


class _Echo:
    """csv writes to it; what it is given is handed on."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([neutral(value) for value in row])


def _xlsx(
    file_name: str, headings: Sequence[str], rows: Iterable[Row], about: Sequence[tuple[str, str]]
) -> FileResponse:
    target = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer closes it when sent
    with xlsx.Book(target.name, title=file_name, constant_memory=True) as book:
        book.sheet("자료", headings, rows)
        book.facts("출력 정보", about)
    answer = FileResponse(target, as_attachment=True, filename=f"{file_name}.xlsx")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _about(request: HttpRequest, form: ExportForm, query: str) -> list[tuple[str, str]]:
    return [
        ("출력 목적", ExportPurpose(form.cleaned_data["purpose"]).label),
        ("구체적인 사유", form.cleaned_data["detail"]),
        ("출력한 사람", str(request.user)),
        ("출력 시각", f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
        ("행 수", f"{form.rows:,}"),
        ("조건", query),
    ]


def _attachment(file_name: str) -> str:
    return content_disposition_header(True, file_name) or ""
