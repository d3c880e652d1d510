"""작업대: the screens of an installation project's steps in one frame, which says whose turn it is and leads on.

A screen whose address carries `work=<project>` stands beside the project's steps, whichever app's screen it is: it goes
back to the project, and what is done there leads to what comes next (`portal.pages`, `portal.screens`). Which rule a step
waits for is known from the rules; where each is met is `_WAYS`. Nothing of it is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone

from accounts.models import Officer
from cameras import installing, lifecycle, paper_contents, prior_consultation
from cameras import next_steps as steps_of_cameras
from cameras.enums import (
    CameraState,
    ConsultationReply,
    LifecycleEvent,
    LinkStatus,
    MonitoringScope,
    PaperKind,
)
from cameras.models import Camera, ConsultationCondition, InstallationProject, LifecycleAct, Site
from cameras.querysets import CameraQuerySet
from cameras.signs import overview
from cameras.signs.overview import SignState
from casework import next_steps
from casework.next_steps import NextStep
from committee import next_steps as steps_of_committee
from committee.models import Resolution
from ordinance import problems, rules
from portal import telling
from portal.access import may
from portal.remedies import url_of
from portal.row_keys import key

ARGUMENT = "work"
# The project as it stands, without being led on to what comes next.
ALL = "all"
SHOWN_PEOPLE = 2
FORWARD = (
    LifecycleEvent.CONSULT,
    LifecycleEvent.DELIBERATE,
    LifecycleEvent.APPROVE,
    LifecycleEvent.INSTALL,
    LifecycleEvent.OPERATE,
)
_ORDER = list(CameraState)


@dataclass(frozen=True)
class Task:
    """One thing that the present step needs, as one line of the stepper."""

    title: str
    article: str = ""
    is_met: bool = False
    # Why nothing is asked of these cameras: then it is met without anybody having done it.
    why_not_asked: str = ""
    url: str = ""
    verb: str = ""
    is_mine: bool = False
    waits_for: str = ""
    unmet: int = 0
    remedy: str = ""
    warning: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Stage:
    """One step of the way from plan to operation."""

    label: str
    article: str
    is_done: bool
    is_current: bool
    tasks: Sequence[Task] = ()

    @property
    def lacking(self) -> int:
        return sum(not task.is_met for task in self.tasks)


@dataclass(frozen=True)
class Workplace:
    """The frame around a screen."""

    project: InstallationProject
    stages: Sequence[Stage]
    argument: str = ARGUMENT
    # Where the next step of the project is done, as the first page names it (`casework.next_steps`).
    first: str = ""

    @property
    def url(self) -> str:
        return f"{reverse('projects:page', args=[self.project.pk])}?{ALL}=1"

    @property
    def query(self) -> str:
        """To hang on the address of a form inside the frame."""
        return f"?{self.argument}={self.project.pk}"

    @property
    def current(self) -> Stage | None:
        return next((stage for stage in self.stages if stage.is_current), None)

    @property
    def position(self) -> int:
        return next(
            (number for number, stage in enumerate(self.stages, 1) if stage.is_current), len(self.stages)
        )

    @property
    def tasks(self) -> Sequence[Task]:
        return self.current.tasks if self.current else ()

    @property
    def is_over(self) -> bool:
        """Every camera is in service: what is left is to close the project."""
        return all(stage.is_done for stage in self.stages[:-1])

    @property
    def task(self) -> Task | None:
        """What this person does next; nothing where others are waited for."""
        own = [task for task in self.tasks if task.is_mine and not task.is_met]
        return next((task for task in own if task.url == self.first), own[0] if own else None)

    @property
    def summary(self) -> str:
        """The stepper in one line, as a telephone shows it folded."""
        waiting = next((task for task in self.tasks if not task.is_met and task.waits_for), None)
        if self.task:
            return f"할 것: {self.task.title}"
        return f"기다림: {waiting.waits_for}" if waiting else "마침"


def of_request(request: HttpRequest) -> Workplace | None:
    """The frame of a screen that was opened from a project; None for every other screen."""
    pk = key(request.GET.get(ARGUMENT))
    if pk is None or not may(request.user, ["cameras.view_installationproject"]):
        return None
    project = InstallationProject.objects.filter(pk=pk).first()
    return of(project, request) if project is not None else None


def after(request: HttpRequest) -> str:
    """Where an act inside the frame leads; empty outside."""
    pk = key(request.GET.get(ARGUMENT))
    return reverse("projects:page", args=[pk]) if pk is not None else ""


def kept(request: HttpRequest, url: str) -> str:
    """A way inside the frame that is no act's end."""
    pk = key(request.GET.get(ARGUMENT))
    return f"{url}?{ARGUMENT}={pk}" if pk is not None else url


