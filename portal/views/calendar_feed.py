"""The calendar behind a secret address. No login; everything but a secret in force gets the same answer."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import agenda, calendar_events, calendar_feeds
from portal.district import portal_name

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    feed = calendar_feeds.opened_by(secret)
    if feed is None:
        return HttpResponseNotFound(
            "달력이 없습니다.\n", content_type="text/plain; charset=utf-8", headers=HEADERS
        )
    now = timezone.now()
    entries = agenda.seen_by(feed.officer, now)
    content = calendar_events.render(feed.officer, entries, f"{portal_name()} 할 일과 기한", now)
    calendar_feeds.note_reading(feed)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={**HEADERS, "Content-Disposition": 'inline; filename="agenda.ics"'},
    )
