"""What the records tell of a year, for each yearly paper: a chapter like those of the report, with sources and articles."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, QuerySet

from cameras.enums import ConsultationMethod, InstallPurpose
from cameras.models import Camera, Opinion, PublicConsultation
from committee import membership
from committee.models import Meeting, Resolution, ResolutionCondition
from records.models import HandOver, Incident, Provision, ViewingRequest
from reports.figures.context import Reach
from reports.figures.procedures import COMMITTEE_SOURCE, CONSULTATION_SOURCE
from reports.models import YearlyKind
from reports.period import Period
from reports.tabulation import Column, Row, Section, Table, where_known

COMMITTEE_ORDINANCE = "각종 위원회 구성 및 운영에 관한 조례"


def section(kind: str, year: int, now: dt.datetime) -> Section:
    """The chapter of that paper, of what is on record now. `KeyError` for a kind that there is not."""
    return MAKERS[kind](Reach(Period(year), now))


def _evaluation(reach: Reach) -> Section:
    return _of_the_committee(
        reach,
        "evaluation",
        "운영위원회의 연간 평가",
        "위원회를 계속 둘 까닭이 있는지 살피기 위하여 한 해의 구성과 회의, 의결과 그 이행을 적었습니다.",
        f"{COMMITTEE_ORDINANCE} 제8조·제21조",
    )


def _council(reach: Reach) -> Section:
    return _of_the_committee(
        reach,
        "council",
        "운영위원회 운영의 의회 보고",
        "구의회에 보고할 한 해의 위원회 구성, 회의와 의결입니다.",
        f"{COMMITTEE_ORDINANCE} 제19조",
    )


def _of_the_committee(reach: Reach, code: str, title: str, lead: str, article: str) -> Section:
    meetings = Meeting.objects.filter(
        cancelled_on=None, enrolled__isnull=False, on__gte=reach.period.from_on, on__lte=reach.last_on
    )
    resolutions = Resolution.objects.standing().filter(on__gte=reach.period.from_on, on__lte=reach.last_on)
    conditions = ResolutionCondition.objects.filter(resolution__in=resolutions.passed())
    members = membership.composition(reach.last_on)
    is_known = reach.is_recorded or meetings.exists()
    rows = [
        _row("members", "위원 (그해의 마지막 날)", len(members) or None, "명"),
        _row("meetings", "연 회의와 서면심의", meetings.count(), "회"),
        _row("resolutions", "의결", resolutions.count(), "건"),
        _row("carried", "그 가운데 가결", resolutions.passed().count(), "건"),
        _row("conditions", "가결에 붙은 조건", conditions.count(), "건"),
        _row(
            "fulfilled",
            "그 가운데 이행한 것",
            conditions.filter(fulfilled_on__lte=reach.last_on).count(),
            "건",
        ),
        _row(
            "minutes",
            "회의록을 공개한 회의",
            meetings.filter(minutes__published_at__isnull=False).count(),
            "회",
        ),
    ]
    functions = Counter(one.get_function_no_display() for one in resolutions)
    tables = _where_known(
        is_known,
        [
            _figures(code, "위원회의 구성과 운영", rows, COMMITTEE_SOURCE, article),
            Table(
                f"{code}_functions",
                "심의 사항별 의결",
                [Column("label", "심의 사항", width=80), Column("value", "의결", "count", 20)],
                [{"key": name, "label": name, "value": count} for name, count in sorted(functions.items())],
                COMMITTEE_SOURCE,
                "조례 제28조",
                empty="그해에 의결한 것이 없습니다.",
            ),
            Table(
                f"{code}_resolutions",
                "의결",
                [
                    Column("label", "의결번호", width=16),
                    Column("on", "의결일", "date", 18),
                    Column("title", "안건", width=46),
                    Column("outcome", "결과", width=20),
                ],
                [
                    {
                        "key": one.number,
                        "label": one.number,
                        "on": one.on.isoformat(),
                        "title": one.title,
                        "outcome": str(one.get_outcome_display()),
                    }
                    for one in resolutions.order_by("on", "pk")
                ],
                COMMITTEE_SOURCE,
                "조례 제29조",
                empty="그해에 의결한 것이 없습니다.",
            ),
        ],
    )
    return Section(code, title, lead, tables=tables, source=COMMITTEE_SOURCE, article=article)


def _notices(reach: Reach) -> Section:
    """Administrative notices of this office's consultations; those of other businesses are not on record here."""
    article = "행정절차법 제46조의2"
    noticed = _within(PublicConsultation.objects.all(), "published_at", reach).filter(
        method=ConsultationMethod.ADMINISTRATIVE_NOTICE
    )
    opinions = Opinion.objects.filter(consultation__in=noticed)
    rows = [
        _row("notices", "실시한 행정예고", noticed.count(), "건"),
        _row(
            "shortened", "그 가운데 긴급하여 기간을 줄인 것", noticed.exclude(urgency_reason="").count(), "건"
        ),
        _row(
            "with_opinions",
            "그 가운데 의견이 들어온 것",
            noticed.filter(opinions__isnull=False).distinct().count(),
            "건",
        ),
        _row("opinions", "들어온 의견", opinions.count(), "건"),
        _row("results", "결과를 공고한 것", noticed.filter(result_published_at__isnull=False).count(), "건"),
    ]
    is_known = reach.is_recorded or noticed.exists()
    return Section(
        "notices",
        "행정예고 통계",
        "영상정보처리기기의 설치에 관하여 한 해 동안 실시한 행정예고의 통계입니다. 다른 업무의 행정예고는 여기에 들어 있지 않습니다.",
        tables=_where_known(is_known, [_figures("notices", "행정예고", rows, CONSULTATION_SOURCE, article)]),
        source=CONSULTATION_SOURCE,
        article=article,
    )


