import re

from reports import fonts
from reports.typesetter import WORD_JOINER
from reports.typography import keep_words


def test_the_korean_font_has_every_syllable():
    assert fonts.coverage(fonts.korean_family()).issuperset(range(0xAC00, 0xD7A4))
    assert len(fonts.HANGUL_SYLLABLES) == 11_172


def test_what_can_be_printed_stays():
    for text in ("뷁쀍쮍 서울 ABC 123", "龍門 金", "①②·…「」–~", "Ünïçødé"):
        assert fonts.printable(text) == text


def test_what_cannot_be_printed_is_named():
    assert fonts.printable("가\u202e나") == "가[U+202E]나"
    assert fonts.printable("가\x00나\x07") == "가[U+0000]나[U+0007]"
    assert fonts.printable("\U0001f9ff") == "[U+1F9FF]"
    assert fonts.printable("\ud800") == "[U+D800]"


def test_loose_hangul_letters_are_composed():
    assert fonts.printable("\u1107\u1170\u11b0") == "뷁"


def test_words_are_kept_whole_and_markup_untouched():
    html = '<style>.가나{}</style><title>가나다</title><p class="가나">영상정보 보관기간은 30일입니다.</p><pre>가나</pre>'
    kept = keep_words(html)
    assert kept.replace(WORD_JOINER, "") == html
    assert "<title>가나다</title>" in kept
    assert 'class="가나"' in kept
    assert "<pre>가나</pre>" in kept
    words = re.search(r"<p[^>]*>(.*)</p>", kept)[1].split(" ")
    assert words[0] == WORD_JOINER.join("영상정보")
    assert words[2] == "30" + WORD_JOINER + WORD_JOINER.join("일입니다") + WORD_JOINER + "."
