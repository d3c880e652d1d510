"""안내판 현황: the state of every site's sign, in SQL, and in which fields a sign differs from the register."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from cameras.enums import STANDING
from cameras.models import Camera, Sign, SignCamera, Site
from cameras.signs import substitutes
from cameras.signs.agreement import WORDS, agreeing_lines, complete_signs, line_conditions, not_standing
from cameras.signs.contents import Law, named_cameras
from ordinance import parameters
from ordinance.rules import months_before

CHECK_MONTHS = "sign_check_months"


class SignState(models.TextChoices):
    NONE = "none", "없음"
    PRINTED = "printed", "인쇄"
    PUT_UP = "put_up", "설치(사진 확인 전)"
    DIFFERS = "differs", "대장과 다름"
    OVERDUE = "overdue", "확인 기한 지남"
    CURRENT = "current", "확인됨"
    SUBSTITUTED = "substituted", "누리집으로 갈음"


def check_deadline(on: dt.date, months: parameters.Timeline | None = None) -> dt.date:
    """The oldest day that a check may bear to count on that day."""
    found = months.value(CHECK_MONTHS, on) if months else parameters.value(CHECK_MONTHS, on)
    return months_before(on, int(found.value))


def sites_with_state(on: dt.date | None = None) -> "QuerySet[Any]":
    """Sites that need a sign, each with `sign_state`."""
    day = on or timezone.localdate()
    sign = Sign.objects.filter(site=OuterRef("pk"), retired_on__isnull=True)
    hanging = sign.filter(put_up_on__isnull=False)
    checked = hanging.filter(last_checked_on__isnull=False)
    state = Case(
        When(
            Exists(substitutes.in_force(day).filter(site=OuterRef("pk"))), then=Value(SignState.SUBSTITUTED)
        ),
        When(~Exists(sign), then=Value(SignState.NONE)),
        When(_differs(day), then=Value(SignState.DIFFERS)),
        When(~Exists(hanging), then=Value(SignState.PRINTED)),
        When(~Exists(checked), then=Value(SignState.PUT_UP)),
        When(
            ~Exists(checked.filter(last_checked_on__gte=check_deadline(day))), then=Value(SignState.OVERDUE)
        ),
        default=Value(SignState.CURRENT),
        output_field=models.CharField(),
    )
    needing = Site.objects.filter(Exists(named_cameras().order_by().filter(site=OuterRef("pk"))))
    return needing.annotate(sign_state=state)


def _differs(day: dt.date) -> Q:
    """By lists of sites, not row by row: the lists are made once for the whole district."""
    unnamed = (
        Camera.objects.filter(state__in=STANDING, is_sign_exempt=False)
        .exclude(pk__in=agreeing_lines(day).values("camera"))
        .order_by()
    )
    gone = SignCamera.objects.filter(sign__retired_on__isnull=True).filter(not_standing())
    return Q(pk__in=unnamed.values("site")) | Q(pk__in=gone.values("sign__site"))


def counts(on: dt.date | None = None) -> dict[str, int]:
    """How many sites there are in each state, every state named."""
    rows = sites_with_state(on).order_by().values_list("sign_state").annotate(sites=Count("pk"))
    found = dict(rows)
    return {str(state): found.get(state.value, 0) for state in SignState}


def differences(signs: Iterable[Sign], on: dt.date | None = None) -> dict[int, list[str]]:
    """By primary key of the sign: the fields in which it differs from the register, in Korean; a few queries."""
    day = on or timezone.localdate()
    keys = [sign.pk for sign in signs]
    found: defaultdict[int, list[str]] = defaultdict(list)
    conditions = line_conditions(day)
    agreements = {
        f"same_{name}": Case(
            When(condition, then=Value(True)), default=Value(False), output_field=models.BooleanField()
        )
        for name, condition in conditions.items()
    }
    standing = Q(camera__state__in=STANDING, camera__is_sign_exempt=False)
    lines = SignCamera.objects.filter(standing, sign__in=keys).annotate(**agreements)
    for row in lines.values("sign_id", *agreements):
        for name in conditions:
            if not row[f"same_{name}"] and WORDS[name] not in found[row["sign_id"]]:
                found[row["sign_id"]].append(WORDS[name])
    _add(found, _with_unnamed(keys), "카메라 추가")
    _add(found, _with_gone(keys), "철거·이전·제외되었거나 아직 설치되지 않은 카메라")
    _add(found, _not_of_today(keys, day), "관리책임자 연락처·법정 기재사항")
    return dict(found)


def _add(found: defaultdict[int, list[str]], signs: Iterable[int], word: str) -> None:
    for key in signs:
        found[key].append(word)


def _with_unnamed(keys: list[int]) -> list[int]:
    named = SignCamera.objects.filter(sign=OuterRef(OuterRef("pk")), camera=OuterRef("pk"))
    unnamed = Camera.objects.filter(site=OuterRef("site"), state__in=STANDING, is_sign_exempt=False)
    signs = Sign.objects.filter(pk__in=keys).filter(Exists(unnamed.filter(~Exists(named))))
    return list(signs.values_list("pk", flat=True))


def _with_gone(keys: list[int]) -> list[int]:
    lines = SignCamera.objects.filter(sign__in=keys).filter(not_standing())
    return list(lines.values_list("sign", flat=True).distinct())


def _not_of_today(keys: list[int], day: dt.date) -> list[int]:
    complete = set(complete_signs(Law(day)).filter(pk__in=keys).values_list("pk", flat=True))
    return [key for key in keys if key not in complete]


def lapsing(on: dt.date, days: int) -> "QuerySet[Sign]":
    """Signs that hang and whose check lapses within so many days, or has lapsed; oldest check first."""
    limit = check_deadline(on + dt.timedelta(days=days))
    hanging = Sign.objects.filter(retired_on__isnull=True, put_up_on__isnull=False)
    return hanging.filter(Q(last_checked_on__isnull=True) | Q(last_checked_on__lt=limit)).order_by(
        F("last_checked_on").asc(nulls_first=True), "pk"
    )
