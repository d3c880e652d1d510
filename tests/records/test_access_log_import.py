"""Logs of video systems: read line by line, stored once, every bad line told."""

import gzip
import io
import json
import time
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from ledger.models import Entry
from records.access_log import importing, maps, reading
from records.access_log.importing import import_log
from records.models import AccessEvent, AccessLogFile, Act
from records.tabular import CellRefused, UnusableFile

pytestmark = pytest.mark.django_db

HEADER = "번호,시각,계정,행위,카메라,대상시작,대상종료,접속지,사건번호,내용"
ROWS = [
    "1,2026-10-01 00:00:01,kim,로그인,,,,10.1.1.5,,",
    "2,2026-10-01 00:00:03,kim,실시간,C-1-1,,,10.1.1.5,,",
    '3,2026-10-01T00:05:00+09:00,kim,재생,C-1-1,2026-09-30 23:00,2026-09-30 23:10,10.1.1.5,S-1,"왼쪽, 확인"',
    "4,2026-10-01 00:06:00,kim,회전확대,C-1-1,,,10.1.1.5,,줌 x8 \\d",
    "5,2026-10-01 00:07:00,kim,반출,C-1-1,2026-09-30 23:00,2026-09-30 23:10,10.1.1.5,S-1,USB",
    "6,2026-10-01 00:08:00,kim,설정,,,,10.1.1.5,,",
    "7,2026-10-01 00:09:00,kim,로그아웃,,,,10.1.1.5,,",
]


