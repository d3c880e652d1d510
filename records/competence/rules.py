"""The duties of ordinance art. 25: everybody who works there is taught, and has sworn secrecy."""

from typing import Any

from django.db.models import Case, Exists, Expression, OuterRef, Q, QuerySet, Value, When

from ordinance.rules import Citation, Context, Rule, Subject
from records.competence.standing import PLEDGE_MONTHS, SECRECY_SWORN, TRAINING_MONTHS
from records.competence_enums import PledgeKind
from records.models import Pledge, StaffMember, Training


def _employed(context: Context) -> QuerySet[Any]:
    return StaffMember.objects.order_by().employed(context.on)


def _trainings(context: Context) -> QuerySet[Training]:
    return Training.objects.completed().filter(staff=OuterRef("pk"), on__lte=context.on)


def _untrained(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    since = context.months_ago(TRAINING_MONTHS)
    return rows.filter(~Exists(_trainings(context).filter(on__gte=since)))


def _how_untrained(context: Context) -> Expression:
    return Case(When(Exists(_trainings(context)), then=Value("expired")), default=Value("never"))


TRAINING_CURRENT = Rule(
    code="training_current",
    title="영상정보 보호 교육",
    article=25,
    subject=Subject.STAFF,
    subjects=_employed,
    unmet=_untrained,
    evidence=_how_untrained,
    words={"never": "교육을 받은 기록이 없습니다.", "expired": "마지막 교육의 효력이 끝났습니다."},
    message="정한 주기 안에 영상정보 보호 교육을 받지 않았습니다.",
    remedy="교육에 참석하게 하거나, 받은 교육의 이수증을 등록하십시오.",
    remedy_url="training:person",
    mended_by="records.change_training",
    citations=(
        Citation("제25조제1항"),
        Citation("제11조제3항"),
        Citation("제28조제2항", "pipa"),
        Citation("제4조", "safety-standard"),
    ),
    covers="인력 명부에 있고 그날 근무하는 사람(수탁자의 근무자 포함). 첫 교육은 근무를 시작할 때 필요하며, 교육한 날부터 셉니다.",
    order=1,
)


def _sworn_ones(context: Context) -> QuerySet[Pledge]:
    return Pledge.objects.standing().filter(staff=OuterRef("pk"), signed_on__lte=context.on)


def _left(context: Context) -> Q:
    """Within as long as a pledge counts; of who left before, papers of then speak."""
    before = StaffMember.objects.left(context.months_ago(PLEDGE_MONTHS)).order_by().values("pk")
    return _gone(context) & ~Q(pk__in=before)


def _gone(context: Context) -> Q:
    return Q(pk__in=StaffMember.objects.left(context.on).order_by().values("pk"))


def _who_swears(context: Context) -> QuerySet[Any]:
    working = Q(pk__in=StaffMember.objects.employed(context.on).order_by().values("pk"))
    return StaffMember.objects.order_by().filter(working | _left(context))


def _unsworn_tests(context: Context) -> dict[str, Any]:
    sworn = _sworn_ones(context)
    secrecy = sworn.filter(kind__in=SECRECY_SWORN)
    current = secrecy.filter(signed_on__gte=context.months_ago(PLEDGE_MONTHS))
    has_left = _left(context)
    works = ~_gone(context)
    return {
        "leaving": has_left & ~Q(Exists(sworn.filter(kind=PledgeKind.LEAVING))),
        "never": works & ~Q(Exists(secrecy)),
        "expired": works & Q(Exists(secrecy)) & ~Q(Exists(current)),
    }


def _unsworn(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    condition = Q(pk__in=[])
    for test in _unsworn_tests(context).values():
        condition |= test
    return rows.filter(condition)


def _how_unsworn(context: Context) -> Expression:
    tests = _unsworn_tests(context)
    return Case(*(When(test, then=Value(code)) for code, test in tests.items()), default=Value(""))


PLEDGE_SIGNED = Rule(
    code="pledge_signed",
    title="보안서약",
    article=25,
    subject=Subject.STAFF,
    subjects=_who_swears,
    unmet=_unsworn,
    evidence=_how_unsworn,
    words={
        "leaving": "근무를 마치면서 한 보안서약이 없습니다.",
        "never": "보안서약을 한 기록이 없습니다.",
        "expired": "마지막 보안서약을 한 지 정한 기간이 지났습니다.",
    },
    message="보안서약을 하지 않았습니다.",
    remedy="본인이 ‘내 교육·서약’에서 서명하거나, 서명한 서약서의 사본을 등록하십시오.",
    remedy_url="training:person",
    mended_by="records.change_training",
    citations=(Citation("제25조제2항"), Citation("제60조", "pipa")),
    covers=(
        "인력 명부에 있고 그날 근무하는 사람과, 서약의 주기 안에 근무를 마친 사람. 시작할 때, 해마다, 마칠 때 서약합니다. "
        "출입자와 제공받는 사람의 서약은 그 출입과 이용·제공에서 확인합니다."
    ),
    order=2,
)
RULES = (TRAINING_CURRENT, PLEDGE_SIGNED)
