"""What is locked installs on the oldest Python that is promised: Debian 12's own (README.md, docs/running.md)."""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.ground.processes import ROOT

LOCKS = ("base", "dev")
# python3.11 of Debian 12, and the newest that its users may have.
DEBIAN, NEWEST = "3.11.2", "3.11.99"


def locked(name):
    """Version of each package of a lock, with the extras that were asked for left out."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", text, re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pinned}


@cache
def installed(package):
    try:
        return distribution(package)
    except PackageNotFoundError:
        return None


def environment(python, extra=""):
    from packaging.markers import default_environment

    version = Version(python)
    return {
        **default_environment(),
        "python_full_version": python,
        "implementation_version": python,
        "python_version": f"{version.major}.{version.minor}",
        "extra": extra,
    }


def admitted(requires_python):
    return Version(DEBIAN) in SpecifierSet(requires_python or "")


def asked_for(requirement, todo):
    """What a requirement asks for, with its extras: pairs of package and extra."""
    name = canonicalize_name(requirement.name)
    todo += [(name, extra) for extra in ("", *requirement.extras)]


def needed(lock, python):
    """Every package that is installed for a list of wishes on such a Python."""
    todo, seen = [], set()
    wishes = (ROOT / "requirements" / f"{lock}.in").read_text() + (ROOT / "requirements/base.in").read_text()
    for line in wishes.splitlines():
        if line and not line.startswith(("#", "-")):
            asked_for(Requirement(line), todo)
    while todo:
        package, extra = todo.pop()
        found = installed(package)
        if (package, extra) in seen or found is None:
            seen.add((package, extra))
            continue
        seen.add((package, extra))
        for text in found.requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate(environment(python, extra)):
                asked_for(requirement, todo)
    return {package for package, _ in seen}


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_locked_is_what_is_installed_here(lock):
    """The other tests ask the packages themselves: scripts/setup.sh test brings those of the lock."""
    found = {package: installed(package) for package in locked(lock)}
    assert {package: one and one.version for package, one in found.items()} == locked(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_admits_the_oldest_python_that_is_promised(lock):
    here = [found for package in locked(lock) if (found := installed(package))]
    assert len(here) > 50
    refused = {
        found.name: found.metadata["Requires-Python"]
        for found in here
        if not admitted(found.metadata["Requires-Python"])
    }
    assert refused == {}
    assert not admitted(">=3.11.5")


@pytest.mark.parametrize("python", [DEBIAN, NEWEST])
@pytest.mark.parametrize("lock", LOCKS)
def test_what_a_package_asks_for_on_such_a_python_is_locked_too(lock, python):
    assert needed(lock, python) <= set(locked(lock))
    assert ("async-timeout" in needed(lock, python)) == (python == DEBIAN)


def test_the_project_promises_that_python_itself():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert admitted(project["requires-python"])
