"""Where a consultation stands: a function of its timestamps and the clock, so that it opens and closes by itself."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from cameras.models import PublicConsultation


class Phase(models.TextChoices):
    DRAFT = "draft", "작성 중"
    ANNOUNCED = "announced", "시작 전"
    OPEN = "open", "진행 중"
    CLOSED = "closed", "마감, 의견 처리 중"
    RESULT = "result", "결과 공고"


RUNNING = (Phase.ANNOUNCED, Phase.OPEN)


def ended_at(consultation: PublicConsultation) -> dt.datetime:
    """When it ends or ended; this very instant is no longer part of it."""
    return consultation.closed_early_at or consultation.closes_at


def phase_of(consultation: PublicConsultation, now: dt.datetime) -> Phase:
    if consultation.published_at is None or now < consultation.published_at:
        return Phase.DRAFT
    if consultation.result_published_at is not None and now >= consultation.result_published_at:
        return Phase.RESULT
    if now >= ended_at(consultation):
        return Phase.CLOSED
    return Phase.ANNOUNCED if now < consultation.opens_at else Phase.OPEN


def days_left(consultation: PublicConsultation, now: dt.datetime) -> int:
    """Whole days in Seoul until the last day: 0 on the last one, negative afterwards."""
    last = timezone.localtime(ended_at(consultation) - dt.timedelta(microseconds=1)).date()
    return (last - timezone.localtime(now).date()).days


def published(now: dt.datetime) -> "QuerySet[Any]":
    return PublicConsultation.objects.filter(published_at__lte=now)


def ended(now: dt.datetime) -> "QuerySet[Any]":
    """Published and over, with or without a result."""
    return (
        published(now).annotate(ended_at=Coalesce("closed_early_at", "closes_at")).filter(ended_at__lte=now)
    )


def held(now: dt.datetime) -> "QuerySet[Any]":
    """Over, with its result, and not ended before the shortest period: what counts as a consultation (ordinance art. 8)."""
    is_short = Q(closed_early_at__lt=F("shortest_until"))
    return ended(now).filter(result_published_at__lte=now).exclude(is_short)


def running(now: dt.datetime) -> "QuerySet[Any]":
    """Published and not over: open, or about to open."""
    return published(now).annotate(ended_at=Coalesce("closed_early_at", "closes_at")).filter(ended_at__gt=now)


def in_phase(phase: str, now: dt.datetime) -> "QuerySet[Any]":
    """The same judgement as `phase_of`, asked of the database."""
    has_result = Q(result_published_at__lte=now)
    if phase == Phase.DRAFT:
        return PublicConsultation.objects.filter(Q(published_at=None) | Q(published_at__gt=now))
    if phase == Phase.RESULT:
        return published(now).filter(has_result)
    if phase == Phase.CLOSED:
        return ended(now).filter(Q(result_published_at=None) | Q(result_published_at__gt=now))
    if phase == Phase.ANNOUNCED:
        return running(now).filter(opens_at__gt=now)
    return running(now).filter(opens_at__lte=now)
