"""docs/security.md and docs/asvs.md name tests; each of them is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = [
    line
    for page, begin in (("security.md", r"\| V"), ("asvs.md", r"\| V\d+\."))
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    if re.match(begin, line)
]
STATES = ("met", "partly", "not applicable", "open")


def is_there(named: str) -> bool:
    file, _, test = named.partition("::")
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return re.search(rf"^def {test}\(" if test else r"^def ", text, re.MULTILINE) is not None


def test_what_the_tables_name_is_there():
    named = {name for row in ROWS for name in re.findall(r"`(tests/[^`]+)`", row)}
    assert len(named) > 100
    assert sorted(name for name in named if not is_there(name)) == []


def test_each_line_is_judged_and_what_is_met_names_a_test():
    assert len(ROWS) > 253
    for row in ROWS:
        _, state, shown = (cell.strip() for cell in row.strip("|").split(" | "))
        assert state in STATES, row
        assert state != "met" or "`tests/" in shown, row
        assert shown, row
