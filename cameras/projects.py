"""설치 사업: open one, put planned cameras into it, close it.

One project has one consultation, one resolution, one contractor; its cameras inherit what it fulfilled. So once a
consultation has begun, no camera joins or leaves unseen: whoever was asked was asked about these cameras.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Department, Officer
from cameras import bulk_change, editing, findings, lifecycle
from cameras.enums import CameraState, PaperKind
from cameras.models import Camera, InstallationProject, Paper, PublicConsultation, Site
from casework import acts
from casework.acts import Act
from casework.numbers_of_year import next_number

OPENED, CHANGED, CLOSED = (
    "cameras.project_opened",
    "cameras.project_changed",
    "cameras.project_closed",
)
# What may be written about a project besides its cameras.
FIELDS = (
    "title",
    "summary",
    "installing_department",
    "contract",
    "builder_name",
    "builder_registration",
    "builder_checked_on",
    "works_start_on",
)


def open_project(
    title: str, *, installing_department: Department, by: Officer, **values: Any
) -> InstallationProject:
    """A project without cameras, under the next number of the year. ValidationError for what it cannot be."""
    project = InstallationProject(opened_by=by)
    with transaction.atomic():
        project.number = next_number(InstallationProject, "", timezone.localdate())
        with acts.begin(OPENED, project, by=by) as act:
            written = {"title": title, "installing_department": installing_department, **values}
            return _write(act, written, reason="설치 사업 등록")


def change_project(
    project: InstallationProject, values: Mapping[str, Any], *, by: Officer, reason: str
) -> InstallationProject:
    """Correct what is written about an open project. Who installs stays once somebody was asked."""
    if not reason.strip():
        raise ValidationError({"reason": "변경 사유를 적어야 합니다."})
    with acts.begin(CHANGED, project, by=by) as act:
        _refuse_closed(act.row)
        department = values.get("installing_department", act.row.installing_department)
        if department != act.row.installing_department and has_begun_consulting(act.row):
            raise ValidationError(
                {"installing_department": "협의나 의견수렴을 시작한 사업의 설치부서는 바꿀 수 없습니다."}
            )
        is_entrusted_anew = "contract" in values and values["contract"] != act.row.contract
        _write(act, values, reason=reason)
        act.afterwards(
            lambda: findings.follow(
                _cameras_of(act.row),
                codes=["prior_consultation", "registered_builder", "sign"],
                fields={"project"} if is_entrusted_anew else (),
            )
        )
    return act.row


def late_start(project: InstallationProject) -> str:
    """착공 예정일 that is over while cameras of the project are not even approved; empty where nothing is wrong."""
    day = project.works_start_on
    if day is None or not project.is_open or day >= timezone.localdate():
        return ""
    if not Camera.objects.filter(project=project, state__in=UNFINISHED).exists() and _cameras_of(project):
        return ""
    return f"착공 예정일({day})이 지났고 아직 설치를 마치지 않았습니다. 날짜가 맞는지 확인하십시오."


def builder_paper(project: InstallationProject) -> Paper | None:
    """The last paper by which the builder's registration was confirmed, for the project or for cameras of it."""
    standing = Paper.objects.filter(kind=PaperKind.BUILDER_REGISTRATION, withdrawn_at__isnull=True)
    those = Q(project=project) | Q(lines__camera__project=project)
    return standing.filter(those).order_by("-on", "-pk").first()


def _cameras_of(project: InstallationProject) -> list[int]:
    return list(Camera.objects.filter(project=project).values_list("pk", flat=True))


def _write(act: Act[InstallationProject], values: Mapping[str, Any], *, reason: str) -> InstallationProject:
    if strange := set(values) - set(FIELDS):
        raise TypeError(f"a project has no {sorted(strange)} to write")
    act.payload["fields"] = sorted(values)
    return act.write(reason=reason, **values)


def has_begun_consulting(project: InstallationProject) -> bool:
    """Somebody was asked about these cameras: the responsible department (art. 7) or the public (art. 8)."""
    asked = project.prior_consultations.standing().exists()
    return (
        asked
        or PublicConsultation.objects.filter(project=project, published_at__isnull=False).exists()
        or project.papers.filter(withdrawn_at__isnull=True).exists()
    )


@transaction.atomic
def add_cameras(
    project: InstallationProject, cameras: QuerySet[Camera], *, by: Officer, reason: str = ""
) -> int:
    """Put planned cameras into a project; how many joined. All or none: ValidationError names who cannot."""
    locked = _locked_open(project)
    _refuse_after_consultation(locked)
    chosen = list(cameras.select_for_update(of=("self",)).order_by("pk"))
    problems = [*_not_planned(chosen), *_in_another_project(chosen, locked)]
    if problems:
        raise ValidationError(problems)
    joining = [camera.pk for camera in chosen if camera.project_id is None]
    bulk_change.write(
        joining,
        {"project_id": locked.pk, "installing_department_id": locked.installing_department_id},
        by=by,
        reason=reason or f"설치 사업 {locked.number}에 넣음",
    )
    # Those that were in it before too: how many a project installs decides whether it needs a resolution.
    findings.follow(_cameras_of(locked), fields={"project"} if locked.contract_id else ())
    return len(joining)


