"""What the commands that keep the system running share: their words and their statuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.backups.errors import LeftHalfDone
from config.errors import Unusable

FAILED, UNUSABLE = 1, 2


class OperationCommand(BaseCommand):
    """Status 0 done, 1 left half done or found bad, 2 refused with nothing changed."""

    # The database may be empty, older or gone.
    requires_system_checks: list[str] = []

    def say(self, text: str) -> None:
        self.stderr.write(text)

    def answer(self, data: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False))

    @contextmanager
    def refusing(self, *, as_json: bool) -> Iterator[None]:
        try:
            yield
        except (Unusable, OSError) as error:
            text = str(error) if isinstance(error, Unusable) else _in_words(error)
            self.answer({"error": text}, as_json=as_json)
            raise CommandError(
                text, returncode=FAILED if isinstance(error, LeftHalfDone) else UNUSABLE
            ) from error


def _in_words(error: OSError) -> str:
    name = f": {error.filename}" if error.filename else ""
    return f"파일을 사용할 수 없습니다{name} ({error.strerror})"
