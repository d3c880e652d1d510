"""Texts as people compare them: without what nobody sees, and without words that stand where there is nothing.

Files from a Mac hold Hangul in parts, forms on the web leave invisible characters and double blanks: two texts that
look the same are the same.
"""

import re
import unicodedata


def _span(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


# What looks like a blank, Hangul's fillers included, and what does not show at all.
_OTHER_BLANKS = (
    "\t\n\r\x0b\x0c\x85\u00a0\u115f\u1160\u1680\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0"
    + _span(0x2000, 0x200A)
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\ufeff"
    + _span(0x200B, 0x200F)
    + _span(0x202A, 0x202E)
    + _span(0x2060, 0x206F)
    + _span(0xFE00, 0xFE0F)
)
_AROUND = " " + _OTHER_BLANKS + _INVISIBLE
HIDDEN = re.compile(f"[{_INVISIBLE}]+")
_RUN_OF_BLANKS = re.compile(f"[ {_OTHER_BLANKS}]+")
_UNEVEN = re.compile(f"[{_INVISIBLE}{_OTHER_BLANKS}]|  ")
_UNKNOWN = frozenset(
    (
        "-",
        "--",
        "---",
        "없음",
        "해당없음",
        "해당사항없음",
        "주소없음",
        "미상",
        "불명",
        "모름",
        "알수없음",
        "확인불가",
        "정보없음",
        "미부여",
        "미등록",
        "미기재",
        "N/A",
        "n/a",
        "NA",
        "#N/A",
        "NULL",
        "null",
        "None",
        "none",
    )
)


def tidy(text: str) -> str:
    """Text as the register stores it: composed Hangul (files from a Mac hold it in parts), nothing unseen around."""
    text = text.strip(_AROUND)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """A name as people compare it: without what cannot be seen, one blank where several or another one stood."""
    text = tidy(text)
    if _UNEVEN.search(text):
        text = tidy(_RUN_OF_BLANKS.sub(" ", HIDDEN.sub("", text)))
    return text


def is_unknown(text: str) -> bool:
    """Whether a cell says in words or with a dash that the office does not know."""
    return len(text) <= 12 and text.strip("()[]").replace(" ", "") in _UNKNOWN


def address(text: str) -> str:
    """An address as it is compared and stored; what stands there for none is none."""
    text = folded(text)
    return "" if is_unknown(text) else text
