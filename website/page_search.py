"""Finding guidance, services, consultations and policies by any part of their words.

The site has some dozen pages, so their text is read when somebody asks: an index would have to be made at set-up, kept
up to date, and would find whole words only. Every word that was typed must stand there.
"""

import json
import unicodedata
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Page

from cameras import policy
from cameras.consultation import phase
from cameras.models import PublicConsultation
from casework import privacy
from website import services
from website.models import ContentPage
from website.services import Service

MOST_WORDS = 10
MOST_CONSULTATIONS = 10


@dataclass(frozen=True, slots=True)
class Documents:
    """What was found beside places; `policies` are titles with their addresses."""

    services: list[Service]
    consultations: list[PublicConsultation]
    policies: list[tuple[str, str]]
    pages: list[Page]

    @property
    def has_any(self) -> bool:
        return bool(self.services or self.consultations or self.policies or self.pages)


def documents_with(typed: str, most: int) -> Documents:
    words = wanted(typed)
    offered = services.services_with(words)
    return Documents(
        offered,
        consultations_with(words),
        [found for found in policies_with(words) if found[1] not in {each.url for each in offered}],
        pages_with(typed, most),
    )


def wanted(typed: str) -> list[str]:
    return unicodedata.normalize("NFKC", typed).casefold().split()[:MOST_WORDS]


def consultations_with(words: list[str]) -> list[PublicConsultation]:
    """Published ones by title or number, those that still run first."""
    if not words:
        return []
    found = phase.published(timezone.now())
    for word in words:
        found = found.filter(Q(title__icontains=word) | Q(number__icontains=word))
    return list(found.order_by("-closes_at", "pk")[:MOST_CONSULTATIONS])


def policies_with(words: list[str]) -> list[tuple[str, str]]:
    """The policies in force of which the whole text holds every word."""
    if not words:
        return []
    documents = (
        (gettext("고정형 영상정보처리기기 운영·관리 방침"), "website_policy", policy.current()),
        (gettext("개인정보 처리방침"), "website_privacy", privacy.current()),
    )
    return [
        (title, reverse(name))
        for title, name, document in documents
        if document and all(word in _all_text(document.contents) for word in words)
    ]


def _all_text(contents: object) -> str:
    return json.dumps(contents, ensure_ascii=False).casefold()


def pages_with(typed: str, most: int) -> list[Page]:
    """Public pages that hold every word; those with the words in the title first."""
    words = wanted(typed)
    if not words:
        return []
    in_title, in_text = [], []
    for page in Page.objects.live().public().filter(depth__gt=1).order_by("path").specific():
        title = page.title.casefold()
        text = f"{title} {_text(page)}"
        if all(word in title for word in words):
            in_title.append(page)
        elif all(word in text for word in words):
            in_text.append(page)
    return [*in_title, *in_text][:most]


def _text(page: Page) -> str:
    if not isinstance(page, ContentPage):
        return ""
    parts = page.body.stream_block.get_searchable_content(page.body)
    return " ".join([page.lead, *map(str, parts)]).casefold()
