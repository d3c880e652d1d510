"""붙든 영상: how much footage a case keeps from being destroyed, and how much of it is in the vault."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from footage.models import Hold, VaultFile, VaultIntake
from footage.vault.intake import with_case

Range = tuple[datetime, datetime]


@dataclass(frozen=True)
class HeldFootage:
    """`length`: of what is asked to be kept, a moment of a camera once; what was recorded of it may be less."""

    cameras: int
    length: timedelta
    files: int
    bytes: int


def of_case(case: str) -> HeldFootage:
    """The holds of the case that are in force, and the originals of it that are here."""
    ranges: dict[int, list[Range]] = defaultdict(list)
    in_force = with_case(Hold.objects.filter(released_at=None)).filter(case=case)
    for camera, *held in in_force.values_list("camera", "from_at", "until_at"):
        ranges[camera].append((held[0], held[1]))
    kept = (
        VaultFile.objects.originals()
        .filter(case__reference=case, removed_at=None)
        .aggregate(files=Count("pk"), bytes=Sum("bytes"))
    )
    length = sum((_once(each) for each in ranges.values()), timedelta())
    return HeldFootage(len(ranges), length, kept["files"], kept["bytes"] or 0)


@dataclass(frozen=True)
class Copying:
    """How far the copying has come: files that are still to be copied, that were seen and gone before their turn, that cannot
    be read, and copies that are no longer what they were; and why nothing could be copied, in words."""

    waiting: int
    vanished: int
    unreadable: int
    damaged: int
    problems: tuple[str, ...]


def copying(case: str) -> Copying:
    """Of the holds of the case that are in force."""
    in_force = with_case(Hold.objects.filter(released_at=None)).filter(case=case)
    rows = VaultIntake.objects.filter(hold__in=in_force.values("pk"))
    told = rows.aggregate(*(Sum(name, default=0) for name in ("waiting", "vanished", "unreadable")))
    kept = VaultFile.objects.filter(case__reference=case, removed_at=None)
    return Copying(
        told["waiting__sum"],
        told["vanished__sum"],
        told["unreadable__sum"],
        kept.filter(~Q(problem="")).count(),
        tuple(rows.exclude(problem="").order_by("problem").values_list("problem", flat=True).distinct()),
    )


def _once(ranges: Iterable[Range]) -> timedelta:
    """What overlaps is one moment."""
    length, reached = timedelta(), None
    for start, end in sorted(ranges):
        begins = start if reached is None or start > reached else reached
        length += max(end - begins, timedelta())
        reached = end if reached is None else max(reached, end)
    return length
