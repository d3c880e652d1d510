"""Requests of people and of the police, as they lie on a desk in the middle of a week."""

import uuid
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Officer
from cameras.models import Camera
from ordinance import grounds
from ordinance.models import Ground
from portal.sample.recorder import cameras_on_record
from records.enums import IdentityDocument, RequestChannel, RequesterRole
from records.models import AgencyUnit, Provision, ViewingRequest
from records.provision import approval, authority, bodies, handover, restrictions, review
from records.provision import intake as provision_intake
from records.provision.handover import Digest, Given
from records.provision.intake import Letter
from records.provision.ranges import Range
from records.provision.review import Opinion
from records.provision_enums import ApprovalCapacity, ApprovalStep, Medium, PurposeRelation, ReleaseForm
from records.viewing import identity, intake, papers
from records.viewing.asked import AskedSite
from records.viewing.intake import Application, Person

ORDINANCE_INVESTIGATION, NATIONAL_INVESTIGATION = "3", "7"
# Of a file that this system has never held: what the sample's officer wrote down.
WRITTEN_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def lie_on_the_desk(manager: Officer, official: Officer, now: datetime) -> None:
    """Once: a district that has requests keeps its own."""
    if ViewingRequest.objects.exists() or Provision.objects.exists():
        return
    first, second, third, *_ = cameras_on_record()
    yesterday = now.replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    _from_the_website(first, yesterday)
    _at_the_counter(second, yesterday - timedelta(days=1), official)
    authority.grant(
        manager,
        ApprovalStep.HEAD,
        ApprovalCapacity.HOLDER,
        from_on=yesterday.date() - timedelta(days=60),
        document_number="총무과-7713",
        by=official,
    )
    unit = bodies.add_unit("서울강서경찰서", "형사과", phone="02-2620-0000", by=official)
    _waits_for_the_head(third, unit, yesterday, official)
    _with_the_police(second, unit, yesterday, official, manager)


def _from_the_website(camera: Camera, at: datetime) -> None:
    """Nobody has spoken to the person yet."""
    intake.receive(
        _asked(
            camera, at, Person("홍길동", "010-0000-0000", date(1980, 5, 1), "서울특별시 강서구 화곡로 302")
        )
    )


def _at_the_counter(camera: Camera, at: datetime, by: Officer) -> None:
    """The card was seen; what there is has still to be looked for."""
    person = Person("성춘향", "010-0000-0000", date(1991, 3, 2), "서울특별시 강서구 공항대로 1")
    application = _asked(camera, at, person, channel=RequestChannel.VISIT, document_number="접수-2231")
    request = intake.receive(application, by=by).request
    identity.identify(request, IdentityDocument.RESIDENT_CARD, by=by)
    papers.see(request, ["identity"], by=by)


def _asked(camera: Camera, at: datetime, person: Person, **more: str) -> Application:
    return Application(
        parts=[
            AskedSite(site=camera.site, cameras=[camera], from_at=at, until_at=at + timedelta(minutes=30))
        ],
        asks_existence=False,
        asks_viewing=True,
        asks_correction=False,
        requester=person,
        requester_role=RequesterRole.SUBJECT,
        purpose="자전거를 잃어버려 가져간 때를 확인하려 합니다.",
        submission=uuid.uuid4(),
        **more,
    )


def _waits_for_the_head(camera: Camera, unit: AgencyUnit, at: datetime, by: Officer) -> None:
    _reviewed(_letter(camera, unit, at, "형사과-5521", "재물손괴 사건 수사"), by)


def _with_the_police(camera: Camera, unit: AgencyUnit, at: datetime, by: Officer, head: Officer) -> None:
    """Handed over; what the police do about the restrictions has not come back yet."""
    provision = _reviewed(_letter(camera, unit, at, "형사과-5498", "절도 사건 수사"), by)
    approval.approve(provision, by=head)
    provision.refresh_from_db()
    text, today = restrictions.draft(provision), at.date() + timedelta(days=1)
    restrictions.ask(provision, text=text, document_number="안전관리과-9120", on=today, by=by)
    given = Given(
        at=provision.approvals.latest("decided_at").decided_at,
        file_name=f"{camera.number}_형사과-5498",
        receiver_name="이몽룡",
        medium=Medium.USB,
        file_count=1,
        unmasked_why="수사에 인상착의가 필요함",
        files=[Digest("clip.mp4", WRITTEN_DIGEST)],
    )
    handover.hand_over(provision, given, by=by)


def _letter(camera: Camera, unit: AgencyUnit, at: datetime, number: str, purpose: str) -> Letter:
    return Letter(
        submission=uuid.uuid4(),
        came_at=at,
        number=number,
        on=at.date(),
        unit=unit,
        requester_rank="경위",
        requester_name="변학도",
        requester_phone="02-2620-0000",
        purpose=purpose,
        items="해당 시간의 영상",
        form=ReleaseForm.COPY,
        use_until_on=at.date() + timedelta(days=60),
        ranges=[Range(camera, at - timedelta(hours=2), at - timedelta(hours=1))],
    )


def _reviewed(letter: Letter, by: Officer) -> Provision:
    provision = provision_intake.receive(letter, by=by)
    opinion = Opinion(
        relation=PurposeRelation.OUTSIDE,
        balance="사건이 일어난 시간의 영상에 한정하여 다른 사람의 침해가 작습니다.",
        ground=_ground(grounds.for_provision(letter.on), ORDINANCE_INVESTIGATION),
        national_ground=_ground(grounds.national_for_provision(letter.on), NATIONAL_INVESTIGATION),
    )
    review.put_forward(provision, opinion, by=by)
    provision.refresh_from_db()
    return provision


def _ground(of_the_day: "QuerySet[Ground]", item: str) -> Ground:
    return of_the_day.get(item=item)
