"""열람등 청구: list by due date, one request with its steps."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from casework.persons import read
from ordinance import duedates
from portal.access import may, officer, requires
from portal.forms.viewing import PersonPurposeForm, ViewingFilter
from portal.pages import Action, crumb, page
from portal.screens import list_screen
from records.enums import RequestEvent as Event
from records.models import PERSONAL, ViewingRequest
from records.viewing import figures, identity, lateness, objections, persons, postponement, release
from records.viewing.lateness import Clock
from records.viewing.states import TABLE

HOME = ("열람등 청구", "viewing:list")
DECIDE, HANDLE, RELEASE = (
    "records.decide_viewingrequest",
    "records.read_viewing_person",
    "footage.release_hold",
)
# Step of the table -> address and icon of its page; who may take it.
STEPS: tuple[tuple[Event, str, str, str], ...] = (
    (Event.CONFIRM, "viewing:confirm", "user", HANDLE),
    (Event.IDENTIFY, "viewing:identify", "user", HANDLE),
    (Event.NEW_CODE, "viewing:new_code", "key", HANDLE),
    (Event.POSTPONE, "viewing:postpone", "calendar", DECIDE),
    (Event.RESUME, "viewing:resume", "calendar", DECIDE),
    (Event.DECIDE, "viewing:decide", "check", DECIDE),
    (Event.NOTIFY, "viewing:notify", "mail", DECIDE),
    (Event.OBJECT, "viewing:object", "comment", DECIDE),
    (Event.ANSWER_OBJECTION, "viewing:answer_objection", "comment", DECIDE),
    (Event.WAIVE, "viewing:waive", "doc-full", DECIDE),
)


@requires("records.view_viewingrequest")
def request_list(request: HttpRequest) -> HttpResponse:
    form = ViewingFilter(request.GET)
    return list_screen(
        request,
        "portal/citizens/viewing_requests.html",
        _filtered(form),
        title="열람등 청구",
        intro="접수한 순간부터 청구한 영상은 파기되지 않으며, 기한 안에 알려야 합니다(조례 제22조, 법 제35조).",
        icon="user",
        form=form,
        actions=_list_actions(request),
        together=_with_clocks,
        figures=figures.this_year(),
    )


def _list_actions(request: HttpRequest) -> list[Action]:
    actions = []
    if may(request.user, [DECIDE]):
        actions.append(Action("확인할 수 없는 청구 종결…", reverse("viewing:dismiss"), "bin"))
    if may(request.user, [HANDLE]):
        actions.append(Action("방문·우편·전화 청구 접수…", reverse("viewing:add"), "plus", is_primary=True))
    return actions


def _filtered(form: ViewingFilter) -> "QuerySet[ViewingRequest]":
    found = ViewingRequest.objects.select_related("site").defer(*PERSONAL)
    if state := form.value("state"):
        found = found.filter(state=state)
    if words := form.value("q"):
        found = found.filter(
            Q(receipt_number__iexact=words.strip())
            | Q(site__number__icontains=words)
            | Q(site__road_address__icontains=words)
            | Q(site__lot_address__icontains=words)
        )
    return found.order_by("-received_at", "-pk")


def _with_clocks(rows: list[ViewingRequest]) -> list[tuple[ViewingRequest, Clock]]:
    found = lateness.clocks(rows)
    return [(row, found[row.receipt_number]) for row in rows]


@requires("records.view_viewingrequest")
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    clock = lateness.of(shown)
    decisions = shown.decisions.select_related("ground", "national_ground", "decided_by", "notice__by")
    return page(
        request,
        "portal/citizens/viewing_request.html",
        {
            "shown": shown,
            "clock": clock,
            "reckoning": duedates.deadline_of(clock.due).explain().splitlines() if clock.due else [],
            "cameras": list(shown.cameras.select_related("camera", "hold")),
            "decisions": list(decisions),
            "notices": list(shown.notices.select_related("by")),
            "moves": list(shown.moves.select_related("by")),
            "way_ends": objections.way_ends(shown),
            "doubts": identity.doubts_in_words(shown) if shown.identified_at is None else [],
            "may_see_holds": may(request.user, ["footage.view_hold"]),
            "may_read_person": may(request.user, [HANDLE]),
        },
        title=f"열람등 청구 {shown.receipt_number}",
        icon="user",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, shown),
    )


def get(pk: int) -> ViewingRequest:
    rows = ViewingRequest.objects.select_related("site", "confirmed_by", "identified_by").defer(*PERSONAL)
    found: ViewingRequest = get_object_or_404(rows, pk=pk)
    return found


def _actions(request: HttpRequest, shown: ViewingRequest) -> list[Action]:
    actions = []
    handles, pk = may(request.user, [HANDLE]), shown.pk
    if shown.person_erased_at is None and handles:
        actions.append(Action("인적사항 보기", reverse("viewing:person", args=[pk]), "view"))
    if shown.is_open and handles and _is_unheld(shown):
        actions.append(Action("영상 유예…", reverse("viewing:freeze", args=[pk]), "lock", is_primary=True))
    if shown.needs_hold and shown.is_open and handles:
        actions.append(Action("유예하지 않음…", reverse("viewing:not_freeze", args=[pk]), "cross"))
    # An objection is the citizen's step, not the next one of the office.
    following = Event.CONFIRM if shown.needs_confirmation else TABLE.next_event(shown.state)
    following = None if following == Event.OBJECT else following
    for event in _possible(shown):
        _, name, icon, permission = event
        if may(request.user, [permission]):
            label = str(Event(event[0]).label)
            actions.append(Action(label, reverse(name, args=[pk]), icon, is_primary=event[0] == following))
    may_go = not release.why_not(shown, timezone.now()) and release.in_force(shown)
    if may(request.user, [RELEASE]) and may_go:
        actions.append(Action("영상 유예 해제…", reverse("viewing:release", args=[pk]), "lock-open"))
    return actions


def _is_unheld(shown: ViewingRequest) -> bool:
    lines = shown.cameras.filter(Q(hold__isnull=True) | Q(hold__released_at__isnull=False))
    return bool(lines.exists())


def _possible(shown: ViewingRequest) -> list[tuple[Event, str, str, str]]:
    """The steps of the table that are not taken yet."""
    allowed = {str(line.event) for line in TABLE.allowed(shown.state)}
    taken = {Event.CONFIRM} if not shown.needs_confirmation else set()
    taken.add(Event.NEW_CODE if shown.identified_at is None else Event.IDENTIFY)
    if postponement.last_of(shown) is not None:
        taken.add(Event.POSTPONE)
    if objections.is_waived(shown):
        taken.add(Event.WAIVE)
    return [step for step in STEPS if step[0] in allowed and step[0] not in taken]


@requires("records.read_viewing_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(ViewingRequest, pk=pk)
    back = reverse("viewing:request", args=[pk])
    if shown.person_erased_at is not None:
        messages.info(request, "보관기간이 지나 인적사항을 파기한 청구입니다.")
        return redirect(back)
    form = PersonPurposeForm(request.POST or None)
    rows: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        rows = read(persons.CODE, shown, purpose=purpose, by=officer(request))
    answer = page(
        request,
        "portal/citizens/person.html",
        {"form": form, "rows": rows, "submit_label": "인적사항 보기", "back_url": back},
        title=f"청구인 인적사항: {shown.receipt_number}",
        icon="view",
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
