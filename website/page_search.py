"""Finding pages of guidance by any part of their words.

The site has some dozen pages, so their text is read when somebody asks: an index would have to be made at set-up, kept
up to date, and would find whole words only. Every word that was typed must stand in the page.
"""

import unicodedata

from wagtail.models import Page

from website.models import ContentPage

MOST_WORDS = 10


def pages_with(words: str, most: int) -> list[Page]:
    """Public pages that hold every word; those with the words in the title first."""
    wanted = unicodedata.normalize("NFC", words).casefold().split()[:MOST_WORDS]
    if not wanted:
        return []
    in_title, in_text = [], []
    for page in Page.objects.live().public().filter(depth__gt=1).order_by("path").specific():
        title = page.title.casefold()
        text = f"{title} {_text(page)}"
        if all(word in title for word in wanted):
            in_title.append(page)
        elif all(word in text for word in wanted):
            in_text.append(page)
    return [*in_title, *in_text][:most]


def _text(page: Page) -> str:
    if not isinstance(page, ContentPage):
        return ""
    parts = page.body.stream_block.get_searchable_content(page.body)
    return " ".join([page.lead, *map(str, parts)]).casefold()
