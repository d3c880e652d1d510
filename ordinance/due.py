"""What is due today: every app registers a provider, the home page asks them all.

A provider that fails must not hide the others, nor hide that it failed: it becomes an item of its own.
"""

import datetime
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

logger = logging.getLogger(__name__)


class Severity(StrEnum):
    FAILED = "failed"
    OVERDUE = "overdue"
    DUE = "due"
    INFO = "info"


ORDER = {severity.value: position for position, severity in enumerate(Severity)}


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

    def __post_init__(self) -> None:
        if self.severity not in ORDER:
            raise ValueError(f"unknown severity: {self.severity}")

    @property
    def href(self) -> str:
        """Where to deal with it; empty when no screen exists for it (yet)."""
        if self.url or not self.url_name:
            return self.url
        try:
            return reverse(self.url_name, args=self.url_args)
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
            )
        ]
