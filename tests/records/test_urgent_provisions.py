"""긴급 제공: the head at once, also by telephone; the mayor afterwards, or it comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.refusals import Refused
from ordinance import assessment, due
from ordinance.models import DueDate, Finding
from records.models import HandOver
from records.provision import afterwards, approval, ending, recall, refusing
from records.provision.approval import Signature
from tests.records import provisions as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return world.official()


def called(approver, **changes):
    return Signature(
        way="telephone", approver=approver, called_at=timezone.now() - timedelta(minutes=5), **changes
    )


def urgent(camera, officer):
    return world.reviewed(camera, officer, world.urgent_opinion(), is_urgent=True)


def out(camera, officer):
    """Approved by telephone, and handed over."""
    provision = urgent(camera, officer)
    approval.approve(provision, by=officer, signature=called(world.head()))
    world.handed(provision, officer)
    provision.refresh_from_db()
    return provision


def open_purposes(provision):
    dues = DueDate.objects.open().filter(subject_kind="provision", subject_number=provision.number)
    return set(dues.values_list("purpose", flat=True))


def titles(now=None):
    return [item.title for item in due.collect(now) if item.code.startswith("records.provision")]


def pass_days(provision, purpose, days=9):
    """As if its clock had begun so many days ago."""
    row = DueDate.objects.open().get(subject_number=provision.number, purpose=purpose)
    DueDate.objects.filter(pk=row.pk).update(
        due_on=row.due_on - timedelta(days=days), due_at=row.due_at - timedelta(days=days)
    )


def test_by_telephone_it_goes_out_and_is_written_down_with_time_and_person(camera, officer):
    provision, head = urgent(camera, officer), world.head()
    with pytest.raises(Refused, match="전화를 받은"):
        approval.approve(provision, by=head, signature=called(head))
    step = approval.approve(provision, by=officer, signature=called(head))
    assert (step.approver, step.recorded_by, step.way) == (head, officer, "telephone")
    assert step.decided_at < step.recorded_at
    assert open_purposes(provision) == {"mayor", "phone"}
    with pytest.raises(Refused, match="서명한 문서"):
        approval.confirm_call(provision, by=officer)
    with pytest.raises(Refused, match="다른 사람"):
        approval.confirm_call(provision, by=officer, document_number="안전-2")
    approval.confirm_call(provision, by=head)
    assert open_purposes(provision) == {"mayor"}


def test_what_is_not_urgent_takes_no_telephone(camera, officer):
    provision = world.reviewed(camera, officer)
    with pytest.raises(Refused, match="전화 승인은"):
        approval.approve(provision, by=officer, signature=called(world.head()))


def test_the_mayor_approves_in_the_days_of_the_profile_or_it_is_red(camera, officer):
    provision = out(camera, officer)
    pass_days(provision, "mayor")
    items = [item for item in due.collect() if item.code == "records.provision_mayor"]
    assert [item.severity for item in items] == ["overdue"]
    assessment.rejudge([provision.number], kind="provision")
    assert Finding.objects.open().get(rule__code="mayor_approval").evidence == "late"
    recorder = world.head()
    afterwards.approve(provision, by=recorder, signature=world.signed_document())
    assert "mayor" not in open_purposes(provision)
    assert not Finding.objects.open().filter(rule__code="mayor_approval").exists()


def test_refused_afterwards_it_is_recalled_in_the_same_act_and_ends_only_by_what_came_back(camera, officer):
    provision, recorder = out(camera, officer), world.head()
    with pytest.raises(Refused, match="까닭"):
        afterwards.refuse(provision, reason=" ", by=recorder, signature=world.signed_document())
    afterwards.refuse(provision, reason="긴급하지 않음", by=recorder, signature=world.signed_document())
    provision.refresh_from_db()
    assert provision.state == "recalling"
    assert "recall" in open_purposes(provision)
    assert "mayor" not in open_purposes(provision)
    with pytest.raises(Refused):
        ending.end(provision, by=officer)
    with pytest.raises(Refused):
        afterwards.approve(provision, by=recorder, signature=world.signed_document())
    pass_days(provision, "recall")
    assert any("회수하십시오" in title for title in titles())
    said = {"kind": "returned", "at": timezone.now(), "confirmer_name": "이순경", "document_number": "형사-9"}
    ending.confirm(HandOver.objects.get(), by=officer, **said)
    provision.refresh_from_db()
    assert provision.state == "recalled"
    assert "recall" not in open_purposes(provision)


def test_refused_before_anything_left_there_is_nothing_to_recall(camera, officer):
    provision = urgent(camera, officer)
    approval.approve(provision, by=world.head())
    with pytest.raises(Refused, match="회수할 것이 없습니다"):
        recall.order(provision, reason="잘못", document_number="", by=world.head())
    afterwards.refuse(provision, reason="불필요", by=world.head(), signature=world.signed_document())
    provision.refresh_from_db()
    assert provision.state == "refused"
    assert open_purposes(provision) == set()


def test_a_copy_that_waits_for_the_mayor_cannot_be_ended(camera, officer):
    provision = out(camera, officer)
    with pytest.raises(Refused, match="사후승인"):
        ending.end(provision, by=officer)
    with pytest.raises(Refused):
        refusing.refuse(provision, reason="늦음", document_number="1", by=world.head())
