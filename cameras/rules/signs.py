"""The sign (ordinance art. 9, PIPA art. 25(4), Decree art. 24): put up, photographed, checked, and true."""

from typing import Any

from django.db.models import Case, CharField, Exists, Expression, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from cameras.enums import CameraState, LifecycleEvent
from cameras.models import Camera, Sign, SignCheck, SignSubstitute
from cameras.rules.facts import cameras_from
from cameras.signs.agreement import agreeing_lines
from cameras.signs.overview import CHECK_MONTHS
from ordinance.rules import Citation, Context, Rule, Subject


def _standing(context: Context) -> QuerySet[Any]:
    """Who needs a sign: everybody but those that are exempt by a ground, on paper, approved (Decree art. 24(4))."""
    rows = cameras_from(CameraState.INSTALLED, context)
    return rows.filter(
        Q(is_sign_exempt=False) | Q(pk__in=Camera.objects.exempt_without_ground().values("pk"))
    )


def _substitutes(context: Context) -> QuerySet[Any]:
    """The website stands in for the sign of these sites (Decree art. 24(2))."""
    in_force = Q(until_on__isnull=True) | Q(until_on__gte=context.on)
    return SignSubstitute.objects.filter(in_force, from_on__lte=context.on)


def _put_up(context: Context) -> QuerySet[Any]:
    return Sign.objects.filter(retired_on__isnull=True, put_up_on__lte=context.on)


def _checked(context: Context) -> QuerySet[Any]:
    return _put_up(context).filter(
        last_checked_on__gte=context.months_ago(CHECK_MONTHS), last_checked_on__lte=context.on
    )


def _photographed(context: Context) -> QuerySet[Any]:
    """Signs in use of which there is a photograph that was accepted."""
    accepted = SignCheck.objects.exclude(outcome=SignCheck.Outcome.REFUSED).exclude(photo="")
    return _checked(context).filter(Exists(accepted.filter(sign=OuterRef("pk"))))


def _good_lines(context: Context) -> QuerySet[Any]:
    return agreeing_lines(context.on).filter(sign__in=_photographed(context))


def _without_current_sign(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    told = Q(Exists(_substitutes(context).filter(site=OuterRef("site")))) | Q(
        Exists(_good_lines(context).filter(camera=OuterRef("pk")))
    )
    return rows.exclude(told & Q(is_sign_exempt=False))


def _what_lacks(context: Context) -> Expression:
    def none_of(signs: QuerySet[Any]) -> Q:
        return ~Q(Exists(signs.filter(site=OuterRef("site"))))

    return Case(
        When(is_sign_exempt=True, then=Value("exempt")),
        When(none_of(Sign.objects.filter(retired_on__isnull=True)), then=Value("none")),
        When(none_of(_put_up(context)), then=Value("not_put_up")),
        When(none_of(_put_up(context).filter(last_checked_on__isnull=False)), then=Value("never_checked")),
        When(none_of(_checked(context)), then=Value("unchecked")),
        When(none_of(_photographed(context)), then=Value("no_photo")),
        default=Value("differs"),
    )


def _proof(context: Context) -> Expression:
    signs = _checked(context).filter(site=OuterRef("site"))
    said = signs.values(
        said=Concat(
            Value("안내판 제"),
            Cast("version", CharField()),
            Value("판, 확인 "),
            Cast("last_checked_on", CharField()),
        )
    )
    return Case(
        When(Exists(_substitutes(context).filter(site=OuterRef("site"))), then=Value("누리집 게재로 갈음")),
        default=Subquery(said[:1], output_field=CharField()),
        output_field=CharField(),
    )


SIGN = Rule(
    code="sign",
    title="안내판",
    article=9,
    subject=Subject.CAMERA,
    subjects=_standing,
    unmet=_without_current_sign,
    evidence=_what_lacks,
    words={
        "exempt": "안내판 제외 시설로 적혀 있으나 근거, 문서번호 또는 승인자가 없습니다.",
        "none": "안내판이 없습니다.",
        "not_put_up": "안내판을 만들었으나 설치한 기록이 없습니다.",
        "never_checked": "설치한 안내판을 아직 현장에서 사진으로 확인하지 않았습니다.",
        "unchecked": "안내판을 정한 주기 안에 확인하지 않았습니다.",
        "no_photo": "확인한 안내판의 사진이 없습니다.",
        "differs": "안내판의 기재사항이 대장 또는 시행 중인 법령과 다릅니다.",
    },
    proof=_proof,
    message="기재사항을 갖추고 확인을 마친 안내판이 없습니다.",
    remedy="안내판을 만들어 설치하고, 현장에서 사진으로 확인하십시오.",
    remedy_url="signs:list",
    mended_by="cameras.check_sign",
    citations=(
        Citation("제9조"),
        Citation("제25조제4항", "pipa"),
        Citation("제24조, 제26조제2항", "pipa-decree"),
        Citation("제39조", "guideline"),
    ),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers=(
        "설치되었거나 운영·중지 중인 카메라. 군사시설 등 안내판 제외 시설(법 제25조제4항 단서)은 근거, 문서, 승인자가 "
        "적혀 있을 때만 넣지 않고, "
        "누리집 게재로 갈음하는 설치장소(시행령 제24조제2항)는 이행한 것으로 봅니다."
    ),
)

RULES = (SIGN,)
