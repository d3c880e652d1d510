"""Reading a log line by line, however long it is: memory does not grow with the file.

A line stands or falls alone. It is read in its own encoding (UTF-8, else CP949), since systems paste logs together; a
quotation mark that is never closed spoils its line and not the rest. What is wrong is told with line, column, value and
reason, and reading goes on: a log that was cut in the middle still says what it says.
"""

import csv
import datetime
import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.utils import timezone

from cameras.dataset_files import SEPARATORS, open_table
from cameras.dataset_text import folded
from cameras.dataset_values import shown
from records.access_log.maps import FIELDS, LogMap
from records.tabular import EARLIEST, CellRefused, Column, RowError, UnusableFile, instant, places_of

LONGEST_LINE = 64_000
LONGEST_CELL = 100
LONGEST_QUOTED = 20  # lines that one quoted cell may go over
ROWS_OF_BEGINNING = 30
# Clocks of two machines differ; what lies further ahead has not happened.
AHEAD = datetime.timedelta(minutes=10)
_EPOCH = re.compile(r"\d{9,11}(?:\.\d+)?|\d{12,14}")
_BAD = "\ufffd"
_CEF = re.compile(r"CEF:\d+\|(?:(?:\\.|[^|\\])*\|){6}(.*)")
# A key is looked for where a word begins, and never twice in one word: a line of one long word takes no longer than others.
_CEF_PAIR = re.compile(r"(?<!\w)(\w++)=((?:\\.|(?!\s\w+=)[^\\])*)")
_LABELS = dict(
    zip(FIELDS, ("시각", "번호", "계정", "행위", "카메라", "대상시작", "대상종료", "접속지", "사건번호", "내용"), strict=True)
)  # fmt: skip


class Event(NamedTuple):
    """A row of the log as it is stored."""

    at: datetime.datetime
    digest: int
    number: str
    account: str
    act: str
    camera: str
    target_from: datetime.datetime | None
    target_until: datetime.datetime | None
    place: str
    case_number: str
    content: str
    line: int


class Skipped(NamedTuple):
    """A row whose act the map leaves out."""

    line: int


Outcome = Event | Skipped | RowError
Cells = Sequence[str]


def read(path: Path, log_map: LogMap) -> Iterator[Outcome]:
    """Each row of the file in its order; `UnusableFile` where the file as a whole is not of this map."""
    judge = _Judge(log_map)
    for line, cells in _rows(path, log_map):
        yield cells if isinstance(cells, RowError) else judge(line, cells)


def _rows(path: Path, log_map: LogMap) -> Iterator[tuple[int, Any]]:
    """Line and the cells in the order of `FIELDS`, or what is wrong with the line."""
    if log_map.format == "table" and _first_bytes(path, 4) == b"PK\x03\x04":
        yield from _of_table(((number, cells) for number, cells in open_table(path).rows()), log_map)
        return
    with _opened(path) as handle:
        lines = _decoded(handle)
        if log_map.format == "table":
            yield from _of_text(lines, log_map)
        else:
            take = _json_cells if log_map.format == "json" else _cef_cells
            yield from _of_objects(lines, log_map, take)


