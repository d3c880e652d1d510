"""인력과 접속기록: who is taught and sworn in, who entered, who may look, what looks are explained by, how fast was told.

Nothing here names a person or an account. A share stands beside the number of which it is one. Nobody is judged
untaught where no list of staff was kept, nor is a month without a review of the log one without questions. Everything is
counted as it was on record when the quarter ended: what somebody wrote down later, with whatever day, is told in a note.
"""

from collections import Counter
from datetime import datetime, timedelta

import pandas as pd
from django.db.models import F, Q, QuerySet

from cameras.models import EntrustmentContract
from casework import shares
from ledger.models import Entry
from ordinance import parameters
from records.access_log import monthly
from records.access_log.rules import catalogue
from records.competence import standing
from records.competence_enums import PermissionEvent
from records.models import (
    AccessFinding,
    AccessReview,
    Act,
    CameraPermissionMove,
    CameraTurn,
    GateLift,
    Incident,
    Judgement,
    Pledge,
    StaffKind,
    StaffMember,
    Training,
    Visit,
)
from records.people import kinds as kinds_of_people
from records.people import turns
from records.people.incident_rules import LIMIT
from reports.figures.context import Reach, frame
from reports.tabulation import (
    NOT_APPLICABLE,
    NOT_RECORDED,
    Column,
    Figure,
    Row,
    Section,
    Table,
    where_known,
    where_recorded,
)

STAFF, VISITS, PERMISSIONS = "인력·교육·서약 기록", "통제구역 출입 기록", "카메라 접근권한 기록"
LOG, INCIDENTS, TURNS = "접속기록의 월간 점검", "관제 상황 기록", "회전·확대 기록"


def section(reach: Reach) -> Section:
    kinds = _kinds(reach)
    reviews = _reviews(reach)
    found = _findings(reviews, reach)
    told = _incidents(reach)
    has_staff = bool(kinds)
    has_trainings = has_staff and standing.trainings_known(reach.until_at).exists()
    has_pledges = has_staff and standing.pledges_known(reach.until_at).exists()
    has_incidents = _incidents_known(reach).filter(noticed_at__lt=reach.until_at).exists()
    return Section(
        code="people",
        title="인력, 출입과 접속기록",
        lead=(
            "영상을 다루는 사람의 교육과 보안서약, 통제구역의 출입, 카메라 접근권한의 변경, 접속기록이 무엇으로 설명되는지, "
            "물은 것의 판정, 상황을 알리는 데 걸린 시간입니다. 사람과 계정은 적지 않습니다."
        ),
        figures=[
            *where_recorded(has_staff, _staff_figures(reach, kinds)),
            *where_recorded(has_trainings, _training_figures(kinds)),
            *where_recorded(has_pledges, _pledge_figures(kinds)),
            *where_recorded(
                Visit.objects.filter(received_at__lt=reach.until_at).exists(), _visit_figures(reach)
            ),
            *where_recorded(
                _began(CameraPermissionMove, reach) or _began(GateLift, reach), _permission_figures(reach)
            ),
            *where_recorded(bool(reviews), _log_figures(reviews, found)),
            *where_recorded(_turns_known(reach).exists(), _turns(reach)),
            *where_recorded(has_incidents, _incident_figures(told)),
        ],
        tables=[
            *where_known(has_staff, [_by_role(kinds, has_trainings, has_pledges)]),
            *where_known(has_pledges, [_pledges(reach)]),
            *where_known(bool(reviews), [_by_act(reviews), _by_rule(found)]),
            *where_known(has_incidents, [_delays(told)]),
        ],
        notes=_written_later(reach),
        source="; ".join((STAFF, VISITS, PERMISSIONS, LOG, TURNS, INCIDENTS)),
        article="조례 제10조, 제17조부터 제19조까지, 제23조, 제25조",
    )


def _flow(code: str, label: str, value: int, *, is_shortfall: bool = False) -> Figure:
    return Figure(code, label, value, is_flow=True, is_shortfall=is_shortfall)


def _share(code: str, label: str, part: int, whole: int) -> Figure:
    absent = NOT_RECORDED if whole else NOT_APPLICABLE
    return Figure(code, label, shares.percent(part, whole), "percent", is_flow=True, absent=absent)


