"""What a resolution sets going: the step of its cameras that rests on it (ordinance art. 28).

The step itself, with its gates, is `cameras.lifecycle`; here it gets the resolution as its citation.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Q

from cameras import lifecycle
from cameras.enums import LifecycleEvent
from cameras.models import Camera, LifecycleAct
from cameras.querysets import CameraQuerySet
from casework.refusals import Refusal, refuse_if
from committee.models import Resolution

if TYPE_CHECKING:
    from accounts.models import Officer

# What the committee's decision can be the ground of.
EVENTS = (LifecycleEvent.DELIBERATE, LifecycleEvent.APPROVE)
ARTICLE = "조례 제28조·제29조"


def cameras_of(resolution: Resolution) -> CameraQuerySet:
    """Cameras of its projects, and those that it names and that were not moved since."""
    named = Camera.objects.filter(
        resolution_lines__resolution=resolution, resolution_lines__installation=F("installation")
    )
    cameras: CameraQuerySet = Camera.objects.filter(
        Q(project__in=resolution.projects.all()) | Q(pk__in=named.values("pk"))
    )
    return cameras


def waiting_for(event: str, resolution: Resolution) -> CameraQuerySet:
    """Its cameras that stand right before that step."""
    before = lifecycle.TABLE.line(event).from_states
    waiting: CameraQuerySet = cameras_of(resolution).filter(state__in=before)
    return waiting


def check(event: str, resolution: Resolution, *, on: dt.date) -> list[Refusal]:
    """Why the step cannot be taken on this resolution; nothing is written."""
    if refusals := _refuse_resolution(resolution, on):
        return refusals
    return lifecycle.check(event, waiting_for(event, resolution), on=on)


def carry_out(event: str, resolution: Resolution, *, on: dt.date, by: "Officer") -> LifecycleAct:
    """Take the step for all cameras that wait for it. `Refused` says which rule stands against it."""
    refuse_if(_refuse_resolution(resolution, on))
    projects = list(resolution.projects.all()[:2])
    return lifecycle.act(
        event,
        waiting_for(event, resolution),
        on=on,
        by=by,
        document_number=f"의결 {resolution.number}",
        reason=resolution.citation,
        attachments=list(resolution.attachments.all()),
        project=projects[0] if len(projects) == 1 else None,
    )


def _refuse_resolution(resolution: Resolution, on: dt.date) -> list[Refusal]:
    if not Resolution.objects.passed().filter(pk=resolution.pk).exists():
        return [
            Refusal(
                "resolution",
                "부결되었거나 정정된 의결로는 카메라를 처리할 수 없습니다.",
                ARTICLE,
                "정정한 의결이 있으면 그 의결에서 처리하십시오.",
            )
        ]
    if on < resolution.on:
        return [
            Refusal(
                "before",
                f"처리일이 의결일({resolution.on:%Y-%m-%d})보다 앞섭니다.",
                ARTICLE,
                "날짜를 확인하십시오.",
            )
        ]
    return []
