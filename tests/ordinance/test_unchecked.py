"""A provision that nobody compared with the official text is cited with that mark, and not at all to citizens."""

import re
from pathlib import Path

import pytest

from casework.refusals import Refusal
from ordinance import deadlines
from ordinance.unchecked import FROM_MEMORY, cite

ROOT = Path(__file__).resolve().parents[2]
CODE = (
    "accounts",
    "cameras",
    "casework",
    "committee",
    "footage",
    "linkage",
    "portal",
    "records",
    "reports",
    "website",
)
SUFFIXES = {".py", ".html", ".toml", ".po"}
# Cited by the function that adds the mark, or with the mark written out.
MARKED = re.compile(r"cite\(\s*\"[^\"]+\"\s*\)|, 원문 확인 필요")


def sources() -> list[Path]:
    folders = [
        *(ROOT / name for name in CODE),
        ROOT / "templates",
        ROOT / "ordinance" / "data",
        ROOT / "locale",
    ]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES]
    return [path for path in found if "migrations" not in path.parts]


@pytest.mark.parametrize("provision", FROM_MEMORY)
def test_nothing_cites_it_as_certain(provision: str) -> None:
    named = re.compile(re.escape(provision) + r"(?!제?\d)")
    plain = []
    for path in sources():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if named.search(line) and not MARKED.search(line):
                plain.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert not plain, plain


def test_an_act_is_cited_by_one_name() -> None:
    """The decree on the work of offices bore another one before; letters cite it by that of today."""
    old = "행정 효율과 협업 촉진에 관한 규정"
    assert not [str(path) for path in sources() if old in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("provision", FROM_MEMORY)
def test_no_page_or_letter_to_citizens_names_it(provision: str) -> None:
    public = [
        *(ROOT / "website").rglob("*.py"),
        *(ROOT / "templates" / "website").rglob("*.html"),
        ROOT / "locale/en/LC_MESSAGES/django.po",
    ]
    assert not [path.name for path in public if provision in path.read_text(encoding="utf-8")]


def test_the_mark_goes_with_the_comparison() -> None:
    assert cite(FROM_MEMORY[0]) == f"{FROM_MEMORY[0]}, 원문 확인 필요"
    assert Refusal("x", "끝났습니다.", cite(FROM_MEMORY[0])).sentence == f"끝났습니다. ({FROM_MEMORY[0]})"
    assert cite("행정절차법 제17조제4항") == "행정절차법 제17조제4항"


@pytest.mark.django_db
def test_a_citizen_reads_only_what_was_compared() -> None:
    import datetime

    counted = deadlines.civil(datetime.date(2026, 11, 2), 10)
    assert "민법 제155조" in counted.explain()
    assert "원문 확인 필요" in counted.explain()
    told = counted.explain(is_public=True).splitlines()[-1]
    assert told == "근거: 행정기본법 제6조제1항"
    disclosed = deadlines.disclosure(datetime.date(2026, 11, 2), 10)
    assert "제29조" not in disclosed.explain(is_public=True)