def _within(rows: "QuerySet", name: str, reach: Reach) -> "QuerySet":
    return rows.filter(**{f"{name}__gte": reach.period.from_at, f"{name}__lt": reach.until_at})


# ---------------------------------------------------------------- training and pledges


def _kinds(reach: Reach) -> dict[StaffKind, tuple[int, int, int]]:
    """Of each kind of staff on the last day, as it was known then: how many, how many taught, how many sworn in."""
    on = reach.last_on
    ended = Q(ends_on__isnull=False, ends_on__lt=on) | Q(starts_on__isnull=False, starts_on__gt=on)
    ended |= Q(contract__in=_ended_contracts(reach))
    staff = list(reach.as_known(StaffMember).exclude(ended))
    found = standing.of(staff, on, known_at=reach.until_at)
    counts = {}
    for kind in StaffKind:
        of_kind = [found[row.pk] for row in staff if row.kind == kind]
        if of_kind:
            counts[kind] = (
                len(of_kind),
                sum(each.is_trained for each in of_kind),
                sum(each.is_sworn for each in of_kind),
            )
    return counts


def _ended_contracts(reach: Reach) -> "QuerySet":
    """Whoever works under one of these has left with it (`StaffMemberQuerySet.left`), as it was known then."""
    ended = Q(ends_on__lt=reach.last_on) | Q(ended_early_on__lt=reach.last_on)
    return reach.as_known(EntrustmentContract).filter(ended).values("id")


def _sums(kinds: dict[StaffKind, tuple[int, int, int]]) -> tuple[int, int, int]:
    persons, trained, sworn = (sum(counts[place] for counts in kinds.values()) for place in range(3))
    return persons, trained, sworn


def _staff_figures(reach: Reach, kinds: dict[StaffKind, tuple[int, int, int]]) -> list[Figure]:
    persons, _, _ = _sums(kinds)
    return [_flow("staff", f"영상을 다루는 사람 ({reach.end})", persons)]


def _training_figures(kinds: dict[StaffKind, tuple[int, int, int]]) -> list[Figure]:
    persons, trained, _ = _sums(kinds)
    return [
        _flow("staff_untrained", "교육이 유효하지 않은 사람", persons - trained, is_shortfall=True),
        _share("staff_trained_share", "교육이 유효한 비율", trained, persons),
    ]


def _pledge_figures(kinds: dict[StaffKind, tuple[int, int, int]]) -> list[Figure]:
    persons, _, sworn = _sums(kinds)
    return [
        _flow("staff_unsworn", "보안서약이 유효하지 않은 사람", persons - sworn, is_shortfall=True),
        _share("staff_sworn_share", "보안서약이 유효한 비율", sworn, persons),
    ]


def _by_role(kinds: dict[StaffKind, tuple[int, int, int]], has_trainings: bool, has_pledges: bool) -> Table:
    def row(key: str, label: str, counts: tuple[int, int, int]) -> Row:
        persons, trained, sworn = counts
        return {
            "key": key,
            "label": label,
            "persons": persons,
            "trained": trained if has_trainings else None,
            "trained_share": shares.percent(trained, persons) if has_trainings else None,
            "sworn": sworn if has_pledges else None,
            "sworn_share": shares.percent(sworn, persons) if has_pledges else None,
        }

    return Table(
        code="staff_by_role",
        title="구분별 교육과 보안서약",
        columns=[
            Column("label", "구분", width=30),
            Column("persons", "사람", "count", 12),
            Column("trained", "교육 유효", "count", 14, NOT_RECORDED),
            Column("trained_share", "비율", "percent", 14, NOT_RECORDED),
            Column("sworn", "서약 유효", "count", 14, NOT_RECORDED),
            Column("sworn_share", "비율", "percent", 16, NOT_RECORDED),
        ],
        rows=[row(kind.value, str(kind.label), counts) for kind, counts in kinds.items()],
        source=STAFF,
        article="조례 제17조, 제25조",
        total=row("total", "계", _sums(kinds)) if kinds else None,
    )


