"""비상연락망 (ordinance art. 16): the tree of posts, and what drills showed of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localtime

from portal.access import may, officer, requires
from portal.forms.emergency import ContactForm, DrillForm
from portal.pages import Action, crumb
from portal.screens import filled_in, form_screen
from portal.sheets import Cell, Sheet, rows_of, sheet_page
from records.models import EmergencyContact, EmergencyDrill
from records.people import emergency

SEE, KEEP = "records.view_duty", "records.change_duty"
PAGE = ("비상연락망", "emergency:tree")
LAST_DRILLS = 20
# Does not collapse: how deep a post stands is seen, not only read.
NARROW = "\N{NO-BREAK SPACE}"


@requires(SEE)
def tree(request: HttpRequest) -> HttpResponse:
    may_keep = may(request.user, [KEEP])
    drills = list(EmergencyDrill.objects.all()[:LAST_DRILLS])
    posts = [
        (
            Cell(
                f"{NARROW * 2 * (depth - 1)}{'└ ' if depth else ''}{row.post}",
                reverse("emergency:change", args=[row.pk]) if may_keep else "",
            ),
            f"{depth + 1}단계",
            row.staff.number if row.staff else row.agency,
            row.duty_line,
            _last(row, drills),
        )
        for depth, row in emergency.tree()
    ]
    unused = [
        (Cell(row.post, reverse("emergency:change", args=[row.pk]) if may_keep else ""), row.duty_line)
        for row in EmergencyContact.objects.filter(is_in_use=False)
    ]
    return sheet_page(
        request,
        warnings=_lacking(bool(posts), bool(drills)),
        sheets=[
            Sheet(
                "연락 순서",
                ("직무", "단계", "맡은 사람·기관", "근무 전화", "마지막 훈련"),
                rows_of(posts),
                "등록한 직무가 없습니다.",
            ),
            Sheet(
                "훈련",
                ("시작한 때", "상황", "닿음", "가장 늦은 연락", "결과와 고칠 것"),
                rows_of(map(_line, drills)),
                "훈련한 기록이 없습니다.",
            ),
            Sheet("쓰지 않는 직무", ("직무", "근무 전화"), rows_of(unused), "없습니다."),
        ],
        title="비상연락망",
        intro="비상상황에 누가 누구에게 연락하는지와, 훈련에서 몇 분 만에 닿았는지입니다. 관제센터는 365일 24시간 운영하며 비상대응체계를 갖춥니다(조례 제16조).",
        icon="mail",
        actions=[
            Action("직무 더하기", reverse("emergency:add"), "plus", is_primary=not posts),
            *([Action("훈련 적기", reverse("emergency:drill"), "check", is_primary=True)] if posts else []),
        ]
        if may_keep
        else (),
    )


def _lacking(has_posts: bool, has_drills: bool) -> list[str]:
    if not has_posts:
        return ["연락할 직무를 아직 등록하지 않았습니다. 직무를 더해야 훈련도 적을 수 있습니다."]
    return (
        [] if has_drills else ["비상연락 훈련을 한 기록이 없습니다. 전화번호가 맞는지는 걸어 보아야 압니다."]
    )


def _last(row: EmergencyContact, drills: list[EmergencyDrill]) -> str:
    calls = (call for drill in drills for call in drill.calls if call["contact"] == row.pk)
    found = next(calls, None)
    if found is None:
        return ""
    return "닿지 않음" if found["minutes"] is None else f"{found['minutes']:,}분"


def _line(drill: EmergencyDrill) -> tuple[Any, ...]:
    reached = drill.reached
    return (
        f"{localtime(drill.held_at):%Y-%m-%d %H:%M}",
        drill.scenario,
        f"{len(drill.calls)} 가운데 {len(reached)}",
        f"{max(reached):,}분" if reached else "",
        drill.result,
    )


@requires(KEEP)
def add(request: HttpRequest) -> HttpResponse:
    return _contact(request, EmergencyContact(), "직무 더하기")


@requires(KEEP)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _contact(request, get_object_or_404(EmergencyContact, pk=pk), "직무 고치기")


def _contact(request: HttpRequest, row: EmergencyContact, title: str) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, ContactForm, instance=row),
        lambda sent: emergency.keep(row, sent.cleaned_data, by=officer(request)),
        title=title,
        back=reverse(PAGE[1]),
        done="저장했습니다.",
        crumbs=[crumb(*PAGE)],
    )


@requires(KEEP)
def drill(request: HttpRequest) -> HttpResponse:
    def enter(form: DrillForm) -> EmergencyDrill:
        said = form.cleaned_data
        return emergency.drill(
            held_at=said["held_at"],
            scenario=said["scenario"],
            result=said["result"],
            minutes=form.minutes(),
            by=officer(request),
        )

    return form_screen(
        request,
        filled_in(request, DrillForm),
        enter,
        title="비상연락 훈련 적기",
        back=reverse(PAGE[1]),
        done="훈련을 적었습니다.",
        notes=["걸어 본 그대로 적습니다. 기록은 고치지 않습니다."],
        crumbs=[crumb(*PAGE)],
    )
