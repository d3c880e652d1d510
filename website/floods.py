"""Floods of public forms: how many one address may send, so that a family behind one address is never locked out.

Accepted forms are counted: who is refused may try again and is told when, and trying does not prolong it. A form that
brings a file counts each try as well, by a wider limit and before the file is looked at, since a refused file costs as
much as a good one. An address is kept as a keyed digest and only for a day. IPv6 counts by its first 64 bits, which one household has.

    if message := floods.refusal(request, "opinion"):
        form.add_error(None, message)
    else:
        with transaction.atomic():
            ...
            floods.mark(request, "opinion")
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from accounts.addresses import household
from website.models import FloodMark

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many accepted forms of one address within a span of a day at most."""

    count: int
    within: timedelta


USUAL = (Limit(10, timedelta(minutes=10)), Limit(50, KEPT))
# Wrong receipts that are counted one by one; from then on the log says so.
GUESSES = (Limit(20, timedelta(minutes=10)),)
# Of sendings, accepted or not: what has to be looked at costs the office the same.
TRIES = (Limit(40, timedelta(minutes=10)), Limit(300, KEPT))


def refusal(request: HttpRequest, form: str, limits: Sequence[Limit] = USUAL, *, matter: str = "") -> str:
    """Why this address must wait, for the person who reads it; empty when it need not.

    `matter`: what the sender has shown to be theirs by its numbers. It is then counted by that and not by the address,
    which on a telephone thousands of strangers share.
    """
    now = timezone.now()
    source = _of_matter(matter) if matter else source_of(request)
    sent = list(
        FloodMark.objects.filter(form=form, source=source, at__gt=now - KEPT)
        .order_by("-at")
        .values_list("at", flat=True)[: max(limit.count for limit in limits)]
    )
    free_at = max((_free_at(sent, limit) for limit in limits), default=now)
    if free_at <= now:
        return ""
    logging.getLogger("security").warning(
        "flood", extra={"fields": {"form": form, "source": source_of(request)[:16]}}
    )
    minutes = max(1, -int(-(free_at - now).total_seconds() // 60))
    if matter:
        return gettext(
            "이 접수번호로 짧은 시간에 너무 많이 보내셨습니다. %(minutes)d분 뒤에 다시 보내 주십시오. 적은 내용은 그대로 있습니다."
        ) % {"minutes": minutes}
    return gettext(
        "같은 인터넷 주소에서 짧은 시간에 너무 많이 접수되었습니다. %(minutes)d분 뒤에 다시 보내 주십시오. 적은 내용은 "
        "그대로 있습니다."
    ) % {"minutes": minutes}


def _free_at(sent: Sequence[datetime], limit: Limit) -> datetime:
    """When the oldest of the last `count` forms falls out of the span; long ago when there are fewer."""
    if len(sent) < limit.count:
        return datetime.min.replace(tzinfo=timezone.get_current_timezone()) + KEPT
    return sent[limit.count - 1] + limit.within


def mark(request: HttpRequest, form: str, amount: float = 0.0, *, matter: str = "") -> None:
    """Count one accepted form, and what it used up; part of the transaction that accepts it."""
    source = _of_matter(matter) if matter else source_of(request)
    FloodMark.objects.create(form=form, source=source, at=timezone.now(), amount=amount)


def note_guess(request: HttpRequest, form: str) -> None:
    """A receipt that does not exist: counted and, when there are many, told to the security log.

    Nobody is locked out: others behind the same address hold right receipts, and 40 bits and more are not guessed.
    """
    if not refusal(request, form, GUESSES):
        mark(request, form)


def used(request: HttpRequest, form: str) -> float:
    """What this household used up within the last day."""
    marks = FloodMark.objects.filter(form=form, source=source_of(request), at__gt=timezone.now() - KEPT)
    return float(marks.aggregate(total=Sum("amount"))["total"] or 0)


def refusal_of_try(request: HttpRequest, form: str, *, matter: str = "") -> str:
    """Asked before anything that was sent is decoded: why this address must wait. One sending is counted otherwise."""
    tried = f"{form}.try"
    message = refusal(request, tried, TRIES, matter=matter)
    if not message:
        mark(request, tried, matter=matter)
    return message


def forget(now: datetime | None = None) -> int:
    """Erase what no limit looks at any more."""
    return FloodMark.objects.filter(at__lte=(now or timezone.now()) - KEPT).delete()[0]


def _of_matter(matter: str) -> str:
    return salted_hmac("website.floods.matter", matter, algorithm="sha256").hexdigest()


def source_of(request: HttpRequest) -> str:
    """A keyed digest of the household's address: the same for the same sender, and no way back.

    Behind a proxy of the office the address is the one that `config.serve` took from it.
    """
    sender = household(request.META.get("REMOTE_ADDR", ""))
    return salted_hmac("website.floods", sender, algorithm="sha256").hexdigest()
