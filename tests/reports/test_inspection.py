"""The inspector's bundle: whole as it is made, and each thing that is done to it is named by the checker alone."""

import base64
import csv
import gzip
import io
import json
import random
import subprocess
import sys
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.roles import Role
from config.keys import KeyStore
from footage import destruction, holds
from ledger import heads
from ledger import seal as sealer
from ledger.models import Entry
from records.access.gates import Matter
from records.competence import gates
from records.models import Pledge, ViewingRequest
from records.people import turns
from reports.inspection import bundle, sections, verify_inspection
from reports.inspection.tables import Span
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.records import people, provisions, situations

pytestmark = pytest.mark.django_db
# What is done to a ZIP and how it is checked does not depend on the database.
once = pytest.mark.once


def today():
    """Asked each time: a run may last over midnight."""
    return timezone.localdate()


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def happened(db, tmp_path):
    """Footage was destroyed and held, a request and a provision came in."""
    now = timezone.now().replace(microsecond=0)
    recorder = Recorder(tmp_path / "nvr")
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    camera = CameraFactory()
    for days in (40, 41, 42):
        recorder.write(camera.recording_key, now - timedelta(days=days))
    recorder.write(camera.recording_key, now - timedelta(days=3))
    destruction.sweep(now, actor="system:test")
    holds.place(
        camera,
        now - timedelta(days=4),
        now - timedelta(days=2),
        reason="홍길동의 청구",
        article="조례 제24조제1항제1호",
        case_reference="VR-1",
        by=manager,
    )
    situations.refused_about(camera, manager)
    provisions.released(CameraFactory())
    return camera


@pytest.fixture
def file(happened, tmp_path) -> Path:
    path = tmp_path / "bundle.zip"
    bundle.make(today() - timedelta(days=10), today(), path, actor="system:test")
    return path


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(bundle._member(name, zipfile.ZIP_DEFLATED), content)


def rows(path: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contents(path)[name].decode("utf-8-sig"))))


def bad_names(path: Path, **kept) -> list[str]:
    return [one["name"] for one in verify_inspection.verify(str(path), **kept)["bad"]]


