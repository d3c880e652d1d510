"""Where the installation of a project waits for a resolution, the secretary acts next (`casework.next_steps`)."""

from collections.abc import Sequence
from datetime import datetime

from cameras import lifecycle
from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject
from casework.next_steps import NextStep, register
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
            "committee:meetings",
            since=project.opened_at,
            asker_id=project.opened_by_id,
            article=RESOLUTION.provision,
        )
        for project in projects
        if project.pk in waiting
    }
