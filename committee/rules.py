"""The committee's resolution on an installation (ordinance art. 28), where the profile asks for one."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cameras.enums import CameraState, LifecycleEvent, PaperKind
from cameras.models import Camera
from cameras.rules.facts import cameras_from, has_paper, last_paper
from committee.models import Resolution, ResolutionCamera
from ordinance.rules import Citation, Context, Rule, Subject

REQUIRED = "install_resolution_required"
SMALL = "small_install_threshold"
_IN_PROCESS = (CameraState.APPROVED, CameraState.INSTALLED)


def _to_be_resolved(context: Context) -> QuerySet[Any]:
    """Installations that began under the requirement.

    A camera in service is covered when it was installed in the month in which the requirement took effect or later,
    or belongs to a project of this system; one of earlier years, or of an unknown month, was not asked for a
    resolution then.
    """
    asked = context.parameter(REQUIRED)
    if not asked.value:
        return Camera.objects.none()
    rows = cameras_from(CameraState.APPROVED, context)
    if not context.ahead:
        since = asked.effective_on.replace(day=1)
        recent = Q(installed_month__gte=since) | Q(project__isnull=False) | Q(state__in=_IN_PROCESS)
        rows = rows.filter(recent)
    return _without_small_installations(rows, context.parameter(SMALL).value)


def _without_small_installations(rows: QuerySet[Any], threshold: int | None) -> QuerySet[Any]:
    """Some districts let fewer cameras than a threshold be installed first and reported later."""
    if threshold is None:
        return rows
    together = (
        Camera.objects.filter(project=OuterRef("project"))
        .order_by()
        .values("project")
        .annotate(many=Count("pk"))
        .values("many")
    )
    return rows.alias(together=Coalesce(together, 1)).filter(together__gte=threshold)


def _without_resolution(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    passed = Resolution.objects.passed().filter(on__lte=context.on)
    of_project = Resolution.projects.through.objects.filter(
        resolution__in=passed, installationproject=OuterRef("project")
    )
    of_camera = ResolutionCamera.objects.filter(
        resolution__in=passed, camera=OuterRef("pk"), installation=OuterRef("installation")
    )
    return rows.exclude(
        Q(Exists(of_project))
        | Q(Exists(of_camera))
        | has_paper(PaperKind.RESOLUTION, condition=Q(on__lte=context.on))
    )


RESOLUTION = Rule(
    code="resolution",
    title="운영위원회의 의결",
    article=28,
    subject=Subject.CAMERA,
    subjects=_to_be_resolved,
    unmet=_without_resolution,
    proof=lambda context: last_paper(PaperKind.RESOLUTION),
    message="설치에 대한 운영위원회의 의결이 없습니다.",
    remedy="설치 사업을 위원회의 안건으로 올리고 의결을 기록하십시오.",
    remedy_url="committee:resolutions",
    citations=(Citation("제28조"),),
    gates=frozenset({LifecycleEvent.APPROVE}),
    covers=(
        "의결을 요구하기로 정한 자치구에서 그 뒤에 설치한 카메라(승인 이후, 철거 제외). 먼저 설치할 수 있는 소규모 설치는 "
        "넣지 않습니다. 제28조는 심의 사항을 열거할 뿐이므로 요구할지는 설정으로 정합니다."
    ),
)

RULES = (RESOLUTION,)
