"""The morning mail: what an officer has not been told yet, once.

What counts as told is a `Reminder` row of officer and matter (`DueItem.key`). A matter is told when it appears, again
when its stage gets worse (soon → today → overdue → failed) or its due date changes, and never otherwise. When it is
over its row goes, so that the next one is told again; not while a provider fails, since its matters only seem over.

Handing a mail to a server and recording that cannot be one act, so each officer's mail is a row of its own:

1. what is going to be said, and to whom, is committed (`waiting`); nothing has left yet;
2. the row is claimed (`sending`), by one process only, and committed;
3. the mail is handed over;
4. `sent` and the `Reminder` rows are committed together.

A crash before 3 loses nothing: the next run finds the row. A crash between 3 and 4 leaves one officer's mail in
doubt, never a batch; it is sent again with the same text and Message-ID, since a duty told twice does less harm than
one not told. What was never sent is in no `Reminder`, so the next morning's mail tells it.
"""

import datetime
import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from ordinance import due, holidays
from portal.access import may
from portal.agenda import Entry, Stage, duties, entries_of
from portal.district import portal_name
from portal.models import Reminder, ReminderChoice, ReminderMail

logger = logging.getLogger(__name__)
State = ReminderMail.State
# After the hour of the mail: how long a machine that was off in the morning may still make up for it.
MAY_BE_LATE = datetime.timedelta(hours=4)
MOST_ATTEMPTS = 6
# Longer than any mail server is waited for (settings.EMAIL_TIMEOUT at each of its steps).
CLAIM_LASTS = datetime.timedelta(minutes=10)
# The rows say who was mailed when, nothing more; a year answers every question about it.
ROWS_KEPT_FOR = datetime.timedelta(days=365)
FAILURE_SHOWN_FOR = datetime.timedelta(days=7)
ENTER = ("wagtailadmin.access_admin",)
MEND = ("accounts.change_officer",)


@dataclass(frozen=True)
class Matter:
    """One key with all items that bear it: its worst stage and earliest due date."""

    key: str
    stage: Stage
    due_on: datetime.date | None
    entries: tuple[Entry, ...]

    def as_told(self) -> dict[str, Any]:
        return {"key": self.key, "stage": int(self.stage), "due_on": self.due_on and self.due_on.isoformat()}


@dataclass(frozen=True)
class Draft:
    """What one officer is to be told, and what has changed without being worth a mail."""

    news: tuple[Matter, ...] = ()
    known: int = 0
    over: frozenset[str] = frozenset()
    relieved: tuple[Matter, ...] = ()


@dataclass
class Outcome:
    """What a run did. `skipped`: without address, switched off, or without access to the portal."""

    on: str
    is_working_day: bool = True
    sent: int = 0
    failed: int = 0
    nothing: int = 0
    already: int = 0
    skipped: int = 0
    items: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_time(now: datetime.datetime) -> bool:
    """Whether the day's mails are due: a working day, from REMINDER_TIME on, for some hours."""
    local = timezone.localtime(now)
    start = datetime.datetime.combine(local.date(), settings.REMINDER_TIME, local.tzinfo)
    return start <= local <= start + MAY_BE_LATE and holidays.is_working_day(local.date())


def send(now: datetime.datetime, *, dry_run: bool = False) -> Outcome:
    """The mails of the day of `now`, to everybody who has not had theirs. Safe to run again, and at the same time.

    One officer's failure is that officer's: it stands in the row and is tried again at the next run.
    """
    today = timezone.localdate(now)
    outcome = Outcome(on=today.isoformat(), is_working_day=holidays.is_working_day(today))
    if not outcome.is_working_day:
        return outcome
    for officer in Officer.objects.active().select_related("reminder_choice").order_by("pk"):
        if not wants_mail(officer):
            outcome.skipped += 1
            continue
        try:
            result, items = _rehearse(officer, now) if dry_run else _serve(officer, now)
        except Exception:
            # A provider or a template that fails for one person must not cost the others their mail.
            logger.exception("no reminder for officer:%s", officer.pk)
            result, items = "failed", 0
        setattr(outcome, result, getattr(outcome, result) + 1)
        outcome.items += items
    if not dry_run:
        ReminderMail.objects.filter(on__lt=timezone.localdate() - ROWS_KEPT_FOR).delete()
    return outcome


