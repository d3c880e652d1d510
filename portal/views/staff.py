"""인력 (ordinance art. 17): the list, one person, entry, change, the last day."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from portal import officers
from portal.access import may, officer, requires
from portal.forms.duty import StaffEndForm, StaffFilter, StaffForm
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, ordering, query_without
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, export_screen, filled_in, form_screen, list_screen
from records.models import StaffMember
from records.people import staffing

SEE, KEEP = "records.view_staff", "records.change_staff"
LIST = ("인력", "staff:list")
SHIFTS_SHOWN = 31

COLUMNS = (
    Column("number", "사번", lambda row: row.number, sort="number"),
    Column("name", "성명", lambda row: row.name),
    Column("kind", "구분", lambda row: row.get_kind_display(), sort="kind"),
    Column("employer", "소속", lambda row: row.employer, sort="employer"),
    Column("zone", "담당 구역", lambda row: row.zone, sort="zone"),
    Column("team", "근무조", lambda row: f"{row.rota.name} {row.team}조" if row.rota else ""),
    Column("account", "계정", lambda row: row.account, sort="account"),
    Column("starts_on", "시작일", lambda row: row.starts_on or "", sort="starts_on"),
    Column("ends_on", "마지막 날", lambda row: row.last_on or "", sort="ends_on"),
)


def state_of(row: StaffMember) -> tuple[str, str]:
    today, last = timezone.localdate(), row.last_on
    if last and last < today:
        return "끝남", ""
    if row.starts_on and row.starts_on > today:
        return "시작 전", "due"
    return "근무 중", "ok"


def _listed(request: HttpRequest) -> tuple[StaffFilter, "QuerySet[StaffMember]", str]:
    form = StaffFilter(request.GET)
    order = ordering(request, COLUMNS, "number")
    rows = StaffMember.objects.select_related("rota", "contract").defer("address")
    return form, form.narrow(rows).order_by(order, "pk"), order


@requires(SEE)
def staff_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    may_keep = may(request.user, [KEEP])
    return list_screen(
        request,
        "portal/duty/staff.html",
        rows,
        title="인력",
        intro="통합관제센터에서 일하는 공무원, 관제요원, 파견경찰과 수탁자의 사람입니다(조례 제17조). 마지막 날이 지나면 계정이 저절로 멈춥니다.",
        icon="group",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[
            Action("등록", reverse("staff:add"), "plus", is_primary=True) if may_keep else None,
            Action("명단 가져오기", reverse("staff:import"), "upload") if may_keep else None,
            Action("내려받기", f"{reverse('staff:export')}?{query}", "download"),
        ],
        each=lambda row: (row, *state_of(row), row.last_on),
        may_keep=may_keep,
    )


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    _, rows, _ = _listed(request)
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="인력",
        what="인력 {rows}명",
        title="인력 내려받기",
        back=reverse("staff:list"),
        crumbs=[crumb(*LIST)],
    )


@requires(SEE)
def staff_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        StaffMember.objects.select_related("rota", "contract__contractor", "officer").defer("address"), pk=pk
    )
    label, badge = state_of(row)
    may_keep = may(request.user, [KEEP])
    actions = [Action("고치기", reverse("staff:change", args=[pk]), "edit")]
    if not row.end_reason:
        actions.append(Action("근무 끝내기…", reverse("staff:end", args=[pk]), "cross"))
    since = timezone.now() - dt.timedelta(days=7)
    return page(
        request,
        "portal/duty/staff_page.html",
        {
            "row": row,
            "state_label": label,
            "state_badge": badge,
            "last_on": row.last_on,
            "shifts": row.shifts.filter(ends_at__gt=since).order_by("starts_at")[:SHIFTS_SHOWN],
            "may_keep": may_keep,
        },
        title=f"{row.name or '파기됨'} ({row.number})",
        icon="user",
        crumbs=[crumb(*LIST)],
        actions=actions if may_keep else (),
    )


@requires(KEEP)
def enter(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, StaffForm),
        lambda sent: staffing.enter(sent.cleaned_data, by=officer(request)),
        title="인력 등록",
        back=reverse("staff:list"),
        to=lambda made: reverse("staff:page", args=[made.pk]),
        done=lambda made: f"사번 {made.number}을 등록했습니다.",
        crumbs=[crumb(*LIST)],
    )


@requires(KEEP)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StaffMember, pk=pk)
    return form_screen(
        request,
        filled_in(request, StaffForm, instance=row),
        lambda sent: staffing.change(row, sent.cleaned_data, by=officer(request)),
        title="인력 고치기",
        back=reverse("staff:page", args=[pk]),
        done="고쳤습니다.",
        crumbs=[crumb(*LIST), crumb(row.number, "staff:page", pk)],
    )


@requires(KEEP)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StaffMember.objects.defer("address"), pk=pk)
    return confirm_screen(
        request,
        lambda sent: _end(request, row, sent),
        question=f"{row.name} ({row.number})의 근무를 끝낼까요?",
        consequences=[
            "마지막 날이 지나면 포털 계정이 저절로 멈춥니다. 오늘보다 앞선 날을 적으면 바로 멈춥니다.",
            "마지막 날 뒤의 근무는 서지 않는 것이 되어, 그 시간에 사람이 모자라면 미이행 사항이 됩니다.",
        ],
        confirm="근무 끝내기",
        title="근무 끝내기",
        back=reverse("staff:page", args=[pk]),
        done="마지막 날을 기록했습니다.",
        form=filled_in(request, StaffEndForm, initial={"last_on": timezone.localdate()}),
        is_dangerous=True,
        crumbs=[crumb(*LIST), crumb(row.number, "staff:page", pk)],
    )


def _end(request: HttpRequest, row: StaffMember, sent: StaffEndForm) -> None:
    staffing.end(row, by=officer(request), **sent.cleaned_data)
    officers.end_of_staff_who_left()
