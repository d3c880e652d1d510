"""달력 주소: an address that shows an officer's due dates to calendar programs, which cannot log in.

The address is the key, so its secret has 256 bits, is shown once and stored as a digest only: a copy of the database
opens no calendar. Making a new one ends the one before. It works while its officer's account does.
"""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from ledger import append
from portal.access import may
from portal.models import CalendarFeed

SECRET_BYTES = 32
MADE, REVOKED = "calendar_feed.made", "calendar_feed.revoked"
_NO_DIGEST = "0" * 64


class AccountEnded(ValueError):
    """An ended account gets no address."""


def current(officer: Officer) -> CalendarFeed | None:
    return CalendarFeed.objects.in_force().filter(officer=officer).first()


@transaction.atomic
def make(officer: Officer, *, by: Officer) -> str:
    """A new address; the old one is dead from here on. Returns the secret, which nobody can find out again."""
    locked = Officer.objects.select_for_update().get(pk=officer.pk)
    if not locked.is_active:
        raise AccountEnded("사용이 중지된 계정에는 달력 주소를 만들 수 없습니다.")
    replaced = _end(locked, by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        officer=locked, secret_digest=digest(secret), made_at=timezone.now(), made_by=by
    )
    if replaced is not None:
        _put_on_record(REVOKED, replaced, by)
    _put_on_record(MADE, feed, by)
    return secret


@transaction.atomic
def revoke(officer: Officer, *, by: Officer | None, actor: str = "") -> bool:
    """End the address. False when there was none."""
    ended = _end(Officer.objects.select_for_update().get(pk=officer.pk), by)
    if ended is None:
        return False
    _put_on_record(REVOKED, ended, by, actor)
    return True


def opened_by(secret: str) -> CalendarFeed | None:
    """The feed of this secret, while it is in force and its officer may enter the portal.

    The search is for the digest, of which a guesser knows nothing, and what was found is compared in constant time.
    """
    wanted = digest(secret)
    feed = CalendarFeed.objects.in_force().filter(secret_digest=wanted).select_related("officer").first()
    is_same = hmac.compare_digest(feed.secret_digest if feed else _NO_DIGEST, wanted)
    if feed is None or not is_same or not feed.officer.is_active:
        return None
    return feed if may(feed.officer, ["wagtailadmin.access_admin"]) else None


def note_reading(feed: CalendarFeed) -> None:
    """Once a day, so that its officer can see whether an address is in use."""
    today = timezone.localdate()
    if feed.last_read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_on=today)


def address(secret: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('calendar_feed', args=[secret])}"


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _end(officer: Officer, by: Officer | None) -> CalendarFeed | None:
    feed = current(officer)
    if feed is not None:
        feed.revoked_at, feed.revoked_by = timezone.now(), by
        feed.save(update_fields=["revoked_at", "revoked_by"])
    return feed


def _put_on_record(kind: str, feed: CalendarFeed, by: Officer | None, actor: str = "") -> None:
    append.record(
        kind,
        actor=f"officer:{by.pk}" if by else actor,
        subject=f"officer:{feed.officer_id}",
        payload={"calendar_feed": feed.pk},
    )
