"""Commands as people type them: what argparse says in English, and Python by a traceback, said in Korean.

The last resort behind each command's own messages: a database that is gone, arguments that are no text, a reader that
left (`list_destroyed | head`), Ctrl-C.
"""

import argparse
import io
import json
import os
import sys
from typing import NoReturn

from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError

FAILED, UNUSABLE, INTERRUPTED, READER_LEFT = 1, 2, 130, 141
OWN_APPS = {
    "config",
    "accounts",
    "ledger",
    "ordinance",
    "cameras",
    "footage",
    "records",
    "committee",
    "reports",
    "portal",
}
# argparse looks its words up by gettext, which would need a compiled catalogue and the language of the shell.
WORDS = {
    "usage: ": "사용법: ",
    "positional arguments": "인수",
    "options": "선택",
    "show this help message and exit": "이 도움말을 보여 줍니다.",
    "%(prog)s: error: %(message)s\n": "%(prog)s: 오류: %(message)s\n",
    "the following arguments are required: %s": "빠진 인수가 있습니다: %s",
    "unrecognized arguments: %s": "알 수 없는 인수입니다: %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "expected one argument": "값을 하나 적으십시오.",
    "expected at most one argument": "값은 하나까지 적을 수 있습니다.",
    "expected at least one argument": "값을 하나 이상 적으십시오.",
    "ignored explicit argument %r": "값을 받지 않습니다: %r",
    "invalid %(type)s value: %(value)r": "쓸 수 없는 값입니다(%(type)s): %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "쓸 수 없는 값입니다: %(value)r. 다음 가운데 고르십시오: %(choices)s",
    "ambiguous option: %(option)s could match %(matches)s": "여럿에 맞는 선택입니다: %(option)s (%(matches)s)",
}


def run(argv: list[str]) -> None:
    """`manage.py`: one command, ended by its status."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Hangul or emoji gets `\ub9d0`, which JSON reads back; not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        execute_from_command_line(argv)
        sys.stdout.flush()
    except (BrokenPipeError, KeyboardInterrupt, DatabaseError, UnicodeEncodeError) as error:
        if not _is_own(argv):
            raise
        _explain(argv, error)


def _explain(argv: list[str], error: BaseException) -> NoReturn:
    match error:
        case BrokenPipeError():
            # The interpreter flushes once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(READER_LEFT) from None
        case KeyboardInterrupt():
            sys.stderr.write("\n중단했습니다.\n")
            raise SystemExit(INTERRUPTED) from None
        case DatabaseError():
            _give_up(argv, f"데이터베이스를 사용할 수 없습니다: {error}", FAILED)
        case UnicodeEncodeError() if not all(map(_is_text, argv)):
            _give_up(
                argv, "명령에 UTF-8이 아닌 글자가 있습니다. 터미널의 글자를 UTF-8로 바꾸십시오.", UNUSABLE
            )
    raise error


def _is_own(argv: list[str]) -> bool:
    """Developers keep the tracebacks of `migrate`, and whoever asks for them gets them. After set-up only."""
    return len(argv) > 1 and "--traceback" not in argv and get_commands().get(argv[1]) in OWN_APPS


def _is_text(argument: str) -> bool:
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True


def _give_up(argv: list[str], text: str, status: int) -> NoReturn:
    sys.stderr.write(f"{text}\n")
    if "--json" in argv:
        sys.stdout.write(json.dumps({"error": text}, ensure_ascii=False) + "\n")
    raise SystemExit(status) from None