def _pledges(reach: Reach) -> Table:
    signed = standing.pledges_known(reach.until_at).filter(
        signed_on__gte=reach.period.from_on, signed_on__lte=reach.last_on
    )
    counts = Counter(signed.values_list("kind", flat=True))
    labels = dict(Pledge._meta.get_field("kind").choices or ())
    return Table(
        code="pledges",
        title="분기 중에 한 보안서약",
        columns=[Column("label", "서약", width=70), Column("count", "건수", "count", 30)],
        rows=[
            {"key": kind, "label": str(label), "count": counts[kind]}
            for kind, label in labels.items()
            if counts[kind]
        ],
        source=STAFF,
        article="조례 제25조제2항, 제19조",
        empty="분기 중에 한 보안서약이 없습니다.",
    )


def _written_later(reach: Reach) -> list[str]:
    """How much bears a day before the end and was written down after it: it is not counted, and not kept back."""
    until = reach.until_at
    counts = (
        ("교육 이수", Training.objects.completed().filter(on__lte=reach.last_on, recorded_at__gte=until)),
        ("보안서약", Pledge.objects.standing().filter(signed_on__lte=reach.last_on, recorded_at__gte=until)),
        ("회전·확대", CameraTurn.objects.filter(turned_at__lt=until, entered_at__gte=until)),
        ("상황", Incident.objects.filter(noticed_at__lt=until, entered_at__gte=until)),
    )
    late = [f"{label} {found:,}건" for label, rows in counts if (found := rows.count())]
    if not late:
        return []
    return [f"{reach.end}까지의 날짜로 그 뒤에 적은 것은 위 수치에 넣지 않았습니다: {', '.join(late)}."]


# ---------------------------------------------------------------- who entered, who may look


def _visit_figures(reach: Reach) -> list[Figure]:
    entered = _within(Visit.objects.all(), "in_at", reach)
    unapproved = entered.filter(Q(approved_at__isnull=True) | Q(approved_at__gt=F("in_at"))).count()
    count = entered.count()
    return [
        _flow(
            "visits_received", "접수한 출입 신청", _within(Visit.objects.all(), "received_at", reach).count()
        ),
        _flow("visits_entered", "통제구역에 들인 출입", count),
        _flow("visits_unapproved", "사전승인 없이 통제구역에 들인 출입", unapproved, is_shortfall=True),
        _share("visits_approved_share", "사전승인한 비율", count - unapproved, count),
    ]


def _began(kind: type[CameraPermissionMove | GateLift], reach: Reach) -> bool:
    """Whether anything of the kind was on record by the end."""
    return kind._default_manager.filter(at__lt=reach.until_at).exists()


def _permission_figures(reach: Reach) -> list[Figure]:
    counts = Counter(_within(CameraPermissionMove.objects.all(), "at", reach).values_list("event", flat=True))
    ended = counts[PermissionEvent.REVOKE] + counts[PermissionEvent.CUT] + counts[PermissionEvent.LAPSE]
    return [
        _flow("permissions_granted", "부여한 카메라 접근권한", counts[PermissionEvent.GRANT]),
        _flow(
            "permissions_replaced",
            "앞의 권한을 바꾸어 부여한 카메라 접근권한",
            counts[PermissionEvent.REPLACE],
        ),
        _flow("permissions_ended", "말소하거나 끝난 카메라 접근권한", ended),
        _flow(
            "gates_lifted",
            "교육·서약 등의 요건을 예외로 넘긴 것",
            _within(GateLift.objects.all(), "at", reach).count(),
            is_shortfall=True,
        ),
    ]


# ---------------------------------------------------------------- the log of the video system


def _reviews(reach: Reach) -> list[AccessReview]:
    """Those that were made in the quarter, with anything to look at; the last month's is made when the quarter is over."""
    made = _within(
        AccessReview.objects.only("pk", "month", "figures", "made_at", "signed_at"), "made_at", reach
    )
    return [review for review in made if review.figures.get("rows") and monthly.has_seen(review)]


def _findings(reviews: list[AccessReview], reach: Reach) -> pd.DataFrame:
    """With what had been judged by then."""
    rows = AccessFinding.objects.filter(review__in=[review.pk for review in reviews]).order_by("pk")
    found = frame(rows, {"rule": "rule", "judgement": "judgement", "judged_at": "judged"})
    judged = pd.to_datetime(found["judged"], utc=True) < pd.Timestamp(reach.until_at)
    return found.assign(judgement=found["judgement"].where(judged, ""))


