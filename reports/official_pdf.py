"""An official document as PDF/A-3a."""

import datetime as dt

from reports import standby
from reports.official import Document, blocks


def render(document: Document, *, created: dt.datetime, title: str = "") -> bytes:
    """The same document and `created` give the same bytes."""
    context = {
        "title": title or " ".join(filter(None, [document.subject, document.number])),
        "author": document.organisation,
        "description": document.subject,
        "keywords": document.number or document.subject,
        "blocks": blocks(document),
    }
    return standby.render("reports/official.html", context, style_sheets=["official.css"], created=created)