def _impact(reach: Reach) -> Section:
    """Per purpose: how many cameras, what they were used for, what changed. A case that names several counts in each."""
    columns: tuple[tuple[str, str, Mapping[str, int]], ...] = (
        ("cameras", "운영·중지", _by_purpose(Camera.objects.in_service())),
        ("installed", "설치", _by_purpose(Camera.objects.installed_in(reach.period.year))),
        ("removed", "철거", _by_purpose(Camera.objects.filter(removed_on__year=reach.period.year))),
        (
            "requests",
            "청구",
            _cases(_within(ViewingRequest.objects.all(), "received_at", reach), "cameras__camera__"),
        ),
        (
            "provisions",
            "제공",
            _cases(
                Provision.objects.filter(
                    pk__in=_within(HandOver.objects.all(), "at", reach).values("provision")
                ),
                "cameras__camera__",
            ),
        ),
        ("incidents", "상황", _cases(_within(Incident.objects.all(), "noticed_at", reach), "camera__")),
    )
    rows: list[Row] = [
        {
            "key": purpose.value,
            "label": str(purpose.label),
            **{code: found.get(purpose.value, 0) for code, _, found in columns},
        }
        for purpose in InstallPurpose
    ]
    table = Table(
        "impact",
        "설치목적별 카메라와 쓰임",
        [
            Column("label", "설치목적", width=34),
            *(Column(code, label, "count", 11) for code, label, _ in columns),
        ],
        rows,
        "카메라 대장, 열람등 청구·이용·제공·상황 기록",
        "조례 제6조, 표준지침 제48조",
        note="청구·제공·상황은 그 카메라가 든 사건의 수이며, 여러 목적의 카메라가 든 사건은 목적마다 셉니다. 카메라 수는 정리한 날의 것입니다.",
    )
    return Section(
        "impact",
        "설치목적별 영향 요약",
        "목적마다 카메라가 몇 대이고 한 해 동안 무엇에 쓰였으며 무엇이 달라졌는지 적었습니다.",
        tables=_where_known(reach.is_recorded, [table]),
        source=table.source,
        article=table.article,
    )


def _where_known(is_known: bool, tables: list[Table]) -> list[Table]:
    """Of a year from before the records a zero would say what nobody knows."""
    if not is_known:
        for table in tables:
            table.rows = []
    return where_known(is_known, tables)


def _row(key: str, label: str, value: int | None, unit: str) -> Row:
    return {"key": key, "label": f"{label} ({unit})", "value": value}


def _figures(code: str, title: str, rows: list[Row], source: str, article: str) -> Table:
    columns = [Column("label", "항목", width=75), Column("value", "수", "count", 25, "기록 없음")]
    return Table(code, title, columns, rows, source, article)


def _within(rows: "QuerySet[Any]", field: str, reach: Reach) -> "QuerySet[Any]":
    return rows.filter(**{f"{field}__gte": reach.period.from_at, f"{field}__lt": reach.until_at})


def _by_purpose(cameras: "QuerySet[Any]") -> dict[str, int]:
    counted = cameras.order_by().values_list("install_purpose").annotate(found=Count("pk"))
    return dict(counted)


def _cases(rows: "QuerySet[Any]", path: str) -> dict[str, int]:
    counted = rows.order_by().values_list(f"{path}install_purpose").annotate(found=Count("pk", distinct=True))
    return {str(purpose): found for purpose, found in counted if purpose}


MAKERS: Mapping[str, Callable[[Reach], Section]] = {
    YearlyKind.EVALUATION: _evaluation,
    YearlyKind.COUNCIL: _council,
    YearlyKind.NOTICES: _notices,
    YearlyKind.IMPACT: _impact,
}
