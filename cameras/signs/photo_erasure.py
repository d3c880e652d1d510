"""Erasing photographs (사진의 파기, PIPA art. 21): photographs of signs may show passers-by, and are not kept for ever.

After the period of the profile both files of a check go, the original and the copy; the check itself stays with time,
place, distance, outcome, person and digest. What must stay is asked first, and never erased:

- the latest photograph that counted for a sign in use, however old: the rule `sign` asks for one (ordinance art. 9);
- a file that a check within its period has too: a refused photograph that was confirmed by hand stands in two checks.

Erasing cannot be taken back, so one function does it. It holds the checks, asks again, and deletes the files when all
of it is stored.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from cameras.models import Sign, SignCheck
from casework import portions
from ledger import append
from ordinance import parameters

PERIOD = "sign_photo_keep_days"
KIND_ERASED = "cameras.sign_photos_erased"
ERASER = "system:cameras"
ERASED_AT_ONCE = 500


@dataclass(frozen=True)
class Erased:
    """Checks that lose their picture, and files that go with them."""

    checks: int
    files: int


def due(now: dt.datetime | None = None) -> "QuerySet[SignCheck]":
    """Checks whose photograph is to be erased as of that instant."""
    at = now or timezone.now()
    limit = at - dt.timedelta(days=int(parameters.value(PERIOD, timezone.localdate(at)).value))
    with_photo = SignCheck.objects.exclude(photo="")
    staying = with_photo.filter(Q(checked_at__gt=limit) | Q(pk__in=_latest_of_signs_in_use()))
    return with_photo.filter(checked_at__lte=limit).exclude(photo__in=staying.values("photo")).order_by("pk")


def _latest_of_signs_in_use() -> "QuerySet[Sign, Any]":
    counted = SignCheck.objects.exclude(outcome=SignCheck.Outcome.REFUSED).exclude(photo="")
    newest = counted.filter(sign=OuterRef("pk")).order_by(
        Coalesce("stated_on", TruncDate("taken_at"), TruncDate("checked_at")).desc(), "-checked_at", "-pk"
    )
    in_use = Sign.objects.filter(retired_on__isnull=True).order_by()
    return in_use.annotate(newest_check=Subquery(newest.values("pk")[:1])).values("newest_check")


def rehearse(now: dt.datetime | None = None) -> Erased:
    """What `erase_due` would erase; nothing is written."""
    rows = list(due(now))
    return Erased(len(rows), len(_files_of(rows)))


def erase_due(now: dt.datetime | None = None) -> Erased:
    """Erase them, in portions: each is a transaction with its line in the ledger. Running twice erases nothing more."""
    checks = files = 0
    while (portion := _erase_some(now)).checks:
        checks += portion.checks
        files += portion.files
    return Erased(checks, files)


def _erase_some(now: dt.datetime | None) -> Erased:
    at = now or timezone.now()
    with transaction.atomic():
        # One of them may have been confirmed by hand before it was held.
        rows = portions.hold(lambda: due(at), ERASED_AT_ONCE)
        if not rows:
            return Erased(0, 0)
        SignCheck.objects.filter(pk__in=[row.pk for row in rows]).update(
            photo="", public_photo="", photo_erased_at=at
        )
        append.record(
            KIND_ERASED,
            actor=ERASER,
            subject="sign-checks",
            payload={
                "checks": [row.pk for row in rows],
                "photos": sorted({row.photo_sha256 for row in rows}),
                "until": at.isoformat(),
            },
        )
        # A file that a check of the next portion has too goes with the last of them.
        names = _files_of(rows) - _still_used(_files_of(rows))
        storage = SignCheck._meta.get_field("photo").storage
        for name in sorted(names):
            transaction.on_commit(partial(storage.delete, name))
    return Erased(len(rows), len(names))


def _files_of(rows: Iterable[SignCheck]) -> set[str]:
    return {str(file.name) for row in rows for file in (row.photo, row.public_photo) if file}


def _still_used(names: set[str]) -> set[str]:
    found = SignCheck.objects.filter(Q(photo__in=names) | Q(public_photo__in=names))
    return _files_of(found)
