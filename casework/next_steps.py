"""Who acts next in a matter: the step, whose right it is, and where it is done.

Each app says it for its own models (`register`); one part of the portal's pages shows it with names and telephone, the
first page lists it, and a mail can be sent about it. A step names the matter by its number alone: nothing of a person.
A higher app may know more of a lower one's matter (the committee of a project): it is ready first, and asked first.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models

from ordinance.due import DueItem, Severity


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step that the matter waits for."""

    code: str
    # What is done, as a button says it: "회신하기".
    verb: str
    # Of what, by its number: "사전협의 협의-2026-003".
    matter: str
    # Whose right it is; empty where nobody of the office acts (citizens, a period, time).
    needs: str = ""
    url_name: str = ""
    url_args: tuple[Any, ...] = field(default=())
    query: str = ""
    due_on: date | None = None
    since: datetime | None = None
    article: str = ""
    # Who asked for it, and who for that reason (or another) cannot be the one who does it.
    asker_id: int | None = None
    not_by: frozenset[int | None] = frozenset()
    # The only ones who can, where the right alone is not enough; None: all who have the right.
    only: frozenset[int] | None = None
    # Rights of those whose matter it is too while somebody else acts.
    waits: tuple[str, ...] = ()
    # Where the matter stands, for those who cannot open the screen of the act.
    page_name: str = ""
    page_args: tuple[Any, ...] = field(default=())
    # Nothing is late: whoever has the right decides when.
    may_wait: bool = False
    # Why nobody acts, or what to know: one sentence.
    note: str = ""

    def as_due(self, kind: str, *, detail: str = "") -> DueItem:
        return DueItem(
            self.code,
            self.matter,
            detail or self.note,
            Severity.DUE if self.needs else Severity.INFO,
            self.url_name,
            self.url_args,
            query=self.query,
            article=self.article,
            due_on=self.due_on,
            since=self.since,
            kind=kind,
            verb=self.verb,
            needs=(self.needs,) if self.needs else (),
            asker_id=self.asker_id,
            not_by=self.not_by,
            only=self.only,
            waits=self.waits,
            page_name=self.page_name,
            page_args=self.page_args,
        )

    def is_for(self, person: Any) -> bool:
        """Whether this officer can be the one who does it, as far as rights and persons go."""
        if (
            not self.needs
            or person.pk in self.not_by
            or (self.only is not None and person.pk not in self.only)
        ):
            return False
        return bool(person.has_perm(self.needs))


# The steps of these matters by key; a matter without one is left out.
Finder = Callable[[Sequence[Any], datetime], Mapping[int, NextStep]]
_finders: defaultdict[type[models.Model], list[Finder]] = defaultdict(list)


def register(model: type[models.Model], finder: Finder) -> None:
    if finder not in _finders[model]:
        _finders[model].append(finder)


def each(find: Callable[[Any, datetime], NextStep | None]) -> Finder:
    """For matters of which a list never asks."""

    def find_all(matters: Sequence[Any], now: datetime) -> Mapping[int, NextStep]:
        found = {matter.pk: find(matter, now) for matter in matters}
        return {key: step for key, step in found.items() if step is not None}

    return find_all


def known() -> dict[str, type[models.Model]]:
    """Models whose matters have a next step, by label."""
    return {model._meta.label_lower: model for model in _finders}


def of_many(matters: Sequence[Any], now: datetime) -> dict[int, NextStep]:
    """Of matters of one kind; those without anything left to do are not among them."""
    found: dict[int, NextStep] = {}
    for finder in _finders[type(matters[0])] if matters else ():
        rest = [matter for matter in matters if matter.pk not in found]
        found.update(finder(rest, now) if rest else {})
    return found


def of(matter: models.Model, now: datetime) -> NextStep | None:
    """None when nothing is left to do."""
    return of_many([matter], now).get(matter.pk)
