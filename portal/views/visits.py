"""출입 (ordinance art. 19): applications, approval, the door's table, the log on paper and as a workbook."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone

from ordinance import findings
from ordinance.rules import Subject
from portal import exports
from portal.access import may, officer, requires
from portal.forms.visits import (
    AdmitForm,
    ApplicationForm,
    ApprovalForm,
    LeaveForm,
    ReasonForm,
    VisitFilter,
)
from portal.listing import PAGE_ARGUMENT, Column, ordering, query_without
from portal.pages import Action, crumb, page
from portal.person_screens import person_screen
from portal.screens import confirm_screen, filled_in, form_screen, list_screen
from records.duty_enums import VisitState
from records.models import Visit, VisitMove
from records.people import visits
from records.people.persons import VISIT_CODE

SEE, DOOR, APPROVE = "records.view_visit_log", "records.keep_door", "records.approve_visit"
LIST = ("통제구역 출입", "visits:list")

COLUMNS = (
    Column("number", "출입번호", lambda row: row.number, sort="number"),
    Column("state", "상태", lambda row: row.get_state_display()),
    Column("planned_from", "예정", lambda row: row.planned_from, sort="planned_from"),
    Column("kind", "구분", lambda row: row.get_kind_display(), sort="kind"),
    Column("organisation", "소속", lambda row: row.organisation, sort="organisation"),
    Column("people", "인원", lambda row: row.people, is_number=True),
    Column("purpose", "목적", lambda row: row.purpose),
    Column("in_at", "입실", lambda row: row.in_at, sort="in_at"),
    Column("out_at", "퇴실", lambda row: row.out_at, sort="out_at"),
)
BADGES = {
    VisitState.APPLIED: "due",
    VisitState.APPROVED: "ok",
    VisitState.INSIDE: "running",
    VisitState.REFUSED: "failed",
    VisitState.CANCELLED: "cancelled",
}


def _listed(request: HttpRequest) -> tuple[VisitFilter, "QuerySet[Visit]", str]:
    form = VisitFilter(request.GET)
    order = ordering(request, COLUMNS, "-planned_from")
    return form, form.narrow(Visit.objects.all()).order_by(order, "pk"), order


@requires(SEE)
def visit_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    may_keep = may(request.user, [DOOR])
    return list_screen(
        request,
        "portal/visits/list.html",
        rows.defer(*visits.PERSONAL),
        title="통제구역 출입",
        intro="관제센터의 통제구역에는 미리 승인한 사람만 들이고, 기기와 렌즈를 봉인하며, 들어오고 나간 것을 적습니다(조례 제19조).",
        icon="key",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[
            Action("출입 신청", reverse("visits:apply"), "plus", is_primary=True) if may_keep else None,
            Action("출입문 표", reverse("visits:door"), "table"),
            Action("출입 관리대장 (PDF)", f"{reverse('visits:log', args=['pdf'])}?{query}", "download"),
            Action("출입 관리대장 (엑셀)", f"{reverse('visits:log', args=['xlsx'])}?{query}", "download"),
        ],
        each=lambda row: (row, BADGES.get(row.state, "")),
    )


@requires(SEE)
def door(request: HttpRequest) -> HttpResponse:
    """One table for the tablet at the door: who is expected, who is inside, and the one button each needs."""
    now = timezone.now()
    return page(
        request,
        "portal/visits/door.html",
        {"rows": visits.at_the_door(now), "now": now, "may_keep": may(request.user, [DOOR])},
        title="출입문 표",
        intro="안에 있는 사람과 오늘과 내일 올 사람입니다.",
        icon="table",
        crumbs=[crumb(*LIST)],
        actions=[Action("출입 신청", reverse("visits:apply"), "plus")] if may(request.user, [DOOR]) else (),
    )


@requires(SEE)
def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Visit.objects.select_related(
        "contract__contractor", "entered_by", "approved_by", "escort", "in_by"
    )
    row = get_object_or_404(rows.defer(*visits.PERSONAL), pk=pk)
    return page(
        request,
        "portal/visits/page.html",
        {
            "row": row,
            "badge": BADGES.get(VisitState(row.state), ""),
            "moves": VisitMove.of(row).select_related("by"),
            "findings": [
                (finding.opened_on, findings.what(finding))
                for finding in findings.open_of(Subject.VISIT, row.number)
            ],
        },
        title=f"{row.number} {row.organisation}",
        icon="key",
        crumbs=[crumb(*LIST)],
        actions=_actions(request, row),
    )


@requires(SEE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes: for a purpose, and on record."""
    row = get_object_or_404(Visit, pk=pk)
    back = reverse("visits:page", args=[pk])
    if row.person_erased_at is not None:
        messages.info(request, "보관기간이 지나 인적사항을 파기했습니다.")
        return redirect(back)
    return person_screen(
        request,
        VISIT_CODE,
        row,
        title=f"출입하는 사람: {row.number}",
        back=back,
        crumbs=[crumb(*LIST), crumb(row.number, "visits:page", pk)],
    )


def _actions(request: HttpRequest, row: Visit) -> list[Action]:
    def to(label: str, name: str, icon: str, is_primary: bool = False) -> Action:
        return Action(label, reverse(f"visits:{name}", args=[row.pk]), icon, is_primary)

    found = []
    if row.state == VisitState.APPLIED and may(request.user, [APPROVE]):
        found += [to("승인", "approve", "check", True), to("불승인", "refuse", "cross")]
    if may(request.user, [DOOR]):
        if row.state in (VisitState.APPLIED, VisitState.APPROVED):
            is_approved = row.state == VisitState.APPROVED
            found += [
                to("입실" if is_approved else "승인 없이 들이기…", "admit", "key", is_approved),
                to("취소…", "call_off", "bin"),
            ]
        elif row.state == VisitState.INSIDE:
            found.append(to("퇴실", "leave", "redirect", True))
    return found


