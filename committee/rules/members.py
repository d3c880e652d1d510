"""Who sits on the committee, and for how long (ordinance art. 26, 27; general committee ordinance)."""

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When

from committee import membership
from committee.enums import EX_OFFICIO, Office, SeatGround
from committee.models import Term
from ordinance.models import Ordinance
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject

MANDATORY = "committee_is_mandatory"


def _districts(context: Context) -> QuerySet[Any]:
    return Ordinance.objects.order_by().of(context.profile).in_force(context.on)


def _has_committee(context: Context) -> bool:
    is_asked = bool(context.parameter(MANDATORY).value)
    return is_asked or Term.objects.filter(from_on__lte=context.on).exists()


def _with_committee(context: Context) -> QuerySet[Any]:
    return _districts(context) if _has_committee(context) else _districts(context).none()


def _without_committee(context: Context) -> QuerySet[Any]:
    return _districts(context).none() if _has_committee(context) else _districts(context)


def _fault(context: Context) -> str:
    """The first thing that is wrong with the committee of that day; empty when nothing is."""
    seated = membership.composition(context.on)
    if not seated:
        return "none"
    offices = [term.office for term in seated]
    appointed = [term.member.gender for term in seated if not term.is_ex_officio]
    asked = membership.OFFICES[str(context.parameter("committee_chair").value)]
    faults = (
        ("too_many", len(seated) > int(context.parameter("committee_max_size").value)),
        ("chair", offices.count(Office.CHAIR) != 1),
        ("vice_chair", Office.VICE_CHAIR in asked.values() and offices.count(Office.VICE_CHAIR) != 1),
        (
            "post",
            bool(asked) and not set(EX_OFFICIO) <= _held(seated) and Office.VICE_CHAIR in asked.values(),
        ),
        ("gender", membership.crossed_share(appointed, context.on) is not None),
    )
    return next((code for code, is_so in faults if is_so), "")


def _held(seated: list[Term]) -> set[SeatGround]:
    return {SeatGround(term.ground) for term in seated}


COMMITTEE_COMPOSED = Rule(
    code="committee_composed",
    title="운영위원회의 구성",
    article=26,
    subject=Subject.DISTRICT,
    subjects=_with_committee,
    unmet=lambda rows, context: rows if _fault(context) else rows.none(),
    evidence=lambda context: Value(_fault(context)),
    words={
        "none": "그날 임기 중인 위원이 없습니다.",
        "too_many": "위원이 정원보다 많습니다.",
        "chair": "위원장이 한 명이 아닙니다.",
        "vice_chair": "부위원장이 한 명이 아닙니다.",
        "post": "당연직 위원(부구청장, 국장, 과장) 가운데 빈자리가 있습니다.",
        "gender": "위촉직 위원의 한 성별이 10분의 6을 넘습니다.",
    },
    message="운영위원회의 구성이 조례에 맞지 않습니다.",
    remedy="위원 명부에서 위촉·지정하거나 임기를 끝내십시오. 성별 비율을 지킬 수 없는 사정이 있으면 예외를 인정받으십시오.",
    remedy_url="committee:members",
    mended_by="committee.change_member",
    citations=(Citation("제26조"),),
    covers="위원을 한 명이라도 기록한 자치구와, 조례가 위원회를 두게 한 자치구. 위원 명부의 그날 구성으로 판정합니다.",
    exclusion=Exclusion(
        _without_committee,
        lambda context: "기록한 위원이 없음. 제26조는 위원회를 둘 수 있다고 할 뿐 두게 하지 않음",
    ),
    number_field="profile",
)


# -- 27: terms


def _seats(context: Context) -> QuerySet[Any]:
    """Appointed members in their term, and terms that are over and that nobody has followed."""
    begun = Term.objects.order_by().appointed().filter(from_on__lte=context.on)
    return begun.on(context.on) | begun.over(context.on).without_successor()


def _long(context: Context) -> tuple[list[int], list[int]]:
    """Terms whose person sits longer, or on more committees, than allowed; councillors are excepted."""
    years = int(context.parameter("committee_person_max_years").value)
    seats = int(context.parameter("committee_person_max_seats").value)
    rows = (
        Term.objects.appointed().on(context.on).exclude(ground=SeatGround.COUNCILLOR).filter(limit_reason="")
    )
    too_long, too_many = [], []
    for term in rows.select_related("member").prefetch_related("member__terms"):
        if membership.years_of(term.member.terms.all(), until=context.on) > years:
            too_long.append(term.pk)
        if term.member.other_committees + 1 > seats:
            too_many.append(term.pk)
    return too_long, too_many


def _unmet_terms(rows: Any, context: Context) -> QuerySet[Any]:
    too_long, too_many = _long(context)
    found: QuerySet[Any] = rows.over(context.on) | rows.filter(pk__in=[*too_long, *too_many])
    return found


def _why(context: Context) -> Case:
    too_long, too_many = _long(context)
    over = Term.objects.over(context.on).values("pk")
    return Case(
        When(pk__in=over, then=Value("over")),
        When(pk__in=too_long, then=Value("years")),
        When(pk__in=too_many, then=Value("seats")),
        default=Value(""),
        output_field=CharField(),
    )


MEMBER_TERM = Rule(
    code="member_term",
    title="위촉직 위원의 임기",
    article=27,
    subject=Subject.MEMBER,
    subjects=_seats,
    unmet=_unmet_terms,
    evidence=_why,
    words={
        "over": "임기가 끝났는데 연임·후임 위촉이 없고, 자리를 비워 둔 사유도 없습니다.",
        "years": "같은 위원회에 있을 수 있는 기간(4년)을 넘었고 예외 사유가 없습니다.",
        "seats": "한 사람이 맡을 수 있는 위원회 수(3개)를 넘었고 예외 사유가 없습니다.",
    },
    message="위원의 임기를 확인하십시오.",
    remedy="연임이나 보궐 위촉을 기록하거나, 자리를 비워 두는 사유를 적으십시오.",
    remedy_url="committee:term",
    mended_by="committee.change_member",
    citations=(Citation("제27조"),),
    covers=(
        "임기 중인 위촉직과, 임기가 끝난 뒤 아무도 잇지 않은 자리. 재직 기간과 위원회 수의 상한은 각종 위원회 조례에 "
        "따른 주의이며, 구의회가 추천한 구의원과 예외 사유를 적은 위원은 넣지 않습니다."
    ),
)
