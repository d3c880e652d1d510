"""Entering and changing one place or one camera by hand, always with a reason."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cameras import editing, projects
from cameras.models import Camera, Site
from portal.access import officer, requires
from portal.forms.cameras import CameraForm, NewCameraForm, SiteForm
from portal.forms.refusals import refuse
from portal.pages import crumb, page
from portal.views.camera_page import outline_url, position


@requires("cameras.add_site")
def site_add(request: HttpRequest) -> HttpResponse:
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        site = _try(form, lambda values, reason: editing.add_site(values, by=request.user, reason=reason))
        if site is not None:
            messages.success(
                request, f"설치장소 {site.number}을(를) 등록했습니다. 이어서 카메라를 추가하십시오."
            )
            return redirect("cameras:camera_add", site.pk)
    return _site_form(request, form, title="설치장소 등록", back_url=reverse("cameras:list"))


@requires("cameras.change_site")
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    form = SiteForm(request.POST or None, instance=site)
    if request.method == "POST" and form.is_valid():
        changed = _try(
            form, lambda values, reason: editing.change_site(site, values, by=request.user, reason=reason)
        )
        if changed is not None:
            messages.success(request, f"설치장소 {site.number}을(를) 고쳤습니다. 변경 이력에 남았습니다.")
            return redirect("cameras:site", site.pk)
    return _site_form(
        request,
        form,
        title=f"설치장소 {site.number} 고치기",
        back_url=reverse("cameras:site", args=[site.pk]),
    )


def _site_form(request: HttpRequest, form: SiteForm, *, title: str, back_url: str) -> HttpResponse:
    context = {
        "form": form,
        "back_url": back_url,
        "point": position(form.instance),
        "outline_url": outline_url(),
    }
    return page(
        request,
        "portal/cameras/site_form.html",
        context,
        title=title,
        icon="site",
        crumbs=[crumb("카메라 목록", "cameras:list")],
    )


@requires("cameras.add_camera")
def camera_add(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site.objects.select_related("institution"), pk=pk)
    form = NewCameraForm(
        request.POST or None,
        instance=Camera(site=site, ordinal=editing.next_ordinal(site)),
        initial={"project": request.GET.get("project", "")[:20]},
    )
    if request.method == "POST" and form.is_valid():
        camera = _try(form, partial(_plan, request, site, form))
        if camera is not None:
            messages.success(request, f"카메라 {camera.number}을(를) ‘계획’으로 등록했습니다.")
            return redirect("cameras:page", camera.pk)
    return _camera_form(
        request, form, title=f"{site.number}에 카메라 추가", back_url=reverse("cameras:site", args=[site.pk])
    )


def _plan(
    request: HttpRequest, site: Site, form: NewCameraForm, values: dict[str, Any], reason: str
) -> Camera:
    own = {name: value for name, value in values.items() if name not in ("project", "planned_on")}
    return projects.plan_camera(
        site,
        own,
        by=officer(request),
        reason=reason,
        project=form.cleaned_data["project"],
        on=form.cleaned_data["planned_on"],
    )


@requires("cameras.change_camera")
def camera_edit(request: HttpRequest, pk: int) -> HttpResponse:
    camera = get_object_or_404(Camera.objects.select_related("site"), pk=pk)
    form = CameraForm(request.POST or None, instance=camera)
    if request.method == "POST" and form.is_valid():
        changed = _try(
            form, lambda values, reason: editing.change_camera(camera, values, by=request.user, reason=reason)
        )
        if changed is not None:
            messages.success(request, f"카메라 {changed.number}을(를) 고쳤습니다. 변경 이력에 남았습니다.")
            return redirect("cameras:page", camera.pk)
    return _camera_form(
        request,
        form,
        title=f"카메라 {camera.number} 고치기",
        back_url=reverse("cameras:page", args=[camera.pk]),
    )


def _camera_form(request: HttpRequest, form: CameraForm, *, title: str, back_url: str) -> HttpResponse:
    return page(
        request,
        "portal/cameras/camera_form.html",
        {"form": form, "back_url": back_url},
        title=title,
        icon="edit",
        crumbs=[crumb("카메라 목록", "cameras:list")],
    )


def _try(form: ModelForm, store: Callable[[dict[str, Any], str], Any]) -> Any:
    """Store what the form says; what the register refuses at the last moment goes back into the form."""
    changed = set(form.changed_data) - {"reason"}
    values = {name: value for name, value in form.cleaned_data.items() if name in changed}
    try:
        return store(values, form.cleaned_data["reason"])
    except ValidationError as error:
        refuse(form, error)
        return None
