"""Several files in one field, and files that were kept while a person looks at a preview."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from accounts.models import Officer
from casework import attachments
from casework.models import Attachment

_SALT = "portal.kept-files"
# A preview that is older was forgotten: the files are chosen again.
_KEPT_SECONDS = 12 * 60 * 60


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; `clean` gives a list, each one checked (`casework.attachments`)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "첨부 파일")
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", attachments.HELP)
        kwargs.setdefault("widget", FilesInput(attrs={"accept": attachments.ACCEPT}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, (list, tuple)) else [data]
        uploads = [upload for upload in chosen if upload]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"], code="required")
        # Empty files are refused by name further down, not by Django's general sentence.
        attachments.check_all(uploads)
        return uploads


def seal(kept: Sequence[Attachment]) -> str:
    """What the preview carries instead of the files."""
    return signing.dumps([attachment.pk for attachment in kept], salt=_SALT)


def unseal(token: str, *, by: Officer) -> list[Attachment]:
    """The files that this person kept for this preview. ValidationError when it is none of ours or too old."""
    if not token:
        return []
    try:
        keys = signing.loads(token, salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        raise ValidationError("첨부 파일을 다시 골라 주십시오.") from None
    return list(Attachment.objects.filter(pk__in=keys, added_by=by))
