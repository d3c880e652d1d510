"""From the agenda to the vote: notice, attendance, who steps aside, written opinions, conditions (art. 28, 29)."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core import mail
from django.db import connection

from casework.refusals import Refused
from committee import (
    agenda,
    attendance,
    ballot_proofs,
    ballots,
    conditions,
    links,
    meetings,
    membership,
    notices,
    quorum,
    recusals,
    resolutions,
)
from committee.enums import BallotChoice, LinkPurpose, MeetingKind, NoticeWay, Outcome, RecusalKind
from committee.meetings import MeetingFacts
from committee.models import Ballot, PaperAnswer, Resolution, SignedLink
from committee.notices import NoticeFacts
from committee.voting import Vote
from ledger.models import Entry
from ordinance import parameters
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import (
    HELD_ON,
    MeetingFactory,
    code_in,
    given_on_paper,
    of_item,
    planned,
    scan,
    seated,
    who,
)
from tests.ordinance.duties import assess, covered, unmet

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def officer():
    return OfficerFactory()


def sent(on: dt.date, **more) -> NoticeFacts:
    return NoticeFacts(on, NoticeWay.BOTH, "안전관리과-300", **more)


def moved(meeting, on, officer):
    facts = MeetingFacts(MeetingKind.MEETING, on, meeting.place, starts_at=meeting.starts_at)
    return meetings.change(meeting, facts, by=officer, reason="위원장 일정", today=TODAY)


def test_the_notice_is_seven_days_before_counted_back_and_a_later_one_needs_a_reason(officer):
    meeting = planned(dt.date(2026, 12, 10))
    due_on = notices.deadline(meeting).due_on
    assert due_on <= dt.date(2026, 12, 3)
    with pytest.raises(Refused, match="늦게 알릴 수 있는 사유"):
        notices.send(meeting, sent(due_on + dt.timedelta(days=1)), by=officer, today=dt.date(2026, 12, 9))
    late = sent(due_on + dt.timedelta(days=1), late_ground="urgent", late_reason="폭우 대비")
    assert notices.send(meeting, late, by=officer, today=dt.date(2026, 12, 9)).is_late
    assert "폭우" not in Entry.objects.get(kind="committee.notice_sent").payload


def test_a_meeting_that_was_moved_or_changed_after_the_notice_has_none(officer):
    meeting = planned(dt.date(2026, 12, 10))
    before, after = dt.date(2026, 12, 1), dt.date(2026, 12, 9)
    assert unmet("meeting_notice", on=before) == set()
    assert unmet("meeting_notice", on=after) == {meeting.number}
    notices.send(meeting, sent(dt.date(2026, 11, 19)), by=officer, today=TODAY)
    assert unmet("meeting_notice", on=after) == set()
    meeting = moved(meeting, dt.date(2026, 12, 17), officer)
    assert notices.current(meeting) is None
    assert unmet("meeting_notice", on=dt.date(2026, 12, 15)) == {meeting.number}
    notices.send(meeting, sent(TODAY), by=officer, today=TODAY)
    assert unmet("meeting_notice", on=dt.date(2026, 12, 15)) == set()
    agenda.drop(meeting.items.last(), reason="자료 보완", by=officer)
    assert unmet("meeting_notice", on=dt.date(2026, 12, 15)) == {meeting.number}
    attendance.cancel(meeting, reason="안건 없음", by=officer, today=TODAY)
    assert unmet("meeting_notice", on=dt.date(2026, 12, 15)) == set()


def test_no_notice_is_asked_of_meetings_whose_day_for_it_was_before_the_duty():
    began = parameters.value(notices.DAYS).effective_on
    MeetingFactory(on=began + dt.timedelta(days=6))
    first = MeetingFactory(on=began + dt.timedelta(days=7))
    assert covered("meeting_notice") == {first.number}
    figures = assess().result["meeting_notice"]
    assert (figures["subjects"], figures["not_applicable"]) == (1, 1)


def test_the_notice_of_a_meeting_that_was_entered_after_it_was_held_can_be_entered(officer):
    facts = MeetingFacts(MeetingKind.MEETING, HELD_ON, "구청 대회의실", enrolled=15, present=12)
    meeting = meetings.record(facts, by=officer, today=TODAY)
    assert unmet("meeting_notice", on=TODAY) == {meeting.number}
    agenda.add(meeting, agenda.ItemFacts(1, "방범용 CCTV 통합관리 계획", "계획을 심의한다."), by=officer)
    notices.send(meeting, sent(HELD_ON - dt.timedelta(days=9)), by=officer, today=TODAY)
    assert unmet("meeting_notice", on=TODAY) == set()


def test_a_notice_without_an_agenda_and_one_after_the_meeting_are_refused(officer):
    meeting = meetings.record(MeetingFacts(MeetingKind.MEETING, HELD_ON, "방"), by=officer, today=TODAY)
    with pytest.raises(Refused, match="안건을 먼저"):
        notices.send(meeting, sent(HELD_ON - dt.timedelta(days=9)), by=officer, today=TODAY)
    with pytest.raises(Refused, match="뒤일 수 없습니다"):
        notices.send(planned(), sent(HELD_ON + dt.timedelta(days=1)), by=officer, today=TODAY)


def held(officer, absent: int = 0):
    """A meeting of seven, of whom so many stayed away."""
    terms = seated(officer)
    meeting = planned(by=officer)
    there = [term.pk for term in terms[: len(terms) - absent]]
    return terms, attendance.record(meeting, there, by=officer, today=TODAY)


def test_one_withdrawal_costs_the_quorum_of_one_item(officer):
    terms, meeting = held(officer, absent=3)
    first, second = meeting.items.all()
    recusals.declare(first, terms[0], RecusalKind.WITHDRAWAL, reason="가족의 업체", by=officer)
    counted = quorum.counts(meeting)
    assert (counted[first.pk].present, counted[first.pk].enrolled, counted[first.pk].is_quorate) == (
        3,
        7,
        False,
    )
    assert counted[second.pk].is_quorate
    with pytest.raises(Refused, match="의사정족수"):
        resolutions.record(meeting, of_item(first, (3, 0, 0)), by=officer, today=TODAY)
    done = resolutions.record(meeting, of_item(second, (3, 1, 0)), by=officer, today=TODAY)
    assert (done.item, done.outcome, done.present) == (second, Outcome.PASSED, 4)


def test_whoever_stepped_aside_does_not_vote_and_votes_do_not_exceed_those_present(officer):
    terms, meeting = held(officer)
    item = meeting.items.first()
    recusals.declare(item, terms[5], RecusalKind.EXCLUSION, reason="당사자", by=officer)
    with pytest.raises(Refused, match="물러난 위원 1명은 표결하지 못합니다"):
        resolutions.record(
            meeting, of_item(item, (7, 0, 0), vote=Vote(7, 7, 7, 0, 0)), by=officer, today=TODAY
        )
    with pytest.raises(Refused, match="합\\(8명\\)이 출석위원"):
        resolutions.record(meeting, of_item(item, (8, 0, 0)), by=officer, today=TODAY)
    tie = resolutions.record(meeting, of_item(item, (3, 3, 0)), by=officer, today=TODAY)
    assert tie.outcome == Outcome.FAILED
    with pytest.raises(Refused, match="이미 의결한 안건"):
        resolutions.record(meeting, of_item(item, (6, 0, 0)), by=officer, today=TODAY)
    right = resolutions.correct(tie, of_item(item, (4, 2, 0)), reason="찬반 수 오기", by=officer, today=TODAY)
    assert (right.item, right.outcome) == (item, Outcome.PASSED)


def test_the_profile_says_whether_who_stepped_aside_is_enrolled(officer):
    from ordinance.models import Parameter

    terms, meeting = held(officer)
    item = meeting.items.first()
    recusals.declare(item, terms[5], RecusalKind.EXCLUSION, reason="당사자", by=officer)
    assert quorum.of_item(item).enrolled == 7
    Parameter.objects.filter(code=quorum.COUNTED).update(value=False)
    assert quorum.of_item(item).enrolled == 6


def test_a_challenge_waits_for_the_committee_and_nothing_is_decided_meanwhile(officer):
    terms, meeting = held(officer)
    item = meeting.items.first()
    asked = recusals.declare(item, terms[5], RecusalKind.CHALLENGE, reason="친척", by=officer)
    with pytest.raises(Refused, match="기피 신청을 아직"):
        resolutions.record(meeting, of_item(item, (7, 0, 0)), by=officer, today=TODAY)
    recusals.decide(asked, is_accepted=False, on=HELD_ON, by=officer)
    assert quorum.of_item(item).present == 7
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM committee_recusal")
        assert "친척" not in cursor.fetchone()[0]


def test_only_members_of_the_day_attend_and_figures_follow_from_the_sheet(officer):
    terms = seated(officer)
    meeting = planned(by=officer)
    membership.end(
        terms[6], on=HELD_ON - dt.timedelta(days=1), ground="wish", document_number="1", by=officer
    )
    with pytest.raises(Refused, match="임기 중이 아닌"):
        attendance.record(meeting, [terms[6].pk], by=officer, today=TODAY)
    with pytest.raises(Refused, match="아직 열리지"):
        attendance.record(meeting, [terms[0].pk], by=officer, today=HELD_ON - dt.timedelta(days=1))
    meeting = attendance.record(meeting, [term.pk for term in terms[:5]], by=officer, today=TODAY)
    assert (meeting.enrolled, meeting.present) == (6, 5)
    facts = MeetingFacts(MeetingKind.MEETING, HELD_ON, "방", enrolled=15, present=15)
    with pytest.raises(Refused, match="출석부"):
        meetings.change(meeting, facts, by=officer, reason="고침", today=TODAY)
    with pytest.raises(Refused, match="안건은 바꿀 수 없습니다"):
        agenda.drop(meeting.items.first(), reason="늦음", by=officer)
    with pytest.raises(Refused, match="출석부에 있는 위원"):
        membership.end(
            terms[5], on=HELD_ON - dt.timedelta(days=9), ground="wish", document_number="1", by=officer
        )


# -- written deliberation


@pytest.fixture
def written(officer):
    terms = seated(officer)
    return terms, planned(TODAY, kind=MeetingKind.WRITTEN, by=officer)


def all_for(meeting):
    return {item.pk: (BallotChoice.FOR, "") for item in meeting.items.all()}


def issued(meeting, term, officer):
    """The address, as who made it sees it, and the code, as the member reads it."""
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    made = links.issue(meeting, term, LinkPurpose.BALLOT, until=until, by=officer)
    return made, code_in(mail.outbox[-1])


def test_a_signed_link_answers_once_with_the_members_own_code(officer, written):
    terms, meeting = written
    second = OfficerFactory()
    (mine, code), (_, others) = issued(meeting, terms[5], second), issued(meeting, terms[4], second)
    assert mail.outbox[0].to == [terms[5].member.email]
    assert mine.secret not in mail.outbox[0].body
    stored = SignedLink.objects.get(pk=mine.link.pk)
    assert mine.secret not in (stored.digest, stored.code_digest)
    with pytest.raises(links.WrongCode):
        ballots.give_by_link(mine.link, mine.secret, others, all_for(meeting))
    assert not Ballot.objects.exists()
    ballots.give_by_link(mine.link, mine.secret, code.lower(), all_for(meeting))
    assert {ballot.term_id for ballot in Ballot.objects.all()} == {terms[5].pk}
    with pytest.raises(Refused, match="이미 답하셨습니다"):
        ballots.give_by_link(mine.link, mine.secret, code, all_for(meeting))
    with pytest.raises(Refused, match="이미 답한 위원"):
        issued(meeting, terms[5], second)


def test_a_link_ends_with_time_with_wrong_codes_and_with_a_new_one(officer, written):
    terms, meeting = written
    maker = OfficerFactory()
    first, _ = issued(meeting, terms[5], maker)
    second, code = issued(meeting, terms[5], maker)
    assert "거둔 주소" in links.why_not(links.find(first.secret))
    for _ in range(links.MOST_TRIES):
        links.note_wrong(second.link)
    with pytest.raises(Refused, match="여러 번 틀려"):
        ballots.give_by_link(second.link, second.secret, code, all_for(meeting))
    third, code = issued(meeting, terms[5], maker)
    SignedLink.objects.filter(pk=third.link.pk).update(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(Refused, match="기한이 지났습니다"):
        ballots.give_by_link(third.link, third.secret, code, all_for(meeting))
    assert links.find("다른 주소") is None


def test_nobody_in_the_office_can_answer_for_a_member_alone(officer, written, monkeypatch):
    """Who entered the members' addresses makes no link; a code that cannot leave leaves no link; a paper needs its scan."""
    terms, meeting = written
    with pytest.raises(Refused, match="위원의 전자우편 주소를 적은 사람이 아닌 다른 사람"):
        issued(meeting, terms[5], officer)
    second = OfficerFactory()
    theirs = who(email="second@example.org")
    membership.change(terms[5].member, theirs, reason="주소 변경", by=second)
    with pytest.raises(Refused, match="위원의 전자우편 주소를 적은 사람이 아닌 다른 사람"):
        issued(meeting, terms[5], second)
    terms[5].member.refresh_from_db()
    issued(meeting, terms[5], officer)
    assert mail.outbox[-1].to == ["second@example.org"]
    membership.change(terms[4].member, replace(who(), email=""), reason="주소 삭제", by=officer)
    terms[4].member.refresh_from_db()
    with pytest.raises(Refused, match="적어 두지 않은 위원"):
        issued(meeting, terms[4], second)
    monkeypatch.setattr(links.EmailMessage, "send", lambda self: 0)
    with pytest.raises(Refused, match="보내지 못해"):
        issued(meeting, terms[3], second)
    assert SignedLink.objects.count() == 1

    with pytest.raises(Refused, match="스캔하여"):
        ballots.give_on_paper(meeting, terms[0], all_for(meeting), on=TODAY, by=officer, today=TODAY)
    typed = ballots.give_on_paper(
        meeting, terms[0], all_for(meeting), on=TODAY, by=officer, today=TODAY, files=[scan()]
    )
    assert not Ballot.objects.counted().exists()
    assert quorum.of_item(meeting.items.first()).present == 0
    with pytest.raises(Refused, match="다른 사람이 대조"):
        ballots.confirm(typed[0].paper, by=officer)
    ballots.send_back(typed[0].paper, reason="서명이 다름", by=second)
    given_on_paper(meeting, terms[0], all_for(meeting), on=TODAY, by=second, second=officer)
    assert quorum.of_item(meeting.items.first()).present == 1
    assert [one.term_id for one in Ballot.objects.counted()] == [terms[0].pk] * 2
    with pytest.raises(Refused, match="이미 대조한"):
        ballots.send_back(Ballot.objects.counted()[0].paper, reason="다시", by=second)


