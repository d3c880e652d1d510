"""이용·제공: the letter, its cameras, the review."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from portal.access import officer, requires
from portal.forms.provision import LetterForm, RangesForm, ReasonForm, ReviewForm
from portal.forms.viewing import SecureForm
from portal.pages import crumb
from portal.screens import filled_in, form_screen
from portal.views.provision_list import HANDLE, HOME, get
from portal.views.provision_steps import step_screen
from records.models import ProvisionCamera
from records.provision import intake, lines, review, securing
from records.provision.ranges import Range


@requires(HANDLE)
def add(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, LetterForm),
        lambda form: intake.receive(form.letter, by=officer(request), files=form.cleaned_data["files"]),
        title="이용·제공 요청 접수",
        back=reverse("provision:list"),
        to=lambda made: reverse("provision:page", args=[made.pk]),
        done=lambda made: f"{made.number}{josa(made.number, '으로/로')} 접수하고 영상을 유예했습니다.",
        submit="접수하고 영상을 유예",
        icon="plus",
        notes=[
            "접수하는 순간 적은 카메라와 시간의 영상을 유예합니다. 필요하지 않은 구간은 나중에 제외합니다.",
            "접수한 사람은 결재할 수 없습니다.",
            "주민등록번호는 어디에도 적지 않습니다.",
        ],
        crumbs=[crumb(*HOME)],
    )


@requires(HANDLE)
def add_cameras(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, RangesForm),
        lambda form: intake.add(shown, form.named, by=officer(request)),
        what="카메라 추가",
        done=lambda made: f"{len(made):,}구간을 더하고 영상을 유예했습니다.",
        submit="추가하고 영상을 유예",
        icon="plus",
        notes=["같은 공문이 요청한 카메라와 시간만 더합니다. 다른 공문은 따로 접수하십시오."],
    )


@requires(HANDLE)
def secure(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ProvisionCamera.objects.select_related("camera"), pk=pk)
    first, last = timezone.localtime(line.from_at), timezone.localtime(line.until_at)
    return step_screen(
        request,
        get(line.provision_id),
        filled_in(request, SecureForm),
        lambda form: securing.secure(line, form.cleaned_data["note"], by=officer(request)),
        what=f"{line.camera.number} 확보",
        done=f"{line.camera.number}에서 한 일을 기록했습니다.",
        submit="기록",
        notes=[
            f"이 시스템의 저장소에서 확인하지 못한 구간입니다: {first:%Y-%m-%d %H:%M} ~ {last:%Y-%m-%d %H:%M}.",
            "녹화기가 덮어쓰기 전에 오늘 안에 확인하고 따로 저장하십시오.",
        ],
    )


@requires(HANDLE)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ProvisionCamera.objects.select_related("camera", "hold"), pk=pk)
    shown = get(line.provision_id)
    line.provision = shown
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonForm),
        lambda form: intake.drop(line, reason=form.cleaned_data["reason"], by=officer(request)),
        what="카메라 제외",
        done="구간을 제외하고 그 영상의 유예를 풀었습니다.",
        submit="제외",
        icon="cross",
        notes=[
            str(Range(line.camera, line.from_at, line.until_at)),
            "유예를 풀면 보관기간이 지난 영상은 다음 파기에서 파기되고 되살릴 수 없습니다.",
        ],
    )


@requires(HANDLE)
def put_forward(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReviewForm, shown=shown),
        lambda form: review.put_forward(shown, form.opinion, by=officer(request)),
        what="검토",
        done="검토한 것을 기록하고 결재에 올렸습니다.",
        submit="검토 기록, 결재에 올림",
        notes=[
            f"목적: {shown.purpose}",
            "검토한 사람의 이름이 남습니다. 검토한 사람은 결재할 수 없습니다.",
            "법의 사유와 조례의 사유가 다르면 법이 앞섭니다. 조례에 없는 사유는 법의 사유만 고릅니다.",
            f"결재선: {_line(is_urgent=False)}",
            *([f"긴급한 요청의 결재선: {_line(is_urgent=True)}"] if shown.is_urgent else []),
            *(
                ["특정인을 살피는 요청입니다. 동의나 법령의 근거가 없으면 ‘불승인’하십시오(조례 제20조)."]
                if shown.follows_person
                else []
            ),
        ],
    )


def _line(*, is_urgent: bool) -> str:
    return " → ".join(map(str, lines.of_day(timezone.localdate(), is_urgent=is_urgent)))
