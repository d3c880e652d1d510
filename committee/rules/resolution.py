"""The committee's resolution on an installation (ordinance art. 28), where the profile asks for one."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cameras.enums import CameraState, LifecycleEvent, PaperKind
from cameras.models import Camera
from cameras.rules.facts import cameras_from, has_paper, last_paper
from committee.models import Resolution, ResolutionCamera
from ordinance.decisions import RESOLUTION_ON_INSTALLATION as REQUIRED
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject

SMALL = "small_install_threshold"
_IN_PROCESS = (CameraState.APPROVED, CameraState.INSTALLED)


def _to_be_resolved(context: Context) -> QuerySet[Any]:
    """Installations that began under the requirement.

    A camera in service is covered when it was installed in the month in which the requirement took effect or later,
    or belongs to a project of this system; one of earlier years, or of an unknown month, was not asked for a
    resolution then.
    """
    if not _is_required(context):
        return Camera.objects.none()
    rows = cameras_from(CameraState.APPROVED, context)
    if not context.ahead:
        rows = rows.filter(_under_the_requirement(context))
    return _without_small_installations(rows, context.parameter(SMALL).value)


def _is_required(context: Context) -> bool:
    """Art. 28 lists what the committee deliberates on, not the approval of an installation: a document must say so."""
    asked = context.parameter(REQUIRED)
    return bool(asked.value and asked.document)


def _under_the_requirement(context: Context) -> Q:
    since = context.parameter(REQUIRED).effective_on.replace(day=1)
    return Q(installed_month__gte=since) | Q(project__isnull=False) | Q(state__in=_IN_PROCESS)


def _not_to_be_resolved(context: Context) -> QuerySet[Any]:
    rows = cameras_from(CameraState.APPROVED, context)
    return rows.exclude(_under_the_requirement(context)) if _is_required(context) else rows


def _why_not(context: Context) -> str:
    asked = context.parameter(REQUIRED)
    if _is_required(context):
        return f"의결을 요구하기로 한 날({asked.effective_on}) 전에 설치하였거나 설치연월을 알 수 없음"
    return (
        "적용하지 않음. 제28조는 설치마다 의결하라고 하지 않으며, 요구하기로 한 구청장의 결정이나 규칙이 없음"
    )


def _why_not_asked(context: Context) -> str:
    if not _is_required(context):
        return "설치마다 의결을 요구하기로 한 구청장의 결정이나 규칙이 없습니다(제28조는 심의 사항을 열거합니다)."
    return f"{context.parameter(SMALL).value}대보다 적은 소규모 설치여서 의결 없이 먼저 설치할 수 있습니다."


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
    mended_by="committee.add_resolution",
    citations=(Citation("제28조"),),
    gates=frozenset({LifecycleEvent.APPROVE}),
    exclusion=Exclusion(_not_to_be_resolved, _why_not),
    why_not_asked=_why_not_asked,
    covers=(
        "의결을 요구하기로 한 구청장의 결정이나 규칙(번호, 날짜, 제목)이 있는 자치구에서 그 뒤에 설치한 카메라(승인 이후, "
        "철거 제외). 먼저 설치할 수 있는 소규모 설치는 넣지 않습니다. 제28조는 심의 사항을 열거할 뿐 설치의 의결을 요구하지 "
        "않으므로, 결정한 문서가 없으면 적용하지 않습니다."
    ),
)
