"""상태 변경: choose the step, see for every camera whether it may be taken and why not, confirm."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.korean import josa
from cameras import lifecycle
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, LifecycleAct
from cameras.querysets import CameraQuerySet
from casework import attachments
from casework.refusals import Refusal
from portal import workplace
from portal.access import may, officer, requires
from portal.camera_selection import Selection, query_of, selection_of
from portal.corrections import corrections
from portal.forms.life import ActForm, CameraNumbersForm, CorrectionForm
from portal.listing import paginate
from portal.pages import Action, crumb, page
from portal.remedies import url_of
from portal.screens import confirm_screen, filled_in, list_screen, preview_screen

SAMPLES = 30
EXPLANATIONS = {
    LifecycleEvent.CONSULT: "전담부서의 장이 사전협의에 동의하였거나, 전담부서가 스스로 설치하여 협의할 상대가 없습니다.",
    LifecycleEvent.DELIBERATE: "설치기준을 점검하고 의견수렴을 마쳤습니다.",
    LifecycleEvent.APPROVE: "설치를 결정합니다.",
    LifecycleEvent.INSTALL: "현장에 설치했습니다. 처리일의 달이 설치연월이 됩니다.",
    LifecycleEvent.OPERATE: "촬영을 시작합니다.",
    LifecycleEvent.SUSPEND: "고장이나 공사 등으로 촬영을 멈춥니다.",
    LifecycleEvent.RESUME: "다시 촬영합니다.",
    LifecycleEvent.RETURN: "절차를 처음부터 다시 밟습니다.",
    LifecycleEvent.RELOCATE: "다른 설치장소로 옮깁니다. 새 설치로 보아 계획부터 다시 시작합니다.",
    LifecycleEvent.CHANGE_PURPOSE: "설치목적을 바꿉니다. 새 설치로 보아 계획부터 다시 시작합니다.",
    LifecycleEvent.REMOVE: "철거합니다. 아직 설치하지 않은 카메라는 계획을 취소합니다.",
}
CONSEQUENCES = {
    LifecycleEvent.RELOCATE: "지금까지의 서류는 더 이상 인정되지 않고, 사업에서 빠지며, 사전협의와 의견수렴부터 다시 합니다(표준 개인정보 보호지침 제38조). 옛 장소에서 찍은 영상은 그대로 이 카메라의 것입니다.",
    LifecycleEvent.CHANGE_PURPOSE: "지금까지의 서류는 더 이상 인정되지 않고, 사업에서 빠지며, 사전협의와 의견수렴부터 다시 합니다(표준 개인정보 보호지침 제38조).",
    LifecycleEvent.REMOVE: "되돌릴 수 없습니다. 남은 영상과 삭제 유예는 그대로 두고, 모두 없어진 뒤에 녹화 식별자의 배정을 끝냅니다(조례 제24조).",
}


@dataclass(frozen=True)
class Choice:
    """A step on the page that asks which one."""

    event: str
    label: str
    explanation: str
    article: str
    url: str
    cameras: int
    is_forward: bool


@requires("cameras.move_camera")
def act(request: HttpRequest) -> HttpResponse:
    selection = selection_of(request)
    if not selection.is_made:
        return _ask_for_cameras(request)
    event = request.GET.get("event", "")
    if event not in LifecycleEvent.values or event == LifecycleEvent.PLAN:
        return _ask_for_event(request, selection)
    return _step(request, selection, LifecycleEvent(event))


def _ask_for_cameras(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "portal/life/choose_cameras.html",
        {"form": CameraNumbersForm(), "list_url": reverse("cameras:list"), "hidden": []},
        title="상태 변경",
        intro="어느 카메라인지 고르십시오. 카메라 대장에서 골라 ‘상태 변경’을 누르거나, 번호를 붙여 넣습니다.",
        icon="order",
        crumbs=[crumb("카메라 대장", "cameras:list")],
    )


def _ask_for_event(request: HttpRequest, selection: Selection) -> HttpResponse:
    states = Counter(dict(_by_state(selection.cameras)))
    query = query_of(request)
    forward = {lifecycle.TABLE.next_event(state) for state in states}
    choices = [
        Choice(
            line.event,
            str(line.event.label),
            EXPLANATIONS[line.event],
            line.article,
            f"{reverse('lifecycle:act')}?{query}&event={line.event}",
            sum(states[state] for state in line.from_states),
            line.event in forward,
        )
        for line in lifecycle.TABLE
        if any(states[state] for state in line.from_states)
    ]
    return page(
        request,
        "portal/life/choose_event.html",
        {
            "selection": selection,
            "total": sum(states.values()),
            "states": [(CameraState(state).label, count) for state, count in states.items()],
            "choices": choices,
        },
        title="상태 변경",
        icon="order",
        crumbs=[crumb("카메라 대장", "cameras:list")],
    )


def _by_state(cameras: CameraQuerySet) -> list[tuple[str, int]]:
    rows = cameras.order_by().values_list("state").annotate(count=Count("pk", distinct=True))
    return sorted(rows, key=lambda row: list(CameraState).index(CameraState(row[0])))


def _step(request: HttpRequest, selection: Selection, event: LifecycleEvent) -> HttpResponse:
    total = selection.cameras.count()
    if not total and (earlier := _done_by_another(selection, event)):
        messages.warning(request, f"{lifecycle.who_and_when(earlier)} 다시 처리할 것이 없습니다.")
        return redirect(workplace.after(request) or reverse("lifecycle:page", args=[earlier.pk]))
    return preview_screen(
        request,
        ActForm(event, request.POST or None, request.FILES or None, initial=_proposed(selection, event)),
        lambda form: _apply(request, selection, form, event),
        preview=lambda form: _preview(selection, form, event),
        template="portal/life/act.html",
        title=f"{event.label}: 카메라 {total:,}대",
        back=selection.back_url,
        done=lambda act: (
            f"카메라 {act.moves.count():,}대를 ‘{event.label}’{josa(event.label, '으로/로')} 처리했습니다. 원장에 기록했습니다."
        ),
        to=lambda act: reverse("lifecycle:page", args=[act.pk]),
        crumbs=[crumb("카메라 대장", "cameras:list")],
        icon="order",
        event=event,
        explanation=EXPLANATIONS[event],
        consequence=CONSEQUENCES.get(event, ""),
        gates=lifecycle.gates(event),
        selection=selection,
        total=total,
        is_dangerous=event in CONSEQUENCES,
    )


def _done_by_another(selection: Selection, event: LifecycleEvent) -> LifecycleAct | None:
    """The step for which a project's cameras were chosen by their state, and that has left none in it."""
    if selection.project is None:
        return None
    cameras = Camera.objects.not_removed().filter(project=selection.project)
    taken = LifecycleAct.objects.filter(event=event, moves__camera__in=cameras).select_related("by")
    return taken.order_by("-pk").first()


