"""Backup, loss and restore, drilled on the real databases; and everything a backup may be that must not be restored."""

import fcntl
import hashlib
import json
import os
import re
import resource
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import encryption, resealing
from casework import attachments
from casework.models import Attachment
from config import maintenance, readiness, settings
from config.backups import databases, making, manifest, restoring, upgrading
from config.backups.copying import copy_tree
from config.backups.errors import Damaged, Refused
from config.errors import Unusable
from config.keys import KeyStore
from footage import destruction, holds
from footage.models import Hold
from ledger import continuity, restores
from ledger.seal import seal
from ledger.verify import verify
from tests.footage.factories import CameraFactory, Recorder
from tests.ground import installations

pytestmark = pytest.mark.django_db


@pytest.fixture
def _django_db_helper(django_db_setup):
    """No transaction around these tests, and nothing to flush: their database is their own (`data`)."""


@pytest.fixture
def data(settings, tmp_path, django_db_setup, django_db_blocker, monkeypatch):
    """DATA_DIR of an installation that this test may lose."""
    with installations.own(settings, tmp_path, django_db_blocker, monkeypatch) as folder:
        (tmp_path / "disk").mkdir()
        (tmp_path / "safe").mkdir()
        yield folder


@pytest.fixture
def run(capsys):
    """A command as it is typed: its status and the last line of --json."""

    def run(name, *arguments):
        capsys.readouterr()
        status = 0
        try:
            call_command(name, *map(str, arguments), "--json")
        except CommandError as error:
            status = error.returncode
        except SystemExit as end:
            status = end.code
        return status, json.loads(capsys.readouterr().out.splitlines()[-1])

    return run


def make_work(tmp_path):
    """What a district has: an attachment, footage that is due, footage that is held; all of it sealed."""
    camera = CameraFactory()
    recorder = Recorder(tmp_path / "nvr")
    due = recorder.write(camera.recording_key, timezone.now() - timedelta(days=40))
    held = recorder.write(camera.recording_key, timezone.now() - timedelta(days=50))
    hold(camera, 51, 49)
    upload = SimpleUploadedFile("청구서.pdf", b"%PDF-1.7 of a citizen")
    attachment = attachments.keep(upload, by=None)
    seal()
    return camera, due, held, attachment


def hold(camera, first, last):
    now = timezone.now()
    return holds.place(
        camera, now - timedelta(days=first), now - timedelta(days=last), reason="열람 청구", by=None
    )


def test_the_drill(data, run, tmp_path):
    camera, due, held, attachment = make_work(tmp_path)
    status, made = run("backup", "--to", tmp_path / "disk", "--keys-to", tmp_path / "safe")
    backup, keys = Path(made["backup"]), Path(made["keys"])
    assert (status, made["ledger"]["size"]) == (0, made["ledger"]["entries"])
    assert modes_below(backup) | modes_below(keys) == {0o600, 0o700}
    whole = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    for name in ("personal_columns", "ledger-signing.pem"):
        assert (data / "keys" / name).read_bytes() == (keys / name).read_bytes()
        assert (keys / name).read_bytes() not in whole

    # The machine is gone, and with it a hold of today.
    hold(camera, 41, 39)
    seal()
    shutil.rmtree(data)
    installations.lose_database()
    data.mkdir()
    status, answer = run("restore", "--from", backup)
    assert (status, "--keys-from" in answer["error"]) == (2, True)
    assert "personal_columns" in answer["error"]
    assert databases.current().is_empty()
    status, answer = run("restore", "--from", backup, "--keys-from", keys, "--dry-run")
    assert (status, answer["restored"], databases.current().is_empty()) == (0, False, True)
    status, answer = run("restore", "--from", backup, "--keys-from", keys)
    assert (status, answer["ledger_sound"], answer["missing_files"]) == (0, True, [])
    assert modes_below(data / "media") == {0o600, 0o700}
    assert verify().ok
    assert attachments.content_of(Attachment.objects.get(pk=attachment.pk)) == b"%PDF-1.7 of a citizen"

    # Nobody knows of a newer head, and still nothing is destroyed before a person has placed today's hold again.
    refused = destruction.sweep(actor="system:test")
    assert (refused.destroyed, due.exists(), "되돌린" in refused.refusal) == (0, True, True)
    assert run("confirm_restore")[0] == 1
    assert Hold.objects.count() == 1
    hold(camera, 41, 39)
    assert run("confirm_restore", "--reason", "디스크 고장", "--holds-placed-again")[0] == 0
    assert destruction.sweep(actor="system:test").held == 2
    holds.release(Hold.objects.latest("pk"), reason="연습 끝", by=None)
    assert [destruction.sweep(actor="system:test").destroyed for _ in range(2)] == [1, 0]
    assert (due.exists(), held.exists()) == (False, True)
    newest = seal()

    # The older state once more, now over an installation that has data and knows a newer head.
    status, answer = run("restore", "--from", backup, "--keys-from", keys)
    assert (status, "--replace-existing-data" in answer["error"]) == (2, True)
    damage(backup / "media" / attachment.file.name)
    status, answer = run("restore", "--from", backup, "--keys-from", keys, "--replace-existing-data")
    assert (status, f"media/{attachment.file.name}" in answer["error"]) == (2, True)
    assert verify().ok, "nothing was changed"
    damage(backup / "media" / attachment.file.name)
    status, answer = run("restore", "--from", backup, "--keys-from", keys, "--replace-existing-data")
    assert (status, answer["ledger_sound"]) == (0, True)
    assert {head["size"] for head in answer["to_confirm"]} == {newest.size, made["ledger"]["size"]}
    assert not verify().ok
    assert run("enforce_retention")[0] == 1
    assert run("confirm_restore", "--reason", "연습", "--holds-placed-again")[0] == 0
    assert destruction.sweep(actor="system:test").is_ok
    seal()
    assert verify().ok
    assert list(data.glob("media.before-restore-*"))