def test_a_vote_that_was_changed_in_the_database_is_found(officer, written):
    terms, meeting = written
    second = OfficerFactory()
    for term in terms[:4]:
        given_on_paper(meeting, term, all_for(meeting), on=TODAY, by=officer, second=second)
    link, code = issued(meeting, terms[5], second)
    ballots.give_by_link(link.link, link.secret, code, all_for(meeting))
    waiting = ballots.give_on_paper(
        meeting, terms[4], all_for(meeting), on=TODAY, by=officer, today=TODAY, files=[scan()]
    )
    meeting = ballots.close(meeting, by=officer, today=TODAY + dt.timedelta(days=1))
    assert (meeting.enrolled, meeting.present) == (7, 5)
    item = meeting.items.first()
    resolutions.record(meeting, of_item(item, (5, 0, 0)), by=officer, today=TODAY)

    def faults():
        return {fault.reason for fault in ballot_proofs.check_all() if fault}

    assert faults() == set()
    ballot = Ballot.objects.filter(item=item).first()
    rows = Ballot.objects.filter(pk=ballot.pk)
    changes = (
        (rows, {"choice": BallotChoice.AGAINST}, "바뀌었습니다"),
        (rows, {"salt": ""}, "바뀌었습니다"),
        (rows, {"term": terms[6]}, "바뀌었습니다"),
        (rows, {"void_at": dt.datetime.now(dt.UTC)}, "원장과 다르게"),
        (Ballot.objects.filter(pk=waiting[0].pk), {"paper": None}, "바뀌었습니다"),
        (
            PaperAnswer.objects.filter(pk=waiting[0].paper_id),
            {"confirmed_at": dt.datetime.now(dt.UTC)},
            "원장과 다르게",
        ),
    )
    for row, values, words in changes:
        before = row.values(*values).get()
        row.update(**values)
        assert any(words in reason for reason in faults()), values
        row.update(**before)
    assert faults() == set()
    rows.delete()
    assert any("없어졌습니다" in reason for reason in faults())
    ballot.save(force_insert=True)
    extra = Ballot(item=item, term=terms[6], choice="for", way="paper", on=TODAY, at=ballot.at)
    extra.save()
    assert any("원장 기록 없이" in reason for reason in faults())
    extra.delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE committee_resolution SET votes_for = 4, votes_against = 1")
    assert any("의결 2026-1의 내용이" in reason for reason in faults())


