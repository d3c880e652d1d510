"""An officer's dated matters as a calendar (RFC 5545): whole days in Seoul, one event a matter; and the own shifts with
their hours.

Calendar programs know an event by its UID and take a change only with a later stamp and, when its day moves, a higher
SEQUENCE. Both are kept in `CalendarEvent`, written when something has changed since the calendar was last read.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable

import icalendar
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from ordinance.periods import DAY
from portal.agenda import Entry, duties
from portal.models import CalendarEvent
from portal.reminders import absolute, host
from records.models import DutyShift

PRODUCT = "-//gangseo-cctv//due dates//KO"
REFRESH = datetime.timedelta(hours=1)


def render(officer: Officer, entries: Iterable[Entry], name: str, now: datetime.datetime) -> bytes:
    """The calendar file. `entries` is the officer's whole list; what has no date or is another's stays out."""
    matters = _by_key(entries)
    known = _up_to_date(officer, matters, now)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Seoul")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    for key, members in matters.items():
        calendar.add_component(_event(officer, key, members, known[key]))
    for shift in _shifts(officer, now):
        calendar.add_component(_duty(shift, now))
    return calendar.to_ical()


def _by_key(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Dated matters, the earliest date of each first."""
    found: dict[str, list[Entry]] = {}
    for entry in duties(entries):
        if entry.item.due_on is not None:
            found.setdefault(entry.item.key, []).append(entry)
    for members in found.values():
        members.sort(key=lambda entry: entry.item.due_on or datetime.date.max)
    return found


def _up_to_date(
    officer: Officer, matters: dict[str, list[Entry]], now: datetime.datetime
) -> dict[str, CalendarEvent]:
    """One query when nothing has changed since the last reading."""
    known = {event.key: event for event in CalendarEvent.objects.filter(officer=officer)}
    fresh, changed = [], []
    for key, members in matters.items():
        due_on, content = members[0].item.due_on or timezone.localdate(now), _digest(members)
        event = known.get(key)
        if event is None:
            known[key] = CalendarEvent(
                officer=officer, key=key, due_on=due_on, content_digest=content, changed_at=now
            )
            fresh.append(known[key])
        elif event.content_digest != content:
            event.sequence += event.due_on != due_on
            event.due_on, event.content_digest, event.changed_at = due_on, content, now
            changed.append(event)
    if fresh:
        # Two programs may read at the same moment; the row of either says the same.
        CalendarEvent.objects.bulk_create(fresh, ignore_conflicts=True)
    if changed:
        CalendarEvent.objects.bulk_update(changed, ["due_on", "content_digest", "sequence", "changed_at"])
    return known


def _event(officer: Officer, key: str, members: list[Entry], known: CalendarEvent) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{hashlib.sha256(f'{officer.pk}/{key}'.encode()).hexdigest()[:40]}@{host()}")
    event.add("dtstamp", known.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", known.changed_at.astimezone(datetime.UTC))
    event.add("sequence", known.sequence)
    event.add("dtstart", known.due_on)
    event.add("dtend", known.due_on + DAY)
    event.add("summary", _title(members))
    event.add("categories", [members[0].kind])
    # A due date takes nobody's time, and is nobody else's business.
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    item = members[0].item
    lines = [f"근거 {item.article}"] if item.article else []
    if url := members[0].url:
        lines.append(absolute(url))
        event.add("url", absolute(url))
    if lines:
        event.add("description", "\n".join(lines))
    return event


def _shifts(officer: Officer, now: datetime.datetime) -> Iterable[DutyShift]:
    """The person's own, from last week on."""
    rows = DutyShift.objects.served().filter(staff__officer=officer, ends_at__gt=now - 7 * DAY)
    return rows.order_by("starts_at")


def _duty(shift: DutyShift, now: datetime.datetime) -> icalendar.Event:
    """Its times never change: another time is another shift."""
    event = icalendar.Event()
    event.add("uid", f"duty-{shift.pk}@{host()}")
    event.add("dtstamp", now.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0))
    event.add("dtstart", shift.starts_at.astimezone(datetime.UTC))
    event.add("dtend", shift.ends_at.astimezone(datetime.UTC))
    event.add("summary", f"근무 {shift.label}".strip())
    event.add("class", "PRIVATE")
    event.add("url", absolute(reverse("duty:shift", args=[shift.pk])))
    return event


def _title(members: list[Entry]) -> str:
    title = members[0].title
    return f"{title} 외 {len(members) - 1}건" if len(members) > 1 else title


def _digest(members: list[Entry]) -> str:
    item = members[0].item
    content = [_title(members), members[0].kind, item.article, members[0].url, str(item.due_on)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
