"""Places with cameras, as a citizen looks for them: where somebody was, by purpose, by position.

`cameras.whereabouts` understands the words; here the answer becomes a page: sites with the cameras that the public may
see. The number of queries does not depend on how much is found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from cameras.enums import CameraState, InstallPurpose
from cameras.models import Camera, Site
from cameras.whereabouts.bearings import Position
from cameras.whereabouts.finding import Answer, Kind, Nearby, find, near
from cameras.whereabouts.gazetteer import Gazetteer, Spot
from cameras.whereabouts.register import known_places, sites_with
from website.figures import public_cameras

PAGE_SIZE = 20
# Whoever is further away than that is not in the district; the nearest camera is still told.
FAR_METRES = 3_000
# No camera stands at what was asked for, or nobody knows where that is.
NOT_THERE = frozenset({Kind.NEAR, Kind.CHOICES, Kind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Place:
    """A site with its public cameras, and how far it is; without a distance where it is not known."""

    site: Site
    cameras: Sequence[Camera]
    distance: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """`kept_until`: the last day on which footage of a removed camera can be there, holds apart; None of a paused one."""

    site: Site
    kept_until: date | None

    @property
    def is_over(self) -> bool:
        return self.kept_until is not None and self.kept_until < timezone.localdate()


@dataclass(frozen=True, slots=True)
class Found:
    """The answer with its places; `page` is a page of everything on a road or in a neighbourhood."""

    answer: Answer
    purpose: str
    here: list[Place] = field(default_factory=list)
    near: list[Place] = field(default_factory=list)
    area: list[Place] = field(default_factory=list)
    page: "Page[Spot] | None" = None
    # Of the same words: where a camera filmed that is paused or removed. Its footage may still be there.
    former: list["FormerPlace"] = field(default_factory=list)
    # Of one purpose nothing is there, of another there is: what was found then.
    otherwise: str = ""

    @property
    def is_far(self) -> bool:
        nearest = self.answer.near[0].metres if self.answer.near else None
        return nearest is not None and nearest > FAR_METRES

    @property
    def purpose_label(self) -> str:
        return gettext(InstallPurpose(self.purpose).label) if self.purpose else ""


def public_sites(purpose: str = "") -> "QuerySet[Site]":
    """Sites with at least one camera that the public may see, of one purpose where it is given."""
    return sites_with(_cameras(purpose))


def _cameras(purpose: str) -> "QuerySet[Camera]":
    cameras = public_cameras()
    return cameras.filter(install_purpose=purpose) if purpose in InstallPurpose.values else cameras


def search(words: str, purpose: str = "", page_number: str = "1") -> Found:
    """Where somebody was in words; all places where nothing was typed."""
    known = known_places(public_sites(purpose))
    answer = find(words, known)
    if answer.kind == Kind.NOTHING:
        answer = Answer(Kind.NOTHING, "", area=everything(known))
    found = _found(answer, purpose, page_number)
    if answer.kind == Kind.NOTHING:
        return found
    return replace(found, former=former_at(words), otherwise=_of_another_purpose(words, answer, purpose))


def _of_another_purpose(words: str, answer: Answer, purpose: str) -> str:
    """The place as it is understood where cameras of all purposes are looked for; empty where that finds no more."""
    if purpose not in InstallPurpose.values or answer.kind not in NOT_THERE:
        return ""
    among_all = find(words, known_places(public_sites()))
    return among_all.understood or words if among_all.kind not in NOT_THERE else ""


def former_at(words: str) -> list[FormerPlace]:
    """Places of exactly that address where nothing films now that may be told of, and something did."""
    gone = Camera.objects.filter(state__in=(CameraState.SUSPENDED, CameraState.REMOVED), is_sign_exempt=False)
    sites = sites_with(gone).exclude(pk__in=public_cameras().values("site"))
    answer = find(words, known_places(sites))
    if answer.kind != Kind.HERE:
        return []
    shown = Prefetch("cameras", queryset=gone.order_by("ordinal"), to_attr="gone")
    found = sites.filter(pk__in=[spot.pk for spot in answer.here]).prefetch_related(shown)
    # Of those that stored nothing there is nothing to ask for.
    kept = [(site, [one for one in site.gone if not one.stores_nothing]) for site in found.order_by("number")]
    return [FormerPlace(site, _kept_until(cameras)) for site, cameras in kept if cameras]


def _kept_until(cameras: Sequence[Camera]) -> date | None:
    days = [
        camera.removed_on + timedelta(days=camera.retention_days)
        for camera in cameras
        if camera.state == CameraState.REMOVED and camera.removed_on
    ]
    return max(days) if days and len(days) == len(cameras) else None


def everything(known: Gazetteer) -> tuple[Spot, ...]:
    """All places in the order of roads and numbers; those without a road at the end."""
    return tuple(sorted(known.spots, key=lambda each: (not each.road.name, each.order)))


def near_me(position: Position, purpose: str = "") -> Found:
    """Nearest to a position that a browser gave; it is kept nowhere."""
    return _found(near(position, known_places(public_sites(purpose))), purpose, "1")


def _found(answer: Answer, purpose: str, page_number: str) -> Found:
    page = Paginator(answer.area, PAGE_SIZE).get_page(page_number) if answer.area else None
    listed = list(page.object_list) if page else []
    shown = [*answer.here, *(each.spot for each in answer.near), *listed]
    sites = with_cameras({spot.pk for spot in shown}, purpose)
    return Found(
        answer=answer,
        purpose=purpose,
        here=_places(answer.here, sites),
        near=[
            Place(sites[each.spot.pk], _shown(sites[each.spot.pk]), distance_text(each), _direction(each))
            for each in answer.near
            if each.spot.pk in sites
        ],
        area=_places(listed, sites),
        page=page,
    )


def with_cameras(keys: Iterable[int], purpose: str) -> dict[int, Site]:
    keys = list(keys)
    if not keys:
        return {}
    shown = _cameras(purpose).order_by("ordinal")
    sites = Site.objects.filter(pk__in=keys).prefetch_related(
        Prefetch("cameras", queryset=shown, to_attr="shown")
    )
    return {site.pk: site for site in sites}


def _shown(site: Site) -> list[Camera]:
    cameras: list[Camera] = getattr(site, "shown", [])
    return cameras


def _places(spots: Iterable[Spot], sites: dict[int, Site]) -> list[Place]:
    return [Place(sites[each.pk], _shown(sites[each.pk])) for each in spots if each.pk in sites]


def distance_text(nearby: Nearby) -> str:
    """`20 m`, `1.2 km`; positions are not exact to the metre, so tens are told."""
    if nearby.metres is None:
        return ""
    if nearby.metres < 1_000:
        return f"{max(10, round(nearby.metres, -1)):.0f} m"
    return f"{nearby.metres / 1_000:.1f} km"


def _direction(nearby: Nearby) -> str:
    return {
        "": "",
        "n": gettext("북쪽"),
        "ne": gettext("북동쪽"),
        "e": gettext("동쪽"),
        "se": gettext("남동쪽"),
        "s": gettext("남쪽"),
        "sw": gettext("남서쪽"),
        "w": gettext("서쪽"),
        "nw": gettext("북서쪽"),
    }[nearby.direction]
