"""Papers of the cameras that stand, and three projects on their way: asked, answered with a condition, approved.

Which camera lacks a paper is a matter of its place in the list, not of chance.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Department, Officer
from cameras import lifecycle, papers, prior_consultation, projects
from cameras.enums import (
    ConsultationReply,
    DatasetPurpose,
    InstallPurpose,
    LifecycleEvent,
    PaperKind,
    Pipa25Ground,
)
from cameras.models import Camera, InstallationProject, Site
from cameras.prior_consultation import Condition
from portal.sample import people

BROUGHT_IN = "종이 서류를 시스템에 옮김"
# Of cameras whose month of installation the register does not know.
UNKNOWN_YEAR = 2023
# 개인정보 보호법: nobody had to be asked under it before 2011-09-30.
ACT_IN_FORCE = 2011
PLANNED = {
    "install_purpose": InstallPurpose.CRIME_PREVENTION,
    "dataset_purpose": DatasetPurpose.NEIGHBOURHOOD_CRIME,
    "pipa25_ground": Pipa25Ground.CRIME,
    "retention_days": 30,
    "pixel_10k": 400,
    "filming_range": "반경 30m",
}
CHECKLIST = {"standardised": "yes", "multi_purpose": "yes", "integrated": "yes"}
BUILDER = {
    "registered_builder": "yes",
    "builder_name": "(주)한빛통신기술",
    "builder_registration": "제2020-0123호",
    "builder_checked_on": "2026-01-12",
}
CONSULTATION = {
    "method": "administrative_notice",
    "from_on": "2025-10-28",
    "until_on": "2025-11-27",
    "announced": "강서구보, 누리집",
    "experts": "영상보안 전문가 자문(서면): 이견 없음",
    "opinions": "2",
    "result": "방향 조정 의견 1건 반영, 찬성 1건",
}


def install(manager: Officer, official: Officer) -> None:
    """Once, after the register was brought in."""
    today = timezone.localdate()
    _file_for_standing(official, today)
    planned = _planned_sites()
    _asked(planned[0:2], official, today)
    _answered(planned[2:4], manager, official, today)
    _approved(planned[4:6], official, today)


def _file_for_standing(by: Officer, today: date) -> None:
    """One document each for most of the cameras, as an office does that brings its paper records in."""
    review_on = today - timedelta(days=120)
    _file(PaperKind.INSTALLATION_CHECKLIST, date(2026, 1, 15), CHECKLIST, by, lambda place: place % 15 != 4)
    _file(PaperKind.BUILDER_REGISTRATION, date(2026, 1, 15), BUILDER, by, lambda place: place % 15 != 9)
    _file(PaperKind.MONITORING_SCOPE, date(2026, 1, 20), {"scope": "live"}, by, lambda place: place % 18 != 2)
    _file(
        PaperKind.NECESSITY_REVIEW,
        review_on,
        {"result": "keep", "opinion": "범죄·무단투기 신고가 이어져 계속 필요함"},
        by,
        lambda place: place % 10 != 6,
    )
    _file_before_installation(by)


def _file_before_installation(by: Officer) -> None:
    """What is asked before a camera is put up has the day on which it was asked: the year before the installation."""
    for year in sorted({_year(month) for _key, month in _standing()}):
        before = year - 1
        if before < ACT_IN_FORCE:
            continue
        asked = {"from_on": f"{before}-10-28", "until_on": f"{before}-11-27"}
        _file(
            PaperKind.PUBLIC_CONSULTATION,
            date(before, 12, 1),
            CONSULTATION | asked,
            by,
            lambda place: place % 20 != 9,
            year,
        )
        _file(
            PaperKind.PRIOR_CONSULTATION,
            date(before, 10, 20),
            {"requesting_department": "각 설치부서", "reply": "agree"},
            by,
            lambda place: place % 25 != 8,
            year,
        )


def _standing() -> list[tuple[int, date | None]]:
    return list(Camera.objects.in_service().order_by("sort_key").values_list("pk", "installed_month"))


def _year(month: date | None) -> int:
    return month.year if month else UNKNOWN_YEAR


def _file(
    kind: PaperKind,
    on: date,
    contents: Mapping[str, Any],
    by: Officer,
    chosen: Callable[[int], bool],
    year: int | None = None,
) -> None:
    """Of all cameras, or those put up in that year."""
    picked = [
        key
        for place, (key, month) in enumerate(_standing())
        if chosen(place) and year in (None, _year(month))
    ]
    if not picked:
        return
    number = 3000 + list(PaperKind).index(kind)
    papers.file(
        kind,
        on=on,
        document_number=f"{people.SAFETY}-{number}" if year is None else f"{people.SAFETY}-{year}-{number}",
        title=BROUGHT_IN if year is None else f"{year}년에 설치한 카메라의 {kind.label}",
        cameras=Camera.objects.among(picked),
        contents=contents,
        by=by,
    )


def _planned_sites() -> list[Site]:
    """Poles that stand already and get another camera: every four hundredth."""
    return list(Site.objects.order_by("number")[50:2000:200])


def _department(name: str) -> Department:
    return Department.objects.get(institution__name=people.INSTITUTION, name=name)


def _project(
    title: str, department: str, sites: list[Site], by: Officer, summary: str
) -> InstallationProject:
    planned_on = timezone.localdate() - timedelta(days=60)
    project = projects.open_project(
        title,
        installing_department=_department(department),
        by=by,
        summary=summary,
        works_start_on=timezone.localdate() + timedelta(days=60),
    )
    for site in sites:
        projects.plan_camera(site, PLANNED, by=by, reason=title, project=project, on=planned_on)
    return project


def _asked(sites: list[Site], by: Officer, today: date) -> None:
    project = _project("어린이공원 방범 카메라 설치", people.PARKS, sites, by, "어린이공원 출입구에 설치")
    prior_consultation.ask(
        project,
        plan=project.summary,
        request_document=f"{people.PARKS}-714",
        on=today - timedelta(days=3),
        by=by,
    )


def _answered(sites: list[Site], manager: Officer, by: Officer, today: date) -> None:
    project = _project(
        "상습 무단투기 지역 카메라 설치", people.CLEANING, sites, by, "무단투기 신고가 잦은 두 곳"
    )
    asked_on, replied_on = today - timedelta(days=40), today - timedelta(days=33)
    consultation = prior_consultation.ask(
        project, plan=project.summary, request_document=f"{people.CLEANING}-288", on=asked_on, by=by
    )
    prior_consultation.reply(
        consultation,
        ConsultationReply.CONDITIONS,
        text="장소는 적정하나 아래 조건을 이행하여 주시기 바랍니다.",
        document_number=f"{people.SAFETY}-1902",
        on=replied_on,
        by=manager,
        conditions=[
            Condition("주거지 창문을 향하지 않도록 가림막을 설치할 것", today + timedelta(days=10)),
            Condition("통합관제센터에 연계할 것"),
        ],
    )
    _step(LifecycleEvent.CONSULT, project, replied_on, by)


def _approved(sites: list[Site], by: Officer, today: date) -> None:
    """By the responsible department itself: no prior consultation is needed."""
    project = _project("골목길 방범 카메라 교체", people.SAFETY, sites, by, "노후 카메라 옆에 새로 설치")
    on = today - timedelta(days=20)
    for kind, contents in (
        (PaperKind.INSTALLATION_CHECKLIST, CHECKLIST),
        (PaperKind.PUBLIC_CONSULTATION, CONSULTATION),
        (PaperKind.RESOLUTION, {"meeting": "2026년 제3차 운영위원회", "outcome": "passed"}),
    ):
        papers.file(
            kind, on=on, document_number=f"{people.SAFETY}-2417", project=project, contents=contents, by=by
        )
    for event in (LifecycleEvent.CONSULT, LifecycleEvent.DELIBERATE, LifecycleEvent.APPROVE):
        _step(event, project, on, by)


def _step(event: LifecycleEvent, project: InstallationProject, on: date, by: Officer) -> None:
    cameras = Camera.objects.not_removed().filter(project=project)
    lifecycle.act(event, cameras, on=on, by=by, reason=project.title, document_number=f"{people.SAFETY}-2500")
