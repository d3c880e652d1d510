"""Reading holidays from a file: iCal (.ics) or CSV. Every row's error is found before anything is stored.

CSV columns are found by name, in Korean, English or as the government's open data calls them (`locdate`, `dateName`,
`isHoliday`). iCal events stand for their days. An observance that is no holiday (기념일) is left out and counted where
the file says so: the calendar's name, the event's category or description, the row's kind. Where only the name of a
day looks like one, it is a doubt, which a person settles: every due date counts with what is stored.
"""

import csv
import datetime
import io
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import icalendar

from ordinance.models import Holiday
from ordinance.periods import EARLIEST_YEAR, LATEST_YEAR, SEOUL

Kind = Holiday.Kind
LARGEST_FILE = 5_000_000
MOST_ROWS = 20_000
LONGEST_EVENT = 14
COLUMNS = {
    "on": ("날짜", "일자", "date", "on", "locdate"),
    "name": ("이름", "명칭", "공휴일명", "공휴일", "휴일명", "name", "datename", "summary"),
    "kind": ("종류", "구분", "kind"),
    "source": ("출처", "근거", "비고", "source"),
    "is_holiday": ("공휴일여부", "isholiday"),
}
DATE = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})\s*[.일]?")
SUBSTITUTE_WORDS = ("대체공휴일", "대체휴일", "대체 휴일", "대체 공휴일", "쉬는 날")
BY_LAW = (
    "1월 1일", "1월1일", "신정", "새해", "설날", "삼일절", "3·1절", "3ㆍ1절", "3.1절", "부처님", "석가탄신일", "노동절",
    "어린이날", "현충일", "제헌절", "광복절", "추석", "개천절", "한글날", "기독탄신일", "성탄절", "크리스마스",
)  # fmt: skip
# A calendar or an event that says of itself that it holds no days off.
OBSERVANCE_WORDS = ("기념일", "observance", "anniversar")
HOLIDAY_WORDS = ("공휴일", "휴일", "holiday")
# How the decree on observances (각종 기념일 등에 관한 규정) names them; blanks do not count.
LIKE_AN_OBSERVANCE = re.compile(r"(?:의날|기념일|추념일|어버이날|식목일|국제연합일|전쟁일|충무공탄신일)$")
# What an event is read from: broken, it is an error of the event.
READ_PROPERTIES = (
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "SUMMARY",
    "STATUS",
    "CATEGORIES",
    "DESCRIPTION",
)
SHOWN_NAMES = 10
KINDS = {choice.label: choice.value for choice in Kind} | {choice.value: choice.value for choice in Kind}