def text_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.fixture
def log(tmp_path):
    def write(content: str | bytes, name: str = "log.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def bring(path, map_name: str = "standard", **how):
    return import_log(path, map_name, actor="command:import_access_log", **how)


def run(*args: object) -> tuple[int, dict, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_access_log", *map(str, args), "--json", stdout=out, stderr=err)
    except SystemExit as stopped:
        code = stopped.code
    return code, json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_standard_log_is_stored_as_it_says(log, encoding) -> None:
    code, answer, _ = run(log(text_of(*ROWS), encoding=encoding), "--map", "standard")
    assert code == 0
    assert [answer[key] for key in ("rows", "created", "known", "rejected")] == [7, 7, 0, 0]
    played = AccessEvent.objects.get(number="3")
    assert played.at == datetime(2026, 9, 30, 15, 5, tzinfo=UTC)
    assert played.target_until - played.target_from == timedelta(minutes=10)
    assert (played.act, played.camera, played.case_number, played.content) == (
        Act.PLAYBACK, "C-1-1", "S-1", "왼쪽, 확인",
    )  # fmt: skip
    assert AccessEvent.objects.get(number="4").content == "줌 x8 \\d"
    assert list(AccessEvent.objects.order_by("at").values_list("act", flat=True)) == [
        "login", "live", "playback", "ptz", "export", "setting", "logout",
    ]  # fmt: skip
    file = AccessLogFile.objects.get()
    assert (
        json.loads(Entry.objects.get(sequence=file.ledger_entry).payload)["file_sha256"]
        == file.sha256
        == answer["sha256"]
    )


def test_the_same_rows_again_create_nothing_whatever_file_they_come_in(log) -> None:
    bring(log(text_of(*ROWS[:4])))
    whole = bring(log(text_of(*reversed(ROWS)), encoding="cp949"))
    assert (whole.created, whole.known) == (3, 4)
    again = bring(log(text_of(*ROWS)))
    assert (again.created, again.known) == (0, 7)
    assert AccessEvent.objects.count() == 7
    twice = bring(log(text_of(*ROWS)))
    assert (twice.created, twice.is_stored) == (0, False)
    in_one = bring(log(text_of(*(row.replace("2026-10-01", "2026-10-02") for row in ROWS[:1] * 3))))
    assert (in_one.created, in_one.known) == (1, 2)


def test_every_bad_line_is_told_with_line_column_value_and_reason_and_the_others_are_stored(
    log, tmp_path
) -> None:
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    content = (
        text_of(
            ROWS[0],
            "8,어제,kim,실시간,C-1-1,,,,,",
            f"9,{tomorrow},kim,실시간,C-1-1,,,,,",
            "10,2026-10-01 01:00,,실시간,C-1-1,,,,,",
            "11,2026-10-01 01:00,kim,춤추기,C-1-1,,,,,",
            "12,2026-10-01 01:00,kim,재생,C-1-1,2026-10-01 00:30,2026-10-01 00:10,,,",
            '13,2026-10-01 01:00,kim,재생,C-1-1,,,,,"닫히지 않은',
            "14,2026-10-01 01:00,kim,재생,C-1-1,2026-13-01,,,,",
            ROWS[1],
        ).encode()
        + b"15,2026-10-01 01:"
    )
    code, answer, said = run(log(content), "--map", "standard", "--rejected", tmp_path / "bad.csv")
    assert code == 0
    assert (answer["rows"], answer["created"], answer["rejected"]) == (10, 2, 8)
    assert [(error["row"], error["column"]) for error in answer["errors"]] == [
        (3, "시각"), (4, "시각"), (5, "계정"), (6, "행위"), (7, "대상종료"), (8, "줄"), (9, "대상시작"), (11, "줄"),
    ]  # fmt: skip
    assert answer["errors"][3]["value"] == "춤추기"
    assert "11행" in said
    assert len((tmp_path / "bad.csv").read_text(encoding="utf-8-sig").splitlines()) == 9
    # The rest of the file that was cut arrives with the whole one.
    assert bring(log(text_of(*ROWS))).created == 5


def test_strict_stores_nothing_where_a_line_is_wrong(log) -> None:
    code, answer, _ = run(log(text_of(*ROWS, "8,어제,kim,실시간,,,,,,")), "--map", "standard", "--strict")
    assert (code, answer["created"], answer["rejected"]) == (2, 0, 1)
    assert not AccessEvent.objects.exists()
    assert not AccessLogFile.objects.exists()


def test_a_rehearsal_counts_what_would_be_new_and_stores_nothing(log) -> None:
    bring(log(text_of(*ROWS[:2])))
    before = Entry.objects.count()
    rehearsed = bring(log(text_of(*ROWS)), dry_run=True)
    assert (rehearsed.created, rehearsed.known, rehearsed.is_stored) == (5, 2, False)
    assert (AccessEvent.objects.count(), Entry.objects.count()) == (2, before)


def test_lines_of_two_encodings_in_one_file_are_each_read_in_their_own(log) -> None:
    mixed = text_of(ROWS[0]).encode() + "8,2026-10-01 02:00,이두리,로그인,,,,상황실,,\n".encode("cp949")
    bring(log(mixed + b"9,2026-10-01 02:01,\xff\xff\xff,\xb7\xce,,,,,,\n"))
    assert AccessEvent.objects.get(number="8").account == "이두리"
    assert AccessLogFile.objects.get().rejected == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        [
            '8,2026-10-01 00:10:00,k"im,로그인,,,,10.1.1.5,,',
            '9,2026-10-01 00:11:00,l"ee,로그인,,,,10.1.1.5,,',
        ],
        ['8,2026-10-01 00:10:00,k\rim,로그인,,,,10.1.1.5,,"왼쪽"'],
        ['8,2026-10-01 00:10:00,kim,로그인,,,,10.1.1.5,,"' + "a" * 60_000, "b" * 60_000, "c" * 60_000 + '"'],
    ],
)
def test_what_somebody_types_into_a_log_spoils_its_own_line_and_not_the_others(log, spoilt) -> None:
    """A name that is typed at a recorder's login must not keep the whole month from being read."""
    result = bring(log(text_of(*ROWS, *spoilt, *(row.replace("kim", "lee") for row in ROWS))))
    assert result.created == 2 * len(ROWS)
    assert 1 <= result.rejected <= len(spoilt)


def test_a_line_of_one_long_word_is_read_as_fast_as_others() -> None:
    began = time.process_time()
    with pytest.raises(CellRefused):
        reading._cef_cells("w" * 60_000, maps.get("cef"))
    reading._cef_cells(f"CEF:0|a|b|1|2|c|3|{'w' * 60_000} {'v' * 60_000}", maps.get("cef"))
    assert time.process_time() - began < 2


