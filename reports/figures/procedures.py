"""설치 절차와 의견수렴, 운영위원회: what was consulted on, deliberated and resolved in a quarter."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from cameras.consultation import phase
from cameras.models import Opinion, PriorConsultation, PublicConsultation
from committee.models import AllowanceLine, AllowanceSheet, Meeting, Minutes, Resolution, Term
from reports.figures.context import Reach
from reports.tabulation import (
    NOT_RECORDED,
    Column,
    Figure,
    Row,
    Section,
    Table,
    shorten,
    where_known,
    where_recorded,
)

CONSULTATION_SOURCE = "사전협의·의견수렴 기록"
COMMITTEE_SOURCE = "운영위원회 회의·의결 기록"


def consultations(reach: Reach) -> Section:
    asked = _within(PriorConsultation.objects.all(), "asked_at", reach)
    replied = _within(PriorConsultation.objects.all(), "replied_at", reach)
    published = _within(PublicConsultation.objects.all(), "published_at", reach)
    results = _within(PublicConsultation.objects.all(), "result_published_at", reach)
    began = PublicConsultation.objects.filter(published_at__lt=reach.until_at)
    waiting = phase.in_phase(phase.Phase.CLOSED, reach.until_at)
    opinions = _within(Opinion.objects.all(), "received_at", reach)
    is_public_known = reach.is_recorded or began.exists()
    return Section(
        code="consultations",
        title="사전협의와 의견수렴",
        lead="분기 중의 사전협의와, 주민의 의견을 들은 절차입니다. 의견을 낸 사람은 적지 않습니다.",
        figures=[
            *where_recorded(
                reach.is_recorded or asked.exists() or replied.exists(),
                [
                    Figure("prior_asked", "요청받은 사전협의", asked.count(), is_flow=True),
                    Figure("prior_replied", "회신한 사전협의", replied.count(), is_flow=True),
                ],
            ),
            *where_recorded(
                is_public_known,
                [
                    Figure(
                        "consultations_published", "분기 중 공고한 의견수렴", published.count(), is_flow=True
                    ),
                    Figure("opinions_received", "분기 중 접수한 의견", opinions.count(), is_flow=True),
                    Figure("consultation_results", "결과를 공고한 의견수렴", results.count(), is_flow=True),
                    Figure(
                        "consultations_without_result",
                        "마감되었으나 결과를 공고하지 않은 의견수렴",
                        waiting.count(),
                        is_flow=True,
                        is_shortfall=True,
                    ),
                ],
            ),
        ],
        tables=where_known(is_public_known, [_consultations(reach)]),
        notes=_recorded_later(reach, is_public_known or asked.exists()),
        source=CONSULTATION_SOURCE,
        article="조례 제7조·제8조",
    )


def _recorded_later(reach: Reach, is_known: bool) -> list[str]:
    """A quarter from before the register began holds what was entered of it afterwards, and perhaps not all."""
    if reach.is_recorded or not is_known:
        return []
    return [
        "이 분기는 대장의 기록을 시작하기 전이어서, 뒤에 이 분기의 날짜로 등록한 기록만 세었습니다. 등록하지 않은 것이 더 있을 수 있습니다."
    ]


def _within(rows: "QuerySet[Any]", field: str, reach: Reach) -> "QuerySet[Any]":
    return rows.filter(**{f"{field}__gte": reach.period.from_at, f"{field}__lt": reach.until_at})


def _consultations(reach: Reach) -> Table:
    """Whatever ran during the quarter, was closed or answered in it."""
    ran = (
        PublicConsultation.objects.filter(published_at__lt=reach.until_at)
        .annotate(ended_at=Coalesce("closed_early_at", "closes_at"))
        .filter(Q(ended_at__gte=reach.period.from_at) | Q(result_published_at__gte=reach.period.from_at))
    )
    counted = ran.annotate(
        heard=Count("opinions", filter=Q(opinions__received_at__lt=reach.until_at)),
    )
    rows: list[Row] = [
        {
            "key": one.number,
            "number": one.number,
            "title": one.title,
            "opens_at": one.opens_at.isoformat(),
            "closes_at": _last_moment(one).isoformat(),
            "opinions": one.heard,
            "result_at": one.result_published_at.isoformat()
            if one.result_published_at and one.result_published_at < reach.until_at
            else None,
        }
        for one in counted.order_by("opens_at", "pk")
    ]
    return shorten(
        Table(
            code="consultations",
            title="의견수렴",
            columns=[
                Column("number", "공고번호", width=14),
                Column("title", "제목", width=32),
                Column("opens_at", "시작", "instant", 14),
                Column("closes_at", "마감", "instant", 14),
                Column("opinions", "의견", "count", 9),
                Column("result_at", "결과 공고", "instant", 17, "공고하지 않음"),
            ],
            rows=rows,
            source=CONSULTATION_SOURCE,
            article="조례 제8조",
            note="이 표의 의견은 공고한 때부터 셉니다. 분기 중에 접수한 의견만 세는 위의 수치와 다를 수 있습니다. 원장의 ‘의견수렴 공고’는 공고한 뒤의 정정 공고도 한 건으로 적습니다.",
            empty="분기 중에 진행하거나 결과를 공고한 의견수렴이 없습니다.",
        )
    )


def committee(reach: Reach) -> Section:
    days = {"on__gte": reach.period.from_on, "on__lte": reach.last_on}
    meetings = Meeting.objects.filter(**days)
    resolutions = Resolution.objects.filter(**days)
    # Their minutes carry their own date: what is on record is known, whenever the register began.
    is_known = reach.is_recorded or meetings.exists() or resolutions.exists()
    return Section(
        code="committee",
        title="운영위원회의 회의와 의결",
        lead="분기 중에 열린 운영위원회와 그 의결입니다. 정정된 의결은 정정하는 의결과 함께 적습니다.",
        figures=where_recorded(
            is_known,
            [
                Figure("members", f"임기 중인 위원 ({reach.end})", _members(reach), is_flow=True),
                Figure("meetings", "회의 (서면심의 포함)", meetings.count(), is_flow=True),
                Figure("resolutions", "의결", resolutions.count(), is_flow=True),
                Figure(
                    "resolutions_conditional",
                    "조건이 붙은 의결",
                    resolutions.exclude(conditions="").count(),
                    is_flow=True,
                ),
                *_papers_of_meetings(reach),
            ],
        ),
        tables=where_known(is_known, [_meetings(meetings), _resolutions(resolutions)]),
        notes=_recorded_later(reach, is_known),
        source=COMMITTEE_SOURCE,
        article="조례 제26조부터 제30조까지",
    )


def _members(reach: Reach) -> int | None:
    """As it was known then; a district of which no member is on record may have its committee on paper."""
    terms = reach.as_known(Term).filter(from_on__lte=reach.last_on)
    seated = terms.filter(Q(until_on__isnull=True) | Q(until_on__gte=reach.last_on))
    return seated.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=reach.last_on)).count() or None


def _papers_of_meetings(reach: Reach) -> list[Figure]:
    """What follows a meeting, by the day on which it was done."""
    published = _within(Minutes.objects.defer("contents"), "published_at", reach)
    paid = AllowanceSheet.objects.filter(paid_on__gte=reach.period.from_on, paid_on__lte=reach.last_on)
    lines = AllowanceLine.objects.filter(sheet__in=paid)
    return [
        Figure("minutes_published", "공개한 회의록", published.count(), is_flow=True),
        Figure("allowances_paid", "수당을 지급한 회의", paid.count(), is_flow=True),
        Figure("allowance_lines", "수당을 받은 위원 (회의마다 셈)", lines.count(), is_flow=True),
    ]


def _meetings(meetings: "QuerySet[Meeting]") -> Table:
    rows: list[Row] = [
        {
            "key": one.number,
            "number": one.number,
            "on": one.on.isoformat(),
            "kind": one.get_kind_display(),
            "enrolled": one.enrolled,
            "present": one.present,
            "resolutions": one.decided,
        }
        for one in meetings.annotate(decided=Count("resolutions")).order_by("on", "pk")
    ]
    return Table(
        code="meetings",
        title="회의",
        columns=[
            Column("number", "회의번호"),
            Column("on", "개최일", "date"),
            Column("kind", "개최 방법"),
            Column("enrolled", "재적위원", "count", absent=NOT_RECORDED),
            Column("present", "출석위원", "count", absent=NOT_RECORDED),
            Column("resolutions", "의결", "count"),
        ],
        rows=rows,
        source=COMMITTEE_SOURCE,
        article="조례 제29조",
        empty="분기 중에 열린 회의의 기록이 없습니다.",
    )


def _resolutions(resolutions: "QuerySet[Resolution]") -> Table:
    rows: list[Row] = [
        {
            "key": one.number,
            "number": one.number,
            "on": one.on.isoformat(),
            "function": one.get_function_no_display(),
            "title": one.title,
            "outcome": one.get_outcome_display() + (" (정정됨)" if one.is_corrected else ""),
            "conditions": one.conditions or None,
        }
        for one in resolutions.select_related("correction").order_by("on", "pk")
    ]
    return shorten(
        Table(
            code="resolutions",
            title="의결",
            columns=[
                Column("number", "의결번호", width=11),
                Column("on", "의결일", "date", 12),
                Column("function", "심의 사항", width=19),
                Column("title", "안건", width=25),
                Column("outcome", "결과", width=12),
                Column("conditions", "조건", width=21, absent="없음"),
            ],
            rows=rows,
            source=COMMITTEE_SOURCE,
            article="조례 제28조",
            empty="분기 중의 의결이 없습니다.",
        )
    )


def _last_moment(one: PublicConsultation) -> datetime:
    """Until when an opinion was taken: a period that ends with a day ends in its last second, and not on the next day."""
    return one.closed_early_at or phase.ended_at(one) - timedelta(seconds=1)
