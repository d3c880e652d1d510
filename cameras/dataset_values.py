"""Cells of the national dataset: from text to value and back.

Every reader returns the value or raises `CellRefused` with the reason and a hint, in Korean, for the person who
corrects the file. What `to_cell` writes, the readers read back as the same value.

Spreadsheets decorate: `="2026…"`, a leading apostrophe, `.0`, blanks, full-width digits, serial numbers for dates.
What can have been only one value is read as that; what may have lost something is refused with the reason. What
offices write for "not known" (-, 없음, 미상, a figure of 0) is not known.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.korean import josa
from cameras.dataset_text import HIDDEN, address, folded, is_unknown, tidy
from cameras.enums import DatasetPurpose
from cameras.models.register import MAX_CAMERAS_PER_SITE, MAX_PIXEL_10K

SEOUL = ZoneInfo("Asia/Seoul")
FIRST_YEAR = 1960  # before it there was no camera to register
POSITION_STEP = Decimal("0.000000001")


# Tab, carriage return and line feed are text; other control characters cannot be stored or printed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")
BEYOND_EVERY_RANGE = 15  # digits
_WHOLE = re.compile(r"(-?)([0-9]+)(?:\.0+)?")
_HUGE = re.compile(r"(-?)[1-9](?:\.[0-9]+)?[eE]\+?0*[1-9][0-9]+")
_DECIMAL = re.compile(r"-?[0-9]*\.[0-9]+")
# Any number: whether it lies in Korea is for the row to say, which has both of them.
_POSITION = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,30})?")
_MONTH = re.compile(r"([0-9]{4})-?([0-9]{2})(?:-([0-9]{2}))?")
_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_MIDNIGHT = re.compile(r" (?:오전 )?(?:0?0|(?<=오전 )12):00(?::00)?$")
# As official documents write them (2018. 4. 1., 2018년 4월), and with hyphens or slashes where noughts were left out.
_OFFICIAL_MONTH = re.compile(
    r"([0-9]{4}) ?(?:[-/] ?([0-9]{1,2})|\. ?([0-9]{1,2}) ?\.|\. ([0-9]{1,2})|년 ?([0-9]{1,2}) ?월)"
)
_OFFICIAL_DATE = re.compile(r"([0-9]{4}) ?(?:[-/.]|년) ?([0-9]{1,2}) ?(?:[-/.]|월) ?([0-9]{1,2}) ?(?:\.|일)?")
_INSTANT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})")
_CLOCK = re.compile(r"(오전|오후)? ?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?")
# Days since 1899-12-30, as a spreadsheet stores dates: from 1960 to 2099.
_SERIAL = re.compile(r"([2-7][0-9]{4})(?:\.([0-9]+))?")
_SERIAL_EPOCH = date(1899, 12, 30)
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_FORMULA_TEXT = re.compile(r'=\s*"([^"]*)"')
_QUOTED = re.compile(r"""['‘’`´"“”]+([0-9(+][0-9 ().,~/+\-]*)['’`´"”]*|([0-9(+][0-9 ().,~/+\-]*)["”]+""")
_WITH_NOUGHTS = re.compile(r"([0-9]+)\.0+")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_DECORATED = re.compile(r"""[0-9.,'"‘’“”`´=\s]*[0-9][0-9.,'"‘’“”`´=\s]*""")
_FIRST_NUMBER = re.compile(r"[0-9][0-9,]*")
# A figure has no nought in front: 2 26001234, 10 12345678. Numbers like 1588-1234 never had one.
_WITHOUT_NOUGHT = re.compile(r"[2-6][0-9]{7,9}|(?:10|70)[0-9]{8}")
_SPREADSHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_DAYS_TO_1904 = 1_462
_FIGURE_OF_A_DAY = re.compile(r"([0-9]{5})((?:\.[0-9]+)?)")
EXACT_DIGITS = 15  # of a figure in a spreadsheet; beyond them they become noughts


class CellRefused(ValueError):
    """This cell cannot be read: why, and what to write instead."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


# Text


def plain(text: str) -> str:
    """A telephone number or a code without what a spreadsheet put around it to keep it as text."""
    if found := _FORMULA_TEXT.fullmatch(text):
        inner = tidy(found[1])
        return plain(inner) if inner[:1].isdigit() else text
    if found := _QUOTED.fullmatch(text):
        return (found[1] or found[2]).strip()
    return text


def neutralise(text: str) -> str:
    """A spreadsheet must not run a cell: what looks like a formula gets an apostrophe in front.

    A text of apostrophes followed by such a character gets one more, so that `restore` is exact.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    return text[1:] if _NEUTRALISED.match(text) else text


def shown(cell: str, longest: int = 200) -> str:
    """A cell as an error message may quote it."""
    return _FORBIDDEN.sub("\ufffd", cell[:longest])


def read_text(cell: str, longest: int) -> str:
    text = tidy(restore(_no_formula(tidy(cell))))
    if _FORBIDDEN.search(text):
        raise CellRefused("읽을 수 없는 제어 문자가 있습니다.", "제어 문자를 지우세요.")
    if len(text) > longest:
        raise CellRefused(f"{len(text):,}자로 너무 깁니다.", f"{longest}자 이내로 적으세요.")
    return text


def _no_formula(text: str) -> str:
    """A text that a spreadsheet was given as ="…" is that; any other formula, or what became of it, is no value."""
    if text in _SPREADSHEET_ERRORS:
        raise CellRefused("엑셀의 오류값입니다.", "수식의 오류를 고치거나 값을 적으세요.")
    if found := _FORMULA_TEXT.fullmatch(text):
        return tidy(found[1])
    if text.startswith("="):
        raise CellRefused("수식입니다.", "수식 대신 값을 붙여 넣으세요(복사한 뒤 ‘값 붙여넣기’).")
    return text


def read_required_text(cell: str, longest: int) -> str:
    text = read_text(cell, longest)
    if not text.strip():
        raise CellRefused("값이 없습니다.", "반드시 적어야 하는 항목입니다.")
    return text


def read_address(cell: str, longest: int) -> str:
    return address(read_text(cell, longest))


def read_name(cell: str, longest: int) -> str:
    return folded(read_required_text(cell, longest))


def read_phone(cell: str, longest: int) -> str:
    text = plain(read_text(cell, longest))
    if _WITHOUT_NOUGHT.fullmatch(text):
        raise CellRefused(
            "전화번호 앞의 0이나 지역번호가 없습니다.",
            "전화번호 열을 ‘텍스트’ 서식으로 바꾸고 지역번호부터 적으세요. 예: 02-2600-1234",
        )
    return text


def read_code(cell: str, longest: int) -> str:
    return code(read_text(cell, longest))


def code(text: str) -> str:
    text = plain(text)
    found = _WITH_NOUGHTS.fullmatch(text)
    return found[1] if found else text


def read_number(cell: str, longest: int) -> str:
    """관리번호: a name, not a figure; a spreadsheet that took it for a figure has lost its last digits."""
    if cell.isdecimal() and cell.isascii() and len(cell) <= longest:
        return cell
    text = tidy(cell)
    if found := _FORMULA_TEXT.fullmatch(text):
        text = tidy(found[1])
    elif text.startswith("="):
        raise CellRefused("관리번호가 수식입니다.", "수식 대신 값을 붙여 넣으세요.")
    text = read_text(_digits_of(text) or text, longest)
    if "\n" in text or "\r" in text or "\t" in text:
        raise CellRefused("관리번호에 줄바꿈이나 빈칸이 있습니다.", "한 줄로 적으세요.")
    return text


def _digits_of(text: str) -> str:
    """The digits that a spreadsheet or a keyboard decorated; "" where the text is another kind of name."""
    narrow = folded(unicodedata.normalize("NFKC", text)).strip("'‘’`´\"“”")
    digits = narrow.replace(" ", "")
    if _SCIENTIFIC.fullmatch(digits):
        raise CellRefused(
            "관리번호가 숫자 서식으로 저장되어 뒷자리가 없어졌습니다.",
            "관리번호 열을 ‘텍스트’ 서식으로 바꾸고 번호를 다시 입력하세요.",
        )
    if not _DECORATED.fullmatch(narrow):
        return ""
    if _THOUSANDS.fullmatch(digits):
        return digits.replace(",", "")
    if found := _WITH_NOUGHTS.fullmatch(digits):
        return _exact(found[1])
    if digits.isdecimal():
        return digits
    if len(narrow) <= EXACT_DIGITS:
        return ""
    raise CellRefused(
        "관리번호에 숫자가 아닌 글자가 섞여 있어 어느 번호인지 알 수 없습니다.",
        "관리번호 열을 ‘텍스트’ 서식으로 바꾸고 숫자만 적으세요.",
    )


def _exact(digits: str) -> str:
    """A figure with decimals went through a spreadsheet's arithmetic, which keeps 15 digits and rounds the rest."""
    if len(digits) > EXACT_DIGITS and int(float(digits)) == int(digits):
        raise CellRefused(
            "관리번호가 숫자로 계산되어 뒷자리가 바뀌었을 수 있습니다.",
            "관리번호 열을 ‘텍스트’ 서식으로 바꾸고 번호를 다시 입력하세요.",
        )
    return digits


# Figures
# What offices write behind them says nothing else: 30일, 2대, 200만 화소.
_UNITS = {
    "카메라 대수를": re.compile(r"([0-9]+) ?대"),
    "일 단위의": re.compile(r"([0-9]+) ?일"),
    "만 화소 단위의": re.compile(r"([0-9]+) ?만(?: ?화소)?"),
}


def _read_count(cell: str, unit: str) -> int:
    """A whole number of any size and sign; whether it is in range is for the column to say."""
    text = _figure(cell)
    if with_unit := _UNITS[unit].fullmatch(text):
        text = with_unit[1]
    if found := _WHOLE.fullmatch(text):
        return _bounded(found[1], found[2])
    if found := _HUGE.fullmatch(text):  # how a workbook gives back a figure of more than 15 digits
        return _bounded(found[1], "1" + "0" * BEYOND_EVERY_RANGE)
    if _DECIMAL.fullmatch(text):
        raise CellRefused("정수가 아닙니다.", f"{unit} 정수로, 소수점 없이 적으세요.")
    number = _FIRST_NUMBER.search(text)
    if text.startswith("="):
        hint = "수식 대신 값을 붙여 넣으세요."
    elif number and not text.startswith("-"):
        hint = f"숫자만 적으세요. 예: {number.group().replace(',', '')}"
    else:
        hint = f"{unit} 숫자만 적으세요."
    raise CellRefused("숫자가 아닙니다.", hint)


def _figure(cell: str) -> str:
    """The text of a figure without what a spreadsheet or a keyboard put around or between its digits."""
    text = restore(tidy(cell))
    if text.isdecimal() and text.isascii():
        return text
    text = plain(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", HIDDEN.sub("", text))


def _is_blank(cell: str) -> bool:
    text = tidy(cell)
    return not text or is_unknown(text)


def _bounded(sign: str, digits: str) -> int:
    """The number, or one beyond every range: a cell may hold more digits than Python turns into an integer."""
    digits = digits.lstrip("0")
    size = int(digits or 0) if len(digits) <= BEYOND_EVERY_RANGE else 10**BEYOND_EVERY_RANGE
    return -size if sign else size


def read_camera_count(cell: str) -> int:
    if not tidy(cell):
        raise CellRefused("카메라대수가 없습니다.", "1 이상의 숫자를 적으세요.")
    count = _read_count(cell, "카메라 대수를")
    if not 1 <= count <= MAX_CAMERAS_PER_SITE:
        raise CellRefused(
            f"카메라대수가 범위(1~{MAX_CAMERAS_PER_SITE:,})를 벗어났습니다.",
            f"1에서 {MAX_CAMERAS_PER_SITE:,} 사이로 적으세요.",
        )
    return count


def read_pixels(cell: str) -> int | None:
    if _is_blank(cell):
        return None
    pixels = _read_count(cell, "만 화소 단위의")
    if pixels == 0:  # published for "not known": no camera has none
        return None
    if not 1 <= pixels <= MAX_PIXEL_10K:
        raise CellRefused(
            f"카메라화소수가 범위(1~{MAX_PIXEL_10K:,})를 벗어났습니다.",
            "만 화소 단위로 적으세요. 예: 200만 화소는 200",
        )
    return pixels


RETENTION_UNKNOWN = 0


def read_retention(cell: str) -> int:
    """However long: the maximum is the ordinance's and the row decides, since an exception may be recorded.

    0 for "not known", which is published as a blank or as 0: no camera may be without a period, so the reader asks.
    """
    if _is_blank(cell):
        return RETENTION_UNKNOWN
    days = _read_count(cell, "일 단위의")
    if days < 0:
        raise CellRefused(
            "보관일수가 1보다 작아 범위(1일부터 최대 보관기간까지)를 벗어났습니다.", "1 이상으로 적으세요."
        )
    return days


def read_position(cell: str) -> Decimal | None:
    text = tidy(cell)
    if not text or is_unknown(text):
        return None
    if not _POSITION.fullmatch(text):
        text = _figure(cell)
    if not _POSITION.fullmatch(text):
        raise CellRefused("좌표가 숫자가 아닙니다.", "도 단위 소수(WGS84)로 적으세요. 예: 37.55091")
    return Decimal(text).quantize(POSITION_STEP)


def read_purpose(cell: str) -> str:
    text = restore(tidy(cell))
    if text in DatasetPurpose.values:
        return text
    compact = folded(text).replace(" ", "")
    if compact in DatasetPurpose.values:
        return compact
    if not text:
        raise CellRefused(
            "설치목적구분이 없습니다.", f"다음 가운데 하나를 적으세요: {', '.join(DatasetPurpose.values)}"
        )
    nearest = difflib.get_close_matches(text.replace(" ", "")[:40], DatasetPurpose.values, n=1, cutoff=0.3)
    suggestion = f"‘{nearest[0]}’{josa(nearest[0], '을/를')} 뜻하십니까? " if nearest else ""
    raise CellRefused(
        "알 수 없는 설치목적구분입니다.",
        f"{suggestion}쓸 수 있는 값: {', '.join(DatasetPurpose.values)}",
    )


# Dates


def read_month(cell: str) -> date | None:
    """201312 and 2013-12, as official documents write them, and the dates that spreadsheets make of them."""
    text = _date_text(cell)
    if not text or is_unknown(text) or not text.strip("0"):
        return None
    parts = _month_parts(text)
    if parts is None:
        raise CellRefused("설치연월을 읽을 수 없습니다.", "YYYYMM 또는 YYYY-MM으로 적으세요. 예: 2013-12")
    try:
        day = date(*parts)
    except ValueError:
        raise CellRefused("없는 연월입니다.", "월은 01에서 12까지입니다. 예: 2013-12") from None
    if day.year < FIRST_YEAR:
        raise CellRefused("너무 오래된 연월입니다.", f"{FIRST_YEAR}년 이후로 적으세요.")
    if day > _today():
        raise CellRefused("아직 오지 않은 연월입니다.", "운영 중인 카메라의 설치연월을 적으세요.")
    return day.replace(day=1)


def _month_parts(text: str) -> tuple[int, int, int] | None:
    if found := _MONTH.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3] or 1)
    if found := _OFFICIAL_MONTH.fullmatch(text):
        return int(found[1]), int(next(filter(None, found.groups()[1:]))), 1
    return _date_parts(text)


