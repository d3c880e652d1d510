"""What rules ask of the register: which cameras a duty covers, and which papers count for a camera."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from cameras.enums import CameraState, LifecycleEvent, PaperKind
from cameras.models import Camera, Move, Paper, PaperCamera
from ordinance.rules import Context, Exclusion

_ORDER = (
    CameraState.PLANNED,
    CameraState.CONSULTED,
    CameraState.DELIBERATED,
    CameraState.APPROVED,
    CameraState.INSTALLED,
    CameraState.OPERATING,
    CameraState.SUSPENDED,
)


def cameras_from(state: CameraState, context: Context) -> QuerySet[Any]:
    """Cameras that have come as far as that state and are not removed; ahead of a step all that are not removed."""
    if context.ahead or state == CameraState.PLANNED:
        return Camera.objects.order_by().not_removed()
    return Camera.objects.order_by().filter(state__in=_ORDER[_ORDER.index(state) :])


SINCE = "installation_duties_since"
_STANDING = _ORDER[_ORDER.index(CameraState.INSTALLED) :]


def installed_before_the_ordinance(context: Context) -> Q:
    """Completed before the duties of installing began: they are not applied to these (행정기본법 제14조제1항).

    Only who is known to be older is: the month is on record and over before the day. A camera of that very month or of
    an unknown one may be younger, and one that was planned, moved or given another purpose here begins its duties anew.
    """
    since = context.parameter(SINCE).value
    if context.ahead or since is None:
        return Q(pk__in=[])
    month = datetime.date.fromisoformat(since).replace(day=1)
    return Q(installed_month__lt=month, installation=1, project__isnull=True, state__in=[*_STANDING])


def why_before_the_ordinance(context: Context) -> str:
    since = context.parameter(SINCE)
    return f"조례가 시행된 날({since.value}) 전에 설치를 마침({since.citation})"


def not_before_the_ordinance(rows: Callable[[Context], QuerySet[Any]]) -> Callable[[Context], QuerySet[Any]]:
    return lambda context: rows(context).exclude(installed_before_the_ordinance(context))


def before_the_ordinance(rows: Callable[[Context], QuerySet[Any]], *, beside: str = "") -> Exclusion:
    """Among the cameras that the duty would cover. `beside`: what an older law asked of them, and is not judged here."""

    def why(context: Context) -> str:
        return ". ".join(part for part in (why_before_the_ordinance(context), beside) if part)

    return Exclusion(lambda context: rows(context).filter(installed_before_the_ordinance(context)), why)


# Said where such a duty is unmet and nobody knows whether it is older.
UNKNOWN_MONTH = "unknown_month"
UNKNOWN_MONTH_WORDS = (
    "이행한 기록이 없고, 설치연월을 알 수 없어 조례 시행 전에 설치하였는지도 확인되지 않습니다."
)


def has_paper(*kinds: PaperKind, condition: Q | None = None) -> Q:
    """A paper of these kinds counts for the camera: it names the camera's present installation, or its project.

    Two separate questions, since the answer to either is one pass over a table of papers. `condition` is on `Paper`.
    """
    papers = Paper.objects.filter(condition or Q(), kind__in=kinds, withdrawn_at__isnull=True)
    lines = PaperCamera.objects.filter(paper__in=papers, camera=OuterRef("pk"))
    return Q(Exists(lines.filter(installation=OuterRef("installation")))) | Q(
        Exists(papers.filter(project=OuterRef("project")))
    )


def last_paper(*kinds: PaperKind) -> Coalesce:
    """Name of the newest paper of these kinds that counts for the camera; empty where there is none."""
    counting = (
        Paper.objects.filter(kind__in=kinds, withdrawn_at__isnull=True)
        .filter(
            Exists(
                PaperCamera.objects.filter(
                    paper=OuterRef("pk"),
                    camera=OuterRef(OuterRef("pk")),
                    installation=OuterRef(OuterRef("installation")),
                )
            )
            | Q(project=OuterRef("project"))
        )
        .order_by("-on", "-pk")
        .values(name=Concat("document_number", Value(" ("), Cast("on", CharField()), Value(")")))
    )
    return Coalesce(Subquery(counting[:1], output_field=CharField()), Value(""))


def began_operating_since(day: Any) -> Q:
    """Cameras whose start of operation is on record and lies within that day and today."""
    moves = Move.objects.filter(
        camera=OuterRef("pk"),
        installation=OuterRef("installation"),
        act__event=LifecycleEvent.OPERATE,
        act__on__gte=day,
    )
    return Q(Exists(moves))
