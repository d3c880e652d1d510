"""Copies that leave: who may have what, in which state, with which secrets; and what is left of them afterwards."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
from datetime import timedelta

import av
import pytest
import pyzipper
from django.utils import timezone

from accounts import queueing
from accounts.roles import Role
from casework.refusals import Refused
from footage.copies import rendering
from footage.models import Hold, VaultFile
from footage.vault import check, intake
from footage.vault.case_keys import CaseKeyUnavailable
from ledger.models import Entry
from ordinance import exceptions, rules
from ordinance.excuses import only_excepted
from ordinance.rules import Context
from records.copies import asking, downloading, ending, granting, leaving, making, outside, reading, sealing
from records.copies.leaving import Handed
from records.models import CaseCopy, CopyLeaving, CopySealing, HandOver
from records.official_ledgers import out_of_purpose, personal_video
from records.provision import ending as provision_ending
from records.viewing import notices
from reports import tasks as report_tasks
from reports.copies import package
from tests.accounts.factories import OfficerFactory
from tests.records import copies as world
from tests.records.people import competent
from tests.records.provisions import paper
from tests.records.situations import confirmed, decided, told_about, viewing_letter
from website.views import check_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path):
    return world.Office(settings, tmp_path)


@pytest.fixture
def request_(office, manager):
    return office.request(manager)


def codes(refused):
    return {refusal.code for refusal in refused.value.refusals}


def lines(kind):
    return [entry.content for entry in Entry.objects.of_kind(kind).order_by("sequence")]


def pictures(content):
    with av.open(io.BytesIO(content)) as clip:
        streams = [stream.type for stream in clip.streams]
        return (
            streams,
            dict(clip.metadata),
            [frame.to_ndarray(format="gray") for frame in clip.decode(video=0)],
        )


def unpacked(content, password, folder):
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        assert {info.compress_type for info in archive.infolist()} == {pyzipper.ZIP_STORED}
        assert all(info.flag_bits & 1 for info in archive.infolist())
        archive.extractall(folder, pwd=password.encode())
    return folder


def verified(folder, *more):
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_copy.py"), *more, "--json"],
        capture_output=True, text=True, check=False, cwd=folder, env={},
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


# ---------------------------------------------------------------- asking


def test_an_original_waits_for_a_second_person_who_is_another(office, request_):
    boss = competent(OfficerFactory(role=Role.CCTV_MANAGER))
    copy = world.asked(request_, boss)
    assert copy.number == f"사본-{timezone.localdate().year}-001"
    assert copy.stage == "deciding"
    assert not CaseCopy.objects.allowed().exists()
    with pytest.raises(Refused) as refused:
        asking.decide(copy, is_allowed=True, note="확인함", by=boss)
    assert codes(refused) == {"second"}
    other = OfficerFactory(role=Role.CCTV_MANAGER)
    asking.decide(copy, is_allowed=False, note="가릴 수 있음", by=other)
    assert world.fresh(copy).stage == "denied"
    assert not CaseCopy.objects.allowed().exists()
    with pytest.raises(Refused) as refused:
        asking.decide(copy, is_allowed=True, note="확인함", by=other)
    assert codes(refused) == {"decided"}
    (line,) = lines("records.copy_asked")
    assert (line["copy"], line["copy_ground"]) == (copy.number, "nobody_else")
    assert "아무도" not in str(line)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ground": ""}, "ground"),
        ({"ground": "purpose"}, "ground"),  # a citizen has no purpose of office
        ({"why": " "}, "unwritten:why"),
        ({"keys": ()}, "ranges"),
        ({"keys": ("original:999",)}, "ranges"),
        ({"source": "masked"}, "mixed"),
        ({"source": "both"}, "source"),
    ],
)
def test_a_wish_that_cannot_be_granted_makes_nothing(office, request_, changes, code):
    with pytest.raises(Refused) as refused:
        world.asked(request_, office.official, **changes)
    assert code in codes(refused)
    assert not CaseCopy.objects.exists()


def test_only_what_was_granted_and_told_to_a_known_person_is_copied(office, manager):
    undecided = confirmed(office.camera, manager)
    assert granting.refuse_case(world.case_of(undecided))
    told = told_about(office.camera, manager)
    assert granting.refuse_case(world.case_of(told)) == []
    told.identified_at = None
    told.save(update_fields=["identified_at"])
    assert [each.code for each in granting.refuse_case(world.case_of(told))] == ["identity"]


def test_who_is_not_let_in_to_see_it_has_no_copy_in_hand(office, request_):
    """A package and its password are the footage: whoever is neither taught nor sworn in gets neither."""
    stranger = OfficerFactory(role=Role.OFFICIAL)
    with pytest.raises(Refused) as refused:
        world.asked(request_, stranger)
    assert codes(refused) == {"staff"}
    copy, _ = world.sealed(request_, office.official)
    with pytest.raises(Refused) as refused:
        downloading.taken(copy, by=stranger)
    assert codes(refused) == {"staff"}
    with pytest.raises(Refused) as refused:
        sealing.ask(copy, by=stranger)
    assert codes(refused) == {"staff"}
    assert lines("records.copy_taken") == []
    assert world.fresh(copy).sealed_by == office.official
    assert b"".join(downloading.taken(copy, by=office.official).content)


def test_what_is_not_in_the_vault_is_not_copied(office, manager):
    request = told_about(office.camera, manager)
    with pytest.raises(Refused) as refused:
        world.asked(request, office.official)
    assert codes(refused) == {"unkept"}


# ---------------------------------------------------------------- making


def test_each_file_is_marked_without_sound_and_the_same_when_made_again(office, request_):
    copy = world.made(request_, office.official)
    parts = list(copy.parts.all())
    assert [part.frames for part in parts] == [30]
    assert {part.source_sha256 for part in parts} == {VaultFile.objects.originals().first().sha256}
    assert copy.mark == f"{request_.receipt_number} · 청구인 · {copy.number} · {timezone.localdate()}"
    content = b"".join(reading.content(parts[0]))
    streams, metadata, shown = pictures(content)
    assert streams == ["video"]
    assert set(metadata) == {"major_brand", "minor_version", "compatible_brands"}
    assert len(shown) == 30
    # 96 lines of the original's picture, and below it the mark: dark with light letters.
    assert shown[0].shape[1] == 160
    strip = shown[0][96:]
    assert strip.shape[0] >= 10
    assert strip.min() < 40
    assert strip.max() > 180
    # Across it as well: the background of the clip is black.
    assert shown[15][:96, 90:].max() > 40
    again = rendering.render(making.wanted_of(copy, parts[0]))
    assert again.kept.sha256 == parts[0].sha256
    assert again.recipe == parts[0].recipe
    assert parts[0].sha256 != parts[0].source_sha256
    assert check.verify(request_.receipt_number).bad == []


def test_only_the_granted_seconds_of_a_file_are_copied(office, manager):
    start = office.until - timedelta(minutes=30) + timedelta(seconds=1)
    place = {"from_at": start, "until_at": start + timedelta(seconds=1)}
    request = decided(confirmed(office.camera, manager, **place), manager)
    notices.notify(request, viewing_letter(), by=manager)
    intake.take_in(office.recorder.storage)
    copy = world.made(request, office.official)
    (part,) = copy.parts.all()
    assert (part.frames, part.from_at, part.until_at) == (10, start, start + timedelta(seconds=1))


def test_a_file_that_cannot_be_read_says_so_and_the_others_go_on(office, manager):
    office.write(office.until - timedelta(minutes=20), b"no video at all")
    copy = world.made(office.request(manager), office.official)
    bad = copy.parts.get(result=None)
    assert "열 수 없습니다" in bad.problem
    assert copy.parts.exclude(result=None).count() == 1
    assert lines("records.copy_made")[0]["not_made"] == 1


def test_where_no_file_can_be_read_the_copy_fails_in_words(office, request_):
    copy = world.allowed(request_, office.official)
    for file in VaultFile.objects.all():
        path = office.vault / file.case.folder.hex / f"{file.file_id.hex}.vault"
        path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(making.CannotMake):
        making.make(copy)
    copy = world.fresh(copy)
    assert (copy.stage, "온전하지" in copy.error) == ("failed", True)


# ---------------------------------------------------------------- sealing


def test_the_package_opens_with_its_password_alone_and_is_verified_without_the_office(
    office, request_, tmp_path
):
    copy, password = world.sealed(request_, office.official, package.pack)
    content = b"".join(downloading.taken(copy, by=office.official).content)
    folder = unpacked(content, password, tmp_path / "package")
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".mp4") == [
        "copy.json",
        "copy_sheet.pdf",
        "signature.json",
        "verify_copy.py",
    ]
    sheet = (folder / "copy_sheet.pdf").read_bytes()
    assert sheet.startswith(b"%PDF")
    # Whoever got it can ask about the package and about the sheet alone (`website.views.check_file`).
    for known, what in ((content, "영상 사본 꾸러미"), (sheet, "영상 사본 안내")):
        assert check_file.answer_to(hashlib.sha256(known).hexdigest())["what"] == what
    code, found = verified(folder)
    assert (code, found["bad"], found["signed"], found["files"]) == (0, [], True, 3)
    assert found["copy"] == copy.number
    first = copy.parts.first()
    assert verified(folder, "--file", str(folder / first.name))[1]["file"] == first.name
    with pytest.raises(RuntimeError):
        unpacked(content, "another", tmp_path / "other")
    # The password stands in no row, nor in the ledger.
    rows = json.dumps(list(CaseCopy.objects.values()), default=str)
    assert password not in rows + "".join(Entry.objects.values_list("payload", flat=True))


TAMPERS = {
    "more": lambda folder: (folder / "stranger.txt").write_text("x"),
    "less": lambda folder: (folder / "copy_sheet.pdf").unlink(),
    "changed": lambda folder: (folder / "copy_sheet.pdf").write_bytes(b"%PDF-1.7"),
    "list": lambda folder: (folder / "copy.json").write_bytes(
        (folder / "copy.json").read_bytes().replace("청구인".encode(), "경찰관".encode())
    ),
    "unsigned": lambda folder: (folder / "signature.json").unlink(),
}


def test_the_checker_finds_what_was_done_to_a_package(office, request_, tmp_path):
    copy, password = world.sealed(request_, office.official, package.pack)
    content = b"".join(downloading.taken(copy, by=office.official).content)
    folder = unpacked(content, password, tmp_path / "package")
    for name, tamper in TAMPERS.items():
        other = shutil.copytree(folder, tmp_path / name)
        tamper(other)
        assert verified(other)[0] == 1, name
    assert verified(folder)[0] == 0


def test_sealed_anew_before_it_leaves_the_first_package_is_gone(office, request_):
    copy, _ = world.sealed(request_, office.official)
    first = copy.package
    world.seal(copy, office.official)
    first.refresh_from_db()
    assert first.removed_at is not None
    leaving.open_download(copy, by=office.official)
    with pytest.raises(Refused) as refused:
        world.seal(world.fresh(copy), office.official)
    assert codes(refused) == {"left"}


def left_here(office):
    return [
        file.name for file in office.vault.rglob("*") if file.is_file() and not file.name.endswith(".vault")
    ]


def test_packing_is_a_work_with_progress_whose_password_nobody_can_make_again(office, request_):
    copy = world.made(request_, office.official)
    work, password = sealing.ask(copy, by=office.official)
    assert sealing.password_of(work) == password
    assert password not in json.dumps(list(CopySealing.objects.values()), default=str)
    with pytest.raises(Refused) as refused:
        sealing.ask(copy, by=office.official)
    assert codes(refused) == {"running"}
    sealing.seal(work, world.light)
    work.refresh_from_db()
    assert (work.state, work.percent, work.seed) == ("succeeded", 100, "")
    assert sealing.password_of(work) != password
    assert world.fresh(copy).stage == "sealed"


def test_a_lost_worker_is_followed_by_another_under_the_same_password(
    office, request_, tmp_path, monkeypatch
):
    copy = world.made(request_, office.official)
    work, password = sealing.ask(copy, by=office.official)
    CopySealing.objects.update(state="running", started_at=timezone.now() - timedelta(hours=1),
                               heartbeat_at=timezone.now() - timedelta(hours=1))  # fmt: skip
    started = []
    monkeypatch.setattr(queueing, "start", lambda task, pk: started.append(pk) or task(pk))
    report_tasks.resume_sealings()
    assert started == [work.pk]
    content = b"".join(downloading.taken(world.fresh(copy), by=office.official).content)
    assert unpacked(content, password, tmp_path / "package").joinpath("verify_copy.py").exists()


def test_cancelled_while_it_waits_or_is_packed_nothing_is_kept(office, request_):
    copy = world.made(request_, office.official)
    waiting, _ = sealing.ask(copy, by=office.official)
    waiting.cancel()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.seed) == ("cancelled", "")

    work, _ = sealing.ask(copy, by=office.official)

    def stopped(copy, parts, password, target, told):
        CopySealing.objects.get(pk=work.pk).cancel()
        work._beaten_at = float("-inf")
        told(1)
        pytest.fail("the beat stops it")

    sealing.seal(work, stopped)
    work.refresh_from_db()
    assert (work.state, work.seed, world.fresh(copy).stage) == ("cancelled", "", "made")
    assert not lines("records.copy_sealed")
    assert left_here(office) == []


def test_what_cannot_be_packed_says_why_and_can_be_asked_for_again(office, request_):
    copy = world.made(request_, office.official)
    work, _ = sealing.ask(copy, by=office.official)
    path = office.vault / copy.parts.get().result.case.folder.hex
    part = path / f"{copy.parts.get().result.file_id.hex}.vault"
    content = part.read_bytes()
    part.write_bytes(content[:-1])
    report_tasks.seal_copy(work.pk)
    work.refresh_from_db()
    assert (work.state, "온전하지" in work.error, work.seed) == ("failed", True, "")
    part.write_bytes(content)
    assert world.seal(copy, office.official)


def test_withdrawn_meanwhile_it_is_not_sealed(office, request_):
    copy = world.made(request_, office.official)
    work, _ = sealing.ask(copy, by=office.official)

    def meanwhile(*given):
        leaving.withdraw(world.fresh(copy), why="잘못 만듦", by=office.official)
        return world.light(*given)

    with pytest.raises(Refused):
        sealing.seal(work, meanwhile)
    work.refresh_from_db()
    assert (work.state, "거두어들인" in work.error, work.seed) == ("failed", True, "")
    assert world.fresh(copy).package is None
    assert not VaultFile.objects.filter(made_as="copy", removed_at=None).exists()


# ---------------------------------------------------------------- as a download


@pytest.fixture
def opened(office, request_):
    copy, _ = world.sealed(request_, office.official)
    secret = leaving.open_download(copy, by=office.official)
    return CopyLeaving.objects.get(), secret


def refused_download(left, secret):
    left = CopyLeaving.objects.get(pk=left.pk)
    before = left.used
    with pytest.raises(Refused) as refused:
        downloading.download(left, secret)
    left.refresh_from_db()
    assert left.used == before
    return codes(refused)


def test_each_download_counts_and_is_a_line_and_the_number_stands_nowhere(opened, request_):
    left, secret = opened
    assert left.expires_at - left.opened_at == timedelta(days=14)
    assert secret not in json.dumps(list(CopyLeaving.objects.values()), default=str)
    for number in (1, 2, 3):
        given = downloading.download(left, secret.lower())
        assert len(b"".join(given.content)) == given.length
        assert lines("records.copy_downloaded")[-1]["downloads"] == number
    left.refresh_from_db()
    assert (left.used, left.times_left) == (3, 0)
    assert refused_download(left, secret) == {"exhausted"}
    assert downloading.offered(request_) == []


def test_a_wrong_number_gives_nothing(opened, request_):
    left, _ = opened
    assert refused_download(left, "AAAAA-BBBBB-CCCCC-DDDDD") == {"secret"}
    assert downloading.offered(request_) == [left]


def test_after_its_days_it_is_gone_and_so_are_its_files(opened):
    left, secret = opened
    CopyLeaving.objects.update(expires_at=timezone.now())
    assert refused_download(left, secret) == {"expired"}
    assert ending.end_downloads() == 1
    assert ending.end_downloads() == 0
    assert not CaseCopy.objects.here().exists()
    assert refused_download(left, secret) == {"ended"}
    assert lines("records.copy_ended")[0]["files"] == 2


def test_withdrawn_it_is_gone(opened, office):
    left, secret = opened
    leaving.withdraw(left.copy, why="잘못 만듦", by=office.official)
    assert refused_download(left, secret) == {"ended"}
    assert not CaseCopy.objects.here().exists()


def test_while_the_request_is_decided_anew_nothing_is_given(opened, request_):
    left, secret = opened
    type(request_).objects.update(state="searched")
    assert refused_download(left, secret) == {"ended"}


def test_after_the_case_closed_it_is_gone_and_its_key_with_it(opened, office):
    left, secret = opened
    path = office.vault / left.copy.package.case.folder.hex
    stolen = {file.name: file.read_bytes() for file in path.iterdir()}
    Hold.objects.update(released_at=timezone.now())
    assert refused_download(left, secret) == {"ended"}
    office.end()
    left.copy.package.refresh_from_db()
    assert left.copy.package.removed_at is not None
    assert not path.exists()
    # A stolen back-up of the vault, put back, opens nowhere.
    path.mkdir()
    for name, content in stolen.items():
        (path / name).write_bytes(content)
    with pytest.raises(CaseKeyUnavailable):
        list(reading.content(left.copy.parts.select_related("result__case").first()))


def test_a_new_second_number_ends_the_first(opened, office):
    left, first = opened
    downloading.download(left, first)
    second = leaving.open_download(left.copy, by=office.official)
    assert refused_download(left, first) == {"secret"}
    downloading.download(CopyLeaving.objects.get(), second)
    today = timezone.localdate()
    (line,) = [each for each in personal_video.lines(today, today) if left.copy.number in each.file_name]
    assert line.form == "열람(사본 발급), 누리집에서 내려받기"


# ---------------------------------------------------------------- on a medium


def handed(**changes):
    given = {
        "at": timezone.now(),
        "medium": "usb",
        "medium_number": "U-7",
        "receiver_name": "홍길동",
        "signature_way": "paper",
        "files": (paper("인수증.pdf"),),
        **changes,
    }
    return Handed(**given)


def test_a_citizen_gets_it_on_a_medium_against_a_receipt(office, request_):
    copy, _ = world.sealed(request_, office.official)
    for changes, code in [
        ({"files": ()}, "files"),
        ({"signature_way": ""}, "signature_way"),
        ({"receiver_name": ""}, "unwritten:receiver_name"),
        ({"medium": "paper"}, "medium"),
        ({"at": timezone.now() + timedelta(hours=1)}, "at"),
    ]:
        with pytest.raises(Refused) as refused:
            leaving.hand_over(copy, handed(**changes), by=office.official)
        assert code in codes(refused)
    leaving.hand_over(copy, handed(), by=office.official)
    assert world.fresh(copy).stage == "left"
    with pytest.raises(Refused) as refused:
        leaving.hand_over(world.fresh(copy), handed(), by=office.official)
    assert codes(refused) == {"left"}
    today = timezone.localdate()
    (line,) = [each for each in personal_video.lines(today, today) if copy.number in each.file_name]
    assert line.form == "열람(사본 발급), 매체로 인계"
    assert "홍길동" not in str(lines("records.copy_handed_over"))


def test_an_agency_gets_it_by_the_hand_over_of_the_provision_and_that_is_one_line(office):
    provision = office.provision()
    copy, _ = world.sealed(provision, office.official, ground="purpose")
    assert copy.mark.startswith(f"{provision.number} · {provision.recipient} 형사과-1234 · ")
    with pytest.raises(Refused) as refused:
        leaving.open_download(copy, by=office.official)
    assert codes(refused) == {"provision"}
    given = handed(signature_way="", files=(), receiver_name="이순경", receiver_rank="순경")
    leaving.hand_over(copy, given, by=office.official)
    row = HandOver.objects.get()
    (file,) = row.files.all()
    assert (file.sha256, file.size, file.is_checked) == (copy.package.sha256, copy.package.bytes, True)
    assert (row.is_masked, "길에 아무도 없음" in row.unmasked_why) == (False, True)
    today = timezone.localdate()
    assert len(personal_video.lines(today, today)) == 1
    assert len(out_of_purpose.hand_overs(today, today)) == 1
    assert outside.rows_of(list(outside.listed())) == [(row, None)]


def test_the_list_of_copies_outside_has_both_kinds_the_oldest_first(
    office, request_, django_assert_num_queries
):
    provision = office.provision()
    first, _ = world.sealed(provision, office.official, ground="purpose")
    leaving.hand_over(first, handed(signature_way="", files=()), by=office.official)
    for _ in range(2):
        copy, _ = world.sealed(request_, office.official)
        leaving.hand_over(copy, handed(), by=office.official)
    with django_assert_num_queries(3):
        found = outside.rows_of(list(outside.listed()))
        assert [row is not None for row, _ in found] == [True, False, False]
        assert [given.copy.case_number for _, given in found if given] == [request_.receipt_number] * 2
    assert len(outside.listed("body")) == 1
    assert len(outside.listed("citizen")) == 2


# ---------------------------------------------------------------- 24(3)


def judged(days=0):
    rule = rules.get("copy_ended")
    context = Context(timezone.localdate() + timedelta(days=days), "gangseo")
    covered = set(rule.subjects(context).values_list("pk", flat=True))
    unmet = dict(rule.unmet_subjects(context).values_list("pk", rule.evidence(context)))
    apart = set(rule.exclusion.rows(context).values_list("pk", flat=True))
    assert not covered & apart
    assert set(unmet) <= covered
    return covered, unmet, apart


def test_the_duty_to_destroy_met_unmet_and_not_applicable(office, request_):
    ours = world.made(request_, office.official)
    theirs, _ = world.sealed(office.provision(), office.official, ground="purpose")
    assert judged() == (set(), {}, {ours.pk, theirs.pk})
    leaving.hand_over(theirs, handed(signature_way="", files=()), by=office.official)
    assert judged() == (set(), {}, {ours.pk, theirs.pk})
    # Their period is over, and nobody confirmed anything.
    assert judged(days=60) == ({theirs.pk}, {theirs.pk: "outside"}, {ours.pk})
    provision_ending.confirm(
        HandOver.objects.get(),
        kind="destroyed",
        at=timezone.now(),
        confirmer_name="이순경",
        document_number="9",
        by=office.official,
    )
    assert judged(days=60)[1] == {}
    # The matter is over: the vault destroys, or the file that is still here is a finding of the next day.
    Hold.objects.update(released_at=timezone.now())
    assert judged()[1] == {}
    assert judged(days=1)[1] == {ours.pk: "here", theirs.pk: "here"}
    office.end()
    assert judged(days=1) == ({ours.pk, theirs.pk}, {}, set())


def test_the_duty_to_destroy_excepted(office, request_, manager):
    ours = world.made(request_, office.official)
    Hold.objects.update(released_at=timezone.now() - timedelta(days=2))
    assert judged()[1] == {ours.pk: "here"}
    rule, context = rules.get("copy_ended"), Context(timezone.localdate() + timedelta(days=1), "gangseo")
    wanted = exceptions.Grant(
        rule,
        (ours.number,),
        reason="법원의 보전 명령",
        citation="민사소송법 제375조",
        approver="구청장",
        document_number="안전-9",
        until_on=timezone.localdate() + timedelta(days=30),
    )
    exceptions.grant(wanted, by=manager)
    assert only_excepted(rule, rule.unmet_subjects(context), context).count() == 1
