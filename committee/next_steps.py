"""Where the installation of a project waits for a resolution, the secretary acts next (`casework.next_steps`)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from cameras import lifecycle
from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject
from casework.next_steps import NextStep, register
from committee import quorum
from committee.models import AgendaItem, Meeting
from committee.rules import RESOLUTION
from ordinance import problems


def listen() -> None:
    register(InstallationProject, of_projects)


def of_projects(projects: Sequence[InstallationProject], now: datetime) -> dict[int, NextStep]:
    cameras = Camera.objects.filter(
        project__in=[project.pk for project in projects], state=CameraState.DELIBERATED
    )
    found = problems.among((RESOLUTION,), cameras, most=lifecycle.MOST_AT_ONCE)
    numbers = [number for problem in found for number in problem.numbers]
    waiting = set(cameras.filter(number__in=numbers).values_list("project", flat=True)) if numbers else set()
    return {
        project.pk: NextStep(
            "committee.project",
            "의결 기록하기",
            f"설치 사업 {project.number}의 의결",
            "committee.add_resolution",
            "projects:page",
            (project.pk,),
            since=project.opened_at,
            asker_id=project.opened_by_id,
            article=RESOLUTION.provision,
        )
        for project in projects
        if project.pk in waiting
    }


RESOLVE, CALL = "committee.add_resolution", "committee.change_meeting"


def way_to_resolve(project: InstallationProject) -> NextStep:
    """What the secretary does next so that the committee decides on this project: item, meeting, resolution."""
    items = AgendaItem.objects.filter(projects=project, dropped_reason="", meeting__cancelled_on=None)
    item = items.filter(resolutions=None).select_related("meeting").order_by("-meeting__on", "-pk").first()
    if item is not None:
        return _of_item(project, item)
    own = f"project={project.pk}"
    meetings = Meeting.objects.filter(cancelled_on=None)
    # Held without an agenda of this system: its figures are on record, so it may have decided.
    since = timezone.localdate(project.opened_at)
    for meeting in meetings.filter(on__gte=since, enrolled__isnull=False, items=None).order_by("-on", "-pk"):
        if meeting.is_quorate:
            return _step(project, "의결 기록하기", RESOLVE, "committee:resolution_add", meeting.pk, query=own)
    coming = meetings.filter(on__gte=timezone.localdate(), enrolled=None).order_by("on", "pk").first()
    if coming is not None:
        return _step(project, f"{coming}에 안건 올리기", CALL, "committee:item_add", coming.pk, query=own)
    return _step(project, "회의 등록하기", "committee.add_meeting", "committee:meeting_add")


def _of_item(project: InstallationProject, item: AgendaItem) -> NextStep:
    if item.meeting.is_held and item.is_to_decide and quorum.of_item(item).is_quorate:
        return _step(project, "의결 기록하기", RESOLVE, "committee:item_resolve", item.pk)
    return _step(project, f"{item.meeting} 진행하기", CALL, "committee:meeting", item.meeting_id)


def _step(
    project: InstallationProject, verb: str, needs: str, url_name: str, *args: int, query: str = ""
) -> NextStep:
    matter = f"설치 사업 {project.number}의 의결"
    return NextStep("committee.project", verb, matter, needs, url_name, args, query=query)
