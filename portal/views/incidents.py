"""관제 상황 (ordinance art. 18): entered with the keyboard while it goes on, completed later, figures of the delay."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.korean import josa
from ordinance import findings
from ordinance.rules import Subject
from portal.access import may, officer, requires
from portal.forms.duty import CompletionForm, IncidentFilter, IncidentForm
from portal.listing import PAGE_ARGUMENT, Column, cells, labels, ordering, query_without
from portal.pages import Action, crumb, page
from portal.screens import confirm_screen, export_screen, filled_in, form_screen, list_screen
from records.models import CameraTurn, Incident
from records.people import incident_log

SEE, ENTER = "records.view_incident_log", "records.enter_incident"
LIST = ("관제 상황", "incidents:list")
BODIES = ("112치안종합상황실", "119종합상황실", "재난안전상황실", "구청 당직실")

COLUMNS = (
    Column("number", "사건번호", lambda row: row.number, sort="number"),
    Column("noticed_at", "인지시각", lambda row: row.noticed_at, sort="noticed_at"),
    Column("kind", "종류", lambda row: row.kind, sort="kind"),
    Column("camera", "카메라", lambda row: row.camera.number if row.camera else ""),
    Column("body_told", "통보기관", lambda row: row.body_told, sort="body_told"),
    Column("told_how", "통보방법", lambda row: row.get_told_how_display()),
    Column("told_at", "통보시각", lambda row: row.told_at or "", sort="told_at"),
    Column("delay", "걸린 시간", lambda row: delay(row)),
    Column("result", "결과", lambda row: row.result),
)


def delay(row: Incident) -> str:
    """From noticing to telling, in minutes; under one minute in seconds."""
    if row.told_at is None:
        return ""
    seconds = int((row.told_at - row.noticed_at).total_seconds())
    return f"{seconds}초" if seconds < 60 else f"{seconds // 60:,}분"


def _listed(request: HttpRequest) -> tuple[IncidentFilter, "QuerySet[Incident]", str]:
    form = IncidentFilter(request.GET)
    order = ordering(request, COLUMNS, "-noticed_at")
    rows = form.narrow(Incident.objects.select_related("camera", "hold").defer("told_to"))
    return form, rows.order_by(order, "pk"), order


@requires(SEE)
def incident_list(request: HttpRequest) -> HttpResponse:
    form, rows, order = _listed(request)
    query = query_without(request.GET, PAGE_ARGUMENT)
    limit = incident_log.limit()
    return list_screen(
        request,
        "portal/duty/incidents.html",
        rows,
        title="관제 상황",
        intro="관제하다가 인지한 상황과 경찰·소방·재난상황실에 알린 기록입니다. 인지하면 신속히 알립니다(조례 제18조).",
        icon="warning",
        form=form,
        columns=COLUMNS,
        order=order,
        actions=[
            Action("상황 적기", reverse("incidents:add"), "plus", is_primary=True)
            if may(request.user, [ENTER])
            else None,
            Action("가져오기", reverse("incidents:import"), "upload")
            if may(request.user, ["records.change_duty"])
            else None,
            Action("내려받기", f"{reverse('incidents:export')}?{query}", "download"),
        ],
        each=lambda row: (row, delay(row), row.told_at is not None and row.told_at - row.noticed_at > limit),
        delays=incident_log.delays(rows),
        limit_minutes=int(limit.total_seconds() // 60),
    )


@requires(SEE)
def export(request: HttpRequest) -> HttpResponseBase:
    _, rows, _ = _listed(request)
    return export_screen(
        request,
        labels(COLUMNS),
        cells(COLUMNS, rows),
        count=rows.count(),
        name="관제상황",
        what="상황 {rows}건",
        title="관제 상황 내려받기",
        back=reverse("incidents:list"),
        crumbs=[crumb(*LIST)],
    )


@requires(ENTER)
def enter(request: HttpRequest) -> HttpResponse:
    return form_screen(
        request,
        filled_in(request, IncidentForm),
        lambda sent: incident_log.enter(
            sent.cleaned_data, hold=sent.cleaned_data["hold"], by=officer(request)
        ),
        title="상황 적기",
        back=reverse("incidents:list"),
        to=lambda made: reverse("incidents:page", args=[made.pk]),
        done=lambda made: f"{made.number}{josa(made.number, '을/를')} 적었습니다.",
        submit="적기",
        template="portal/duty/incident_form.html",
        crumbs=[crumb(*LIST)],
        bodies=BODIES,
        kinds=incident_log.suggested_kinds(),
    )


@requires(SEE)
def incident_page(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Incident.objects.select_related("camera__site", "hold", "entered_by", "staff"), pk=pk
    )
    return page(
        request,
        "portal/duty/incident.html",
        {
            "row": row,
            "delay": delay(row),
            "versions": incident_log.versions(row),
            "turns": CameraTurn.objects.filter(incident__number=row.number).select_related("camera"),
            "findings": [
                (finding.opened_on, findings.what(finding))
                for finding in findings.open_of(Subject.INCIDENT, row.number)
            ],
        },
        title=f"{row.number} {row.kind}",
        icon="warning",
        crumbs=[crumb(*LIST)],
        actions=_actions(request, row),
    )


def _actions(request: HttpRequest, row: Incident) -> list[Action]:
    if not may(request.user, [ENTER]):
        return []
    found = [Action("통보와 결과 적기", reverse("incidents:complete", args=[row.pk]), "edit")]
    if row.camera is not None:
        query = urlencode({"camera": row.camera.number, "incident": row.number})
        found.append(Action("회전·확대 적기", f"{reverse('turns:add')}?{query}", "rotate"))
    if row.camera_id and row.hold_id is None:
        found.append(Action("영상 유예", reverse("incidents:hold", args=[row.pk]), "lock", is_primary=True))
    return found


@requires(ENTER)
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Incident, pk=pk)
    initial = {name: getattr(row, name) for name in incident_log.TELLING}
    return form_screen(
        request,
        filled_in(request, CompletionForm, initial=initial),
        lambda sent: incident_log.complete(
            row, sent.cleaned_data, reason=sent.cleaned_data["reason"], by=officer(request)
        ),
        title=f"{row.number}: 통보와 결과",
        back=reverse("incidents:page", args=[pk]),
        done="적었습니다.",
        template="portal/duty/incident_form.html",
        crumbs=[crumb(*LIST), crumb(row.number, "incidents:page", pk)],
        bodies=BODIES,
        kinds=(),
    )


@requires(ENTER)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Incident.objects.select_related("camera").defer("told_to"), pk=pk)
    return confirm_screen(
        request,
        lambda sent: incident_log.hold_footage(row, by=officer(request)),
        question=f"{row.number}의 영상을 유예할까요?",
        consequences=[
            "인지시각의 앞뒤 30분 영상이 보관기간이 지나도 파기되지 않습니다.",
            "유예는 ‘삭제 유예’ 화면에서 한 사람이 해제를 요청하고 다른 사람이 해제할 때까지 남습니다.",
        ],
        confirm="유예하기",
        title="영상 유예",
        back=reverse("incidents:page", args=[pk]),
        done="영상을 유예했습니다.",
        crumbs=[crumb(*LIST), crumb(row.number, "incidents:page", pk)],
    )