class UnusableFile(Exception):
    """The file as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row: where, which value, why."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        shown = f" '{self.value}'" if self.value else ""
        return f"{self.row}행 {self.column}{shown}: {self.reason}"


@dataclass(frozen=True, slots=True)
class HolidayRow:
    row: int
    on: datetime.date
    name: str
    kind: str
    source: str
    is_told: bool = True  # the file itself says that this day is off


@dataclass
class HolidayFile:
    rows: list[HolidayRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read(path: Path) -> HolidayFile:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnusableFile(f"파일이 너무 큽니다 (최대 {LARGEST_FILE // 1_000_000} MB).")
        content = path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"파일을 읽을 수 없습니다: {path} ({error.strerror})") from error
    return parse(content, source=path.name)


def parse(content: bytes, *, source: str = "") -> HolidayFile:
    """iCal when it begins like one, else CSV."""
    if len(content) > LARGEST_FILE:
        raise UnusableFile(f"파일이 너무 큽니다 (최대 {LARGEST_FILE // 1_000_000} MB).")
    text = _decoded(content)
    if not text.strip():
        raise UnusableFile("빈 파일입니다.")
    found = HolidayFile()
    reader = _read_calendar if text.lstrip().upper().startswith("BEGIN:VCALENDAR") else _read_table
    reader(text, source, found)
    _refuse_repeated(found)
    _doubt_observances(found)
    if not found.rows and not found.errors:
        if found.ignored:
            raise UnusableFile(
                f"공휴일이 한 줄도 없습니다. {len(found.ignored)}건을 모두 제외했습니다: {found.ignored[0]}"
            )
        raise UnusableFile("공휴일이 한 줄도 없습니다.")
    return found


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnusableFile("글자를 알아볼 수 없습니다. UTF-8이나 CP949로 저장한 CSV 또는 iCal 파일이어야 합니다.")


# -- CSV ---------------------------------------------------------------------------------------------------------


def _read_table(text: str, source: str, found: HolidayFile) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        raise UnusableFile(f"CSV 형식이 아닙니다: {error}") from error
    lines = [(number, line) for number, line in lines if any(cell.strip() for cell in line)]
    if len(lines) > MOST_ROWS:
        raise UnusableFile(f"행이 너무 많습니다 (최대 {MOST_ROWS:,}행).")
    columns = _columns(lines[0][1])
    for number, line in lines[1:]:
        _read_line(number, line, columns, source, found)


def _delimiter(text: str) -> str:
    header = text.lstrip().splitlines()[0]
    return max(",\t;", key=header.count)


def _columns(header: list[str]) -> dict[str, int]:
    titles = [cell.strip().lower().replace(" ", "") for cell in header]
    columns: dict[str, int] = {}
    for name, aliases in COLUMNS.items():
        positions = [position for position, title in enumerate(titles) if title in aliases]
        if len(positions) > 1:
            raise UnusableFile(f"같은 열이 둘 이상입니다: {', '.join(header[each] for each in positions)}")
        if positions:
            columns[name] = positions[0]
    missing = [COLUMNS[name][0] for name in ("on", "name") if name not in columns]
    if missing:
        raise UnusableFile(f"열이 없습니다: {', '.join(missing)} (첫 줄: {', '.join(header)[:200]})")
    return columns


def _read_line(
    number: int, line: list[str], columns: dict[str, int], source: str, found: HolidayFile
) -> None:
    def cell(name: str) -> str:
        position = columns.get(name)
        return line[position].strip() if position is not None and position < len(line) else ""

    if cell("is_holiday").upper() in {"N", "아니오", "FALSE", "0"}:
        found.ignored.append(f"{number}행 {cell('name')}: 공휴일이 아닙니다.")
        return
    if _is_observance(cell("kind")):
        found.ignored.append(f"{number}행 {cell('name')}: 공휴일이 아닌 기념일입니다.")
        return
    errors = []
    on = _date(cell("on"))
    if on is None:
        errors.append(RowError(number, "날짜", cell("on"), "있는 날짜를 2027-01-01 꼴로 적으십시오."))
    elif problem := _problem_with_year(on):
        errors.append(RowError(number, "날짜", cell("on"), problem))
    if problem := _problem_with_name(cell("name")):
        errors.append(RowError(number, "이름", cell("name")[:50], problem))
    kind = KINDS.get(cell("kind")) if cell("kind") else guess_kind(cell("name"))
    if kind is None:
        allowed = ", ".join(choice.label for choice in Kind)
        errors.append(RowError(number, "종류", cell("kind"), f"다음 가운데 하나여야 합니다: {allowed}"))
    if len(cell("source")) > 200:
        errors.append(RowError(number, "출처", cell("source")[:50], "200자를 넘습니다."))
    found.errors += errors
    if not errors and on is not None and kind is not None:
        is_told = bool(cell("kind") or cell("is_holiday"))
        found.rows.append(HolidayRow(number, on, cell("name"), kind, cell("source") or source[:200], is_told))


def _date(text: str) -> datetime.date | None:
    match = DATE.fullmatch(text.strip())
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _problem_with_year(on: datetime.date) -> str:
    if EARLIEST_YEAR <= on.year <= LATEST_YEAR:
        return ""
    return f"{EARLIEST_YEAR}년부터 {LATEST_YEAR}년까지만 받습니다."


def _problem_with_name(name: str) -> str:
    if not name:
        return "값이 필요합니다."
    if len(name) > 100:
        return "100자를 넘습니다."
    if any(not character.isprintable() for character in name):
        return "보이지 않는 문자가 있습니다."
    return ""


def guess_kind(name: str) -> str:
    """When the file does not say it; the name of a one-off day is unknown to us."""
    name = unicodedata.normalize("NFC", name)
    if any(word in name for word in SUBSTITUTE_WORDS):
        return Kind.SUBSTITUTE
    if "선거" in name:
        return Kind.ELECTION
    if "임시" in name:
        return Kind.TEMPORARY
    compact = "".join(name.split())
    if any("".join(word.split()) in compact for word in BY_LAW):
        return Kind.NATIONAL
    return Kind.TEMPORARY


def _is_observance(text: str) -> bool:
    """Whether a text about a calendar or an event says that it is of observances and not of holidays."""
    text = unicodedata.normalize("NFC", text).lower()
    return any(word in text for word in OBSERVANCE_WORDS) and not any(word in text for word in HOLIDAY_WORDS)


def _doubt_observances(found: HolidayFile) -> None:
    names = [
        f"{row.on} {row.name}"
        for row in found.rows
        if not row.is_told
        and guess_kind(row.name) == Kind.TEMPORARY
        and "임시" not in row.name
        and LIKE_AN_OBSERVANCE.search("".join(unicodedata.normalize("NFC", row.name).split()))
    ]
    if names:
        more = f" 등 {len(names)}일" if len(names) > SHOWN_NAMES else ""
        found.doubts.append(
            f"쉬는 날이 아닌 기념일로 보이는 날이 있습니다: {', '.join(names[:SHOWN_NAMES])}{more}"
        )


# -- iCal --------------------------------------------------------------------------------------------------------


def _read_calendar(text: str, source: str, found: HolidayFile) -> None:
    try:
        with warnings.catch_warnings():
            # The reader warns of what it tolerates; what matters to us is checked per event.
            warnings.simplefilter("ignore")
            calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        raise UnusableFile(f"iCal 형식이 아닙니다: {str(error)[:200]}") from error
    lines = _lines_of_events(text)
    number = 0
    for each in calendars:
        is_of_observances = any(
            _is_observance(str(each.get(name, ""))) for name in ("X-WR-CALNAME", "NAME", "X-WR-CALDESC")
        )
        for event in each.walk("VEVENT"):
            if not isinstance(event, icalendar.Event):
                continue
            number += 1
            if number > MOST_ROWS:
                raise UnusableFile(f"일정이 너무 많습니다 (최대 {MOST_ROWS:,}건).")
            line = lines[number - 1] if number <= len(lines) else 0
            _read_event(_Place(number, line, _text(event, "UID")), event, source, is_of_observances, found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a calendar an event stands, for the person who looks for it there."""

    number: int
    line: int
    uid: str

    def error(self, column: str, value: object, reason: str) -> RowError:
        uid = f", UID {self.uid[:60]}" if self.uid else ""
        return RowError(
            self.number, column, str(value)[:50], f"{reason} ({self.line}번째 줄에서 시작하는 일정{uid})"
        )


