"""Writes the table of roles (`accounts.roles`) into docs/roles.md, between its two marks."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "roles.md"
FIRST, LAST = "<!-- roles -->\n", "<!-- /roles -->\n"


def table() -> str:
    """One line for each right: who has it."""
    from accounts.roles import ROLE_PERMISSIONS, Role

    lines = ["| 권한 | " + " | ".join(Role.labels) + " |", "| --- |" + " --- |" * len(Role)]
    for name in sorted(frozenset().union(*ROLE_PERMISSIONS.values())):
        marks = ("○" if name in ROLE_PERMISSIONS[role] else "" for role in Role)
        lines.append(f"| `{name}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def written(text: str) -> str:
    head, _, rest = text.partition(FIRST)
    return f"{head}{FIRST}{table()}{LAST}{rest.partition(LAST)[2]}"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    import django

    django.setup()
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
