"""What the report does not say, article by article: a silence that looks like compliance is worse than a gap.

Nothing here is a list of what the program can do. Whether an article is told follows from the chapters that this very
report holds. What is recorded and told nowhere is found by looking: every kind of record of the office's apps whose table
no chapter read while it was counted.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from django.apps import apps
from django.db.models import Count, TextField, Value

from ordinance import articles, unruled
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table

COVERED, NOT_YET, NO_FIGURES = "다룸", "다루지 않음", "수치 없음"
# The apps in which the office keeps what it did: the others hold law, pages, accounts, the record itself.
OFFICE_APPS = ("cameras", "footage", "records", "committee", "linkage", "casework")
_TABLE = re.compile(r'(?:FROM|JOIN) "([a-z0-9_]+)"')
# A provision with the name of its law, where that is said anew, and where it reaches to: 조례 제17조부터 제19조까지.
_PROVISION = re.compile(r"(?:([가-힣][가-힣 ]*?)\s+)?제([0-9]+)조(?:부터\s+제([0-9]+)조까지)?")
ORDINANCE = "조례"
# What each of these says of articles stands in its rows: their own citation names the whole ordinance.
BY_ROW = frozenset({"duties", "duties_not_judged", "exceptions", "by_article", "uncounted"})


def cited(provisions: str) -> set[int]:
    """The articles of the ordinance in a citation; a provision without a law is of the one before it."""
    found: set[int] = set()
    law = ORDINANCE
    for named, first, last in _PROVISION.findall(provisions):
        law = named or law
        if law == ORDINANCE:
            found.update(range(int(first), int(last or first) + 1))
    return found


class TablesRead:
    """Which tables are read while it is in place, by looking at every query."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.names.update(_TABLE.findall(sql))
        return execute(sql, params, many, context)


def section(reach: Reach, others: Sequence[Section], read: AbstractSet[str]) -> Section:
    """After all other chapters: it tells what they tell. `read`: the tables that they read."""
    chapters, judged = _chapters(others), _duties(others)
    reasons = unruled.reasons()
    rows: list[Row] = [
        _row(
            article.number,
            article.title,
            chapters.get(article.number, []),
            judged.get(article.number, []),
            reasons.get(article.number),
        )
        for article in articles.current(on=reach.today)
    ]
    silent = [row for row in rows if row["state"] == NOT_YET]
    return Section(
        code="coverage",
        title="이 보고서가 다루지 않는 사항",
        lead=(
            f"‘{NOT_YET}’으로 적은 조문은 이 보고서에 수치가 없습니다. 수치가 없다는 것이 해당 의무를 이행하였다는 뜻은 "
            "아닙니다. 기록은 있으나 어느 장에도 세지 않은 것은 그 건수를 따로 적었습니다."
        ),
        figures=[Figure("articles_silent", "다루지 않는 조문", len(silent))],
        tables=[
            Table(
                code="by_article",
                title="조례 조문별 보고 범위",
                columns=[
                    Column("label", "조문", width=32),
                    Column("state", "보고 여부", width=15),
                    Column("chapters", "장", width=17),
                    Column("what", "점검한 의무, 또는 수치가 없는 까닭", width=36),
                ],
                rows=rows,
                source="조례 조문 목록, 이 보고서의 장, 발행 시점의 기록",
                article="조례 제1조부터 제31조까지",
                empty="조례 조문이 등록되어 있지 않습니다.",
            ),
            _uncounted(read),
        ],
        source="조례 조문 목록, 이 보고서의 장, 발행 시점의 기록",
        article="조례 제1조부터 제31조까지",
    )


def _chapters(others: Sequence[Section]) -> dict[int, list[int]]:
    """Of each article, the numbers of the chapters that cite it as what they tell of."""
    found: dict[int, set[int]] = {}
    for place, chapter in enumerate(others, start=1):
        sources = [table.article for table in chapter.tables if table.code not in BY_ROW]
        if chapter.code not in BY_ROW:
            sources.append(chapter.article)
        for article in set().union(*map(cited, sources), _duties([chapter])):
            found.setdefault(article, set()).add(place)
    return {article: sorted(places) for article, places in found.items()}


def _duties(others: Sequence[Section]) -> dict[int, list[str]]:
    """Of each article, the duties whose figures the report prints."""
    found: dict[int, list[str]] = {}
    for chapter in others:
        for table in chapter.tables:
            if table.code != "duties":
                continue
            for row in table.rows:
                for article in cited(f"{ORDINANCE} {row['article']}" if row["article"] else ""):
                    found.setdefault(article, []).append(str(row["label"]))
    return found


def _row(
    number: int,
    title: str,
    chapters: Sequence[int],
    judged: Sequence[str],
    reason: unruled.Unruled | None,
) -> Row:
    has_none = reason is not None and reason.kind != unruled.Kind.ACT
    state = COVERED if chapters else NO_FIGURES if has_none else NOT_YET
    return {
        "key": str(number),
        "label": f"제{number}조({title})",
        "state": state,
        "chapters": ", ".join(f"{chapter}장" for chapter in chapters) or None,
        "what": ", ".join(judged) or (reason.reason if reason and not chapters else None),
    }


def _uncounted(read: AbstractSet[str]) -> Table:
    """Whatever the office records that no chapter counts: found by looking, so that nothing can be forgotten."""
    untold = [
        (config, model)
        for config in map(apps.get_app_config, OFFICE_APPS)
        for model in config.get_models()
        # A model's history is no record of its own; what is related through a table of ours is.
        if not hasattr(model, "history_type") and read.isdisjoint(_tables_of(model))
    ]
    entries = _counts([model for _, model in untold])
    kinds: dict[str, list[tuple[str, int]]] = {}
    for config, model in untold:
        if found := entries[model._meta.label]:
            kinds.setdefault(str(config.verbose_name), []).append((str(model._meta.verbose_name), found))
    rows: list[Row] = [
        {
            "key": app,
            "label": app,
            "kinds": ", ".join(f"{name} {found:,}" for name, found in sorted(named)),
            "entries": sum(found for _, found in named),
        }
        for app, named in kinds.items()
    ]
    return Table(
        code="uncounted",
        title="기록은 있으나 이 보고서에 싣지 않은 것",
        columns=[
            Column("label", "업무", width=16),
            Column("kinds", "기록의 종류와 건수 (누계)", width=68),
            Column("entries", "모두", "count", 16),
        ],
        rows=rows,
        source="발행 시점의 기록",
        article="조례 제15조부터 제30조까지",
        note="이 보고서의 수치를 세는 동안 어느 장도 읽지 않은 기록의 종류를 모두 찾은 것입니다.",
        empty="이 보고서의 장이 읽지 않은 종류의 기록은 없습니다.",
    )


def _tables_of(model: Any) -> set[str]:
    """Its own, and that of its history, from which the past is told."""
    history = getattr(model, "history", None)
    return {model._meta.db_table} | ({history.model._meta.db_table} if history is not None else set())


def _counts(models: Sequence[Any]) -> dict[str, int]:
    """How many rows each has, by its label. One query for all: another kind of record is no other query."""
    if not models:
        return {}
    first, *others = [
        model._default_manager.order_by()
        .values(counted_model=Value(model._meta.label, TextField()))
        .annotate(counted_rows=Count("*"))
        .values_list("counted_model", "counted_rows")
        for model in models
    ]
    return dict(first.union(*others, all=True))
