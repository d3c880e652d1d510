"""어제의 파기 확인: what was seen of a place's footage on the day that is over, told of the place and never of a request.

A proof knows why footage was kept or could not be looked at; that tells of persons and of the office's machines, so only
its class is told. What the law keeps longer is always said to be apart, whether there is any or not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from cameras.models import Camera
from footage.models import DailyProof, Storage

Result = DailyProof.Result


@dataclass(frozen=True, slots=True)
class YesterdaysDeletion:
    """How many of the cameras that store anything are of which class; `unproved` have no proof of that day."""

    on: date
    in_order: int
    overdue: int
    not_seen: int
    unproved: int
    # Files that were destroyed that day, of all of them.
    destroyed: int
    # No storage of footage is connected to this system: it can destroy nothing and prove nothing.
    is_watched: bool
    stores_nothing: bool


def of(cameras: Sequence[Camera], today: date | None = None) -> YesterdaysDeletion:
    """Of the public cameras of a site; two queries however many they are."""
    day = (today or timezone.localdate()) - timedelta(days=1)
    storing = [camera.pk for camera in cameras if not camera.stores_nothing]
    rows = DailyProof.objects.filter(camera__in=storing, on=day).order_by().values_list("result")
    counts: Counter[str] = Counter()
    destroyed = 0
    for result, many, files in rows.annotate(many=Count("pk"), files=Sum("destroyed_count")):
        counts[result] += many
        destroyed += files or 0
    return YesterdaysDeletion(
        on=day,
        in_order=counts[Result.IN_ORDER],
        overdue=counts[Result.NOT_IN_ORDER],
        not_seen=counts[Result.NOT_SEEN],
        unproved=len(storing) - counts.total(),
        destroyed=destroyed,
        is_watched=Storage.objects.exists(),
        stores_nothing=bool(cameras) and not storing,
    )
