"""Which camera films me: list, map, and a page per place (also the target of a sign's QR code)."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import designations
from cameras import map_clusters, outline
from cameras.enums import InstallPurpose
from cameras.models import Landmark, Site
from cameras.whereabouts.finding import Kind
from website import latin, places
from website import site_page as site_pages
from website.forms.position import PositionForm

LONGEST_QUERY = 100
BASE_KEPT_SECONDS = 600
# What somebody looks for a place for: the list then leads straight to that form.
AIMS = ("viewing", "sign")


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]


def _purpose(request: HttpRequest) -> str:
    chosen = request.GET.get("purpose", "")
    return chosen if chosen in InstallPurpose.values else ""


# A position is sent in the body: it stands in no address and so in no log, and nothing is kept or changed by asking.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def camera_list(request: HttpRequest) -> HttpResponse:
    """Where somebody was: in words, or by the position that the browser gave."""
    if request.method == "POST":
        return _near_me(request)
    words, purpose = _words(request), _purpose(request)
    if number := site_pages.number_of_an_address(words):
        return redirect("website_site", number=number)
    found = places.search(words, purpose, request.GET.get("page", "1"))
    # Numbers as people copy them; places without a camera that the list may tell of, or with one of another purpose.
    if found.answer.kind == Kind.UNKNOWN and (number := site_pages.number_of_a_sign(words)):
        return redirect("website_site", number=number)
    return _places_page(request, found)


def _near_me(request: HttpRequest) -> HttpResponse:
    form = PositionForm(request.POST)
    found = places.near_me(form.position, form.chosen_purpose) if form.is_valid() else places.search("", "")
    answer = _places_page(request, found, accuracy=form.accuracy_metres if form.is_valid() else None)
    # Of the browser that asked alone: going back shows it again, where `no-store` would show an error.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _places_page(request: HttpRequest, found: places.Found, accuracy: int | None = None) -> HttpResponse:
    kept = request.GET.copy()
    kept.pop("page", None)
    aim = request.POST.get("aim") or request.GET.get("aim", "")
    return render(
        request,
        "website/camera_list.html",
        {
            "found": found,
            "answer": found.answer,
            "accuracy": accuracy,
            "purposes": InstallPurpose.choices,
            "kept_query": kept.urlencode(),
            "aim": aim if aim in AIMS else "",
        },
    )


def camera_map(request: HttpRequest) -> HttpResponse:
    """The whole district, or the place that was asked for."""
    purpose, words = _purpose(request), _words(request)
    found = places.search(words, purpose) if words else None
    return render(
        request,
        "website/camera_map.html",
        {
            "purposes": InstallPurpose.choices,
            "purpose": purpose,
            "words": words,
            "found": found,
            "focus": _focus(found),
            "bounds": map_clusters.bounds(places.public_sites(purpose)),
        },
    )


def _focus(found: places.Found | None) -> str:
    """Where the map opens: the place that was asked for, else the first camera that was found."""
    if found is None:
        return ""
    if found.answer.position:
        return "{:.6f},{:.6f}".format(*found.answer.position)
    sites = [place.site for place in (*found.here, *found.near, *found.area) if place.site.latitude]
    return f"{sites[0].latitude:.6f},{sites[0].longitude:.6f}" if sites else ""


# The part of the map that somebody looks at tells where they are: it is sent in the body, as the position is.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def map_points(request: HttpRequest) -> JsonResponse:
    """Clusters in view, or the places themselves when they are few."""
    asked = request.POST if request.method == "POST" else request.GET
    try:
        box = map_clusters.Box.parse(asked.get("bbox", ""))
        zoom = int(asked.get("zoom", ""))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    purpose = asked.get("purpose", "")
    return JsonResponse(map_clusters.answer(places.public_sites(purpose), box, zoom, _point))


def _point(site: Site) -> dict[str, str]:
    """In the letters that the reader can read."""
    title = (latin.address(site.address) if get_language() != "ko" else "") or site.address or site.number
    return {"title": title, "url": reverse("website_site", args=[site.number])}


def map_outline(request: HttpRequest) -> HttpResponse:
    found = outline.with_points(Landmark.points())
    if found is None:
        raise Http404("경계 파일이 없습니다.")
    return HttpResponse(
        found, content_type="application/geo+json", headers={"Cache-Control": f"max-age={BASE_KEPT_SECONDS}"}
    )


def site_page(request: HttpRequest, number: str) -> HttpResponse:
    found = site_pages.of_number(number)
    if found is None:
        raise Http404("공개하는 설치장소가 아닙니다.")
    return render(
        request,
        "website/site.html",
        {"page": found, "department": designations.responsible_on(timezone.localdate())},
    )
