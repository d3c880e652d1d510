"""From a hold to its copy, and from the last release to nothing that opens."""

import json
import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from footage import destruction, findings, holds, locks
from footage.models import Hold, VaultCase, VaultFile, VaultIntake
from footage.vault import case_keys, check, ending, folders, intake
from footage.vault.case_keys import CaseKeyUnavailable
from footage.vault.containers import Container
from footage.vault.held import copying, of_case
from ledger import checks
from ledger.models import Entry
from ordinance.models import Finding
from tests.footage.factories import CameraFactory, HoldFactory
from tests.ground.disks import small_disk

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def camera():
    return CameraFactory()


def hold_on(camera, now, hours=40.0, until=1.0, case="VR-2026-0001"):
    return HoldFactory(
        camera=camera,
        from_at=now - timedelta(hours=hours),
        until_at=now - timedelta(hours=until),
        case_reference=case,
    )


def content_of(file: VaultFile) -> bytes:
    with folders.path_of(file).open("rb") as handle:
        kept = Container(handle, case_key=case_keys.of(file.case), file_id=file.file_id.bytes)
        return b"".join(kept.read(0, kept.length))


@pytest.fixture
def held(recorder, camera, now):
    """Three files in the range, one before it, one of another camera."""
    other = CameraFactory()
    for hours in (3, 2, 1.5):
        recorder.write(camera.recording_key, now - timedelta(hours=hours), size=100)
    recorder.write(camera.recording_key, now - timedelta(hours=60))
    recorder.write(other.recording_key, now - timedelta(hours=2))
    return hold_on(camera, now)


def take_in(recorder, now):
    return intake.take_in(recorder.storage, now=now)


def test_what_is_held_is_copied_and_nothing_else(recorder, held, now):
    taken = take_in(recorder, now)
    assert (taken.files, taken.bytes, taken.waiting) == (3, 300, 0)
    assert {file.camera for file in VaultFile.objects.all()} == {held.camera}
    assert all(content_of(file) == b"v" * 100 for file in VaultFile.objects.all())
    assert VaultIntake.objects.get().complete_at is not None
    entry = Entry.objects.of_kind(intake.KEPT).get().content
    assert (entry["files"], entry["bytes"], entry["case"]) == (3, 300, "VR-2026-0001")
    assert check.verify().as_json() == {"files": 3, "bytes": 300, "bad": []}


def test_nothing_is_copied_twice(recorder, held, now):
    take_in(recorder, now)
    again = intake.take_in(recorder.storage, now=now, is_everything_looked_at=True)
    assert again.files == 0
    assert VaultFile.objects.count() == 3


def test_a_complete_hold_rests_for_a_day_and_late_files_are_still_found(recorder, held, now):
    take_in(recorder, now)
    recorder.write(held.camera.recording_key, now - timedelta(hours=5))
    assert take_in(recorder, now + timedelta(hours=1)).files == 0
    assert take_in(recorder, now + timedelta(days=1)).files == 1


def test_what_is_still_written_waits(recorder, camera, now):
    hold_on(camera, now, hours=1, until=-2)
    recorder.write(camera.recording_key, now - timedelta(minutes=5), mtime=now)
    assert take_in(recorder, now).waiting == 1
    assert not VaultFile.objects.exists()
    assert take_in(recorder, now + timedelta(hours=1)).files == 1


def test_a_file_that_was_written_anew_is_copied_anew(recorder, held, now):
    take_in(recorder, now)
    path = recorder.root / VaultFile.objects.first().path
    path.write_bytes(b"other")
    os.utime(path, ((now - timedelta(hours=1)).timestamp(),) * 2)
    assert intake.take_in(recorder.storage, now=now, is_everything_looked_at=True).files == 1
    assert VaultFile.objects.count() == 4


def test_a_hold_without_a_case_is_a_case_of_its_own(recorder, camera, now):
    recorder.write(camera.recording_key, now - timedelta(hours=2))
    hold = hold_on(camera, now, case="")
    take_in(recorder, now)
    assert VaultCase.objects.get().reference == f"hold:{hold.pk}"


