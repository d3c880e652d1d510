"""Every figure of the law is asked for by code, or its definition says on the screen why it is not."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from ordinance import loading
from ordinance.models import ParameterDefinition
from tests.accounts.factories import OfficerFactory

APPS = (
    "accounts",
    "ledger",
    "ordinance",
    "casework",
    "cameras",
    "footage",
    "records",
    "committee",
    "reports",
)
SCREENS = ("config", "portal", "website", "linkage")
# Where figures are written down or made up, not applied.
NOT_CODE = {"migrations", "sample", "data"}


@cache
def literals() -> tuple[frozenset[str], tuple[str, ...]]:
    """Strings that the product's code holds, and the beginnings of those that it puts together."""
    whole, beginnings = set(), []
    for path in sorted(
        path for app in (*APPS, *SCREENS) for path in Path(settings.BASE_DIR, app).rglob("*.py")
    ):
        if NOT_CODE & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.append(str(node.values[0].value))
    return frozenset(whole), tuple(text for text in beginnings if text.endswith("_") and len(text) > 8)


def is_asked_for(code: str) -> bool:
    whole, beginnings = literals()
    return code in whole or any(code.startswith(beginning) for beginning in beginnings)


def definitions() -> list[dict[str, str]]:
    return [
        row
        for path in loading.shipped_files()
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("definition", [])
    ]


def test_a_parameter_is_asked_for_or_says_why_not():
    """One that no code asks for is used, deleted, or says why not (`unused_because`); one that is used does not."""
    wrong = [
        row["code"]
        for row in definitions()
        if is_asked_for(row["code"]) == bool(row.get("unused_because", ""))
    ]
    assert not wrong


def test_every_definition_has_a_value_somewhere():
    given = {
        row["code"]
        for path in loading.shipped_files()
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("parameter", [])
    }
    assert {row["code"] for row in definitions()} == given


@pytest.mark.django_db
def test_why_a_figure_is_not_applied_stands_on_the_screen(client):
    definition = ParameterDefinition.objects.get(code="is_24_hours")
    assert definition.unused_because
    client.force_login(OfficerFactory(is_superuser=True))
    body = client.get(reverse("ordinance:parameters")).content.decode()
    assert f"아직 적용하지 않음: {definition.unused_because}" in body
