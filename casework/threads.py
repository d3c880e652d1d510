"""The thread of a matter: messages both ways, inner notes apart, and what goes with the person.

    with acts.begin("records.viewing_message_sent", request, by=officer) as act:
        threads.say(act, SUBJECT_KIND, request.receipt_number, text, files)

A message is part of an act, so that the ledger has its salted digest; a note leaves no line, since it decides nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Min
from django.utils.translation import gettext

from accounts.models import Officer
from casework.acts import Act, File
from casework.models import InnerNote, Message
from casework.refusals import Refusal, refuse_if

MAX_TEXT = 2_000


def say(act: Act[Any], kind: str, number: str, text: str, files: Iterable[File] = ()) -> Message:
    """One message of whoever acts: an officer, or the person where no officer does."""
    given = list(files)
    if not text.strip() and not given:
        act.refuse([Refusal("text", gettext("내용을 적거나 파일을 고르십시오."), field="text")])
    if len(text) > MAX_TEXT:
        act.refuse(
            [
                Refusal(
                    "text",
                    gettext("%(most)s자까지 적을 수 있습니다.") % {"most": f"{MAX_TEXT:,}"},
                    field="text",
                )
            ]
        )
    message = Message.objects.create(
        subject_kind=kind,
        subject_number=number,
        text=text.strip(),
        at=act.at,
        by=act.by,
        salt=act.seal("text", text.strip()),
    )
    act.attach(given, message)
    return message


def note(kind: str, number: str, text: str, *, by: Officer, at: dt.datetime) -> InnerNote:
    if not text.strip():
        refuse_if([Refusal("text", "메모를 적으십시오.", field="text")])
    return InnerNote.objects.create(
        subject_kind=kind, subject_number=number, text=text.strip()[:MAX_TEXT], at=at, by=by
    )


def messages(kind: str, number: str) -> "models.QuerySet[Message]":
    """What both sides may read."""
    return Message.objects.of(kind, number).select_related("by").prefetch_related("attachments")


def notes(kind: str, number: str) -> "models.QuerySet[InnerNote]":
    """Only for the office."""
    return InnerNote.objects.filter(subject_kind=kind, subject_number=number).select_related("by")


def mark_read(kind: str, number: str, *, by_person: bool, at: dt.datetime) -> int:
    """The other side's messages were seen; how many for the first time."""
    unread = Message.objects.of(kind, number).filter(read_at__isnull=True, by__isnull=not by_person)
    return unread.update(read_at=at)


def unread_of(kind: str, number: str) -> int:
    """How many messages of the person nobody of the office has seen."""
    return Message.objects.of(kind, number).filter(by__isnull=True, read_at__isnull=True).count()


def unread(kind: str) -> dict[str, dt.datetime]:
    """Matters with messages of the person that nobody has seen, and since when."""
    rows = Message.objects.filter(subject_kind=kind, by__isnull=True, read_at__isnull=True)
    return dict(rows.order_by().values_list("subject_number").annotate(first=Min("at")))


def erase(kind: str, numbers: Sequence[str]) -> None:
    """With the person goes every word of both sides; files that nothing refers to go the next night (`loose_files`)."""
    mine = Message.objects.filter(subject_kind=kind, subject_number__in=numbers)
    Message.attachments.through.objects.filter(message__in=mine.values("pk")).delete()
    mine.update(text="", salt="")
    InnerNote.objects.filter(subject_kind=kind, subject_number__in=numbers).update(text="")
