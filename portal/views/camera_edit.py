"""Entering and changing one place or one camera by hand, always with a reason."""

from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from cameras import editing, planning
from cameras.models import Camera, Site
from portal.access import officer, requires
from portal.forms.cameras import CameraForm, NewCameraForm, SiteForm
from portal.pages import crumb
from portal.screens import Act, filled_in, form_screen
from portal.views.camera_page import outline_url, position


@requires("cameras.add_site")
def site_add(request: HttpRequest) -> HttpResponse:
    return _site_form(
        request,
        filled_in(request, SiteForm),
        lambda form: editing.add_site(
            _given(form), by=officer(request), reason=form.cleaned_data["reason"] or "설치장소 등록"
        ),
        title="설치장소 등록",
        back=reverse("cameras:list"),
        done=lambda site: (
            f"설치장소 {site.number}{josa(site.number, '을/를')} 등록했습니다. 이어서 카메라를 추가하십시오."
        ),
        to=lambda site: reverse("cameras:camera_add", args=[site.pk]),
    )


@requires("cameras.change_site")
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    return _site_form(
        request,
        filled_in(request, SiteForm, instance=site),
        lambda form: editing.change_site(site, _changed(form), **_who_and_why(request, form)),
        title=f"설치장소 {site.number} 고치기",
        back=reverse("cameras:site", args=[site.pk]),
        done=f"설치장소 {site.number}{josa(site.number, '을/를')} 고쳤습니다. 변경 이력에 남았습니다.",
    )


def _site_form(request: HttpRequest, form: SiteForm, act: Act, **words: Any) -> HttpResponse:
    return form_screen(
        request,
        form,
        act,
        icon="site",
        crumbs=[crumb("카메라 대장", "cameras:list")],
        template="portal/cameras/site_form.html",
        point=position(form.instance),
        outline_url=outline_url(),
        **words,
    )


@requires("cameras.add_camera")
def camera_add(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site.objects.select_related("institution"), pk=pk)

    def plan(form: NewCameraForm) -> list[Camera]:
        project = form.cleaned_data["project"]
        return planning.plan(site, form.values, project=project, by=officer(request), **form.options)

    return form_screen(
        request,
        filled_in(request, NewCameraForm, initial={"project": request.GET.get("project", "")[:20]}),
        plan,
        title=f"{site.number}에 카메라 추가",
        intro="계획할 때 아는 것만 적습니다. 나머지는 설치한 뒤에 적습니다.",
        back=reverse("cameras:site", args=[site.pk]),
        done=lambda made: (
            f"카메라 {', '.join(camera.number for camera in made[:10])}{josa(', '.join(camera.number for camera in made[:10]), '을/를')} ‘계획’으로 등록했습니다."
        ),
        to=lambda made: (
            reverse("cameras:page", args=[made[0].pk])
            if len(made) == 1
            else reverse("cameras:site", args=[site.pk])
        ),
        submit="등록",
        crumbs=[crumb("카메라 대장", "cameras:list")],
        template="portal/cameras/planned_form.html",
    )


@requires("cameras.change_camera")
def camera_edit(request: HttpRequest, pk: int) -> HttpResponse:
    camera = get_object_or_404(Camera.objects.select_related("site"), pk=pk)
    days_before = camera.retention_days
    return _camera_form(
        request,
        filled_in(request, CameraForm, instance=camera),
        lambda form: editing.change_camera(camera, _changed(form), **_who_and_why(request, form)),
        title=f"카메라 {camera.number} 고치기",
        back=reverse("cameras:page", args=[camera.pk]),
        done=lambda changed: (
            f"카메라 {changed.number}{josa(changed.number, '을/를')} 고쳤습니다. 변경 이력에 남았습니다.{_shortened(days_before, changed.retention_days)}"
        ),
    )


def _shortened(before: int, after: int) -> str:
    if after >= before:
        return ""
    return (
        f" 보관일수가 {before}일에서 {after}일로 짧아졌습니다. 이미 녹화된 영상은 "
        "다른 사람이 ‘영상 보관·파기 → 보관기간 단축’에서 확인할 때까지 이전 보관기간을 따릅니다."
    )


def _camera_form(request: HttpRequest, form: CameraForm, act: Act, **words: Any) -> HttpResponse:
    return form_screen(
        request,
        form,
        act,
        crumbs=[crumb("카메라 대장", "cameras:list")],
        template="portal/cameras/camera_form.html",
        **words,
    )


def _given(form: SiteForm) -> dict[str, Any]:
    """All that a new place says: what was filled in beforehand counts like what was typed."""
    return {name: value for name, value in form.cleaned_data.items() if name != "reason"}


def _changed(form: ModelForm) -> dict[str, Any]:
    changed = set(form.changed_data) - {"reason"}
    return {name: value for name, value in form.cleaned_data.items() if name in changed}


def _who_and_why(request: HttpRequest, form: ModelForm) -> dict[str, Any]:
    return {"by": officer(request), "reason": form.cleaned_data["reason"]}
