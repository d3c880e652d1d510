"""A consultation as citizens see it, on the public site and in the portal's preview."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from cameras.consultation import notice, result
from cameras.consultation.period import end_here, start_here
from cameras.consultation.phase import Phase, days_left, ended_at, phase_of
from cameras.map_clusters import Box
from cameras.models import Opinion, PublicConsultation


@dataclass(frozen=True)
class PublicPage:
    """What the public page shows. The notice is frozen; period and phase follow extension, close and clock.

    Dates are in the reader's language, what officials wrote is in theirs.
    """

    consultation: PublicConsultation
    notice: dict[str, Any]
    phase: Phase
    now: dt.datetime

    @property
    def number(self) -> str:
        return self.consultation.number

    @property
    def is_open(self) -> bool:
        return self.phase == Phase.OPEN

    @property
    def opens_text(self) -> str:
        is_published = self.consultation.published_at is not None
        return start_here(
            self.consultation.opens_at if is_published else dt.datetime.fromisoformat(self.notice["opens_at"])
        )

    @property
    def closes_text(self) -> str:
        return end_here(ended_at(self.consultation))

    @property
    def event_text(self) -> str:
        """When the briefing is; empty when none was announced."""
        at = self.notice["event"].get("at")
        return start_here(dt.datetime.fromisoformat(at)) if at else ""

    @property
    def days_left(self) -> int:
        return days_left(self.consultation, self.now)

    @property
    def extensions(self) -> list[dict[str, str]]:
        return [
            {
                "before": end_here(extension.closes_before),
                "after": end_here(extension.closes_after),
                "reason": extension.reason,
            }
            for extension in self.consultation.extensions.all()
        ]

    @property
    def bounds(self) -> str:
        """West, south, east, north of the places on the map; empty when none has a position."""
        places = [site for site in self.notice["sites"] if site["latitude"] is not None]
        if not places:
            return ""
        latitudes = [site["latitude"] for site in places]
        longitudes = [site["longitude"] for site in places]
        return f"{min(longitudes)},{min(latitudes)},{max(longitudes)},{max(latitudes)}"

    @property
    def opinions(self) -> "QuerySet[Opinion]":
        """Published with the result, without any name; of a hidden one only why."""
        found = result.opinions_with_answers(self.consultation)
        return found if self.phase == Phase.RESULT else found.none()


def page_of(consultation: PublicConsultation, now: dt.datetime) -> PublicPage:
    return PublicPage(consultation, notice.of(consultation), phase_of(consultation, now), now)


def preview_of(consultation: PublicConsultation, now: dt.datetime) -> PublicPage:
    """A draft as if it had been published and had just opened."""
    start = max(consultation.opens_at, now)
    return PublicPage(consultation, notice.contents(consultation, start), Phase.OPEN, now)


def points(frozen: dict[str, Any], box: Box) -> dict[str, Any]:
    """The places of a notice within a part of the map, as the map script wants them."""
    found = [
        {
            "latitude": site["latitude"],
            "longitude": site["longitude"],
            "title": site["address"] or site["number"],
            "detail": ", ".join(dict.fromkeys(gettext(camera["purpose"]) for camera in site["cameras"])),
            "url": "",
            "cameras": len(site["cameras"]),
        }
        for site in frozen["sites"]
        if site["latitude"] is not None
        and box.south <= site["latitude"] <= box.north
        and box.west <= site["longitude"] <= box.east
    ]
    return {"clusters": [], "sites": found, "total": len(found)}