def test_a_link_in_place_of_an_original_is_not_followed(recorder, held, now, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"s" * 50)
    path = recorder.root / recorder.layout.path(held.camera.recording_key, now - timedelta(hours=4))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(secret)
    assert take_in(recorder, now).files == 3


def test_what_vanishes_before_its_turn_is_an_alarm(recorder, held, now, monkeypatch):
    gone = recorder.root / recorder.layout.path(held.camera.recording_key, now - timedelta(hours=2))
    find = intake.originals.find

    def found_then_gone(*arguments):
        found = find(*arguments)
        gone.unlink()
        return found

    monkeypatch.setattr(intake.originals, "find", found_then_gone)
    taken = take_in(recorder, now)
    assert (taken.files, taken.vanished) == (2, 1)
    findings.follow_vault(taken.cameras)
    assert Finding.objects.open().filter(rule__code="vault_intact", number=held.camera.number).exists()
    assert copying(held.case_reference).vanished == 1


def test_how_many_are_left_is_told_while_they_are_copied(recorder, held, now, monkeypatch):
    monkeypatch.setattr(intake, "FILES_PER_BATCH", 1)
    told, commit = [], intake.commit

    def told_then_committed(case, kept):
        told.append((copying(held.case_reference).waiting, of_case(held.case_reference).files))
        commit(case, kept)

    monkeypatch.setattr(intake, "commit", told_then_committed)
    take_in(recorder, now)
    assert told == [(3, 0), (2, 1), (1, 2)]
    assert copying(held.case_reference).waiting == 0


def test_an_absent_storage_is_told_and_nothing_counts_as_kept(recorder, held, now):
    recorder.root.rename(recorder.root.with_name("away"))
    taken = take_in(recorder, now)
    assert taken.files == 0
    assert taken.problems
    assert VaultIntake.objects.get().complete_at is None


def test_a_vault_that_cannot_be_written_keeps_nothing_and_goes_on_later(recorder, held, now, settings):
    settings.VAULT_DIR.parent.mkdir(exist_ok=True)
    settings.VAULT_DIR.write_text("no folder")
    taken = take_in(recorder, now)
    assert taken.files == 0
    assert "보관함에 쓸 수 없습니다" in taken.problems[0]
    settings.VAULT_DIR.unlink()
    assert take_in(recorder, now).files == 3
    assert check.verify().is_ok


@pytest.mark.parametrize("step", ["before_commit", "after_commit"])
def test_a_worker_that_dies_leaves_nothing_half_kept(recorder, held, now, monkeypatch, step):
    class Died(Exception):
        pass

    def die(*arguments, **kwargs):
        raise Died

    where = (intake, "record") if step == "before_commit" else (intake.folders, "settle")
    with monkeypatch.context() as patch:
        patch.setattr(*where, die)
        with pytest.raises(Died):
            take_in(recorder, now)
    assert VaultFile.objects.count() == (0 if step == "before_commit" else 3)
    take_in(recorder, now)
    assert check.verify().as_json() == {"files": 3, "bytes": 300, "bad": []}
    case = VaultCase.objects.get()
    assert {path.suffix for path in folders.folder_of(case).iterdir()} == {folders.ENDING}


def test_what_a_copy_killed_in_the_middle_of_a_file_left_goes_with_the_next(recorder, held, now):
    take_in(recorder, now)
    draft = folders.folder_of(VaultCase.objects.get()) / f"{'0' * 32}{folders.UNFINISHED}"
    draft.write_bytes(b"half")
    assert check.verify().is_ok
    recorder.write(held.camera.recording_key, now - timedelta(hours=5))
    assert intake.take_in(recorder.storage, now=now, is_everything_looked_at=True).files == 1
    assert not draft.exists()


