"""Whoever does what the paper says gets what the paper says, word for word."""

import gzip
import os
import re
import shlex
import shutil
import subprocess
import sys
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfWriter

from footage import destruction, storages
from ledger import append, heads
from ledger.models import Entry
from reports import issue
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

# What a member does with the paper is done without the database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = seoul(2026, 10, 2, 9)


def printed_lines(path):
    return [line.strip() for page in pdf_checks.text(path) for line in page.splitlines()]


def one_line(lines, start):
    (found,) = [line for line in lines if re.match(start, line)]
    return found


def run(line, folder):
    """A command of the paper, on a machine that knows nothing of us."""
    program, *arguments = shlex.split(line)
    program = sys.executable if program == "python3" else shutil.which(program)
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    found = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, env=environment)
    return found.returncode, found.stdout.splitlines()


def serve(line, folder):
    """A command of the paper for the officer at the server."""
    python, manage, name, *arguments = shlex.split(line)
    assert (python, manage) == (".venv/bin/python", "manage.py")
    arguments = [str(folder / one) if "." in one else one for one in arguments]
    said = StringIO()
    call_command(name, *arguments, stdout=StringIO(), stderr=said)
    return said.getvalue().splitlines()


@pytest.fixture(params=["report", "certificate"])
def document(request, tmp_path, settings):
    settings.PUBLIC_URL = "https://cctv.gangseo.seoul.kr"
    camera = situations.camera("A")
    destroyed_footage(camera, tmp_path / "recorder")
    path = tmp_path / "F.pdf"
    with time_machine.travel(NOW, tick=True):
        if request.param == "report":
            issue.committee_report("2026Q3", output=path, with_annex=False)
        else:
            arguments = ("--camera", camera.number, "--from", "2026-07-01", "--until", "2026-07-02")
            call_command(
                "render_certificate", *arguments, "--output", str(path), stdout=StringIO(), stderr=StringIO()
            )
    return path


def destroyed_footage(camera, root):
    """One file, destroyed on 1 September."""
    at = seoul(2026, 7, 1, 12)
    path = root / "recordings" / f"{at:%Y-%m-%d}" / "03" / camera.recording_key / "00.00.mp4"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    os.utime(path, (at.timestamp() + 600,) * 2)
    with time_machine.travel(seoul(2026, 9, 1), tick=True):
        storages.add("녹화기", str(root), "frigate", "UTC", 600)
        destruction.sweep(actor="system:test", workers=0)


def fetch(client, lines, folder):
    """The checker from the public site, and what the paper says of it."""
    said = "".join("".join(lines).split())
    assert f"https://cctv.gangseo.seoul.kr{reverse('website_checker', args=['verify_bundle'])}" in said
    program = client.get(reverse("website_checker", args=["verify_bundle"])).content
    (folder / "verify_bundle.py").write_bytes(program)
    digest = run(one_line(lines, "sha256sum"), folder)[1][0].split()[0]
    assert digest in said
    assert digest in client.get(reverse("website_records")).content.decode()
    return digest


def test_a_member_can_do_what_the_paper_says(document, client):
    folder = document.parent
    lines = printed_lines(document)
    expected = [one_line(lines, start) for start in (r"봉인 \d+ / ", "봉인의 서명: 확인, ", "파일 F.pdf: ")]
    # The ledger goes on before anybody checks.
    append_something()
    said = serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    assert "썼습니다" in said[0]
    digest = fetch(client, lines, folder)
    assert run(one_line(lines, "pdfdetach"), folder)[0] == 0
    kinds = ("reports.issued", "reports.certified")
    entry = Entry.objects.filter(kind__in=kinds).order_by("-sequence")[0].content
    assert entry["verifier_sha256"] == digest
    status, told = run(one_line(lines, "python3 verify_bundle.py"), folder)
    assert (status, told[:3]) == (0, expected)
    assert told[3].startswith("기록 번호: ")
    on_server = serve(one_line(lines, ".venv/bin/python manage.py verify_ledger"), folder)
    assert on_server[:2] == expected[:2]
    text = "".join("".join(lines).split())
    kept = heads.read(folder / "ledger-head.json")
    for value in (kept["root"], kept["at"], kept["key_id"], str(kept["size"])):
        assert value in text


def test_each_attached_file_can_be_checked_as_it_was_detached(document, client):
    folder = document.parent
    lines = printed_lines(document)
    serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    subprocess.run(["pdfdetach", "-saveall", document.name], cwd=folder, check=True)
    command = one_line(lines, "python3 verify_bundle.py").rsplit(" ", 1)[0]
    names = {path.name for path in folder.iterdir() if path.is_file()} - {document.name, "ledger.jsonl.gz"}
    assert len(names) == 3
    for name in names:
        status, told = run(f"{command} {name}", folder)
        assert (status, told[2].split(":")[0]) == (0, f"파일 {name}")
    changed = folder / (names - {"verify_bundle.py", "ledger-head.json"}).pop()
    changed.write_bytes(changed.read_bytes() + b" ")
    assert run(f"{command} {changed.name}", folder)[1][2] == f"파일 {changed.name}: 원장에 없음"


def test_a_forged_paper_brings_its_own_judge(document, client):
    """Its checker says whatever its maker wants: the paper tells the reader to take another, which is not deceived."""
    folder = document.parent
    lines = printed_lines(document)
    assert "이PDF를확인할수없습니다" in "".join("".join(lines).split())
    serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    writer = PdfWriter(clone_from=document)
    (folder / "forged").mkdir()
    forged = folder / "forged" / document.name
    writer.add_attachment("verify_bundle.py", b"print('everything is fine')")
    writer.write(forged)
    forged.rename(document)
    fetch(client, lines, folder)
    run(one_line(lines, "pdfdetach"), folder)
    status, told = run(one_line(lines, "python3 verify_bundle.py"), folder)
    assert (status, told[2]) == (1, "파일 F.pdf: 원장에 없음")


def test_an_altered_entry_is_no_word_about_the_file(document, client):
    folder = document.parent
    lines = printed_lines(document)
    serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    bundle = folder / "ledger.jsonl.gz"
    text = gzip.decompress(bundle.read_bytes()).decode().splitlines()
    text[1] = text[1].replace("system", "sYstem").replace("command", "cOmmand")
    bundle.write_bytes(gzip.compress("\n".join(text).encode()))
    fetch(client, lines, folder)
    run(one_line(lines, "pdfdetach"), folder)
    status, told = run(one_line(lines, "python3 verify_bundle.py"), folder)
    assert status == 1
    assert told[1].startswith("파일 F.pdf: 확인하지 못함")
    assert "위조되었다는 뜻이 아닙니다" in told[2]
    assert any("기록 번호 1" in line for line in told)


def test_another_file_or_another_head_is_told(document, client):
    folder = document.parent
    lines = printed_lines(document)
    fetch(client, lines, folder)
    run(one_line(lines, "pdfdetach"), folder)
    serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    command = one_line(lines, "python3 verify_bundle.py")
    document.write_bytes(document.read_bytes() + b" ")
    status, told = run(command, folder)
    assert status == 1
    assert told[2] == "파일 F.pdf: 원장에 없음"
    head = folder / "ledger-head.json"
    root = heads.read(head)["root"]
    head.write_text(head.read_text().replace(root, "0" * 64))
    status, told = run(command, folder)
    assert status == 1
    assert told[0].endswith("불일치")


def append_something():
    from django.db import transaction

    with transaction.atomic():
        append.record("cameras.imported", actor="system:test", subject="file:x", payload={"rows": 1})
