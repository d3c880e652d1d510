"""A day or an appointment for a citizen's own calendar: what to look at, and where. No personal data."""

import base64
from datetime import date, datetime, timedelta

import icalendar
from django.http import HttpResponse
from django.utils import timezone


def entry(number: str, on: date, title: str, address: str) -> bytes:
    event = icalendar.Event()
    event.add("uid", f"{number}@{address.partition('//')[2].partition('/')[0]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    return _calendar_with(event)


def entry_at(number: str, at: datetime, title: str, address: str, *, place: str) -> bytes:
    """An appointment of an hour, with a reminder of the day before."""
    event = icalendar.Event()
    event.add("uid", f"{number}-{at:%Y%m%dT%H%M}@{address.partition('//')[2].partition('/')[0]}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", at)
    event.add("dtend", at + timedelta(hours=1))
    event.add("summary", title)
    event.add("location", place)
    event.add("url", address)
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return _calendar_with(event)


def _calendar_with(event: icalendar.Event) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CCTV//citizen//KO")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def answer(number: str, on: date, title: str, address: str) -> HttpResponse:
    return HttpResponse(
        entry(number, on, title, address),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{number}.ics"'},
    )


def link(number: str, on: date, title: str, address: str) -> str:
    """The whole entry as an address, where no address of ours may tell of the matter."""
    return _as_address(entry(number, on, title, address))


def link_at(number: str, at: datetime, title: str, address: str, *, place: str) -> str:
    """… of an appointment."""
    return _as_address(entry_at(number, at, title, address, place=place))


def _as_address(content: bytes) -> str:
    return f"data:text/calendar;base64,{base64.b64encode(content).decode()}"
