"""docs/roles.md says who may do what as the code does."""

import importlib.util

from django.conf import settings


def test_the_page_has_the_table_of_the_code():
    path = settings.BASE_DIR / "scripts" / "roles_table.py"
    spec = importlib.util.spec_from_file_location("roles_table", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    text = made.PAGE.read_text(encoding="utf-8")
    assert "| `records.look_at_footage` |" in text
    assert made.written(text) == text, "run: python scripts/roles_table.py"
