"""What the report does not say, article by article: a silence that looks like compliance is worse than a gap.

Nothing here is a list of what the program can do. Whether an article is told follows from the chapters that this very
report holds. What is recorded and told nowhere is found by looking: every kind of record of the office's apps whose table
no chapter read while it was counted.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, TextField, Value

from ordinance import articles
from reports.figures.context import Reach
from reports.tabulation import Column, Figure, Row, Section, Table

COVERED, PARTLY, NOT_YET, NO_FIGURES = "다룸", "일부 다룸", "다루지 않음", "수치 없음"
# The apps in which the office keeps what it did: the others hold law, pages, accounts, the record itself.
OFFICE_APPS = ("cameras", "footage", "records", "committee", "linkage", "casework")
_TABLE = re.compile(r'(?:FROM|JOIN) "([a-z0-9_]+)"')


@dataclass(frozen=True)
class Told:
    """Which chapters tell of an article, and what they leave out."""

    chapters: tuple[str, ...] = ()
    missing: str = ""
    # An article of aims, definitions or empowerment has nothing to count.
    has_figures: bool = True


BY_ARTICLE: dict[int, Told] = {
    1: Told(has_figures=False, missing="목적 조항"),
    2: Told(has_figures=False, missing="정의 조항"),
    3: Told(has_figures=False, missing="적용범위 조항"),
    4: Told(("register", "duties"), "전담부서의 업무 실적은 없음"),
    5: Told(("register", "duties"), "설치기준 점검표의 항목별 결과는 없음"),
    6: Told(("register", "changes")),
    7: Told(("consultations", "duties"), "협의의 내용은 없음"),
    8: Told(("consultations", "duties"), "의견의 내용과 생략 사유는 없음"),
    9: Told(("duties", "requests"), "안내판 점검의 내용은 없음"),
    10: Told(("register", "duties", "people"), "카메라마다의 조작 기록은 없음"),
    11: Told(("duties",), "위탁 계약의 내용은 없음"),
    12: Told(has_figures=False, missing="통합관제센터 구축 조항"),
    13: Told(("register", "duties"), "연계 제외의 협의 경위는 없음"),
    14: Told(("duties",), "협의의 내용은 없음"),
    15: Told(missing="유관기관 연계서비스의 이용"),
    16: Told(missing="통합관제센터의 상시 운영(근무 편성)"),
    17: Told(("people",), "사람마다의 자격은 없음"),
    18: Told(("people",), "관제 전담요원의 근무 편성은 없음"),
    19: Told(("people",), "출입한 사람과 목적은 없음"),
    20: Told(missing="특정인 추적 요청과 처리"),
    21: Told(("uses",), "승인의 경위와 거절한 요청은 없음"),
    22: Told(("requests",), "거절한 사유별 건수와 이의신청은 없음"),
    23: Told(("uses", "evidence", "people"), "접근권한을 가진 사람의 명단은 없음"),
    24: Told(
        ("footage_found", "destruction", "holds", "strays", "uses", "evidence", "confirmations"),
        "정보주체 통지는 없음",
    ),
    25: Told(("people",)),
    26: Told(missing="위원회 구성과 위원"),
    27: Told(missing="위원의 임기와 해촉"),
    28: Told(("committee", "duties")),
    29: Told(("committee",), "회의록과 그 공개는 없음"),
    30: Told(missing="수당·여비 지급"),
    31: Told(has_figures=False, missing="시행규칙 위임 조항"),
}


class TablesRead:
    """Which tables are read while it is in place, by looking at every query."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.names.update(_TABLE.findall(sql))
        return execute(sql, params, many, context)


def section(reach: Reach, others: Sequence[Section], read: AbstractSet[str]) -> Section:
    """After all other chapters: it tells what they tell. `read`: the tables that they read."""
    numbers = {one.code: place for place, one in enumerate(others, start=1)}
    rows: list[Row] = [
        _row(article.number, article.title, numbers) for article in articles.current(on=reach.today)
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
                    Column("state", "보고 여부", width=17),
                    Column("chapters", "장", width=15),
                    Column("what", "싣지 않은 것", width=36),
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


def _row(number: int, title: str, numbers: dict[str, int]) -> Row:
    told = BY_ARTICLE.get(number, Told(missing="이 조문에 관한 내용"))
    chapters = sorted(numbers[code] for code in told.chapters if code in numbers)
    return {
        "key": str(number),
        "label": f"제{number}조({title})",
        "state": _state(told, chapters),
        "chapters": ", ".join(f"{chapter}장" for chapter in chapters) or None,
        "what": told.missing or None,
    }


def _state(told: Told, chapters: Sequence[int]) -> str:
    if not told.has_figures:
        return NO_FIGURES
    if chapters:
        return PARTLY if told.missing else COVERED
    return NOT_YET


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
    rows: list[Row] = [
        {
            "key": model._meta.label,
            "label": str(model._meta.verbose_name),
            "app": str(config.verbose_name),
            "entries": entries[model._meta.label],
        }
        for config, model in untold
        if entries[model._meta.label]
    ]
    return Table(
        code="uncounted",
        title="기록은 있으나 이 보고서에 싣지 않은 것",
        columns=[
            Column("label", "기록"),
            Column("app", "업무", width=30),
            Column("entries", "건수 (누계)", "count", 22),
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
