"""허용망 (망분리): from which networks a role may do a kind of act. The data is `ALLOWED_NETWORKS`; without it everything is open.

    ALLOWED_NETWORKS="footage=10.20.0.0/16; portal@system_administrator=10.30.0.0/24, 10.31.0.7"

A rule of a role goes before that of its kind. The address is that of the connection, in whose place `config.serve` puts what
the trusted proxy says, and no header that anybody may send. It is the request's and not handed from function to function, since
the gate that asks (`records.access`) is far from the screen; outside a request, in commands and workers, it is the machine itself.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from accounts import roles
from accounts.models import Officer
from accounts.roles import Role

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Kind(models.TextChoices):
    """What a network may be asked for."""

    PORTAL = "portal", "업무 포털의 모든 화면"
    FOOTAGE = "footage", "영상의 재생과 꾸러미의 내려받기"


Rules = Mapping[tuple[Kind, Role | None], tuple[Network, ...]]
_here: ContextVar[str | None] = ContextVar("address_of_the_request", default=None)


@contextmanager
def request_from(address: str) -> Iterator[None]:
    token = _here.set(address)
    try:
        yield
    finally:
        _here.reset(token)


def here() -> str | None:
    """The address of the request that is answered; None where there is no request."""
    return _here.get()


def rules() -> Rules:
    return read(settings.ALLOWED_NETWORKS)


@lru_cache(maxsize=8)
def read(text: str) -> Rules:
    """ImproperlyConfigured names the part that cannot be read: a rule that is misspelled must not mean "open"."""
    found: dict[tuple[Kind, Role | None], tuple[Network, ...]] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, _, listed = part.partition("=")
        kind, _, role = name.strip().partition("@")
        try:
            key = Kind(kind.strip()), Role(role.strip()) if role else None
            networks = tuple(ipaddress.ip_network(each.strip()) for each in listed.split(","))
        except ValueError as error:
            raise ImproperlyConfigured(f"ALLOWED_NETWORKS를 읽을 수 없습니다: {part!r} ({error})") from error
        if key in found:
            raise ImproperlyConfigured(f"ALLOWED_NETWORKS에 두 번 적혔습니다: {name.strip()!r}")
        found[key] = networks
    return found


def allowed(kind: Kind, officer: Officer) -> tuple[Network, ...] | None:
    """From where this person may do that; None: from anywhere."""
    if not (known := rules()):
        return None
    role = roles.role_of(officer)
    return known.get((kind, role), known.get((kind, None)))


def may(kind: Kind, officer: Officer) -> bool:
    address, networks = here(), allowed(kind, officer)
    if networks is None or address is None:
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in networks)


def statements() -> list[str]:
    """What is in force, in words."""
    known = rules()
    return [sentence for kind in Kind for sentence in _statements(kind, known)]


def _statements(kind: Kind, known: Rules) -> Iterator[str]:
    if not any(each == kind for each, _ in known):
        yield f"{kind.label}: 망을 정하지 않아 어디서나 됩니다."
        return
    for (each, role), networks in known.items():
        if each == kind:
            yield f"{kind.label}, {role.label if role else '모든 역할'}: {', '.join(map(str, networks))}"
    if (kind, None) not in known:
        yield f"{kind.label}, 그 밖의 역할: 망을 정하지 않아 어디서나 됩니다."