def choice_of(officer: Officer) -> ReminderChoice:
    """What the officer chose; the defaults, not stored, for who never did."""
    try:
        return officer.reminder_choice
    except ReminderChoice.DoesNotExist:
        return ReminderChoice(officer=officer)


def wants_mail(officer: Officer) -> bool:
    return bool(officer.is_active and officer.email and choice_of(officer).is_on and may(officer, ENTER))


def draft(officer: Officer, now: datetime.datetime) -> Draft:
    """What to say to this officer, without saying it."""
    items = due.collect(now, officer)
    told = {reminder.key: reminder for reminder in Reminder.objects.filter(officer=officer)}
    matters = list(_matters(_worth_telling(officer, entries_of(officer, items, now))))
    least = choice_of(officer).least_stage
    news = [each for each in matters if each.stage >= least and _is_news(each, told.get(each.key))]
    named = {each.key for each in news}
    relieved = [
        each
        for each in matters
        if each.key in told and each.key not in named and each.stage < told[each.key].stage
    ]
    over = told.keys() - {each.key for each in matters} if due.is_complete(items) else set()
    return Draft(tuple(news), len(matters) - len(news), frozenset(over), tuple(relieved))


def deliver(mail: ReminderMail, officer: Officer) -> bool | None:
    """Hand one mail over. True: sent. False: failed, on record. None: another process has it, or had it."""
    if not _claim(mail):
        return None
    try:
        _message(mail, officer).send()
    except Exception as error:
        logger.exception("the reminder of officer:%s could not be sent", officer.pk)
        mail.state, mail.error = State.FAILED, f"{type(error).__name__}: {error}"[:300]
        mail.save(update_fields=["state", "error"])
        return False
    _record(mail)
    return True


def failures(now: datetime.datetime) -> "QuerySet[ReminderMail]":
    """Mails that did not reach their officer and that no later mail made up for."""
    later = ReminderMail.objects.filter(
        officer=OuterRef("officer"), on__gt=OuterRef("on"), state__in=(State.SENT, State.NOTHING)
    )
    stuck = Q(state=State.SENDING, attempted_at__lt=timezone.now() - CLAIM_LASTS)
    return ReminderMail.objects.filter(
        Q(state=State.FAILED) | stuck,
        ~Exists(later),
        officer__is_active=True,
        on__gte=timezone.localdate(now) - FAILURE_SHOWN_FOR,
    )


def allow_again(mail: ReminderMail) -> bool:
    """Give a failed mail of today new attempts. An older one is not sent: the next morning's mail tells its matters."""
    now = timezone.now()
    if mail.on != timezone.localdate(now) or not failures(now).filter(pk=mail.pk).exists():
        return False
    mail.attempts = 0
    mail.save(update_fields=["attempts"])
    return True


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


# -- one officer -----------------------------------------------------------------------------------------------


def _rehearse(officer: Officer, now: datetime.datetime) -> tuple[str, int]:
    mail = _todays(officer, now)
    if mail is not None and mail.state in (State.SENT, State.NOTHING):
        return "already", 0
    news = draft(officer, now).news
    return ("sent" if news else "nothing"), len(news)


def _serve(officer: Officer, now: datetime.datetime) -> tuple[str, int]:
    mail = _todays(officer, now)
    if mail is None:
        mail = _prepare(officer, now)
        if mail.state == State.NOTHING:
            return "nothing", 0
    if mail.state in (State.SENT, State.NOTHING):
        return "already", 0
    delivered = deliver(mail, officer)
    if delivered is None:
        # Out of attempts is a failure still; with another process it is that one's to count.
        return ("failed" if mail.state == State.FAILED else "already"), 0
    return ("sent", mail.items) if delivered else ("failed", 0)


def _todays(officer: Officer, now: datetime.datetime) -> ReminderMail | None:
    return ReminderMail.objects.filter(officer=officer, on=timezone.localdate(now)).first()


def _prepare(officer: Officer, now: datetime.datetime) -> ReminderMail:
    """Step 1: the day's row, with everything that will be said."""
    found = draft(officer, now)
    on = timezone.localdate(now)
    content = _content(officer, found, now) if found.news else {"state": State.NOTHING}
    with transaction.atomic():
        # What an earlier day did not bring out is said anew, as it stands today.
        ReminderMail.objects.filter(officer=officer, on__lt=on).exclude(text="").update(
            text="", html="", told=[]
        )
        Reminder.objects.filter(officer=officer, key__in=found.over).delete()
        for matter in found.relieved:
            Reminder.objects.filter(officer=officer, key=matter.key).update(stage=matter.stage)
        mail, _ = ReminderMail.objects.get_or_create(officer=officer, on=on, defaults=content)
    return mail


