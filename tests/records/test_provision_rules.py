"""Each duty of use and provision: met, unmet, excepted, not applicable."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from ordinance import exceptions, rules
from ordinance.excuses import only_excepted
from ordinance.models import DueDate
from ordinance.periods import SEOUL
from ordinance.rules import Context
from records.models import CopyEnding, HandOver, Provision, ProvisionPublication, SubjectNotice
from records.provision import (
    approval,
    ending,
    extending,
    handover,
    publication,
    recall,
    restrictions,
    subject_notice,
)
from records.provision.subject_notice import Told
from reports.figures import uses
from reports.figures.context import Reach
from reports.period import Period
from tests.records import provisions as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return world.official()


def court():
    return world.opinion(ground=world.ground("ordinance21", "4"), national_ground=world.ground("pipa18", "8"))


def judged(code, days=90):
    """Where each stands so many days from now: covered, unmet, not applicable."""
    rule, context = rules.get(code), Context(timezone.localdate() + timedelta(days=days), "gangseo")
    covered = set(rule.subjects(context).values_list("pk", flat=True))
    unmet = set(rule.unmet_subjects(context).values_list("pk", flat=True))
    apart = set(rule.exclusion.rows(context).values_list("pk", flat=True)) if rule.exclusion else set()
    assert not covered & apart
    assert unmet <= covered
    return covered, unmet, apart


def evidence(code, days=90):
    rule, context = rules.get(code), Context(timezone.localdate() + timedelta(days=days), "gangseo")
    return set(rule.unmet_subjects(context).values_list(rule.evidence(context), flat=True))


def urgent(camera, officer):
    provision = world.approved(camera, officer, world.urgent_opinion(), is_urgent=True)
    world.handed(provision, officer)
    return provision


def test_restrictions(camera, officer):
    provision = world.released(camera, officer)
    inside = world.released(
        camera,
        officer,
        world.opinion(
            relation="within", ground=None, national_ground=None, legal_basis="개인정보 보호법 제17조"
        ),
    )
    assert judged("provision_restrictions") == ({provision.pk}, {provision.pk}, {inside.pk})
    # In its time it is neither met nor unmet.
    assert judged("provision_restrictions", days=0) == (set(), set(), {provision.pk, inside.pk})
    assert evidence("provision_restrictions") == {"unanswered"}
    restrictions.answer(
        provision, text="조치함", document_number="2", on=timezone.localdate(), has_pledge=True, by=officer
    )
    assert judged("provision_restrictions")[:2] == ({provision.pk}, set())


def test_a_longer_period_is_asked_anew_and_what_came_back_is_asked_nothing_more(camera, officer):
    provision = world.released(camera, officer)
    longer(provision, officer)
    assert evidence("provision_restrictions", days=0) == {"asked_before"}
    recall.order(provision, reason="제한을 어김", document_number="", by=world.head())
    assert judged("provision_restrictions") == ({provision.pk}, set(), set())
    bring_back(provision, officer)
    assert judged("provision_restrictions") == ({provision.pk}, set(), set())


def test_what_has_come_back_waits_for_no_answer_and_no_mayor(camera, officer):
    provision = urgent(camera, officer)
    recall.order(provision, reason="제한을 어김", document_number="", by=world.head())
    bring_back(provision, officer)
    for code in ("mayor_approval", "provision_restrictions"):
        assert judged(code, days=0) == ({provision.pk}, set(), set())


def longer(provision, officer):
    said = {"reason": "재판이 계속됨", "document_number": "형사-3", "by": officer}
    extending.ask(provision, until=provision.use_until_on + timedelta(days=30), **said)
    extending.approve(provision, by=world.head(), signature=world.signed_document())


def bring_back(provision, officer):
    said = {"kind": "returned", "at": timezone.now(), "confirmer_name": "이순경", "document_number": "형사-9"}
    ending.confirm(provision.hand_overs.get(), by=officer, **said)


def test_ending(camera, officer):
    provision = world.released(camera, officer)
    shown = world.restricted(world.approved(camera, officer, form="viewing"), officer)
    handover.hand_over(shown, world.seen(), by=officer)
    assert judged("provision_ended") == ({provision.pk}, {provision.pk}, {shown.pk})
    assert judged("provision_ended", days=30) == (set(), set(), {provision.pk, shown.pk})
    ending.confirm(
        HandOver.objects.get(provision=provision),
        kind="destroyed",
        at=timezone.now(),
        confirmer_name="이순경",
        document_number="9",
        by=officer,
    )
    assert judged("provision_ended")[:2] == ({provision.pk}, set())


def test_an_end_that_is_written_down_later_makes_no_earlier_quarter_whole(camera, officer):
    world.released(camera, officer)
    HandOver.objects.update(at=datetime(2026, 8, 1, tzinfo=SEOUL), end_due_on=date(2026, 9, 1))
    ending.confirm(
        HandOver.objects.get(),
        kind="destroyed",
        at=timezone.now(),
        confirmer_name="이순경",
        document_number="9",
        by=officer,
    )
    CopyEnding.objects.update(at=datetime(2026, 8, 20, tzinfo=SEOUL))
    reach = Reach(Period.parse("2026Q3"), datetime(2026, 10, 2, tzinfo=SEOUL))
    assert uses._overdue(reach).count() == 1
    CopyEnding.objects.update(recorded_at=datetime(2026, 8, 21, tzinfo=SEOUL))
    assert uses._overdue(reach).count() == 0


def test_publication_missing_late_and_in_time(camera, officer):
    investigated = world.released(camera, officer)
    provision = world.released(camera, officer, court())
    assert judged("provision_published") == ({provision.pk}, {provision.pk}, {investigated.pk})
    assert evidence("provision_published") == {"missing"}
    assert judged("provision_published", days=0) == (set(), set(), {provision.pk, investigated.pk})
    publication.publish(provision, purpose="재판", items="영상", by=world.head())
    assert judged("provision_published")[1] == set()
    due = DueDate.objects.get(subject_number=provision.number, purpose="publication")
    ProvisionPublication.objects.update(published_on=due.due_on + timedelta(days=1))
    assert evidence("provision_published") == {"late"}


def test_subject_notice(camera, officer):
    provision = world.released(camera, officer)
    unlike = world.released(
        camera, officer, world.opinion(ground=None, national_ground=world.ground("pipa18", "10"))
    )
    assert judged("subject_notice") == ({provision.pk}, {provision.pk}, {unlike.pk})
    assert judged("subject_notice", days=0) == (set(), set(), {provision.pk, unlike.pk})
    today = timezone.localdate()
    again = Told("unknown", today, why="알 수 없음", look_again_on=today + timedelta(days=30))
    subject_notice.record(provision, again, by=officer)
    assert judged("subject_notice", days=30)[1] == set()
    assert evidence("subject_notice", days=31) == {"again"}
    SubjectNotice.objects.update(outcome="given", look_again_on=None)
    assert judged("subject_notice")[1] == set()


def test_the_mayors_approval(camera, officer):
    usual, provision = world.released(camera, officer), urgent(camera, officer)
    assert judged("mayor_approval") == ({provision.pk}, {provision.pk}, {usual.pk})
    assert judged("mayor_approval", days=0)[1] == set()


def test_approval_missing_early_and_a_call_nobody_confirmed(camera, officer):
    provision = world.released(camera, officer)
    assert judged("provision_approved") == ({provision.pk}, set(), set())
    provision.approvals.update(decided_at=timezone.now() + timedelta(hours=1))
    assert evidence("provision_approved") == {"early"}
    provision.approvals.update(outcome="", decided_at=None)
    assert evidence("provision_approved") == {"unsigned"}
    Provision.objects.filter(pk=provision.pk).update(state="refused")
    called = world.reviewed(camera, officer, world.urgent_opinion(), is_urgent=True)
    at = timezone.now() - timedelta(minutes=5)
    signature = approval.Signature(way="telephone", approver=world.head(), called_at=at)
    approval.approve(called, by=world.official(), signature=signature)
    world.handed(called, officer)
    assert evidence("provision_approved") == {"call"}


def test_a_particular_person(camera, officer):
    basis = {"follows_person": True, "person_basis": "consent", "person_basis_text": world.CONSENT}
    other, provision = world.released(camera, officer), world.released(camera, officer, **basis)
    assert judged("particular_person") == ({provision.pk}, set(), {other.pk})
    Provision.objects.filter(pk=provision.pk).update(consent_withdrawn_on=timezone.localdate())
    assert evidence("particular_person") == {"withdrawn"}
    Provision.objects.filter(pk=provision.pk).update(person_basis_text="")
    assert evidence("particular_person") == {"basis"}


def test_an_exception_excuses_one_case(camera, officer, manager):
    provision = world.released(camera, officer, court())
    rule = rules.get("provision_published")
    wanted = exceptions.Grant(
        rule,
        (provision.number,),
        reason="누리집 장애",
        citation="행정기본법 제13조",
        approver="구청장",
        document_number="안전-1",
        until_on=timezone.localdate() + timedelta(days=100),
    )
    exceptions.grant(wanted, by=manager)
    context = Context(timezone.localdate() + timedelta(days=90), "gangseo")
    assert only_excepted(rule, rule.unmet_subjects(context), context).count() == 1
