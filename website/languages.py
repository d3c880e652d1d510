"""Two languages on one page: what officials wrote is Korean, also on an English page, and is marked as Korean there.

A mark lets a screen reader change its voice and a browser offer a translation (WCAG 3.1.2). On a Korean page nothing
needs one.
"""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def is_foreign(text: str) -> bool:
    """Korean on a page in another language."""
    return get_language() != "ko" and HANGUL.search(text) is not None


def own_words(text: Any) -> str:
    """The district's or a citizen's own words within a line."""
    words = str(text)
    return format_html('<span lang="ko">{}</span>', text) if is_foreign(words) else words


def said_here(label: Any) -> str:
    """A label of a closed list in the reader's language; as own words where there is no translation."""
    return own_words(gettext(str(label)) if label else "")


def language_of(text: Any) -> SafeString:
    """The attribute of an element that holds nothing but this text."""
    return SafeString(' lang="ko"' if is_foreign(str(text)) else "")
