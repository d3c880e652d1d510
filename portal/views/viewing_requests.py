"""열람등 청구: list by due date, one request with its steps."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from casework import next_steps, threads
from casework.next_steps import NextStep
from ordinance import duedates
from ordinance.models import DueDate
from portal.access import may, requires
from portal.forms.viewing import ViewingFilter
from portal.pages import Action, crumb, page
from portal.person_screens import person_screen
from portal.screens import list_screen
from portal.views import copies, looks, redactions
from records.enums import RequestEvent as Event
from records.enums import RequestState
from records.look_enums import LookCase
from records.models import (
    PERSONAL,
    RangeDecision,
    RequestedCamera,
    SearchResult,
    ViewingRemedy,
    ViewingRequest,
)
from records.viewing import (
    corrections,
    duplicates,
    figures,
    freezing,
    identity,
    keeping,
    lateness,
    next_step,
    persons,
    postponement,
    release,
    remedies,
    routes,
    search_results,
)
from records.viewing.lateness import Clocks
from records.viewing.states import SUBJECT_KIND, TABLE

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
    (Event.SEARCH, "viewing:search", "search", HANDLE),
    (Event.PREPARE, "viewing:prepare", "edit", HANDLE),
    (Event.MASK, "viewing:mask", "view", HANDLE),
    (Event.MASKED, "viewing:masked", "check", HANDLE),
    (Event.ASK_SUPPLEMENT, "viewing:ask_supplement", "mail", HANDLE),
    (Event.SUPPLEMENTED, "viewing:supplemented", "check", HANDLE),
    (Event.LAPSE, "viewing:lapse", "cross", DECIDE),
    (Event.POSTPONE, "viewing:postpone", "calendar", DECIDE),
    (Event.RESUME, "viewing:resume", "calendar", DECIDE),
    (Event.DECIDE, "viewing:decide", "check", DECIDE),
    (Event.SEND_BACK, "viewing:send_back", "rotate", DECIDE),
    (Event.UNDECIDE, "viewing:undecide", "rotate", DECIDE),
    (Event.NOTIFY, "viewing:notify", "mail", DECIDE),
    (Event.CORRECT, "viewing:correct", "check", DECIDE),
    (Event.OBJECT, "viewing:object", "comment", DECIDE),
    (Event.APPEAL, "viewing:remedy", "comment", DECIDE),
    (Event.REOPEN, "viewing:reopen", "rotate", DECIDE),
    (Event.WAIVE, "viewing:waive", "doc-full", HANDLE),
    (Event.ANSWER_ROUTE, "viewing:answer_route", "check", HANDLE),
    (Event.EXTEND_ROUTE, "viewing:extend_route", "calendar", HANDLE),
    (Event.TAKE_BACK, "viewing:take_back", "rotate", DECIDE),
    (Event.TRANSFER, "viewing:transfer", "redirect", DECIDE),
    (Event.WITHDRAW, "viewing:withdraw", "cross", HANDLE),
)


@requires("records.view_viewingrequest")
def request_list(request: HttpRequest) -> HttpResponse:
    form = ViewingFilter(request.GET)
    return list_screen(
        request,
        "portal/citizens/viewing_requests.html",
        _filtered(form),
        title="열람등 청구",
        intro="접수한 청구는 기한 안에 결정하여 알려야 합니다(조례 제22조, 법 제35조). 영상을 언제까지 보관하는지는 청구마다 적혀 있습니다.",
        icon="user",
        form=form,
        actions=_list_actions(request),
        together=_listed,
        figures=figures.this_year(),
    )


def _list_actions(request: HttpRequest) -> list[Action]:
    actions = [Action("연간 통계", reverse("viewing:figures"), "table")]
    if may(request.user, [DECIDE]):
        actions.append(Action("확인할 수 없는 청구 종결…", reverse("viewing:dismiss"), "bin"))
    if may(request.user, [HANDLE]):
        actions.append(Action("방문·우편·전화 청구 접수…", reverse("viewing:add"), "plus", is_primary=True))
    return actions


def _filtered(form: ViewingFilter) -> "QuerySet[ViewingRequest]":
    pending = ViewingRemedy.objects.filter(request=OuterRef("pk"), ended_on__isnull=True)
    found = with_sites(ViewingRequest.objects.defer(*PERSONAL)).annotate(is_contested=Exists(pending))
    if form.value("contested"):
        found = found.filter(is_contested=True)
    if state := form.value("state"):
        found = found.filter(state=state)
    if right := form.value("by"):
        found = found.filter(next_step.waiting_for(right))
    if (days := form.value("due")) and (until := form.until(days)):
        dues = lateness.on_any_route(DueDate.objects.open()).filter(
            subject_number=OuterRef("receipt_number"), due_on__lte=until
        )
        found = found.filter(Exists(dues))
    if words := form.value("q"):
        named = RequestedCamera.objects.filter(
            Q(site__number__icontains=words)
            | Q(site__road_address__icontains=words)
            | Q(site__lot_address__icontains=words),
            request=OuterRef("pk"),
        )
        found = found.filter(Q(receipt_number__iexact=words.strip()) | Exists(named))
    return found.order_by("-received_at", "-pk")


def with_sites(rows: "QuerySet[ViewingRequest]") -> "QuerySet[ViewingRequest]":
    """With where each of them is (`ViewingRequest.sites`)."""
    return rows.prefetch_related(Prefetch("cameras", RequestedCamera.objects.select_related("site")))


def _listed(rows: list[ViewingRequest]) -> list[tuple[ViewingRequest, Clocks, NextStep | None]]:
    """With its days, and who acts next."""
    found, steps = lateness.clocks(rows), next_steps.of_many(rows, timezone.now())
    return [(row, found[row.receipt_number], steps.get(row.pk)) for row in rows]


@requires("records.view_viewingrequest")
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get(pk)
    clocks = lateness.of(shown)
    kept = keeping.of(shown, timezone.localdate())
    decisions = shown.decisions.select_related(
        "ground", "national_ground", "decided_by", "prepared_by", "notice__by"
    ).prefetch_related(
        Prefetch(
            "ranges", RangeDecision.objects.select_related("line__camera", "national_ground", "decision")
        )
    )
    return page(
        request,
        "portal/citizens/viewing_request.html",
        {
            "shown": shown,
            "clocks": clocks,
            "reckoning": _reckoning(clocks.due),
            "route_reckoning": _reckoning(clocks.route.due if clocks.route else None),
            "cameras": _cameras(shown, kept),
            "remedies": list(shown.remedies.all()),
            "transfers": list(shown.transfers.select_related("by")),
            "appointments": list(shown.appointments.select_related("ended_by")),
            "decisions": list(decisions),
            "notices": list(shown.notices.select_related("by")),
            "papers": list(shown.papers.select_related("by")),
            "redactions": redactions.of_matter(request, LookCase.VIEWING, shown),
            "moves": list(shown.moves.select_related("by")),
            "copies": copies.of_matter(shown) if may(request.user, [copies.SEE]) else [],
            "kept": kept if release.in_force(shown) else None,
            "unread": threads.unread_of(SUBJECT_KIND, shown.receipt_number),
            "same": duplicates.of(shown) if may(request.user, [HANDLE]) else [],
            "doubts": identity.doubts_in_words(shown) if shown.identified_at is None else [],
            "in_vault": _in_vault(shown),
            "may_see_holds": may(request.user, ["footage.view_hold"]),
            "may_read_person": may(request.user, [HANDLE]),
            "may_decide": may(request.user, [DECIDE]),
            "may_release": may(request.user, [RELEASE]),
        },
        title=f"열람등 청구 {shown.receipt_number}",
        icon="user",
        crumbs=[crumb(*HOME)],
        actions=_actions(request, shown),
    )


def _reckoning(due: DueDate | None) -> list[str]:
    return duedates.deadline_of(due).explain().splitlines() if due else []


def _cameras(
    shown: ViewingRequest, kept: keeping.Keeping
) -> list[tuple[RequestedCamera, str, SearchResult | None]]:
    """With what happens to the footage of each, and what an officer found of it."""
    found = search_results.latest(shown)
    lines = list(shown.cameras.select_related("camera", "hold", "site", "place"))
    sentences = keeping.of_cameras(shown, lines, kept)
    return [(line, sentence, found.get(line.pk)) for line, sentence in zip(lines, sentences, strict=True)]


def _in_vault(shown: ViewingRequest) -> set[int]:
    """Rows of which no storage has seen the whole, and of which there is a copy."""
    waiting = [line for line in shown.cameras.standing() if line.is_unseen]
    return {line.pk for line in waiting if freezing.is_in_the_vault(line)}


def get(pk: int) -> ViewingRequest:
    rows = ViewingRequest.objects.select_related("confirmed_by", "identified_by", "joined_to").defer(
        *PERSONAL, *(f"joined_to__{name}" for name in PERSONAL)
    )
    found: ViewingRequest = get_object_or_404(rows, pk=pk)
    return found


def _actions(request: HttpRequest, shown: ViewingRequest) -> list[Action]:
    actions = []
    handles, pk = may(request.user, [HANDLE]), shown.pk
    if shown.person_erased_at is None and handles:
        actions.append(Action("인적사항 보기", reverse("viewing:person", args=[pk]), "view"))
        actions.append(Action("대화·메모", reverse("viewing:thread", args=[pk]), "comment"))
    if look := looks.action(request, LookCase.VIEWING, shown):
        actions.append(look)
    if cover := redactions.action(request, LookCase.VIEWING, shown):
        actions.append(cover)
    if copy := copies.action(request, LookCase.VIEWING, shown):
        actions.append(copy)
    if handles and _is_unheld(shown) and (shown.is_open or shown.remedies.filter(ended_on=None).exists()):
        actions.append(Action("영상 유예…", reverse("viewing:freeze", args=[pk]), "lock", is_primary=True))
    if shown.is_undecided and handles:
        actions.append(Action("카메라·구간 더하기…", reverse("viewing:add_range", args=[pk]), "plus"))
    if shown.needs_hold and shown.is_open and may(request.user, [RELEASE]) and shown.confirmed_at is None:
        actions.append(Action("더 유예하지 않음…", reverse("viewing:not_freeze", args=[pk]), "cross"))
    step = next_steps.of(shown, timezone.now())
    for event, name, icon, permission in _possible(shown):
        if may(request.user, [permission]):
            is_next = step is not None and step.url_name == name
            label = str(event.label)
            actions.append(Action(label, reverse(name, args=[pk]), icon, is_primary=is_next))
    may_go = not release.why_not(shown, timezone.now()) and release.in_force(shown)
    if may(request.user, [RELEASE]) and may_go:
        actions.append(Action("영상 유예 해제…", reverse("viewing:release", args=[pk]), "lock-open"))
    return actions


def _is_unheld(shown: ViewingRequest) -> bool:
    if shown.holds_lapse_at is not None:
        return True
    lines = shown.cameras.standing().select_related("hold")
    return not all(freezing.is_held(line) for line in lines)


def _possible(shown: ViewingRequest) -> list[tuple[Event, str, str, str]]:
    """The steps of the table that are not taken yet."""
    allowed = {str(line.event) for line in TABLE.allowed(shown.state)}
    taken = {Event.CONFIRM} if not shown.needs_confirmation else set()
    taken.add(Event.NEW_CODE if shown.identified_at is None else Event.IDENTIFY)
    if postponement.last_of(shown) is not None:
        taken.add(Event.POSTPONE)
    if keeping.waived(shown):
        taken.add(Event.WAIVE)
    if not shown.asks_viewing:
        taken.add(Event.POSTPONE)
    if shown.state == RequestState.REVIEWED:
        taken.add(Event.PREPARE)
    elif next_step.is_by_two():
        taken.add(Event.DECIDE)
    else:
        taken.add(Event.PREPARE)
    if shown.state not in remedies.MAY_REOPEN or shown.person_erased_at is not None:
        taken.add(Event.REOPEN)
    taken |= _not_on_the_route(shown)
    if not corrections.is_undone(shown):
        taken.add(Event.CORRECT)
    return [step for step in STEPS if step[0] in allowed and step[0] not in taken]


def _not_on_the_route(shown: ViewingRequest) -> set[Event]:
    """What nobody can do where it is now; before it was sent on the table says so."""
    there = routes.pending(shown)
    if there is None:
        answered = {Event.TRANSFER} if shown.state == RequestState.TRANSFERRED else set()
        return {Event.ANSWER_ROUTE, Event.EXTEND_ROUTE, Event.TAKE_BACK, *answered}
    taken = set() if routes.may_extend(there) else {Event.EXTEND_ROUTE}
    return taken if there.is_own else {*taken, Event.ANSWER_ROUTE}


@requires("records.read_viewing_person")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(ViewingRequest, pk=pk)
    back = reverse("viewing:request", args=[pk])
    if shown.person_erased_at is not None:
        messages.info(request, "보관기간이 지나 인적사항을 파기한 청구입니다.")
        return redirect(back)
    return person_screen(
        request,
        persons.CODE,
        shown,
        title=f"청구인 인적사항: {shown.receipt_number}",
        back=back,
        crumbs=[crumb(*HOME), crumb(shown.receipt_number, "viewing:request", pk)],
    )
