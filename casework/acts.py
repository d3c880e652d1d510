"""One shape for everything the office does.

    with acts.begin("records.viewing_decided", request, by=officer) as act:
        act.refuse(decisions.check(act.row, ...))
        act.add(ViewingDecision(request=act.row, decided_at=act.at, ...))
        act.move(ViewingMove, Event.DECIDE)
        act.close_dues(SUBJECT_KIND, act.row.receipt_number)
        act.payload["outcome"] = outcome

Everything inside is one transaction. The subject's row is held from the first line on, so that of two acts at once the
second sees what the first one did. What was left to follow (findings, mails) runs after the writing; the ledger's line
comes last, since everybody else who writes one waits for it. Acts that stand or fall together in one transaction
(`records.viewing.dismissal`) keep the others waiting from the first one's line on: they are few, and quick.

A ledger payload holds no personal data. Text that may tell of a person enters it as a salted digest (`act.seal`): the
salt goes when the text is erased, and with it every way from the digest to the text.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from accounts.models import Officer
from casework import attachments, moves
from casework.models import Attachment
from casework.moves import MoveRow
from casework.refusals import Refusal, refuse_if
from ledger import append, commitments
from ordinance import duedates
from ordinance.deadlines import Deadline
from ordinance.models import DueDate

Subject = TypeVar("Subject", bound=models.Model)
Row = TypeVar("Row", bound=MoveRow)
Other = TypeVar("Other", bound=models.Model)
# As it was sent, or kept already while the person looked at a preview.
File = Attachment | UploadedFile


@dataclass
class Act(Generic[Subject]):
    """What is being done: the subject's own row, held; who does it, when; what the ledger will say."""

    row: Subject
    at: datetime.datetime
    by: Officer | None
    payload: dict[str, Any] = field(default_factory=dict)
    _afterwards: list[Callable[[], object]] = field(default_factory=list)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Nothing is done where there is one."""
        refuse_if(refusals)

    def write(self, *, reason: str = "", unchecked: Iterable[str] = (), **values: Any) -> Subject:
        """Set these columns of the row and store it, checked; a model with a history keeps who and why."""
        for name, value in values.items():
            setattr(self.row, name, value.strip() if isinstance(value, str) else value)
        row: Any = self.row
        row._change_reason, row._history_user = reason.strip()[:500] or None, self.by
        if row._state.adding:
            row.full_clean(exclude=set(unchecked))
            row.save()
        else:
            _store(row, set(values) - set(unchecked))
        return self.row

    def add(self, other: Other) -> Other:
        """A row that belongs to the matter, checked and stored."""
        other.full_clean()
        other.save()
        return other

    def hold(self, other: Other) -> Other:
        """Another row of the matter, held from here on and as it is now."""
        return _held(other)

    def attach(self, files: Iterable[File], to: models.Model | None = None) -> list[Attachment]:
        """Keep what was sent with a row of the matter (default: its own); the ledger gets the digests."""
        kept = self.keep(files)
        cast(Any, to or self.row).attachments.add(*kept)
        return kept

    def keep(self, files: Iterable[File]) -> list[Attachment]:
        """… where a row of the matter has a column for them."""
        given = list(files)
        attachments.check_all(
            (file for file in given if isinstance(file, UploadedFile)), is_public=self.by is None
        )
        kept = [
            file if isinstance(file, Attachment) else attachments.keep(file, by=self.by) for file in given
        ]
        self.payload["files"] = [*self.payload.get("files", ()), *(file.sha256 for file in kept)]
        return kept

    def move(self, kind: type[Row], event: str, **more: Any) -> Row:
        """Take a step of the subject's table; `Refused` where it does not allow it."""
        return moves.take(kind, self.row, event, by=self.by, at=self.at, **more)

    def open_due(self, kind: str, number: str, deadline: Deadline, *, purpose: str = "answer") -> DueDate:
        return duedates.open_for(kind, number, deadline, purpose=purpose, now=self.at)

    def close_dues(self, kind: str, number: str, *, at: datetime.datetime | None = None) -> None:
        """What was due is done; `at` where that was before it is entered."""
        for due in DueDate.objects.open().filter(subject_kind=kind, subject_number=number):
            duedates.close(due, now=at or self.at)

    def afterwards(self, step: Callable[[], object]) -> None:
        """Within the transaction, once everything is written."""
        self._afterwards.append(step)

    def seal(self, name: str, text: str) -> str:
        """The text's salted digest into the ledger; the salt, which is kept beside the text and erased with it."""
        salt = commitments.new_salt()
        self.payload[f"{name}_sha256"] = commitments.of_text(salt, text)
        return salt


@contextmanager
def begin(
    kind: str,
    row: Subject,
    *,
    subject: str = "",
    by: Officer | None = None,
    actor: str = "",
    at: datetime.datetime | None = None,
) -> Iterator[Act[Subject]]:
    """An act on a matter, or the one that brings it into being: then `row` is not stored yet, and the act stores it.

    `kind` and `subject` are the ledger's words (default: the row's own `ledger_subject`); `actor` says which part of the
    system acts where no officer does.
    """
    with transaction.atomic():
        act = Act(row if row._state.adding else _held(row), at or timezone.now(), by)
        yield act
        for step in act._afterwards:
            step()
        named = subject or str(cast(Any, act.row).ledger_subject)
        append.record(kind, actor=actor or _actor(by), subject=named, payload=act.payload)


def _store(row: Any, checked: set[str]) -> None:
    """What was written must be right for itself, and the row as a whole; what stood there before is not judged."""
    columns = {column.name for column in row._meta.concrete_fields if not column.primary_key}
    closed = _cells(type(row)) - checked
    row.clean_fields(exclude=columns - checked)
    row.clean()
    row.validate_unique(exclude=closed)
    row.validate_constraints(exclude=closed)
    row.save(update_fields=columns - closed)


def _cells(model: type[models.Model]) -> set[str]:
    """Columns that are sealed: an act that is not about a person does not open them."""
    return {column.name for column in model._meta.fields if isinstance(column, EncryptedTextField)}


def _held(row: Other) -> Other:
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def _actor(by: Officer | None) -> str:
    if by is None:
        raise ValueError("an act without an officer names the part of the system that does it")
    return f"officer:{by.pk}"
