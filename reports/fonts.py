"""Which fonts documents are set in, and which characters they can show.

A name from a recorder's folder or a spreadsheet may hold anything. PDF/A forbids characters without a glyph,
and a box tells the reader nothing; so a character that no embedded font has is printed as its code point.
"""

import functools
import re
import unicodedata

from casework.font_files import font_file

# The first family that is installed sets the text; the others lend single characters.
KOREAN_FAMILIES = ("NanumBarunGothic", "NanumGothic", "Noto Sans CJK KR", "Noto Sans KR")
FALLBACK_FAMILIES = ("NanumGothic", "Noto Sans CJK KR", "DejaVu Sans")
MONO_FAMILIES = ("DejaVu Sans Mono", "NanumGothicCoding")
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
# What the Korean families are known to have; anything else is looked up.
_PLAIN = re.compile(r"[\t\n\r -~가-힣]*")
# What no HTML file can carry: a parser drops or replaces it, or it cannot be written as UTF-8.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class FontMissing(RuntimeError):
    """No installed font has all Korean syllables; the message says what to install."""


@functools.cache
def coverage(family: str) -> frozenset[int]:
    """The code points that a family has a glyph for."""
    from fontTools.ttLib import TTFont

    path = font_file(family)
    if path is None:
        return frozenset()
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())


@functools.cache
def korean_family() -> str:
    """The installed family that documents are set in."""
    for family in KOREAN_FAMILIES:
        if font_file(family) is not None and coverage(family).issuperset(HANGUL_SYLLABLES):
            return family
    raise FontMissing(
        "한글 11,172자를 모두 갖춘 글꼴이 없어 문서를 만들 수 없습니다. 글꼴을 설치하십시오: apt-get install fonts-nanum"
    )


def family_list() -> str:
    """The families of the text as CSS writes them."""
    families = dict.fromkeys((korean_family(), *FALLBACK_FAMILIES))
    return ", ".join(f'"{family}"' for family in families if font_file(family) is not None)


def mono_family_list() -> str:
    families = [family for family in MONO_FAMILIES if font_file(family) is not None]
    return ", ".join([*(f'"{family}"' for family in families), family_list()])


def load() -> None:
    """Read what the fonts can show, before the first text asks for it."""
    for family in (korean_family(), *FALLBACK_FAMILIES):
        coverage(family)


def readable(html: str) -> str:
    """The document with each character that HTML cannot carry written as its code point.

    Safe for text that is already escaped: each stands for itself alone, and what replaces it is no markup.
    """
    return _UNREADABLE.sub(lambda found: _code_point(found[0]), html)


def printable(text: str) -> str:
    """The text with each character that cannot be printed written as its code point: `[U+1F600]`.

    Composed first: a name typed on another system may carry its Hangul as loose letters. For plain text only, never
    for HTML, whose own characters can be composed with those beside them.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text)
    strange = set(text) - _plain_characters()
    if not strange:
        return text
    return text.translate({ord(one): _shown(one) for one in strange})


def lacking(text: str) -> tuple[str, ...]:
    """The characters of a text that would be printed as their code points, each once, in their order."""
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys(one for one in composed if printable(one) != one))


@functools.cache
def _plain_characters() -> frozenset[str]:
    return frozenset({"\t", "\n", "\r", *map(chr, range(0x20, 0x7F)), *map(chr, HANGUL_SYLLABLES)})


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE_CATEGORIES and _has_glyph(ord(character)):
        return character
    return _code_point(character)


def _code_point(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def _has_glyph(code_point: int) -> bool:
    return any(
        code_point in coverage(family) for family in dict.fromkeys((korean_family(), *FALLBACK_FAMILIES))
    )