@transaction.atomic
def take_out_cameras(
    project: InstallationProject, cameras: QuerySet[Camera], *, by: Officer, reason: str
) -> int:
    """Take planned cameras out again, while nobody was asked about them."""
    if not reason.strip():
        raise ValidationError({"reason": "빼는 사유를 적어야 합니다."})
    locked = _locked_open(project)
    _refuse_after_consultation(locked)
    chosen = list(cameras.filter(project=locked).select_for_update(of=("self",)).order_by("pk"))
    if problems := _not_planned(chosen):
        raise ValidationError(problems)
    leaving = [camera.pk for camera in chosen]
    bulk_change.write(leaving, {"project_id": None}, by=by, reason=reason)
    findings.follow([*leaving, *_cameras_of(locked)], fields={"project"} if locked.contract_id else ())
    return len(chosen)


@transaction.atomic
def plan_camera(
    site: Site,
    values: Mapping[str, Any],
    *,
    by: Officer,
    reason: str,
    project: InstallationProject | None = None,
    on: datetime.date | None = None,
) -> Camera:
    """A camera that somebody wants to install: it begins as planned, in a project where one is named.

    `on` is the day of the plan, today unless given: no later step can lie before it.
    """
    if on is not None and on > timezone.localdate():
        raise ValidationError({"planned_on": "계획일은 오늘보다 뒤일 수 없습니다."})
    camera = editing.add_camera(site, values, by=by, reason=reason)
    if project is not None:
        add_cameras(project, Camera.objects.filter(pk=camera.pk), by=by)
        camera.refresh_from_db()
    lifecycle.record_plan(camera, on=on or timezone.localdate(), by=by, reason=reason)
    return camera


def _refuse_after_consultation(project: InstallationProject) -> None:
    if has_begun_consulting(project):
        raise ValidationError(
            f"사업 {project.number}{josa(project.number, '은/는')} 이미 협의·의견수렴을 시작했거나 서류가 등록되어 카메라를 넣거나 뺄 수 없습니다"
            "(조례 제7조·제8조: 물은 것은 그때의 카메라뿐입니다). 더할 카메라는 새 사업으로 등록하십시오."
        )


def _not_planned(cameras: list[Camera]) -> list[str]:
    wrong = [camera.number for camera in cameras if camera.state != CameraState.PLANNED]
    return [f"‘계획’ 상태가 아닌 카메라는 사업에 넣거나 뺄 수 없습니다: {_named(wrong)}"] if wrong else []


def _in_another_project(cameras: list[Camera], project: InstallationProject) -> list[str]:
    wrong = [camera.number for camera in cameras if camera.project_id not in (None, project.pk)]
    return [f"다른 사업에 속한 카메라입니다: {_named(wrong)}"] if wrong else []


def _named(numbers: list[str], most: int = 5) -> str:
    rest = len(numbers) - most
    return ", ".join(numbers[:most]) + (f" 외 {rest:,}대" if rest > 0 else "")


def close_project(
    project: InstallationProject, *, on: datetime.date, by: Officer, reason: str
) -> InstallationProject:
    """End a project whose cameras all stand, or that was given up. Its papers keep counting for its cameras."""
    if not reason.strip():
        raise ValidationError({"reason": "종료 사유를 적어야 합니다."})
    with acts.begin(CLOSED, project, by=by) as act:
        _refuse_closed(act.row)
        _refuse_ending(act.row, on)
        act.payload["on"] = on.isoformat()
        act.write(closed_on=on, closed_reason=reason, reason=reason)
    return act.row


def _refuse_ending(project: InstallationProject, on: datetime.date) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": "종료일은 오늘보다 뒤일 수 없습니다."})
    if on < timezone.localdate(project.opened_at):
        raise ValidationError({"on": "종료일은 사업을 등록한 날보다 앞설 수 없습니다."})
    waiting = Camera.objects.filter(project=project, state__in=UNFINISHED).in_order()
    if numbers := list(waiting.values_list("number", flat=True)[:6]):
        raise ValidationError(
            f"아직 설치를 마치지 않은 카메라가 있습니다: {_named(numbers)}. 설치하거나 철거(계획 취소)로 끝내십시오."
        )


UNFINISHED = (CameraState.PLANNED, CameraState.CONSULTED, CameraState.DELIBERATED, CameraState.APPROVED)


def _locked_open(project: InstallationProject) -> InstallationProject:
    """The project as it is now; refused when it is closed."""
    locked = InstallationProject.objects.select_for_update().get(pk=project.pk)
    _refuse_closed(locked)
    return locked


def _refuse_closed(project: InstallationProject) -> None:
    if not project.is_open:
        raise ValidationError(f"종료한 사업입니다: {project}")
