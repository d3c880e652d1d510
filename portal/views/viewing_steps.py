"""열람등 청구: the steps, each a form and one act of `records.viewing`."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.korean import josa
from casework.refusals import refuse_if
from portal import matter_letters
from portal.access import officer, requires
from portal.forms.footage import ReasonForm
from portal.forms.viewing import (
    ConfirmForm,
    DayForm,
    DecisionForm,
    DismissalForm,
    IdentifyForm,
    LetterForm,
    NoticeForm,
    PostponeForm,
    ReasonOnlyForm,
    SecureForm,
)
from portal.letting_go import release_screen
from portal.pages import Crumb, crumb
from portal.reauthentication import asks_again
from portal.screens import checked_screen, confirm_screen, filled_in, form_screen
from portal.views.viewing_requests import HOME, get, with_sites
from records.enums import ConfirmedBy, RequestChannel, RequestState
from records.models import PERSONAL, DecisionDraft, RequestedCamera, ViewingNotice, ViewingRequest
from records.viewing import (
    appointments,
    arrivals,
    decisions,
    dismissal,
    drafts,
    freezing,
    guide,
    identity,
    keeping,
    notices,
    postponement,
    release,
    short_holds,
    unconfirmed,
)
from records.viewing.decisions import Answer


def crumbs_of(shown: ViewingRequest) -> list[Crumb]:
    return [crumb(*HOME), crumb(shown.receipt_number, "viewing:request", shown.pk)]


def _spans(shown: ViewingRequest) -> list[str]:
    """A line per camera and range."""
    return [f"{line.camera.number}: {span(line)}" for line in shown.cameras.select_related("camera")]


def span(line: RequestedCamera) -> str:
    first, last = timezone.localtime(line.from_at), timezone.localtime(line.until_at)
    return f"{first:%Y-%m-%d %H:%M} ~ {last:%Y-%m-%d %H:%M}"


def step_screen(
    request: HttpRequest, shown: ViewingRequest, form: Any, act: Any, *, what: str, done: str, **more: Any
) -> HttpResponse:
    """A step of one request: its form, its act, back to its page. What tells the person something has its letter."""

    def told(form: Any) -> Any:
        return matter_letters.under_next_number(
            form, act, lambda made: matter_letters.of_last_notice(shown), by=officer(request)
        )

    return form_screen(
        request,
        form,
        told if isinstance(form, LetterForm) else act,
        title=f"열람등 청구 {shown.receipt_number}: {what}",
        back=reverse("viewing:request", args=[shown.pk]),
        done=done,
        crumbs=crumbs_of(shown),
        **more,
    )


@requires("records.read_viewing_person")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)
    return step_screen(
        request,
        shown,
        filled_in(request, ConfirmForm),
        lambda form: unconfirmed.confirm(shown, ConfirmedBy.TELEPHONE, by=by, note=form.cleaned_data["note"]),
        what="연락 확인",
        done="연락이 닿은 것을 기록했습니다.",
        submit="연락이 닿음",
        notes=[
            "청구인이 실제로 있는지 전화로 확인합니다.",
            "영상의 내용을 알리거나 보이려면 신분증으로 따로 확인해야 합니다(시행령 제46조).",
        ],
    )


@requires("records.read_viewing_person")
def identify(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, IdentifyForm, shown=shown),
        lambda form: identity.identify(shown, by=officer(request), **form.cleaned_data),
        what="본인·대리인 확인",
        done="본인·대리인 확인을 기록했습니다.",
        submit="확인함",
        notes=[
            "이름과 생년월일이 청구서와 같은지 신분증으로 확인합니다(시행령 제46조).",
            "신분증 사본은 받지 않습니다. 무엇을 보았는지만 고르고, 번호는 적지 않습니다.",
            *identity.doubts_in_words(shown),
        ],
    )


@requires("records.read_viewing_person")
def arrive(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(ViewingNotice, pk=pk)
    shown = get(notice.request_id)
    notice.request = shown
    return step_screen(
        request,
        shown,
        filled_in(request, DayForm),
        lambda form: arrivals.record(notice, on=form.cleaned_data["on"], by=officer(request)),
        what="통지의 도달",
        done="통지가 도달한 날을 기록했습니다. 불복할 수 있는 기간을 이날부터 셉니다.",
        submit="기록",
        icon="mail",
        notes=[
            f"{notice.on:%Y-%m-%d}에 {notice.get_way_display()}{josa(notice.get_way_display(), '으로/로')} 보낸 통지가 청구인에게 닿은 날을 적습니다.",
            "등기의 배달일이나 청구인이 말한 날입니다. 모르면 적지 마십시오. 그동안 영상은 남습니다.",
        ],
    )


@requires("records.read_viewing_person")
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: identity.issue_new_code(shown, by=officer(request)),
        question=f"열람등 청구 {shown.receipt_number}의 확인번호를 새로 줄까요?",
        consequences=[
            "신분증을 본 본인이나 대리인에게만 줍니다. 한 번만 보이므로 바로 적어 건네십시오.",
            "앞의 확인번호로는 이제 볼 수 없습니다.",
        ],
        confirm="확인번호 다시 발급",
        title="확인번호 다시 발급",
        back=reverse("viewing:request", args=[pk]),
        done=lambda code: f"새 확인번호: {code}. 이 화면을 벗어나면 다시 볼 수 없습니다.",
        crumbs=crumbs_of(shown),
        icon="key",
    )


@requires("records.read_viewing_person")
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: freezing.freeze_by_officer(shown, by=officer(request)),
        question=f"열람등 청구 {shown.receipt_number}의 영상을 지금부터 유예할까요?",
        consequences=[
            *_spans(shown),
            keeping.of(shown, timezone.localdate()).sentence,
        ],
        confirm="유예",
        title="청구한 영상의 유예",
        back=reverse("viewing:request", args=[pk]),
        done=lambda count: f"영상 {count}건을 유예했습니다.",
        crumbs=crumbs_of(shown),
        icon="lock",
    )


@requires("footage.release_hold")
@asks_again
def not_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, ReasonOnlyForm),
        lambda form: short_holds.decline(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        what="더 유예하지 않음",
        done="더 유예하지 않기로 한 것을 기록했습니다.",
        submit="기록",
        notes=[
            "청구는 그대로 남으며 기한 안에 답해야 합니다.",
            "누리집의 한도에 드는 앞부분은 계속 유예하고, 나머지 영상은 보관기간이 지나면 파기됩니다.",
        ],
    )


@requires("records.read_viewing_person")
def secure(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(RequestedCamera.objects.select_related("camera"), pk=pk)
    shown = get(line.request_id)
    line.request = shown
    return step_screen(
        request,
        shown,
        filled_in(request, SecureForm),
        lambda form: freezing.secure(line, form.cleaned_data["note"], by=officer(request)),
        what=f"{line.camera.number} 확보",
        done=f"{line.camera.number}에서 한 일을 기록했습니다.",
        submit="기록",
        notes=[
            f"이 시스템의 저장소에서 확인하지 못한 구간입니다: {span(line)}.",
            "녹화기가 덮어쓰기 전에 오늘 안에 확인하고 따로 저장하십시오.",
        ],
    )


NOTES_OF_DECISIONS = (
    "청구한 것마다, 카메라와 구간마다 결정합니다. 결정은 고칠 수 없고, 통지한 날부터 효력이 생기며 그날 기한이 멈춥니다.",
    "다른 사람이 함께 찍혔다는 것은 거절할 사유가 아닙니다. 가림 처리하여 보입니다(표준 개인정보 보호지침 제46조).",
    "경찰관의 입회는 열람의 조건이 아닙니다.",
)


@requires("records.decide_viewingrequest")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decided by one, or as another one prepared it."""
    shown = get(pk)
    if draft := drafts.pending(shown):
        return _decide_draft(request, shown, draft)
    return checked_screen(
        request,
        filled_in(request, DecisionForm, shown=shown),
        lambda form: decisions.decide(shown, form.answers, by=officer(request)),
        consequences=lambda form: _what_follows(shown, form.answers),
        answered=lambda form: [("결정", line) for line in drafts.words_of(shown, form.answers)],
        title=f"열람등 청구 {shown.receipt_number}: 결정",
        back=reverse("viewing:request", args=[pk]),
        done="결정을 기록했습니다. 통지해야 효력이 생깁니다.",
        confirm_label="결정 기록",
        icon="check",
        notes=[*NOTES_OF_DECISIONS, *about_correction(shown)],
        crumbs=crumbs_of(shown),
    )


