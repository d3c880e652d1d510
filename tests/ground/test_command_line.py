"""Commands as people type them: words in Korean and a status, never a traceback."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings


def type_in(*arguments, data_dir, **environment):
    """manage.py as a process of its own, with nothing set up."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DATA_DIR"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=kept | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "config.settings.dev"} | environment,
        capture_output=True,
        check=False,
        timeout=120,
    )


def last_line(done):
    return json.loads(done.stdout.decode().splitlines()[-1])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["release_hold", "삼", "--reason", "끝"], "쓸 수 없는 값입니다(int): '삼'"),
        (["place_hold", "--camera", "1-1", "--reason", "요청"], "빠진 인수가 있습니다: --from, --until"),
        (["scan_footage", "--storage"], "값을 하나 적으십시오."),
        (["verify_ledger", "--haed", "a.json"], "알 수 없는 인수입니다: --haed a.json"),
    ],
)
def test_what_was_typed_wrong_is_said_in_korean(tmp_path, arguments, word):
    done = type_in(*arguments, data_dir=tmp_path)
    assert done.returncode == 2
    assert word in done.stderr.decode()
    assert "오류: " in done.stderr.decode()


@pytest.mark.parametrize("arguments", [["assess"], ["scan_footage"], ["export_cameras", "{}/out.csv"]])
def test_a_database_without_tables_is_no_traceback(tmp_path, arguments):
    """Also on a terminal without Hangul: JSON reads its escapes back."""
    typed = [argument.format(tmp_path) for argument in arguments]
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = type_in(*typed, "--json", data_dir=tmp_path, **plain)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr.decode()
    assert not (tmp_path / "out.csv").exists()
    assert "데이터베이스" in last_line(done)["error"]


def test_a_reader_that_leaves_is_no_traceback(tmp_path):
    """`list_destroyed | head -1`: here the reader is gone before the first line."""
    out, into = os.pipe()
    os.close(out)
    done = subprocess.run(
        [sys.executable, "manage.py", "add_storage", "--help"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        stdout=into,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )
    os.close(into)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