def _lines_of_events(text: str) -> list[int]:
    return [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip().upper() == "BEGIN:VEVENT"
    ]


def _text(event: icalendar.Event, name: str) -> str:
    return str(event.get(name, "")).strip() if _is_sound(event, name) else ""


def _read_event(
    place: _Place, event: icalendar.Event, source: str, is_of_observances: bool, found: HolidayFile
) -> None:
    broken = [name for name in READ_PROPERTIES if not _is_sound(event, name)]
    if broken:
        found.errors.append(
            place.error("날짜", ", ".join(broken), f"읽을 수 없는 항목이 있습니다: {', '.join(broken)}.")
        )
        return
    name, about = _text(event, "SUMMARY"), _text(event, "DESCRIPTION")
    shown = f"{place.number}번째 일정 {name}"
    if _text(event, "STATUS").upper() == "CANCELLED":
        found.ignored.append(f"{shown}: 취소된 일정입니다.")
        return
    categories = _categories(event)
    kind = next((KINDS[each] for each in categories if each in KINDS), None)
    is_told = kind is not None or about.startswith("공휴일")
    if about.startswith("기념일") or any(map(_is_observance, categories)):
        found.ignored.append(f"{shown}: 공휴일이 아닌 기념일입니다.")
        return
    try:
        days = list(_event_days(event))
    except _BadEvent as error:
        found.errors.append(place.error("날짜", error.value, error.reason))
        return
    if problem := _problem_with_name(name):
        found.errors.append(place.error("이름", name, problem))
        return
    if is_of_observances and not is_told:
        found.ignored.append(f"{shown}: 기념일 달력의 일정이고 공휴일이라는 말이 없습니다.")
        return
    kind = kind or guess_kind(name)
    found.rows += [HolidayRow(place.number, on, name, kind, source[:200], is_told) for on in days]


