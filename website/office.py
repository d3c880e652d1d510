"""Officials are told while citizens cannot see whom to ask, where and when (KWCAG 7.2.2, ordinance art. 22)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wagtail.models import Site

from ordinance import due
from ordinance.due import DueItem, Severity
from website.models import OfficeDetails

NEEDED = ("address", "phone", "viewing_place", "viewing_hours")
CHANGE = "website.change_officedetails"


def listen() -> None:
    due.register("website.office_details", due_items)


def due_items(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """For those who can fill them in."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or officer is None or not officer.has_perm(CHANGE):
        return
    details = OfficeDetails.for_site(site)
    missing = [
        str(OfficeDetails._meta.get_field(name).verbose_name) for name in NEEDED if not getattr(details, name)
    ]
    if missing:
        yield DueItem(
            code="website.office_details",
            title="누리집에 연락처와 열람 장소가 없습니다",
            detail=f"비어 있는 칸: {', '.join(missing)}. 모든 화면의 아래와 청구·신고 화면에 나옵니다.",
            severity=Severity.DUE,
            url_name="wagtailsettings:edit",
            url_args=("website", "officedetails", site.pk),
            kind="누리집",
            verb="적기",
            needs=("website.change_officedetails",),
        )
