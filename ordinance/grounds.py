"""Closed lists of legal grounds: the ordinance's layer, the nation's, and which belongs to which."""

import datetime

from django.db.models import Prefetch
from django.utils import timezone

from ordinance.models import Ground, SignContent
from ordinance.parameters import active_profile
from ordinance.querysets import GroundQuerySet, SignContentQuerySet

LOCAL_LAYERS = frozenset({Ground.Layer.ORDINANCE_PROVISION, Ground.Layer.ORDINANCE_REFUSAL})


def current(layer: str, on: datetime.date | None = None, profile: str | None = None) -> GroundQuerySet:
    """The items of one list that apply on that day."""
    own = active_profile() if profile is None else profile
    return (
        Ground.objects.layer(layer)
        .in_force(on or timezone.localdate())
        .filter(profile=own if layer in LOCAL_LAYERS else "")
        .order_by("position")
    )


def for_provision(on: datetime.date | None = None, profile: str | None = None) -> GroundQuerySet:
    """The ordinance's grounds for use or provision outside the purpose, with the national ones beside them."""
    return current(Ground.Layer.ORDINANCE_PROVISION, on, profile).prefetch_related(_national(on))


def _national(on: datetime.date | None) -> Prefetch:
    """The national items beside a local one, without those that no longer apply (PIPA 18(2) no. 4)."""
    in_force = Ground.objects.in_force(on or timezone.localdate()).order_by("position")
    return Prefetch("national", queryset=in_force)


def national_for_provision(on: datetime.date | None = None) -> GroundQuerySet:
    """PIPA art. 18(2)."""
    return current(Ground.Layer.PIPA_PROVISION, on)


def for_refusal(kind: str, on: datetime.date | None = None, profile: str | None = None) -> list[Ground]:
    """The ordinance's grounds for refusing such a request, with the national ones that may stand beside each."""
    rows = current(Ground.Layer.ORDINANCE_REFUSAL, on, profile).prefetch_related(_national(on))
    return [ground for ground in rows if kind in ground.refuses]


def national_for_refusal(kind: str, on: datetime.date | None = None) -> list[Ground]:
    """PIPA art. 35(4) and 36: what fits footage and this kind of request (existence, viewing, correction)."""
    rows = [*current(Ground.Layer.PIPA_REFUSAL, on), *current(Ground.Layer.PIPA_CORRECTION, on)]
    return [ground for ground in rows if kind in ground.refuses]


def sign_contents(
    on: datetime.date | None = None,
    profile: str | None = None,
    *,
    is_entrusted: bool = False,
    is_integrated: bool = False,
) -> SignContentQuerySet:
    """What a sign must carry on that day by national law (profile "") or by the ordinance."""
    conditions = [SignContent.Condition.ALWAYS]
    if is_entrusted:
        conditions.append(SignContent.Condition.ENTRUSTED)
    if is_integrated:
        conditions.append(SignContent.Condition.INTEGRATED)
    return (
        SignContent.objects.in_force(on or timezone.localdate())
        .filter(profile=profile or "", condition__in=conditions)
        .order_by("position")
    )
