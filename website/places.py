"""Places with cameras, as a citizen looks for them: by address, purpose and position."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Replace

from cameras.enums import InstallPurpose
from cameras.models import Site
from website.figures import public_cameras

PAGE_SIZE = 20


def public_sites(purpose: str = "") -> "QuerySet[Site]":
    """Sites with at least one camera that the public may see, of one purpose where it is given."""
    cameras = public_cameras().filter(site=OuterRef("pk"))
    if purpose in InstallPurpose.values:
        cameras = cameras.filter(install_purpose=purpose)
    return Site.objects.filter(Exists(cameras)).order_by("road_address", "lot_address", "number")


def search(words: str, purpose: str = "") -> "QuerySet[Site]":
    """Every word must stand in one of the addresses or be the number; where none fits, spaces are left out.

    So "화곡로302" and "강서구화곡로" find what they mean.
    """
    sites = public_sites(purpose)
    found = _with_every_word(sites, words)
    if words and not found.exists():
        found = _without_spaces(sites, words)
    # "화곡로 7" also stands in "화곡로 71"; the house itself comes first.
    exact = Q(road_address__iendswith=words) | Q(lot_address__iendswith=words) | Q(number__iexact=words)
    return found.order_by(Case(When(exact, then=0), default=1), "road_address", "lot_address", "number")


def _with_every_word(sites: "QuerySet[Site]", words: str) -> "QuerySet[Site]":
    for word in words.split():
        sites = sites.filter(
            Q(road_address__icontains=word) | Q(lot_address__icontains=word) | Q(number__iexact=word)
        )
    return sites


def _without_spaces(sites: "QuerySet[Site]", words: str) -> "QuerySet[Site]":
    typed = "".join(words.split())
    return sites.alias(
        road_typed=Replace("road_address", Value(" "), Value("")),
        lot_typed=Replace("lot_address", Value(" "), Value("")),
    ).filter(Q(road_typed__icontains=typed) | Q(lot_typed__icontains=typed))


def with_cameras(sites: "QuerySet[Site]") -> "QuerySet[Site]":
    """The same sites, each with its public cameras as `shown`."""
    shown = public_cameras().order_by("ordinal")
    return sites.prefetch_related(Prefetch("cameras", queryset=shown, to_attr="shown"))


@dataclass(frozen=True)
class PlaceList:
    page: "Page[Site]"
    words: str
    purpose: str


def listing(words: str, purpose: str, page_number: str) -> PlaceList:
    """One page of places with the cameras that the public may see; three queries at any size."""
    page = Paginator(with_cameras(search(words, purpose)), PAGE_SIZE).get_page(page_number)
    return PlaceList(page=page, words=words, purpose=purpose)
