"""docs/security.md names tests; each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| V")
]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`(tests/[^`]+)`", row)})


@pytest.mark.parametrize("named", NAMED)
def test_what_the_table_names_is_there(named):
    file, _, test = named.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {test}\(" if test else r"^def test_", text, re.MULTILINE)


@pytest.mark.parametrize("row", ROWS)
def test_each_line_is_judged_and_what_is_met_names_a_test(row):
    _, state, shown = (cell.strip() for cell in row.strip("|").split(" | "))
    assert state in ("met", "partly", "not applicable", "open")
    assert state != "met" or "`tests/" in shown
    assert shown
