"""Two consultations of the sample district: one that is open, and one that ended with its result."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Department, Officer
from cameras import projects
from cameras.consultation import answers, drafting, experts, moderation, opinions, publishing, result
from cameras.consultation.opinions import Answer, Given
from cameras.consultation.period import end_of
from cameras.enums import (
    ConsultationMethod,
    DatasetPurpose,
    InstallPurpose,
    OpinionChannel,
    OpinionDecision,
    Pipa25Ground,
)
from cameras.models import InstallationProject, PublicConsultation, Site
from portal.sample import people

CAMERAS = 4
OPEN_SINCE_DAYS, OPEN_FOR_DAYS = 6, 30
PAST_BEGAN_DAYS, PAST_LASTED_DAYS = 75, 30


def hold(by: Officer, manager: Officer, now: datetime) -> None:
    """Once: a district that has consultations keeps its own."""
    if PublicConsultation.objects.exists():
        return
    _past(by, manager, now)
    _open(by, manager, now)


def _project(title: str, summary: str, department: str, first_site: int, by: Officer) -> InstallationProject:
    project = projects.open_project(
        title,
        installing_department=Department.objects.get(name=department, institution__name=people.INSTITUTION),
        summary=summary,
        by=by,
    )
    values = {
        "install_purpose": InstallPurpose.CRIME_PREVENTION,
        "dataset_purpose": DatasetPurpose.NEIGHBOURHOOD_CRIME,
        "pipa25_ground": Pipa25Ground.CRIME,
        "filming_direction": "골목 양방향",
        "filming_range": "반경 30m",
        "retention_days": 30,
    }
    for site in Site.objects.order_by("number")[first_site : first_site + CAMERAS]:
        projects.plan_camera(site, values, by=by, reason=title, project=project)
    return project


def _morning(now: datetime, days_ago: int) -> datetime:
    on = timezone.localtime(now).date() - timedelta(days=days_ago)
    return datetime.combine(on, time(9, 0), timezone.get_default_timezone())


def _past(by: Officer, manager: Officer, now: datetime) -> None:
    began = _morning(now, PAST_BEGAN_DAYS)
    project = _project(
        "가양동 골목길 방범 카메라 확충", "야간 보행 안전을 위한 방범 카메라 4대", people.PARKS, 20, by
    )
    draft = drafting.open_draft(
        project,
        by=by,
        method=ConsultationMethod.SURVEY,
        title="가양동 골목길 방범 카메라 설치 설문조사",
        text="어두운 골목길에서 범죄를 예방하기 위하여 방범 카메라 4대를 설치하려고 합니다.\n\n설치 장소와 촬영 범위에 대한 의견을 듣습니다.",
        places="강서구보\n가양1동 주민센터 게시판",
        opens_at=began,
        closes_at=end_of(began.date() + timedelta(days=PAST_LASTED_DAYS)),
    )
    drafting.add_question(
        draft, "설치에 찬성하십니까?", choices=["찬성", "반대", "잘 모르겠음"], is_required=True
    )
    drafting.add_question(
        draft, "걱정되는 점은 무엇입니까?", choices=["사생활", "예산", "실효성", "없음"], is_multiple=True
    )
    consultation = publishing.publish(draft, by=manager, now=began)
    first, second = consultation.questions.all()
    said = (
        ("밤에 걷기 무서웠는데 반갑습니다. 가로등도 함께 손봐 주세요.", 0, (3,)),
        ("창문이 찍히지 않게 각도를 조정해 주십시오.", 0, (0,)),
        ("이미 카메라가 많습니다. 순찰을 늘리는 편이 낫다고 생각합니다.", 1, (1, 2)),
        ("", 0, (3,)),
        ("", 2, ()),
    )
    for number, (text, chosen, worries) in enumerate(said, start=1):
        given = Given(text=text, answers={first.pk: Answer((chosen,)), second.pk: Answer(worries)})
        at = began + timedelta(days=number * 4, hours=3)
        opinions.submit(consultation, given, submission_key=f"sample-past-{number}", now=at)
    rows = list(consultation.opinions.order_by("pk"))
    for chosen_rows, decision, text in (
        (rows[:1], OpinionDecision.ACCEPTED, "가로등은 도로과와 함께 점검하여 두 곳을 교체하겠습니다."),
        (rows[1:2], OpinionDecision.ACCEPTED, "주택 창문이 촬영되지 않도록 가림 처리하고 각도를 조정합니다."),
        (
            rows[2:3],
            OpinionDecision.NOT_ACCEPTED,
            "순찰은 경찰서와 협의하여 늘리되, 밤 시간대 신고가 많은 곳이어서 계획대로 설치합니다.",
        ),
        (rows[3:], OpinionDecision.NOTED, "설문 응답을 집계에 반영하였습니다."),
    ):
        answers.answer(consultation, [row.pk for row in chosen_rows], decision=decision, text=text, by=by)
    consultation.refresh_from_db()
    experts.hear(
        consultation,
        who="(표본) 대학교 범죄예방설계 교수",
        heard_on=began.date() + timedelta(days=7),
        said="골목의 굽은 곳마다 사각이 없도록 두 방향을 함께 비추는 것이 좋겠습니다.",
        document_number="안전관리과-표본-21",
        by=by,
    )
    published_at = consultation.closes_at + timedelta(days=10, hours=10)
    result.publish(consultation, result.suggested_text(consultation), by=manager, now=published_at)


def _open(by: Officer, manager: Officer, now: datetime) -> None:
    began = _morning(now, OPEN_SINCE_DAYS)
    project = _project(
        "화곡동 안심귀갓길 카메라 설치", "안심귀갓길 구간의 방범 카메라 4대", people.SAFETY, 60, by
    )
    draft = drafting.open_draft(
        project,
        by=by,
        method=ConsultationMethod.ADMINISTRATIVE_NOTICE,
        title="화곡동 안심귀갓길 방범 카메라 설치 행정예고",
        text="안심귀갓길로 지정된 구간의 범죄를 예방하기 위하여 방범 카메라 4대를 설치하려고 합니다.\n\n음성은 녹음하지 않으며, 영상은 30일 동안 보관한 뒤 파기합니다.",
        places="강서구보\n화곡1동 주민센터 게시판\n구청 게시판",
        opens_at=began,
        closes_at=end_of(began.date() + timedelta(days=OPEN_FOR_DAYS)),
    )
    consultation = publishing.publish(draft, by=manager, now=began)
    said = (
        ("적극 찬성합니다. 되도록 빨리 설치해 주세요.", "", ""),
        (
            "저희 집 마당이 찍힐까 걱정됩니다. 설치 전에 촬영 범위를 보여 주십시오.",
            "표본 주민",
            "02-0000-0000",
        ),
        ("여기보다 놀이터 쪽이 더 급합니다.", "", ""),
    )
    for number, (text, name, contact) in enumerate(said, start=1):
        at = began + timedelta(days=number, hours=5)
        given = Given(text=text, name=name, contact=contact)
        opinions.submit(consultation, given, submission_key=f"sample-open-{number}", now=at)
    rude = opinions.enter(
        consultation,
        Given(text="옆집 사람 이름과 전화번호를 적은 글 (표본)"),
        channel=OpinionChannel.POST,
        received_at=began + timedelta(days=4),
        by=by,
        now=now,
    )
    moderation.hide(
        rude,
        reason="타인의 개인정보",
        notice="다른 사람의 이름과 전화번호를 빼고 다시 보내 주시면 공개합니다.",
        by=by,
    )
