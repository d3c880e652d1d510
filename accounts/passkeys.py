"""패스키와 보안 키 (WebAuthn): keys that answer for this address alone, so that no copied login page gets anything from them.

`fido2` checks what the browser brings (docs/decisions/0014); what it does not is here: one challenge is answered once (the
caller takes it out of the session first), a key answers for its own officer, and a counter that does not grow means a copy.
The name that keys are bound to is the host of PUBLIC_URL; another origin is refused. Nothing leaves the host: who made the
key is not asked (attestation).
"""

import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts import login_delays
from accounts.encryption import keyed_digest
from accounts.models import Officer, Passkey

MOST_KEYS = 10
# Longer than any answer of a browser: a credential's number has at most 1,023 bytes.
LONGEST_ANSWER = 20_000


class WrongKey(Exception):
    """Not an answer to this question by a key of this person.

    `officer`: whose key it is; None where nobody has it. `is_judged`: it was looked at, and has made the next try wait.
    """

    def __init__(self, officer: Officer | None = None, *, is_judged: bool = False) -> None:
        super().__init__("not an answer to this question")
        self.officer, self.is_judged = officer, is_judged


class CopiedKey(WrongKey):
    """The counter did not grow: somebody may have a copy of the key."""


@dataclass(frozen=True)
class Question:
    """What the browser asks its keys, and what the session keeps until the answer comes."""

    options: dict[str, Any]
    state: dict[str, Any]


def origin() -> str:
    parts = urlsplit(settings.PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_possible(request: HttpRequest) -> bool:
    """Whether browsers offer keys here: at the address of PUBLIC_URL, by TLS (or on this machine), not at a bare number."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        is_secure = origin().startswith("https://") or host == "localhost" or host.endswith(".localhost")
        return is_secure and f"{request.scheme}://{request.get_host()}".lower() == origin()
    return False


def ask_to_register(officer: Officer, *, office: str) -> Question:
    user = PublicKeyCredentialUserEntity(
        id=_handle(officer), name=officer.username, display_name=str(officer)
    )
    options, state = _server(office).register_begin(
        user,
        [_credential(key) for key in officer.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(dict(options["publicKey"]), dict(state))


def register(officer: Officer, state: dict[str, Any] | None, answer: str, *, name: str) -> Passkey:
    """The key is the officer's from now on. `WrongKey`; `ValidationError` names what is wrong with the name."""
    if state is None:
        raise WrongKey
    try:
        found = _server().register_complete(state, RegistrationResponse.from_dict(_read(answer)))
        data = found.credential_data
    except _UNREADABLE as error:
        raise WrongKey from error
    if data is None:
        raise WrongKey
    key = Passkey(
        officer=officer,
        credential=websafe_encode(data.credential_id),
        public_key=websafe_encode(bytes(data)),
        counter=found.counter,
        name=name.strip(),
        added_at=timezone.now(),
    )
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        if officer.passkeys.count() >= MOST_KEYS:
            raise ValidationError(f"패스키는 {MOST_KEYS}개까지 등록합니다. 쓰지 않는 것을 먼저 없애십시오.")
        key.full_clean()
        key.save()
    return key


def ask(officer: Officer | None) -> Question:
    """Of a person who is known, any of the own keys; of a stranger a key that knows its person, and has checked who holds it."""
    keys = None if officer is None else [_credential(key) for key in officer.passkeys.all()]
    needed = (
        UserVerificationRequirement.REQUIRED if officer is None else UserVerificationRequirement.PREFERRED
    )
    options, state = _server().authenticate_begin(keys, user_verification=needed)
    return Question(dict(options["publicKey"]), dict(state))


def check(
    request: HttpRequest, officer: Officer | None, state: dict[str, Any] | None, answer: str
) -> Passkey:
    """Whose key answered the question. `WrongKey`; `MustWait` where too many were wrong."""
    try:
        response = AuthenticationResponse.from_dict(_read(answer))
        credential = websafe_encode(response.raw_id)
    except _UNREADABLE as error:
        raise WrongKey from error
    known = Passkey.objects.filter(credential=credential).select_related("officer").first()
    owner = known.officer if known else None
    attempt = login_delays.begin_factor(request, owner.username if owner else "")
    if known is None or state is None or officer not in (None, owner) or not known.officer.is_active:
        raise WrongKey(owner, is_judged=True)
    with transaction.atomic():
        key = Passkey.objects.select_for_update(of=("self",)).filter(pk=known.pk).first()
        if key is None:  # removed meanwhile
            raise WrongKey(owner, is_judged=True)
        _judge(key, state, response, is_login=officer is None)
        key.counter = response.response.authenticator_data.counter
        key.last_used_at = timezone.now()
        key.save(update_fields=["counter", "last_used_at"])
    login_delays.succeed(attempt)
    return key


def _judge(key: Passkey, state: dict[str, Any], response: AuthenticationResponse, *, is_login: bool) -> None:
    try:
        _server().authenticate_complete(state, [_credential(key)], response)
    except _UNREADABLE as error:
        raise WrongKey(key.officer, is_judged=True) from error
    counter = response.response.authenticator_data.counter
    # Keys that count never count back; many count nothing at all.
    if (counter or key.counter) and counter <= key.counter:
        raise CopiedKey(key.officer, is_judged=True)
    if is_login and response.response.user_handle != _handle(key.officer):
        raise WrongKey(key.officer, is_judged=True)


# What `fido2` raises of what is no answer, of another question, or of another origin.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError)


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read


def _server(office: str = "CCTV") -> Fido2Server:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    ours = origin()
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=office), verify_origin=lambda given: given.lower() == ours
    )


def _credential(key: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(key.public_key))


def _handle(officer: Officer) -> bytes:
    """By what a key knows its person: no name, and no number that says anything elsewhere."""
    return bytes.fromhex(keyed_digest("passkey-handle", str(officer.pk)))[:32]
