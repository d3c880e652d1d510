"""What is due today: every app registers a provider, the home page asks them all.

A provider that fails must not hide the others, nor hide that it failed: it becomes an item of its own.

Reminders and calendars must know an item again on another day, so it has a `key`. The default is its code and what
its address names (`footage.storage_absent:3`). A provider gives its own where that would not do: the address changes
while the matter stays the same (the last failed run), or several matters share code and address.
"""

import datetime
import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from ordinance.citations import named

logger = logging.getLogger(__name__)


class Severity(StrEnum):
    FAILED = "failed"
    OVERDUE = "overdue"
    DUE = "due"
    INFO = "info"


KEY_LENGTH = 200
# An item with this key says that a provider failed, and whose items are missing.
FAILED_PROVIDER = "due.failed_provider"
ORDER = {severity.value: position for position, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done about an item, in a word, and the rights of which one is needed."""

    verb: str = "열기"
    needs: tuple[str, ...] = ()


_deeds: dict[str, Deed] = {}


def declare(code: str, verb: str, *needs: str) -> None:
    """Once per code, from the app that gives such items; what only informs, or is one officer's own, needs no right."""
    _deeds[code] = Deed(verb, needs)


@dataclass(frozen=True, slots=True)
class DueItem:
    code: str
    title: str
    detail: str = ""
    severity: str = Severity.DUE
    url_name: str = ""
    url_args: tuple[Any, ...] = field(default=())
    url: str = ""
    count: int = 1
    article: str = ""
    due_on: datetime.date | None = None
    # Since when this has been waiting, where the provider knows it.
    since: datetime.datetime | None = None
    # The same matter has the same key on every day, whatever its title, severity and date; KEY_LENGTH at most.
    key: str = ""
    # What sort of work it is, in Korean, to choose by; empty: the name of the app that the code begins with.
    kind: str = ""
    # Whose it is, where it is one officer's: `Officer.pk`. None: the duty of all who may do it.
    officer_id: int | None = None
    # What the button says ("회신하기"), and the rights of which one is needed to do it; empty: as declared for the code.
    verb: str = ""
    needs: tuple[str, ...] = ()
    # Whose matter waits for it, and who cannot do it although the right is there (the first of two persons).
    asker_id: int | None = None
    not_by: frozenset[int | None] = frozenset()
    # The only ones who can, where the right alone is not enough (who holds a post); None: all who have the right.
    only: frozenset[int] | None = None
    # Rights of those whose matter it is too while somebody else acts: they see it as waiting.
    waits: tuple[str, ...] = ()
    # Where the matter stands, for those who wait for it and cannot open the act's own screen.
    page_name: str = ""
    page_args: tuple[Any, ...] = field(default=())
    # Hung on the screen's address.
    query: str = ""

    def __post_init__(self) -> None:
        if self.severity not in ORDER:
            raise ValueError(f"unknown severity: {self.severity}")
        if len(self.key) > KEY_LENGTH:
            raise ValueError(f"a key has {KEY_LENGTH} characters at most: {self.key}")
        # The class is frozen and this is its own first moment.
        object.__setattr__(self, "key", self.key or self._default_key())
        declared = _deeds.get(self.code, Deed())
        # One form of citation on every line: an article without a law's name is the ordinance's.
        object.__setattr__(self, "article", named(self.article))
        object.__setattr__(self, "verb", self.verb or declared.verb)
        object.__setattr__(self, "needs", self.needs or declared.needs)

    def _default_key(self) -> str:
        subject = "/".join(str(part) for part in self.url_args) if self.url_name else self.url
        key = f"{self.code}:{subject}" if subject else self.code
        return key if len(key) <= KEY_LENGTH else f"digest:{hashlib.sha256(key.encode()).hexdigest()}"

    @property
    def href(self) -> str:
        """Where to deal with it; empty when no screen exists for it (yet)."""
        if self.url or not self.url_name:
            return self.url
        address = _address(self.url_name, self.url_args)
        return f"{address}?{self.query}" if address and self.query else address

    @property
    def page_href(self) -> str:
        """Where it is read; empty where that is the screen on which it is dealt with."""
        return _address(self.page_name, self.page_args) if self.page_name else ""

    @property
    def is_anybodys(self) -> bool:
        """Nobody in particular acts: it is told, and is no one's task."""
        return self.officer_id is None and not self.needs


def _address(url_name: str, args: tuple[Any, ...]) -> str:
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


class Provider(Protocol):
    def __call__(self, now: datetime.datetime, officer: Any = None) -> Iterable[DueItem]: ...


_providers: dict[str, Provider] = {}


def register(code: str, provider: Provider) -> None:
    """Called once, from an app's `ready`. The same code again with another provider is a mistake."""
    if code in _providers and _providers[code] is not provider:
        raise ValueError(f"a provider of due items is already registered as {code!r}")
    _providers[code] = provider


def unregister(code: str) -> None:
    _providers.pop(code, None)


def registered() -> tuple[str, ...]:
    return tuple(sorted(_providers))


def collect(now: datetime.datetime | None = None, officer: Any = None) -> list[DueItem]:
    """Every item of every provider, the worst first."""
    at = now or timezone.now()
    items: list[DueItem] = []
    for code in registered():
        items.extend(_ask(code, partial(_providers[code], at, officer)))
    return sorted(items, key=lambda item: (ORDER[item.severity], item.due_on or datetime.date.max, item.code))


def is_complete(items: Iterable[DueItem]) -> bool:
    """Whether every provider answered: only then is a matter that is not among the items over."""
    return not any(item.key.startswith(f"{FAILED_PROVIDER}:") for item in items)


def _savepoint() -> AbstractContextManager[Any]:
    """So that one provider's broken query does not poison the caller's transaction; outside of one a
    transaction would only make readers wait for the single writer of SQLite."""
    return transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext()


def _ask(code: str, provide: Callable[[], Iterable[DueItem]]) -> list[DueItem]:
    try:
        with _savepoint():
            items = list(provide())
            for item in items:
                if not isinstance(item, DueItem):
                    raise TypeError(f"{code} gave {type(item).__name__} instead of DueItem")
            return items
    except Exception as error:
        logger.exception("the provider of due items %r failed", code)
        return [
            DueItem(
                code=code,
                title="할 일 목록을 불러오지 못했습니다",
                detail=f"'{code}' 항목을 확인할 수 없습니다 ({type(error).__name__}). 관리자에게 알려 주십시오.",
                severity=Severity.FAILED,
                key=f"{FAILED_PROVIDER}:{code}"[:KEY_LENGTH],
            )
        ]
