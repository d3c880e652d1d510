"""What a person is told when the system cannot store anything: a database that is gone, a full or read-only disk,
a key that is lost.

Not the page for errors of ours: whoever sent something must learn that it was not received, and that sending the same
page again is safe. Registered as `handler500`, which Django calls while the error is being handled, and as `handler400`:
a session that cannot be stored is told as one that has ended. What is too large comes here too, whoever was the first to
read it.
"""

import contextlib
import errno
import sys
from collections.abc import Iterator
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.defaults import bad_request, server_error

from accounts.encryption import Altered, Undecryptable
from config.keys import KeyLost
from ledger.append import record
from ledger.errors import LedgerError
from ledger.models import Entry
from portal.access import is_portal

AGAIN_IN_SECONDS = 60
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE})
READ_ONLY = "25006"
ALTERED = "system.cell_altered"


def answer(request: HttpRequest) -> HttpResponse:
    """503 where nothing can be stored for now, 500 otherwise."""
    return _unavailable(request, sys.exception()) or server_error(request)


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        is_official = is_portal(request) and request.user.is_authenticated
        page = "portal/too_large.html" if is_official else "website/too_large.html"
        return render(request, page, status=413)
    return _unavailable(request, exception) or bad_request(request, exception)


def _unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    errors = list(_chain(error))
    if altered := next((each for each in errors if isinstance(each, Altered)), None):
        _put_on_record(altered)
        response = render(request, "503.html", {"is_altered": True}, status=500)
        response.headers["Cache-Control"] = "no-store"
        return response
    is_key = any(isinstance(each, KeyLost | Undecryptable) for each in errors)
    if not is_key and not any(_is_of_database_or_disk(each) for each in errors):
        return None
    response = render(request, "503.html", {"is_key": is_key}, status=503)
    response.headers["Retry-After"] = str(AGAIN_IN_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _put_on_record(altered: Altered) -> None:
    """Once a day for each place: who looks again makes no new line. It names the place and nothing of the content."""
    subject = f"cell:{altered.place}"[:200]
    with contextlib.suppress(DatabaseError, LedgerError), transaction.atomic():
        since = timezone.now() - timedelta(days=1)
        if not Entry.objects.of_kind(ALTERED).filter(subject=subject, at__gte=since).exists():
            record(ALTERED, actor="system:failures", subject=subject, payload={})


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
