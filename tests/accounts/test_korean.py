"""Which particle follows a word; and no text of the product leaves the choice to the reader."""

import re
from pathlib import Path

import pytest

from accounts.korean import josa

ROOT = Path(__file__).parents[2]
BOTH = re.compile(r"[이을은와과]\([가를는과와]\)|\(으\)로|\(이\)라")
TEXTS = (".py", ".html", ".txt", ".js", ".toml", ".json", ".po")
LEFT_OUT = {"node_modules", ".venv", "tests", ".git", ".pytest_cache", "docs"}


@pytest.mark.parametrize(
    ("word", "pair", "particle"),
    [
        ("공원녹지과", "이/가", "가"),
        ("구청", "이/가", "이"),
        ("의견수렴 2026-003", "을/를", "을"),  # 삼
        ("협의-2026-002", "을/를", "를"),  # 이
        ("L2026-001-10", "은/는", "은"),  # 십
        ("사업 2026-005", "은/는", "는"),  # 오
        ("저장소(본관)", "을/를", "를"),
        ("‘서울’", "으로/로", "로"),
        ("‘계획’", "으로/로", "으로"),
        ("‘승인’", "과/와", "과"),
        ("2026-11-29 10:07", "으로/로", "로"),  # 칠
        ("CSV", "이/가", "가"),
        ("PDF…", "을/를", "를"),
        ("XLM", "을/를", "을"),
        ("URL", "으로/로", "로"),
        ("", "을/를", "를"),
        (7, "이라/라", "이라"),
    ],
)
def test_the_particle_follows_the_sound(word, pair, particle):
    assert josa(word, pair) == particle


def test_there_are_no_other_pairs():
    with pytest.raises(ValueError, match="pair"):
        josa("말", "를/을")


def test_no_text_shows_both_particles():
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in sorted(ROOT.rglob("*"))
        if path.suffix in TEXTS and not LEFT_OUT & set(path.relative_to(ROOT).parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if BOTH.search(line)
    ]
    assert found == []