def test_holds_outlast_the_sweep_in_the_vault_when_the_recorder_loses_them(recorder, held, now):
    take_in(recorder, now)
    for path in recorder.root.rglob("*.mp4"):
        path.unlink()
    assert check.verify().is_ok
    assert len(content_of(VaultFile.objects.first())) == 100


# ---------------------------------------------------------------- the check


def harm_file(file):
    path = folders.path_of(file)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def cut_file(file):
    path = folders.path_of(file)
    path.write_bytes(path.read_bytes()[:-3])


def swap_files(file):
    other = VaultFile.objects.exclude(pk=file.pk).first()
    one, two = folders.path_of(file), folders.path_of(other)
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)


def lose_file(file):
    folders.path_of(file).unlink()


def change_row(file):
    VaultFile.objects.filter(pk=file.pk).update(sha256="0" * 64)


def lose_row_and_file(file):
    folders.path_of(file).unlink()
    VaultFile.objects.filter(pk=file.pk).delete()


def swap_keys(file):
    VaultCase.objects.filter(pk=file.case_id).update(reference="VR-2026-9999")


def foreign_file(file):
    (folders.folder_of(file.case) / f"{'0' * 32}{folders.ENDING}").write_bytes(b"x")


@pytest.mark.parametrize(
    ("harm", "reasons"),
    [
        (harm_file, {"changed"}),
        (cut_file, {"cut"}),
        (swap_files, {"swapped"}),
        (lose_file, {"missing"}),
        (change_row, {"changed", "rows"}),
        (lose_row_and_file, {"rows"}),
        (swap_keys, {"no_key"}),
        (foreign_file, {"unlisted"}),
    ],
)
def test_harm_is_found(recorder, held, now, harm, reasons):
    take_in(recorder, now)
    harm(VaultFile.objects.first())
    assert {bad.reason for bad in check.verify().bad} == reasons


def test_wrong_rows_fail_the_check_of_the_ledger(recorder, held, now):
    take_in(recorder, now)
    assert checks.run()["vault"].faulty == 0
    change_row(VaultFile.objects.first())
    assert checks.run()["vault"].faulty == 1


def test_the_oldest_are_looked_at_first_and_damage_is_a_finding(recorder, held, now):
    take_in(recorder, now)
    assert check.check_oldest(now + timedelta(days=24)).files == 0
    harm_file(VaultFile.objects.first())
    found = check.check_oldest(now + timedelta(days=26))
    assert (found.files, len(found.bad)) == (3, 1)
    assert VaultFile.objects.exclude(problem="").count() == 1


# ---------------------------------------------------------------- the end


def test_with_the_last_hold_the_case_ends_and_nothing_opens_any_more(recorder, held, now, tmp_path):
    take_in(recorder, now)
    stolen = tmp_path / "stolen"
    file = VaultFile.objects.first()
    stolen.write_bytes(folders.path_of(file).read_bytes())
    assert ending.end() == []
    holds.release(held, reason="끝", by=None, actor="command:test")
    assert [one.is_whole for one in ending.planned()] == [True]
    assert VaultCase.objects.get().destroyed_at is None  # asking destroys nothing
    assert len(ending.end()) == 1
    case = VaultCase.objects.get()
    assert (bytes(case.wrapped_key), case.destroyed_at is not None) == (b"", True)
    assert not folders.folder_of(case).exists() or not list(folders.folder_of(case).iterdir())
    with pytest.raises(CaseKeyUnavailable):
        case_keys.of(case)
    said = Entry.objects.of_kind(ending.DESTROYED).get().content
    assert (said["files"], said["bytes"]) == (3, 300)
    assert check.verify().as_json() == {"files": 0, "bytes": 0, "bad": []}
    assert checks.run()["vault"].faulty == 0
    assert ending.end() == []


