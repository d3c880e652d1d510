"""인수인계 (ordinance art. 19): what one shift leaves, the security check, and that the next one accepted it."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware

from accounts.models import Officer
from ordinance import parameters
from ordinance.periods import DAY
from portal.access import may, officer, requires
from portal.forms.duty import AcceptForm, HandoverCheckForm, HandoverForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.screens import filled_in, form_screen
from portal.views.duty import KEEP, SEE, STAND
from records.models import HandoverCheck, Incident, ShiftHandover
from records.people import duty_rules, handover

LIST = ("인수인계", "handover:list")
SHOWN = 10
CHECKS = ("교대 점검 항목", "handover:checks")


@requires(SEE)
def handover_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    back = now - DAY * int(parameters.value(duty_rules.BACK).value)
    by = officer(request)
    give = Action("인계 적기", reverse("handover:give"), "plus", is_primary=True)
    may_give = may(request.user, [STAND]) and (handover.current(by, now) or may(request.user, [KEEP]))
    undone = handover.undone(back, now)[::-1]
    own = (
        handover.of_officer([turn for turn, _ in undone[:SHOWN]], by) if may(request.user, [STAND]) else set()
    )
    return page(
        request,
        "portal/duty/handovers.html",
        {
            "links": paginate(request, ShiftHandover.objects.select_related("given_by", "accepted_by")),
            "undone": [(turn, row, row is None and turn in own) for turn, row in undone[:SHOWN]],
            "undone_count": len(undone),
        },
        title="인수인계",
        intro="교대할 때마다 있었던 일, 처리 중인 상황, 장비의 상태를 적고 보안 점검을 하며, 다음 근무자가 받습니다(조례 제18조, 제19조).",
        icon="redirect",
        actions=[
            give if may_give else None,
            Action("점검 항목", reverse("handover:checks"), "list-ul"),
        ],
    )


@requires(STAND)
def give(request: HttpRequest) -> HttpResponse:
    """For the change of shifts in the address, else for the end of one's own shift."""
    by, now = officer(request), timezone.now()
    turn = _turn(request) or handover.current(by, now)
    why_not = next(handover.against_giving(turn, now, by), None) if turn is not None else None
    if turn is None or (why_not is not None and request.method != "POST"):
        return page(
            request,
            "portal/duty/no_turn.html",
            {"why_not": why_not, "turns": _turns_of(by, now)},
            title="인계 적기",
            icon="redirect",
            crumbs=[crumb(*LIST)],
        )
    return form_screen(
        request,
        filled_in(
            request, HandoverForm, questions=handover.questions(), initial={"open_matters": _open_matters()}
        ),
        lambda sent: handover.give(turn, by=officer(request), **sent.cleaned_data),
        title=f"인계 적기: {handover.described(turn)} 교대",
        back=reverse("handover:list"),
        to=lambda made: reverse("handover:page", args=[made.pk]),
        done="적었습니다. 다음 근무자가 받으면 끝납니다.",
        submit="인계하기",
        notes=["적은 것은 고칠 수 없습니다. 빠뜨린 것은 다음 근무자가 의견에 적습니다."],
        crumbs=[crumb(*LIST)],
    )


def _turns_of(by: Officer, now: dt.datetime) -> list[dt.datetime]:
    """Changes of shifts that nobody has written, and that this person may write."""
    undone = handover.undone(now - DAY, now + handover.BEFORE)
    unwritten = [turn for turn, row in undone if row is None]
    return sorted(handover.of_officer(unwritten, by))


def _turn(request: HttpRequest) -> dt.datetime | None:
    try:
        found = parse_datetime(request.GET.get("turn", ""))
    except ValueError:
        return None
    return make_aware(found) if found and is_naive(found) else found


def _open_matters() -> str:
    """Incidents of the last day whose end is not written: the agent corrects what is proposed."""
    rows = Incident.objects.filter(result="", noticed_at__gte=timezone.now() - DAY).select_related("camera")
    return "\n".join(
        f"{row.number} {localtime(row.noticed_at):%H:%M} {row.kind} {row.camera.number if row.camera else ''}".strip()
        for row in rows.defer("told_to")[:20]
    )


@requires(SEE)
def handover_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ShiftHandover.objects.select_related("given_by", "accepted_by"), pk=pk)
    may_accept = may(request.user, [STAND]) and not list(
        handover.against_accepting(row, officer(request), timezone.now())
    )
    accept_it = Action("받기", reverse("handover:accept", args=[pk]), "check", is_primary=True)
    return page(
        request,
        "portal/duty/handover.html",
        {"row": row},
        title=f"인수인계 {handover.described(row.turn_at)}",
        icon="redirect",
        crumbs=[crumb(*LIST)],
        actions=[accept_it] if may_accept else (),
    )


@requires(STAND)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ShiftHandover, pk=pk)
    return form_screen(
        request,
        filled_in(request, AcceptForm, questions=[check["label"] for check in row.checks]),
        lambda sent: handover.accept(row, by=officer(request), **sent.cleaned_data),
        title=f"인수: {handover.described(row.turn_at)} 교대",
        back=reverse("handover:page", args=[pk]),
        done="인수인계를 받았습니다.",
        submit="받기",
        notes=[f"있었던 일: {row.happened}", f"장비: {row.equipment}"],
        crumbs=[crumb(*LIST), crumb(handover.described(row.turn_at), "handover:page", pk)],
    )


@requires(SEE)
def checks(request: HttpRequest) -> HttpResponse:
    may_keep = may(request.user, [KEEP])
    add = Action("항목 더하기", reverse("handover:check_add"), "plus", is_primary=True)
    return page(
        request,
        "portal/duty/checks.html",
        {"rows": HandoverCheck.objects.all(), "may_keep": may_keep},
        title="교대 점검 항목",
        intro="교대할 때마다 묻는 보안 점검입니다. 조례는 항목을 정하지 않으므로 관제센터의 운영 지침에 맞추십시오.",
        icon="list-ul",
        crumbs=[crumb(*LIST)],
        actions=[add] if may_keep else (),
    )


@requires(KEEP)
def check_add(request: HttpRequest) -> HttpResponse:
    return _check_screen(request, HandoverCheck(), "항목 더하기")


@requires(KEEP)
def check_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _check_screen(request, get_object_or_404(HandoverCheck, pk=pk), "항목 고치기")


def _check_screen(request: HttpRequest, check: HandoverCheck, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, HandoverCheckForm, instance=check),
        lambda sent: handover.keep_check(check, sent.cleaned_data, by=officer(request)),
        title=title,
        back=reverse("handover:checks"),
        done="저장했습니다.",
        crumbs=[crumb(*LIST), crumb(*CHECKS)],
    )