def _proposed(selection: Selection, event: LifecycleEvent) -> dict[str, Any]:
    """For a project: what its last paper says of day and number."""
    return workplace.proposal(selection.project, event) if selection.project is not None else {}


def _preview(selection: Selection, form: ActForm, event: LifecycleEvent) -> dict[str, Any]:
    """What would be refused, by reason, with the cameras that each reason concerns."""
    refusals = lifecycle.check(
        event, selection.cameras, on=form.cleaned_data["on"], changes=form.changes or None
    )
    held_back = {number for refusal in refusals for number in refusal.numbers}
    concerns_all = any(not refusal.numbers for refusal in refusals)
    total = selection.cameras.count()
    return {
        "refusals": [(refusal, _remedy_url(refusal, selection)) for refusal in refusals],
        "held_back": total if concerns_all else len(held_back),
        "ready": 0 if concerns_all else total - len(held_back),
        "samples": selection.cameras.in_order().select_related("site")[:SAMPLES],
    }


def _remedy_url(refusal: Refusal, selection: Selection) -> str:
    rule = refusal.code.removeprefix("rule:")
    url = url_of(refusal.remedy_url, selection.project, refusal.numbers, rule=rule)
    return workplace.carried(url, selection.project) if selection.project is not None else url


def _apply(request: HttpRequest, selection: Selection, form: ActForm, event: LifecycleEvent) -> LifecycleAct:
    given = form.cleaned_data
    return lifecycle.act(
        event,
        selection.cameras,
        on=given["on"],
        by=officer(request),
        reason=given["reason"],
        document_number=given["document_number"],
        attachments=attachments.keep_all(given["files"], by=officer(request)),
        changes=form.changes or None,
    )


@requires("cameras.view_lifecycleact")
def act_page(request: HttpRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(LifecycleAct.objects.select_related("by", "project"), pk=pk)
    moves = done.moves.select_related("camera__site").order_by("camera__sort_key")
    return page(
        request,
        "portal/life/act_page.html",
        {
            "act": done,
            "links": paginate(request, moves),
            "files": list(done.attachments.all()),
            "corrections": corrections(lifecycle.KIND_CORRECTED, f"lifecycle:{done.pk}"),
        },
        title=f"{done.get_event_display()} {done.on}",
        icon="order",
        crumbs=[crumb("처리 목록", "lifecycle:list")],
        actions=[Action("처리일 고치기…", reverse("lifecycle:correct", args=[pk]), "edit")]
        if may(request.user, ["cameras.move_camera"])
        else (),
    )


@requires("cameras.move_camera")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A wrong day is corrected by an act of its own; both days stay on record."""
    done = get_object_or_404(LifecycleAct, pk=pk)
    consequences = [
        f"지금 적힌 처리일은 {done.on:%Y-%m-%d}입니다. 고친 뒤에도 두 날짜와 사유가 원장에 남습니다.",
        "이 처리로 함께 바뀐 카메라 모두에 미칩니다. 조례 점검이 새 날짜로 다시 판단합니다.",
    ]
    if lifecycle.is_published(done):
        consequences.append(
            "누리집의 설치장소 화면에 나오는 날짜입니다. 처리한 사람이 아닌 담당자만 고칩니다."
        )
    return confirm_screen(
        request,
        lambda form: lifecycle.correct_date(done, **form.cleaned_data, by=officer(request)),
        question=f"‘{done.get_event_display()}’의 처리일을 고칠까요?",
        consequences=consequences,
        confirm="처리일 고치기",
        title="처리일 고치기",
        back=reverse("lifecycle:page", args=[pk]),
        done="처리일을 고쳤습니다. 앞의 날짜와 사유는 기록에 남았습니다.",
        form=filled_in(request, CorrectionForm, initial={"on": done.on}),
        crumbs=[crumb("처리 목록", "lifecycle:list"), crumb(str(done), "lifecycle:page", pk)],
    )


@requires("cameras.view_lifecycleact")
def act_list(request: HttpRequest) -> HttpResponse:
    acts = LifecycleAct.objects.select_related("by", "project").annotate(cameras=Count("moves"))
    event = request.GET.get("event", "")
    if event in LifecycleEvent.values:
        acts = acts.filter(event=event)
    return list_screen(
        request,
        "portal/life/acts.html",
        acts.order_by("-at", "-pk"),
        title="처리 목록",
        intro="카메라의 상태를 바꾼 처리입니다. 한 처리는 한 대나 여러 대의 카메라를 함께 바꿉니다.",
        icon="order",
        events=LifecycleEvent.choices,
        chosen=event,
    )