def test_ballots_are_counted_per_item_and_nobody_types_them(officer, written):
    terms, meeting = written
    papers = {"on": TODAY, "by": officer, "second": OfficerFactory()}
    first, second = meeting.items.all()
    recusals.declare(first, terms[5], RecusalKind.EXCLUSION, reason="당사자", by=officer)
    with pytest.raises(Refused, match="물러난 위원은"):
        given_on_paper(meeting, terms[5], all_for(meeting), **papers)
    given_on_paper(meeting, terms[5], {second.pk: (BallotChoice.AGAINST, "반대함")}, **papers)
    for term in terms[:4]:
        given_on_paper(meeting, term, all_for(meeting), **papers)
    with pytest.raises(Refused, match="이미 의견을 낸"):
        given_on_paper(meeting, terms[0], all_for(meeting), **papers)
    with pytest.raises(Refused, match="물러난 위원의 의견은 셀 수 없습니다"):
        recusals.declare(second, terms[5], RecusalKind.WITHDRAWAL, reason="늦음", by=officer)
    with pytest.raises(Refused, match="지나지 않았고"):
        ballots.close(meeting, by=officer, today=TODAY)
    meeting = ballots.close(meeting, by=officer, today=TODAY + dt.timedelta(days=1))
    assert (meeting.enrolled, meeting.present) == (7, 5)
    assert quorum.written_vote(first) == Vote(7, 4, 4, 0, 0)
    assert quorum.written_vote(second) == Vote(7, 5, 4, 1, 0)
    typed = of_item(second, (5, 0, 0))
    with pytest.raises(Refused, match="의견과 다릅니다"):
        resolutions.record(meeting, typed, by=officer, today=TODAY)
    done = of_item(second, (4, 1, 0))
    assert resolutions.record(meeting, done, by=officer, today=TODAY).outcome == Outcome.PASSED


