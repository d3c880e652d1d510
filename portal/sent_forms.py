"""One form sent twice is one act: a double click, "back" and send again, a browser that tries again by itself.

Every rendering of a page masks its CSRF token anew, so that token, address and contents together name one form as one
person filled it in. What was sent with the same three again is the same act: it is not done again, and the person is
led to where the first one led. Other contents on the same page are another act. Only an answer that leads on
(a redirect) counts as done: a form that came back with errors, a preview or a download may be sent again.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from portal import desk_counts
from portal.models import SentForm

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a form's field
KEPT = timedelta(days=1)
# Longer than any page may take; whoever began and is not back by then was killed.
GIVEN_UP = timedelta(minutes=5)
PATIENCE = timedelta(seconds=20)
_PAUSE = 0.2

View = Callable[[HttpRequest], HttpResponseBase]


class ActOnce:
    """Last in the chain of middleware: who is asking is known, and the view comes next."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.user.is_authenticated or TOKEN not in request.POST:
            return self.get_response(request)
        digest = _digest(request)
        first = _first(digest)
        if first is not None:
            return _answer_again(request, first)
        answer = self.get_response(request)
        _finish(digest, answer)
        desk_counts.forget(request.user.pk)
        return answer


def _digest(request: HttpRequest) -> str:
    found = hashlib.sha256()
    for part in _parts(request):
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    texts = [str(request.user.pk), request.get_full_path()]
    for name, values in sorted(request.POST.lists()):
        texts += [name, *values]
    for text in texts:
        yield text.encode("utf-8", "surrogatepass")
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            yield f"{name} {upload.name}".encode("utf-8", "surrogatepass")
            yield from upload.chunks()
            upload.seek(0)


def _first(digest: str) -> SentForm | None:
    """The one that was sent before; None where this is the first, which is on record from now on."""
    until = time.monotonic() + PATIENCE.total_seconds()
    while True:
        try:
            with transaction.atomic():
                SentForm.objects.create(digest=digest)
        except IntegrityError:
            found = SentForm.objects.filter(digest=digest).first()
        else:
            return None
        if found is not None and found.led_to:
            return found
        if found is not None and found.sent_at < timezone.now() - GIVEN_UP:
            found.delete()
        elif found is not None and time.monotonic() > until:
            return found
        elif found is not None:
            time.sleep(_PAUSE)


def _answer_again(request: HttpRequest, first: SentForm) -> HttpResponse:
    if first.led_to:
        messages.info(request, "같은 양식이 두 번 보내져 한 번만 처리했습니다.")
        return redirect(first.led_to)
    return render(request, "portal/still_working.html", {"page_title": "처리하고 있습니다"}, status=409)


def _finish(digest: str, answer: HttpResponseBase) -> None:
    if answer.status_code in (301, 302, 303):
        SentForm.objects.filter(digest=digest).update(led_to=answer.headers["Location"])
    else:
        _forget(digest)


def _forget(digest: str) -> None:
    SentForm.objects.filter(digest=digest).delete()


def forget_old() -> int:
    """Nobody sends yesterday's page again; how many were forgotten."""
    return SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
