"""허용망 in the portal: the request's address for whoever asks (`accounts.networks`), and the refusal of the whole portal."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts import networks
from accounts.models import Officer
from accounts.networks import Kind
from portal import access_record
from portal.access import View, is_portal
from portal.waiting_sessions import waits_for

PAGE = "portal/people/other_network.html"


class KnowNetwork:
    """Everything below runs knowing from where it was asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = str(request.META.get("REMOTE_ADDR", ""))
        with networks.request_from(address):
            user = request.user
            if (
                isinstance(user, Officer)
                and is_portal(request)
                and not waits_for(request)
                and request.path != reverse("wagtailadmin_logout")
                and not networks.may(Kind.PORTAL, user)
            ):
                return _refuse(request, user, Kind.PORTAL)
            answer = self.get_response(request)
        if isinstance(answer, StreamingHttpResponse) and not isinstance(answer, FileResponse):
            answer.streaming_content = _knowing(address, answer.streaming_content)
        return answer


def _knowing(address: str, content: Any) -> Iterator[bytes]:
    """What is sent while it is made is made after the request was answered: it, too, knows from where it was asked."""
    pieces = iter(content)
    while True:
        with networks.request_from(address):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def only_inside(kind: Kind) -> Callable[[View], View]:
    """A view that gives what only the networks of that kind may have."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if isinstance(user, Officer) and not networks.may(kind, user):
                return _refuse(request, user, kind)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _refuse(request: HttpRequest, person: Officer, kind: Kind) -> HttpResponseBase:
    access_record.refused_elsewhere(person, kind)
    return render(request, PAGE, {"kind": kind.label, "address": networks.here()}, status=403)
