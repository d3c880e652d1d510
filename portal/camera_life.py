"""The section "설치부터 철거까지" of a camera's page: what happened, which papers there are, what comes next.

What is missing stands in the section of duties (`portal.duty_badges`).
"""

from django.http import HttpRequest
from django.urls import reverse

from cameras import lifecycle, papers
from cameras.enums import CameraState
from cameras.models import Camera, Move
from portal import camera_sections
from portal.access import may
from portal.camera_sections import Section

MOST_MOVES = 50


def register() -> None:
    camera_sections.register("lifecycle", section, order=10)


def section(request: HttpRequest, camera: Camera) -> Section | None:
    if not may(request.user, ["cameras.view_lifecycleact"]):
        return None
    moves = list(
        Move.objects.filter(camera=camera)
        .select_related("act__by", "act__project")
        .prefetch_related("act__attachments")
        .order_by("-pk")[:MOST_MOVES]
    )
    may_move = may(request.user, ["cameras.move_camera"])
    return Section(
        title="설치부터 철거까지",
        template="portal/life/camera_section.html",
        anchor="lifecycle",
        context={
            "camera": camera,
            "moves": moves,
            "papers": list(papers.papers_of(camera)[:MOST_MOVES]),
            "next": _steps(camera) if may_move else [],
            "may_file": may(request.user, ["cameras.file_paper"]) and camera.state != CameraState.REMOVED,
            "file_url": f"{reverse('papers:file')}?ids={camera.pk}",
        },
    )


def _steps(camera: Camera) -> list[tuple[str, str, bool]]:
    """Label and address of each step that the table allows, and whether it is the one forward."""
    forward = lifecycle.TABLE.next_event(camera.state)
    url = f"{reverse('lifecycle:act')}?ids={camera.pk}"
    return [
        (str(line.event.label), f"{url}&event={line.event}", line.event == forward)
        for line in lifecycle.TABLE.allowed(camera.state)
    ]
