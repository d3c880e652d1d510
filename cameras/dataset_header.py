"""Where in a file the column names stand: offices write titles above them, units below them, sums at the end.

What is sure is passed over and told (`notes`); what is not is refused with the row that looks most like the names.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from cameras.dataset_columns import Header, known_columns, read_header, resembles_header
from cameras.dataset_files import Row, UnusableFile
from cameras.dataset_text import folded

_UNITS = frozenset(
    ("대", "개", "개소", "만", "만화소", "화소", "일", "도", "YYYY-MM", "YYYYMM", "YYYY-MM-DD", "WGS84", "텍스트", "숫자", "필수", "선택")
)  # fmt: skip
_IN_BRACKETS = re.compile(r"[(\[（].*[)\]）]|[A-Za-z_][A-Za-z0-9_ ]*")
_SUMS = frozenset(("계", "합계", "총계", "소계", "총합계", "누계", "합", "total", "Total", "TOTAL"))


def find(rows: Sequence[Row]) -> Header:
    """The header among the first rows of a file; raises `UnusableFile` with what is wrong with the nearest to it."""
    candidates = _candidates(rows)
    for place, row, cells in candidates:
        try:
            header = read_header(row, cells)
        except UnusableFile:
            continue
        below = rows[place + 1] if place + 1 < len(rows) else None
        return replace(header, notes=_notes(header, rows[:place], below))
    # None is complete: the complaint is about the one that was meant.
    meant = [candidate for candidate in candidates if resembles_header(candidate[2])]
    _, row, cells = max(meant or candidates[:1], key=lambda candidate: known_columns(candidate[2]))
    return read_header(row, cells)


def _candidates(rows: Sequence[Row]) -> list[tuple[int, int, list[str]]]:
    """Each row as it is, then each with the row above it, where names stand in two lines."""
    single = [(place, number, cells) for place, (number, cells) in enumerate(rows)]
    double = [
        (place, rows[place][0], _merged(rows[place - 1][1], rows[place][1]))
        for place in range(1, len(rows))
        if known_columns(rows[place][1]) or known_columns(rows[place - 1][1])
    ]
    return [*single, *double]


def _merged(upper: list[str], lower: list[str]) -> list[str]:
    """Names in two lines, as merged cells leave them: a name above a blank, or a group above its parts."""
    width = max(len(upper), len(lower))
    names, group = [], ""
    for above, below in zip(
        [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))], strict=True
    ):
        group = above if above.strip() else group
        if not below.strip():
            names.append(above)
        else:
            names.append(below if known_columns([below]) else f"{group}{below}")
    return names


def _notes(header: Header, above: Sequence[Row], below: Row | None) -> tuple[tuple[str, int, str], ...]:
    notes = []
    if above and not (len(above) == 1 and is_separator_line(above[0][1])):
        notes.append(("header_row", header.row, f"열 이름이 {header.row}행에 있어 그 아래부터 읽었습니다."))
    if below and is_units(below[1]):
        notes.append(
            ("units_row", below[0], f"{below[0]}행은 단위나 설명을 적은 행으로 보고 읽지 않았습니다.")
        )
    return tuple(notes)


def is_units(cells: list[str]) -> bool:
    """A line below the names that says what is meant: units, names in brackets or in English; never data."""
    written = [folded(cell) for cell in cells if cell.strip()]
    return bool(written) and all(cell in _UNITS or _IN_BRACKETS.fullmatch(cell) for cell in written)


def is_sum(cells: list[str], header: Header) -> bool:
    """A line that adds the others up: it begins with the word and says nothing of a place or a purpose."""
    written = [(place, folded(cell)) for place, cell in enumerate(cells) if cell.strip()]
    if not written or written[0][1].replace(" ", "").strip(":()") not in _SUMS:
        return False
    named = {header.place(name) for name in ("road_address", "lot_address", "dataset_purpose", "number")}
    return not any(place in named for place, _ in written[1:])


def is_separator_line(cells: list[str]) -> bool:
    return bool(cells) and cells[0].lstrip("\ufeff").lower().startswith("sep=")


def best_separator(rows_by: Callable[[str], Sequence[Row]], separators: Sequence[str]) -> str:
    """The separator under which a row of column names shows itself most fully."""
    return max(
        separators, key=lambda each: max((known_columns(cells) for _, cells in rows_by(each)), default=0)
    )
