"""One form sent twice is one act: a double click, a browser that tries again by itself; and after "back" one is asked.

Every rendering of a page masks its CSRF token anew, so that token, address and contents together name one form as one
person filled it in. What was sent with the same three again is the same act: it is not done again, and the person is
led to where the first one led. Other contents on the same page are another act. Only an answer that leads on
(a redirect) counts as done: a form that came back with errors, a preview or a download may be sent again.

"Back" renders a page anew, with another token, since no page is kept by a browser. Whoever fills in the same there and
sends it shortly after the first is asked whether that is meant: two equal acts may be.
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

from portal import desk_counts, opened_forms
from portal.models import SentForm

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a form's field
KEPT = timedelta(days=1)
# Longer than any page may take; whoever began and is not back by then was killed.
GIVEN_UP = timedelta(minutes=5)
# So long after the first the same contents are more likely a slip than another act.
ASKED_WITHIN = timedelta(minutes=10)
AGAIN = "_again"
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
        digest, contents = _digest(request), _contents(request)
        first = _first(digest)
        if first is not None:
            return _answer_again(request, first)
        if contents and AGAIN not in request.POST and (led_to := _just_sent(contents)):
            _forget(digest)
            return _ask(request, led_to)
        answer = self.get_response(request)
        _finish(digest, answer)
        if contents:
            _note(contents, answer)
        desk_counts.forget(request.user.pk)
        return answer


def _digest(request: HttpRequest) -> str:
    found = hashlib.sha256()
    for part in _parts(request):
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()


def _contents(request: HttpRequest) -> str:
    """The same without what names this rendering; empty for a button, and where a password or a file is sent: those
    are not asked for twice."""
    if (
        opened_forms.NAME not in request.POST
        or request.FILES
        or any("password" in key for key in request.POST)
    ):
        return ""
    typed = [
        (name, values) for name, values in _sorted(request) if not name.startswith("_") and name != TOKEN
    ]
    return hashlib.sha256(repr((request.user.pk, request.get_full_path(), typed)).encode()).hexdigest()


def _just_sent(contents: str) -> str:
    """Where the same led a short while ago."""
    since = timezone.now() - ASKED_WITHIN
    found = SentForm.objects.filter(digest=contents, sent_at__gte=since).first()
    return found.led_to if found is not None else ""


def _ask(request: HttpRequest, led_to: str) -> HttpResponse:
    sent = [(name, value) for name, values in _sorted(request) if name != TOKEN for value in values]
    context = {"page_title": "방금 같은 내용을 보냈습니다", "led_to": led_to, "sent": [*sent, (AGAIN, "1")]}
    return render(request, "portal/sent_again.html", context)


def _note(contents: str, answer: HttpResponseBase) -> None:
    if answer.status_code in (301, 302, 303):
        given = {"led_to": answer.headers["Location"], "sent_at": timezone.now()}
        SentForm.objects.update_or_create(digest=contents, defaults=given)


def _sorted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    return sorted((name, [str(value) for value in values]) for name, values in request.POST.lists())


def _parts(request: HttpRequest) -> Iterator[bytes]:
    texts = [str(request.user.pk), request.get_full_path()]
    for name, values in _sorted(request):
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