def _log_figures(reviews: list[AccessReview], found: pd.DataFrame) -> list[Figure]:
    rows = sum(review.figures.get("rows", 0) for review in reviews)
    explained = sum(review.figures.get("explained", 0) for review in reviews)
    counts = Counter(found["judgement"])
    return [
        _flow("log_reviewed_months", "분기 중에 점검한 접속기록의 달", len(reviews)),
        _flow("log_rows", "점검한 접속기록", rows),
        _share("log_explained_share", "사건·상황·근무로 설명된 비율", explained, rows),
        _flow("log_asked", "접속기록에서 까닭을 물은 것", len(found)),
        _flow(
            "log_unjudged", "접속기록에서 까닭을 묻고 아직 판정하지 않은 것", counts[""], is_shortfall=True
        ),
        _flow(
            "log_improper",
            "접속기록에서 물어 부당하다고 판정한 것",
            counts[Judgement.IMPROPER],
            is_shortfall=True,
        ),
    ]


def _by_act(reviews: list[AccessReview]) -> Table:
    acts = [
        (row["act"], row["rows"], row["explained"])
        for review in reviews
        for row in review.figures.get("acts", ())
    ]
    sums = pd.DataFrame(acts, columns=["act", "rows", "explained"]).groupby("act", sort=False).sum()
    return Table(
        code="log_by_act",
        title="행위별 접속기록과 설명된 비율",
        columns=[
            Column("label", "행위", width=34),
            Column("rows", "접속기록", "count", 22),
            Column("explained", "설명된 것", "count", 22),
            Column("share", "비율", "percent", 22),
        ],
        rows=[
            {
                "key": act.value,
                "label": str(act.label),
                "rows": int(sums["rows"][act.value]),
                "explained": int(sums["explained"][act.value]),
                "share": shares.percent(int(sums["explained"][act.value]), int(sums["rows"][act.value])),
            }
            for act in Act
            if act.value in sums.index
        ],
        source=LOG,
        article="조례 제23조",
        empty="점검한 달에 접속기록이 없습니다.",
    )


def _by_rule(found: pd.DataFrame) -> Table:
    counts = Counter(zip(found["rule"], found["judgement"], strict=True))
    titles = {rule.code: rule.title for rule in catalogue.all_rules()}
    rows: list[Row] = [
        {
            "key": rule,
            "label": title,
            "asked": asked,
            **{str(judgement.value): counts[rule, judgement.value] for judgement in Judgement},
            "unjudged": counts[rule, ""],
        }
        for rule, title in titles.items()
        if (asked := int((found["rule"] == rule).sum()))
    ]
    return Table(
        code="log_by_rule",
        title="규칙마다 물은 것과 그 판정",
        columns=[
            Column("label", "규칙", width=36),
            Column("asked", "물은 것", "count", 12),
            *(Column(str(judgement.value), str(judgement.label), "count", 13) for judgement in Judgement),
            Column("unjudged", "판정 전", "count", 13),
        ],
        rows=rows,
        source=LOG,
        article="조례 제23조",
        empty="점검한 달에 물은 것이 없습니다.",
    )


def _turns(reach: Reach) -> list[Figure]:
    """Late is what was not back when its time was over, be it turned back since; where that is later is not known yet."""
    rows = _within(_turns_known(reach), "turned_at", reach)
    is_over = Q(turned_at__lt=reach.until_at - turns.return_after())
    was_back = Q(returned_at__lte=F("turned_at") + turns.return_after()) & ~Q(pk__in=_returned_later(reach))
    late = is_over & (Q(returned_at__isnull=True) | ~was_back)
    return [
        _flow("turns", "적은 회전·확대", rows.count()),
        _flow(
            "turns_late",
            "정한 시간 안에 되돌리지 않은 회전·확대",
            rows.filter(late).count(),
            is_shortfall=True,
        ),
    ]


def _turns_known(reach: Reach) -> QuerySet[CameraTurn]:
    return CameraTurn.objects.filter(entered_at__lt=reach.until_at)


