"""두 번째 인증: one-time codes of an app (TOTP, RFC 6238), passkeys (`accounts.passkeys`) and recovery codes.

The code is made and checked by `cryptography`, which the product has already (docs/decisions). A code works once: the step
of the last one is kept, under the row's lock, so that of two requests with the same code one is refused. Recovery codes are
kept as keyed digests. Whoever guesses is slowed down like one who guesses passwords (`accounts.login_delays`).
"""

import base64
import binascii
import datetime
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import login_delays, roles
from accounts.encryption import keyed_digest
from accounts.models import Officer, Passkey, SecondFactor

DIGITS, STEP_SECONDS = 6, 30
SECRET_BYTES = 20
# Clocks of telephones go wrong by half a minute.
AROUND = 1
RECOVERY_CODES = 10
_PURPOSE = "recovery-code"


class WrongCode(Exception):
    """Not a code of now, used already, or none at all."""


class LastFactor(Exception):
    """The only one of somebody who must have one."""


class ProofWay(models.TextChoices):
    """By what somebody proved who it is."""

    CODE = "code", "인증 앱의 번호"
    RECOVERY_CODE = "recovery_code", "복구 번호"
    PASSKEY = "passkey", "패스키"
    PASSWORD = "password", "비밀번호"


@dataclass(frozen=True)
class Passed:
    way: ProofWay = ProofWay.CODE
    codes_left: int = 0


def has(officer: Officer) -> bool:
    """An app, or a passkey; recovery codes alone are none."""
    return app_since(officer) is not None or officer.passkeys.exists()


def app_since(officer: Officer) -> datetime.datetime | None:
    """Since when an app is registered; None where none is."""
    row = SecondFactor.objects.filter(officer=officer).first()
    return row.confirmed_at if row else None


def codes_left(officer: Officer) -> int:
    row = SecondFactor.objects.filter(officer=officer).first()
    return len(row.recovery) if row else 0


def must_have(officer: Officer) -> bool:
    """Whoever reaches persons or footage; the others may."""
    role = roles.role_of(officer)
    return officer.is_superuser or (role is not None and roles.reaches_persons(role))


def grace_ends(officer: Officer) -> datetime.datetime:
    return officer.date_joined + datetime.timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)


def offer(officer: Officer) -> str:
    """A new secret (base32), that counts when a code of it was typed; a former one works until then."""
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    with transaction.atomic():
        row, _ = SecondFactor.objects.get_or_create(officer=officer)
        row.offered = secret
        row.save(update_fields=["offered"])
    return secret


def offered(officer: Officer) -> str:
    row = SecondFactor.objects.filter(officer=officer).first()
    return str(row.offered) if row else ""


def address(officer: Officer, secret: str, issuer: str) -> str:
    """What the app reads from the picture (otpauth://)."""
    return _totp(secret).get_provisioning_uri(officer.username, issuer)


def accept(request: HttpRequest, officer: Officer, code: str) -> list[str]:
    """The offered secret is the officer's from now on; the recovery codes, shown this once. `WrongCode`, `MustWait`."""
    attempt = login_delays.begin_factor(request, officer.username)
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(officer=officer).first()
        if row is None or not row.offered:
            raise WrongCode
        step = _step_of(str(row.offered), code, after=0)
        row.secret, row.offered = str(row.offered), ""
        row.confirmed_at, row.last_step = timezone.now(), step
        codes = _new_codes(row)
        row.save()
    login_delays.succeed(attempt)
    return codes


def check(request: HttpRequest, officer: Officer, code: str) -> Passed:
    """A code of the app, or a recovery code, which is used up. `WrongCode`; `MustWait` where too many were wrong."""
    attempt = login_delays.begin_factor(request, officer.username)
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().filter(officer=officer).first()
        if row is None or not has(officer):
            raise WrongCode
        used = _digest(officer, code)
        if used in row.recovery:
            row.recovery = [each for each in row.recovery if each != used]
            row.save(update_fields=["recovery"])
            passed = Passed(ProofWay.RECOVERY_CODE, codes_left=len(row.recovery))
        elif row.confirmed_at is None:
            raise WrongCode
        else:
            row.last_step = _step_of(str(row.secret), code, after=row.last_step)
            row.save(update_fields=["last_step"])
            passed = Passed(codes_left=len(row.recovery))
    login_delays.succeed(attempt)
    return passed


def renew_codes(officer: Officer) -> list[str]:
    """New recovery codes; the former ones work no more."""
    with transaction.atomic():
        row, _ = SecondFactor.objects.select_for_update().get_or_create(officer=officer)
        codes = _new_codes(row)
        row.save(update_fields=["recovery"])
    return codes


def remove_passkey(officer: Officer, key: Passkey) -> None:
    """`LastFactor` where nothing would be left to somebody who must have one."""
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        key.delete()
        if not has(officer):
            if must_have(officer):
                raise LastFactor
            # Recovery codes of nothing.
            SecondFactor.objects.filter(officer=officer).delete()


def remove(officer: Officer) -> bool:
    """Two officials have said so (`casework.role_changes`): app, passkeys and recovery codes; whether there was any."""
    with transaction.atomic():
        had = has(officer)
        SecondFactor.objects.filter(officer=officer).delete()
        officer.passkeys.all().delete()
    return had


def _new_codes(row: SecondFactor) -> list[str]:
    raw = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    row.recovery = [_digest(row.officer, code) for code in raw]
    return ["-".join(code[place : place + 4] for place in range(0, 16, 4)) for code in raw]


def _digest(officer: Officer, code: str) -> str:
    plain = "".join(code.split()).replace("-", "").lower()
    return keyed_digest(_PURPOSE, f"{officer.pk}:{plain}")


def _step_of(secret: str, code: str, *, after: int) -> int:
    """Which step the code is of: one of now, later than the last that was used."""
    plain = "".join(code.split())
    now = int(timezone.now().timestamp()) // STEP_SECONDS
    for step in range(now - AROUND, now + AROUND + 1):
        if step > after and _is_of(secret, plain, step):
            return step
    raise WrongCode


def _is_of(secret: str, code: str, step: int) -> bool:
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return False
    try:
        _totp(secret).verify(code.encode(), step * STEP_SECONDS)
    except (InvalidToken, InvalidKey, binascii.Error):
        return False
    return True


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every app knows, and what RFC 6238 begins with; the code is a keyed digest of time, no fingerprint.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - see above
