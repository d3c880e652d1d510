"""The first page of the bundle, as HTML that opens anywhere and as PDF: what is in it, what is not, how to check it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from ledger import keys
from reports import sealing, standby
from reports.figures.context import district_name
from reports.inspection import verify_inspection
from reports.inspection.listed import Listed
from reports.inspection.tables import Span

TITLE = "점검 묶음"
FOLDERS = {
    "register": "대장과 설치·운영",
    "duties": "의무의 이행",
    "footage": "영상의 보관과 파기",
    "requests": "열람등 청구",
    "provisions": "이용·제공",
    "copies": "가림 처리와 나간 사본",
    "people": "사람과 권한",
    "committee": "위원회",
    "reports": "보고서와 확인서",
    "names": "성명이 든 것",
    "ledger": "원장",
}
OTHER = "묶음"


@dataclass(frozen=True)
class Contents:
    span: Span
    at: dt.datetime
    files: Sequence[Listed]
    absent: Sequence[str]
    entries: int
    has_names: bool


def page(contents: Contents) -> bytes:
    return render_to_string("reports/inspection_page.html", _context(contents)).encode()


def paper(contents: Contents) -> bytes:
    """PDF/A-3a, the same words."""
    return standby.render(
        "reports/inspection.html", _context(contents), style_sheets=["inspection.css"], created=contents.at
    )


def _context(contents: Contents) -> dict[str, Any]:
    district = district_name(contents.span.until_on)
    return {
        "title": f"{TITLE} {contents.span.from_on} ~ {contents.span.until_on}",
        "author": district,
        "district": district,
        "description": f"{district} 영상정보처리기기의 점검 묶음",
        "keywords": "점검, 원장, 파기, 대장",
        "span": contents.span,
        "at": contents.at,
        "groups": _groups(contents.files),
        "absent": contents.absent,
        "entries": contents.entries,
        "has_names": contents.has_names,
        "key_id": keys.signing_key().id,
        "checker_name": sealing.INSPECTION_CHECKER_NAME,
        "checker_digest": sealing.digest_of(sealing.INSPECTION_CHECKER_NAME),
        "records_url": sealing.records_url(),
        "list_name": verify_inspection.MANIFEST,
    }


def _groups(files: Sequence[Listed]) -> list[tuple[str, list[Listed]]]:
    found: dict[str, list[Listed]] = {title: [] for title in (*FOLDERS.values(), OTHER)}
    for file in files:
        folder, _, rest = file.path.partition("/")
        found[FOLDERS[folder] if rest else OTHER].append(file)
    return [(title, group) for title, group in found.items() if group]
