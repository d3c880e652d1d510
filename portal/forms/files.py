"""Several files in one field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework import attachments


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
