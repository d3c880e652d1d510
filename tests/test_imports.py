"""Inside an app too imports point one way: no file imports one that, directly or not, imports it.

import-linter keeps the apps in order (pyproject.toml); this looks into them. An import inside a function or for types
only counts like any other: each says that a file cannot be understood without the other.
"""

from collections.abc import Mapping

import pytest

from tests import imports


@pytest.fixture(scope="module")
def graph() -> dict[str, frozenset[str]]:
    return {module: imports.imports_of(module) for module in imports.modules()}


def test_no_file_imports_one_that_imports_it(graph):
    assert len(graph) > 400
    found = list(circles(graph))
    assert found == [], "\n".join(" ↔ ".join(circle) for circle in found)


def test_every_kind_of_import_is_seen(tmp_path, monkeypatch):
    texts = {
        "inn": "",
        "inn.bed": "import inn.lamp",
        "inn.lamp": "def light():\n    from inn import oil",
        "inn.oil": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from inn.bed import Bed",
        "inn.door": "from inn.bed import Bed",
    }
    files = {}
    for module, text in texts.items():
        files[module] = tmp_path / f"{module}.py"
        files[module].write_text(text)
    monkeypatch.setattr(imports, "modules", lambda: files)
    graph = {module: imports.imports_of.__wrapped__(module) for module in files}
    assert circles(graph) == [["inn.bed", "inn.lamp", "inn.oil"]]


def circles(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Groups of files each of which reaches every other: what is left when ends are taken away, again and again."""
    left = {module: set(named) for module, named in graph.items()}
    while ends := [module for module, named in left.items() if not named & left.keys()]:
        for module in ends:
            del left[module]
    reached = {module: _reached(module, left) for module in left}
    groups = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in left
        if module in reached[module]
    }
    return sorted(map(list, groups))


def _reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for module in graph.get(waiting.pop(), ()):
            if module in graph and module not in reached:
                reached.add(module)
                waiting.append(module)
    return reached
