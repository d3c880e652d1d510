"""Filters for texts that were not written for the page: `{{ site.address|own_words }}` (website.languages)."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cameras.consultation.period import end_here
from website import languages, latin

register = template.Library()
register.filter(languages.own_words)
register.filter(languages.said_here)
register.filter(languages.language_of)


register.filter(end_here)


@register.filter
def meeting_here(meeting: Any) -> str:
    """What a meeting of the committee is called."""
    return _("%(year)s년 제%(ordinal)s차 %(kind)s") % {
        "year": meeting.year,
        "ordinal": meeting.ordinal,
        "kind": _(meeting.get_kind_display()),
    }


@register.filter
def letters_here(text: Any) -> str:
    """An address where no mark-up may stand (a title): on a page in another language in Latin letters alone."""
    words = str(text)
    return (latin.address(words) if languages.is_foreign(words) else "") or words


@register.filter
def address_here(text: Any) -> str:
    """An address of the register; on a page in another language in Latin letters as well."""
    words = str(text)
    letters = latin.address(words) if languages.is_foreign(words) else ""
    return (
        format_html('{} <span lang="ko">({})</span>', letters, words)
        if letters
        else languages.own_words(text)
    )
