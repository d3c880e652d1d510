"""긴급 제공: the head at once, also by telephone; the mayor afterwards, or it comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.refusals import Refused
from ordinance import assessment, due
from ordinance.models import DueDate, Finding, Parameter
from records.models import HandOver
from records.provision import afterwards, approval, ending, recall, refusing, restrictions, review
from records.provision.approval import Signature
from records.provision.ranges import Range
from reports.documents import provision_letter
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
    approval.approve(provision, by=world.official(), signature=called(world.head()))
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
    # Who entered and reviewed it does not write down the call, too.
    with pytest.raises(Refused, match="접수하고 검토한 사람이 아닌 다른 사람"):
        approval.approve(provision, by=officer, signature=called(head))
    other = world.official()
    step = approval.approve(provision, by=other, signature=called(head))
    assert (step.approver, step.recorded_by, step.way) == (head, other, "telephone")
    assert step.decided_at < step.recorded_at
    assert open_purposes(provision) == {"mayor", "phone"}
    with pytest.raises(Refused, match="서명한 문서"):
        approval.confirm_call(provision, by=other)
    with pytest.raises(Refused, match="다른 사람"):
        approval.confirm_call(provision, by=other, document_number="안전-2")
    approval.confirm_call(provision, by=head)
    assert open_purposes(provision) == {"mayor"}


def test_two_at_night_are_enough_for_a_call_but_not_for_whoever_asked(camera, officer):
    provision, reviewer = world.received(camera, officer, is_urgent=True), world.official()
    review.put_forward(provision, world.urgent_opinion(), by=reviewer)
    asker = world.official()
    type(provision).objects.update(asked_by=asker)
    with pytest.raises(Refused, match="요청한 사람이 아닌 다른 사람"):
        approval.approve(provision, by=asker, signature=called(world.head()))
    assert approval.approve(provision, by=reviewer, signature=called(world.head())).recorded_by == reviewer


@pytest.mark.parametrize("by_telephone", [False, True])
def test_every_call_of_a_line_is_confirmed_in_its_days(by_telephone, camera, officer):
    Parameter.objects.filter(code="release_steps_urgent").update(value="team")
    provision, team, head = urgent(camera, officer), world.head("team"), world.head()
    approval.approve(provision, by=world.official(), signature=called(team))
    if by_telephone:
        approval.approve(provision, by=world.official(), signature=called(head))
    else:
        approval.approve(provision, by=head)
    assert "phone" in open_purposes(provision)
    approval.confirm_call(provision, by=team)
    assert ("phone" in open_purposes(provision)) == by_telephone


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


@pytest.mark.parametrize(
    ("purpose", "word"), [("mayor", "구청장 사후승인이"), ("phone", "전화 승인의 확인이")]
)
def test_nothing_more_goes_out_when_it_was_not_confirmed_in_time(camera, officer, purpose, word):
    provision = out(camera, officer)
    world.handed(provision, officer, files=[world.Digest("clip-2.mp4", "cd" * 32)])
    pass_days(provision, purpose)
    with pytest.raises(Refused, match=f"{word} 기한까지 없어"):
        world.handed(provision, officer, files=[world.Digest("clip-3.mp4", "ef" * 32)])
    # What went out before that day may be written down after it.
    before = timezone.now() - timedelta(days=9)
    provision.approvals.filter(decided_at__isnull=False).update(decided_at=before)
    assert world.handed(provision, officer, at=before, files=[world.Digest("clip-3.mp4", "ef" * 32)])


def test_a_call_that_is_denied_brings_back_what_went_out(camera, officer):
    provision = urgent(camera, officer)
    head = world.head()
    approval.approve(provision, by=world.official(), signature=called(head))
    world.handed(provision, officer)
    with pytest.raises(Refused, match="까닭"):
        approval.deny_call(provision, reason="", by=head)
    approval.deny_call(provision, reason="그런 전화를 받지 않음", by=head)
    provision.refresh_from_db()
    assert provision.state == "recalling"
    assert open_purposes(provision) == {"mayor", "recall", "restriction", "subject_notice", "publication"}
    assessment.rejudge([provision.number], kind="provision")
    assert Finding.objects.open().get(rule__code="provision_approved").evidence == "unsigned"
    with pytest.raises(Refused, match="확인할 전화 승인이 없습니다"):
        approval.confirm_call(provision, by=head)


def test_a_call_that_is_denied_before_anything_left_ends_the_request(camera, officer):
    provision, head = urgent(camera, officer), world.head()
    approval.approve(provision, by=world.official(), signature=called(head))
    approval.deny_call(provision, reason="승인한 적 없음", by=head)
    provision.refresh_from_db()
    assert (provision.state, open_purposes(provision)) == ("refused", set())


def test_a_call_is_confirmed_also_when_everything_has_come_back(camera, officer):
    provision, head = urgent(camera, officer), world.head()
    approval.approve(provision, by=world.official(), signature=called(head))
    row = world.handed(provision, officer)
    recall.order(provision, reason="제한을 어김", document_number="", by=world.head())
    said = {"kind": "returned", "at": timezone.now(), "confirmer_name": "이순경", "document_number": "형사-9"}
    ending.confirm(row, by=officer, **said)
    approval.confirm_call(provision, by=head)
    assert "phone" not in open_purposes(provision)


def live(camera, officer):
    """A live picture that is being sent."""
    now = timezone.now()
    ranges = [Range(camera, now, now + timedelta(hours=5))]
    using = world.urgent_opinion()
    provision = world.reviewed(camera, officer, using, is_urgent=True, form="live", ranges=ranges)
    approval.approve(provision, by=world.head())
    world.handed(provision, officer, medium="none", file_count=0, files=[])
    provision.refresh_from_db()
    return provision


def test_a_live_picture_that_the_mayor_refuses_is_recalled_until_somebody_has_cut_it_off(camera, officer):
    provision = live(camera, officer)
    afterwards.refuse(provision, reason="불필요", by=world.head(), signature=world.signed_document())
    provision.refresh_from_db()
    assert provision.state == "recalling"
    assert "recall" in open_purposes(provision)
    assert provision_letter.KINDS["recall"](provision).rows
    row = HandOver.objects.get()
    said = {"at": timezone.now(), "confirmer_name": "이순경", "document_number": "형사-9"}
    with pytest.raises(Refused, match="연결을 끊은 것을"):
        ending.confirm(row, kind="returned", by=officer, **said)
    ending.confirm(row, kind="cut", by=officer, **said)
    provision.refresh_from_db()
    assert provision.state == "recalled"


def test_a_live_picture_that_nobody_cut_off_is_not_ended_and_found_behind_its_period(camera, officer):
    provision = live(camera, officer)
    assert "이어진 실시간 영상 1건" in ending.unfinished(provision)
    type(provision).objects.update(use_until_on=timezone.localdate() - timedelta(days=1))
    assessment.rejudge([provision.number], kind="provision")
    assert Finding.objects.open().get(rule__code="provision_ended").evidence == "live"
    assert any("실시간 연결을 끊은 것을 확인하십시오" in title for title in titles())
    # One that was ended before a cut was asked for needs none.
    type(provision).objects.update(state="ended")
    assessment.rejudge([provision.number], kind="provision")
    assert not Finding.objects.open().filter(rule__code="provision_ended").exists()
    assert not HandOver.objects.outside().exists()


def test_the_letter_forbids_to_use_it_before_the_mayor_has_approved(camera, officer):
    provision = urgent(camera, officer)
    approval.approve(provision, by=world.head())
    assert "사후승인이 날 때까지 쓰지 않고" in restrictions.draft(provision)
