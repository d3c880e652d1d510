"""열람등 청구에 딸린 서류: ticked at the counter, kept as a copy, sorted out of what the person sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from casework.models import Attachment
from ordinance import parameters
from portal.access import officer, requires
from portal.forms.viewing_course import PaperKindForm, PapersKeptForm, PapersSeenForm
from portal.screens import filled_in
from portal.views.viewing_requests import get
from portal.views.viewing_steps import step_screen
from records.viewing import papers


def _about_copies() -> str:
    days = int(parameters.value(papers.DAYS).value)
    return (
        f"신분증 사본은 청구에 답하거나 청구를 종결하고 {days:,}일이 지나면 파기하고, 있었다는 줄만 남깁니다."
    )


@requires("records.read_viewing_person")
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, PapersSeenForm),
        lambda form: papers.see(shown, form.cleaned_data["kinds"], by=officer(request)),
        what="창구에서 본 서류",
        done="본 서류를 기록했습니다.",
        submit="기록",
        icon="check",
        notes=[
            "원본을 보고 돌려준 서류만 고릅니다. 적힌 내용은 옮겨 적지 않습니다.",
            "본인이나 대리인임을 확인한 것은 ‘본인·대리인 확인’에 따로 기록합니다.",
        ],
    )


@requires("records.read_viewing_person")
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, PapersKeptForm),
        lambda form: papers.take_in(
            shown, form.cleaned_data["kind"], form.cleaned_data["uploads"], by=officer(request)
        ),
        what="서류 사본",
        done="서류 사본을 접수했습니다.",
        submit="접수",
        icon="doc-full",
        notes=["주민등록번호의 뒷자리를 가린 사본만 받습니다.", _about_copies()],
    )


@requires("records.read_viewing_person")
def sort_out(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    shown = get(pk)
    attachment = get_object_or_404(papers.unsorted(shown), pk=file)
    return step_screen(
        request,
        shown,
        filled_in(request, PaperKindForm),
        lambda form: papers.sort_out(
            shown, Attachment.objects.get(pk=attachment.pk), form.cleaned_data["kind"], by=officer(request)
        ),
        what="청구인이 보낸 서류",
        done="서류의 종류를 기록했습니다.",
        submit="기록",
        to=reverse("viewing:thread", args=[pk]),
        icon="doc-full",
        notes=[attachment.name, _about_copies()],
    )