def _date_parts(text: str) -> tuple[int, int, int] | None:
    if found := _DATE.fullmatch(text) or _OFFICIAL_DATE.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _SERIAL.fullmatch(text)) and not (found[2] or "").strip("0"):
        day = _SERIAL_EPOCH + timedelta(days=int(found[1]))
        return day.year, day.month, day.day
    return None


def _date_text(cell: str) -> str:
    """A date's text with one kind of blank and without a time that is only the spreadsheet's."""
    text = _figure(cell)
    return text if text.isdecimal() else _MIDNIGHT.sub("", folded(text))


def read_date(cell: str) -> date | None:
    text = _date_text(cell)
    if not text or is_unknown(text):
        return None
    parts = _date_parts(text)
    if parts is None:
        raise CellRefused("날짜를 읽을 수 없습니다.", "YYYY-MM-DD로 적으세요. 예: 2026-05-18")
    try:
        day = date(*parts)
    except ValueError:
        raise CellRefused("없는 날짜입니다.", "달력에 있는 날짜를 적으세요. 예: 2026-05-18") from None
    if not FIRST_YEAR <= day.year < 2100:
        raise CellRefused("날짜가 범위를 벗어났습니다.", "연도를 확인하세요. 예: 2026-05-18")
    return day


def read_instant(cell: str) -> datetime | None:
    text = tidy(cell)
    if not text or is_unknown(text):
        return None
    usual = _INSTANT.fullmatch(text)
    parts = tuple(map(int, usual.groups())) if usual else _instant_parts(folded(_figure(cell)))
    if parts is None:
        raise CellRefused(
            "시각을 읽을 수 없습니다.", "YYYY-MM-DD HH:MM:SS로 적으세요. 예: 2026-05-19 22:58:23"
        )
    try:
        local = datetime(*parts, tzinfo=SEOUL)  # type: ignore[arg-type,misc]
    except ValueError:
        raise CellRefused("없는 시각입니다.", "달력에 있는 날짜와 시각을 적으세요.") from None
    if not FIRST_YEAR <= local.year < 2100:
        raise CellRefused("시각이 범위를 벗어났습니다.", "연도를 확인하세요. 예: 2026-05-19 22:58:23")
    return local.astimezone(UTC)


