"""Whoever does what the paper says gets what the paper says, word for word."""

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

from ledger import append, heads
from reports import issue
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

pytestmark = pytest.mark.django_db
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
def document(request, tmp_path):
    camera = situations.camera("A")
    path = tmp_path / "F.pdf"
    with time_machine.travel(NOW, tick=True):
        if request.param == "report":
            issue.committee_report("2026Q3", output=path, with_annex=False)
        else:
            arguments = ("--camera", camera.number, "--from", "2026-08-01", "--until", "2026-08-02")
            call_command(
                "render_certificate", *arguments, "--output", str(path), stdout=StringIO(), stderr=StringIO()
            )
    return path


def test_a_member_can_do_what_the_paper_says(document):
    folder = document.parent
    lines = printed_lines(document)
    expected = [one_line(lines, start) for start in (r"봉인 \d+ / ", "봉인의 서명: 확인, ", "파일 F.pdf: ")]
    # The ledger goes on before anybody checks.
    append_something()
    said = serve(one_line(lines, ".venv/bin/python manage.py export_ledger"), folder)
    assert "썼습니다" in said[0]
    assert run(one_line(lines, "pdfdetach"), folder)[0] == 0
    status, told = run(one_line(lines, "python3 verify_bundle.py"), folder)
    assert (status, told[:3]) == (0, expected)
    assert told[3].startswith("기록 번호: ")
    on_server = serve(one_line(lines, ".venv/bin/python manage.py verify_ledger"), folder)
    assert on_server[:2] == expected[:2]
    text = "".join("".join(lines).split())
    kept = heads.read(folder / "ledger-head.json")
    for value in (kept["root"], kept["at"], kept["key_id"], str(kept["size"])):
        assert value in text


def test_another_file_or_another_head_is_told(document):
    folder = document.parent
    lines = printed_lines(document)
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
