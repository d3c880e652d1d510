"""What changed between two versions of a report, in words."""

from collections.abc import Iterator

from reports import wording
from reports.tabulation import Column, Figures, Row, Table, Value

# A reader wants to know what changed, not to read the report twice.
LONGEST = 80


def changes(before: Figures, after: Figures) -> list[str]:
    """One sentence per difference; empty when every figure is the same."""
    sentences = [*_figure_changes(before, after), *_table_changes(before, after)]
    if len(sentences) > LONGEST:
        left_out = len(sentences) - LONGEST
        sentences = [
            *sentences[:LONGEST],
            f"그 밖에 {left_out:,}곳이 달라졌습니다. 수치 파일(figures.json)을 대조하십시오.",
        ]
    return sentences


def _figure_changes(before: Figures, after: Figures) -> Iterator[str]:
    if before.is_interim and not after.is_interim:
        yield "중간 보고에서 분기 전체의 보고로 바뀌었습니다."
    earlier = {figure.code: figure for _, figure in before.figures()}
    for section, figure in after.figures():
        old = earlier.pop(figure.code, None)
        if old is None:
            yield f"{section.title} · {figure.label}: 새로 적었습니다 ({wording.written(figure.value, figure.kind)})."
        elif old.value != figure.value:
            yield _sentence(
                f"{section.title} · {figure.label}", old.value, figure.value, Column("", "", figure.kind)
            )
    for gone in earlier.values():
        yield f"{gone.label}: 더는 적지 않습니다 (이전 {wording.written(gone.value, gone.kind)})."


def _table_changes(before: Figures, after: Figures) -> Iterator[str]:
    earlier = {table.code: table for _, table in before.tables()}
    for _, table in after.tables():
        old = earlier.get(table.code)
        if old is not None:
            yield from _row_changes(old, table)


def _row_changes(before: Table, after: Table) -> Iterator[str]:
    earlier = {str(row["key"]): row for row in before.rows}
    for row in after.rows:
        old = earlier.pop(str(row["key"]), None)
        if old is None:
            yield f"{after.title} 표에 ‘{_name(after, row)}’ 줄이 더해졌습니다{_content(after, row)}."
            continue
        for column in after.columns[1:]:
            if column.code in old and old[column.code] != row.get(column.code):
                label = f"{after.title} · {_name(after, row)} · {column.label}"
                yield _sentence(label, old[column.code], row.get(column.code), column)
    for row in earlier.values():
        yield f"{after.title} 표에서 ‘{_name(before, row)}’ 줄이 빠졌습니다."


def _name(table: Table, row: Row) -> str:
    return str(row.get(table.columns[0].code) or row["key"])


def _content(table: Table, row: Row) -> str:
    parts = [
        f"{column.label} {wording.written(row.get(column.code), column.kind)}"
        for column in table.columns[1:]
        if row.get(column.code) not in (None, "")
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _sentence(label: str, old: Value, new: Value, column: Column) -> str:
    kind = column.kind
    difference = ""
    if kind == "count" and isinstance(old, int) and isinstance(new, int):
        difference = f" ({new - old:+,})"
    return f"{label}: {wording.written(old, kind)} → {wording.written(new, kind)}{difference}"
