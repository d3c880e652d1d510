"""Meetings and resolutions are found by number, as people say it too ("2026년 제4차", "의결 2026-5"), and by subject."""

import re
from collections.abc import Iterator

from django.db.models import Q

from casework.searching import MOST, Hit, Place, register
from committee.models import Meeting, Resolution

_SAID = re.compile(r"(\d{4})\s*년\s*제?\s*(\d{1,3})\s*차")


def listen() -> None:
    register("committee.meetings", Place("운영위원회 회의", ("committee.view_meeting",), _meetings, 14))
    register("committee.resolutions", Place("의결", ("committee.view_resolution",), _resolutions, 15))


def _meetings(text: str) -> Iterator[Hit]:
    words = text.removeprefix("운영위원회").strip()
    wanted = Q(number__icontains=words) | Q(items__title__icontains=words)
    if said := _SAID.search(words):
        wanted = Q(year=int(said[1]), ordinal=int(said[2]))
    for row in Meeting.objects.filter(wanted).distinct().order_by("-on", "-pk")[:MOST]:
        yield Hit(f"{row} ({row.number})", "committee:meeting", (row.pk,), f"{row.on:%Y-%m-%d}")


def _resolutions(text: str) -> Iterator[Hit]:
    words = text.removeprefix("의결").strip()
    found = Resolution.objects.filter(Q(number__icontains=words) | Q(title__icontains=words))
    for row in found.order_by("-pk")[:MOST]:
        yield Hit(
            f"의결 {row.number} {row.title}", "committee:resolution", (row.pk,), row.get_outcome_display()
        )
