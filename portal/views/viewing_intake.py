"""열람등 청구의 접수: what came by the counter, the post or the telephone is held and counted like what came by the web."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cameras.models import Camera, Site
from portal.access import officer, requires
from portal.forms.viewing_intake import IntakeAroundForm, IntakeForm, PlaceForm
from portal.pages import crumb, page
from portal.screens import filled_in, form_screen
from portal.views.viewing_requests import HOME
from records.viewing import intake
from records.viewing.intake import Received


@requires("records.read_viewing_person")
def choose_place(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(request.GET or None)
    if request.GET and form.is_valid() and form.place is not None:
        return redirect("viewing:add_at", pk=form.place.pk)
    return page(
        request,
        "portal/citizens/viewing_place.html",
        {"form": form, "back_url": reverse("viewing:list")},
        title="열람등 청구 접수: 어디의 영상인가요?",
        icon="plus",
        crumbs=[crumb(*HOME)],
    )


@requires("records.read_viewing_person")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    site = get_object_or_404(Site, pk=pk)
    cameras = list(Camera.objects.that_filmed_at(site))
    return _intake(
        request,
        filled_in(request, IntakeForm, site=site, cameras=cameras),
        title=f"열람등 청구 접수: {site.number} {site.address}",
        more=[] if cameras else ["이곳에는 촬영한 카메라가 없습니다. 다른 설치장소를 고르십시오."],
    )


@requires("records.read_viewing_person")
def receive_around(request: HttpRequest) -> HttpResponse:
    """The letter names no camera: an address and what lies around it."""
    return _intake(request, filled_in(request, IntakeAroundForm), title="열람등 청구 접수: 장소와 둘레")


def _intake(request: HttpRequest, form: Any, *, title: str, more: Sequence[str] = ()) -> HttpResponse:
    return form_screen(
        request,
        form,
        lambda form: intake.receive(form.application, by=officer(request)),
        title=title,
        back=reverse("viewing:add"),
        to=lambda got: reverse("viewing:request", args=[got.request.pk]),
        done=_receipt,
        submit="접수하고 영상을 유예",
        icon="plus",
        notes=[
            "접수하는 순간 청구한 영상을 유예하고, 실제로 온 날부터 답할 기한을 셉니다(조례 제22조, 법 제35조).",
            "빠진 것이 있어도 접수합니다(행정절차법 제17조제4항). 신분증은 접수한 뒤 ‘본인·대리인 확인’에 기록합니다.",
            "장소나 시간이 여럿이면 하나를 접수한 다음 청구의 화면에서 ‘카메라·구간 더하기’로 더합니다.",
            *more,
        ],
        crumbs=[crumb(*HOME)],
    )


def _receipt(got: Received) -> str:
    number = got.request.receipt_number
    if not got.code:
        return f"이미 접수한 청구입니다: {number}."
    return (
        f"접수번호 {number}, 확인번호 {got.code}. 청구인에게 적어 주십시오. 확인번호는 다시 보이지 않습니다."
    )
