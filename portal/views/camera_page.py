"""One camera: everything known about it. One place: its cameras and where it stands."""

from datetime import timedelta
from typing import Any

from django.db.models import Max, Min, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cameras import outline
from cameras.enums import CameraState
from cameras.models import Camera, Site
from footage import sightings
from ordinance import parameters
from portal.access import may, requires
from portal.camera_facts import fact_groups, missing_papers
from portal.camera_sections import sections_of
from portal.footage_calendar import calendar_of
from portal.pages import Action, crumb, page

RECENT = 5
# The strip shows the period, what a late sweep may have left, and a little before it.
DAYS_BEFORE_PERIOD = 7


@requires("cameras.view_camera")
def camera_page(request: HttpRequest, pk: int) -> HttpResponse:
    camera = get_object_or_404(
        Camera.objects.select_related("site__institution", "installing_department", "audio_checked_by"),
        pk=pk,
    )
    maximum = parameters.value("retention_max_days")
    context: dict[str, Any] = {
        "camera": camera,
        "site": camera.site,
        "groups": fact_groups(camera, maximum),
        "missing": missing_papers(camera, maximum),
        "siblings": camera.site.cameras.exclude(pk=camera.pk).order_by("ordinal")[:30],
        "point": position(camera.site),
        "outline_url": outline_url(),
        "sections": sections_of(request, camera),
        "may_see_footage": may(request.user, ["footage.view_footageday"]),
        "may_see_holds": may(request.user, ["footage.view_hold"]),
    }
    if context["may_see_footage"]:
        context |= _footage(camera)
    return page(
        request,
        "portal/cameras/camera.html",
        context,
        title=f"카메라 {camera.number}",
        intro=camera.site.address,
        icon="view",
        crumbs=[crumb("카메라 대장", "cameras:list")],
        actions=_camera_actions(request, camera),
    )


def _camera_actions(request: HttpRequest, camera: Camera) -> list[Action]:
    actions = [Action("변경 이력", reverse("cameras:history", args=[camera.pk]), "history")]
    if may(request.user, ["footage.place_hold"]):
        url = f"{reverse('footage:hold_place')}?camera={camera.number}"
        actions.append(Action("삭제 유예 등록", url, "lock"))
    if may(request.user, ["reports.view_report"]):
        url = f"{reverse('reports:certificate')}?camera={camera.number}"
        actions.append(Action("파기 확인서", url, "doc-full"))
    if may(request.user, ["cameras.change_camera"]):
        actions.append(Action("고치기", reverse("cameras:edit", args=[camera.pk]), "edit", is_primary=True))
    return actions


def _footage(camera: Camera) -> dict[str, Any]:
    today = timezone.localdate()
    since = today - timedelta(days=camera.retention_days + DAYS_BEFORE_PERIOD)
    holds = list(camera.holds.select_related("placed_by").order_by("-placed_at")[:20])
    proofs = list(camera.proofs.order_by("-on")[:RECENT])
    return {
        "calendar": calendar_of(camera, since, today),
        "since": since,
        "today": today,
        "figures": camera.footage_days.aggregate(
            segments=Sum("segments"),
            bytes=Sum("bytes"),
            destroyed=Sum("destroyed"),
            oldest=Min("first_at"),
            newest=Max("last_at"),
            scanned=Max("scanned_at"),
        ),
        "unread": sightings.unread(),
        "holds": holds,
        "proofs": proofs,
        # As the daily look takes them (`footage.proofs`): who operates, and whoever has footage left.
        "is_proved_daily": camera.state == CameraState.OPERATING
        or camera.footage_days.filter(segments__gt=0).exists(),
        "has_todays_proof": any(proof.on >= today - timedelta(days=1) for proof in proofs),
        "claims": list(camera.claims.select_related("storage").order_by("from_at")[:20]),
    }


@requires("cameras.view_site")
def site_page(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site.objects.select_related("institution"), pk=pk)
    actions = [Action("변경 이력", reverse("cameras:site_history", args=[site.pk]), "history")]
    if may(request.user, ["records.read_viewing_person"]):
        actions.append(Action("열람등 청구 접수…", reverse("viewing:add_at", args=[site.pk]), "user"))
    if may(request.user, ["cameras.add_camera"]):
        actions.append(Action("카메라 추가", reverse("cameras:camera_add", args=[site.pk]), "plus"))
    if may(request.user, ["cameras.change_site"]):
        actions.append(
            Action("고치기", reverse("cameras:site_edit", args=[site.pk]), "edit", is_primary=True)
        )
    return page(
        request,
        "portal/cameras/site.html",
        {
            "site": site,
            "cameras": site.cameras.select_related("installing_department").order_by("ordinal"),
            "point": position(site),
            "outline_url": outline_url(),
        },
        title=f"설치장소 {site.number}",
        intro=site.address,
        icon="site",
        crumbs=[crumb("카메라 대장", "cameras:list")],
        actions=actions,
    )


def position(site: Site) -> str:
    """Where the place stands, as the map's script reads it; empty when nobody knows."""
    if site.latitude is None or site.longitude is None:
        return ""
    return f"{site.latitude},{site.longitude}"


def outline_url() -> str:
    return reverse("cameras:outline_file") if outline.exists() else ""