def carried(url: str, project: InstallationProject) -> str:
    """A link of the frame's screen, which stays in the frame."""
    is_own = url.startswith(reverse("wagtailadmin_home")) and f"{ARGUMENT}=" not in url
    return f"{url}{'&' if '?' in url else '?'}{ARGUMENT}={project.pk}" if is_own else url


def of(project: InstallationProject, request: HttpRequest) -> Workplace:
    person: Any = request.user
    rows = Camera.objects.not_removed().filter(project=project).order_by().values_list("state").distinct()
    states = {CameraState(state) for (state,) in rows}
    behind = next((state for state in _ORDER if state in states), None)
    stages = [_cameras_stage(project, person, bool(states))]
    for event in FORWARD:
        line = lifecycle.TABLE.line(event)
        is_current = behind == line.from_states[0]
        is_done = behind is not None and _ORDER.index(behind) > _ORDER.index(CameraState(line.from_states[0]))
        tasks = tuple(_tasks(project, event, person)) if is_current and project.is_open else ()
        stages.append(Stage(str(event.label), line.article, is_done, is_current, tasks))
    is_over = bool(states) and all(stage.is_done for stage in stages)
    stages.append(_closing(project, person, is_over))
    step = next_steps.of(project, timezone.now()) if project.is_open else None
    found = Workplace(project, stages, first=_url(step, project) if step is not None else "")
    return replace(found, stages=[_marked(stage, request) for stage in stages])


def _marked(stage: Stage, request: HttpRequest) -> Stage:
    """Which of the lines is the screen that is open."""
    path = request.get_full_path()
    return replace(stage, tasks=[replace(task, is_open=task.url == path) for task in stage.tasks])


def _cameras_stage(project: InstallationProject, person: Officer, has_cameras: bool) -> Stage:
    is_current = not has_cameras and project.is_open
    step = _step("카메라와 장소 적기", "cameras.add_site", "projects:place", project.pk)
    tasks = (_task("카메라와 장소", "", step, project, person),) if is_current else ()
    return Stage("카메라", "", has_cameras, is_current, tasks)


def _closing(project: InstallationProject, person: Officer, is_over: bool) -> Stage:
    is_current = is_over and project.is_open
    step = _step("사업 종료", "cameras.change_installationproject", "projects:close", project.pk)
    tasks = (_task("사업 종료", "", step, project, person),) if is_current else ()
    return Stage("종료", "", not project.is_open, is_current, tasks)


def _step(verb: str, needs: str, url_name: str, *args: Any, query: str = "") -> NextStep:
    return NextStep("cameras.project", verb, "", needs, url_name, args, query=query)


# -- what a step waits for, and the step itself


def _tasks(project: InstallationProject, event: LifecycleEvent, person: Officer) -> Sequence[Task]:
    cameras = Camera.objects.not_removed().filter(project=project)
    asked = lifecycle.gates(event)
    unmet = {found.rule.code: found for found in problems.among(asked, cameras, most=lifecycle.MOST_AT_ONCE)}
    lines = []
    for rule in asked:
        numbers = unmet[rule.code].numbers if rule.code in unmet else ()
        if not numbers:
            why = _why_not_asked(rule, cameras)
            lines.append(Task(rule.title, rule.provision, is_met=True, why_not_asked=why))
            continue
        task = _task(rule.title, rule.provision, _way(rule, project, numbers), project, person)
        lines.append(replace(task, unmet=len(numbers), remedy=rule.remedy, warning=rule.warning))
    if all(task.is_met for task in lines):
        lines.append(_transition(project, event, person))
    return lines


def _why_not_asked(rule: rules.Rule, cameras: CameraQuerySet) -> str:
    """Empty where the rule asks something of one of these cameras, or of any camera."""
    context = replace(rules.Context.today(), ahead=True)
    if rule.why_not_asked is None or rule.subjects(context).filter(pk__in=cameras.values("pk")).exists():
        return ""
    return rule.why_not_asked(context)


def _transition(project: InstallationProject, event: LifecycleEvent, person: Officer) -> Task:
    line = lifecycle.TABLE.line(event)
    query = urlencode({"project": project.pk, "state": line.from_states[0], "event": event})
    step = _step(f"‘{event.label}’ 처리", "cameras.move_camera", "lifecycle:act", query=query)
    return _task(f"‘{event.label}’ 처리", line.article, step, project, person)