def _first_bytes(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(count)
    except OSError as error:
        raise UnusableFile(f"파일을 읽을 수 없습니다: {path} ({error.strerror})") from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    start = _first_bytes(path, 4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnusableFile("UTF-16 파일입니다. ‘CSV UTF-8’로 다시 저장해 주세요.")
    if not start:
        raise UnusableFile(f"빈 파일입니다: {path.name}")
    with gzip.open(path, "rb") if start.startswith(b"\x1f\x8b") else path.open("rb") as handle:
        yield handle  # type: ignore[misc]


def _decoded(handle: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Line number and text; what is neither UTF-8 nor CP949 holds U+FFFD."""
    number = 0
    try:
        while raw := handle.readline(LONGEST_LINE):
            number += 1
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            while not raw.endswith(b"\n") and (more := handle.readline(LONGEST_LINE)):
                raw = raw[: LONGEST_LINE + 1] + (b"\n" if more.endswith(b"\n") else b"")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                text = raw.decode("cp949", "replace")
            yield number, text.rstrip("\r\n")
    except (OSError, EOFError) as error:  # a compressed file that was cut
        yield number + 1, f"{_BAD}{error}"


# Tables


def _of_text(lines: Iterator[tuple[int, str]], log_map: LogMap) -> Iterator[tuple[int, Any]]:
    beginning = list(islice(lines, ROWS_OF_BEGINNING))
    names = [column.lower().replace(" ", "") for column in log_map.columns.values()]

    def known(separator: str) -> int:
        cells = (cell for _, text in beginning for cell in _split(text, separator))
        return sum(cell.strip().lower().replace(" ", "") in names for cell in cells)

    separator = max(SEPARATORS, key=known)
    yield from _of_table(_cells(chain(beginning, lines), separator), log_map)


def _cells(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a text; a quoted cell may hold line breaks."""
    waiting: list[tuple[int, str]] = []
    while True:
        number, text = waiting.pop(0) if waiting else next(lines, (0, ""))
        if not number:
            return
        if '"' not in text:
            yield number, text.split(separator)
            continue
        if text.count('"') % 2:
            while len(waiting) < LONGEST_QUOTED and (more := next(lines, None)):
                waiting.append(more)
            closing = next((n for n, (_, each) in enumerate(waiting) if each.count('"') % 2), None)
            if closing is None:
                yield number, [_BAD, "따옴표가 닫히지 않았습니다."]
                continue
            whole = "\n".join([text, *(each for _, each in waiting[: closing + 1])])
            cells = _split(whole, separator)
            if cells[:1] != [_BAD]:
                del waiting[: closing + 1]
            yield number, cells
            continue
        yield number, _split(text, separator)


def _split(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        # A line break outside of quotes, or a cell without end: of this line alone, whoever wrote into the log.
        return [_BAD, "따옴표나 줄바꿈이 잘못되었습니다."]


def _of_table(rows: Iterator[tuple[int, list[str]]], log_map: LogMap) -> Iterator[tuple[int, Any]]:
    # One column may serve two of our fields; it is needed where one of them needs it.
    needed = {theirs for ours, theirs in log_map.columns.items() if ours not in log_map.optional}
    unique = [Column(theirs, theirs in needed) for theirs in dict.fromkeys(log_map.columns.values())]
    first = list(islice(rows, ROWS_OF_BEGINNING))
    header, cells = max(first, key=lambda row: _known(row[1], unique), default=(0, []))
    if not _known(cells, unique):
        raise UnusableFile(
            f"열 이름이 있는 줄을 찾지 못했습니다. 열 대응표 ‘{log_map.name}’의 열: "
            f"{', '.join(column.name for column in unique)}"
        )
    places = places_of(cells, unique)
    width = max(places.values()) + 1
    order = [places.get(log_map.columns.get(ours, ""), width) for ours in FIELDS]
    pick = itemgetter(*order)
    for number, row in chain(first, rows):
        if number <= header:
            continue
        if len(row) >= width:
            yield number, pick([*row[:width], ""])
        elif row and row[0] == _BAD:
            yield number, RowError(number, "줄", "", row[1])
        elif any(map(str.strip, row)):
            reason = f"열이 {len(row)}개뿐입니다({width}개여야 합니다). 줄이 중간에 끊겼습니다."
            yield number, RowError(number, "줄", shown(",".join(row)), reason)


def _known(cells: Sequence[str], columns: Sequence[Column]) -> int:
    names = {folded(cell).replace(" ", "").lower() for cell in cells}
    return sum(column.name.replace(" ", "").lower() in names for column in columns)


# JSON and syslog


def _of_objects(
    lines: Iterator[tuple[int, str]], log_map: LogMap, take: Callable[[str, LogMap], Cells]
) -> Iterator[tuple[int, Any]]:
    for number, text in lines:
        if not text.strip():
            continue
        try:
            yield number, take(text, log_map)
        except CellRefused as refusal:
            yield number, RowError(number, "줄", shown(text), str(refusal))


def _json_cells(text: str, log_map: LogMap) -> Cells:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CellRefused("JSON이 아닙니다. 줄이 중간에 끊겼을 수 있습니다.") from None
    if not isinstance(found, dict):
        raise CellRefused("JSON 객체가 아닙니다.")
    return [_at_path(found, log_map.columns.get(ours, "")) for ours in FIELDS]


def _at_path(found: Any, path: str) -> str:
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    if found is None or path == "":
        return ""
    if isinstance(found, list):
        return ",".join(map(str, found))
    return json.dumps(found, ensure_ascii=False) if isinstance(found, dict) else str(found)


def _cef_cells(text: str, log_map: LogMap) -> Cells:
    match = _CEF.search(text)
    if match is None:
        raise CellRefused("CEF 줄이 아닙니다.")
    pairs = {key: re.sub(r"\\(.)", r"\1", value.strip()) for key, value in _CEF_PAIR.findall(match[1])}
    return [pairs.get(log_map.columns.get(ours, ""), "") for ours in FIELDS]


# Cells


class _Judge:
    """Cells in the order of `FIELDS` become an event, or an error."""

    def __init__(self, log_map: LogMap) -> None:
        self._map = log_map
        self._latest = timezone.now() + AHEAD
        self._acts: dict[str, str | None] = {}
        self._epoch = {ours: ours in log_map.epoch for ours in FIELDS}

    def __call__(self, line: int, cells: Cells) -> Outcome:
        whole = "\x1f".join(cells)
        if _BAD in whole:
            return self._error(line, cells, "글자를 읽을 수 없습니다(UTF-8도 CP949도 아님).")
        if not whole.replace("\x1f", "").isprintable():
            cells = [" ".join(cell.split()) for cell in cells]
            if not "".join(cells).isprintable():
                return self._error(line, cells, "제어 문자가 있습니다.")
        if not unicodedata.is_normalized("NFC", whole):
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        at, number, account, act, camera, start, end, place, case, content = map(str.strip, cells)
        if len(whole) > LONGEST_CELL:
            texts = {
                "number": number,
                "account": account,
                "camera": camera,
                "place": place,
                "case_number": case,
            }
            for name, text in texts.items():
                if len(text) > LONGEST_CELL:
                    return RowError(line, _LABELS[name], shown(text), f"{LONGEST_CELL}자를 넘습니다.")
        if not account:
            return RowError(line, "계정", "", "값이 필요합니다.")
        ours = self._acts.get(act)
        if ours is None:
            ours = self._acts[act] = self._map.act(act)
            if ours is None:
                del self._acts[act]
                return RowError(line, "행위", shown(act), f"열 대응표 ‘{self._map.name}’에 없는 행위입니다.")
        if not ours:
            return Skipped(line)
        column, cell = "at", at
        try:
            when = self._instant(at, column)
            if when > self._latest:
                return RowError(line, "시각", at, "아직 오지 않은 시각입니다. 그 장비의 시계를 확인하십시오.")
            column, cell = "target_from", start
            from_at = self._instant(start, column) if start else None
            column, cell = "target_until", end
            until_at = self._instant(end, column) if end else None
        except CellRefused as refusal:
            return RowError(line, _LABELS[column], shown(cell), str(refusal))
        if from_at is not None and until_at is not None and until_at < from_at:
            return RowError(line, "대상종료", end, "대상시작보다 앞선 시각입니다.")
        text = f"{number}\x1f{account}\x1f{ours}\x1f{camera}\x1f{from_at}\x1f{until_at}\x1f{place}\x1f{case}\x1f{content}"
        digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
        return Event(
            when, digest, number, account, ours, camera, from_at, until_at, place, case, content, line
        )

    def _instant(self, cell: str, column: str) -> datetime.datetime:
        if self._epoch[column] and _EPOCH.fullmatch(cell):
            seconds = float(cell) / (1_000 if "." not in cell and len(cell) > 11 else 1)
            found = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
            if found < EARLIEST:
                raise CellRefused("2000년보다 앞선 시각입니다.")
            return found
        # One way to write a point in time, so that the same row is the same under every way of writing it.
        return instant(cell, self._map.zone).astimezone(datetime.UTC)

    def _error(self, line: int, cells: Cells, reason: str) -> RowError:
        for name, cell in zip(FIELDS, cells, strict=True):
            if _BAD in cell or not cell.isprintable():
                return RowError(line, _LABELS[name], shown(cell), reason)
        return RowError(line, "줄", "", reason)
