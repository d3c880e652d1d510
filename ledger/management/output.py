"""What the ledger's commands share: one JSON object on standard output, people's text on standard error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ledger.errors import LedgerError


class LedgerCommand(BaseCommand):
    requires_system_checks: list[str] = []

    def say(self, text: str) -> None:
        self.stderr.write(text, self.style.NOTICE if self.stderr.isatty() else lambda line: line)

    def answer(self, data: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False))

    @contextmanager
    def unusable_input(self, *, as_json: bool) -> Iterator[None]:
        """Whatever cannot be read or written ends with status 2 and one line, never with a traceback."""
        try:
            yield
        except (LedgerError, DatabaseError, OSError) as error:
            text = _in_words(error)
            self.answer({"error": text}, as_json=as_json)
            raise CommandError(text, returncode=2) from error


def _in_words(error: Exception) -> str:
    if isinstance(error, DatabaseError):
        return f"데이터베이스를 사용할 수 없습니다 (migrate 필요?): {error}"
    if isinstance(error, OSError):
        name = f": {error.filename}" if error.filename else ""
        return f"파일을 사용할 수 없습니다{name} ({error.strerror})"
    return str(error)
