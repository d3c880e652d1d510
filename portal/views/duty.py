"""근무표 (ordinance art. 16, 18): the month with its gaps, the rotas, and what generating a month would add."""

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from ordinance import holidays
from ordinance.periods import DAY, SEOUL, WEEKDAYS, shift_month
from ordinance.rules import Context
from portal.access import may, officer, requires
from portal.forms.duty import GenerateForm, MonthForm, RotaForm
from portal.listing import query_without
from portal.pages import Action, crumb
from portal.screens import filled_in, form_screen, list_screen, preview_screen
from records.models import DutyRota, DutyShift, StaffMember
from records.people import duty_rules, patterns, roster

SEE, KEEP, STAND = "records.view_duty", "records.change_duty", "records.stand_duty"
MONTH, ROTAS = ("근무표", "duty:month"), ("근무조", "duty:rotas")
GAPS_SHOWN = 20
NEW_SHOWN = 40


@dataclass(frozen=True)
class Day:
    on: dt.date
    weekday: str
    rest: str
    is_today: bool


@requires(SEE)
def month(request: HttpRequest) -> HttpResponse:
    """Persons down, days across; the stretches that lack somebody above it."""
    form = MonthForm(request.GET)
    first = form.first_on
    begin, end = _midnight(first), _midnight(dt.date(*shift_month(first, 1), 1))
    days = _days(first)
    roster_from = _roster_from()
    judged_from = max(begin, roster_from) if roster_from and roster_from < end else None
    lacks = duty_rules.lacks(Context.today(), judged_from, end) if judged_from else []
    return list_screen(
        request,
        "portal/duty/month.html",
        form.narrow(_people(begin, end)).order_by("kind", "rota__name", "team", "number"),
        title=f"근무표 {first:%Y년 %-m월}",
        intro="통합관제센터는 365일 24시간 운영합니다(조례 제16조). 사람이 모자란 시간은 며칠 앞서 미이행 사항이 됩니다.",
        icon="calendar",
        form=form,
        actions=_month_actions(request),
        together=lambda people: _rows(people, days, begin, end),
        days=days,
        lacks=lacks[:GAPS_SHOWN],
        lacks_left=max(0, len(lacks) - GAPS_SHOWN),
        has_roster=roster_from is not None,
        judged_from=judged_from,
        is_whole=judged_from == begin,
        may_keep=may(request.user, [KEEP]),
        **_months_beside(request, first),
    )


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SEOUL)


def _days(first: dt.date) -> list[Day]:
    length = calendar.monthrange(first.year, first.month)[1]
    today = timezone.localdate()
    rest = holidays.calendar(first, first + DAY * (length - 1))
    found = (first + DAY * number for number in range(length))
    return [Day(day, WEEKDAYS[day.weekday()], rest.name(day) or "", day == today) for day in found]


def _people(begin: dt.datetime, end: dt.datetime) -> "QuerySet[StaffMember]":
    """Who has a shift in the month, or belongs to a rota now."""
    shifts = DutyShift.objects.between(begin, end).filter(staff=OuterRef("pk"))
    rows = StaffMember.objects.filter(Q(Exists(shifts)) | Q(rota__isnull=False))
    return rows.select_related("rota").defer("address")


def _rows(people: list[StaffMember], days: list[Day], begin: dt.datetime, end: dt.datetime) -> list[Any]:
    """Each person of the page with the shifts that begin on each day; one query."""
    by_day: dict[tuple[int, dt.date], list[DutyShift]] = defaultdict(list)
    shifts = DutyShift.objects.filter(staff__in=people, starts_at__gte=begin, starts_at__lt=end)
    for shift in shifts.order_by("starts_at"):
        by_day[shift.staff_id, localtime(shift.starts_at).date()].append(shift)
    return [(person, [(day, by_day.get((person.pk, day.on), [])) for day in days]) for person in people]


