"""Which cameras a screen is about: ticked in the list, all that meet its conditions, of a project, or by number.

The choice stands in the address, so it survives a reload and a form that comes back with errors.
"""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject
from cameras.querysets import CameraQuerySet
from portal import workplace
from portal.forms.camera_filter import CameraFilterForm
from portal.listing import ORDER_ARGUMENT, PAGE_ARGUMENT, query_without
from portal.row_keys import key, keys

MOST_TICKED = 1_000
MOST_NUMBERS = 5_000
ARGUMENTS = ("extent", "query", "ids", "project", "state", "numbers", workplace.ARGUMENT)


@dataclass(frozen=True)
class Selection:
    """The chosen cameras, in words for the person, and the way back."""

    cameras: CameraQuerySet
    words: list[str]
    back_url: str
    project: InstallationProject | None = None
    # Numbers that were pasted and that no camera or site bears.
    unknown: list[str] = field(default_factory=list)
    is_made: bool = True


def selection_of(request: HttpRequest) -> Selection:
    """Reads the address; nothing chosen gives an empty selection with `is_made` False."""
    given = request.GET
    if project := key(given.get("project")):
        return _of_project(project, given.get("state", ""))
    if given.get("extent") == "all":
        return _of_conditions(given)
    if given.get("numbers", "").strip():
        return of_numbers(given["numbers"])
    ids = keys(given.getlist("ids"))
    back_url = f"{reverse('cameras:list')}?{_list_query(given)}"
    if len(ids) == 1:
        back_url = reverse("cameras:page", args=ids)
    cameras: CameraQuerySet = Camera.objects.filter(pk__in=ids[:MOST_TICKED])
    return Selection(cameras, ["고른 카메라"], back_url, is_made=bool(ids))


def _of_project(pk: int, state: str) -> Selection:
    project = InstallationProject.objects.filter(pk=pk).first()
    if project is None:
        return Selection(Camera.objects.none(), ["없는 사업"], reverse("projects:list"), is_made=False)
    cameras: CameraQuerySet = Camera.objects.not_removed().filter(project=project)
    words = [f"설치 사업 {project}"]
    if state in CameraState.values:
        cameras = cameras.filter(state=state)
        words.append(f"상태: {CameraState(state).label}")
    return Selection(cameras, words, reverse("projects:page", args=[pk]), project)


def _of_conditions(given: QueryDict) -> Selection:
    filters = CameraFilterForm(QueryDict(given.get("query", "")))
    found: Any = filters.apply(Camera.objects.all())
    back_url = f"{reverse('cameras:list')}?{_list_query(given)}"
    return Selection(found, filters.in_words or ["대장 전체"], back_url)


def _list_query(given: QueryDict) -> str:
    return query_without(QueryDict(given.get("query", "")), PAGE_ARGUMENT, ORDER_ARGUMENT)


def of_numbers(text: str) -> Selection:
    """Numbers of cameras, or of sites (then all its cameras), one a line or separated by commas and spaces."""
    asked = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").replace("\0", "").split()))
    some = asked[:MOST_NUMBERS]
    by_number = dict(Camera.objects.filter(number__in=some).values_list("number", "pk"))
    rest = [number for number in some if number not in by_number]
    of_sites = Camera.objects.not_removed().filter(site__number__in=rest)
    pairs = list(of_sites.values_list("pk", "site__number"))
    known_sites = {site for _, site in pairs}
    unknown = [number for number in rest if number not in known_sites] + asked[MOST_NUMBERS:]
    chosen = sorted({*by_number.values(), *(pk for pk, _ in pairs)})
    cameras: CameraQuerySet = Camera.objects.among(chosen)
    return Selection(cameras, ["붙여 넣은 번호의 카메라"], reverse("cameras:list"), unknown=unknown)


def query_of(request: HttpRequest) -> str:
    """The selection as it stands in the address, to hang other values on."""
    kept = QueryDict(mutable=True)
    for name in ARGUMENTS:
        kept.setlist(name, request.GET.getlist(name))
    return query_without(kept)
