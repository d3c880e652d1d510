"""Which fonts documents are set in, and which characters they can show.

A name from a recorder's folder or a spreadsheet may hold anything. PDF/A forbids characters without a glyph,
and a box tells the reader nothing; so a character that no embedded font has is printed as its code point.
"""

import functools
import re
import subprocess
import unicodedata

# The first family that is installed sets the text; the others lend single characters.
KOREAN_FAMILIES = ("NanumBarunGothic", "NanumGothic", "Noto Sans CJK KR", "Noto Sans KR")
FALLBACK_FAMILIES = ("NanumGothic", "Noto Sans CJK KR", "DejaVu Sans")
MONO_FAMILIES = ("DejaVu Sans Mono", "NanumGothicCoding")
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
# What the Korean families are known to have; anything else is looked up.
_PLAIN = re.compile(r"[\t\n\r -~가-힣]*")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class FontMissing(RuntimeError):
    """No installed font has all Korean syllables; the message says what to install."""


@functools.cache
def font_file(family: str) -> str | None:
    """The file of an installed family; None when fontconfig would give another family instead."""
    found = subprocess.run(  # noqa: S603 - a fixed program of the system, found by PATH
        ["fc-match", "--format=%{family}\t%{file}", family],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    families, _, path = found.stdout.partition("\t")
    return path if family in families.split(",") else None


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


def printable(text: str) -> str:
    """The text with each character that cannot be printed written as its code point: `[U+1F600]`.

    Composed first: a name typed on another system may carry its Hangul as loose letters.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text)
    strange = set(text) - _plain_characters()
    if not strange:
        return text
    return text.translate({ord(one): _shown(one) for one in strange})


@functools.cache
def _plain_characters() -> frozenset[str]:
    return frozenset({"\t", "\n", "\r", *map(chr, range(0x20, 0x7F)), *map(chr, HANGUL_SYLLABLES)})


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE_CATEGORIES and _has_glyph(ord(character)):
        return character
    return f"[U+{ord(character):04X}]"


def _has_glyph(code_point: int) -> bool:
    return any(
        code_point in coverage(family) for family in dict.fromkeys((korean_family(), *FALLBACK_FAMILIES))
    )
