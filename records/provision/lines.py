"""결재선: which posts approve, before or after the release, as the profile says on that day.

`release_approval_line` is what the ordinance demands; `release_steps` and `release_steps_urgent` are what the district's own
rules add (위임전결 규정). Nothing that the ordinance demands is left out, whatever the district wrote.
"""

import datetime as dt
from dataclasses import dataclass

from ordinance import parameters
from records.provision_enums import ApprovalStep as Step

ORDER = list(Step)


@dataclass(frozen=True, slots=True)
class LineStep:
    step: Step
    is_after: bool = False

    def __str__(self) -> str:
        return f"{self.step.label}{' (사후)' if self.is_after else ''}"


@dataclass(frozen=True, slots=True)
class Demand:
    """What the ordinance asks for: before the release, and afterwards."""

    before: tuple[Step, ...]
    after: tuple[Step, ...] = ()


# Value of `release_approval_line` -> for grounds 1 to 5, and for the urgent one (ordinance art. 21(1)6, (3)). Sibling
# ordinances ask for the mayor whatever the ground, and say nothing of approving afterwards.
DEMANDS: dict[str, tuple[Demand, Demand]] = {
    "urgent_mayor_after": (Demand((Step.HEAD,)), Demand((Step.HEAD,), (Step.MAYOR,))),
    "mayor_all": (Demand((Step.HEAD, Step.MAYOR)), Demand((Step.HEAD, Step.MAYOR))),
    "department_head": (Demand((Step.HEAD,)), Demand((Step.HEAD,))),
}
SEPARATOR = "-"


def of_day(on: dt.date, *, is_urgent: bool) -> list[LineStep]:
    """The line in its order; what comes afterwards comes last."""
    found = parameters.snapshot(on, codes=["release_approval_line", "release_steps", "release_steps_urgent"])
    demand = DEMANDS[str(found["release_approval_line"].value)][is_urgent]
    own = found["release_steps_urgent" if is_urgent else "release_steps"].value
    wanted = {Step(code) for code in str(own).split(SEPARATOR)} if own else set()
    before = [step for step in ORDER if step in wanted | set(demand.before) and step not in demand.after]
    return [*map(LineStep, before), *(LineStep(step, is_after=True) for step in demand.after)]


def allows_afterwards(on: dt.date) -> bool:
    """Whether this profile knows a release before its last approval at all."""
    return any(line.is_after for line in of_day(on, is_urgent=True))
