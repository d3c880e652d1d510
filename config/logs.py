"""What the system writes about itself: one JSON object a line, for machines and for whoever looks into it afterwards.

    access.jsonl      every request: when, which screen (the route, never the address), status, how long, whose session
    security.jsonl    logins and logouts, refusals, forms that came from elsewhere, floods, downloads
    standard error    everything else; as JSON lines in production, for the journal

No line holds a name, an address, a secret path, a search word or what was typed: a route is `portal/requests/<int:pk>/`, a person is
the key of the account, and where a request came from is the keyed digest that floods are counted by, so that lines of
one sender can be told from others' and nobody can be found from them. Files belong to the process's user, and are opened
again when they were rotated away (deploy/logrotate.conf).
"""

import json
import logging
import sys
from datetime import UTC, datetime
from http.client import responses
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

FIELDS = "fields"


class JsonLines(logging.Formatter):
    """`extra={"fields": {…}}` stands beside time, level and event."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class SecurityEvent(logging.Filter):
    """Django's own warnings name addresses and paths in their words; only what kind they are is kept."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.msg, record.args, record.exc_info = (
                record.name.removeprefix("django.security.").lower(),
                (),
                None,
            )
        return True


class WithoutPath(logging.Filter):
    """Django says "Not Found: /form/…": the path may be a key. What is left is what happened, and which screen it was."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request":
            match = getattr(getattr(record, "request", None), "resolver_match", None)
            status = getattr(record, "status_code", 0)
            phrase = responses.get(status, "request")
            record.msg, record.args = f"{status} {phrase}{f': {match.route}' if match else ''}", ()
        return True


class LastingFile(WatchedFileHandler):
    """A log that cannot be opened (full or read-only disk) keeps no request from being answered; standard error says so."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """One line instead of a traceback: it comes with every request as long as the disk is gone."""
        error = sys.exception()
        sys.stderr.write(f"기록을 쓸 수 없습니다 ({error}): {self.format(record)}\n")


def settings_of(folder: Path, *, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING."""
    folder.mkdir(parents=True, exist_ok=True)

    def file(name: str) -> dict[str, Any]:
        return {
            "class": f"{__name__}.LastingFile",
            "filename": str(folder / name),
            "formatter": "json",
            "filters": ["security_event"],
            "delay": True,
            "encoding": "utf-8",
        }

    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"security_event": {"()": SecurityEvent}, "without_path": {"()": WithoutPath}},
        "formatters": {
            "json": {"()": JsonLines},
            "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "plain",
                "filters": ["without_path"],
            },
            "access": file("access.jsonl"),
            "security": file("security.jsonl"),
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            # Its own handlers would say everything twice.
            "django": {"handlers": [], "propagate": True, "level": "INFO"},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            "django.security": {"handlers": ["security"], "propagate": False, "level": "WARNING"},
            "access": {"handlers": ["access"], "propagate": False, "level": "INFO"},
            "security": {"handlers": ["security"], "propagate": False, "level": "INFO"},
        },
    }