def test_rows_out_of_order_are_stored_and_told(log) -> None:
    result = bring(log(text_of(ROWS[3], ROWS[0], ROWS[5], ROWS[1])))
    assert (result.created, result.out_of_order) == (4, 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "빈 파일"),
        ("이름,나이\n1,2\n", "열 이름"),
        ("번호,시각,계정\n1,2026-10-01,kim\n", "행위"),
        (HEADER, "자료 줄"),
    ],
)
def test_what_is_no_log_is_refused_and_leaves_no_trace(log, content, words) -> None:
    with pytest.raises(UnusableFile, match=words):
        bring(log(content))
    if words != "자료 줄":
        assert not AccessLogFile.objects.exists()


def test_an_unknown_map_is_refused_with_the_known_ones(log, tmp_path) -> None:
    code, answer, _ = run(log(text_of(*ROWS)), "--map", "없는것")
    assert code == 2
    assert "standard" in answer["error"]
    own = tmp_path / "우리.toml"
    own.write_text(
        '[ours]\nformat = "table"\n[ours.columns]\nat = "when"\naccount = "who"\nact = "what"\n[ours.acts]\nlook = "live"\n',
        encoding="utf-8",
    )
    assert bring(log("who;when;what\nkim;2026-10-01 01:00;look\n"), str(own)).created == 1
    own.write_text('[ours]\nformat = "table"\n[ours.columns]\nat = "when"\n', encoding="utf-8")
    with pytest.raises(UnusableFile, match="account"):
        maps.get(str(own))


def test_an_audit_log_of_xprotect_comes_as_csv_or_workbook(log, tmp_path) -> None:
    rows = [
        ["Local time", "Message text", "Permission", "Category", "Source type", "Source name", "User", "User location"],
        ["2026-10-01 09:00:00", "User successfully logged in", "Granted", "Security", "Server", "", "kim", "10.1.1.5"],
        ["2026-10-01 09:01:00", "Start live", "Granted", "Security", "Device", "C-1-1", "kim", "10.1.1.5"],
        ["2026-10-01 09:02:00", "Play recorded video", "Granted", "Security", "Device", "C-1-1", "kim", "10.1.1.5"],
    ]  # fmt: skip
    result = bring(log("\n".join("\t".join(row) for row in rows)), "xprotect")
    assert (result.created, result.rejected) == (3, 0)
    assert set(AccessEvent.objects.values_list("act", flat=True)) == {"login", "live", "playback"}
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "audit.xlsx")
    assert bring(tmp_path / "audit.xlsx", "xprotect").known == 3


def test_audit_records_come_as_json_lines(log) -> None:
    record = {
        "createdTimeSec": 1_790_780_400,
        "rangeStartSec": 1_790_776_800,
        "rangeEndSec": 1_790_777_400,
        "eventType": "AR_ExportVideo",
        "resources": ["C-1-1"],
        "authSession": {"userName": "kim", "userHost": "10.1.1.5"},
    }
    result = bring(log(json.dumps(record) + "\n" + json.dumps(record)[:60] + "\n[]\n"), "nx")
    assert (result.created, result.rejected) == (1, 2)
    event = AccessEvent.objects.get()
    assert (event.act, event.camera, event.account) == ("export", "C-1-1", "kim")
    assert event.at == datetime.fromtimestamp(1_790_780_400, UTC)
    assert event.target_until - event.target_from == timedelta(minutes=10)


def test_cef_comes_in_lines_of_syslog_even_compressed(log) -> None:
    line = (
        "<134>Oct  1 09:00:00 vms CEF:0|Vendor|VMS|1.0|100|Playback|3|rt=1790812800000 suser=kim act=playback "
        r"deviceExternalId=C-1-1 src=10.1.1.5 cs1=S\=1 msg=왼쪽 골목 확인"
    )
    result = bring(log(gzip.compress(f"{line}\nnothing\n".encode()), "vms.log.gz"), "cef")
    assert (result.created, result.rejected) == (1, 1)
    event = AccessEvent.objects.get()
    assert (event.act, event.case_number, event.content) == ("playback", "S=1", "왼쪽 골목 확인")


def test_a_long_log_is_stored_in_portions_and_what_was_broken_off_is_finished_later(log, monkeypatch) -> None:
    monkeypatch.setattr(importing, "PORTION", 3)
    stored = []

    def break_off(rows: int) -> None:
        stored.append(AccessEvent.objects.count())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(log(text_of(*ROWS)), progress=break_off)
    assert stored == [3]
    assert AccessLogFile.objects.get().finished_at is None
    result = bring(log(text_of(*ROWS)))
    assert (result.created, result.known) == (4, 3)
