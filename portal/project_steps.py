"""The way of a project from plan to operation, as a checklist: what is done, what is next, what is missing for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

from cameras import lifecycle
from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, InstallationProject
from ordinance import problems, rules
from portal.remedies import url_of

FORWARD = (
    LifecycleEvent.CONSULT,
    LifecycleEvent.DELIBERATE,
    LifecycleEvent.APPROVE,
    LifecycleEvent.INSTALL,
    LifecycleEvent.OPERATE,
)
_ORDER = list(CameraState)


@dataclass(frozen=True)
class Condition:
    """A rule that the step waits for, and for how many of the project's cameras it is unmet."""

    title: str
    article: str
    unmet: int
    remedy: str
    url: str
    warning: str


@dataclass(frozen=True)
class Step:
    event: str
    label: str
    article: str
    # Cameras that stand right before this step, and those that are beyond it.
    ready: int
    beyond: int
    total: int
    conditions: list[Condition] = field(default_factory=list)
    url: str = ""
    is_current: bool = False

    @property
    def is_done(self) -> bool:
        return bool(self.total) and self.beyond == self.total

    @property
    def missing(self) -> list[Condition]:
        return [condition for condition in self.conditions if condition.unmet]

    @property
    def first_remedy(self) -> Condition | None:
        """The first thing that is missing and has a screen where it is put right."""
        return next((condition for condition in self.missing if condition.url), None)


def steps_of(project: InstallationProject, states: Mapping[str, int]) -> list[Step]:
    """`states` counts the project's cameras by state. One query per rule, however many cameras there are."""
    standing = {state: count for state, count in states.items() if state != CameraState.REMOVED}
    total = sum(standing.values())
    found = []
    is_current_known = False
    for event in FORWARD:
        line = lifecycle.TABLE.line(event)
        before = line.from_states[0]
        ready = standing.get(before, 0)
        beyond = sum(
            count
            for state, count in standing.items()
            if _ORDER.index(CameraState(state)) > _ORDER.index(before)
        )
        is_current = bool(ready) and not is_current_known
        is_current_known = is_current_known or is_current
        query = urlencode({"project": project.pk, "state": before, "event": event})
        found.append(
            Step(
                event=event,
                label=str(event.label),
                article=line.article,
                ready=ready,
                beyond=beyond,
                total=total,
                conditions=_conditions(project, event) if total and beyond < total else [],
                url=f"{reverse('lifecycle:act')}?{query}",
                is_current=is_current,
            )
        )
    return found


def _conditions(project: InstallationProject, event: str) -> list[Condition]:
    gates = lifecycle.gates(event)
    cameras = Camera.objects.not_removed().filter(project=project)
    unmet = {
        problem.rule.code: problem for problem in problems.among(gates, cameras, most=lifecycle.MOST_AT_ONCE)
    }
    found = []
    for rule in gates:
        problem = unmet.get(rule.code)
        numbers = problem.numbers if problem else ()
        found.append(
            Condition(
                title=rule.title,
                article=rule.provision,
                unmet=len(numbers),
                remedy=rule.remedy if numbers else "",
                url=_url(rule, project, numbers) if numbers else "",
                warning=rule.warning,
            )
        )
    return found


def _url(rule: rules.Rule, project: InstallationProject, numbers: tuple[str, ...]) -> str:
    if rule.code == "prior_consultation":
        return reverse("prior_consultation:ask", args=[project.pk])
    return url_of(rule.remedy_url, project, numbers, rule=rule.code)
