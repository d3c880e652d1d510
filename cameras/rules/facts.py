"""What rules ask of the register: which cameras a duty covers, and which papers count for a camera."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from cameras.enums import CameraState, LifecycleEvent, PaperKind
from cameras.models import Camera, Move, Paper, PaperCamera
from ordinance.rules import Context

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
