"""Holidays from files as offices have them: iCal, CSV, the open data's own columns; wrong ones are refused whole."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from ordinance import holiday_files, holiday_import
from ordinance.holiday_import import UnusableFile
from ordinance.models import Holiday
from tests.ordinance.factories import day, open_due

pytestmark = pytest.mark.django_db


def _calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _take(content: str | bytes, **options):
    content = content.encode() if isinstance(content, str) else content
    return holiday_import.import_content(content, name="2028.csv", by="officer:7", **options)


def _rows(year: int) -> list[tuple[str, str, str]]:
    return [(f"{row.on:%m-%d}", row.name, row.kind) for row in Holiday.objects.of_year(year)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_any_usual_shape(encoding, delimiter):
    lines = [
        "날짜,이름,종류,출처",
        "2028-01-01,1월 1일,법정공휴일,월력요항",
        "2028. 4. 12.,국회의원 선거일,,",
    ]
    content = "\r\n".join(lines).replace(",", delimiter).encode(encoding)
    result = _take(content)
    assert (result.created, result.errors) == (2, [])
    assert _rows(2028) == [("01-01", "1월 1일", "national"), ("04-12", "국회의원 선거일", "election")]
    assert Holiday.objects.get(on="2028-04-12").source == "2028.csv"
    assert Holiday.objects.get(on="2028-01-01").source == "월력요항"
    assert Holiday.objects.get(on="2028-01-01").history.count() == 1


def test_the_columns_of_the_open_data_and_what_is_no_holiday():
    result = _take("dateKind,dateName,isHoliday,locdate\n01,설날,Y,20280127\n02,식목일,N,20280405\n")
    assert (result.created, len(result.ignored)) == (1, 1)
    assert _rows(2028) == [("01-27", "설날", "national")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("쉬는 날 삼일절", "substitute"),
        ("대체공휴일(광복절)", "substitute"),
        ("제23대 국회의원선거", "election"),
        ("임시공휴일", "temporary"),
        ("기독탄신일", "national"),
        ("크리스마스", "national"),
        ("세계 잼버리의 날", "temporary"),
    ],
)
def test_the_kind_is_guessed_from_the_name(name, kind):
    assert holiday_files.guess_kind(name) == kind


def test_ical_events_are_their_days():
    result = _take(
        _calendar(
            "DTSTART;VALUE=DATE:20280126|DTEND;VALUE=DATE:20280129|SUMMARY:설날",
            "DTSTART;VALUE=DATE:20280301|SUMMARY:삼일절",
            "DTSTART:20280504T150000Z|DTEND:20280505T150000Z|SUMMARY:어린이날",
            "DTSTART;VALUE=DATE:20280508|SUMMARY:어버이날|DESCRIPTION:기념일\\n설명",
            "DTSTART;VALUE=DATE:20280509|SUMMARY:취소된 날|STATUS:CANCELLED",
            "DTSTART;VALUE=DATE:20280606|DURATION:P1D|SUMMARY:현충일|CATEGORIES:법정공휴일",
            "DTSTART;VALUE=DATE:20280607|DTEND;VALUE=DATE:20280607|SUMMARY:임시 휴무|CATEGORIES:지방공휴일",
        )
    )
    assert result.errors == []
    assert _rows(2028) == [
        ("01-26", "설날", "national"),
        ("01-27", "설날", "national"),
        ("01-28", "설날", "national"),
        ("03-01", "삼일절", "national"),
        ("05-05", "어린이날", "national"),
        ("06-06", "현충일", "national"),
        ("06-07", "임시 휴무", "local"),
    ]
    assert len(result.ignored) == 2


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;VALUE=DATE:20280301|SUMMARY:삼일절|RRULE:FREQ=YEARLY", "반복 일정"),
        ("DTSTART;VALUE=DATE:2028ff01|SUMMARY:삼일절", "DTSTART"),
        ("DTSTART;VALUE=DATE:20281301|SUMMARY:삼일절", "DTSTART"),
        ("SUMMARY:삼일절", "DTSTART"),
        ("DTSTART;VALUE=DATE:20280301", "값이 필요합니다"),
        ("DTSTART;VALUE=DATE:20280301|DTEND;VALUE=DATE:20280228|SUMMARY:거꾸로", "앞섭니다"),
        ("DTSTART;VALUE=DATE:20280301|DTEND;VALUE=DATE:20281231|SUMMARY:방학", "14일보다 긴"),
        ("DTSTART;VALUE=DATE:20280301|DURATION:P9999D|SUMMARY:방학", "14일보다 긴"),
        ("DTSTART;VALUE=DATE:00010101|SUMMARY:옛날", "1948년"),
        ("DTSTART;VALUE=DATE:20280301|SUMMARY:" + "가" * 101, "100자"),
        ("DTSTART;VALUE=DATE:20280301|DTSTART;VALUE=DATE:20280302|SUMMARY:둘", "DTSTART"),
    ],
)
def test_one_wrong_event_refuses_the_whole_calendar(event, reason):
    result = _take(_calendar("DTSTART;VALUE=DATE:20280101|SUMMARY:1월 1일", event))
    assert [error.row for error in result.errors] == [2]
    assert reason in result.errors[0].reason
    assert not Holiday.objects.of_year(2028).exists()


def test_every_error_of_every_row_is_named_at_once():
    result = _take(
        "날짜,이름,종류\n2028-02-30,,휴가\n2028-03-01,삼일절,법정공휴일\n2028/3/1,삼일절,\n1800-01-01,옛날,\n"
        "2028-05-05,어린이\x07날,\n,이름만,\n2028-06-06\n"
    )
    assert [(error.row, error.column) for error in result.errors] == [
        (2, "날짜"),
        (2, "이름"),
        (2, "종류"),
        (4, "날짜"),
        (5, "날짜"),
        (6, "이름"),
        (7, "날짜"),
        (8, "이름"),
    ]
    assert "2행과 같은" not in str(result.errors[3])
    assert "3행과 같은" in str(result.errors[3])
    assert result.rejected == 6
    assert not Holiday.objects.of_year(2028).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n\n",
        b"\x00\x01\x02",
        b"PK\x03\x04" + b"\xff\x00" * 100,
        "날짜\n2028-01-01".encode(),
        "이름,날짜,날짜\n가,2028-01-01,2028-01-02".encode(),
        "날짜,이름\n".encode(),
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"BEGIN:VCALENDAR\r\nnonsense\r\nEND:VCALENDAR\r\n",
        _calendar(),
        b"a,b\n" + b'"' + b"x" * 200_000,
        b"\xef\xbb\xbf",
    ],
)
def test_what_is_no_such_file_is_refused(content):
    with pytest.raises(UnusableFile):
        _take(content)


def test_a_file_that_is_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(holiday_files, "LARGEST_FILE", 100)
    with pytest.raises(UnusableFile, match="너무 큽니다"):
        _take("날짜,이름\n" + "2028-01-01,가\n" * 20)
    monkeypatch.setattr(holiday_files, "LARGEST_FILE", 10_000)
    monkeypatch.setattr(holiday_files, "MOST_ROWS", 10)
    with pytest.raises(UnusableFile, match="너무 많습니다"):
        _take("날짜,이름\n" + "2028-01-01,가\n" * 20)


def test_twice_changes_nothing_and_a_day_off_by_another_name_is_no_second_row():
    content = "날짜,이름\n2027-12-25,성탄절\n2028-01-01,1월 1일\n"
    first, second = _take(content), _take(content)
    assert (first.created, first.unchanged) == (1, 1)
    assert "기독탄신일" in first.notes[0]
    assert (second.created, second.unchanged) == (0, 2)
    assert Holiday.objects.filter(on="2027-12-25").count() == 1


def test_a_changed_kind_is_taken_over():
    _take("날짜,이름,종류\n2028-11-11,구민의 날,temporary\n")
    result = _take("날짜,이름,종류\n2028-11-11,구민의 날,지방공휴일\n")
    assert (result.updated, result.created) == (1, 0)
    assert Holiday.objects.get(on="2028-11-11").kind == "local"


def test_import_moves_open_due_dates_once_and_a_dry_run_only_says_so():
    opened = open_due("civil", "2026-11-02", 10)
    content = "날짜,이름\n2026-11-12,임시공휴일\n2026-11-13,임시공휴일 둘째 날\n"
    rehearsed = _take(content, dry_run=True)
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-12")
    assert not Holiday.objects.filter(on="2026-11-12").exists()
    done = _take(content)
    opened.refresh_from_db()
    assert opened.due_on == day("2026-11-16")
    assert opened.earlier.count() == 1
    assert rehearsed.moved == done.moved
    assert len(done.moved) == 1
    assert (rehearsed.created, done.created) == (2, 2)


# -- observances ------------------------------------------------------------------------------------------------------


def _named_calendar(name: str, *events: str) -> bytes:
    return _calendar(*events).replace(
        b"PRODID:-//test//", f"PRODID:-//test//\r\nX-WR-CALNAME:{name}".encode()
    )


TEACHERS, CHILDREN = (
    "DTSTART;VALUE=DATE:20280515|SUMMARY:스승의 날",
    "DTSTART;VALUE=DATE:20280505|SUMMARY:어린이 날",
)


@pytest.mark.parametrize("name", ["대한민국의 기념일", "국가 기념일", "Observances in South Korea"])
def test_a_calendar_of_observances_gives_no_holidays(name):
    with pytest.raises(UnusableFile, match=r"2건을 모두 제외.*기념일 달력"):
        _take(_named_calendar(name, TEACHERS, CHILDREN))
    told = _take(_named_calendar(name, TEACHERS, CHILDREN + "|CATEGORIES:법정공휴일"))
    assert (told.created, len(told.ignored)) == (1, 1)
    assert _rows(2028) == [("05-05", "어린이 날", "national")]


@pytest.mark.parametrize("name", ["대한민국의 휴일", "대한민국 공휴일 및 기념일", "Holidays in South Korea"])
def test_a_calendar_of_holidays_is_read_and_marked_observances_are_left_out(name):
    marked = (TEACHERS + "|CATEGORIES:기념일", TEACHERS + "|CATEGORIES:Observance")
    result = _take(_named_calendar(name, CHILDREN, *marked))
    assert (result.created, len(result.ignored), result.doubts) == (1, 2, [])
    assert len(_take("날짜,이름,종류\n2028-05-15,스승의 날,기념일\n2028-06-06,현충일,\n").ignored) == 1


@pytest.mark.parametrize(
    "content",
    [
        _calendar(TEACHERS, CHILDREN),
        "날짜,이름\n2028-06-10,6·10 민주항쟁 기념일\n",
        "날짜,이름\n" + "".join(f"2028-03-{day:02d},쉬는 날 {day}\n" for day in range(1, 32)),
    ],
)
def test_what_may_be_no_holiday_is_asked_for_and_not_stored(content):
    opened = open_due("civil", "2028-03-02", 3)
    due_on = opened.due_on
    rehearsed, refused = _take(content, dry_run=True), _take(content)
    assert rehearsed.doubts == refused.doubts != []
    assert (refused.is_asked, refused.is_ok) == (True, False)
    assert not Holiday.objects.of_year(2028).exists()
    opened.refresh_from_db()
    assert opened.due_on == due_on
    confirmed = _take(content, confirmed=True)
    assert (confirmed.is_ok, confirmed.created) == (True, rehearsed.created)
    assert Holiday.objects.of_year(2028).count() == confirmed.created


def test_a_day_named_by_the_file_as_off_is_no_doubt():
    assert _take("날짜,이름,종류\n2028-11-11,구민의 날,지방공휴일\n").doubts == []
    assert _take("locdate,dateName,isHoliday\n20281112,구민의 날,Y\n").doubts == []


@pytest.mark.parametrize("duration", ["P999999999999999999W", "P1X"])
def test_a_property_that_cannot_be_read_is_an_error_of_its_event(duration):
    content = _calendar(
        CHILDREN, f"UID:일정-2|DTSTART;VALUE=DATE:20280301|DURATION:{duration}|SUMMARY:삼일절"
    )
    [error] = _take(content).errors
    assert (error.row, error.column) == (2, "날짜")
    assert "UID 일정-2" in error.reason
    assert "8번째 줄" in error.reason


# -- the command -------------------------------------------------------------------------------------------------------


def _run(*arguments: str) -> tuple[int, dict | None, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_holidays", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    lines = out.getvalue().splitlines()
    return code, json.loads(lines[-1]) if lines else None, err.getvalue()


def test_command_reads_a_file(tmp_path):
    path = tmp_path / "2028.ics"
    path.write_bytes(_calendar("DTSTART;VALUE=DATE:20280101|SUMMARY:1월 1일"))
    code, result, _err = _run(str(path), "--dry-run", "--json")
    assert (code, result["created"], result["dry_run"]) == (0, 1, True)
    assert not Holiday.objects.of_year(2028).exists()
    code, result, _err = _run(str(path), "--json")
    assert (code, result["created"], result["dry_run"]) == (0, 1, False)
    assert Holiday.objects.of_year(2028).exists()


def test_command_names_each_error_and_stores_nothing(tmp_path):
    path = tmp_path / "2028.csv"
    path.write_text("날짜,이름\n2028-01-01,1월 1일\n2028-02-31,\n")
    code, result, err = _run(str(path), "--json")
    assert (code, result["rejected"], len(result["errors"])) == (2, 1, 2)
    assert "3행 날짜 '2028-02-31'" in err
    assert not Holiday.objects.of_year(2028).exists()


def test_command_asks_before_it_stores_what_may_be_no_holiday(tmp_path):
    path = tmp_path / "2028.ics"
    path.write_bytes(_calendar(TEACHERS))
    code, result, err = _run(str(path), "--json")
    assert (code, len(result["doubts"])) == (2, 1)
    assert "--confirm-days" in err
    assert not Holiday.objects.of_year(2028).exists()
    assert _run(str(path), "--confirm-days")[0] == 0
    assert Holiday.objects.of_year(2028).count() == 1


def test_command_fills_a_year_from_the_package():
    code, result, _err = _run("--year", "2028", "--json")
    assert (code, result["created"]) == (0, 19)
    assert Holiday.objects.get(on="2028-02-29".replace("02-29", "10-05")).kind == "substitute"
    code, result, _err = _run("--year", "2028", "--json")
    assert (code, result["created"], result["unchanged"]) == (0, 0, 19)


@pytest.mark.parametrize(
    "arguments",
    [[], ["/no/such/file"], ["/"], ["--year", "99999"], ["--year", "-1"], ["x.csv", "--year", "2028"]],
)
def test_command_refuses_unusable_input(arguments):
    code, _result, err = _run(*arguments)
    assert code == 2
    assert err
