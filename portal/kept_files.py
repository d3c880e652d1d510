"""Chosen files survive an error and a preview: a form that comes back carries what was uploaded with it.

A browser never fills in a file again. So whatever a page shows after a form was sent keeps the files of that form
(`casework.attachments`, erased after a day when nothing took them) and carries their numbers, signed; when the form is
sent again they stand among its files as if they had just been chosen, and the act takes the very rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponseBase

from casework import attachments
from casework.models import Attachment
from portal.access import officer
from portal.row_keys import keys

KEPT, DROPPED = "_kept:", "_dropped:"
_SALT = "portal.kept-files"
_KEPT_SECONDS = 12 * 60 * 60
# No file has this number: the act is told that one is missing (`refuse_lost`).
NOWHERE = 0


@dataclass(frozen=True)
class Kept:
    """The files of one field, and those that have to be chosen again."""

    name: str
    token: str
    files: tuple[Attachment, ...]
    lost: tuple[str, ...]


class BringBack:
    """Puts the kept files of a form among those that were sent with it, before any view looks at them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.user.is_authenticated:
            for name in [name for name in request.POST if name.startswith(KEPT)]:
                _bring_back(request, name.removeprefix(KEPT))
        return self.get_response(request)


def _bring_back(request: HttpRequest, name: str) -> None:
    dropped = set(keys(request.POST.getlist(DROPPED + name)))
    try:
        numbers = signing.loads(request.POST[KEPT + name], salt=_SALT, max_age=_KEPT_SECONDS)
        found = {row.pk: row for row in Attachment.objects.filter(pk__in=numbers, added_by=officer(request))}
        for number in numbers:
            if number not in dropped:
                request.FILES.appendlist(name, attachments.reopened(found[number]))
    except (signing.BadSignature, KeyError, attachments.Damaged):
        request.has_lost_files = True  # type: ignore[attr-defined]


def refuse_lost(request: HttpRequest) -> None:
    """An act whose files are no longer there is not done without them."""
    if getattr(request, "has_lost_files", False):
        raise ValidationError("올렸던 첨부 파일이 남아 있지 않습니다. 파일을 다시 골라 주십시오.")


def keep(request: HttpRequest, form: BaseForm) -> None:
    """Before a page shows a form that was sent: what it carried is carried again."""
    if not (request.method == "POST" and form.is_bound and form.files):
        return
    form.kept_files = dict(_kept(request, form))  # type: ignore[attr-defined]
    if form.kept_files:  # type: ignore[attr-defined]
        form.use_required_attribute = False


def _kept(request: HttpRequest, form: BaseForm) -> Iterator[tuple[str, Kept]]:
    for name, field in form.fields.items():
        html_name = form[name].html_name
        uploads = form.files.getlist(html_name) if isinstance(field, FileField) else []
        if not uploads:
            continue
        # What the form itself refused is not worth keeping.
        files, lost = _keep_each(request, uploads if name not in form.errors else [])
        if files or lost:
            token = signing.dumps([each.pk for each in files], salt=_SALT)
            yield name, Kept(html_name, token, tuple(files), tuple(lost))


def _keep_each(request: HttpRequest, uploads: list[Any]) -> tuple[list[Attachment], list[str]]:
    files, lost = [], []
    for upload in uploads:
        try:
            with transaction.atomic():
                files.append(attachments.keep(upload, by=officer(request)))
        except ValidationError:
            lost.append(attachments.safe_name(upload.name or ""))
    return files, lost


def carried(request: HttpRequest) -> list[Kept]:
    """All files of what was sent, for a page that stands in between; what could not be kept stops the act later."""
    found = []
    for name in request.FILES:
        files, lost = _keep_each(request, request.FILES.getlist(name))
        numbers = [each.pk for each in files] + [NOWHERE] * bool(lost)
        found.append(Kept(name, signing.dumps(numbers, salt=_SALT), tuple(files), tuple(lost)))
    return found


def kept_of(form: BaseForm) -> dict[str, Any]:
    return getattr(form, "kept_files", {})


def all_of(form: BaseForm) -> list[Attachment]:
    return [file for kept in kept_of(form).values() for file in kept.files]
