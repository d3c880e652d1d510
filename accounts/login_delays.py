"""Guessing passwords and second factors gets slower and slower, and nobody can be locked out by somebody else.

Each failed login makes the next one wait: for the account, for the address block that it came from, and for everybody
together. A wait grows with the failures and has an end; trying meanwhile neither counts nor prolongs it, since the
password is not even looked at. A browser in which an officer has logged in before is known (a signed cookie): it waits
for its own failures only, so that a stranger who hammers on an account does not keep its owner out.

Every attempt first writes down that it failed and takes that back when it succeeds: of a hundred at once one is judged.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.addresses import household
from accounts.encryption import keyed_digest
from accounts.models import LoginDelay, Officer

KNOWN_DEVICE = "known-device"
KNOWN_FOR = timedelta(days=180)
_SALT = "accounts.known-device"
# After so long without a failure they are forgotten.
REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True)
class Slowness:
    """So many failures cost nothing; then the wait doubles from `first` up to `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def after(self, failures: int) -> timedelta:
        if failures <= self.free:
            return timedelta(0)
        return min(self.first * 2 ** min(failures - self.free - 1, 30), self.longest)


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SLOWNESS = {
    "device": Slowness(5, 5 * SECOND, 5 * MINUTE),
    "account": Slowness(5, 5 * SECOND, 5 * MINUTE),
    "factor": Slowness(5, 5 * SECOND, 5 * MINUTE),
    "address": Slowness(10, 5 * SECOND, 15 * MINUTE),
    "everybody": Slowness(100, 1 * SECOND, 10 * SECOND),
    # Not failures: questions to keys that nobody has answered, each a row of the database. A whole office sits behind one address.
    "question": Slowness(200, 5 * SECOND, 15 * MINUTE),
}


class MustWait(Exception):
    """The password was not looked at."""

    def __init__(self, until_at: datetime) -> None:
        self.until_at = until_at
        super().__init__(f"{self.seconds}초 뒤에 다시 로그인하십시오.")

    @property
    def seconds(self) -> int:
        return max(1, -int(-(self.until_at - timezone.now()).total_seconds() // 1))


@dataclass(frozen=True)
class Attempt:
    """One attempt on record; `keys` are the rows of `LoginDelay` that it counts in."""

    keys: tuple[str, ...]


def begin(request: HttpRequest, username: str) -> Attempt:
    """Count the attempt as failed before the password is looked at. Raises MustWait, and counts nothing, in a wait."""
    return _begin(_keys(request, username))


def begin_factor(request: HttpRequest, whose: str) -> Attempt:
    """The same for a second factor: whoever gets there knew the password or holds a key, so what is typed as a name at
    the login never counts here."""
    around = () if _device(request, whose) else (_address(request),)
    return _begin((_factor(whose), *around))


def note_question(request: HttpRequest) -> None:
    """A stranger asks for a question to the own keys. Raises MustWait where that address has asked for too many."""
    _begin((_address(request).replace("address:", "question:", 1),))


def _begin(keys: tuple[str, ...]) -> Attempt:
    now = timezone.now()
    with transaction.atomic():
        LoginDelay.objects.bulk_create(
            [LoginDelay(key=key, last_at=now) for key in keys], ignore_conflicts=True
        )
        rows = list(LoginDelay.objects.select_for_update().filter(key__in=keys).order_by("key"))
        until = max((row.until_at for row in rows if row.until_at), default=None)
        if until is not None and until > now:
            raise MustWait(until)
        for row in rows:
            row.failures = 1 if row.last_at < now - REMEMBERED else row.failures + 1
            row.last_at = now
            row.until_at = now + SLOWNESS[row.key.partition(":")[0]].after(row.failures)
            row.save()
    return Attempt(keys)


def succeed(attempt: Attempt) -> None:
    """It was right: what it counted is taken back, and the failures of the account, device or factor with it."""
    with transaction.atomic():
        for row in LoginDelay.objects.select_for_update().filter(key__in=attempt.keys).order_by("key"):
            if row.key.partition(":")[0] in ("account", "device", "factor"):
                row.delete()
                continue
            row.failures = max(row.failures - 1, 0)
            row.until_at = None
            row.save()


def lift(officer: Officer) -> bool:
    """An administrator ends the waiting of the account and of its second factor; whether there was any."""
    keys = (_account(officer.username), _factor(officer.username))
    return bool(LoginDelay.objects.filter(key__in=keys).delete()[0])


def forget_old() -> int:
    """What no wait looks at any more; how many rows."""
    return LoginDelay.objects.filter(last_at__lt=timezone.now() - REMEMBERED).delete()[0]


def _keys(request: HttpRequest, username: str) -> tuple[str, ...]:
    address = _address(request)
    if device := _device(request, username):
        # What somebody else at the same address did is not its own.
        return (f"device:{keyed_digest('login-device', device)}",)
    return (_account(username), address, "everybody:")


def _address(request: HttpRequest) -> str:
    return f"address:{keyed_digest('login-address', household(str(request.META.get('REMOTE_ADDR', ''))))}"


def _factor(whose: str) -> str:
    return f"factor:{keyed_digest('login-factor', whose.casefold())}"


def _account(username: str) -> str:
    return f"account:{keyed_digest('login-account', username.casefold())}"


def _device(request: HttpRequest, username: str) -> str:
    """The known browser's own number, when it is known for this account; "" otherwise."""
    try:
        known = signing.loads(request.COOKIES.get(KNOWN_DEVICE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return ""
    names = known.get("accounts", []) if isinstance(known, dict) else []
    return str(known["device"]) if _account(username) in names else ""


def known_device(request: HttpRequest, officer: Officer, new_number: str) -> str:
    """What the cookie says after this officer has logged in; others who use the same browser stay known."""
    try:
        known = signing.loads(request.COOKIES.get(KNOWN_DEVICE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        known = {"device": new_number, "accounts": []}
    names = [name for name in known["accounts"] if name != _account(officer.username)]
    # A shared counter has a few users, not fifty.
    return signing.dumps({**known, "accounts": [*names, _account(officer.username)][-8:]}, salt=_SALT)
