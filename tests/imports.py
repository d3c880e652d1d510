"""Which file of ours imports which, read from the text: also what is imported inside a function or for types only."""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def own_apps() -> list[str]:
    """The project's packages, by name."""
    return [
        "config",
        *sorted(app.name for app in apps.get_app_configs() if Path(app.path) == ROOT / app.name),
    ]


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package is its `__init__.py`."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for app in own_apps()
        for path in sorted((ROOT / app).rglob("*.py"))
    }


@cache
def imports_of(module: str) -> frozenset[str]:
    """Modules of ours that this one names in an import, wherever in the file it stands."""
    known = modules()
    found: set[str] = set()
    for node in ast.walk(ast.parse(known[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known.keys()
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                found.add(part if part in known else node.module)
    return frozenset(found - {module})


def reached_from(roots: Iterable[str]) -> set[str]:
    """The roots and all that they import, directly or not, with the packages that these lie in."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += [*imports_of(module), *packages_of(module)]
    return reached


def packages_of(module: str) -> list[str]:
    names = module.split(".")
    return [".".join(names[:length]) for length in range(1, len(names))]
