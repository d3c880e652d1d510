"""What programs look for: robots.txt, the map of the site, and feeds of what is new ("watch my street")."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cameras.consultation import phase
from cameras.enums import CameraState
from cameras.models import Move
from website.forms.nearby import Nearby
from website.places import public_sites

MOST_ENTRIES = 50
# As many addresses as a map of a site may hold.
MOST_PAGES = 50_000
PAGES = (
    "website_cameras",
    "website_camera_map",
    "website_viewing_start",
    "website_report_start",
    "website_consultations",
    "website_policy",
    "website_privacy",
    "website_dataset",
    "website_figures",
    "website_contractors",
    "website_sign_substitutes",
    "website_records",
    "website_certificate",
    "website_visit_start",
)
# Nothing there is for strangers: what somebody is writing, where a matter of somebody's stands, the office's own.
CLOSED = (
    "/portal/",
    "/form/",
    "/en/form/",
    "/report-sign/status/",
    "/en/report-sign/status/",
    "/visit/status/",
    "/en/visit/status/",
)
TOLD = (CameraState.OPERATING, CameraState.SUSPENDED, CameraState.REMOVED)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('website_sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    found = list(_addresses(request))[:MOST_PAGES]
    body = "".join(f"<url><loc>{escape(request.build_absolute_uri(path))}</loc></url>" for path in found)
    return HttpResponse(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</urlset>',
        content_type="application/xml; charset=utf-8",
    )


def _addresses(request: HttpRequest) -> Iterator[str]:
    for page in Page.objects.live().public().filter(depth__gt=1).order_by("path"):
        yield page.get_url(request) or "/"
    yield from (reverse(name) for name in PAGES)
    for number in phase.published(timezone.now()).order_by("number").values_list("number", flat=True):
        yield reverse("website_consultation", args=[number])
    for number in public_sites().order_by("number").values_list("number", flat=True):
        yield reverse("website_site", args=[number])


@require_safe
def consultation_feed(request: HttpRequest) -> HttpResponse:
    """Newest notices and results; of one neighbourhood when the address says which."""
    try:
        near = Nearby.of(request)
    except ValueError:
        return _not_understood()
    feed = _feed(request, gettext("의견수렴"), "website_consultations")
    found = phase.published(timezone.now()).order_by("-published_at", "-pk")
    for each in found[: MOST_ENTRIES * 4 if near else MOST_ENTRIES]:
        places = each.notice["sites"] if near else []
        if near and not any(near.holds(place["latitude"], place["longitude"]) for place in places):
            continue
        changed = each.result_published_at or each.published_at
        said = gettext("결과를 공고했습니다") if each.result_published_at else gettext("의견을 듣습니다")
        _add(
            request,
            feed,
            f"{each.notice['title']} – {said}",
            reverse("website_consultation", args=[each.number]),
            changed,
        )
    return _answer(feed)


@require_safe
def change_feed(request: HttpRequest) -> HttpResponse:
    """Cameras that began to film, paused or were removed; none of an exempt facility."""
    try:
        near = Nearby.of(request)
    except ValueError:
        return _not_understood()
    feed = _feed(request, gettext("카메라의 변경"), "website_cameras")
    # What a camera did at another place than today's is not told: the address would be wrong.
    moves = Move.objects.filter(
        to_state__in=TOLD, camera__is_sign_exempt=False, installation=F("camera__installation")
    ).select_related("act", "camera__site")
    seen: set[tuple[int, int, str]] = set()
    for move in moves.order_by("-act__at", "-pk")[: MOST_ENTRIES * 20]:
        site = move.camera.site
        key = (move.act_id, site.pk, move.to_state)
        if key in seen or (near and not near.holds(site.latitude, site.longitude)):
            continue
        seen.add(key)
        title = (
            f"{site.address or site.number}: {gettext(move.get_to_state_display())} ({move.act.on:%Y-%m-%d})"
        )
        address = reverse("website_site", args=[site.number])
        _add(request, feed, title, address, move.act.at, f"#act-{move.act_id}-{move.to_state}")
        if len(seen) >= MOST_ENTRIES:
            break
    return _answer(feed)


def _not_understood() -> HttpResponse:
    return HttpResponse(
        gettext("near는 위도,경도로 적습니다. 예: ?near=37.55,126.85&within=500"),
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def _feed(request: HttpRequest, title: str, name: str) -> Atom1Feed:
    return Atom1Feed(
        title=title,
        link=request.build_absolute_uri(reverse(name)),
        description="",
        feed_url=request.build_absolute_uri(),
    )


def _add(request: HttpRequest, feed: Atom1Feed, title: str, path: str, at: datetime, mark: str = "") -> None:
    address = request.build_absolute_uri(path)
    feed.add_item(
        title=title,
        link=address,
        description="",
        unique_id=f"{address}{mark or f'#{at:%Y%m%d}'}",
        updateddate=at,
        pubdate=at,
    )


def _answer(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type="application/atom+xml; charset=utf-8",
        headers={"Cache-Control": "public, max-age=600"},
    )