def signed_again(files: dict[str, bytes], key: Ed25519PrivateKey) -> dict[str, bytes]:
    """As if whoever made the bundle had changed what stands in it: every digest fits, and so does the signature."""
    import hashlib

    listing = json.loads(files["manifest.json"])
    for one in listing["files"]:
        content = files[one["path"]]
        one["bytes"], one["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    manifest = json.dumps(listing).encode()
    signature = {
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign(verify_inspection.signed_text(manifest)).hex(),
    }
    return {**files, "manifest.json": manifest, "signature.json": json.dumps(signature).encode()}


@pytest.fixture
def own_key(settings):
    from ledger import keys

    return keys.signing_key().private


def test_a_bundle_holds_what_happened_and_is_whole(file, happened):
    found = verify_inspection.verify(str(file))
    assert (found["ok"], found["bad"], found["blocks"]) == (True, [], 1)
    assert [row["파기 파일 수"] for row in rows(file, "footage/sweeps.csv")] == ["3"]
    assert "VR-1" in {row["사건 번호"] for row in rows(file, "footage/holds.csv")}
    assert len(rows(file, "requests/requests.csv")) == 1
    assert len(rows(file, "provisions/hand_overs.csv")) == 1
    assert happened.number in {row["카메라 번호"] for row in rows(file, "register/cameras.csv")}
    entry = Entry.objects.of_kind(bundle.MADE).get().content
    assert entry["with_names"] is False
    index = contents(file)["index.html"].decode()
    assert "footage/sweeps.csv" in index
    assert "http" not in index.replace('lang="ko"', "")


def test_trainings_pledges_exceptions_and_turns_are_in_it_and_a_changed_pledge_is_found(happened, tmp_path):
    agent, manager = OfficerFactory(role=Role.MONITORING_AGENT), OfficerFactory(role=Role.CCTV_MANAGER)
    people.competent(agent)
    turns.enter({"camera": happened, "turned_at": timezone.now(), "reason": "범죄 의심"}, by=agent)
    request = ViewingRequest.objects.get()
    matter = Matter("viewing", request.pk, request.receipt_number, ())
    other = OfficerFactory(role=Role.OFFICIAL)
    gates.lift(other, matter, ["training"], reason="급한 구조", by=manager)
    path = tmp_path / "people.zip"
    bundle.make(today() - timedelta(days=10), today(), path, actor="system:test")
    assert bad_names(path) == []
    assert [row["문안의 판"] for row in rows(path, "people/pledges_signed.csv")] == ["1"]
    assert rows(path, "people/trainings.csv")[0]["이수번호"]
    assert [row["카메라 번호"] for row in rows(path, "people/camera_turns.csv")] == [happened.number]
    assert [row["사유"] for row in rows(path, "people/gate_lifts.csv")] == ["급한 구조"]

    Pledge.objects.update(digest="0" * 64)
    bundle.make(today() - timedelta(days=10), today(), path, actor="system:test")
    assert bad_names(path) == ["people/pledges_signed.csv"]


def test_without_a_purpose_nobody_is_named(file):
    files = {name: content for name, content in contents(file).items() if not name.endswith((".pdf", ".gz"))}
    text = "\n".join(content.decode(errors="replace") for content in files.values())
    for name in ("홍길동", "이순경", "010-1234-5678"):
        assert name not in text
    assert not any(name.startswith("names/") for name in files)


def test_with_a_purpose_persons_are_named_apart_and_the_ledger_has_the_purpose(happened, tmp_path):
    path = tmp_path / "named.zip"
    bundle.make(today(), today(), path, actor="system:test", names_for=" 정기 점검 ")
    assert bad_names(path) == []
    assert {row["청구인"] for row in rows(path, "names/requesters.csv")} == {"홍길동"}
    assert "names/personal-video.pdf" in contents(path)
    assert Entry.objects.of_kind(bundle.MADE).get().content["purpose"] == "정기 점검"


def changed(name: str, old: bytes = b"", new: bytes = b"x"):
    def harm(files):
        content = files[name]
        files[name] = content.replace(old, new, 1) if old else content + new
        return files

    return harm


def without(name: str):
    return lambda files: {key: value for key, value in files.items() if key != name}


def renamed(name: str, other: str):
    return lambda files: {other if key == name else key: value for key, value in files.items()}


def swapped(files):
    one, other = "requests/notices.csv", "requests/moves.csv"
    files[one], files[other] = files[other], files[one]
    return files


def with_manifests_of_nothing(files):
    name = next(name for name in files if name.startswith("footage/manifests-") and files[name])
    files[name] = b""
    return files


HARMS = {
    "a cell": (changed("footage/sweeps.csv", b",3,", b",2,"), "footage/sweeps.csv"),
    "a row more": (changed("register/cameras.csv"), "register/cameras.csv"),
    "an empty table": (lambda files: {**files, "footage/holds.csv": b""}, "footage/holds.csv"),
    "the index": (changed("index.html", b"</html>", b"<!-- -->"), "index.html"),
    "the checker": (changed("verify_inspection.py"), "verify_inspection.py"),
    "the ledger": (changed("ledger/ledger.jsonl.gz"), "ledger/ledger.jsonl.gz"),
    "a file less": (without("requests/decisions.csv"), "requests/decisions.csv"),
    "a file more": (lambda files: {**files, "requests/more.csv": b"x"}, "requests/more.csv"),
    "two swapped": (swapped, "requests/moves.csv"),
    "a file renamed": (renamed("requests/moves.csv", "requests/movements.csv"), "requests/moves.csv"),
    "a way out": (lambda files: {**files, "../../etc/cron.d/x": b"x"}, "'../../etc/cron.d/x'"),
    "a way from the root": (lambda files: {**files, "/etc/cron.d/x": b"x"}, "'/etc/cron.d/x'"),
    "a way of Windows": (lambda files: {**files, "..\\x.csv": b"x"}, "'..\\\\x.csv'"),
    "a bomb": (lambda files: {**files, "footage/holds.csv": bytes(32 << 20)}, "footage/holds.csv"),
    "a bomb more": (lambda files: {**files, "more.csv": bytes(32 << 20)}, "more.csv"),
    "a bomb of a signature": (lambda files: {**files, "signature.json": bytes(32 << 20)}, "signature.json"),
    "the list": (changed("manifest.json", b'"rows": 1', b'"rows": 2'), "manifest.json"),
    "the signature": (changed("signature.json", b"a", b"b"), "manifest.json"),
    "no signature": (without("signature.json"), "signature.json"),
    "no manifests": (with_manifests_of_nothing, "footage/manifests-"),
}


@once
def test_what_was_changed_is_named_first(file):
    whole, missed = contents(file), {}
    for harm, (change, name) in HARMS.items():
        rewritten(file, change(dict(whole)))
        found = bad_names(file)
        if not found or not found[0].startswith(name):
            missed[harm] = found
    assert missed == {}
    rewritten(file, renamed("requests/moves.csv", "requests/movements.csv")(whole))
    told = verify_inspection.verify(str(file))["bad"][0]
    assert told == {"name": "requests/moves.csv", "reason": "이름이 ‘requests/movements.csv’로 바뀌었습니다"}


@once
def test_bytes_that_belong_to_no_file_are_found(file):
    whole = file.read_bytes()
    for harmed in (b"x" + whole, whole + b"x", whole[:-3], whole[: len(whole) // 2]):
        file.write_bytes(harmed)
        assert bad_names(file), harmed[:4]
    file.write_bytes(whole)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("index.html", b"x")
    assert bad_names(file) == ["index.html"]


@once
def test_a_bundle_that_was_packed_anew_is_told_as_that_and_names_what_was_changed(file):
    whole = contents(file)
    for files, names in (
        (whole, ["(묶음)"]),
        (changed("footage/sweeps.csv", b",3,", b",2,")(dict(whole)), ["footage/sweeps.csv", "(묶음)"]),
    ):
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        assert bad_names(file) == names
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("index.html", b"x")
    assert bad_names(file) == ["index.html"]


@once
def test_no_bit_can_be_turned(file):
    """Most of all at the end, where a ZIP says what belongs to it."""
    whole, kept = file.read_bytes(), []
    chance = random.Random(20261129)
    places = [chance.randrange(len(whole)) for _ in range(20)]
    places += [chance.randrange(len(whole) - 6_000, len(whole)) for _ in range(60)]
    for place in places:
        harmed = bytearray(whole)
        harmed[place] ^= 1 << chance.randrange(8)
        file.write_bytes(harmed)
        if not bad_names(file):
            kept.append(place - len(whole))
    assert kept == []


@once
def test_who_holds_the_key_still_cannot_contradict_the_ledger(file, own_key):
    """Every digest and the signature fit: only the ledger tells."""
    for change, name in (
        (changed("footage/sweeps.csv", b",3,", b",2,"), "footage/sweeps.csv"),
        (changed("footage/holds.csv", b"VR-1", b"VR-2"), "footage/holds.csv"),
        (with_manifests_of_nothing, "footage/manifests-"),
    ):
        path = file.with_name("again.zip")
        rewritten(path, signed_again(change(contents(file)), own_key))
        assert bad_names(path)[0].startswith(name)
    files = contents(file)
    lines = files["footage/sweeps.csv"].splitlines(keepends=True)
    # Without its row; with a false row before the true one; with a column beside that a reader takes for the true one.
    false = lines[1].replace(b",3,", b",2,")
    heading = lines[0].replace("실행한 쪽".encode(), "파기 파일 수".encode())
    for made in (lines[:1], [lines[0], false, *lines[1:]], [heading, *lines[1:]]):
        rewritten(path, signed_again({**files, "footage/sweeps.csv": b"".join(made)}, own_key))
        assert bad_names(path) == ["footage/sweeps.csv"]
    endless = gzip.compress(gzip.decompress(files["ledger/ledger.jsonl.gz"]) + b"{}\n" * 100_000)
    rewritten(path, signed_again({**files, "ledger/ledger.jsonl.gz": endless}, own_key))
    assert bad_names(path) == ["ledger/ledger.jsonl.gz"]
    name = next(name for name in files if name.startswith("footage/manifests-") and files[name])
    row = json.loads(files[name])
    text = zlib.decompress(base64.b64decode(row["lines"]))
    bomb = zlib.compress(bytes(verify_inspection.MAX_LIST + 1), 1)
    for lines in (zlib.compress(text.replace(b"1", b"2")), bomb):
        row["lines"] = base64.b64encode(lines).decode()
        rewritten(path, signed_again({**files, name: json.dumps(row).encode() + b"\n"}, own_key))
        assert bad_names(path) == [name]


@once
def test_another_key_is_found_by_who_has_ours(file, own_key):
    ours = own_key.public_key().public_bytes_raw()
    assert bad_names(file, pinned=ours) == []
    path = file.with_name("other.zip")
    rewritten(path, signed_again(contents(file), Ed25519PrivateKey.generate()))
    assert bad_names(path, pinned=ours) == ["signature.json"]
    # Its head is not signed by that key either.
    assert bad_names(path) == ["ledger/head.json"]


@once
def test_a_head_that_was_kept_is_in_the_ledger_or_not(happened, file):
    kept = heads.as_data(sealer.seal())
    path = file.with_name("later.zip")
    bundle.make(today(), today(), path, actor="system:test")
    assert bad_names(path, kept_head=kept) == []
    # The first bundle was made before that head.
    assert bad_names(file, kept_head=kept) == ["ledger/ledger.jsonl.gz"]


@once
def test_the_checker_runs_alone(file, tmp_path):
    alone = tmp_path / "elsewhere" / "verify_inspection.py"
    alone.parent.mkdir()
    alone.write_bytes(Path(verify_inspection.__file__).read_bytes())

    def run(*arguments):
        command = [sys.executable, "-I", alone.name, *arguments]
        return subprocess.run(command, cwd=alone.parent, capture_output=True, text=True, check=False)

    sound = run(str(file))
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "이상 없음" in sound.stdout
    rewritten(file, without("index.pdf")(contents(file)))
    told = run(str(file), "--json")
    assert (told.returncode, json.loads(told.stdout)["bad"][0]["name"]) == (1, "index.pdf")
    assert run(str(file)).stdout.startswith("나쁨: index.pdf")
    assert run("nowhere.zip").returncode == 2


def test_each_table_has_columns_of_its_own_and_no_name(db):
    span = Span(today(), today(), 0)
    paths = [table.path for table in sections.TABLES]
    assert len(paths) == len(set(paths))
    for table in sections.TABLES:
        headings = table.headings(table.rows(span).model)
        assert len(headings) == len(set(headings)), table.path
        if table.link:
            assert {table.link.column, *table.link.values} <= set(headings), table.path
        table.write(span, io.BytesIO())


def test_the_command(happened, tmp_path, capsys):
    path = tmp_path / "of_command.zip"
    arguments = {"from_on": f"{today()}", "until_on": f"{today()}", "output": str(path)}
    call_command("bundle_inspection", **arguments, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["files"] == len(contents(path)) - 2
    for wrong in ({"from_on": "어제"}, {"until_on": "2000-01-01"}, {"output": str(tmp_path)}):
        with pytest.raises(CommandError) as refused:
            call_command("bundle_inspection", **{**arguments, **wrong})
        assert refused.value.returncode == 2


@once
def test_a_bundle_that_fails_leaves_what_was_there(happened, tmp_path, monkeypatch):
    path = tmp_path / "kept.zip"
    path.write_bytes(b"of last year")
    monkeypatch.setattr(bundle.index, "paper", lambda contents: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bundle.make(today(), today(), path, actor="system:test")
    assert path.read_bytes() == b"of last year"
    assert not Entry.objects.of_kind(bundle.MADE).exists()
