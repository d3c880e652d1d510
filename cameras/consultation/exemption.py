"""의견수렴 생략: the ordinance knows it (art. 8), national law does not. Where it is used or near, this is said."""

from django.db.models import QuerySet

from cameras.enums import PaperKind
from cameras.models import Paper
from ordinance import articles

ARTICLE = 8
SHOWN = 10


def warning() -> str:
    """What the law on record says of the conflict, for whoever thinks of skipping a consultation."""
    article = articles.current().filter(number=ARTICLE).first()
    conflict = article.conflict if article else ""
    return f"의견수렴을 생략하기 전에: {conflict}" if conflict else ""


def exempted_projects() -> "QuerySet[Paper]":
    """Papers by which a consultation was skipped, the newest first."""
    return (
        Paper.objects.filter(kind=PaperKind.CONSULTATION_EXEMPTION, withdrawn_at=None)
        .select_related("project")
        .order_by("-on", "-pk")
    )
