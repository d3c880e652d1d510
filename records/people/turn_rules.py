"""The duty of ordinance art. 10(1) that turns show: a reason for each, and the camera looks where it is registered to look.

Two sources: what operators wrote down, and what the monthly review of the video system's log asked about turning
(`night_zoom`, `turn_without_reason`, `turned_away`). What is judged proper, or improper and followed by a measure, is done.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from cameras.models import Camera
from ordinance.periods import DAY, SEOUL
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject
from records.models import AccessEvent, AccessFinding, CameraTurn, Judgement
from records.people.turns import RETURN_AFTER, RULE

JUDGED = "ptz_judged_days"
TURNING = ("night_zoom", "turn_without_reason", "turned_away")


def _since(context: Context) -> dt.datetime:
    midnight = dt.datetime.combine(context.on, dt.time(), SEOUL)
    return midnight - DAY * int(context.parameter(JUDGED).value)


def _turns(context: Context) -> QuerySet[CameraTurn]:
    end = dt.datetime.combine(context.on, dt.time(), SEOUL) + DAY
    return CameraTurn.objects.order_by().filter(turned_at__gte=_since(context), turned_at__lt=end)


def _asked(context: Context) -> QuerySet[AccessFinding]:
    return AccessFinding.objects.filter(rule__in=TURNING, review__month__gte=_since(context).date())


def _cameras_of(found: QuerySet[AccessFinding]) -> set[str]:
    """Numbers as the log writes them."""
    keys = {key for events in found.values_list("events", flat=True) for key in events}
    rows = AccessEvent.objects.filter(pk__in=keys).order_by().values_list("camera", flat=True)
    return set(rows.distinct())


def asked_cameras(context: Context) -> set[str]:
    """Those of turns that a review asked about and that are not settled."""
    settled = Q(judgement=Judgement.PROPER) | Q(judgement=Judgement.IMPROPER, measured_at__isnull=False)
    return _cameras_of(_asked(context).exclude(settled))


def _named(numbers: Collection[str]) -> Q:
    return Q(number__in=numbers) | Q(recording_key__in=numbers)


def _on_record(context: Context) -> Q:
    """Something was written down of its turning, or a review asked about it."""
    turned = Exists(_turns(context).filter(camera=OuterRef("pk")))
    return Q(turned) | _named(_cameras_of(_asked(context)))


def _in_use(context: Context) -> Q:
    """Turned just now: until when it has to be back is not over."""
    return Q(Exists(_turns(context).filter(returned_at__isnull=True, camera=OuterRef("pk"))))


def _subjects(context: Context) -> QuerySet[Any]:
    """Cameras of whose turning something is on record, whatever the register says of them."""
    judged = _unmet(context) | (_on_record(context) & ~_in_use(context))
    return Camera.objects.order_by().filter(judged)


def _not_judged(context: Context) -> QuerySet[Any]:
    """Of one that can be turned and of which nothing is on record, nobody knows whether it was."""
    known = Camera.objects.order_by().filter(Q(has_ptz=True) | _on_record(context))
    return known.exclude(pk__in=_subjects(context).values("pk"))


def _unmet(context: Context) -> Q:
    return Q(_turned_away(context)) | Q(_unpermitted(context)) | _named(asked_cameras(context))


def _turned_away(context: Context) -> Exists:
    """Still turned as far as anybody wrote down, longer than it may be; one that came back late is in the log, and is over."""
    allowed = dt.timedelta(minutes=int(context.parameter(RETURN_AFTER).value))
    end = dt.datetime.combine(context.on, dt.time(), SEOUL) + DAY
    before = min(end, timezone.now()) - allowed
    return Exists(
        _turns(context).filter(returned_at__isnull=True, turned_at__lte=before, camera=OuterRef("pk"))
    )


def _unpermitted(context: Context) -> Exists:
    return Exists(_turns(context).filter(is_permitted=False, camera=OuterRef("pk")))


PTZ_REASON = Rule(
    code=RULE,
    title="회전·확대의 까닭과 등록 방향",
    article=10,
    order=2,
    subject=Subject.CAMERA,
    subjects=_subjects,
    unmet=lambda rows, context: rows.filter(_unmet(context)),
    evidence=lambda context: Case(
        When(_turned_away(context), then=Value("away")),
        When(_unpermitted(context), then=Value("unpermitted")),
        default=Value("asked"),
        output_field=CharField(),
    ),
    words={
        "away": "돌린 카메라를 정한 시간 안에 등록 방향으로 되돌리지 않았습니다.",
        "unpermitted": "회전·확대 권한이 없는 사람이 돌렸습니다.",
        "asked": "접속기록 점검에서 물은 회전·확대가 아직 해명되지 않았습니다.",
    },
    message="회전·확대의 까닭이 없거나 등록 방향으로 되돌리지 않았습니다.",
    remedy="되돌렸으면 ‘회전·확대’에 그때를 적고, 접속기록 점검에서 물은 것은 판정하십시오. 까닭이 정당하면 관리책임자가 예외로 인정합니다.",
    remedy_url="turns:list",
    mended_by="records.enter_incident",
    citations=(
        Citation("제10조제1항"),
        Citation("제25조제5항", "pipa"),
    ),
    exclusion=Exclusion(
        _not_judged,
        lambda context: (
            "회전·확대 기능이 있으나 최근 기간에 돌린 기록도 접속기록 점검에서 물은 것도 없어 돌렸는지 알 수 없거나, 돌려서 쓰고 있어 되돌릴 때가 지나지 않음"
        ),
    ),
    covers="최근 기간에 돌린 기록이 있거나 접속기록 점검에서 회전·확대를 물은 카메라. 돌린 까닭을 적고 정한 시간 안에 등록 방향으로 되돌려야 합니다. 조례는 시간을 정하지 않아 기준값으로 정합니다.",
)
