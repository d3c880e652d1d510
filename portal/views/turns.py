"""회전·확대 (ordinance art. 10): who turned which camera and why, in seconds beside an incident; which are still turned."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from portal.access import may, officer, requires
from portal.forms.duty import TurnFilter, TurnForm
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, ordering, query_without
from portal.pages import Action, crumb
from portal.screens import confirm_screen, export_screen, filled_in, form_screen, list_screen
from records.models import CameraTurn
from records.people import turns

SEE, ENTER = "records.view_incident_log", "records.enter_incident"
LIST = ("회전·확대", "turns:list")
COLUMNS = (
    Column("turned_at", "돌린 때", lambda row: row.turned_at, sort="turned_at"),
    Column("camera", "카메라", lambda row: row.camera.number, sort="camera__number"),
    Column("staff", "돌린 사람", lambda row: row.staff.number if row.staff else str(row.entered_by)),
    Column("reason", "까닭", lambda row: row.reason),
    Column("incident", "관제 상황", lambda row: row.incident.number if row.incident else ""),
    Column("returned_at", "되돌린 때", lambda row: row.returned_at or "", sort="returned_at"),
    Column("permitted", "권한", lambda row: PERMITTED[row.is_permitted]),
)
PERMITTED = {True: "있음", False: "없음", None: ""}


def _listed(request: HttpRequest) -> tuple[TurnFilter, "QuerySet[CameraTurn]", str]:
    form = TurnFilter(request.GET)
    order = ordering(request, COLUMNS, "-turned_at")
    rows = CameraTurn.objects.select_related("camera", "staff", "entered_by", "incident")
    rows = rows.defer("staff__name", "staff__address", "incident__told_to")
    return form, form.narrow(rows).order_by(order, "pk"), order


@requires(SEE)
def turn_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    now, limit = timezone.now(), turns.return_after()

    def shown(row: CameraTurn) -> tuple[CameraTurn, str]:
        """How it stands to the registered view: away too long, away, late or back."""
        if row.returned_at is None:
            return row, "away" if row.turned_at < now - limit else "turned"
        return row, "late" if row.returned_at - row.turned_at > limit else "back"

    return list_screen(
        request,
        "portal/duty/turns.html",
        rows,
        title="회전·확대",
        intro="설치목적과 다르게 카메라를 돌리거나 확대하지 않습니다. 돌렸으면 까닭을 적고 등록 방향으로 되돌립니다(조례 제10조제1항, 개인정보 보호법 제25조제5항).",
        icon="rotate",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[
            Action("회전·확대 적기", reverse("turns:add"), "plus", is_primary=True)
            if may(request.user, [ENTER])
            else None,
            Action("내려받기", f"{reverse('turns:export')}?{query}", "download"),
        ],
        each=shown,
        away=turns.away(now).count(),
        limit_minutes=int(limit.total_seconds() // 60),
        may_enter=may(request.user, [ENTER]),
    )


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    _, rows, _ = _listed(request)
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="회전확대",
        what="회전·확대 {rows}건",
        title="회전·확대 내려받기",
        back=reverse("turns:list"),
        crumbs=[crumb(*LIST)],
    )


@requires(ENTER)
def enter(request: HttpRequest) -> HttpResponse:
    """Beside an incident its number and camera come along."""
    initial: dict[str, Any] = {name: request.GET.get(name, "")[:60] for name in ("camera", "incident")}
    return form_screen(
        request,
        filled_in(request, TurnForm, initial=initial),
        lambda sent: turns.enter(sent.cleaned_data, by=officer(request)),
        title="회전·확대 적기",
        back=reverse("turns:list"),
        done=lambda made: _said(made),
        submit="적기",
        template="portal/duty/turn_form.html",
        crumbs=[crumb(*LIST)],
        reasons=turns.suggested_reasons(),
    )


def _said(made: CameraTurn) -> str:
    text = f"{made.camera.number}의 회전·확대를 적었습니다."
    if made.is_permitted is False:
        text += " 이 카메라의 회전·확대 권한이 없어 조례 점검의 미이행 사항으로 나옵니다."
    return text if made.returned_at else f"{text} 등록 방향으로 되돌리면 목록에서 ‘되돌림’을 누르십시오."


@requires(ENTER)
def turn_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CameraTurn.objects.select_related("camera"), pk=pk)
    return confirm_screen(
        request,
        lambda sent: turns.turn_back(row, by=officer(request)),
        question=f"{row.camera.number} 카메라를 등록 방향으로 되돌렸습니까?",
        consequences=["되돌린 때로 지금이 적힙니다. 적은 뒤에는 고칠 수 없습니다."],
        confirm="되돌림",
        title="등록 방향으로 되돌림",
        back=reverse("turns:list"),
        done="되돌린 것을 적었습니다.",
        crumbs=[crumb(*LIST)],
    )
