"""What was filled in, in the words that the person chose from."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.forms import BaseForm, Field, FileField, ModelChoiceField, PasswordInput

NOTHING = "(없음)"


def in_words(field: Field, value: Any) -> str:
    if own := getattr(field, "in_words", None):
        return str(own(value))
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return ", ".join(in_words(field, each) for each in value) or NOTHING
    if isinstance(field, ModelChoiceField):
        return str(value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first())
    labels = {
        str(code): str(label)
        for code, label in getattr(field, "choices", ())
        if not isinstance(label, (list, tuple))
    }
    return labels.get(str(getattr(value, "value", value)), str(value))


def answers(form: BaseForm) -> Iterator[tuple[str, str]]:
    """Label and answer of every field that was answered; files stand beside them (`portal.kept_files`)."""
    for bound in form.visible_fields():
        value = form.cleaned_data.get(bound.name)
        # A nought is an answer; it equals False.
        if value is None or value is False or value in ("", []) or isinstance(bound.field, FileField):
            continue
        if not isinstance(bound.field.widget, PasswordInput):
            yield str(bound.label), in_words(bound.field, value)
