"""Setting the text of a document, after its HTML was read: what can be printed, and where lines may break.

Text is never changed after it was escaped. Composing characters, say, turns a `>` and the U+0338 that a citizen's words
begin with into one character, and the rest of those words would become attributes of the tag. So the HTML is parsed
as it was rendered, and only then are the texts changed, one node at a time: whatever a text holds, it stays that text.

WeasyPrint has no `word-break: keep-all`. A word joiner between two syllables forbids the break; it has no width,
and the text that people copy out of the PDF does not contain it.
"""

import re
from xml.etree.ElementTree import Element

from reports import fonts

WORD_JOINER = "\u2060"
# Text that is never broken.
_UNBROKEN = frozenset({"title", "svg", "pre"})
# Between letters of a word, before what closes it, and after the hyphens of a number: S-0001-1 is one word.
_INSIDE_WORD = re.compile(
    r"(?<=[가-힣0-9A-Za-z)’”%])(?=[가-힣(])|(?<=[가-힣(])(?=[0-9A-Za-z(),.·~’”%])|(?<=[0-9A-Za-z]-)(?=[0-9A-Za-z])"
)
# A day is one word, too: the joiner after its spaces forbids the break there (UAX 14, LB11).
_DAY = re.compile(r"(?<!\d)(\d{4}\.) (\d{1,2}\.) (\d{1,2}\.)")


def set_text(root: Element) -> None:
    """Make every text of a parsed document printable and hold its words together; elements stay as they are."""
    _set(root, is_broken=True)


def keep_words(text: str) -> str:
    """The same text with its Korean words and its days held together."""
    return _DAY.sub(rf"\1 {WORD_JOINER}\2 {WORD_JOINER}\3", _INSIDE_WORD.sub(WORD_JOINER, text))


def _set(element: Element, *, is_broken: bool) -> None:
    if element.tag == "style":
        return
    if "content" in element.attrib:
        element.set("content", fonts.printable(element.get("content", "")))
    is_broken_inside = is_broken and _name(element) not in _UNBROKEN
    element.text = _text(element.text, is_broken=is_broken_inside)
    for child in element:
        _set(child, is_broken=is_broken_inside)
        child.tail = _text(child.tail, is_broken=is_broken_inside)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(text: str | None, *, is_broken: bool) -> str | None:
    if text is None or not text.strip():
        return text
    text = fonts.printable(text)
    return keep_words(text) if is_broken else text