def _task(
    title: str, article: str, step: NextStep | None, project: InstallationProject, person: Officer
) -> Task:
    if step is None:
        return Task(title, article)
    url = _url(step, project)
    is_mine = bool(url) and bool(step.needs) and _may(person, step, url)
    waits_for = "" if is_mine else _waited_for(step)
    return Task(title, article, url=url, verb=step.verb, is_mine=is_mine, waits_for=waits_for)


def _url(step: NextStep, project: InstallationProject) -> str:
    if not step.url_name:
        return ""
    try:
        path = reverse(step.url_name, args=step.url_args)
    except NoReverseMatch:
        return ""
    own = f"{ARGUMENT}={project.pk}"
    kept = [part for part in step.query.split("&") if part and part != own]
    return f"{path}?{'&'.join([*kept, own])}"


def _may(person: Officer, step: NextStep, url: str) -> bool:
    """Whether this person may do it, and may send the screen on which it is done."""
    if step.needs == steps_of_cameras.REPLY:
        return prior_consultation.may_reply(person)
    try:
        view = resolve(url.partition("?")[0]).func
    except Resolver404:
        return False
    return may(person, [step.needs]) and may(person, getattr(view, "required_to_send", (step.needs,)))


def _waited_for(step: NextStep) -> str:
    """Names, as far as they are few; where nobody of the office acts, what is waited for."""
    if not step.needs:
        return step.note or step.verb
    able = telling.able(step)
    if step.needs == steps_of_cameras.REPLY:
        able = able.filter(department=prior_consultation.responsible_department())
    people = list(able[: SHOWN_PEOPLE + 1])
    if not people:
        return "이 권한을 가진 담당자가 없습니다"
    more = " 등" if len(people) > SHOWN_PEOPLE else ""
    return ", ".join(_named(person) for person in people[:SHOWN_PEOPLE]) + more


def _named(person: Officer) -> str:
    return f"{person} ({person.department.name})" if person.department else str(person)


# -- where each rule is met

Way = Callable[[InstallationProject, Sequence[str]], NextStep | None]


