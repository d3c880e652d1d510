"""A site's life as the public may know it: what was done when, when its sign was last seen, which duties are unmet.

Facts are told as they are on record; what no row tells is not told. Of duties only those are shown that say nothing of a person:
that footage is held, or who may see it, is nobody's to read from the page of a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models.functions import Coalesce, TruncDate

from cameras.models import Camera, Move, SignCheck, Site
from ordinance.models import Finding
from website import site_deletion
from website.site_deletion import YesterdaysDeletion

SHOWN_DUTIES = (
    "purpose",
    "prior_consultation",
    "public_consultation",
    "sign",
    "retention_limit",
    "necessity_review",
    "footage_overdue",
    "daily_proof",
)
MOST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class Event:
    on: date
    what: str
    cameras: int


@dataclass(frozen=True, slots=True)
class Unmet:
    title: str
    place: str
    since: date
    cameras: int


@dataclass(frozen=True, slots=True)
class SiteHistory:
    events: list[Event]
    installed: tuple[date, date] | None
    sign_seen_on: date | None
    unmet: list[Unmet]
    deletion: YesterdaysDeletion


def of(site: Site, cameras: Sequence[Camera], recorded: Sequence[Camera]) -> SiteHistory:
    """Of the cameras of a site that may be told of; five queries however many they are.

    `recorded`: those of them whose footage may be there.
    """
    months = sorted(camera.installed_month for camera in cameras if camera.installed_month)
    seen = (
        SignCheck.objects.filter(site=site)
        .exclude(outcome=SignCheck.Outcome.REFUSED)
        .order_by(Coalesce("stated_on", TruncDate("taken_at")).desc(nulls_last=True))
        .first()
    )
    return SiteHistory(
        events=_events(cameras),
        installed=(months[0], months[-1]) if months else None,
        sign_seen_on=seen.seen_on if seen else None,
        unmet=_unmet(cameras),
        deletion=site_deletion.of(recorded),
    )


def _events(cameras: Sequence[Camera]) -> list[Event]:
    """In the present installation: what a camera did elsewhere before is not this place's."""
    installations = {camera.pk: camera.installation for camera in cameras}
    counted: dict[tuple[date, str], int] = {}
    moves = Move.objects.filter(camera__in=installations).select_related("act").order_by("act__on", "pk")
    for move in moves:
        if move.installation == installations[move.camera_id]:
            key = (move.act.on, str(move.act.get_event_display()))
            counted[key] = counted.get(key, 0) + 1
    return [Event(on, what, count) for (on, what), count in counted.items()][-MOST_EVENTS:]


def _unmet(cameras: Sequence[Camera]) -> list[Unmet]:
    numbers = [camera.number for camera in cameras]
    found: dict[str, Unmet] = {}
    rows = Finding.objects.open().filter(
        number__in=numbers, rule__code__in=SHOWN_DUTIES, rule__subject_kind="camera"
    )
    for finding in rows.select_related("rule").order_by("opened_on", "pk"):
        known = found.get(finding.rule.code)
        found[finding.rule.code] = Unmet(
            finding.rule.title,
            finding.rule.place,
            known.since if known else finding.opened_on,
            known.cameras + 1 if known else 1,
        )
    return list(found.values())
