"""What was typed survives the end of a session: it is kept, sealed, for its officer at its address, and offered there again.

While somebody writes, the page saves every few seconds (`static/portal/forms.js`); writing is an act, so the session
does not end under it. A form that is sent after the session has ended is kept as well: the signed field of the form
(`portal.opened_forms`) says whose it is. Nobody else is ever shown it. It goes when the form was done or thrown away,
and after KEPT in any case, whatever it holds: a working day, not the period of the matter, since it is no record.
Passwords and files are not kept, nor anything of a form that is not ours.
"""

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from portal import opened_forms
from portal.access import is_portal
from portal.forms.second_factor import PROOF
from portal.models import FormDraft
from portal.opened_forms import Opening
from portal.sent_forms import TOKEN

KEPT = opened_forms.HELD_FOR
MOST_CHARACTERS = 200_000
SAVE = "draft"


@dataclass(frozen=True)
class Draft:
    """What the page fills in again: names with their values."""

    saved_at: datetime.datetime
    is_unsent: bool
    values: list[tuple[str, list[str]]]

    @property
    def as_data(self) -> dict[str, Any]:
        return {"values": self.values, "isUnsent": self.is_unsent}


class KeepUnsent:
    """A form that was sent after the session's end leads to the login and back; one that was done leaves no draft."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # What strangers send to the public site is read by its own views alone.
        if request.method != "POST" or not is_portal(request) or opened_forms.NAME not in request.POST:
            return self.get_response(request)
        opening = opened_forms.read(request.POST[opened_forms.NAME])
        if opening is None:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _keep_for_later(request, opening)
        answer = self.get_response(request)
        if answer.status_code == 403 and opening.officer == request.user.pk:
            # Most often a page from before the last login: its token is no longer taken.
            if save(opening, request.POST, is_unsent=True):
                messages.warning(
                    request, "보내지 못했습니다. 적은 내용을 되살렸으니 확인하고 다시 보내십시오."
                )
            return redirect(opening.address)
        if answer.status_code in (302, 303):
            forget(opening)
        return answer


def _keep_for_later(request: HttpRequest, opening: Opening) -> HttpResponseBase:
    is_saving = request.path == reverse(SAVE)
    is_kept = save(opening, request.POST, is_unsent=not is_saving)
    if is_saving:
        return HttpResponse(status=401)
    if is_kept:
        messages.warning(
            request, "접속이 끝나 보내지 못했습니다. 적은 내용은 보관했으니 로그인하여 다시 보내십시오."
        )
    return redirect_to_login(opening.address, reverse("wagtailadmin_login"))


def save(opening: Opening, data: QueryDict, *, is_unsent: bool = False) -> bool:
    """Keep what was typed; False where it is too much to be somebody's writing, or whose it is may not log in."""
    values = [(name, sent) for name, sent in data.lists() if not _is_left_out(name, opening)]
    content = json.dumps(values, ensure_ascii=False)
    if (
        len(content) > MOST_CHARACTERS
        or not Officer.objects.filter(pk=opening.officer, is_active=True).exists()
    ):
        return False
    draft = FormDraft(
        place=_place(opening.officer, opening.address),
        officer_id=opening.officer,
        content=content,
        saved_at=timezone.now(),
        is_unsent=is_unsent,
    )
    # In one statement: of two at once (a double click) the later one stays, and neither fails.
    FormDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["officer", "content", "saved_at", "is_unsent"],
    )
    return True


def _is_left_out(name: str, opening: Opening) -> bool:
    return name == TOKEN or name in opening.unkept or name.startswith(("_kept:", PROOF))


def find(request: HttpRequest) -> Draft | None:
    """What this officer began to write at this address."""
    place = _place(request.user.pk or 0, request.get_full_path())
    found = FormDraft.objects.filter(place=place, saved_at__gt=timezone.now() - KEPT).first()
    if found is None:
        return None
    return Draft(found.saved_at, found.is_unsent, json.loads(found.content))


def forget(opening: Opening) -> None:
    FormDraft.objects.filter(place=_place(opening.officer, opening.address)).delete()


def forget_old() -> int:
    return FormDraft.objects.filter(saved_at__lte=timezone.now() - KEPT).delete()[0]


def _place(officer: int, address: str) -> str:
    return hashlib.sha256(f"{officer} {address}".encode("utf-8", "surrogatepass")).hexdigest()