def _way(rule: rules.Rule, project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    if way := _WAYS.get(rule.code):
        return way(project, numbers)
    kind = next((kind for kind, asked in paper_contents.KINDS.items() if asked.rule == rule.code), "")
    if kind:
        return _by_paper(project, kind)
    return _elsewhere(rule, project, numbers)


def _elsewhere(rule: rules.Rule, project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    """The rule's own screen, with what is known filled in."""
    url = url_of(rule.remedy_url, project, numbers[:1], rule=rule.code)
    if not url:
        return None
    path, _, query = url.partition("?")
    match = resolve(path)
    args = tuple(match.kwargs.values())
    return _step("바로잡기", rule.mended_by, match.view_name, *args, query=query)


def _by_consultation(project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    current = prior_consultation.current(project)
    if current is None or current.reply == ConsultationReply.DECLINE:
        return _step("사전협의 요청", steps_of_cameras.ASK, "prior_consultation:ask", project.pk)
    if current.is_waiting:
        return steps_of_cameras.of_prior_consultation(current, timezone.now())
    return _by_condition(project, numbers)


def _by_condition(project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    standing = ConsultationCondition.objects.filter(
        consultation__in=project.prior_consultations.standing(), fulfilled_on__isnull=True
    )
    first = standing.order_by("due_on", "position").first()
    if first is None:
        return None
    needs = "cameras.change_priorconsultation"
    return _step(f"조건 {first.position} 이행 기록", needs, "prior_consultation:fulfil", first.pk)


def _by_notice(project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    latest = project.public_consultations.order_by("-pk").first()
    step = steps_of_cameras.of_consultation(latest, timezone.now()) if latest is not None else None
    if step is None:
        query = urlencode({"project": project.pk})
        return _step("의견수렴 초안 쓰기", steps_of_cameras.DRAFT, "consultation:add", query=query)
    if step.url_name == "consultation:result":
        return replace(step, url_name="consultation:result_publish")
    return step


def _by_resolution(project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    return steps_of_committee.way_to_resolve(project)


def _by_link(project: InstallationProject, numbers: Sequence[str]) -> NextStep:
    is_apart = Camera.objects.filter(number__in=numbers, link_status=LinkStatus.NOT_LINKED).exists()
    return _by_paper(project, PaperKind.LINK_EXEMPTION) if is_apart else _by_what_was_installed(project)


def _by_scope(project: InstallationProject, numbers: Sequence[str]) -> NextStep:
    cameras = Camera.objects.filter(number__in=numbers)
    # With hours of its own, or left out of monitoring, it takes the paper on which that was agreed.
    is_unknown = cameras.filter(monitoring_scope=MonitoringScope.UNKNOWN).exists()
    return _by_what_was_installed(project) if is_unknown else _by_paper(project, PaperKind.MONITORING_SCOPE)


def _by_what_was_installed(project: InstallationProject) -> NextStep:
    return _step("설치한 내용 적기", "cameras.bulk_edit_camera", "projects:installed", project.pk)


def _by_paper(project: InstallationProject, kind: str) -> NextStep:
    query = urlencode({"project": project.pk, "kind": kind})
    label = paper_contents.KINDS[kind].kind.label
    return _step(f"{label} 등록", "cameras.file_paper", "papers:file", query=query)


def _by_sign(project: InstallationProject, numbers: Sequence[str]) -> NextStep | None:
    """Made, hung, photographed: the first of these that a place still lacks."""
    places = Site.objects.filter(cameras__number__in=numbers).values("pk")
    states = dict(
        overview.sites_with_state().filter(pk__in=places).order_by("pk").values_list("pk", "sign_state")
    )
    to_make = [pk for pk, state in states.items() if state in (SignState.NONE, SignState.DIFFERS)]
    if to_make and installing.without_view(project).exists():
        return _by_what_was_installed(project)
    if to_make:
        return _step("안내판 만들기", "cameras.add_sign", "signs:make", to_make[0])
    to_hang = [pk for pk, state in states.items() if state == SignState.PRINTED]
    if to_hang:
        query = urlencode({"ids": to_hang}, doseq=True)
        return _step("안내판을 설치로 적기", "cameras.change_sign", "signs:put_up", query=query)
    return (
        _step("안내판을 사진으로 확인", "cameras.check_sign", "signs:check", next(iter(states)))
        if states
        else None
    )


_WAYS: dict[str, Way] = {
    "prior_consultation": _by_consultation,
    "consultation_conditions": _by_condition,
    "public_consultation": _by_notice,
    "resolution": _by_resolution,
    "centre_link": _by_link,
    "monitoring_scope": _by_scope,
    "sign": _by_sign,
}


# -- what a step's form is filled with


def proposal(project: InstallationProject, event: str) -> dict[str, Any]:
    """Day, number and reason of the last paper that the step waits for; the last step's day is not undercut."""
    papers = [*_papers(project, event), *_consulted(project, event), *_resolved(project, event)]
    if not papers:
        return {"reason": f"설치 사업 {project.number}: {LifecycleEvent(event).label}"}
    on, number, name = max(papers, key=lambda paper: paper[0])
    last = LifecycleAct.objects.filter(project=project).aggregate(last=Max("on"))["last"]
    # What happens at the pole has a day of its own, which no paper knows.
    is_on_paper = event in (LifecycleEvent.CONSULT, LifecycleEvent.DELIBERATE, LifecycleEvent.APPROVE)
    day = {"on": max(on, last or on)} if is_on_paper else {}
    return {**day, "document_number": number, "reason": f"{name} {number}에 따름"}


def _papers(project: InstallationProject, event: str) -> Sequence[tuple[Any, str, str]]:
    asked = {rule.code for rule in lifecycle.gates(event)}
    kinds = [kind for kind, paper in paper_contents.KINDS.items() if paper.rule in asked]
    standing = project.papers.filter(kind__in=kinds, withdrawn_at__isnull=True)
    return [(paper.on, paper.document_number, paper.get_kind_display()) for paper in standing]


def _consulted(project: InstallationProject, event: str) -> Sequence[tuple[Any, str, str]]:
    if event == LifecycleEvent.CONSULT:
        current = prior_consultation.current(project)
        if current is not None and current.replied_on is not None:
            return [(current.replied_on, current.reply_document, "사전협의 회신")]
    if event == LifecycleEvent.DELIBERATE:
        told = project.public_consultations.filter(result_published_at__isnull=False).order_by("-pk").first()
        if told is not None and told.result_published_at is not None:
            return [(timezone.localdate(told.result_published_at), told.number, "의견수렴 결과")]
    return []


def _resolved(project: InstallationProject, event: str) -> Sequence[tuple[Any, str, str]]:
    if event != LifecycleEvent.APPROVE:
        return []
    passed = Resolution.objects.passed().filter(projects=project).order_by("-on", "-pk").first()
    return [(passed.on, passed.number, "운영위원회 의결")] if passed is not None else []
