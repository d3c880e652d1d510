"""A page as a reader's program takes it: each text with the language that it is said to be in."""

from collections.abc import Iterator
from html.parser import HTMLParser

from website.languages import HANGUL

# Attributes that people see or hear. What a person typed (the value of a field) is nobody's fixed text.
SAID = ("alt", "title", "placeholder", "aria-label", "data-label", "label", "content")
NEVER_CLOSED = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
NOT_READ = ("script", "style")
BUTTONS = ("submit", "button", "reset")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.language
        said = [given.get(name) or "" for name in SAID]
        if tag == "input" and given.get("type") in BUTTONS:
            said.append(given.get("value") or "")
        self.texts += [(language, text) for text in said if text]
        if tag not in NEVER_CLOSED:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        if tag in NEVER_CLOSED:
            return
        assert self.open, f"</{tag}> closes nothing"
        opened, _ = self.open.pop()
        assert opened == tag, f"</{tag}> where <{opened}> is open"

    def handle_data(self, data: str) -> None:
        if data.strip() and (not self.open or self.open[-1][0] not in NOT_READ):
            self.texts.append((self.language, " ".join(data.split())))


def texts(html: str) -> Iterator[tuple[str, str]]:
    """(language, text) of everything that the page says; fails where an element is not closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    yield from reader.texts


def unmarked_korean(html: str) -> list[str]:
    return [text for language, text in texts(html) if language != "ko" and HANGUL.search(text)]
