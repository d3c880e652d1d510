"""What a person is told when the system cannot store anything: a database that is gone, a full or read-only disk,
a key that is lost.

Not the page for errors of ours: whoever sent something must learn that it was not received, and that sending the same
page again is safe. Registered as `handler500`, which Django calls while the error is being handled, and as `handler400`:
a session that cannot be stored is told as one that has ended.
"""

import errno
import sys
from collections.abc import Iterator

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request, server_error

from accounts.encryption import Undecryptable
from config.keys import KeyLost

AGAIN_IN_SECONDS = 60
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE})
READ_ONLY = "25006"


def answer(request: HttpRequest) -> HttpResponse:
    """503 where nothing can be stored for now, 500 otherwise."""
    return _unavailable(request, sys.exception()) or server_error(request)


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _unavailable(request, exception) or bad_request(request, exception)


def _unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    errors = list(_chain(error))
    is_key = any(isinstance(each, KeyLost | Undecryptable) for each in errors)
    if not is_key and not any(_is_of_database_or_disk(each) for each in errors):
        return None
    response = render(request, "503.html", {"is_key": is_key}, status=503)
    response.headers["Retry-After"] = str(AGAIN_IN_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_of_database_or_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in DISK
    if isinstance(error, InternalError):
        # PostgreSQL that takes nothing for the moment: a standby, or an operator who is at it.
        return getattr(error.__cause__, "sqlstate", "") == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)
