"""운영위원회의 서류: minutes, the resolution to be signed, the sheet of allowances; as PDF.

Locked minutes are printed from what was locked; a draft says on each page that it is one.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from committee import attendance, membership, quorum
from committee import minutes as minutes_of
from committee.models import AllowanceSheet, Minutes, Resolution
from reports import standby
from reports.figures.context import district_name

STYLES = ["consultation_result.css"]


def _print(template: str, title: str, context: Mapping[str, Any]) -> bytes:
    now = timezone.now()
    district = district_name(timezone.localdate(now))
    frame = {
        "title": title,
        "heading": title,
        "author": district,
        "district": district,
        "description": title,
        "keywords": "영상정보처리기기 운영위원회",
    }
    return standby.render(template, {**frame, **context}, style_sheets=STYLES, created=now)


def minutes(shown: Minutes) -> bytes:
    contents = shown.frozen if shown.is_locked else minutes_of.draft(shown)
    context = {
        "contents": contents,
        "is_locked": shown.is_locked,
        "sha256": shown.sha256,
        "audio": (shown.audio_name, shown.audio_sha256, shown.audio_place) if shown.audio_name else None,
        # Whether it still exists changes with time, and the paper does not: its digest is what lasts.
        "recordings": list(shown.recordings.all()),
        "confirmed": minutes_of.confirmed_by(shown),
        "corrections": list(shown.corrections.all()),
    }
    return _print("reports/committee_minutes.html", f"{shown.meeting} 회의록", context)


def resolution_sheet(row: Resolution) -> bytes:
    """의결서: a line to sign for each member who was present at the item."""
    enrolled = list(membership.composition(row.meeting.on))
    if row.meeting.is_written:
        present = [term for term in enrolled if _answered(row, term.pk)]
    else:
        aside = set()
        if row.item is not None:
            aside = set(row.item.recusals.filter(is_accepted=True).values_list("term_id", flat=True))
        present = [term for term in attendance.present_terms(row.meeting) if term.pk not in aside]
    context = {
        "row": row,
        "present": present or enrolled,
        # Nobody wrote down who was there: whoever was signs.
        "is_of_all": not present,
        "blank": range(0 if present or enrolled else row.present),
        "count": quorum.of_item(row.item) if row.item else None,
    }
    return _print("reports/committee_resolution.html", f"의결서 {row.number}", context)


def _answered(row: Resolution, term: int) -> bool:
    return row.item is not None and row.item.ballots.counted().filter(term=term).exists()


def allowance_sheet(sheet: AllowanceSheet) -> bytes:
    lines = list(sheet.lines.select_related("term__member", "expert"))
    context = {"sheet": sheet, "lines": lines, "total": sum(line.amount for line in lines)}
    return _print("reports/committee_allowance.html", f"{sheet.meeting} 수당 지급 조서", context)
