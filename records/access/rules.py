"""The duty of ordinance art. 23(2) that looks show: stored footage is played for a matter, and for nothing else."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cameras.models import Camera
from ordinance.periods import SEOUL
from ordinance.rules import Citation, Context, Rule, Subject
from records.look_enums import LookCase
from records.models import FootageLook

# The access log is judged for as long as it must be kept (Safety Standard art. 8(1)).
JUDGED_FOR = dt.timedelta(days=365)


def _looks(context: Context) -> QuerySet[FootageLook]:
    end = dt.datetime.combine(context.on + dt.timedelta(days=1), dt.time.min, SEOUL)
    return FootageLook.objects.filter(
        camera=OuterRef("pk"), granted_at__gte=end - JUDGED_FOR, granted_at__lt=end
    )


def _looked_at(context: Context) -> QuerySet[Any]:
    return Camera.objects.order_by().filter(Exists(_looks(context)))


def _without_matter(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    """A hold that somebody placed by hand, and that names no matter, was all the ground there was."""
    checks = _looks(context).filter(case_kind=LookCase.HOLD, hold__case_reference="")
    return rows.filter(Exists(checks))


PLAYBACK_REASON = Rule(
    code="playback_reason",
    title="사건이 있는 영상 재생",
    article=23,
    subject=Subject.CAMERA,
    subjects=_looked_at,
    unmet=_without_matter,
    message="사건 번호 없이 유예한 구간의 영상을 재생했습니다.",
    remedy="어쩔 수 없이 재생한 까닭을 확인하십시오. 정당하면 관리책임자가 예외로 인정하고 까닭을 남깁니다. 점검도 근거 문서의 번호를 적어 유예한 뒤에 하십시오.",
    remedy_url="looks:list",
    mended_by="ordinance.grant_exception",
    citations=(Citation("제23조제2항"),),
    covers="최근 1년 사이에 이 시스템에서 영상을 재생한 카메라. 녹화기에서 바로 재생한 것은 접속기록의 점검에서 판정합니다.",
)
RULES = (PLAYBACK_REASON,)
