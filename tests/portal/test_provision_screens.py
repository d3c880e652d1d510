"""이용·제공 in the browser's eyes: the letter goes in, the steps are offered, the list finds and leaves."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import attachments
from ledger.models import Entry
from portal import home
from records.competence_enums import PledgeKind
from records.models import HandOver, Pledge, PledgeText, Provision
from records.provision import extending, recall
from tests.accounts.factories import OfficerFactory
from tests.cameras.life import PDF_BYTES, upload
from tests.footage.factories import CameraFactory
from tests.records import provisions as world
from tests.records.people import competent

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    officer = world.official()
    client.force_login(officer)
    return officer


@pytest.fixture
def camera():
    return CameraFactory()


def moment(ago):
    return f"{timezone.localtime() - ago:%Y-%m-%dT%H:%M:%S}"


def sent(camera, officer, **changes):
    day = timezone.localdate()
    return {
        "submission": str(uuid.uuid4()),
        "came_at": moment(timedelta(hours=1)),
        "number": "형사과-7",
        "on": day.isoformat(),
        "unit": world.unit(officer).pk,
        "requester_name": world.NAME,
        "purpose": "절도 사건 수사",
        "items": "한 시간의 영상",
        "form": "copy",
        "use_until_on": (day + timedelta(days=20)).isoformat(),
        "camera_1": camera.number,
        "from_1": moment(timedelta(hours=30)),
        "until_1": moment(timedelta(hours=29)),
        **changes,
    }


def test_a_letter_is_received_with_rows_and_lines(client, officer, camera):
    other = CameraFactory()
    lines = f"{other.number} {moment(timedelta(hours=9))} ~ {moment(timedelta(hours=8))}"
    answer = client.post(reverse("provision:add"), sent(camera, officer, ranges=lines), follow=True)
    provision = Provision.objects.get()
    assert {line.camera for line in provision.cameras.all()} == {camera, other}
    assert world.NAME not in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ranges": "없는카메라 2026-11-01 10:00 ~ 2026-11-01 11:00"}, "ranges"),
        ({"ranges": "아무 말"}, "ranges"),
        ({"camera_2": "GS-X"}, "camera_2"),
        ({"purpose": "800101-1234567 수사"}, "purpose"),
        ({"until_1": moment(timedelta(hours=40))}, "ranges"),
        ({"unit": ""}, "unit"),
    ],
)
def test_what_is_wrong_stands_at_its_field(changes, field, client, officer, camera):
    answer = client.post(reverse("provision:add"), sent(camera, officer, **changes))
    assert field in answer.context["form"].errors
    assert not Provision.objects.exists()


def test_the_approvers_screen_refuses_who_entered_it(client, camera):
    head = world.head()
    client.force_login(head)
    provision = world.reviewed(camera, head)
    answer = client.post(reverse("provision:approve", args=[provision.pk]), {"way": "system", "position": 1})
    assert "다른 사람" in str(answer.context["form"].errors)


def test_the_list_finds_what_is_late_and_costs_the_same_for_many(
    client, officer, camera, django_assert_max_num_queries
):
    world.received(camera, officer)
    late = world.released(camera, officer)
    HandOver.objects.update(end_due_on=timezone.localdate() - timedelta(days=1))
    address = reverse("provision:list")
    found = client.get(address, {"what": "late"}).context["rows"]
    assert [row.number for row, _, _ in found] == [late.number]
    client.get(address)
    with django_assert_max_num_queries(30):
        client.get(address)
    for _ in range(4):
        world.received(camera, officer)
    with django_assert_max_num_queries(30):
        assert len(client.get(address).context["rows"]) == 6


def test_each_state_has_its_page_and_every_letter_its_refusal(client, officer, camera):
    for provision in (
        world.received(camera, officer, follows_person=True),
        world.reviewed(camera, officer),
        world.approved(camera, officer),
        world.released(camera, officer),
    ):
        assert client.get(reverse("provision:page", args=[provision.pk])).status_code == 200
        letter = reverse("provision:letter", args=[provision.pk, "recall"])
        assert client.get(letter).status_code == 404


def test_footage_that_no_storage_has_seen_is_unknown_and_secured_at_the_recorder(client, officer, camera):
    provision = world.received(camera, officer)
    line = provision.cameras.get()
    page = reverse("provision:page", args=[provision.pk])
    shown = client.get(page).content.decode()
    assert "알 수 없음" in shown
    secure = reverse("provision:secure", args=[line.pk])
    assert secure in shown
    tasks = {item.code: item for item in home.desk(officer, timezone.now()).mine}
    assert tasks["records.provision_unseen"].href == secure
    assert tasks["records.provision_unseen"].due_on == timezone.localdate(provision.received_at)
    client.post(secure, {"note": "녹화기에서 따로 저장함"})
    assert "녹화기에서 따로 저장함" in client.get(page).content.decode()
    assert "records.provision_unseen" not in [item.code for item in home.desk(officer, timezone.now()).mine]
    assert Entry.objects.filter(kind="records.provision_secured").count() == 1


def test_a_longer_period_waits_for_nobody_once_it_is_recalled(client, officer, camera):
    provision = world.released(camera, officer)
    until = provision.use_until_on + timedelta(days=30)
    extending.ask(provision, until=until, reason="재판", document_number="형사-3", by=officer)
    page = reverse("provision:page", args=[provision.pk])
    assert "의 결재를 기다림" in client.get(page).content.decode()
    recall.order(provision, reason="제한을 어김", document_number="", by=world.head())
    assert "의 결재를 기다림" not in client.get(page).content.decode()


def test_the_page_asks_once_what_can_be_done(client, officer, camera):
    """Not for each of the steps that there are: opened often, it would cost a hundred questions more."""
    provision = world.reviewed(camera, officer)
    client.force_login(officer)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("provision:page", args=[provision.pk])).status_code == 200
    sent = Counter(query["sql"] for query in captured)
    assert max(sent.values()) <= 8, sent.most_common(3)


def test_a_file_that_names_suspects_is_read_as_they_are(client, camera):
    """The letter, a receipt, a confirmation, a pledge: for a purpose, by the gates, with a line."""
    provision = world.received(camera)
    kept = [attachments.keep(upload(f"{number}.pdf"), by=OfficerFactory()) for number in range(2)]
    provision.attachments.add(kept[0])
    pledge = Pledge.objects.create(
        kind=PledgeKind.RECIPIENT,
        text=PledgeText.objects.first(),
        signed_on=timezone.localdate(),
        way="scan",
        recorded_by=OfficerFactory(),
        recorded_at=timezone.now(),
    )
    pledge.attachments.add(kept[1])
    for file, purpose, kind, closed in (
        (kept[0], "verify", "records.provision_person_read", Role.AUDITOR),
        (kept[1], "inspect", "records.pledge_person_read", None),
    ):
        address = reverse("attachments:download", args=[file.pk])
        if closed:
            client.force_login(OfficerFactory(role=closed))
            assert client.post(address, {"purpose": purpose}).status_code == 403
        client.force_login(OfficerFactory(role=Role.OFFICIAL))
        refused = client.post(address, {"purpose": purpose})
        assert "Content-Disposition" not in refused.headers, "neither taught nor sworn in"
        client.force_login(competent(OfficerFactory(role=Role.OFFICIAL)))
        assert "Content-Disposition" not in client.get(address).headers
        assert "Content-Disposition" not in client.post(address, {"purpose": "curiosity"}).headers
        assert not Entry.objects.filter(kind=kind).exists()
        answer = client.post(address, {"purpose": purpose})
        assert b"".join(answer.streaming_content) == PDF_BYTES
        assert Entry.objects.get(kind=kind).content == {"purpose": purpose, "files": [file.sha256]}
