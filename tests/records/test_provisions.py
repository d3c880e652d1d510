"""From an agency's letter to the confirmed destruction; and what must not happen on the way."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.roles import Role
from cameras.enums import CameraState
from casework import persons
from casework.refusals import Refused
from footage import holds
from footage.errors import Refused as FootageRefused
from footage.models import Hold
from ledger.models import Entry
from ordinance.models import DueDate, Parameter
from ordinance.periods import written_day
from records.models import HandOver, Provision
from records.official_ledgers import out_of_purpose
from records.provision import (
    approval,
    authority,
    chasing,
    consent,
    ending,
    extending,
    handover,
    intake,
    next_step,
    providers,
    publication,
    recall,
    refusing,
    release,
    restrictions,
    review,
    subject_notice,
)
from records.provision import persons as provision_persons
from records.provision.ranges import Range
from records.provision.subject_notice import Told
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import provisions as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return world.official()


def open_purposes(provision):
    dues = DueDate.objects.open().filter(subject_kind="provision", subject_number=provision.number)
    return set(dues.values_list("purpose", flat=True))


# -- receiving --------------------------------------------------------------------------------------------------


def test_a_letter_holds_everything_it_names_at_once(camera, officer):
    other = CameraFactory()
    provision = world.received(camera, officer, ranges=[world.hour(camera), world.hour(other, 2)])
    assert (provision.state, provision.number) == ("received", f"제공-{timezone.localdate().year}-001")
    found = Hold.objects.filter(case_reference=provision.number, released_at__isnull=True)
    assert {hold.camera_id for hold in found} == {camera.pk, other.pk}
    assert open_purposes(provision) == {"answer"}
    entry = Entry.objects.get(kind="records.provision_received")
    assert world.NAME not in entry.payload
    assert "절도" not in entry.payload


def test_the_same_form_again_is_the_same_request(camera, officer):
    asked = world.letter(camera, officer)
    assert intake.receive(asked, by=officer) == intake.receive(asked, by=officer)
    assert Provision.objects.count() == 1


def test_personal_columns_are_sealed(camera, officer):
    provision = world.received(camera, officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT requester_name, target FROM records_provision WHERE id = %s", [provision.pk])
        assert world.NAME not in str(cursor.fetchone())
    provision.refresh_from_db()
    assert provision.requester_name == world.NAME


def spans(camera):
    now = timezone.now()
    hour = timedelta(hours=1)
    return {
        "future": [Range(camera, now, now + hour)],
        "order": [Range(camera, now - hour, now - 2 * hour)],
        "long": [Range(camera, now - timedelta(days=20), now - hour)],
        "overlap": [Range(camera, now - 3 * hour, now - hour), Range(camera, now - 2 * hour, now - hour / 2)],
        "none": [],
        "before": [Range(camera, now - timedelta(days=400), now - timedelta(days=400) + hour)],
        "many": [world.hour(camera, 30 + n, 0.5) for n in range(201)],
    }


@pytest.mark.parametrize("what", ["future", "order", "long", "overlap", "none", "before", "many"])
def test_times_that_nobody_can_ask_for(what, camera, officer):
    camera.installed_month = timezone.localdate().replace(day=1) - timedelta(days=60)
    camera.save()
    with pytest.raises(Refused) as caught:
        world.received(camera, officer, ranges=spans(camera)[what])
    assert f"range:{what}" in {refusal.code for refusal in caught.value.refusals}
    assert not Provision.objects.exists()
    assert not Hold.objects.exists()


def test_a_live_picture_lies_ahead_and_holds_nothing(camera, officer):
    now = timezone.now()
    ahead = [Range(camera, now, now + timedelta(hours=3))]
    provision = world.received(camera, officer, ranges=ahead, form="live")
    assert provision.cameras.get().hold is None
    with pytest.raises(Refused, match="실시간"):
        world.received(camera, officer, form="live")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"came_at": timezone.now() + timedelta(hours=1)}, "came_at"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"use_until_on": timezone.localdate() - timedelta(days=1)}, "use_until_on"),
        ({"unit": None}, "unit"),
        ({"purpose": " "}, "purpose"),
    ],
)
def test_what_a_letter_cannot_say(changes, field, camera, officer):
    with pytest.raises(Refused) as caught:
        world.received(camera, officer, **changes)
    assert field in caught.value.message_dict


def test_further_cameras_are_held_and_dropped_ones_let_go(camera, officer):
    provision = world.received(camera, officer)
    line = intake.add(provision, [world.hour(CameraFactory())], by=officer)[0]
    with pytest.raises(Refused, match="겹칩니다"):
        intake.add(provision, [world.hour(camera)], by=officer)
    intake.drop(line, reason="필요하지 않음", by=officer)
    line.hold.refresh_from_db()
    assert line.hold.released_at is not None
    last = provision.cameras.get(dropped_at__isnull=True)
    with pytest.raises(Refused, match="마지막"):
        intake.drop(last, reason="모두 제외", by=officer)


def test_an_office_of_our_own_is_another_recipient(camera, officer):
    provision = world.received(camera, officer, unit=None, department=officer.department)
    assert (provision.kind, provision.recipient) == ("use", officer.department.name)
    assert provision.number == f"이용-{timezone.localdate().year}-001"


# -- review -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"balance": ""}, "balance"),
        ({"relation": ""}, "relation"),
        ({"ground": None, "national_ground": None}, "national_ground"),
        ({"national_ground": ("pipa18", "8")}, "ground"),
        ({"national_ground": None}, "national_ground"),
        ({"ground": ("ordinance21", "2"), "national_ground": ("pipa18", "2")}, "legal_basis"),
        ({"ground": None, "national_ground": ("pipa18", "5")}, "legal_basis"),
        ({"relation": "within", "legal_basis": "개인정보 보호법 제17조"}, "national_ground"),
        ({"relation": "within", "ground": None, "national_ground": None}, "legal_basis"),
        ({"is_urgent": True}, "is_urgent"),
        ({"committee_care": "before"}, "committee_document"),
        ({"committee_care": "none"}, "committee_care"),
    ],
)
def test_a_review_that_is_none(changes, field, camera, officer):
    provision = world.received(camera, officer)
    given = {
        name: world.ground(*value) if isinstance(value, tuple) else value for name, value in changes.items()
    }
    with pytest.raises(Refused) as caught:
        review.put_forward(provision, world.opinion(**given), by=officer)
    assert field in caught.value.message_dict
    provision.refresh_from_db()
    assert provision.state == "received"
    assert not provision.approvals.exists()


@pytest.mark.parametrize("item", ["1", "2", "3", "5", "6", "7", "8", "9", "10"])
def test_every_ground_of_the_law_can_be_chosen(item, camera, officer):
    text = world.CONSENT if item == "1" else "전자장치 부착 등에 관한 법률 제16조의3"
    chosen = world.opinion(ground=None, national_ground=world.ground("pipa18", item), legal_basis=text)
    provision = world.reviewed(camera, officer, chosen)
    assert provision.state == "approval"
    assert provision.reviewed_by == officer


def test_a_particular_person_is_followed_by_law_or_consent_only(camera, officer):
    provision = world.received(camera, officer, follows_person=True)
    with pytest.raises(Refused, match="제20조"):
        review.put_forward(provision, world.opinion(), by=officer)
    vague = world.opinion(person_basis="law", person_basis_text="수사상 필요")
    with pytest.raises(Refused, match="조문"):
        review.put_forward(provision, vague, by=officer)
    basis = world.opinion(person_basis="law", person_basis_text="형사소송법 제199조제2항")
    review.put_forward(provision, basis, by=officer)
    assert Provision.objects.get().person_basis == "law"


def test_statistics_are_looked_at_by_a_second_person(camera, officer):
    chosen = world.opinion(ground=world.ground("ordinance21", "5"), national_ground=None)
    provision = world.approved(camera, officer, chosen)
    world.restricted(provision, officer)
    with pytest.raises(Refused, match="알아볼 수 없는"):
        handover.hand_over(provision, world.given(), by=officer)
    with pytest.raises(Refused):
        review.confirm_unidentifiable(provision, by=officer)
    review.confirm_unidentifiable(provision, by=world.official())
    assert handover.hand_over(provision, world.given(), by=officer)


def test_who_looked_before_it_was_sent_back_did_not_look_at_what_is_put_forward_anew(camera, officer):
    chosen = world.opinion(ground=world.ground("ordinance21", "5"), national_ground=None)
    provision = world.reviewed(camera, officer, chosen)
    review.confirm_unidentifiable(provision, by=world.official())
    world.restricted(provision, officer)
    refusing.send_back(provision, reason="카메라를 더함", by=world.head())
    provision.refresh_from_db()
    with pytest.raises(Refused, match="확인할 요청이 아닙니다"):
        review.confirm_unidentifiable(provision, by=world.official())
    review.put_forward(provision, chosen, by=officer)
    provision.refresh_from_db()
    assert review.needs_looking(provision)
    assert restrictions.of(provision) is None, "what is asked of the recipient is asked anew"


@pytest.mark.parametrize(
    "word", ["네", "동의서", "2026-11-02", "동의서 3호, 2099-01-01", "동의서 3호, 2026-13-40"]
)
def test_a_word_is_no_consent_on_paper(word, camera, officer):
    provision = world.received(camera, officer, follows_person=True)
    follows = world.opinion(person_basis="consent", person_basis_text=word)
    grounds = {"ground": world.ground("ordinance21", "1"), "national_ground": world.ground("pipa18", "1")}
    for given in (
        follows,
        world.opinion(**grounds, legal_basis=word, person_basis="law", person_basis_text="형법 제1조"),
    ):
        with pytest.raises(Refused, match="번호와 날짜"):
            review.put_forward(provision, given, by=officer)


@pytest.mark.parametrize(
    "text",
    [
        "동의서 2026-12호, 2026-11-02",
        "동의서 2099-1-3호, 2026-11-02",
        "동의서 2026-13-1, 2026. 11. 2.",
        "복지과-2026-31-2 (2026.11.2.)",
    ],
)
def test_the_number_of_a_consent_may_look_like_a_day(text):
    assert review.names_a_document(text, date(2026, 11, 30))


# -- the line ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "own", "is_urgent", "steps"),
    [
        ("urgent_mayor_after", None, False, ["head"]),
        ("urgent_mayor_after", None, True, ["head", "mayor+"]),
        ("urgent_mayor_after", "team-head-director", False, ["team", "head", "director"]),
        ("mayor_all", None, False, ["head", "mayor"]),
        ("mayor_all", "head-director", False, ["head", "director", "mayor"]),
        ("department_head", None, False, ["head"]),
    ],
)
def test_the_line_is_the_profiles(line, own, is_urgent, steps, camera, officer):
    Parameter.objects.filter(code="release_approval_line").update(value=line)
    Parameter.objects.filter(code="release_steps").update(value=own)
    using = world.urgent_opinion() if is_urgent else world.opinion()
    provision = world.reviewed(camera, officer, using)
    made = [f"{each.step}{'+' if each.is_after else ''}" for each in provision.approvals.all()]
    assert made == steps


def test_nobody_approves_what_he_entered_asked_for_or_reviewed(camera):
    both = OfficerFactory(role=Role.CCTV_MANAGER)
    authority.grant(
        both, "head", "holder", from_on=timezone.localdate(), document_number="1", by=world.official()
    )
    for asked in (
        world.reviewed(camera, both),
        world.reviewed(camera, world.official(), asked_by=both),
    ):
        with pytest.raises(Refused, match="다른 사람"):
            approval.approve(asked, by=both)
        with pytest.raises(Refused, match="다른 사람"):
            approval.approve(asked, by=both, signature=world.signed_document())
        asked.refresh_from_db()
        assert asked.state == "approval"


def test_only_who_has_the_right_of_the_step_signs_and_what_it_was_is_on_record(camera, officer):
    provision = world.reviewed(camera, officer)
    with pytest.raises(Refused, match="결재권"):
        approval.approve(provision, by=OfficerFactory(role=Role.CCTV_MANAGER))
    stand_in = world.head(capacity="stand_in")
    step = approval.approve(provision, by=stand_in)
    assert (step.capacity, step.approver, step.way) == ("stand_in", stand_in, "system")
    provision.refresh_from_db()
    assert provision.state == "approved"
    assert open_purposes(provision) == set()


def test_two_who_approve_at_once_sign_one_step(camera, officer):
    provision = world.reviewed(camera, officer)
    approval.approve(provision, by=world.head(), position=1)
    with pytest.raises(Refused, match="이미 결재한"):
        approval.approve(provision, by=world.head(), position=1)
    assert provision.approvals.filter(outcome="approved").count() == 1


def test_an_official_who_left_signs_no_more_and_another_takes_the_step(camera, officer):
    provision, gone = world.reviewed(camera, officer), world.head()
    gone.deactivate()
    with pytest.raises(Refused, match="결재권"):
        approval.approve(provision, by=gone)
    assert approval.approve(provision, by=world.head()).outcome == "approved"


def test_nobody_gives_himself_the_right_to_sign(manager):
    with pytest.raises(Refused, match="자기에게"):
        authority.grant(
            manager, "head", "holder", from_on=timezone.localdate(), document_number="1", by=manager
        )


def test_one_person_signs_two_steps_only_by_delegation(camera, officer):
    Parameter.objects.filter(code="release_approval_line").update(value="mayor_all")
    provision, head = world.reviewed(camera, officer), world.head()
    approval.approve(provision, by=head)
    today = {"from_on": timezone.localdate() - timedelta(days=5), "document_number": "전결규정"}
    right = authority.grant(head, "mayor", "stand_in", by=officer, **today)
    with pytest.raises(Refused, match="앞 단계"):
        approval.approve(provision, by=head)
    authority.end(right, on=timezone.localdate() - timedelta(days=1), by=officer)
    authority.grant(head, "mayor", "delegate", by=officer, **today)
    assert approval.approve(provision, by=head).capacity == "delegate"


def test_what_is_sent_back_begins_a_new_line_and_keeps_the_old_signatures(camera, officer):
    Parameter.objects.filter(code="release_steps").update(value="team-head")
    provision = world.reviewed(camera, officer)
    approval.approve(provision, by=world.head("team"))
    refusing.send_back(provision, reason="범위를 줄일 것", by=world.head())
    review.put_forward(provision, world.opinion(), by=officer)
    assert provision.approvals.count() == 4
    assert [each.outcome for each in provision.approvals.current()] == ["", ""]


# -- handing over -----------------------------------------------------------------------------------------------


def test_a_police_letter_goes_all_the_way(camera, officer):
    provision = world.approved(camera, officer)
    world.restricted(provision, officer)
    row = handover.hand_over(provision, world.given(), by=officer)
    handover.file_receipt(row, [world.paper("인수증.pdf")], by=officer)
    assert open_purposes(provision) == {"restriction", "subject_notice"}
    with pytest.raises(Refused, match="회신"):
        ending.end(provision, by=officer)
    restrictions.answer(
        provision,
        text="암호를 걸어 보관",
        document_number="형사-2",
        on=timezone.localdate(),
        has_pledge=True,
        by=officer,
        files=[world.paper()],
    )
    with pytest.raises(Refused, match="게시하지 않습니다"):
        publication.publish(provision, purpose="수사", items="영상", by=world.head())
    later = timezone.localdate() + timedelta(days=60)
    for beyond in ("hinder", "by_agency"):
        told = Told(beyond, timezone.localdate(), how="문서", why="수사 중", look_again_on=later)
        with pytest.raises(Refused, match=r"조례는|알릴 의무"):
            subject_notice.record(provision, told, by=officer)
    law = "통신비밀보호법 제9조의3에 따라 수사 중에는 알리지 못함"
    subject_notice.record(
        provision, Told("hinder", timezone.localdate(), why=law, look_again_on=later), by=officer
    )
    ending.confirm(
        row,
        kind="destroyed",
        at=timezone.now(),
        confirmer_name="이순경",
        document_number="형사-9",
        by=officer,
        files=[world.paper("파기확인.pdf")],
    )
    ending.end(provision, by=officer)
    provision.refresh_from_db()
    assert provision.state == "ended"
    assert open_purposes(provision) == set()
    assert not any(world.NAME in entry.payload or "이순경" in entry.payload for entry in Entry.objects.all())


def test_nothing_goes_out_before_approval_or_without_restrictions(camera, officer):
    waiting = world.restricted(world.reviewed(camera, officer), officer)
    with pytest.raises(Refused, match="먼저"):
        handover.hand_over(waiting, world.given(), by=officer)
    with pytest.raises(Refused, match="제한"):
        handover.hand_over(world.approved(camera, officer), world.given(), by=officer)
    assert not HandOver.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file_name": ""}, "file_name"),
        ({"receiver_name": ""}, "receiver_name"),
        ({"medium": "none"}, "medium"),
        ({"file_count": 0}, "file_count"),
        ({"file_count": 2}, "digests"),
        ({"unmasked_why": ""}, "unmasked_why"),
        ({"at": timezone.now() + timedelta(hours=2)}, "at"),
        ({"at": timezone.now() - timedelta(days=1)}, "at"),
    ],
)
def test_an_act_that_would_leave_a_field_of_the_ledger_empty(changes, field, camera, officer):
    provision = world.restricted(world.approved(camera, officer), officer)
    with pytest.raises(Refused) as caught:
        handover.hand_over(provision, world.given(**changes), by=officer)
    assert field in caught.value.message_dict
    assert not HandOver.objects.exists()


def test_the_digest_of_a_file_is_reckoned_as_it_passes():
    upload = SimpleUploadedFile("clip.mp4", b"frames" * 1000)
    digest = hashlib.sha256(b"frames" * 1000).hexdigest()
    found = handover.reckon(upload, digest.upper())
    assert (found.sha256, found.size, found.is_checked) == (digest, 6000, True)
    with pytest.raises(Refused, match="다릅니다"):
        handover.reckon(upload, "0" * 64)
    assert handover.written_down(f"{digest}  a b.mp4")[0].name == "a b.mp4"
    with pytest.raises(Refused, match="64자리"):
        handover.written_down("abc clip.mp4")


def test_a_removed_camera_changes_nothing(camera, officer):
    provision = world.approved(camera, officer)
    camera.state = CameraState.REMOVED
    camera.save()
    assert world.handed(provision, officer)
    assert provision.cameras.get().hold.released_at is None


def test_what_is_shown_leaves_nothing_to_end(camera, officer):
    provision = world.restricted(world.approved(camera, officer, form="viewing"), officer)
    with pytest.raises(Refused):
        handover.hand_over(provision, world.given(), by=officer)
    handover.hand_over(provision, world.seen(), by=officer)
    assert not HandOver.objects.outside().exists()
    with pytest.raises(Refused, match="회수할 것이 없습니다"):
        recall.order(provision, reason="잘못", document_number="", by=world.head())


# -- ending -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "changes", "field"),
    [
        ("return", {}, "kind"),
        ("destroy_and_report", {"document_number": ""}, "files"),
        ("destroy", {"document_number": ""}, "document_number"),
        ("destroy", {"confirmer_name": ""}, "confirmer_name"),
        ("destroy", {"at": timezone.now() - timedelta(days=3)}, "at"),
    ],
)
def test_an_end_that_is_none(end, changes, field, camera, officer):
    Parameter.objects.filter(code="provided_copies").update(value=end)
    row = world.released(camera, officer).hand_overs.get()
    said = {
        "kind": "destroyed",
        "at": timezone.now(),
        "confirmer_name": "이순경",
        "document_number": "형사-9",
        **changes,
    }
    with pytest.raises(Refused) as caught:
        ending.confirm(row, by=officer, **said)
    assert field in caught.value.message_dict
    assert HandOver.objects.outside().get() == row


def test_nothing_ends_by_itself_and_nothing_ends_twice(camera, officer):
    row = world.released(camera, officer).hand_overs.get()
    HandOver.objects.update(end_due_on=timezone.localdate() - timedelta(days=100))
    assert HandOver.objects.outside().exists()
    said = {"kind": "destroyed", "at": timezone.now(), "confirmer_name": "이순경", "document_number": "9"}
    ending.confirm(row, by=officer, **said)
    with pytest.raises(Refused, match="이미 끝난"):
        ending.confirm(row, by=officer, **said)


def test_a_longer_period_is_asked_by_one_and_signed_by_another_and_leaves_the_past_as_it_was(camera, officer):
    provision = world.released(camera, officer)
    was, row = provision.use_until_on, HandOver.objects.get()
    until = was + timedelta(days=90)
    said = {"reason": "재판이 계속됨", "document_number": "형사-3", "by": officer}
    with pytest.raises(Refused, match="까지로 정하십시오"):
        extending.ask(provision, until=was + timedelta(days=366), **said)
    with pytest.raises(Refused, match="뒤의 날"):
        extending.ask(provision, until=was, **said)
    extending.ask(provision, until=until, **said)
    provision.refresh_from_db()
    assert provision.use_until_on == was, "nobody has signed yet"
    assert "이용 기간 연장의 결재" in ending.unfinished(provision)
    with pytest.raises(Refused, match="이미 결재를 기다리는"):
        extending.ask(provision, until=until, **said)
    for who, word in ((officer, "다른 사람이 결재"), (world.official(), "결재권이 없습니다")):
        with pytest.raises(Refused, match=word):
            extending.approve(provision, by=who, signature=approval.Signature())
    with pytest.raises(Refused, match="다른 사람이 결재"):
        extending.approve(provision, by=officer, signature=world.signed_document())
    # Who signed for the release signs for it, too.
    extending.approve(provision, by=provision.approvals.get().approver, signature=approval.Signature())
    provision.refresh_from_db()
    row.refresh_from_db()
    assert (provision.use_until_on, row.end_due_on, row.use_until_on) == (until, until, was)
    assert out_of_purpose.cells(1, row)[9] == f"~ {was}"
    # The recipient was asked for the old period: he is asked anew, and the ledger keeps what stood when it was given.
    asked = provision.restrictions.get()
    assert restrictions.of(provision) is None
    assert "제한 요청에 대한 회신" in ending.unfinished(provision)
    assert "이용 기간 연장의 결재" not in ending.unfinished(provision)
    assert written_day(until) in restrictions.draft(provision)
    world.restricted(provision, officer)
    assert restrictions.of(provision) != asked
    assert asked.text in str(out_of_purpose.cells(1, row)[11])


def test_a_longer_period_is_signed_by_the_mayor_where_he_approved_and_may_be_refused(camera, officer):
    provision = world.released(camera, officer, world.urgent_opinion(), is_urgent=True)
    said = {"reason": "수색이 계속됨", "document_number": "형사-4", "by": officer}
    until = provision.use_until_on + timedelta(days=30)
    assert extending.ask(provision, until=until, **said).step == "mayor"
    with pytest.raises(Refused, match="까닭"):
        extending.refuse(provision, reason="", by=world.head(), signature=world.signed_document())
    extending.refuse(provision, reason="불필요", by=world.head(), signature=world.signed_document())
    provision.refresh_from_db()
    assert provision.use_until_on < until
    assert extending.pending(provision) is None


def test_a_period_is_asked_for_one_year_at_a_time(camera, officer):
    with pytest.raises(Refused, match="이용 기간의 끝은"):
        world.received(camera, officer, use_until_on=timezone.localdate() + timedelta(days=366))


@pytest.mark.parametrize(
    ("day", "chased", "is_due"),
    [
        (-8, None, False),
        (-7, None, True),
        (-1, -7, False),
        (0, -7, True),
        (6, 0, False),
        (7, 0, True),
        (15, 7, True),
    ],
)
def test_chasers_come_a_week_before_on_the_day_and_every_week_after(day, chased, is_due):
    due = timezone.localdate()
    on = None if chased is None else due + timedelta(days=chased)
    assert chasing.is_due(due, on, due + timedelta(days=day)) is is_due


def test_a_chaser_is_a_letter_about_something_that_waits(camera, officer):
    provision = world.released(camera, officer)
    said = {"on": timezone.localdate(), "document_number": "안전-5", "by": officer}
    assert chasing.chase(provision, "restriction", **said)
    waiting = world.approved(camera, officer)
    with pytest.raises(Refused, match="독촉할 것"):
        chasing.chase(waiting, "copy", **said)


# -- publication and notice -------------------------------------------------------------------------------------


def court(camera, officer):
    using = world.opinion(
        ground=world.ground("ordinance21", "4"), national_ground=world.ground("pipa18", "8")
    )
    return world.released(camera, officer, using)


def test_publishing_is_the_next_step_and_the_task_of_who_publishes_each_time_something_goes_out(
    camera, officer
):
    provision, head = court(camera, officer), world.head()
    if asked := restrictions.of(provision):
        asked.answered_on = timezone.localdate()
        asked.save()

    def is_to_publish() -> bool:
        step = next_step.of_provision(provision, timezone.now())
        task = [item for item in providers.owed(timezone.now()) if item.verb == "게시하기"]
        assert all(item.needs == ("records.publish_provision",) for item in task)
        return bool(task) and step is not None and step.url_name == "provision:publish"

    assert is_to_publish()
    publication.publish(provision, purpose="재판", items="영상", by=head)
    assert not is_to_publish()
    world.handed(provision, officer)
    assert is_to_publish()


def test_published_once_for_its_days_and_down_by_itself(camera, officer):
    provision, head = court(camera, officer), world.head()
    assert "publication" in open_purposes(provision)
    row = publication.publish(provision, purpose="재판", items="영상", by=head)
    today = timezone.localdate()
    assert row.shown_until_on == today + timedelta(days=10)
    assert publication.shown(row.shown_until_on).exists()
    assert not publication.shown(row.shown_until_on + timedelta(days=1)).exists()
    with pytest.raises(Refused, match="이미"):
        publication.publish(provision, purpose="재판", items="영상", by=head)
    # What goes out afterwards is published, too, with a due date of its own.
    world.handed(provision, officer)
    assert "publication-2" in open_purposes(provision)
    assert "누리집 게시" in ending.unfinished(provision)
    later = publication.publish(provision, purpose="재판", items="정지화면", by=head)
    assert list(later.hand_overs.all()) == [provision.hand_overs.last()]
    assert "publication-2" not in open_purposes(provision)
    assert publication.take_down_due() == 0
    after = timezone.now() + timedelta(days=11)
    assert (publication.take_down_due(after), publication.take_down_due(after)) == (2, 0)
    kinds = Entry.objects.values_list("kind", flat=True)
    assert {"records.provision_published", "records.provision_taken_down"} <= set(kinds)


@pytest.mark.parametrize("item", ["1", "7"])
def test_consent_and_investigation_are_never_published(item, camera, officer):
    chosen = world.opinion(
        ground=None, national_ground=world.ground("pipa18", item), legal_basis=world.CONSENT
    )
    provision = world.released(camera, officer, chosen)
    assert "publication" not in open_purposes(provision)
    with pytest.raises(Refused, match="게시하지 않습니다"):
        publication.publish(provision, purpose="x", items="x", by=world.head())


def test_why_nobody_was_told_has_a_day_to_look_again(camera, officer):
    provision = world.released(camera, officer)
    today = timezone.localdate()
    with pytest.raises(Refused, match="다시 볼 날"):
        subject_notice.record(provision, Told("unknown", today, why="알 수 없음"), by=officer)
    with pytest.raises(Refused, match="어떻게"):
        subject_notice.record(provision, Told("given", today), by=officer)
    far = Told("unknown", today, why="알 수 없음", look_again_on=today + timedelta(days=181))
    with pytest.raises(Refused, match="까지로 정하십시오"):
        subject_notice.record(provision, far, by=officer)
    again = Told("unknown", today, why="알 수 없음", look_again_on=today + timedelta(days=30))
    row = subject_notice.record(provision, again, by=officer)
    assert not subject_notice.is_open(provision)
    type(row).objects.update(look_again_on=today)
    assert subject_notice.is_open(provision)


# -- holds and persons ------------------------------------------------------------------------------------------


def test_footage_stays_until_the_case_is_over_and_another_person_lets_it_go(camera, officer):
    provision, head = world.reviewed(camera, officer), world.head()
    hold = provision.cameras.get().hold
    with pytest.raises(FootageRefused, match="결재 중"):
        holds.release(hold, reason="필요 없음", by=head)
    refusing.refuse(provision, reason="근거 없음", document_number="안전-3", by=head)
    with pytest.raises(Refused, match="다른 사람"):
        release.release(provision, reason="불승인", by=head)
    assert release.release(provision, reason="불승인", by=world.head()) == 1


def test_withdrawn_consent_stops_it_at_once(camera, officer):
    basis = {"follows_person": True, "person_basis": "consent", "person_basis_text": world.CONSENT}
    provision = world.released(camera, officer, **basis)
    consent.withdraw(provision, on=timezone.localdate(), document_number="", by=officer)
    provision.refresh_from_db()
    assert provision.state == "recalling"
    assert "recall" in open_purposes(provision)
    for early in (world.approved(camera, officer, **basis), world.received(camera, officer, **basis)):
        consent.withdraw(early, on=timezone.localdate(), document_number="", by=officer)
        early.refresh_from_db()
        assert early.state == "withdrawn"
    grounds = {"ground": world.ground("ordinance21", "1"), "national_ground": world.ground("pipa18", "1")}
    by_consent = world.opinion(**grounds, legal_basis=world.CONSENT)
    of_ground = world.released(camera, officer, by_consent)
    consent.withdraw(of_ground, on=timezone.localdate(), document_number="", by=officer)
    of_ground.refresh_from_db()
    assert of_ground.state == "recalling"
    with pytest.raises(Refused, match="철회할 동의"):
        consent.withdraw(
            world.released(camera, officer), on=timezone.localdate(), document_number="", by=officer
        )


def test_persons_go_after_their_days_and_the_ledgers_facts_stay(camera, officer):
    provision = world.released(camera, officer)
    said = {"kind": "destroyed", "at": timezone.now(), "confirmer_name": "이순경", "document_number": "9"}
    until = provision.use_until_on + timedelta(days=30)
    extending.ask(provision, until=until, reason="김아무개의 재판", document_number="형사-3", by=officer)
    recall.order(provision, reason="제한을 어김", document_number="안전-8", by=world.head())
    ending.confirm(provision.hand_overs.get(), by=officer, **said)
    later = timezone.now() + timedelta(days=1826)
    assert persons.rehearse(timezone.now())[provision_persons.CODE] == 0
    assert provision_persons.erase(later) == 1
    assert provision_persons.erase(later) == 0
    provision.refresh_from_db()
    row = HandOver.objects.get()
    assert (provision.requester_name, row.receiver_name, row.ending.confirmer_name) == ("", "", "")
    written = (provision.moves, provision.extensions)
    assert {reason for rows in written for reason in rows.values_list("reason", flat=True)} == {""}
    assert provision.recalled_why == ""
    assert provision.purpose
    assert row.file_name
    assert provision.recipient
