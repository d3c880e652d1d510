"""이용·제공과 재생: what went to whom on which ground, what came back, and who looked at footage for which matter."""

import pandas as pd
from django.db.models import Q, QuerySet

from records.look_enums import LookCase, LookStep
from records.models import FootageLook, HandOver, Provision
from reports.figures.context import Reach, frame
from reports.tabulation import Column, Figure, Row, Section, Table, where_known, where_recorded

SOURCE, LOOK_SOURCE = "이용·제공 기록", "영상 재생 기록"
ARTICLE, LOOK_ARTICLE = "조례 제21조, 제24조제3항", "조례 제23조제2항"
NO_GROUND = "근거를 정하기 전"


def section(reach: Reach) -> Section:
    received = Provision.objects.filter(
        received_at__gte=reach.period.from_at, received_at__lt=reach.until_at
    ).order_by()
    given = frame(
        HandOver.objects.filter(at__gte=reach.period.from_at, at__lt=reach.until_at).order_by("at", "pk"),
        {
            "provision__number": "provision",
            "provision__ground__title": "ground",
            "provision__unit__agency__name": "agency",
            "is_masked": "masked",
        },
    )
    looks = frame(_looks(reach), {"step": "step", "case_kind": "kind", "hold__case_reference": "reference"})
    with_matter = looks[(looks["kind"] != LookCase.HOLD) | (looks["reference"].fillna("") != "")]
    is_known = reach.is_recorded or received.exists() or bool(len(given) + len(looks))
    return Section(
        code="uses",
        title="영상의 이용·제공과 재생",
        lead=(
            "분기 중에 기관과 부서가 청한 것, 내보낸 것, 돌려받거나 파기를 확인할 때가 지난 사본과 이 시스템에서 재생한 것입니다. "
            "녹화기에서 바로 재생한 것은 접속기록의 점검에서 봅니다."
        ),
        figures=where_recorded(
            is_known,
            [
                Figure("provisions_received", "접수한 이용·제공 요청", received.count(), is_flow=True),
                Figure("handed_over", "내보내거나 보인 것", len(given), is_flow=True),
                Figure(
                    "copies_overdue",
                    "반환·파기를 확인하지 못하고 기한이 지난 사본",
                    _overdue(reach).count(),
                    is_flow=True,
                    is_shortfall=True,
                ),
                Figure("copies_out", "기관이 가지고 있는 사본", _outside(reach).count(), is_flow=True),
                Figure("looks", "이 시스템에서 영상을 재생한 것", len(looks), is_flow=True),
                Figure("looks_with_matter", "사건이 있는 재생", len(with_matter), is_flow=True),
                Figure(
                    "looks_without_matter",
                    "사건 번호 없이 재생한 것",
                    len(looks) - len(with_matter),
                    is_flow=True,
                    is_shortfall=True,
                ),
            ],
        ),
        tables=where_known(is_known, [_by_ground(given), _by_step(looks)]),
        source=f"{SOURCE}; {LOOK_SOURCE}",
        article=f"{ARTICLE}, 제23조제2항",
    )


def _looks(reach: Reach) -> QuerySet[FootageLook]:
    return FootageLook.objects.filter(
        granted_at__gte=reach.period.from_at, granted_at__lt=reach.until_at
    ).order_by("granted_at", "pk")


def _outside(reach: Reach) -> QuerySet[HandOver]:
    """Copies that left, of which nobody had confirmed the end by then."""
    # Confirmed is what was written down by then: an end that is entered later makes no earlier quarter whole.
    ended = Q(ending__isnull=True) | Q(ending__recorded_at__gte=reach.until_at)
    return HandOver.objects.filter(ended, end_due_on__isnull=False, at__lt=reach.until_at)


def _overdue(reach: Reach) -> QuerySet[HandOver]:
    return _outside(reach).filter(end_due_on__lt=reach.last_on)


def _by_ground(given: pd.DataFrame) -> Table:
    named = given.assign(ground=given["ground"].fillna(NO_GROUND), agency=given["agency"].fillna("구의 부서"))
    rows: list[Row] = [
        {
            "key": f"{ground}:{agency}",
            "label": str(ground),
            "agency": str(agency),
            "given": len(found),
            "masked": int(found["masked"].astype(bool).sum()),
        }
        for (ground, agency), found in named.groupby(["ground", "agency"], sort=True)
    ]
    return Table(
        code="given_by_ground",
        title="근거와 기관별로 내보낸 것",
        columns=[
            Column("label", "근거", width=46),
            Column("agency", "받은 곳", width=26),
            Column("given", "내보낸 것", "count", 14),
            Column("masked", "가린 것", "count", 14),
        ],
        rows=rows,
        source=SOURCE,
        article=ARTICLE,
        empty="분기 중에 내보낸 영상이 없습니다.",
    )


def _by_step(looks: pd.DataFrame) -> Table:
    rows: list[Row] = [
        {"key": step.value, "label": str(step.label), "looks": int((looks["step"] == step.value).sum())}
        for step in LookStep
        if len(looks)
    ]
    return Table(
        code="looks_by_step",
        title="재생한 까닭",
        columns=[Column("label", "하는 일", width=70), Column("looks", "재생", "count", 30)],
        rows=rows,
        source=LOOK_SOURCE,
        article=LOOK_ARTICLE,
        empty="분기 중에 이 시스템에서 재생한 영상이 없습니다.",
    )
