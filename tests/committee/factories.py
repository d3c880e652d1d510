"""Meetings and resolutions of the operating committee."""

import datetime as dt
import re
from dataclasses import dataclass

import factory
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from casework.numbers_of_year import next_ordinal
from committee import agenda, ballots, links, meetings, membership, quorum, resolutions
from committee.agenda import ItemFacts
from committee.enums import APPOINTED, CommitteeFunction, MeetingKind, SeatGround
from committee.meetings import MeetingFacts
from committee.membership import MemberFacts, TermFacts
from committee.models import Meeting, Resolution, SignedLink, Term
from committee.resolutions import Decision
from committee.voting import Vote
from ordinance.decisions import RESOLUTION_ON_INSTALLATION, Document, decide
from tests.accounts.factories import OfficerFactory

HELD_ON = dt.date(2026, 11, 5)


class MeetingFactory(DjangoModelFactory):
    """A meeting of 12 of 15 members."""

    class Meta:
        model = Meeting

    class Params:
        planned = factory.Trait(enrolled=None, present=None)
        written = factory.Trait(kind=MeetingKind.WRITTEN, place="", written_reason="경미한 안건")

    year = factory.SelfAttribute("on.year")
    ordinal = factory.LazyAttribute(lambda meeting: next_ordinal(Meeting, meeting.year))
    number = factory.LazyAttribute(lambda meeting: f"{meeting.year}-{meeting.ordinal}")
    on = HELD_ON
    place = "구청 대회의실"
    enrolled = 15
    present = 12


def decision(*, on: dt.date = HELD_ON, votes: tuple[int, int, int] = (10, 1, 1), **facts) -> Decision:
    """A decision of 15 enrolled members with these votes for, against and abstained."""
    vote = facts.pop("vote", None) or Vote(15, sum(votes), *votes)
    named = {
        "function_no": CommitteeFunction.INTEGRATED_MANAGEMENT,
        "title": "방범용 CCTV 설치 심의",
        "text": "원안대로 의결한다.",
        **facts,
    }
    return Decision(on=on, vote=vote, **named)


def recorded(meeting: Meeting | None = None, **facts) -> Resolution:
    """A resolution recorded the way the office does it; carried unless `votes` say otherwise."""
    held = meeting or MeetingFactory()
    facts.setdefault("on", held.on)
    return resolutions.record(
        held, decision(**facts), by=OfficerFactory(), today=max(dt.date(2026, 11, 20), held.on)
    )


DECISION = Document("안전관리과-77", dt.date(2023, 5, 10), "설치 사업의 위원회 의결에 관한 구청장 방침")


def demand_resolutions() -> None:
    """The mayor's decision, without which nobody asks for a resolution on an installation."""
    decide(RESOLUTION_ON_INSTALLATION, True, effective_on=DECISION.on, document=DECISION, by=OfficerFactory())


APPOINTED_ON = dt.date(2026, 1, 1)


def who(name: str = "김서연", gender: str = "woman", **facts) -> MemberFacts:
    """Somebody with a contact."""
    told = {
        "affiliation": "한국대학교 교수",
        "phone": "010-1234-5678",
        "email": "member@example.org",
        **facts,
    }
    return MemberFacts(name=name, gender=gender, **told)


def seat(ground: str = "expert", *, from_on: dt.date = APPOINTED_ON, **facts) -> TermFacts:
    is_appointed = ground in APPOINTED
    told = {
        "document_number": "안전관리과-1",
        "recruitment": "open" if is_appointed else "",
        "recommended_by": "강서구의회" if ground == "councillor" else "",
        **facts,
    }
    return TermFacts(ground=SeatGround(ground), from_on=from_on, **told)


POSTS = (
    ("deputy_mayor", "박준호", "man", "부구청장", True),
    ("director_general", "이미경", "woman", "안전교통국장", True),
    ("division_head", "최도윤", "man", "안전관리과장", True),
    ("councillor", "정하늘", "woman", "구의원", False),
    ("police", "강민재", "man", "강서경찰서 범죄예방과장", False),
    ("expert", "김서연", "woman", "한국대학교 교수", False),
    ("other", "오지훈", "man", "주민자치회 회장", False),
)


def seated(officer=None, *, from_on: dt.date = APPOINTED_ON) -> list[Term]:
    """A committee of seven: three ex officio, four appointed, two of each gender among these."""
    by = officer or OfficerFactory()
    return [
        membership.appoint(
            who(name, gender, affiliation=affiliation, is_district_official=is_official),
            seat(ground, from_on=from_on),
            by=by,
        )
        for ground, name, gender, affiliation, is_official in POSTS
    ]


def planned(on: dt.date = HELD_ON, *, kind: MeetingKind = MeetingKind.MEETING, by=None) -> Meeting:
    """A meeting (or written deliberation) of the seated committee, with two items."""
    officer = by or OfficerFactory()
    facts = MeetingFacts(
        kind,
        on,
        place="구청 대회의실" if kind == MeetingKind.MEETING else "",
        written_reason="경미한 안건" if kind == MeetingKind.WRITTEN else "",
        starts_at=dt.time(14) if kind == MeetingKind.MEETING else None,
    )
    meeting = meetings.record(facts, by=officer, today=on)
    for number, title in enumerate(("방범용 CCTV 통합관리 계획", "공원 CCTV의 연계 계획"), start=1):
        agenda.add(meeting, ItemFacts(number, title, "계획을 심의한다."), by=officer)
    return meeting


def of_item(item, votes: tuple[int, int, int], **facts) -> Decision:
    """A decision on an item of the agenda, with the figures of the item."""
    count = quorum.of_item(item)
    vote = facts.pop("vote", None) or Vote(count.enrolled, count.present, *votes)
    named = {"function_no": item.function_no, "title": item.title, "text": "원안대로 의결한다.", **facts}
    return Decision(on=named.pop("on", item.meeting.on), vote=vote, item=item, **named)


def code_in(mail) -> str:
    """The code of a signed link, as only the member reads it."""
    return re.search(r"확인번호: ([2-9A-HJ-NP-Z]{6})", mail.body)[1]


def audio(size: int = 1_000) -> SimpleUploadedFile:
    return SimpleUploadedFile("회의.mp3", b"ID3" + bytes(size), "audio/mpeg")


def scan():
    return SimpleUploadedFile("의견서.pdf", b"%PDF-1.7\nsigned\n%%EOF\n", "application/pdf")


def given_on_paper(meeting, term, answers, *, on, by, second) -> list:
    """Typed from a signed paper by one official, compared with its scan by another."""
    made = ballots.give_on_paper(meeting, term, answers, on=on, by=by, today=on, files=[scan()])
    ballots.confirm(made[0].paper, by=second)
    return made


@dataclass(frozen=True)
class Sent:
    """A signed link as the member has it: the address from the office, the code from the mail."""

    link: SignedLink
    secret: str
    code: str


def sent_link(meeting, term, purpose, *, until) -> Sent:
    """Made by somebody who did not enter the member's mail address."""
    made = links.issue(meeting, term, purpose, until=until, by=OfficerFactory())
    return Sent(made.link, made.secret, code_in(mail.outbox[-1]))
