"""회의 자료: one file of a meeting, numbered through and bookmarked, or the same as a folder.

Front sheet with the agenda and where to find what, each item with its papers in their order, the minutes of the meeting
before, conditions that are still open, the last report. Every page bears the meeting and its number; a member's reading
copy bears the name as well. What cannot be made into pages stands in the folder and is named in the file.
"""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from casework import attachments
from committee import papers
from committee.models import AgendaItem, Meeting, Minutes, Resolution, ResolutionCondition
from committee.papers import Pages
from reports import pdf, standby
from reports.documents import committee_papers
from reports.figures.context import district_name
from reports.models import IssuedReport
from reports.period import Period

STYLES = ["consultation_result.css", "packet_sheet.css"]
# More is not carried into a meeting, and not made while somebody waits.
MOST_PAGES = 600


class TooThick(ValueError):
    """The sentence says how many pages there would be."""


@dataclass
class Part:
    """One bookmark: its title, its level, and its pages."""

    title: str
    level: int
    content: bytes
    pages: int = 0
    page: int = 0
    # In the folder: where, and under which name the original lies.
    path: str = ""
    original: bytes = b""
    notes: list[str] = field(default_factory=list)


def parts(meeting: Meeting) -> list[Part]:
    """Everything but the front sheet, in order."""
    found: list[Part] = []
    for item in meeting.items.filter(dropped_reason="").prefetch_related(
        "projects", "provisions", "attachments"
    ):
        found += _of_item(item)
    found += _before(meeting)
    found += _conditions(meeting)
    found += _report(meeting)
    for part in found:
        part.pages = len(PdfReader(io.BytesIO(part.content)).pages)
    total = sum(part.pages for part in found)
    if total > MOST_PAGES:
        raise TooThick(
            f"자료가 모두 {total:,}쪽입니다. 한 파일은 {MOST_PAGES}쪽까지입니다. 자료를 줄이거나 나누십시오."
        )
    return found


def _sheet(template: str, context: dict[str, Any]) -> bytes:
    now = timezone.now()
    district = district_name(timezone.localdate(now))
    frame = {
        "author": district,
        "district": district,
        "description": "영상정보처리기기 운영위원회 회의 자료",
        "keywords": "운영위원회, 회의 자료",
    }
    return _printed(pdf.compose(template, {**frame, **context}, STYLES))


def _printed(html: str) -> bytes:
    """By the typesetter that stays: a packet has a dozen sheets, and somebody waits for it."""
    with tempfile.TemporaryDirectory(prefix="packet-") as workplace:
        job = pdf.Job(html, Path(workplace) / "sheet.pdf", timezone.now())
        return standby.print_one(job).path.read_bytes()


def _of_item(item: AgendaItem) -> Iterator[Part]:
    folder = f"{item.position:02d}_안건"
    title = f"제{item.position}호 안건 {item.title}"
    readied: list[tuple[Any, Pages]] = [(paper, papers.pages_of(paper)) for paper in item.attachments.all()]
    sheet = _sheet(
        "reports/packet_item.html",
        {"title": title, "item": item, "papers": [paper for paper, _ in readied], "apart": _apart(readied)},
    )
    yield Part(title, 0, _fitted(title, sheet), path=f"{folder}/00_제안.pdf", original=sheet)
    for number, (paper, pages) in enumerate(readied, start=1):
        original = attachments.content_of(paper)
        path = f"{folder}/{number:02d}_{paper.name}"
        content = pages.content
        if pages.text:
            content = _fitted(
                paper.name,
                _sheet("reports/packet_text.html", {"title": paper.name, "lines": pages.text}),
            )
        elif pages.is_apart:
            content = _fitted(
                paper.name,
                _sheet(
                    "reports/packet_apart.html",
                    {
                        "title": paper.name,
                        "sha256": hashlib.sha256(original).hexdigest(),
                        "size": len(original),
                    },
                ),
            )
        yield Part(paper.name, 1, content, path=path, original=original)


def _apart(readied: Sequence[tuple[Any, Pages]]) -> list[str]:
    return [paper.name for paper, pages in readied if pages.is_apart]


def _fitted(title: str, sheet: bytes) -> bytes:
    """Our own sheets leave the same room for the stamp as everybody's."""
    return papers.pages_in(f"{title[:100]}.pdf", sheet).content


