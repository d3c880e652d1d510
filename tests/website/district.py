"""A district with something on every public page, all of its own words in Korean, down to the numbers of its sites."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone
from wagtail.models import Site as WebSite

from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from accounts.roles import Role
from cameras import contracts, policy
from cameras.consultation import answers, drafting, moderation, publishing
from cameras.consultation.opinions import Answer
from cameras.consultation.period import end_of
from cameras.enums import CameraState, ConsultationMethod
from cameras.models import Camera, Opinion, PublicConsultation
from cameras.signs import substitutes
from casework import privacy
from ordinance import grounds
from records.viewing import intake, notices, unconfirmed
from records.viewing.intake import Received
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import (
    make_draft,
    make_opinion,
    make_project,
    make_published,
    make_running,
    publish_result,
    running_period,
    upload,
)
from tests.cameras.contracts import values
from tests.cameras.factories import CameraFactory
from tests.records.situations import application, decided, letter
from tests.website.sittings import Sittings, sittings
from tests.website.situations import make_place
from website.models import OfficeDetails

SITE = "강서-1"


@dataclass
class District:
    """What the pages are about; `notices` are the numbers of consultations, one in each phase."""

    officer: Officer
    open_notice: PublicConsultation
    answered: list[Opinion]
    viewing: Received
    draft: PublicConsultation
    sittings: Sittings
    notices: list[str] = field(default_factory=list)


def whole_district() -> District:
    officer = OfficerFactory(role=Role.OFFICIAL)
    _office(officer)
    place = make_place(
        SITE,
        "서울특별시 강서구 화곡로 302",
        cameras=2,
        filming_range="교차로",
        filming_hours="평일 낮",
        purpose_detail="어린이 보호",
        special_law_basis="특별법",
        link_status="linked",
    )
    make_place("B-2", "")
    substitutes.decide(
        place, reason="impossible", explanation="산불 감시", document_number="1", from_on=timezone.localdate(),
        until_on=None, by=officer,
    )  # fmt: skip
    _contract(officer)
    open_notice = _open_survey(place.number)
    answered = _with_result()
    others = [_announced(), _closed_early(), _shortened()]
    draft = make_draft(**running_period(0))
    drafting.add_question(draft, "찬성하십니까?", choices=["예", "아니요"])
    return District(
        officer=officer,
        open_notice=open_notice,
        answered=answered,
        viewing=_viewing(officer),
        draft=draft,
        sittings=sittings(officer),
        notices=[each.number for each in (open_notice, answered[0].consultation, *others)],
    )


def _office(officer: Officer) -> None:
    institution = Institution.objects.get_or_create(name="서울특별시 강서구청")[0]
    department = Department.objects.create(institution=institution, name="안전관리과", phone="02-2600-0000")
    ResponsibleDesignation.objects.create(
        department=department, manager_post="안전관리과장", from_on=dt.date(2023, 5, 10)
    )
    details = OfficeDetails.for_site(WebSite.objects.get(is_default_site=True))
    details.address, details.viewing_place, details.viewing_hours = "화곡로 302", "민원실", "평일 9시"
    details.save()
    today = timezone.localdate()
    policy.publish(policy.draft(), by=officer, effective_on=today)
    policy.publish(policy.draft(), by=officer, effective_on=today + dt.timedelta(days=30))
    for entrusted, days in (("위탁하지 않습니다.", 0), ("(주)한빛통신: 서버 유지보수", 30)):
        privacy.publish(
            privacy.OfficeFacts("행정국장 02-2600-0000", entrusted),
            effective_on=today + dt.timedelta(days=days),
            by=officer,
        )


def _contract(officer: Officer) -> None:
    today = timezone.localdate()
    contracts.enter(
        values(scopes=["maintenance", "monitoring"], starts_on=today, ends_on=today + dt.timedelta(days=90)),
        by=officer,
        today=today,
    )


def _open_survey(site_number: str) -> PublicConsultation:
    """Open, with questions, a file, an event and a later end; a camera is planned at a place that has one already."""
    project = make_project()
    Camera.objects.filter(project=project).update(
        purpose_detail="밤길", filming_direction="정문 동쪽", filming_range="골목", filming_hours="24시간"
    )
    place = Camera.objects.filter(site__number=site_number).first()
    assert place is not None
    CameraFactory(site=place.site, ordinal=9, state=CameraState.PLANNED, project=project)
    draft = make_draft(
        project, method=ConsultationMethod.SURVEY, event_at=timezone.now() + dt.timedelta(days=3),
        event_place="구민회관", **running_period(0),
    )  # fmt: skip
    drafting.add_question(draft, "찬성하십니까?", choices=["찬성", "반대"], is_required=True)
    drafting.add_question(draft, "어디가 좋습니까?", choices=["골목", "공원"], is_multiple=True)
    drafting.add_question(draft, "까닭은?")
    drafting.attach(draft, [upload("계획.pdf")], by=draft.made_by)
    published = publishing.publish(draft, by=draft.made_by)
    later = published.closes_at + dt.timedelta(days=7)
    return publishing.extend(published, later, reason="더 들으려고", by=draft.made_by)


def _announced() -> PublicConsultation:
    start = timezone.now() + dt.timedelta(days=3)
    last = timezone.localdate() + dt.timedelta(days=60)
    return make_published(now=timezone.now(), opens_at=start, closes_at=end_of(last))


def _closed_early() -> PublicConsultation:
    closed = make_running()
    return publishing.close_early(closed, reason="계획 취소", by=closed.made_by)


def _shortened() -> PublicConsultation:
    return make_running(urgency_reason="재난", urgency_approver="과장")


def _with_result() -> list[Opinion]:
    """A result with a question, an opinion with a file, one that is hidden and one of answers only."""
    draft = make_draft(method=ConsultationMethod.SURVEY, **running_period())
    question = drafting.add_question(draft, "찬성하십니까?", choices=["찬성", "반대"], is_multiple=True)
    drafting.add_question(draft, "까닭은?")
    published = publishing.publish(draft, by=draft.made_by, now=draft.opens_at)
    now = timezone.now()
    first = make_opinion(
        published, "밝아집니다.", at=now, upload=upload(), answers={question.pk: Answer((0,))}
    )
    hidden = make_opinion(published, "누가 그랬다.", at=now)
    only_answers = make_opinion(published, "", at=now, answers={question.pk: Answer((1,))})
    moderation.hide(hidden, reason="타인의 개인정보", notice="다시 내 주세요.", by=published.made_by)
    publishing.close_early(published, reason="끝", by=published.made_by)
    every = [first, hidden, only_answers]
    answers.answer(
        published, [one.pk for one in every], decision="partly", text="일부 따릅니다", by=published.made_by
    )
    published.refresh_from_db()
    publish_result(published, timezone.now())
    return [Opinion.objects.select_related("consultation").get(pk=one.pk) for one in every]


def _viewing(officer: Officer) -> Received:
    """Refused, told, and the code with which its sender reads it."""
    camera = Camera.objects.filter(site__number=SITE).order_by("ordinal").first()
    assert camera is not None
    got = intake.receive(application(camera))
    unconfirmed.confirm(got.request, "telephone", by=officer)
    got.request.refresh_from_db()
    national = grounds.national_for_refusal("viewing")[0]
    refusal = {"outcome": "refused", "reason": "다른 사람의 생명", "national_ground": national}
    decided(got.request, officer, **refusal)
    notices.notify(got.request, letter(), by=officer)
    return got
