"""A name like 뷁 prints: the fonts that the set-up installs hold every Hangul syllable."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FOLDERS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
SYLLABLES = set(range(0xAC00, 0xD7A3 + 1))


@pytest.mark.parametrize(
    "name", ["NanumGothic.ttf", "NanumGothicBold.ttf", "NanumBarunGothic.ttf", "NanumBarunGothicBold.ttf"]
)
def test_all_syllables_are_there(name):
    path = next((found for folder in FOLDERS if folder.exists() for found in folder.rglob(name)), None)
    assert path is not None, "fonts-nanum is missing: scripts/setup.sh names the package"
    assert len(SYLLABLES) == 11_172
    with TTFont(path, lazy=True) as font:
        assert set(font.getBestCmap()) >= SYLLABLES