def _content(officer: Officer, found: Draft, now: datetime.datetime) -> dict[str, Any]:
    entries = [entry for matter in found.news for entry in matter.entries]
    late = sum(entry.stage >= Stage.OVERDUE for entry in entries)
    context = {
        "officer": officer,
        "portal": portal_name(),
        "on": timezone.localdate(now),
        "sections": [
            (stage.label, [_Line.of(entry) for entry in entries if entry.stage == stage])
            for stage in sorted(Stage, reverse=True)
            if any(entry.stage == stage for entry in entries)
        ],
        "known": found.known,
        "agenda_url": absolute(reverse("agenda:list")),
        "settings_url": absolute(reverse("agenda:settings")),
    }
    return {
        "state": State.WAITING,
        "items": len(entries),
        "told": [matter.as_told() for matter in found.news],
        "subject": f"[{portal_name()}] 할 일 {len(entries):,}건"
        + (f" (기한 경과·위험 {late:,}건)" if late else ""),
        "text": render_to_string("portal/mail/reminder.txt", context),
        "html": render_to_string("portal/mail/reminder.html", context),
        "message_id": f"<{uuid.uuid4().hex}@{host()}>",
    }


@dataclass(frozen=True)
class _Line:
    """An item as a mail says it."""

    title: str
    facts: str
    url: str

    @classmethod
    def of(cls, entry: Entry) -> "_Line":
        item = entry.item
        facts = [entry.kind]
        if item.due_on:
            facts.append(f"기한 {item.due_on:%Y-%m-%d} ({entry.when})")
        if item.article:
            facts.append(f"근거 {item.article}")
        return cls(entry.title, " · ".join(facts), absolute(entry.url or reverse("agenda:list")))


def _worth_telling(officer: Officer, entries: Iterable[Entry]) -> Iterator[Entry]:
    """A list that cannot be read is told to those who can mend it; the others see it in the portal."""
    for entry in duties(entries):
        if not entry.item.key.startswith(due.FAILED_PROVIDER) or may(officer, MEND):
            yield entry


def _matters(entries: Iterable[Entry]) -> Iterator[Matter]:
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.item.key, []).append(entry)
    for key, members in by_key.items():
        dates = [entry.item.due_on for entry in members if entry.item.due_on]
        yield Matter(key, max(entry.stage for entry in members), min(dates, default=None), tuple(members))


def _is_news(matter: Matter, told: Reminder | None) -> bool:
    return told is None or matter.stage > told.stage or matter.due_on != told.due_on


# -- one mail --------------------------------------------------------------------------------------------------


def _claim(mail: ReminderMail) -> bool:
    """Step 2. One UPDATE with its condition: of two processes one gets the row."""
    at = timezone.now()
    free = Q(state__in=(State.WAITING, State.FAILED)) | Q(
        state=State.SENDING, attempted_at__lt=at - CLAIM_LASTS
    )
    claimed = ReminderMail.objects.filter(free, pk=mail.pk, attempts__lt=MOST_ATTEMPTS).update(
        state=State.SENDING, attempts=F("attempts") + 1, attempted_at=at
    )
    mail.refresh_from_db()
    return bool(claimed)


def _message(mail: ReminderMail, officer: Officer) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[officer.email],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    return message


@transaction.atomic
def _record(mail: ReminderMail) -> None:
    """Step 4: sent, and what it told is known from now on."""
    at = timezone.now()
    rows = [
        Reminder(
            officer_id=mail.officer_id,
            key=told["key"],
            stage=told["stage"],
            due_on=told["due_on"] and datetime.date.fromisoformat(told["due_on"]),
            mailed_at=at,
        )
        for told in mail.told
    ]
    Reminder.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["officer", "key"],
        update_fields=["stage", "due_on", "mailed_at"],
    )
    mail.state, mail.sent_at, mail.error = State.SENT, at, ""
    mail.told, mail.text, mail.html = [], "", ""
    mail.save(update_fields=["state", "sent_at", "error", "told", "text", "html"])