class _BadEvent(Exception):
    def __init__(self, value: object, reason: str) -> None:
        super().__init__(reason)
        self.value = str(value)[:50]
        self.reason = reason


def _event_days(event: icalendar.Event) -> Iterator[datetime.date]:
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        raise _BadEvent("RRULE", "반복 일정은 받지 않습니다. 날짜마다 하나씩 적으십시오.")
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        raise _BadEvent(event.get("DTSTART", ""), "있는 날짜(DTSTART)가 필요합니다.")
    first_on = _day(start)
    if event.get("DTEND") is not None and end is None:
        raise _BadEvent(event.get("DTEND"), "끝(DTEND)을 읽을 수 없습니다.")
    last_on = _last_day(start, end) if end is not None else _last_by_duration(event, start)
    if last_on < first_on:
        raise _BadEvent(end, "끝이 시작보다 앞섭니다.")
    if (last_on - first_on).days >= LONGEST_EVENT:
        raise _BadEvent(first_on, f"{LONGEST_EVENT}일보다 긴 일정은 받지 않습니다.")
    if problem := _problem_with_year(first_on):
        raise _BadEvent(first_on, problem)
    for offset in range((last_on - first_on).days + 1):
        yield first_on + datetime.timedelta(days=offset)


def _moment(event: icalendar.Event, name: str) -> datetime.date | datetime.datetime | None:
    """The property's date or instant; None when it is missing, doubled or broken."""
    moment = getattr(event.get(name), "dt", None) if _is_sound(event, name) else None
    return moment if isinstance(moment, datetime.date) else None


def _is_sound(event: icalendar.Event, name: str) -> bool:
    return all(each[0] != name for each in event.errors)


def _day(moment: datetime.date | datetime.datetime) -> datetime.date:
    """The day in Seoul; an instant without a zone is local time."""
    if isinstance(moment, datetime.datetime):
        return (moment.astimezone(SEOUL) if moment.tzinfo else moment).date()
    return moment


def _last_day(
    start: datetime.date | datetime.datetime, end: datetime.date | datetime.datetime
) -> datetime.date:
    """An event's end is not part of it; but one that ends where it starts is that day."""
    if isinstance(end, datetime.datetime):
        end_on = _day(end - datetime.timedelta(microseconds=1))
        return max(end_on, _day(start)) if _day(end) == _day(start) else end_on
    return end if end == _day(start) else end - datetime.timedelta(days=1)


def _last_by_duration(event: icalendar.Event, start: datetime.date | datetime.datetime) -> datetime.date:
    duration = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(duration, datetime.timedelta):
        return _day(start)
    if not datetime.timedelta() <= duration <= datetime.timedelta(days=366):
        raise _BadEvent(duration, f"{LONGEST_EVENT}일보다 긴 일정은 받지 않습니다.")
    return _last_day(start, start + duration)


def _categories(event: icalendar.Event) -> list[str]:
    categories = event.get("CATEGORIES")
    names: list[str] = []
    for each in categories if isinstance(categories, list) else [categories]:
        names += [str(cat).strip() for cat in getattr(each, "cats", [])]
    return names


# -- both --------------------------------------------------------------------------------------------------------


def _refuse_repeated(found: HolidayFile) -> None:
    seen: dict[tuple[datetime.date, str], int] = {}
    for each in found.rows:
        if (first := seen.setdefault((each.on, each.name), each.row)) != each.row:
            found.errors.append(
                RowError(each.row, "날짜", str(each.on), f"{first}행과 같은 날짜와 이름입니다.")
            )
    found.errors.sort(key=lambda error: error.row)