def _what_follows(shown: ViewingRequest, answers: Sequence[Answer]) -> list[str]:
    """Raises `Refused` for what the act would refuse."""
    refuse_if(decisions.against(shown, answers))
    return ["결정은 고칠 수 없습니다. 원장에 기록되고, 청구인에게 통지해야 효력이 생깁니다."]


def _decide_draft(request: HttpRequest, shown: ViewingRequest, draft: DecisionDraft) -> HttpResponse:
    """What another one proposes, in words; whoever would decide otherwise sends it back."""
    return confirm_screen(
        request,
        lambda form: drafts.decide(shown, by=officer(request)),
        question=f"열람등 청구 {shown.receipt_number}{josa(shown.receipt_number, '을/를')} 이 결정안대로 결정할까요?",
        consequences=[
            f"{timezone.localtime(draft.prepared_at):%Y-%m-%d %H:%M} {draft.prepared_by}{josa(draft.prepared_by, '이/가')} 쓴 결정안입니다.",
            *drafts.in_words(shown, draft),
            "다르게 결정하려면 되돌아가서 ‘결정안 반려’를 하십시오. 결정은 고칠 수 없고 통지해야 효력이 생깁니다.",
        ],
        confirm="이대로 결정",
        title="결정",
        back=reverse("viewing:request", args=[shown.pk]),
        done="결정을 기록했습니다. 통지해야 효력이 생깁니다.",
        crumbs=crumbs_of(shown),
        icon="check",
    )