def test_another_hold_of_the_case_keeps_it(recorder, held, camera, now):
    narrow = hold_on(camera, now, hours=2.05, until=1.9)
    take_in(recorder, now)
    holds.release(held, reason="끝", by=None, actor="command:test")
    [done] = ending.end()
    assert (done.is_whole, len(done.files)) == (False, 2)
    assert VaultFile.objects.get(removed_at=None).case.reference == narrow.case_reference
    assert check.verify().as_json()["files"] == 1
    assert check.verify().is_ok


def test_releasing_one_of_two_holds_lets_no_copy_go(recorder, held, camera, now):
    take_in(recorder, now)
    assert len(ending.with_the_release_of([held])) == 3
    other = hold_on(camera, now)
    assert ending.with_the_release_of([held]) == []
    assert len(ending.with_the_release_of([held, other])) == 3
    # Thinking a hold away ends nothing.
    assert ending.end(now) == []


@pytest.mark.parametrize("cases", [1, 4])
def test_what_would_end_and_what_is_due_are_asked_in_few_queries(
    recorder, camera, now, cases, django_assert_num_queries
):
    recorder.write(camera.recording_key, now - timedelta(hours=2))
    for number in range(cases):
        hold_on(camera, now, case=f"VR-2026-{number:04}")
    take_in(recorder, now)
    assert VaultFile.objects.count() == cases
    with django_assert_num_queries(2):
        assert ending.planned() == []
    with django_assert_num_queries(2):
        assert intake._due(recorder.storage, now, is_everything_looked_at=True)
    with django_assert_num_queries(2):
        assert intake._due(recorder.storage, now, is_everything_looked_at=False) == []
    with django_assert_num_queries(2):
        assert list(check.faults_of_rows()) == [None] * cases


def test_another_case_is_not_touched(recorder, held, camera, now):
    hold_on(camera, now, case="VR-2026-0002")
    take_in(recorder, now)
    assert VaultFile.objects.count() == 6
    holds.release(held, reason="끝", by=None, actor="command:test")
    ending.end()
    assert {file.case.reference for file in VaultFile.objects.filter(removed_at=None)} == {"VR-2026-0002"}
    assert check.verify().is_ok


def test_a_case_that_comes_again_has_a_key_of_its_own(recorder, held, camera, now):
    take_in(recorder, now)
    holds.release(held, reason="끝", by=None, actor="command:test")
    ending.end()
    hold_on(camera, now)
    take_in(recorder, now)
    assert VaultCase.objects.filter(reference=held.case_reference).count() == 2
    assert check.verify(held.case_reference).as_json()["files"] == 3


