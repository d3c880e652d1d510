"""Names by their sound: letters of Hangul apart, Latin letters by the official romanisation, distances.

The romanisation follows 국어의 로마자 표기법 as far as names of roads and neighbourhoods need it. A suffix (-ro, -gil, -dong)
stands apart and does not change the sound before it.
"""

import re
import unicodedata
from functools import lru_cache

_FIRST, _LAST = ord("가"), ord("힣")
_INITIALS = [
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp",
    "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h",
]  # fmt: skip
_VOWELS = [
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa",
    "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i",
]  # fmt: skip
# How a final sounds at the end or before a consonant, and before a vowel.
_FINALS = [
    "-", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l",
    "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
]  # fmt: skip
_MOVED = [
    "-", "g", "kk", "ks", "n", "nj", "n", "d", "r", "lg", "lm", "lb", "ls", "lt",
    "lp", "r", "m", "b", "bs", "s", "ss", "ng", "j", "ch", "k", "t", "p", "-",
]  # fmt: skip
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_SUFFIXES = re.compile(r"(대로|로|길|동|구|역)$")
_SUFFIX_NAMES = {"대로": "daero", "로": "ro", "길": "gil", "동": "dong", "구": "gu", "역": "yeok"}
_PARTS = re.compile(r"[가-힣]+|[0-9]+|[a-z]+")
# Vowels and double consonants that people take for each other, since they sound alike today.
_ALIKE = str.maketrans(
    {"\u1162": "\u1166", "\u1164": "\u1168", "\u116b": "\u116c", "\u1170": "\u116c", "\u1174": "\u1175"}
)
_LOOSE = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("kk|gg|g|k", "k"),
        ("tt|dd|d|t", "t"),
        ("pp|bb|b|p", "p"),
        ("jj|j|ch|z", "j"),
        ("ll|rr|lr|rl|r|l", "l"),
        ("oo", "u"),
        ("ss", "s"),
        ("eo|o", "o"),
        ("eu|u", "u"),
        ("ae|e", "e"),
        ("yi|ee|i", "i"),
    )
]


def jamo(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def alike(text: str) -> str:
    """Equal for names that sound the same: 곰달래, 곰달레."""
    return jamo(text).translate(_ALIKE)


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add or drop (Levenshtein); `most + 1` where it is more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for column, other_letter in enumerate(other, start=1):
            cost = min(row[column] + 1, row[column - 1] + 1, before + (letter != other_letter))
            before, row[column] = row[column], cost
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _syllable(letter: str) -> tuple[int, int, int]:
    number = ord(letter) - _FIRST
    return number // 588, number % 588 // 28, number % 28


def _joined(final: int, initial: int) -> str:
    """The final of one syllable and the initial of the next, as they sound together."""
    following = _INITIALS[initial]
    sound = _FINALS[final]
    if following == "-":
        return _MOVED[final].replace("-", "")
    if final == 0:
        return following
    if following == "r":
        return {"l": "ll", "n": "ll"}.get(sound, _NASAL.get(sound, sound) + "n")
    if following == "n":
        return "ll" if sound == "l" else _NASAL.get(sound, sound) + "n"
    if following == "m":
        return _NASAL.get(sound, sound) + "m"
    return sound + following


def _letters(hangul: str) -> str:
    """A run of Hangul without regard to suffixes."""
    text, final = "", 0
    for letter in hangul:
        initial, vowel, next_final = _syllable(letter)
        text += _joined(final, initial) + _VOWELS[vowel]
        final = next_final
    return text + _FINALS[final].replace("-", "")


def _part(part: str) -> str:
    if not _FIRST <= ord(part[0]) <= _LAST:
        return part
    if part in _SUFFIX_NAMES:
        return "-" + _SUFFIX_NAMES[part]
    if found := _SUFFIXES.search(part):
        return f"{_letters(part[: found.start()])}-{_SUFFIX_NAMES[found[0]]}"
    return _letters(part)


@lru_cache(maxsize=10_000)
def romanised(name: str) -> str:
    """`화곡로28길` → `Hwagok-ro 28-gil`; empty for a name without Hangul."""
    parts = [_part(part) for part in _PARTS.findall(name)]
    text = ""
    for part in parts:
        text += part if not text or part.startswith("-") else f" {part}"
    return text[:1].upper() + text[1:] if any(not part.isdigit() for part in parts) else ""


def latin_key(text: str) -> str:
    """A romanised name as people compare it: letters and figures only."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def loose_latin(text: str) -> str:
    """Equal for the usual other spellings: Gachisan, Kkachisan; Gomdalrae, Gomdallae."""
    key = latin_key(text)
    for pattern, sound in _LOOSE:
        key = pattern.sub(sound, key)
    return key
