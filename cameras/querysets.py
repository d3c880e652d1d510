"""Questions about sets of sites and cameras, named as adjectives and relations."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Func, Q

from cameras.enums import IN_SERVICE, STANDING, CameraState, LinkStatus


class InList(Func):
    """A key among very many: the list travels as one parameter, since databases limit their number.

    The cast lets PostgreSQL look keys up in a hash table where it filters by them.
    """

    output_field = models.BooleanField()

    def __init__(self, field: str, keys: Iterable[int]) -> None:
        super().__init__(F(field))
        self.keys = list(keys)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, list[Any]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"{sql} IN (SELECT value FROM json_each(%s))", [  # noqa: S608 - a column's name
            *parameters,
            json.dumps(self.keys),
        ]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        sql, parameters = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY(%s::bigint[])", [*parameters, self.keys]


_AUDIO_UNCHECKED = Q(audio_checked_on__isnull=True) | Q(audio_disabled=False)
_WITHOUT_LINK_DECISION = Q(link_status=LinkStatus.UNKNOWN) | Q(
    link_status=LinkStatus.NOT_LINKED, link_exemption_reason=""
)

_EXEMPT_WITHOUT_GROUND = Q(is_sign_exempt=True) & (
    Q(sign_exemption_ground="") | Q(sign_exemption_document="") | Q(sign_exemption_approver="")
)


class SiteQuerySet(models.QuerySet[Any]):
    def with_position(self) -> Self:
        return self.filter(latitude__isnull=False, longitude__isnull=False)


def lacks_retention_ground(on: date) -> Q:
    return Q(retention_law="") | Q(retention_until_on__isnull=True) | Q(retention_until_on__lt=on)


class CameraQuerySet(models.QuerySet[Any]):
    # A search found more places than are brought: these are the cameras of the first ones (see `listing`).
    is_cut_off = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.is_cut_off = self.is_cut_off
        return clone

    # What stands, films, is shown

    def operating(self) -> Self:
        return self.filter(state=CameraState.OPERATING)

    def in_service(self) -> Self:
        """Operating or only paused."""
        return self.filter(state__in=IN_SERVICE)

    def not_removed(self) -> Self:
        return self.exclude(state=CameraState.REMOVED)

    def public(self) -> Self:
        """What citizens see: operating, and not exempt from the sign duty for security."""
        return self.operating().filter(is_sign_exempt=False)

    def that_filmed_at(self, site: Any) -> Self:
        """Whatever may have filmed there, however it stands today: suspended, removed, exempt, moved away since."""
        stands = Q(site=site) & (
            Q(state__in=[CameraState.INSTALLED, *IN_SERVICE, CameraState.REMOVED]) | Q(installation__gt=1)
        )
        had_sign = self.model._default_manager.filter(sign_lines__sign__site=site).order_by().values("pk")
        return self.filter(stands | Q(pk__in=had_sign)).order_by("ordinal", "pk")

    def in_dataset(self) -> Self:
        """What the national dataset lists: in service, not exempt for security."""
        return self.in_service().filter(is_sign_exempt=False)

    def exempt_without_ground(self) -> Self:
        """Marked as free from the sign, and nothing shows by which ground, paper and person (Decree art. 24(4))."""
        return self.filter(_EXEMPT_WITHOUT_GROUND)

    def with_own_recording_key(self) -> Self:
        """Recorders call these cameras by another name than their number."""
        return self.exclude(recording_key=models.F("number"))

    def claiming(self, recording_key: str) -> Self:
        """A removed camera claims its footage too, until it is gone."""
        return self.filter(recording_key=recording_key)

    def among(self, ids: Sequence[int]) -> Self:
        """Exactly these, however many: databases limit the parameters of one statement."""
        return self.filter(InList("pk", ids))

    # Papers: asked of what stands, the department also of what is on its way (art. 7)

    def standing(self) -> Self:
        return self.filter(state__in=STANDING)

    def without_department(self) -> Self:
        return self.exclude(state__in=[CameraState.PLANNED, CameraState.REMOVED]).filter(
            installing_department__isnull=True
        )

    def audio_unchecked(self) -> Self:
        """Nobody has confirmed that the camera records no sound (ordinance art. 10(2))."""
        return self.standing().filter(_AUDIO_UNCHECKED)

    def without_link_decision(self) -> Self:
        """Neither linked to the control centre nor exempted with a reason (ordinance art. 13)."""
        return self.standing().filter(_WITHOUT_LINK_DECISION)

    def with_missing_papers(self) -> Self:
        under_way = ~Q(state__in=[CameraState.PLANNED, CameraState.REMOVED])
        return self.filter(
            (under_way & Q(installing_department__isnull=True))
            | (Q(state__in=STANDING) & (_AUDIO_UNCHECKED | _WITHOUT_LINK_DECISION))
        )

    def over_retention(self, maximum: int) -> Self:
        return self.filter(retention_days__gt=maximum)

    def with_retention_ground(self, on: date) -> Self:
        """A law, decided by a document and not over on the day, lets their footage stay longer (art. 24(1) item 1)."""
        return self.exclude(retention_law="").filter(retention_until_on__gte=on)

    def without_retention_ground(self, on: date) -> Self:
        return self.filter(lacks_retention_ground(on))

    def installed_in(self, year: int) -> Self:
        return self.filter(installed_month__gte=date(year, 1, 1), installed_month__lte=date(year, 12, 31))

    # Order

    def in_order(self) -> Self:
        return self.order_by("sort_key")