def modes_below(folder):
    return {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}


def damage(path):
    """One bit of the first byte; twice is as it was."""
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


def test_upgrade_from_an_older_state(data, run, tmp_path, settings):
    """An older database with data: upgraded after a backup; a step that fails says the way back, and the way works."""
    *_, attachment = make_work(tmp_path)
    before = set(MigrationRecorder(connection).applied_migrations())
    call_command("migrate", "ledger", "0002", verbosity=0)
    # With it go those that stand on it.
    undone = {".".join(step) for step in before - set(MigrationRecorder(connection).applied_migrations())}
    assert "ledger.0003_confirm_loss" in undone
    status, answer = run("upgrade", "--without-backup", "--dry-run")
    assert (status, set(answer["migrations"])) == (0, undone)

    # Static files cannot be collected: everything before is done, and services do not start over it.
    settings.STATIC_ROOT.write_text("no folder")
    status, answer = run("upgrade", "--backup-to", tmp_path / "disk", "--keys-to", tmp_path / "safe")
    (backup,) = (tmp_path / "disk").iterdir()
    assert status == 1
    assert "collectstatic" in answer["error"]
    assert f"restore --from {backup} --replace-existing-data" in answer["error"]
    with pytest.raises(Unusable, match="갱신"):
        maintenance.hold(data)

    settings.STATIC_ROOT.unlink()
    status, answer = run("upgrade", "--without-backup")
    assert (status, answer["migrations"], len(answer["steps"])) == (0, [], 4)
    assert (settings.STATIC_ROOT / "a.css").exists()
    maintenance.hold(data).close()

    # Back to the state before, with the code that is here: its migration is made up for.
    status, answer = run("restore", "--from", backup, "--replace-existing-data")
    assert (status, set(answer["migrated"])) == (0, undone)
    assert attachments.content_of(Attachment.objects.get(pk=attachment.pk))


def test_what_is_refused_while_the_system_works(data, run, tmp_path):
    disk = tmp_path / "disk"
    with maintenance.hold(data), maintenance.hold(data):
        assert "실행 중" in run("upgrade", "--without-backup")[1]["error"]
        backup = Path(run("backup", "--to", disk)[1]["backup"])
        answer = run("restore", "--from", backup, "--replace-existing-data")[1]
        assert "실행 중" in answer["error"]
    with maintenance.alone(data), pytest.raises(Unusable, match="복원이나 갱신"):
        maintenance.hold(data)
    restores.begin("2026-11-29T00:00:00+00:00", 1, "ab" * 32)
    with pytest.raises(Unusable, match="끝나지 않은 복원"):
        maintenance.hold(data)
    assert [head.source for head in continuity.lost()] == ["백업에서 되돌림"]
    assert "복원" in run("upgrade", "--without-backup")[1]["error"]