@requires(DOOR)
def apply(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, ApplicationForm),
        lambda sent: visits.apply(sent.cleaned_data, by=officer(request)),
        title="출입 신청",
        back=reverse("visits:list"),
        to=lambda made: reverse("visits:page", args=[made.pk]),
        done=lambda made: f"{made.number}: 승인을 기다립니다.",
        submit="신청하기",
        crumbs=[crumb(*LIST)],
    )


def _step(
    request: HttpRequest, pk: int, form: Any, act: Callable[[Visit, Any], Any], title: str, **words: Any
) -> HttpResponse:
    row = get_object_or_404(Visit.objects.defer(*visits.PERSONAL), pk=pk)
    return form_screen(
        request,
        form(row),
        lambda sent: act(row, sent.cleaned_data),
        title=title,
        intro=f"{row.organisation} {row.people:,}명",
        back=reverse("visits:page", args=[pk]),
        done="기록했습니다.",
        crumbs=[crumb(*LIST), crumb(row.number, "visits:page", pk)],
        **words,
    )


@requires(APPROVE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(
        request,
        pk,
        lambda row: filled_in(request, ApprovalForm),
        lambda row, sent: visits.approve(row, by=officer(request), **sent),
        "출입 승인",
        submit="승인하기",
    )


@requires(APPROVE)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _ended(request, pk, visits.refuse, "출입 불승인", "승인하지 않을까요?")


@requires(DOOR)
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    return _ended(request, pk, visits.cancel, "출입 취소", "취소할까요?")


def _ended(request: HttpRequest, pk: int, act: Callable[..., Any], title: str, question: str) -> HttpResponse:
    row = get_object_or_404(Visit, pk=pk)
    return confirm_screen(
        request,
        lambda sent: act(row, by=officer(request), **sent.cleaned_data),
        question=f"{row.number}의 출입을 {question}",
        consequences=[
            "되돌릴 수 없습니다. 다시 오려면 새로 신청해야 합니다.",
            "누리집으로 신청한 사람은 조회 화면에서 승인하지 않은 사유를 봅니다. 사람의 이름은 적지 마십시오.",
        ],
        confirm="확인",
        title=title,
        back=reverse("visits:page", args=[pk]),
        done="기록했습니다.",
        form=filled_in(request, ReasonForm),
        crumbs=[crumb(*LIST), crumb(row.number, "visits:page", pk)],
    )


@requires(DOOR)
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(
        request,
        pk,
        lambda row: filled_in(
            request,
            AdmitForm,
            is_approved=row.state != VisitState.APPLIED,
            initial={"carried_in": row.equipment},
        ),
        lambda row, sent: visits.admit(
            row,
            {key: value for key, value in sent.items() if key != "reason"},
            reason=sent.get("reason", ""),
            by=officer(request),
        ),
        "입실",
        to=reverse("visits:door"),
        submit="들이기",
    )


@requires(DOOR)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    return _step(
        request,
        pk,
        lambda row: filled_in(request, LeaveForm, initial={"carried_out": row.carried_in}),
        lambda row, sent: visits.leave(row, sent, by=officer(request)),
        "퇴실",
        to=reverse("visits:door"),
        submit="내보내기",
    )


@requires(SEE)
def log(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The log as it is filtered, with names: for a stated purpose, on record."""
    from reports.documents import visit_log  # loads the PDF library

    makers = {"pdf": visit_log.pdf_of, "xlsx": visit_log.xlsx_of}
    if kind not in makers:
        raise Http404("없는 형식입니다.")
    _, rows, _ = _listed(request)
    entered = rows.filter(in_at__isnull=False).order_by("in_at", "pk")
    count = entered.count()
    form = (exports.PaperForm if kind == "pdf" else exports.WorkbookForm)(request.POST or None, rows=count)
    if request.method == "POST" and form.is_valid():
        return exports.hand_out_workbook(
            request, makers[kind](entered), name="출입관리대장", file_name=f"출입관리대장.{kind}", form=form
        )
    query = query_without(request.GET, PAGE_ARGUMENT)
    return page(
        request,
        "portal/registers/form.html",
        {
            "form": form,
            "notes": [
                f"조건에 맞는 출입 가운데 들어온 {count:,}건입니다. 성명이 들어 있습니다.",
                "내려받은 사실과 목적은 원장에 남습니다.",
            ],
            "submit_label": "내려받기",
            "back_url": f"{reverse('visits:list')}?{query}",
        },
        title="출입 관리대장",
        icon="download",
        crumbs=[crumb(*LIST)],
    )


urlpatterns = [
    path("", visit_list, name="list"),
    path("door/", door, name="door"),
    path("apply/", apply, name="apply"),
    path("log.<slug:kind>", log, name="log"),
    path("<int:pk>/", visit_page, name="page"),
    path("<int:pk>/person/", person, name="person"),
    path("<int:pk>/approve/", approve, name="approve"),
    path("<int:pk>/refuse/", refuse, name="refuse"),
    path("<int:pk>/call-off/", call_off, name="call_off"),
    path("<int:pk>/admit/", admit, name="admit"),
    path("<int:pk>/leave/", leave, name="leave"),
]