def _instant_parts(text: str) -> tuple[int, ...] | None:
    if _SERIAL.fullmatch(text):
        moment = datetime.combine(_SERIAL_EPOCH, datetime.min.time()) + timedelta(
            seconds=round(float(text) * 86_400)
        )
        return (*moment.timetuple()[:6],)
    clock = _CLOCK.search(text)
    if clock is None:
        return _date_parts(text)
    if clock.end() != len(text) or clock.start() == 0:
        return None
    day = _date_parts(text[: clock.start()].removesuffix("T").strip())
    half, hour, minute, second = clock[1], int(clock[2]), int(clock[3]), int(clock[4] or 0)
    if day is None or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "오후" else 0)
    return (*day, hour, minute, second)


def counting_from_1904(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader for a workbook whose days are counted from 1904: of dates that came as mere figures."""
    if read not in (read_month, read_date, read_instant):
        return read

    def read_figure_of_1904(cell: str) -> Any:
        found = _FIGURE_OF_A_DAY.fullmatch(cell)
        return read(f"{int(found[1]) + _DAYS_TO_1904}{found[2]}" if found else cell)

    return read_figure_of_1904


def _today() -> date:
    return datetime.now(SEOUL).date()


# Back to text


def position_to_cell(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def instant_to_cell(value: datetime | None) -> str:
    return "" if value is None else f"{value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def date_to_cell(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def month_to_cell(value: date | None) -> str:
    return "" if value is None else f"{value.year:04d}{value.month:02d}"
