"""Korean particles (조사): which of two forms follows a word that is known only when it is shown."""

import re

# By the sound with which a word ends: consonant, vowel.
PAIRS = frozenset({"이/가", "을/를", "은/는", "과/와", "으로/로", "이라/라"})
_HANGUL = re.compile("[가-힣]")
# What is not read, or read before the word's end: closing quotes and marks, and what stands in parentheses.
_SILENT = re.compile(r"(\([^()]*\)|[\s’‘”“'\"」』〉》\]>.,…·/])+\Z")
# As digits and letters are read one by one: 일 삼 육 칠 팔 영(십, 백, 천); 엘 엠 엔 알.
_WITH_CONSONANT = frozenset("013678lmnr")
_WITH_RIEUL = frozenset("178lr")
_RIEUL = 8


def josa(word: object, pair: str) -> str:
    """The particle that follows the word: `f"{name}{josa(name, '을/를')} 등록했습니다."`. ValueError for no such pair."""
    if pair not in PAIRS:
        raise ValueError(f"{pair!r} is no pair of particles")
    after_consonant, after_vowel = pair.split("/")
    final = _final(str(word))
    # 으로 loses its vowel after ㄹ as well.
    is_open = final == 0 or (pair == "으로/로" and final == _RIEUL)
    return after_vowel if is_open else after_consonant


def _final(word: str) -> int:
    """The final consonant by its place in the Hangul syllable; 0 for none."""
    last = (_SILENT.sub("", word) or word)[-1:].lower()
    if _HANGUL.match(last):
        return (ord(last) - ord("가")) % 28
    if last in _WITH_RIEUL:
        return _RIEUL
    return 1 if last and last in _WITH_CONSONANT else 0
