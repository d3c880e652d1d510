"""One shift: absence, who stands in, a swap with consent."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from portal.access import may, officer, requires
from portal.forms.duty import AbsenceForm, ShiftForm, StandInForm, SwapForm
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, filled_in, form_screen, list_screen
from portal.views.duty import KEEP, MONTH, SEE, STAND
from records.duty_enums import SwapState
from records.models import DutyShift, DutySwap
from records.people import roster

SWAPS = ("근무 교환", "duty:swaps")


def _shift(pk: int) -> DutyShift:
    rows = DutyShift.objects.select_related("staff", "stands_in_for__staff").defer("staff__address")
    return get_object_or_404(rows, pk=pk)


def _said(shift: DutyShift) -> str:
    return f"{shift.staff.name} {roster.shown(shift.starts_at, shift.ends_at)}"


@requires(SEE)
def shift_page(request: HttpRequest, pk: int) -> HttpResponse:
    shift = _shift(pk)
    return page(
        request,
        "portal/duty/shift.html",
        {
            "shift": shift,
            "stand_in": DutyShift.objects.filter(stands_in_for=shift).select_related("staff").first(),
            "swaps": DutySwap.objects.filter(Q(shift=shift) | Q(other=shift)).select_related(
                "asked", "asked_by", "other"
            ),
        },
        title=_said(shift),
        icon="calendar",
        crumbs=[crumb(*MONTH)],
        actions=_actions(request, shift),
    )


def _actions(request: HttpRequest, shift: DutyShift) -> list[Action]:
    def to(label: str, name: str, icon: str) -> Action:
        return Action(label, reverse(f"duty:{name}", args=[shift.pk]), icon)

    is_ahead, found = shift.starts_at > timezone.now(), []
    if is_ahead and not shift.absent_reason and shift.staff.officer_id == request.user.pk:
        found.append(to("바꾸자고 하기", "swap_ask", "redirect"))
    if may(request.user, [KEEP]):
        if shift.absent_reason:
            found.append(to("대신 설 사람", "stand_in", "user"))
        else:
            found.append(to("결근으로 적기", "absent", "cross"))
        if is_ahead:
            found.append(to("근무 취소…", "shift_remove", "bin"))
    return found


@requires(KEEP)
def add(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, ShiftForm),
        lambda sent: roster.add_shift(
            sent.cleaned_data["staff"],
            sent.cleaned_data["starts_at"],
            sent.cleaned_data["ends_at"],
            label=sent.cleaned_data["label"],
            by=officer(request),
        ),
        title="근무 더하기",
        back=reverse("duty:month"),
        done="근무를 더했습니다.",
        notes=["지난 근무도 빠졌으면 더할 수 있습니다. 누가 언제 더했는지 원장에 남습니다."],
        crumbs=[crumb(*MONTH)],
    )


@requires(KEEP)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    shift = _shift(pk)
    return confirm_screen(
        request,
        lambda sent: roster.remove_shift(shift, by=officer(request)),
        question=f"{_said(shift)} 근무를 취소할까요?",
        consequences=["근무표에서 빠집니다. 그 시간에 사람이 모자라면 미이행 사항이 됩니다."],
        confirm="근무 취소",
        title="근무 취소",
        back=reverse("duty:shift", args=[pk]),
        to=reverse("duty:month"),
        done="근무를 취소했습니다.",
        is_dangerous=True,
        crumbs=[crumb(*MONTH)],
    )


def _shift_form(
    request: HttpRequest, pk: int, form: Any, act: Callable[[DutyShift, Any], Any], title: str, done: str
) -> HttpResponse:
    shift = _shift(pk)
    return form_screen(
        request,
        filled_in(request, form),
        lambda sent: act(shift, sent.cleaned_data),
        title=title,
        intro=_said(shift),
        back=reverse("duty:shift", args=[pk]),
        done=done,
        crumbs=[crumb(*MONTH), crumb(_said(shift), "duty:shift", pk)],
    )


@requires(KEEP)
def absent(request: HttpRequest, pk: int) -> HttpResponse:
    return _shift_form(
        request,
        pk,
        AbsenceForm,
        lambda shift, sent: roster.mark_absent(shift, by=officer(request), **sent),
        "결근으로 적기",
        "결근으로 적었습니다.",
    )


@requires(KEEP)
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    return _shift_form(
        request,
        pk,
        StandInForm,
        lambda shift, sent: roster.stand_in(shift, sent["stand_in"], by=officer(request)),
        "대신 설 사람",
        "대신 설 사람을 적었습니다.",
    )


@requires(STAND)
def swap_ask(request: HttpRequest, pk: int) -> HttpResponse:
    return _shift_form(
        request,
        pk,
        SwapForm,
        lambda shift, sent: roster.ask_swap(
            shift, sent["asked"], other=sent["other"], reason=sent["reason"], by=officer(request)
        ),
        "근무를 바꾸자고 하기",
        "요청했습니다. 그 사람이 동의하면 근무가 바뀝니다.",
    )


@requires(SEE)
def swaps(request: HttpRequest) -> HttpResponse:
    """One's own and those that wait for oneself; all of them for who keeps the roster."""
    rows = DutySwap.objects.select_related("shift__staff", "other__staff", "asked", "asked_by")
    if not may(request.user, [KEEP]):
        rows = rows.filter(Q(asked_by=request.user.pk) | Q(asked__officer=request.user.pk))
    return list_screen(
        request,
        "portal/duty/swaps.html",
        rows.defer("shift__staff__address", "other__staff__address", "asked__address"),
        title="근무 교환",
        intro="요청받은 사람이 동의해야 근무가 바뀝니다.",
        icon="redirect",
        crumbs=[crumb(*MONTH)],
        each=lambda swap: (swap, swap.state == SwapState.ASKED),
        me=request.user.pk,
    )


def _swap(pk: int) -> DutySwap:
    rows = DutySwap.objects.select_related("shift__staff", "other", "asked")
    return get_object_or_404(rows, pk=pk)


def _answer(
    request: HttpRequest, pk: int, act: Callable[[DutySwap], Any], what: str, consequences: list[str]
) -> HttpResponse:
    swap = _swap(pk)
    return confirm_screen(
        request,
        lambda sent: act(swap),
        question=f"{_said(swap.shift)} 근무의 교환을 {what}",
        consequences=consequences,
        confirm="확인",
        title="근무 교환의 답",
        back=reverse("duty:swaps"),
        done="기록했습니다.",
        crumbs=[crumb(*MONTH), crumb(*SWAPS)],
    )


@requires(STAND)
def swap_agree(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(
        request,
        pk,
        lambda swap: roster.answer_swap(swap, agrees=True, by=officer(request)),
        "동의할까요?",
        ["두 사람의 근무가 바로 바뀝니다. 되돌리려면 다시 바꾸자고 해야 합니다."],
    )


@requires(STAND)
def swap_decline(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(
        request,
        pk,
        lambda swap: roster.answer_swap(swap, agrees=False, by=officer(request)),
        "거절할까요?",
        ["근무는 그대로입니다."],
    )


@requires(STAND)
def swap_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(
        request,
        pk,
        lambda swap: roster.withdraw_swap(swap, by=officer(request)),
        "거둘까요?",
        ["근무는 그대로입니다."],
    )