def about_correction(shown: ViewingRequest) -> list[str]:
    if not shown.asks_correction:
        return []
    seen = "있습니다" if appointments.has_viewed(shown) else "없습니다"
    return [
        f"정정·삭제는 자기 영상을 열람한 사람이 요구할 수 있습니다(법 제36조제1항). 이 청구나 같은 사람의 다른 청구로 이 영상을 열람한 기록이 {seen}.",
        "허용하면 10일 안에 하고 그 결과를 알립니다(법 제36조제2항).",
    ]


@requires("records.decide_viewingrequest")
@asks_again
def notify(request: HttpRequest, pk: int) -> HttpResponse:
    shown, by = get(pk), officer(request)
    return step_screen(
        request,
        shown,
        filled_in(request, NoticeForm, shown=shown),
        lambda form: notices.notify(shown, form.letter, by=by),
        what="결정 통지",
        done="통지를 기록했습니다.",
        submit="통지 기록",
        icon="mail",
        notes=[
            *[str(each) for each in notices.decided(shown)],
            "통지에는 다음 안내가 그대로 들어갑니다.",
            *guide.text(by).splitlines(),
        ],
    )


@requires("records.decide_viewingrequest")
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return step_screen(
        request,
        shown,
        filled_in(request, PostponeForm, shown=shown),
        lambda form: postponement.postpone(
            shown,
            form.letter,
            ground=form.cleaned_data["ground"],
            reason=form.cleaned_data["reason"],
            until=form.cleaned_data["until"],
            by=officer(request),
            answers=form.answers,
            provision=form.cleaned_data["provision"],
        ),
        what="열람 연기",
        done="연기를 통지한 것을 기록했습니다.",
        submit="연기 통지 기록",
        icon="calendar",
        notes=[
            "열람만 연기할 수 있습니다. 답할 기한 안에 한 번만, 정당한 사유와 끝날 날을 알려서 합니다(법 제35조제3항).",
            "존재확인과 정정·삭제는 연기할 수 없습니다. 함께 청구했으면 이 통지로 답합니다(법 제36조제2항). "
            "결정안이 있으면 결정안대로 답합니다.",
        ],
    )


@requires("records.decide_viewingrequest")
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return confirm_screen(
        request,
        lambda form: postponement.resume(shown, on=form.cleaned_data["on"], by=officer(request)),
        question=f"열람등 청구 {shown.receipt_number}의 연기 사유가 끝났습니까?",
        consequences=[
            "사유가 끝난 날부터 답할 기한을 새로 셉니다(표준 개인정보 보호지침 제31조제1항). 되돌릴 수 없습니다.",
            "청구인에게 알린 날보다 늦게 끝났으면 알린 날부터 센 기한이 그대로입니다.",
        ],
        confirm="연기 사유 종료",
        title="연기 사유 종료",
        back=reverse("viewing:request", args=[pk]),
        done="연기 사유가 끝난 것을 기록했습니다.",
        form=filled_in(request, DayForm),
        crumbs=crumbs_of(shown),
        icon="calendar",
    )


@requires("footage.release_hold")
@asks_again
def release_holds(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    return release_screen(
        request,
        release.in_force(shown),
        lambda form: release.release(shown, reason=form.cleaned_data["reason"], by=officer(request)),
        question=f"열람등 청구 {shown.receipt_number}이 붙들고 있는 영상의 유예를 해제할까요?",
        title="청구한 영상의 유예 해제",
        back=reverse("viewing:request", args=[pk]),
        done=lambda count: f"삭제 유예 {count}건을 해제했습니다.",
        form=filled_in(request, ReasonForm),
        more=[keeping.of(shown, timezone.localdate()).sentence],
        crumbs=crumbs_of(shown),
    )


@requires("records.decide_viewingrequest")
@asks_again
def dismiss(request: HttpRequest) -> HttpResponse:
    rows = with_sites(
        ViewingRequest.objects.filter(
            channel=RequestChannel.WEB, confirmed_at__isnull=True, state=RequestState.RECEIVED
        ).defer(*PERSONAL)
    ).order_by("received_at", "pk")
    return form_screen(
        request,
        filled_in(request, DismissalForm, rows=rows),
        lambda form: dismissal.dismiss(
            list(form.cleaned_data["requests"]),
            reason=form.cleaned_data["reason"],
            document_number=form.cleaned_data["document_number"],
            by=officer(request),
        ),
        title="확인할 수 없는 청구 종결",
        back=reverse("viewing:list"),
        done=lambda count: f"청구 {count}건을 종결했습니다.",
        submit="종결",
        notes=[
            "청구인을 확인할 수 없는 누리집 청구만 종결합니다. 건마다 원장에 남고, 청구한 사람은 이의신청을 할 수 있습니다.",
            "확인한 청구는 종결할 수 없습니다. 결정하여 알리십시오.",
        ],
        crumbs=[crumb(*HOME)],
        icon="bin",
    )
