"""What the committee hears of use and provision outside the purpose (art. 28 no. 5): each state of the rule."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from committee import agenda, cited
from committee.agenda import ItemFacts
from committee.models import AgendaItem, Resolution
from ordinance import assessment, rules
from ordinance.models import Finding
from ordinance.rules import Context, Subject
from records.models import HandOver, Provision
from tests.committee.factories import MeetingFactory, decision, recorded
from tests.footage.factories import CameraFactory
from tests.records import provisions as world

pytestmark = pytest.mark.django_db

CODE = "release_deliberated"
TODAY = timezone.localdate
A_YEAR = 366


@pytest.fixture
def officer():
    return world.official()


@pytest.fixture
def camera():
    return CameraFactory()


def judged(provision, days=0):
    """Not covered (None), met (""), or what is missing, so many days from now."""
    rule, context = rules.get(CODE), Context(TODAY() + timedelta(days=days), "gangseo")
    rows = rule.subjects(context).filter(pk=provision.pk)
    if not rows:
        return None
    found = rule.unmet(rows, context).values_list(rule.evidence(context), flat=True)
    return next(iter(found), "")


def item_on(provision, meeting, by):
    return agenda.add(
        meeting, ItemFacts(5, "목적 외 제공의 보고", "보고한다.", provisions=[provision]), by=by
    )


def test_a_report_is_due_after_the_months_of_the_profile_and_met_by_a_meeting_that_was_held(camera, officer):
    provision = world.released(camera, officer)
    assert judged(provision) is None
    assert judged(provision, A_YEAR) == "unreported"
    meeting = MeetingFactory(on=TODAY() + timedelta(days=10), planned=True)
    item = item_on(provision, meeting, officer)
    assert judged(provision, A_YEAR) == "planned"
    agenda.drop(item, reason="자료가 늦음", by=officer)
    assert judged(provision, A_YEAR) == "unreported"
    AgendaItem.objects.update(dropped_reason="")
    type(meeting).objects.update(enrolled=15, present=12)
    assert judged(provision, A_YEAR) == ""
    # Reported early: it is among those that met the duty, and not yet on the day before.
    assert judged(provision, 10) == ""
    assert judged(provision, 9) is None
    type(meeting).objects.update(cancelled_on=TODAY(), enrolled=None, present=None)
    assert judged(provision, A_YEAR) == "unreported"


def before(camera, officer, document, **more):
    opinion = world.opinion(committee_care="before", committee_document=document, **more)
    return world.released(camera, officer, opinion)


def test_what_is_deliberated_first_needs_a_carried_resolution_of_before_the_hand_over(camera, officer):
    meeting = MeetingFactory(on=TODAY())
    carried = recorded(meeting, function_no=5)
    provision = before(camera, officer, carried.number)
    assert judged(provision) == ""
    failed = recorded(meeting, votes=(3, 6, 3), function_no=5)
    Provision.objects.filter(pk=provision.pk).update(committee_document=failed.number)
    assert judged(provision) == "undecided"
    Provision.objects.filter(pk=provision.pk).update(committee_document=carried.number)
    yesterday = datetime.combine(TODAY() - timedelta(days=1), time(23, 30), timezone.get_current_timezone())
    HandOver.objects.update(at=yesterday)
    assert judged(provision) == "late"


def test_only_a_carried_resolution_on_record_is_cited_or_one_on_paper_from_before(officer):
    paper_on = TODAY() - timedelta(days=30)
    assert "기록된 의결이 아닙니다" in cited.problem("위원회-7", None, TODAY())
    assert cited.problem("위원회-7", paper_on, TODAY()) == ""
    assert "뒤일 수 없습니다" in cited.problem("위원회-7", TODAY() + timedelta(days=1), TODAY())
    meeting = MeetingFactory(on=TODAY())
    carried, failed = recorded(meeting, function_no=5), recorded(meeting, votes=(3, 6, 3), function_no=5)
    other = recorded(meeting, function_no=1)
    assert cited.problem(carried.number, None, TODAY()) == ""
    for number, day, words in (
        (carried.number, paper_on, "지우십시오"),
        (failed.number, None, "부결된"),
        (other.number, None, "제28조제5호"),
        ("위원회-7", None, "기록된 의결이 아닙니다"),
        ("위원회-7", TODAY(), "먼저 위원회의 의결로"),
    ):
        assert words in cited.problem(number, day, TODAY())
    assert cited.problem("위원회-7", paper_on, TODAY()) == ""


def test_an_item_that_names_it_counts_as_the_number_does(camera, officer):
    provision = before(camera, officer, "위원회-7", committee_paper_on=TODAY() - timedelta(days=9))
    assert judged(provision) == ""
    Provision.objects.filter(pk=provision.pk).update(committee_paper_on=TODAY() + timedelta(days=1))
    assert judged(provision) == "late"
    Provision.objects.filter(pk=provision.pk).update(committee_paper_on=None)
    assert judged(provision) == "undecided"
    meeting = MeetingFactory(on=TODAY(), enrolled=None, present=None)
    item = item_on(provision, meeting, officer)
    facts = decision(on=TODAY(), function_no=5)
    columns = {"enrolled": 15, "present": 12, "votes_for": 10, "votes_against": 1, "abstained": 1}
    Resolution.objects.create(
        meeting=meeting, item=item, on=TODAY(), year=TODAY().year, ordinal=1, number="2026-1",
        function_no=5, title=facts.title, text=facts.text, outcome="passed", **columns,
    )  # fmt: skip
    assert judged(provision) == ""


def test_what_was_reviewed_as_no_matter_of_the_committee_is_not_applied(camera, officer):
    provision = world.released(camera, officer)
    inside = world.released(
        camera,
        officer,
        world.opinion(
            relation="within", ground=None, national_ground=None, legal_basis="개인정보 보호법 제17조"
        ),
    )
    Provision.objects.filter(pk=provision.pk).update(committee_care="none")
    rule, context = rules.get(CODE), Context(TODAY() + timedelta(days=A_YEAR), "gangseo")
    assert set(rule.exclusion.rows(context)) == {provision}
    assert (judged(provision, A_YEAR), judged(inside, A_YEAR)) == (None, None)


def test_the_findings_follow_the_agenda_and_the_resolution(camera, officer):
    meeting = MeetingFactory(on=TODAY())
    before_us = TODAY() - timedelta(days=9)
    provision = before(camera, officer, f"{TODAY().year}-1", committee_paper_on=before_us)
    assert not Finding.objects.open().filter(rule__code=CODE).exists()
    Provision.objects.update(committee_paper_on=None)
    assessment.follow([provision.number], kind=Subject.PROVISION)
    assert Finding.objects.open().filter(rule__code=CODE, number=provision.number).exists()
    recorded(meeting, function_no=5)
    assert not Finding.objects.open().filter(rule__code=CODE).exists()
