"""The ordinance's articles as they apply on a day."""

import datetime

from django.utils import timezone

from ordinance.models import Article, Ordinance
from ordinance.parameters import active_profile
from ordinance.querysets import ArticleQuerySet, OrdinanceQuerySet


def current(on: datetime.date | None = None, profile: str | None = None) -> ArticleQuerySet:
    """The articles in force on that day (today), in order; none before the first version took effect."""
    return (
        Article.objects.in_force(on or timezone.localdate(), active_profile() if profile is None else profile)
        .select_related("ordinance")
        .order_by("number")
    )


def version(on: datetime.date | None = None, profile: str | None = None) -> Ordinance | None:
    """The ordinance in the version that applies on that day."""
    return versions(profile).in_force(on or timezone.localdate()).first()


def versions(profile: str | None = None) -> OrdinanceQuerySet:
    return Ordinance.objects.of(active_profile() if profile is None else profile)
