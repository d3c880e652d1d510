"""사라진 영상: what was gone without our act, from the ledger's lines, which nothing done later changes."""

from dataclasses import dataclass

from django.db.models import Min

from footage.models import Storage
from footage.vanished import VANISHED
from ledger.models import Entry
from reports.figures.context import Reach

LOSS_CONFIRMED = "footage.loss_confirmed"


@dataclass(frozen=True)
class Vanished:
    """Files of the quarter, held ones among them; None where nothing was compared yet."""

    files: int | None
    held: int | None


def of_the_quarter(reach: Reach) -> Vanished:
    since = Storage.objects.aggregate(first=Min("compared_since"))["first"]
    lines = Entry.objects.of_kind(VANISHED, LOSS_CONFIRMED).filter(
        at__gte=reach.period.from_at, at__lt=reach.until_at
    )
    told = [Entry(payload=payload).content for payload in lines.values_list("payload", flat=True)]
    if not told and (since is None or since >= reach.until_at):
        return Vanished(None, None)
    return Vanished(
        sum(int(one.get("files", one.get("files_on_record", 0))) for one in told),
        sum(int(one.get("held", 0)) for one in told),
    )
