"""What changed between two versions of a report, in words."""

from collections.abc import Iterator

from reports import wording
from reports.tabulation import Figures, Kind, Row, Table, Value

# How each way of counting differs from the one before it.
METHODS = {
    4: (
        "세는 방법이 바뀌었습니다: 인력·교육·서약, 회전·확대, 상황의 통보, 사본의 반환·파기는 분기 말까지 적혀 있던 것만 세고, 접속기록의 점검은 분기 중에 만든 "
        "것을 셉니다. 기한이 오지 않았거나 기록이 없는 것은 이행한 것으로 세지 않으며, 파기를 실행하지 않은 때의 지연은 0이 아니라 확인하지 않은 것으로 적습니다."
    ),
    3: (
        "세는 방법이 바뀌었습니다: 지연은 파기할 수 있었던 시간의 합으로 세고, 유예나 늘린 기간은 유효하던 시간만 뺍니다. 청구의 기한은 "
        "통지한 날과 통지를 기록한 때를 모두 봅니다. 기록이 시작되기 전의 일은 기록이 있는 것만 셉니다."
    ),
    2: (
        "세는 방법이 바뀌었습니다: 일일 파기 확인을 적정·부적정·확인 불가·확인 없음의 네 가지로 나누고 대상을 그날의 상태 이력에서 "
        "세며, 지연은 파기할 수 있게 된 때부터 세고, 설치 전의 계획은 설치·운영 현황에서 뺐습니다."
    ),
}
# A reader wants to know what changed, not to read the report twice.
LONGEST = 80


def changes(before: Figures, after: Figures) -> list[str]:
    """One sentence per difference; empty when every figure is the same."""
    sentences = [*_figure_changes(before, after), *_table_changes(before, after)]
    if sentences or before.is_interim != after.is_interim:
        sentences = [*_causes(before, after), *sentences]
    if len(sentences) > LONGEST:
        left_out = len(sentences) - LONGEST
        sentences = [
            *sentences[:LONGEST],
            f"그 밖에 {left_out:,}곳이 달라졌습니다. 수치 파일(figures.json)을 대조하십시오.",
        ]
    return sentences


def _causes(before: Figures, after: Figures) -> Iterator[str]:
    """What makes two versions of one quarter differ, before the differences."""
    counted = (wording.written(version.as_of, "instant") for version in (before, after))
    instants = " → ".join(counted)
    if before.is_interim and not after.is_interim:
        yield "중간 보고에서 기간 전체의 보고로 바뀌었습니다."
    elif before.is_interim:
        yield f"중간 보고의 수치 기준 시각이 바뀌었습니다: {instants}."
    else:
        yield (
            f"‘현재’ 수치는 센 때가 달라 바뀔 수 있습니다: {instants}. 기간에 속하는 수치가 바뀌었다면 이전 판을 낸 뒤에 "
            "그 기간의 날짜로 더해지거나 정정된 기록이 있는 것입니다."
        )
    if before.method != after.method:
        yield METHODS[after.method]


def _figure_changes(before: Figures, after: Figures) -> Iterator[str]:
    earlier = {figure.code: figure for _, figure in before.figures()}
    for section, figure in after.figures():
        old = earlier.pop(figure.code, None)
        if old is None:
            yield f"{section.title} · {figure.label}: 새로 적었습니다 ({wording.written(figure.value, figure.kind, figure.absent)})."
        elif old.value != figure.value:
            yield _sentence(
                f"{section.title} · {figure.label}",
                (old.value, old.absent),
                (figure.value, figure.absent),
                figure.kind,
            )
    for gone in earlier.values():
        yield f"{gone.label}: 더는 적지 않습니다 (이전 {wording.written(gone.value, gone.kind, gone.absent)})."


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
                yield _sentence(
                    label,
                    (old[column.code], column.absent),
                    (row.get(column.code), column.absent),
                    column.kind,
                )
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


def _sentence(label: str, old: tuple[Value, str], new: tuple[Value, str], kind: Kind) -> str:
    """Each value with the word for one that is not there."""
    (before, _), (after, _) = old, new
    difference = ""
    if kind == "count" and isinstance(before, int) and isinstance(after, int):
        difference = f" ({after - before:+,})"
    said = (wording.written(value, kind, absent) for value, absent in (old, new))
    return f"{label}: {' → '.join(said)}{difference}"