def _returned_later(reach: Reach) -> list[int]:
    """Turns of which it was written down after the end that they were back."""
    lines = Entry.objects.of_kind(kinds_of_people.TURNED_BACK).filter(at__gte=reach.until_at)
    return [int(line.content["turn"]) for line in lines]


# ---------------------------------------------------------------- incidents


def _incidents_known(reach: Reach) -> QuerySet[Incident]:
    """Those of the situation system, and what was entered here by then."""
    return Incident.objects.filter(Q(entered_at__isnull=True) | Q(entered_at__lt=reach.until_at))


def _told_as_known(reach: Reach) -> dict[int, datetime | None]:
    """When each was told, as its last version of before the end has it; what was imported later has none."""
    versions = _within(reach.as_known(Incident), "noticed_at", reach)
    return {version.pk: version.told_at for version in versions}


def _incidents(reach: Reach) -> pd.DataFrame:
    """One row for each incident, at however many cameras: its kind, and in seconds how long until it was told."""
    rows = frame(
        _within(_incidents_known(reach), "noticed_at", reach).order_by("noticed_at", "pk"),
        {"pk": "pk", "number": "number", "kind": "kind", "noticed_at": "noticed", "told_at": "told"},
    )
    as_known = _told_as_known(reach)
    rows["told"] = [as_known.get(pk, told) for pk, told in zip(rows["pk"], rows["told"], strict=True)]
    for name in ("noticed", "told"):
        rows[name] = pd.to_datetime(rows[name], utc=True)
    # What was told after the end does not change how it stood then.
    rows["told"] = rows["told"].where(rows["told"] < pd.Timestamp(reach.until_at))
    each = rows.groupby("number", sort=False).agg(
        kind=("kind", "first"), noticed=("noticed", "min"), told=("told", "min")
    )
    limit = timedelta(minutes=int(parameters.value(LIMIT, reach.last_on).value))
    took = (each["told"] - each["noticed"]).dt.total_seconds()
    return each.assign(took=took, in_time=took <= limit.total_seconds())


def _seconds(code: str, label: str, took: "pd.Series[float]", value: float) -> Figure:
    if took.empty:
        return Figure(code, label, None, "seconds", is_flow=True, absent=NOT_APPLICABLE)
    return Figure(code, label, float(value), "seconds", is_flow=True)


def _incident_figures(told: pd.DataFrame) -> list[Figure]:
    took = told["took"].dropna()
    in_time = int(told["in_time"].sum())
    return [
        _flow("incidents", "인지한 상황", len(told)),
        _flow("incidents_untold", "알린 기록이 없는 상황", len(told) - len(took), is_shortfall=True),
        _flow("incidents_late", "정한 시간보다 늦게 알린 상황", len(took) - in_time, is_shortfall=True),
        _share("incidents_in_time_share", "정한 시간 안에 알린 비율", in_time, len(told)),
        _seconds("incidents_median", "알리는 데 걸린 시간의 중앙값", took, took.median()),
    ]


def _delays(told: pd.DataFrame) -> Table:
    named = told.assign(kind=told["kind"].replace("", "적지 않음"))
    rows: list[Row] = [
        {
            "key": str(kind),
            "label": str(kind),
            "incidents": len(found),
            "told": int(found["took"].notna().sum()),
            "in_time": int(found["in_time"].sum()),
            "median": float(found["took"].median()) if found["took"].notna().any() else None,
            "longest": float(found["took"].max()) if found["took"].notna().any() else None,
        }
        for kind, found in named.groupby("kind", sort=True)
    ]
    return Table(
        code="incident_delays",
        title="종류별 상황과 알리는 데 걸린 시간",
        columns=[
            Column("label", "종류", width=28),
            Column("incidents", "상황", "count", 12),
            Column("told", "알림", "count", 12),
            Column("in_time", "제때 알림", "count", 14),
            Column("median", "중앙값", "seconds", 17),
            Column("longest", "가장 늦은 것", "seconds", 17),
        ],
        rows=rows,
        source=INCIDENTS,
        article="조례 제18조",
        empty="분기 중에 인지한 상황이 없습니다.",
    )
