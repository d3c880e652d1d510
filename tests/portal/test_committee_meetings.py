"""운영위원회: a meeting from its agenda to its votes on screen, and the one page of a signed link."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import next_steps
from committee import ballots, minutes
from committee.enums import BallotChoice, MeetingKind
from committee.models import Ballot, Meeting, Resolution
from ordinance import assessment
from ordinance.models import Finding
from ordinance.rules import Subject
from portal import home
from tests.accounts.factories import OfficerFactory
from tests.cameras.life import upload
from tests.committee.factories import MeetingFactory, code_in, planned, recorded, scan, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client):
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    return client


def url(name, *args):
    return reverse(f"committee:{name}", args=args)


def test_a_meeting_goes_from_its_agenda_to_its_vote_and_one_withdrawal_costs_a_quorum(secretary):
    today = timezone.localdate()
    terms = seated()
    data = {"kind": "meeting", "on": today.isoformat(), "starts_at": "14:00", "place": "대회의실"}
    secretary.post(url("meeting_add"), data)
    meeting = Meeting.objects.get()
    item = {"kind": "deliberate", "function_no": 1, "title": "안건", "text": "심의한다."}
    for _ in range(2):
        secretary.post(url("item_add", meeting.pk), item)
    first, second = meeting.items.all()
    told = {"sent_on": today.isoformat(), "way": "both", "document_number": "안전-1"}
    late = secretary.post(url("notice", meeting.pk), told).content.decode()
    assert "늦게 알릴 수 있는 사유" in late
    told |= {"late_ground": "urgent", "late_reason": "긴급 복구", "step": "apply"}
    secretary.post(url("notice", meeting.pk), told)
    assert meeting.notices.get().is_late
    secretary.post(url("attend", meeting.pk), {"present": [term.pk for term in terms[:4]]})
    secretary.post(
        url("recuse", first.pk), {"term": terms[0].pk, "kind": "withdrawal", "reason": "가족의 업체"}
    )
    text = secretary.get(url("meeting", meeting.pk)).content.decode()
    assert "의사정족수 미달: 의결할 수 없음" in text
    assert "가족의 업체" not in text
    assert secretary.get(url("item_resolve", first.pk)).status_code == 302
    vote = {
        "function_no": 1,
        "title": "안건",
        "text": "원안대로",
        "on": today.isoformat(),
        "votes_for": 4,
        "votes_against": 0,
        "abstained": 0,
        "conditions": "결과를 보고할 것",
        "conditions_due_on": (today + dt.timedelta(days=30)).isoformat(),
        "step": "apply",
    }
    wrong = secretary.post(url("item_resolve", second.pk), vote | {"votes_for": 5}).content.decode()
    assert "합(5명)이 출석위원(4명)과 다릅니다" in wrong
    seen = secretary.post(url("item_resolve", second.pk), vote | {"step": "check"})
    assert ("반대", "0") in seen.context["preview"]["answers"]
    secretary.post(url("item_resolve", second.pk), vote)
    done = Resolution.objects.get()
    assert (done.item, done.enrolled, done.present) == (second, 7, 4)
    condition = done.follow_ups.get()
    proof = {"on": today.isoformat(), "proof": "보고함", "uploads": [upload("증빙.txt", b"words")]}
    secretary.post(url("condition_fulfil", condition.pk), proof)
    opens_its_file(secretary, "resolution", done.pk)
    assert "보고함" in secretary.get(url("resolution", done.pk)).content.decode()


def test_whoever_reads_the_page_of_a_meeting_opens_the_papers_that_it_names(secretary):
    """Papers of an item have no right of their own: they are seen with their meeting."""
    meeting = planned(timezone.localdate())
    item = {"kind": "deliberate", "function_no": 1, "title": "안건", "text": "심의한다."}
    secretary.post(url("item_add", meeting.pk), item | {"uploads": [upload("자료.txt", b"words")]})
    opens_its_file(secretary, "meeting", meeting.pk)


def test_a_written_opinion_is_compared_line_by_line_with_its_scan(secretary):
    today, other = timezone.localdate(), OfficerFactory(role=Role.CCTV_MANAGER)
    terms = seated(other)
    meeting = planned(today, kind=MeetingKind.WRITTEN, by=other)
    answers = {item.pk: (BallotChoice.FOR, "야간 조도를 낮출 것") for item in meeting.items.all()}
    facts = {"on": today, "today": today, "by": other, "files": [scan()]}
    paper = ballots.give_on_paper(meeting, terms[0], answers, **facts)[0].paper
    shown = secretary.get(url("paper_confirm", paper.pk)).content.decode()
    scanned = reverse("attachments:download", args=[paper.attachments.get().pk])
    assert shown.index("같습니까?") < shown.index(scanned) < shown.index("<caption>옮겨 적은 것")
    assert shown.count(">야간 조도를 낮출 것<") == len(answers)


def opens_its_file(secretary, name, pk):
    shown = secretary.get(url(name, pk)).content.decode()
    (file,) = re.findall(r'href="(/portal/attachments/[^"]+)"', shown)
    assert secretary.get(file).status_code == 200


def test_the_page_of_a_meeting_asks_as_often_for_two_items_as_for_many(secretary):
    seated()
    meeting = planned(timezone.localdate())
    secretary.get(url("meeting", meeting.pk))
    with CaptureQueriesContext(connection) as few:
        secretary.get(url("meeting", meeting.pk))
    for number in range(4):
        item = {"kind": "report", "function_no": 6, "title": f"보고 {number}", "text": "보고한다."}
        secretary.post(url("item_add", meeting.pk), item)
    with CaptureQueriesContext(connection) as many:
        secretary.get(url("meeting", meeting.pk))
    assert len(many) == len(few)


def link_of(secretary, meeting, term) -> tuple[str, str]:
    """The address, as the secretary reads it once, and the code, which only the member reads."""
    text = secretary.post(url("issue_link", meeting.pk, term.pk, "ballot")).content.decode()
    address = re.search(r"/committee/answer/[\w-]+/", text)[0]
    code = code_in(mail.outbox[-1])
    assert code not in text
    return address, code


def test_a_signed_link_opens_one_page_answers_once_and_shows_what_was_answered(secretary):
    terms = seated()
    meeting = planned(timezone.localdate(), kind=MeetingKind.WRITTEN)
    address, code = link_of(secretary, meeting, terms[5])
    _, others = link_of(secretary, meeting, terms[4])
    member = Client()
    shown = member.get(address)
    text = shown.content.decode()
    assert "김서연 위원" in text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in shown.headers["Cache-Control"]
    answers = {f"choice-{item.pk}": "for" for item in meeting.items.all()}
    first = meeting.items.first()
    answers[f"opinion-{first.pk}"] = "주민에게 알릴 것"
    assert (
        "확인번호가 맞지 않습니다. 4번" in member.post(address, answers | {"code": others}).content.decode()
    )
    missing = {key: value for key, value in answers.items() if key != f"choice-{first.pk}"}
    assert "오류:" in member.post(address, missing | {"code": code}).content.decode()
    assert not Ballot.objects.exists()
    done = member.post(address, answers | {"code": code}, follow=True).content.decode()
    assert "의견을 내셨습니다" in done
    assert "주민에게 알릴 것" in done
    assert "<form method" not in done.split("의견을 내셨습니다")[1]
    again = member.post(address, answers | {"code": code}).content.decode()
    assert "의견을 내셨습니다" in again
    assert Ballot.objects.count() == 2
    assert member.get("/committee/answer/none-of-ours/").status_code == 404
    text = secretary.get(url("meeting", meeting.pk)).content.decode()
    assert "서명 주소" in text
    assert "주민에게 알릴 것" not in text


def test_each_open_meeting_is_with_who_keeps_the_committee_and_says_what_it_waits_for(secretary, client):
    soon = planned(timezone.localdate() + dt.timedelta(days=30))
    draft = recorded(MeetingFactory(on=timezone.localdate() - dt.timedelta(days=40))).meeting
    minutes.begin(draft, by=OfficerFactory())
    Meeting.objects.filter(pk=MeetingFactory(on=timezone.localdate(), planned=True).pk).update(
        cancelled_on=timezone.localdate()
    )
    person = OfficerFactory(role=Role.COMMITTEE_SECRETARY)
    mine = {item.title: item for item in home.desk(person, timezone.now()).mine if item.due_on}
    assert mine[f"운영위원회 {soon}"].verb == "소집 통지 기록하기"
    late = mine[f"운영위원회 {draft}"]
    assert (late.verb, late.due_on < timezone.localdate()) == ("위원의 확인 받기", True)
    assert len(mine) == 2
    others = home.desk(OfficerFactory(role=Role.OFFICIAL), timezone.now()).mine
    assert not [item for item in others if item.kind == "운영위원회" or "minutes" in item.key]
    page = secretary.get(url("minutes", draft.minutes.pk)).content.decode()
    assert "다음: 위원의 확인 받기" in page
    assert url("minutes_lock", draft.minutes.pk) not in page, "nothing is locked before it was confirmed"
    assert (
        "다음: 위원의 확인 받기"
        in secretary.get(url("resolution", draft.resolutions.get().pk)).content.decode()
    )


def test_the_addresses_of_a_written_deliberation_are_made_all_at_once(secretary):
    terms = seated()
    meeting = planned(timezone.localdate() + dt.timedelta(days=5), kind=MeetingKind.WRITTEN)
    terms[0].member.email = ""
    terms[0].member.save()
    assert (
        "아직 위원에게 알리지 않은 서면심의입니다"
        in secretary.get(url("meeting", meeting.pk)).content.decode()
    )
    assert next_steps.of(meeting, timezone.now()).url_name == "committee:links"
    shown = secretary.post(url("links", meeting.pk)).content.decode()
    assert len(set(re.findall(r"/committee/answer/[\w-]+", shown))) == 6
    assert (meeting.links.filter(void_at=None).count(), len(mail.outbox)) == (6, 6)
    assert "전자우편 주소를 적어 두지 않은 위원" in shown
    waits = next_steps.of(meeting, timezone.now())
    assert (waits.verb, "위원 1명에게는 의견서를 종이로" in waits.note) == ("기다림", True)
    secretary.post(url("links", meeting.pk))
    assert meeting.links.count() == 6, "who was told gets no second address by it"


def test_minutes_of_a_written_deliberation_are_nobodys_task(client):
    """The ordinance lets them be left out (art. 29)."""
    for facts in ({}, {"written": True}):
        meeting = MeetingFactory(on=timezone.localdate() - dt.timedelta(days=40), **facts)
        resolved = recorded(meeting).meeting
        step = next_steps.of(resolved, timezone.now())
        assert (step.verb if step else None) == (None if facts else "회의록 쓰기")


def test_who_wrote_every_address_is_not_asked_to_make_them(client):
    keeper, other = OfficerFactory(role=Role.COMMITTEE_SECRETARY), OfficerFactory(role=Role.CCTV_MANAGER)
    seated(keeper)
    meeting = planned(timezone.localdate() + dt.timedelta(days=5), kind=MeetingKind.WRITTEN, by=keeper)
    step = next_steps.of(meeting, timezone.now())
    assert (step.is_for(keeper), step.is_for(other)) == (False, True)


def test_a_meeting_whose_hour_has_passed_waits_for_its_attendance(secretary):
    seated()
    now = timezone.localtime()
    meeting = planned(now.date())
    for hour, verb in ((0, "출석 기록하기"), (23, "소집 통지 기록하기")):
        Meeting.objects.filter(pk=meeting.pk).update(starts_at=dt.time(hour, 59 if hour else 0))
        meeting.refresh_from_db()
        assert next_steps.of(meeting, timezone.now()).verb == verb
        page = secretary.get(url("meeting", meeting.pk))
        assert ("아직 열리지 않은" in page.content.decode()) is bool(hour)
        first = next(action for action in page.context["page_actions"] if action.is_primary)
        assert first.label.startswith(verb[:5])


def test_an_item_names_rules_that_are_not_met_and_no_others(secretary):
    meeting = planned(timezone.localdate() + dt.timedelta(days=30))
    before = secretary.get(url("item_add", meeting.pk)).context["form"].fields.get("rule_codes")
    assert "minutes_published" not in dict(before.choices if before else ())
    late = MeetingFactory(on=timezone.localdate() - dt.timedelta(days=90))
    assessment.follow([late.number], kind=Subject.MEETING)
    offered = secretary.get(url("item_add", meeting.pk)).context["form"].fields["rule_codes"].choices
    assert "minutes_published" in dict(offered)
    assert len(offered) == Finding.objects.open().values("rule").distinct().count()