def test_targets_that_are_refused_and_what_a_killed_backup_left(data, run, tmp_path):
    disk, safe = tmp_path / "disk", tmp_path / "safe"
    (disk / "in").mkdir()
    for to, keys_to, word in [
        (tmp_path / "absent", None, "폴더가 없습니다"),
        (data, None, "자료 폴더"),
        (disk, disk / "in", "열쇠"),
        (disk, disk, "열쇠"),
    ]:
        given = ["--to", to] + (["--keys-to", keys_to] if keys_to else [])
        status, answer = run("backup", *given)
        assert (status, word in answer["error"]) == (2, True), answer
    with open(data / "backup.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "다른 백업" in run("backup", "--to", disk)[1]["error"]

    left, at_work = (disk / f"cctv-backup-{name}.unfinished" for name in ("old", "other"))
    for folder in (left, at_work):
        folder.mkdir()
    with pytest.raises(Refused, match="끝나지 않은"):
        manifest.read(left)
    descriptor = os.open(at_work, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    media = data / "media"
    media.mkdir()
    (media / "in.txt").write_text("in")
    (media / "link").symlink_to("/etc/passwd")
    os.mkfifo(media / "pipe")
    status, made = run("backup", "--to", disk, "--keys-to", safe)
    os.close(descriptor)
    assert status == 0
    assert any(str(left) in note for note in made["notes"])
    assert (left.exists(), at_work.exists()) == (False, True)
    told = " ".join(made["notes"])
    assert "media/link" in told
    assert "media/pipe" in told
    assert [path.name for path in (Path(made["backup"]) / "media").iterdir()] == ["in.txt"]


def test_a_full_disk_leaves_nothing_that_looks_whole(data, run, tmp_path):
    """Here the system takes no file that is larger than half a megabyte."""
    (data / "media").mkdir()
    (data / "media" / "large.bin").write_bytes(b"x" * 1_000_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        status, answer = run("backup", "--to", tmp_path / "disk", "--keys-to", tmp_path / "safe")
        (data / "media" / "large.bin").unlink()
        second, _ = run("backup", "--to", tmp_path / "disk")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (status, second) == (2, 2), "the uploaded file does not fit; then the database does not"
    assert "아무것도 남기지 않았습니다" in answer["error"]
    assert list((tmp_path / "disk").iterdir()) + list((tmp_path / "safe").iterdir()) == []


def test_a_backup_of_newer_code_is_refused(data, run, tmp_path):
    backup = Path(run("backup", "--to", tmp_path / "disk")[1]["backup"])
    listed = json.loads((backup / "manifest.json").read_text())
    listed["migrations"]["ledger"].append("0999_of_tomorrow")
    rewrite(backup, listed)
    answer = run("restore", "--from", backup, "--replace-existing-data")[1]
    assert "ledger.0999_of_tomorrow" in answer["error"]
    listed["migrations"]["ledger"].pop()
    rewrite(backup, listed | {"product_version": "999.0"})
    assert "999.0" in run("restore", "--from", backup, "--replace-existing-data")[1]["error"]
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    rewrite(backup, listed | {"vendor": other})
    assert other in run("restore", "--from", backup, "--replace-existing-data")[1]["error"]


def test_a_backup_that_somebody_changed_is_refused_although_its_list_fits(data, run, tmp_path):
    """Whoever may write to the disk of the backups makes new digests, but no signature."""
    make_work(tmp_path)
    made = run("backup", "--to", tmp_path / "disk", "--keys-to", tmp_path / "safe")[1]
    backup, keys = Path(made["backup"]), Path(made["keys"])
    dump = next((backup / "database").iterdir())
    with dump.open("ab") as handle:
        handle.write(b"\0")
    listed = json.loads((backup / "manifest.json").read_text())
    name = f"database/{dump.name}"
    listed["files"][name] = {
        "sha256": hashlib.sha256(dump.read_bytes()).hexdigest(),
        "bytes": dump.stat().st_size,
    }
    rewrite(backup, listed)
    whole = ("restore", "--from", backup, "--replace-existing-data")
    for more in ((), ("--keys-from", keys), ("--dry-run",), ("--manifest-sha256", made["sha256"])):
        status, answer = run(*whole, *more)
        assert status == 2, more
        assert "누가 고친" in answer["error"] or "SHA-256과 다릅니다" in answer["error"]
    # Of before there were signatures: only by the digest that somebody kept.
    (backup / "manifest.sig").unlink()
    status, answer = run(*whole)
    assert (status, "--manifest-sha256" in answer["error"]) == (2, True)
    told = hashlib.sha256((backup / "manifest.json").read_bytes()).hexdigest()
    assert run(*whole, "--dry-run", "--manifest-sha256", told)[0] == 0


def test_tools_of_postgresql(data, run, tmp_path, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's own tools")
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    assert "pg_dump 프로그램이 없습니다" in run("backup", "--to", tmp_path / "disk")[1]["error"]
    (tools / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (tools / "pg_dump").chmod(0o755)
    assert "pg_dump 9는" in run("backup", "--to", tmp_path / "disk")[1]["error"]
    assert list((tmp_path / "disk").iterdir()) == []


def test_the_room_that_an_upgrade_needs_is_asked_of_the_disk_of_the_database(data, settings, monkeypatch):
    """A server of PostgreSQL has its own; nothing of it lies here."""
    full = shutil.disk_usage(data)._replace(free=1)
    monkeypatch.setattr(upgrading.shutil, "disk_usage", lambda path: full)
    if connection.vendor == "sqlite":
        with pytest.raises(Refused, match="자리가 모자랍니다"):
            upgrading._check_space()
    else:
        upgrading._check_space()


def test_a_service_does_not_start_with_keys_of_its_own(data, settings, tmp_path, monkeypatch):
    """A second machine with its own DATA_DIR would lock personal data under keys that no other machine has."""
    make_work(tmp_path)
    maintenance.hold(data).close()
    settings.KEY_STORE = KeyStore(tmp_path / "keys of a new machine")
    with pytest.raises(Unusable, match="같은 열쇠를 두어야"):
        maintenance.hold(data)
    # Nor with some that were made by accident meanwhile.
    encryption.seal("김", purpose="p", place="1")
    with monkeypatch.context() as patch:
        patch.setattr(resealing, "locked_column", lambda: "열람등 청구: 성명")
        with pytest.raises(Unusable, match="같은 열쇠를 두어야"):
            maintenance.hold(data)
    shutil.copytree(data / "keys", settings.KEY_STORE.folder, dirs_exist_ok=True)
    maintenance.hold(data).close()
    # One lost key is said by /readyz and stops what needs it, not the rest.
    (settings.KEY_STORE.folder / "ledger-signing.pem").unlink()
    maintenance.hold(data).close()
    assert "마지막 봉인" in readiness.problems()["keys"]


# ---------------------------------------------------------------- without a database


def rewrite(backup, listed):
    """A list that somebody made fit again."""
    content = json.dumps(listed).encode()
    (backup / "manifest.json").write_bytes(content)
    (backup / "manifest.sha256").write_text(hashlib.sha256(content).hexdigest() + "  manifest.json\n")


@pytest.fixture
def given(tmp_path):
    """A backup that came from elsewhere: one file, and a list that names it."""
    folder = tmp_path / "given"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.txt").write_text("a")
    fact = {"sha256": hashlib.sha256(b"a").hexdigest(), "bytes": 1}
    listed = {
        "format": manifest.FORMAT,
        "made_at": "2026-11-29T00:00:00+00:00",
        "product_version": "0.1.0",
        "files": {"media/a.txt": fact},
    }
    rewrite(folder, listed)
    return folder, listed, fact


@pytest.mark.parametrize(
    "name",
    [
        "../a.txt",
        "/etc/passwd",
        "media/../../a.txt",
        "media//a.txt",
        "media/.",
        "keys/a",
        "a.txt",
        "media/a\0",
    ],
)
def test_names_that_leave_the_folder_are_refused(given, name):
    folder, listed, fact = given
    rewrite(folder, listed | {"files": {name: fact}})
    with pytest.raises(Damaged, match="쓸 수 없는 이름"):
        manifest.read(folder)


def test_files_that_are_not_as_listed_are_named(given, tmp_path):
    folder, listed, _ = given
    assert list(manifest.verify_files(folder, manifest.read(folder))) == ["media/a.txt"]
    file = folder / "media" / "a.txt"
    for change in (
        lambda: file.write_text("b"),
        lambda: file.unlink(),
        lambda: file.symlink_to("/etc/hostname"),
        lambda: (file.unlink(), os.mkfifo(file)),
    ):
        change()
        with pytest.raises(Damaged, match=r"media/a\.txt"):
            list(manifest.verify_files(folder, manifest.read(folder)))
    (folder / "manifest.json").write_text(json.dumps(listed) + " ")
    with pytest.raises(Damaged, match="목록이 바뀌었습니다"):
        manifest.read(folder)
    for absent in (tmp_path / "nothing", tmp_path, folder / "manifest.json"):
        with pytest.raises(Refused, match="백업 폴더가 아닙니다"):
            manifest.read(absent)


@pytest.mark.parametrize(
    "listed", ["[]", "{}", '{"format": "cctv-backup/1"}', '{"format": "other/9"}', "nul"]
)
def test_lists_that_are_none(tmp_path, listed):
    (tmp_path / "manifest.json").write_text(listed)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    (tmp_path / "manifest.sha256").write_text(digest)
    with pytest.raises((Damaged, Refused)):
        manifest.read(tmp_path)


def test_what_comes_between_two_passes_is_copied(tmp_path):
    """An upload of the meantime, a file that changed, one that was erased: the row of that instant finds its file."""
    media, target = tmp_path / "media", tmp_path / "copy"
    (media / "2026").mkdir(parents=True)
    for name in ("stays", "changes", "goes"):
        (media / "2026" / name).write_text(name)
    first = copy_tree(media, target)
    (media / "2026" / "comes").write_text("comes")
    (media / "2026" / "changes").write_text("changed")
    (media / "2026" / "goes").unlink()
    second = copy_tree(media, target, first)
    found = {path.name: path.read_text() for path in (target / "2026").iterdir()}
    assert found == {"stays": "stays", "changes": "changed", "goes": "goes", "comes": "comes"}
    digests = {name.split("/")[1]: copied.sha256 for name, copied in second.files.items()}
    assert digests == {name: hashlib.sha256(text.encode()).hexdigest() for name, text in found.items()}


def test_what_a_killed_restore_had_half_written_is_not_taken_for_whole(tmp_path, monkeypatch):
    """A kept copy of footage is of no use without its end."""
    source, target = tmp_path / "stage", tmp_path / "vault"
    (source / "case").mkdir(parents=True)
    (source / "case" / "a.vault").write_bytes(b"whole")

    def killed(file, place):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"wh")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "copy_file", killed)
        with pytest.raises(KeyboardInterrupt):
            restoring._add_missing(source, target)
    restoring._add_missing(source, target)
    assert [path.read_bytes() for path in target.rglob("*.vault")] == [b"whole"]
    assert not list(target.rglob("*.restoring"))


def test_an_unreadable_file_is_an_error_not_a_gap(tmp_path, monkeypatch):
    media = tmp_path / "media"
    media.mkdir()
    (media / "a").write_text("a")

    def refuse(path, *rest, **more):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="media/a"):
        copy_tree(media, tmp_path / "copy")


def test_a_database_file_that_is_none_is_refused(tmp_path):
    """Also with a digest that fits: somebody listed it so."""
    file = tmp_path / "db.sqlite3"
    file.write_bytes(b"no database")
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT 1 FROM sqlite_master")
    if connection.vendor == "sqlite":
        with pytest.raises(Refused, match="열 수 없습니다"):
            databases.SQLite().stage(file)


def test_whatever_a_deployment_chooses_is_written_down_and_no_secret_with_it():
    read = re.compile(r'(?:environ(?:\.get)?[\[(]|env_\w+\()\s*"([A-Z0-9_]+)"')
    settings_files = sorted((Path(settings.__file__).parent).glob("*.py"))
    names = {name for path in settings_files for name in read.findall(path.read_text())}
    of_tests = {"PYTEST_XDIST_WORKER", "TEST_RUN_ID", "DOMAIN_ONLY"}
    assert names - of_tests <= {*making.PLAIN_NAMES, *making.SECRET_NAMES}
    assert not set(making.PLAIN_NAMES) & set(making.SECRET_NAMES)