def test_a_run_that_died_after_its_line_is_finished_by_the_next(recorder, held, now, monkeypatch):
    take_in(recorder, now)
    holds.release(held, reason="끝", by=None, actor="command:test")
    with monkeypatch.context() as patch:
        patch.setattr(folders, "remove", lambda file: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            ending.end()
    case = VaultCase.objects.get()
    assert folders.names_in(case)
    ending.end()
    assert not folders.folder_of(case).exists()
    assert Entry.objects.of_kind(ending.DESTROYED).count() == 1


def test_nothing_ends_while_a_newer_state_is_known(recorder, held, now, monkeypatch):
    take_in(recorder, now)
    holds.release(held, reason="끝", by=None, actor="command:test")
    monkeypatch.setattr(ending.continuity, "lost", lambda: ["a head"])
    assert ending.end() == []
    assert check.verify().as_json()["files"] == 3


def test_the_sweep_leaves_what_is_held_and_the_vault_what_it_copied(recorder, camera, now):
    old = now - timedelta(days=31)
    recorder.write(camera.recording_key, old)
    hold = HoldFactory(
        camera=camera, from_at=old - timedelta(hours=1), until_at=old + timedelta(hours=1), case_reference="A"
    )
    take_in(recorder, now)
    assert destruction.sweep(actor="system:test").destroyed == 0
    holds.release(hold, reason="끝", by=None, actor="command:test")
    assert destruction.sweep(actor="system:test").destroyed == 1
    ending.end()
    assert recorder.files() == set()
    assert not VaultFile.objects.filter(removed_at=None).exists()


# ---------------------------------------------------------------- keys


def test_the_master_key_changes_and_no_file_is_touched(recorder, held, now, settings):
    take_in(recorder, now)
    before = {path: path.stat().st_mtime_ns for path in settings.VAULT_DIR.rglob("*.vault")}
    old = (settings.KEY_STORE.folder / case_keys.MASTER).read_bytes()
    assert case_keys.rotate(actor="command:test") == 1
    new = (settings.KEY_STORE.folder / case_keys.MASTER).read_bytes()
    assert old not in new
    assert len(new.split()) == 1
    assert {path: path.stat().st_mtime_ns for path in settings.VAULT_DIR.rglob("*.vault")} == before
    assert check.verify().is_ok


def test_a_rotation_that_died_is_done_again(recorder, held, now, settings, monkeypatch):
    take_in(recorder, now)
    with monkeypatch.context() as patch:
        patch.setattr(case_keys, "record", lambda *a, **k: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            case_keys.rotate(actor="command:test")
    assert check.verify().is_ok
    case_keys.rotate(actor="command:test")
    assert check.verify().is_ok
    assert len((settings.KEY_STORE.folder / case_keys.MASTER).read_bytes().split()) == 1


def test_with_another_master_key_everything_is_told_and_nothing_lost(recorder, held, now, settings):
    take_in(recorder, now)
    file = settings.KEY_STORE.folder / case_keys.MASTER
    right = file.read_bytes()
    file.write_bytes(b"other:" + right.split(b":")[1])
    assert {bad.reason for bad in check.verify().bad} == {"no_key"}
    file.write_bytes(right)
    assert check.verify().is_ok


# ---------------------------------------------------------------- commands


def told(capsys, *arguments) -> tuple[int, dict]:
    """What a program hears: the exit status and the last line."""
    status = 0
    try:
        call_command(*arguments, "--json")
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_commands(recorder, held, capsys):
    status, taken = told(capsys, "keep_held")
    assert (status, taken["files"], taken["cases_destroyed"]) == (0, 3, 0)
    assert told(capsys, "verify_vault") == (0, {"files": 3, "bytes": 300, "bad": []})
    assert told(capsys, "verify_vault", "--case", "없는 사건")[0] == 2
    file = VaultFile.objects.first()
    lose_file(file)
    bad = {"case": "VR-2026-0001", "file": file.path, "reason": "missing"}
    assert told(capsys, "verify_vault", "--case", "VR-2026-0001") == (
        1,
        {"files": 3, "bytes": 300, "bad": [bad]},
    )
    assert told(capsys, "rotate_vault_key") == (0, {"cases": 1})
    holds.release(held, reason="끝", by=None, actor="command:test")
    expected = {"case": "VR-2026-0001", "files": 3, "bytes": 300, "whole": True}
    assert told(capsys, "keep_held", "--dry-run") == (0, {"would_destroy": [expected]})
    assert told(capsys, "keep_held")[1]["cases_destroyed"] == 1


# ---------------------------------------------------------------- the vault's disk


@pytest.fixture
def disk(settings, tmp_path):
    """The vault on a disk of its own, of which 64 MiB stay free for whatever else lies there."""
    with small_disk(tmp_path / "mounted", kilobytes=66 << 10) as mounted:
        settings.VAULT_DIR = mounted.folder
        yield mounted


def test_a_vault_that_is_not_mounted_is_told_and_its_mount_point_stays_empty(disk, recorder, held, now):
    """Neither does an empty folder fill up on the machine's own disk, nor do the copies count as gone."""
    take_in(recorder, now)
    disk.take_away()
    recorder.write(held.camera.recording_key, now - timedelta(hours=5))
    taken = intake.take_in(recorder.storage, now=now, is_everything_looked_at=True)
    assert (taken.files, "디스크가 연결되었는지" in taken.problems[0]) == (0, True)
    assert list(disk.folder.iterdir()) == []
    findings.follow_vault(taken.cameras)
    assert Finding.objects.open().filter(rule__code="vault_intact", number=held.camera.number).exists()
    VaultFile.objects.update(checked_at=now - timedelta(days=40))
    check.check_oldest()
    assert [bad.reason for bad in check.verify().bad] == [check.ABSENT]
    assert not VaultFile.objects.exclude(problem="").exists()
    assert not VaultFile.objects.filter(checked_at__gte=now).exists()


def test_a_vault_that_comes_back_goes_on_where_it_was(recorder, held, now, settings):
    take_in(recorder, now)
    away = settings.VAULT_DIR.rename(settings.VAULT_DIR.with_name("unplugged"))
    settings.VAULT_DIR.mkdir()
    assert intake.take_in(recorder.storage, now=now, is_everything_looked_at=True).problems
    settings.VAULT_DIR.rmdir()
    away.rename(settings.VAULT_DIR)
    recorder.write(held.camera.recording_key, now - timedelta(hours=5))
    # A problem is looked at again with the next minute, not with the next day.
    assert take_in(recorder, now + timedelta(minutes=1)).files == 1
    assert VaultIntake.objects.get().problem == ""
    assert check.verify().is_ok


def test_a_full_vault_keeps_what_was_copied_whole_and_goes_on_when_there_is_room(disk, recorder, held, now):
    # Room for two files of a megabyte besides the reserve, not for a third.
    for hours in (10, 11, 12):
        recorder.write(held.camera.recording_key, now - timedelta(hours=hours), size=1 << 20)
    taken = take_in(recorder, now)
    assert "자리가 없습니다" in taken.problems[0]
    assert 0 < VaultFile.objects.count() < 6
    assert check.verify().is_ok
    assert not list(disk.folder.rglob(f"*{folders.UNFINISHED}"))
    assert take_in(recorder, now).files == 0
    disk.make_bigger(kilobytes=128 << 10)
    take_in(recorder, now)
    assert VaultFile.objects.count() == 6
    assert check.verify().is_ok


def test_a_copy_that_another_machine_is_writing_is_not_taken_for_a_left_over(recorder, held, now):
    """Two machines with storages of their own, one case, one vault: each has its own lock files."""
    if connection.vendor != "postgresql":
        pytest.skip("one machine only with SQLite")
    take_in(recorder, now)
    case = VaultCase.objects.get()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [locks.VAULT_CASE_CLASS, case.pk])
    draft = folders.folder_of(case) / f"{'0' * 32}{folders.UNFINISHED}"
    draft.write_bytes(b"half")
    recorder.write(held.camera.recording_key, now - timedelta(hours=5))
    assert intake.take_in(recorder.storage, now=now, is_everything_looked_at=True).files == 0
    assert draft.exists()
    other.close()
    assert intake.take_in(recorder.storage, now=now, is_everything_looked_at=True).files == 1
    assert not draft.exists()


def test_what_a_case_keeps_is_counted_once_and_ends_with_its_holds(held, recorder, camera, now):
    def told():
        found = of_case("VR-2026-0001")
        return found.cameras, found.length, found.files, found.bytes

    hold_on(camera, now, hours=50.0, until=30.0)
    hold_on(CameraFactory(), now, hours=2.0, until=1.0)
    hold_on(camera, now, case="VR-2026-0002")
    assert told() == (2, timedelta(hours=49 + 1), 0, 0)
    intake.take_in(recorder.storage, now=now)
    assert told()[2:] == (3, 300)
    for hold in Hold.objects.filter(case_reference="VR-2026-0001"):
        holds.release(hold, reason="끝남", by=None, actor="system:test")
    assert told()[:2] == (0, timedelta())
    ending.end()
    assert told() == (0, timedelta(), 0, 0)
    alone = hold_on(camera, now, hours=2.0, until=1.0, case="")
    assert of_case(intake.case_of(alone)).length == timedelta(hours=1)
