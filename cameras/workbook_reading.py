"""The program that reads a workbook (`casework.confined` runs it; never imported by the product).

`open` looks whether it is one, within bounds, and gives its sheets with the first rows of each; `rows` gives all rows of
one sheet as text, compressed, and what a person does not see of it: rows and columns that are hidden, cells that are
merged. Formulas come as their text: what a cell shows is for the person to paste. A sentence for people stands under
`problem`.
"""

import gzip
import io
import json
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from cameras import foreign_files

# A workbook of a million rows unpacks to some 15 times its size, less than a gigabyte; a bomb to a thousand times.
MAX_WORKBOOK_BYTES = 1 << 30
# All shared strings are held in memory at once. Those of the nation's dataset are fewer.
MAX_SHARED_STRINGS = 2_000_000
MAX_WORKBOOK_RATIO = 150
# Spreadsheets leave behind texts of cells that were emptied since.
STRINGS_WITHOUT_A_CELL = 100_000
RATIO_APPLIES_FROM = 64 << 20
# The nation's cameras in the dataset's columns are a third of it.
MAX_CELLS = 60_000_000
# Further right stands nothing that anybody meant; spreadsheets pad every row to the last cell that was ever touched.
MAX_COLUMNS = 1_000
MAX_TEXT = 1 << 30
# Beyond them nobody needs to know how many there are.
MOST_MERGED = 1_000

_LONG_FIGURE = 15  # digits that a spreadsheet keeps
_SHEET = re.compile(rb"<(?:[A-Za-z0-9_]+:)?sheet\s")
_STRING = re.compile(rb"<(?:[A-Za-z0-9_]+:)?si[\s>/]")
_FROM_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_HIDDEN = re.compile(rb"""<(?:[A-Za-z0-9_]+:)?(row|col)\s(?=[^>]*\bhidden\s*=\s*["'](?:1|true)["'])[^>]*>""")
_NUMBERS = re.compile(rb"""\b(r|min|max)\s*=\s*["']([0-9]{1,7})["']""")
_MERGED = re.compile(
    rb"""<(?:[A-Za-z0-9_]+:)?mergeCell\s[^>]*\bref\s*=\s*["'][A-Z]+([0-9]{1,7}):[A-Z]+([0-9]{1,7})["']"""
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TOO_LARGE = "시트가 너무 커서 읽지 않습니다. 필요 없는 행과 열을 지우거나 CSV로 저장해 주세요."


class UnusableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


def decide(content: bytes, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    try:
        if wanted["step"] == "open":
            _check_workbook(content)
            sheets = _sheets(content)
            count = max(1, len(sheets))
            parts = [
                _packed(islice(_workbook_rows(content, sheet), wanted["rows"])) for sheet in range(count)
            ]
            return {"reason": "", "sheets": sheets, "counts_from_1904": _counts_from_1904(content)}, parts
        look = _look(content, wanted["sheet"])
        packed = _packed(_workbook_rows(content, wanted["sheet"], look))
        return {"reason": "", "look": look.as_json()}, [packed]
    except UnusableFile as refusal:
        return {"reason": "unusable", "problem": str(refusal)}, []


def _packed(rows: Iterator[tuple[int, list[str]]]) -> bytes:
    """A line of JSON for each row."""
    out, cells, text = io.BytesIO(), 0, 0
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1, mtime=0) as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
            cells += len(row[1])
            text += len(line)
            if cells > MAX_CELLS or text > MAX_TEXT:
                raise UnusableFile(_TOO_LARGE)
            file.write(line)
    return out.getvalue()


def _check_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    # What zipfile raises on bytes of strangers.
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


def _counts_from_1904(data: bytes) -> bool:
    """Workbooks of old Macs: dates that are stored as mere figures count from another day."""
    with _damage_explained(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _FROM_1904.search(archive.read(foreign_files.main_part(archive))) is not None


def _look(data: bytes, sheet: int) -> "Look":
    """What the spreadsheet's own view of a sheet leaves out or joins; noted from its tags, no cell is read."""
    look = Look()
    with _workbook(data) as workbook, zipfile.ZipFile(io.BytesIO(data)) as archive:
        for text in _whole_tags(archive, workbook.worksheets[sheet]._worksheet_path):
            look.note(text)
    return look


class Look:
    """Numbers of hidden rows and columns (columns from 0), and the rows from and to which cells are merged."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int]] = []
        # Of the hidden rows those that hold anything.
        self.hidden = 0

    def note(self, text: bytes) -> None:
        for tag in _HIDDEN.finditer(text):
            given = {name: int(number) for name, number in _NUMBERS.findall(tag[0])}
            if tag[1] == b"row" and b"r" in given:
                self.hidden_rows.add(given[b"r"])
            elif tag[1] == b"col" and {b"min", b"max"} <= set(given):
                self.hidden_columns.update(range(given[b"min"] - 1, min(given[b"max"], MAX_COLUMNS)))
        room = MOST_MERGED - len(self.merged)
        found = ((int(first), int(last)) for first, last in _MERGED.findall(text))
        self.merged += list(islice((rows for rows in found if rows[0] < rows[1]), room))

    def as_json(self) -> dict[str, Any]:
        return {
            "hidden_rows": self.hidden,
            "hidden_columns": sorted(self.hidden_columns),
            "merged": self.merged,
        }


def _workbook_rows(data: bytes, sheet: int, look: Look | None = None) -> Iterator[tuple[int, list[str]]]:
    with _workbook(data) as workbook:
        chosen = workbook.worksheets[sheet]
        chosen.reset_dimensions()
        for row, cells in enumerate(chosen.iter_rows(values_only=True), start=1):
            if any(value not in (None, "") for value in cells[MAX_COLUMNS:]):
                raise UnusableFile(_TOO_LARGE)
            texts = [_cell_text(value) for value in cells[:MAX_COLUMNS]]
            if look is not None and row in look.hidden_rows:
                look.hidden += any(texts)
            yield row, texts


@contextmanager
def _workbook(data: bytes) -> Iterator[Any]:
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
    # A formula of several cells; a table of data has no text of its own.
    return str(getattr(value, "text", None) or "={}")