def test_a_written_deliberation_that_all_have_answered_is_decided_on_that_day(officer):
    terms = seated(officer)
    last = TODAY + dt.timedelta(days=10)
    meeting = planned(last, kind=MeetingKind.WRITTEN, by=officer)
    papers = {"on": TODAY, "by": officer, "second": OfficerFactory()}
    for item in meeting.items.all():
        recusals.declare(item, terms[5], RecusalKind.EXCLUSION, reason="당사자", by=officer)
    for term in [*terms[:5], terms[6]]:
        with pytest.raises(Refused, match="지나지 않았고"):
            ballots.close(meeting, by=officer, today=TODAY)
        given_on_paper(meeting, term, all_for(meeting), **papers)
    meeting = ballots.close(meeting, by=officer, today=TODAY)
    assert (meeting.on, meeting.enrolled, meeting.present) == (TODAY, 7, 6)
    done = resolutions.record(meeting, of_item(meeting.items.first(), (6, 0, 0)), by=officer, today=TODAY)
    assert done.on == TODAY


# -- conditions


def test_conditions_are_followed_up_until_they_are_fulfilled(officer):
    _, meeting = held(officer)
    item = meeting.items.first()
    facts = {"conditions": "1. 안내판을 먼저 세울 것\n\n- 결과를 보고할 것"}
    row = resolutions.record(meeting, of_item(item, (7, 0, 0), **facts), by=officer, today=TODAY)
    first, second = row.follow_ups.all()
    assert (first.text, second.text) == ("1. 안내판을 먼저 세울 것", "결과를 보고할 것")
    assert unmet("condition_fulfilled", on=TODAY) == {row.number}
    for each in (first, second):
        conditions.set_due(each, dt.date(2026, 12, 31), by=officer)
    assert covered("condition_fulfilled", on=TODAY) == set(), "in its time it is neither met nor unmet"
    assert unmet("condition_fulfilled", on=dt.date(2027, 1, 1)) == {row.number}
    for each in (first, second):
        conditions.fulfil(each, on=TODAY, proof="현장 확인", by=officer, today=TODAY)
    assert unmet("condition_fulfilled", on=dt.date(2027, 1, 1)) == set()
    assert covered("condition_fulfilled", on=TODAY) == {row.number}
    with pytest.raises(Refused, match="이미 이행"):
        conditions.fulfil(first, on=TODAY, proof="또", by=officer, today=TODAY)
    assert Resolution.objects.get().conditions.startswith("1. 안내판")
