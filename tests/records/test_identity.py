"""본인·대리인 확인: a voice on the telephone keeps the footage; only a document opens it (Decree art. 45, 46)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework.refusals import Refused
from footage import destruction, scan
from footage.models import FootageDay, Storage
from ledger.models import Entry
from records.models import ViewingRequest
from records.viewing import appointments, decisions, identity, intake, proof, unconfirmed
from records.viewing.decisions import Answer
from records.viewing.intake import Person
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.records.situations import (
    application,
    confirmed,
    decided,
    identify,
    looked_for,
    received,
    seen_now,
    shown,
    told_about,
)

pytestmark = pytest.mark.django_db
ADULT, CHILD = date(1980, 5, 1), date(2018, 5, 1)


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


@pytest.fixture
def camera():
    return CameraFactory()


def refusing(*codes: str):
    return pytest.raises(Refused, check=lambda error: {each.code for each in error.refusals} == set(codes))


def for_another(camera, role: str, *, subject_born=ADULT, requester_born=ADULT) -> ViewingRequest:
    return received(
        camera,
        requester_role=role,
        requester=Person("대리인", "010-1", requester_born, "주소"),
        subject=Person("당사자", "", subject_born, ""),
        relation="가족",
    )


def test_a_telephone_call_shows_nothing_to_anybody(camera, manager) -> None:
    request = received(camera, asks_existence=True)
    unconfirmed.confirm(request, "telephone", by=manager)
    with refusing("identity"):
        decided(request, manager)
    identify(request, manager)
    decided(request, manager)


@pytest.mark.parametrize("channel", ["visit", "post", "phone"])
def test_who_comes_another_way_shows_a_document_too(channel, camera, manager) -> None:
    with refusing("identity"):
        decided(received(camera, channel=channel), manager)


def test_who_is_told_nothing_of_the_footage_need_not_show_a_document(camera, manager) -> None:
    request = received(camera)
    unconfirmed.confirm(request, "telephone", by=manager)
    looked_for(request, manager)
    decided(request, manager, outcome="not_existing", reason="보관기간이 지남", proof="녹화되지 않음")


def test_a_document_shows_that_there_is_somebody_too(camera, manager) -> None:
    request = received(camera)
    identity.identify(request, "passport", by=manager)
    request.refresh_from_db()
    assert (request.confirmed_how, request.holds_lapse_at) == ("document", None)
    assert (request.identified_by, request.identity_document) == (manager, "passport")
    assert Entry.objects.get(kind="records.viewing_identified").payload.count("passport") == 1
    with refusing("identified"):
        identity.identify(request, "passport", by=manager)


@pytest.mark.parametrize(
    ("role", "mandate", "codes"),
    [
        ("subject", "", set()),
        ("proxy", "", {"mandate"}),
        ("proxy", "family_record", {"mandate"}),
        ("proxy", "power_of_attorney", set()),
        ("legal_representative", "", {"mandate"}),
        ("legal_representative", "family_record", set()),
    ],
)
def test_who_asks_for_another_shows_that_he_may(role, mandate, codes, camera, manager) -> None:
    request = received(camera) if role == "subject" else for_another(camera, role, subject_born=CHILD)
    if codes:
        with refusing(*codes):
            identity.identify(request, "resident_card", mandate=mandate, by=manager)
    else:
        identity.identify(request, "resident_card", mandate=mandate, by=manager)


def test_who_has_no_card_of_a_resident_shows_another_one(camera, manager) -> None:
    """A minor, a foreigner: what it was is written down, and not its number."""
    request = received(camera)
    with refusing("unwritten:note"):
        identity.identify(request, "other", note=" ", by=manager)
    identity.identify(request, "other", note="청소년증", by=manager)
    request.refresh_from_db()
    assert request.identity_document == "other"


def test_nothing_but_a_known_document_is_one(camera, manager) -> None:
    with refusing("document"):
        identity.identify(received(camera), "전화", by=manager)


@pytest.mark.parametrize(
    ("role", "requester_born", "subject_born", "doubts"),
    [
        ("legal_representative", ADULT, CHILD, []),
        ("legal_representative", ADULT, ADULT, ["not_child"]),
        ("legal_representative", CHILD, CHILD, ["young_proxy"]),
        ("proxy", ADULT, ADULT, []),
        ("proxy", CHILD, ADULT, ["young_proxy"]),
        ("subject", CHILD, None, []),
    ],
)
def test_what_the_form_leaves_in_doubt_is_received_and_shown(
    role, requester_born, subject_born, doubts
) -> None:
    assert identity.doubts(role, requester_born, subject_born, date(2026, 11, 29)) == doubts


def test_fourteen_years_are_over_on_the_birthday() -> None:
    for on, doubts in ((date(2026, 11, 28), []), (date(2026, 11, 29), ["not_child"])):
        assert identity.doubts("legal_representative", ADULT, date(2012, 11, 29), on) == doubts


def test_a_doubt_is_answered_in_words(camera, manager) -> None:
    request = for_another(camera, "legal_representative", subject_born=ADULT)
    assert "14세" in identity.doubts_in_words(request)[0]
    given = {"mandate": "family_record", "by": manager}
    with refusing("note"):
        identity.identify(request, "resident_card", **given)
    identity.identify(request, "resident_card", note="성년후견인임을 확인", **given)


def test_a_lost_code_is_replaced_for_whom_the_counter_knows(camera, manager) -> None:
    got = intake.receive(application(camera))
    with refusing("identity"):
        identity.issue_new_code(got.request, by=manager)
    identify(got.request, manager)
    new = identity.issue_new_code(got.request, by=manager)
    number = got.request.receipt_number
    assert intake.find(number, got.code) is None
    assert intake.find(number, new.lower()) == got.request
    assert new not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_the_counter_sees_the_new_code_once(camera, manager, client) -> None:
    client.force_login(manager)
    request = confirmed(camera, manager)
    address = reverse("viewing:new_code", args=[request.pk])
    assert "한 번만" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    code = page.partition("새 확인번호: ")[2][:10]
    assert intake.find(request.receipt_number, code) == request
    assert code not in client.get(reverse("viewing:request", args=[request.pk])).content.decode()


def test_who_was_not_seen_yet_is_the_next_step(camera, manager, client) -> None:
    client.force_login(manager)
    request = received(camera, channel="visit")
    page = client.get(reverse("viewing:request", args=[request.pk]))
    assert [each.label for each in page.context["page_actions"] if each.is_primary] == ["본인·대리인 확인"]
    shown = page.content.decode()
    assert (
        shown.index('aria-label="다음 차례"') < shown.index("다른 처리") < shown.index("카메라·구간 더하기…")
    )
    # What the next step's own button does is not offered twice.
    assert shown.count(reverse("viewing:identify", args=[request.pk])) == 1


def test_no_note_takes_a_resident_number(camera, manager, client) -> None:
    client.force_login(manager)
    request = received(camera)
    answer = client.post(reverse("viewing:confirm", args=[request.pk]), {"note": "800501-1234567"})
    assert "주민등록번호는 적지 않습니다" in answer.content.decode()
    request.refresh_from_db()
    assert request.confirmed_at is None


# -- "영상 없음"


def seen_day(request: ViewingRequest, camera, **changes) -> FootageDay:
    """A scan saw an unbroken recording of the range."""
    on = timezone.localdate(request.cameras.get().from_at)
    storage = Storage.objects.create(name="제1저장소", root="/nowhere", layout="frigate")
    given = {
        "segments": 20,
        "first_at": request.cameras.get().from_at - timedelta(hours=1),
        "last_at": request.cameras.get().until_at,
        "scanned_at": timezone.now(),
        **changes,
    }
    return FootageDay.objects.create(storage=storage, camera=camera, on=on, **given)


MISSING = {"outcome": "not_existing", "reason": "없음", "proof": "녹화되지 않음"}


def test_nobody_is_told_that_there_is_nothing_before_somebody_looked(camera, manager) -> None:
    request = confirmed(camera, manager)
    with refusing("unknown"):
        decided(request, manager, **MISSING)
    looked_for(request, manager)
    decided(request, manager, **MISSING)


def test_what_the_scan_saw_is_not_missing(camera, manager) -> None:
    request = confirmed(camera, manager)
    day = seen_day(request, camera)
    looked_for(request, manager)
    with refusing("there"):
        decided(request, manager, **MISSING)
    assert "확인했고" in proof.draft(request)
    day.gaps = 1
    day.save()
    ViewingRequest.objects.get().cameras.update(secured_at=None)
    assert "파일 20개가 저장소에 있습니다" in proof.draft(request)
    with refusing("unknown"):
        decided(request, manager, **MISSING)
    looked_for(request, manager)
    decided(request, manager, **MISSING)


def test_one_destroyed_file_says_nothing_about_the_others(camera, manager, tmp_path) -> None:
    recorder, now = Recorder(tmp_path / "nvr"), timezone.now().replace(microsecond=0)
    edge = now - timedelta(days=30)
    paths = [
        recorder.write(camera.recording_key, edge + timedelta(minutes=minutes))
        for minutes in (-40, 10, 20, 30, 40, 50)
    ]
    scan.scan()
    destruction.sweep(now, actor="system:test")
    asked = {"from_at": edge - timedelta(hours=1), "until_at": edge + timedelta(hours=1)}
    request = confirmed(camera, manager, **asked)
    assert [path.exists() for path in paths] == [False, True, True, True, True, True]
    (known,) = proof.records(request)
    assert (known.is_there, known.is_unknown) == (False, True), "the day was seen before the sweep only"
    assert "파일 1개를" in known.words
    assert "파일 5개가" in known.words
    with refusing("unknown"):
        decided(request, manager, **MISSING)
    scan.scan()
    looked_for(request, manager)
    (known,) = proof.records(request)
    assert (known.is_there, known.is_unknown) == (True, False)
    assert "파일 1개를" in known.words
    assert "파일 5개가" in known.words
    with refusing("there"):
        decided(request, manager, **MISSING)


def test_destroyed_and_nothing_left_is_an_answer(camera, manager, tmp_path) -> None:
    recorder, now = Recorder(tmp_path / "nvr"), timezone.now().replace(microsecond=0)
    filmed = now - timedelta(days=31)
    recorder.write(camera.recording_key, filmed)
    asked = {"from_at": filmed - timedelta(minutes=5), "until_at": filmed + timedelta(minutes=5)}
    scan.scan()
    destruction.sweep(now, actor="system:test")
    request = confirmed(camera, manager, **asked)
    (known,) = proof.records(request)
    assert (known.is_there, known.is_unknown) == (False, False)
    decided(request, manager, **MISSING)


def test_one_request_is_not_answered_with_there_is_and_there_is_not(camera, manager) -> None:
    request = looked_for(confirmed(camera, manager, asks_existence=True), manager)
    for existence, viewing in (("not_existing", "granted"), ("granted", "not_existing")):
        answers = [
            Answer(kind, outcome, reason="없음", proof="없음" if outcome == "not_existing" else "")
            for kind, outcome in (("existence", existence), ("viewing", viewing))
        ]
        with refusing("missing"):
            decisions.decide(request, answers, by=manager)


def test_nobody_has_seen_it_before_the_day_on_which_it_is_to_be_shown(camera, manager) -> None:
    request = told_about(camera, manager)
    appointment = request.appointments.get()
    with refusing("early"):
        appointments.show(appointment, seen_now(), by=manager)
    shown(request, manager)


def test_who_came_earlier_by_agreement_is_written_down_as_moved_and_then_as_shown(camera, manager) -> None:
    request = told_about(camera, manager)
    agreed = {"place": "관제센터", "note": "청구인이 오늘 왔음", "by": manager}
    yesterday = timezone.now() - timedelta(days=1)
    with refusing("past"):
        appointments.move(request.appointments.get(), at=yesterday, **agreed)
    moved = appointments.move(request.appointments.get(), at=timezone.now() - timedelta(minutes=30), **agreed)
    request.refresh_from_db()
    assert appointments.show(moved, seen_now(), by=manager).shown_at
