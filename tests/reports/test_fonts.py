from reports import fonts


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
