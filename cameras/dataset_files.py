"""Opening a file of the dataset: CSV (UTF-8 with or without BOM, CP949, UTF-16 with BOM) or XLSX, told by content.

A name or an ending proves nothing, so the first bytes decide. A file is read once into memory, so that both
passes over it see the same bytes and the digest in the ledger is the digest of what was imported. A workbook is opened by
a process with limits (`casework.judging`), which gives back rows of text: no decoder of spreadsheets runs in this one.
"""

import codecs
import csv
import gzip
import hashlib
import io
import json
import os
import re
import stat
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from accounts.korean import josa
from cameras import foreign_files
from casework import judging

MAX_FILE_BYTES = 1 << 30
# Imports run in the worker and take minutes: they wait for each other, not for what pages wait for.
SPREADSHEETS = judging.Lane("spreadsheets", 2 << 30, 300, 900.0, 1_800.0, 3)
PROGRAM = Path(__file__).with_name("workbook_reading.py")

_ZIP = b"PK\x03\x04"
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_HANGUL = re.compile("[가-힣]")
SEPARATORS = (",", ";", "\t", "|")

# Before the column names stand titles and blank rows, never more.
ROWS_BEFORE_DATA = 1_000
ROWS_OF_BEGINNING = 30

Row = tuple[int, list[str]]


class UnusableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(slots=True)
class Table:
    """Rows of text with their numbers as a spreadsheet shows them (header = 1)."""

    name: str
    data: bytes = field(repr=False)
    encoding: str  # "xlsx" or the name of the text encoding
    expected_rows: int
    sheets: tuple[str, ...] = ()  # of a workbook with several
    sheet: int = 0
    counts_from_1904: bool = False
    separator: str = ","
    # Called about every second while another process reads a workbook.
    meanwhile: Callable[[], object] | None = None
    # The first rows of each sheet, and all rows of those that were read: compressed text.
    _beginnings: tuple[bytes, ...] = field(default=(), repr=False)
    _read: dict[int, bytes] = field(default_factory=dict, repr=False)
    _looks: dict[int, dict[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def is_workbook(self) -> bool:
        return self.encoding == "xlsx"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def rows(self) -> Generator[Row, None, None]:
        if self.is_workbook:
            return self.rows_of(self.sheet)
        return _csv_rows(self.data, self.encoding, self.separator)

    def rows_of(self, sheet: int) -> Generator[Row, None, None]:
        if sheet not in self._read:
            answer, [self._read[sheet]] = _ask(self.data, {"step": "rows", "sheet": sheet}, self.meanwhile)
            self._looks[sheet] = answer["look"]
        return _unpacked(self._read[sheet])

    @property
    def look(self) -> dict[str, Any]:
        """Of the sheet that was read: how many filled rows are hidden, which columns, which rows are merged."""
        return self._looks.get(self.sheet, {"hidden_rows": 0, "hidden_columns": [], "merged": []})

    def beginning(self) -> list[Row]:
        """The first rows that hold anything: titles, column names, units, and data below them."""
        return self.beginning_of(self.sheet) if self.is_workbook else _beginning(self.rows())

    def beginning_of(self, sheet: int) -> list[Row]:
        return _beginning(_unpacked(self._beginnings[sheet]))

    def beginning_by(self, separator: str) -> list[Row]:
        """The same as if another character separated the cells; nothing where the file cannot be read so."""
        try:
            return _beginning(_csv_rows(self.data, self.encoding, separator))
        except UnusableFile:
            return []


def _beginning(rows: Generator[Row, None, None]) -> list[Row]:
    with closing(rows):
        written = (row for row in islice(rows, ROWS_BEFORE_DATA) if any(map(str.strip, row[1])))
        return list(islice(written, ROWS_OF_BEGINNING))


def open_table(path: str | Path, meanwhile: Callable[[], object] | None = None) -> Table:
    path = Path(path)
    data = _read_bytes(path)
    if data.startswith(_ZIP):
        answer, parts = _ask(data, {"step": "open", "rows": ROWS_BEFORE_DATA}, meanwhile)
        table = Table(_shown_name(path), data, "xlsx", 0, tuple(answer["sheets"]), meanwhile=meanwhile)
        table.counts_from_1904 = answer["counts_from_1904"]
        table._beginnings = tuple(parts)
        return table
    encoding = _encoding_of(data)
    return Table(_shown_name(path), data, encoding, data.count(b"\n"))


def _shown_name(path: Path) -> str:
    """The name as it may be stored and printed; names on a disk may be any bytes."""
    return "".join(
        character if character.isprintable() else "\ufffd"
        for character in os.fsencode(path.name).decode("utf-8", "replace")
    )


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnusableFile(f"파일이 아니라 폴더입니다: {path}")
        if not stat.S_ISREG(status.st_mode):
            raise UnusableFile(f"보통 파일이 아닙니다: {path}")
        if status.st_size > MAX_FILE_BYTES:
            raise UnusableFile(f"파일이 너무 큽니다({status.st_size:,}바이트). 1GB까지 읽을 수 있습니다.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnusableFile(f"파일이 없습니다: {path}") from None
    except PermissionError:
        raise UnusableFile(f"파일을 읽을 권한이 없습니다: {path}") from None
    except (OSError, ValueError) as error:
        raise UnusableFile(f"파일을 읽을 수 없습니다: {path} ({error})") from None
    if not data.strip(b"\r\n\t ,\xef\xbb\xbf"):
        raise UnusableFile(f"빈 파일입니다: {path.name}")
    return data


# CSV


def _encoding_of(data: bytes) -> str:
    if problem := foreign_files.problem(data):
        raise UnusableFile(problem)
    encoding = _encoding_of_text(data)
    if problem := foreign_files.problem_of_text(data[:8192].decode(encoding, "ignore")):
        raise UnusableFile(problem)
    return encoding


def _encoding_of_text(data: bytes) -> str:
    if data.startswith(_UTF32_BOMS):
        raise UnusableFile("UTF-32로 저장된 파일입니다. ‘CSV UTF-8’로 다시 저장해 주세요.")
    if data.startswith(_UTF16_BOMS):
        if _first_undecodable(data, "utf-16") is not None:
            raise UnusableFile(
                "UTF-16(유니코드 텍스트)인데 읽을 수 없는 글자가 있습니다. ‘CSV UTF-8’로 다시 저장해 주세요."
            )
        return "utf-16"
    start = data[:4096]
    if start.count(0) * 50 > len(start):  # a stray one is an error of its row
        raise UnusableFile("글자 파일이 아닙니다. CSV(UTF-8, CP949) 또는 XLSX 파일을 주세요.")
    broken = _first_undecodable(data, "utf-8")
    if broken is None:
        return "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    if data.startswith(codecs.BOM_UTF8):
        raise UnusableFile(
            f"UTF-8 표시(BOM)가 있지만 {_line_of(data, broken)}행 부근이 UTF-8이 아닙니다. "
            "파일을 ‘CSV UTF-8’로 다시 저장해 주세요."
        )
    if len(_HANGUL.findall(data[:broken].decode("utf-8", "ignore"))) > 1:
        # What is CP949 never begins as Hangul in UTF-8: another file was pasted into this one.
        raise UnusableFile(_mixed(data, broken, "UTF-8"))
    other = _first_undecodable(data, "cp949")
    if other is None:
        return "cp949"
    if len(_HANGUL.findall(data[:other].decode("cp949", "ignore"))) > 1 and other > broken:
        raise UnusableFile(_mixed(data, other, "CP949"))
    raise UnusableFile(
        f"글자를 읽을 수 없습니다(UTF-8도 CP949도 아님, {_line_of(data, max(broken, other))}행 부근). "
        "‘CSV UTF-8’로 다시 저장해 주세요."
    )


def _mixed(data: bytes, offset: int, encoding: str) -> str:
    return (
        f"글자를 읽을 수 없습니다. {encoding} 파일인데 {_line_of(data, offset)}행 부근이 {encoding}{josa(encoding, '이/가')} 아닙니다"
        "(UTF-8도 CP949도 아님). 그 행을 고치고 파일을 ‘CSV UTF-8’로 다시 저장해 주세요."
    )


def _first_undecodable(data: bytes, encoding: str) -> int | None:
    """Where strict decoding fails; in blocks, so that a big file is not held a second time as text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    size = 1 << 20
    for start in range(0, len(data), size):
        try:
            decoder.decode(data[start : start + size], final=start + size >= len(data))
        except UnicodeDecodeError as error:
            return start + error.start
    return None


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _csv_rows(data: bytes, encoding: str, separator: str) -> Generator[Row, None, None]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="strict", newline="")
    reader = csv.reader(text, strict=True, delimiter=separator)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            yield row, cells
    except csv.Error as error:
        raise UnusableFile(_csv_problem(str(error), row + 1)) from None


def _csv_problem(problem: str, row: int) -> str:
    if "field larger" in problem:
        return f"{row}행에 너무 긴 칸이 있습니다. 따옴표가 닫혔는지 확인하세요."
    return f'{row}행부터 따옴표가 맞지 않아 읽을 수 없습니다. 칸 안의 따옴표는 두 번("") 적어야 합니다.'


# XLSX


def _ask(
    data: bytes, wanted: dict[str, Any], meanwhile: Callable[[], object] | None
) -> tuple[dict[str, Any], list[bytes]]:
    """What the process of `cameras.workbook_reading` says; whatever becomes of it is a reason for people."""
    try:
        answer, parts = judging.judge(PROGRAM, wanted, data, SPREADSHEETS, meanwhile)
    except judging.Busy:
        raise UnusableFile("지금 다른 엑셀 파일을 읽고 있습니다. 잠시 뒤에 다시 시도해 주세요.") from None
    except judging.Broken:
        raise UnusableFile(
            "엑셀 파일을 정해진 시간과 메모리 안에 읽지 못했습니다. 필요 없는 시트와 서식을 지우거나 CSV로 저장해 주세요."
        ) from None
    match answer["reason"]:
        case "":
            return answer, parts
        case "too_large":
            raise UnusableFile("파일이 너무 커서 읽을 수 없습니다. CSV로 저장해 주세요.")
    raise UnusableFile(answer.get("problem") or "손상된 엑셀 파일입니다. 다시 저장해 주세요.")


def _unpacked(packed: bytes) -> Generator[Row, None, None]:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        for line in file:
            row, cells = json.loads(line.decode("utf-8", "surrogatepass"))
            yield row, cells
