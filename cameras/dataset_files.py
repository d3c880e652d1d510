"""Opening a file of the dataset: CSV (UTF-8 with or without BOM, CP949, UTF-16 with BOM) or XLSX, told by content.

A name or an ending proves nothing, so the first bytes decide. A file is read once into memory, so that both
passes over it see the same bytes and the digest in the ledger is the digest of what was imported.
"""

import codecs
import csv
import hashlib
import io
import os
import re
import stat
import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from cameras import foreign_files

MAX_FILE_BYTES = 1 << 30
# A workbook of a million rows unpacks to some 15 times its size, less than a gigabyte; a bomb to a thousand times.
MAX_WORKBOOK_BYTES = 1 << 30
# All shared strings are held in memory at once. Those of the nation's dataset are fewer.
MAX_SHARED_STRINGS = 2_000_000
MAX_WORKBOOK_RATIO = 150
# Spreadsheets leave behind texts of cells that were emptied since.
STRINGS_WITHOUT_A_CELL = 100_000
RATIO_APPLIES_FROM = 64 << 20

_ZIP = b"PK\x03\x04"
_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_HANGUL = re.compile("[가-힣]")
_LONG_FIGURE = 15  # digits that a spreadsheet keeps
SEPARATORS = (",", ";", "\t", "|")
_SHEET = re.compile(rb"<(?:[A-Za-z0-9_]+:)?sheet\s")
_STRING = re.compile(rb"<(?:[A-Za-z0-9_]+:)?si[\s>/]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

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
    separator: str = ","

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
        return _workbook_rows(self.data, sheet)

    def beginning(self) -> list[Row]:
        """The first rows that hold anything: titles, column names, units, and data below them."""
        return _beginning(self.rows())

    def beginning_of(self, sheet: int) -> list[Row]:
        return _beginning(self.rows_of(sheet))

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


def open_table(path: str | Path) -> Table:
    path = Path(path)
    data = _read_bytes(path)
    if data.startswith(_ZIP):
        _check_workbook(data)
        return Table(_shown_name(path), data, "xlsx", 0, _sheets(data))
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
        f"글자를 읽을 수 없습니다. {encoding} 파일인데 {_line_of(data, offset)}행 부근이 {encoding}이(가) 아닙니다"
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


def _check_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnusableFile("손상된 압축 파일입니다. XLSX 또는 CSV로 다시 저장해 주세요.") from None
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnusableFile("암호가 걸린 파일입니다. 암호를 풀고 다시 저장해 주세요.")
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > RATIO_APPLIES_FROM and unpacked > MAX_WORKBOOK_RATIO * len(data)
    if unpacked > MAX_WORKBOOK_BYTES or is_bomb:
        raise UnusableFile(
            f"압축을 풀면 {unpacked >> 20:,}MB가 되는 파일이라 읽지 않습니다. 필요 없는 서식과 빈 행을 지우고 다시 저장해 주세요."
        )
    with _damage_explained():
        if problem := foreign_files.problem_of_zip(data):
            raise UnusableFile(problem)
    _refuse_hoarded_strings(data)


def _refuse_hoarded_strings(data: bytes) -> None:
    """A megabyte may hold millions of empty strings, which no ratio of sizes gives away and which take minutes to read.

    Parts may bear any name and tags any prefix, so all of them are looked through.
    """
    strings = references = 0
    with _damage_explained(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            for text in _whole_tags(archive, name):
                strings += len(_STRING.findall(text))
                references += text.count(b't="s"')
                if strings > MAX_SHARED_STRINGS:
                    break
    if strings > min(MAX_SHARED_STRINGS, references + STRINGS_WITHOUT_A_CELL):
        raise UnusableFile(
            "칸보다 글자 목록이 훨씬 많은 엑셀 파일이라 읽지 않습니다. 엑셀에서 열어 다시 저장하거나 CSV로 저장해 주세요."
        )


def _whole_tags(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in blocks that do not cut a tag in two."""
    rest = b""
    with archive.open(name) as part:
        while block := part.read(1 << 20):
            text = rest + block
            end = text.rfind(b">") + 1
            yield text[:end]
            rest = text[end:][-1024:]


def _sheets(data: bytes) -> tuple[str, ...]:
    """Their titles, where there are several; of one sheet nobody needs to know more, and opening takes its time."""
    with _damage_explained(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = _SHEET.findall(archive.read(foreign_files.main_part(archive)))
    if len(listed) < 2:
        return ()
    with _workbook(data) as workbook:
        return tuple(sheet.title for sheet in workbook.worksheets)


def _workbook_rows(data: bytes, sheet: int) -> Generator[Row, None, None]:
    """Rows of one sheet. Formulas come as their text: what a cell shows is for the person to paste."""
    with _workbook(data) as workbook:
        chosen = workbook.worksheets[sheet]
        chosen.reset_dimensions()
        for row, cells in enumerate(chosen.iter_rows(values_only=True), start=1):
            yield row, [_cell_text(value) for value in cells]


@contextmanager
def _workbook(data: bytes) -> Iterator[Any]:
    from openpyxl import load_workbook

    with _damage_explained(), warnings.catch_warnings():
        # openpyxl warns of every extension it does not know; none of them holds cell values.
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        if not workbook.worksheets:
            raise UnusableFile("시트가 없는 엑셀 파일입니다.")
        yield workbook
        workbook.close()


@contextmanager
def _damage_explained() -> Iterator[None]:
    """Whatever the parsers of XML and ZIP raise passes through openpyxl: for people it is one thing."""
    try:
        yield
    except UnusableFile:
        raise
    except MemoryError:
        raise UnusableFile("파일이 너무 커서 읽을 수 없습니다. CSV로 저장해 주세요.") from None
    except Exception as error:
        raise UnusableFile(f"손상된 엑셀 파일입니다({type(error).__name__}). 다시 저장해 주세요.") from None


def _figure_text(value: int) -> str:
    """A figure beyond what a spreadsheet keeps, whose last digits became noughts, is shown as one that lost them."""
    text = str(value)
    beyond = len(text.lstrip("-")) - _LONG_FIGURE
    return f"{value:E}" if beyond > 0 and text.endswith("0" * beyond) else text


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return _figure_text(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == datetime.min.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(getattr(value, "text", value))