def _before(meeting: Meeting) -> Iterator[Part]:
    rows = Minutes.objects.filter(locked_at__isnull=False, meeting__on__lt=meeting.on)
    last = rows.select_related("meeting").order_by("-meeting__on", "-pk").first()
    if last is not None:
        title = f"지난 회의록: {last.meeting}"
        content = committee_papers.minutes(last)
        yield Part(title, 0, _fitted(title, content), path="90_지난 회의록.pdf", original=content)


def _conditions(meeting: Meeting) -> Iterator[Part]:
    # What this meeting itself decides is not what it is told.
    standing = Resolution.objects.passed().filter(on__lte=meeting.on)
    rows = list(
        ResolutionCondition.objects.filter(resolution__in=standing)
        .exclude(resolution__meeting=meeting)
        .select_related("resolution")
        .order_by("fulfilled_on", "due_on", "pk")
    )
    if rows:
        title = "조건의 이행"
        content = _sheet("reports/packet_conditions.html", {"title": title, "rows": rows, "on": meeting.on})
        yield Part(title, 0, _fitted(title, content), path="91_조건의 이행.pdf", original=content)


def _report(meeting: Meeting) -> Iterator[Part]:
    """The report that an item names, else the last one that the meeting could have read."""
    issued = IssuedReport.objects.filter(state="succeeded").exclude(file="").order_by("-period", "-version")
    named = [item.report_period for item in meeting.items.all() if item.report_period]
    by_then = issued.filter(issued_at__date__lte=meeting.on)
    report = (issued.filter(period__in=named).first() if named else None) or by_then.first()
    if report is None:
        return
    title = f"운영위원회 보고서 {Period.parse(report.period).label} (제{report.version}판)"
    with default_storage.open(str(report.file)) as file:
        content = file.read()
    yield Part(
        title, 0, papers.pages_in("보고서.pdf", content).content, path="92_보고서.pdf", original=content
    )


# -- one file


def one_file(meeting: Meeting, *, reader: str = "") -> bytes:
    """The packet as one PDF; `reader` names whose copy it is."""
    found = parts(meeting)
    front = _front(meeting, found, 1)
    front_pages = len(PdfReader(io.BytesIO(front)).pages)
    # Once more, now that the number of its own pages is known.
    front = _front(meeting, found, front_pages + 1)
    writer = PdfWriter()
    for content in (front, *(part.content for part in found)):
        writer.append(PdfReader(io.BytesIO(content)), import_outline=False)
    _stamp(writer, f"{meeting} 자료", reader)
    writer.add_outline_item(title="안건과 차례", page_number=0)
    parent = None
    for part in found:
        if part.level == 0:
            parent = writer.add_outline_item(title=part.title, page_number=part.page - 1)
        else:
            writer.add_outline_item(title=part.title, page_number=part.page - 1, parent=parent)
    writer.add_metadata({"/Title": f"{meeting} 자료{f' (열람용: {reader})' if reader else ''}"})
    writer.page_mode = "/UseOutlines"
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _front(meeting: Meeting, found: Sequence[Part], first_page: int) -> bytes:
    page = first_page
    for part in found:
        part.page = page
        page += part.pages
    title = f"{meeting} 자료"
    content = _sheet(
        "reports/packet_front.html",
        {
            "title": title,
            "meeting": meeting,
            "items": list(meeting.items.filter(dropped_reason="")),
            # Decided without an item on record.
            "decided": list(meeting.resolutions.filter(item=None).order_by("number")),
            "made_on": timezone.localdate(),
            "parts": found,
            "total": page - 1,
        },
    )
    return _fitted(title, content)


def _stamp(writer: PdfWriter, title: str, reader: str) -> None:
    total = len(writer.pages)
    sheets = [
        {"number": number, "is_wide": float(page.mediabox.width) > float(page.mediabox.height)}
        for number, page in enumerate(writer.pages, start=1)
    ]
    frame = {"author": "", "description": title, "keywords": ""}
    context = {**frame, "title": title, "sheets": sheets, "total": total, "reader": reader}
    html = pdf.compose("reports/packet_stamp.html", context, ["packet_stamp.css"])
    stamps = PdfReader(io.BytesIO(_printed(html)))
    for page, stamp in zip(writer.pages, stamps.pages, strict=True):
        page.merge_page(stamp)


# -- the same as a folder


def folder(meeting: Meeting) -> bytes:
    """A ZIP with the originals, our sheets, and their digests."""
    found = parts(meeting)
    files = {"00_안건과 차례.pdf": _front(meeting, found, 2)}
    files |= {part.path: part.original for part in found}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("SHA256SUMS.txt", sums)
    return out.getvalue()
