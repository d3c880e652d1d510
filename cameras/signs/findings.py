"""What happened to a sign shows at once in the findings of its site's cameras."""

from collections.abc import Iterable

from cameras.models import Camera
from ordinance import assessment


def rejudge(sites: Iterable[int]) -> None:
    """Judge the rule `sign` anew for all cameras of these sites, within the caller's transaction."""
    numbers = Camera.objects.filter(site__in=list(sites)).values_list("number", flat=True)
    assessment.rejudge(numbers, codes=["sign"])