def _roster_from() -> dt.datetime | None:
    """The first shift on record: nobody can say who stood before it."""
    return DutyShift.objects.order_by("starts_at").values_list("starts_at", flat=True).first()


def _months_beside(request: HttpRequest, first: dt.date) -> dict[str, str]:
    rest = query_without(request.GET, "month", "page")
    found = {}
    for name, step in (("previous", -1), ("next", 1)):
        year, number = shift_month(first, step)
        found[name] = f"?month={year}-{number:02}" + (f"&{rest}" if rest else "")
    return found


def _month_actions(request: HttpRequest) -> list[Action | None]:
    may_keep = may(request.user, [KEEP])
    return [
        Action("근무 더하기", reverse("duty:shift_add"), "plus", is_primary=True) if may_keep else None,
        Action("근무조와 월별 편성", reverse("duty:rotas"), "list-ul") if may_keep else None,
        Action("가져오기", reverse("duty:import"), "upload") if may_keep else None,
        Action("근무 교환", reverse("duty:swaps"), "redirect"),
    ]


@requires(KEEP)
def rotas(request: HttpRequest) -> HttpResponse:
    return list_screen(
        request,
        "portal/duty/rotas.html",
        DutyRota.objects.prefetch_related("members"),
        title="근무조",
        intro="교대 방식과 시작을 정하면 달마다 근무를 한 번에 짭니다. 사람의 근무조와 조는 인력에서 정합니다.",
        icon="list-ul",
        crumbs=[crumb(*MONTH)],
        actions=[Action("근무조 만들기", reverse("duty:rota_add"), "plus", is_primary=True)],
        each=lambda rota: (rota, _teams(rota)),
    )


def _teams(rota: DutyRota) -> list[tuple[int, int]]:
    """How many persons each team has."""
    teams = [member.team for member in rota.members.all()]
    return [(number, teams.count(number)) for number in range(1, patterns.of(rota).teams + 1)]


@requires(KEEP)
def rota_add(request: HttpRequest) -> HttpResponse:
    return _rota_screen(request, DutyRota(), "근무조 만들기")


@requires(KEEP)
def rota_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _rota_screen(request, get_object_or_404(DutyRota, pk=pk), "근무조 고치기")


def _rota_screen(request: HttpRequest, rota: DutyRota, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, RotaForm, instance=rota),
        lambda sent: roster.keep_rota(rota, sent.cleaned_data, by=officer(request)),
        title=title,
        back=reverse("duty:rotas"),
        done="저장했습니다. 이미 짠 근무는 그대로입니다.",
        crumbs=[crumb(*MONTH), crumb(*ROTAS)],
    )


@requires(KEEP)
def generate(request: HttpRequest, pk: int) -> HttpResponse:
    rota = get_object_or_404(DutyRota, pk=pk)
    return preview_screen(
        request,
        filled_in(request, GenerateForm),
        lambda sent: roster.generate(rota, **sent.cleaned_data, by=officer(request)),
        preview=lambda sent: _looked_ahead(rota, sent),
        template="portal/duty/generate.html",
        title=f"{rota.name}: 근무 짜기",
        back=reverse("duty:rotas"),
        to=reverse("duty:month"),
        done=lambda plan: f"근무 {len(plan.new):,}건을 더했습니다.",
        crumbs=[crumb(*MONTH), crumb(*ROTAS)],
        rota=rota,
        submit_label="미리보기",
    )


def _looked_ahead(rota: DutyRota, sent: GenerateForm) -> dict[str, Any]:
    roster.refuse_plan(first_on := sent.cleaned_data["first_on"], last_on := sent.cleaned_data["last_on"])
    plan = roster.planned(rota, first_on, last_on)
    return {
        "plan": plan,
        "first_on": first_on,
        "last_on": last_on,
        "shown": plan.new[:NEW_SHOWN],
        "in_the_way": plan.in_the_way[:NEW_SHOWN],
    }
