"""A form on several pages: one matter each, and the answers to check before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext

Label = "str | Promise"
CHECK = "check"


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    title: "str | Promise"
    names: tuple[str, ...]
    # Told after the fields.
    notice: str = ""
    # Shown before them: the list of a step that has no fields.
    content: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as it was understood."""

    label: "str | Promise"
    value: Any
    step: str


def belongs(key: str, names: Sequence[str]) -> bool:
    """Whether a key of what was sent is one of these fields, or a part of one."""
    return any(key == name or key.startswith(f"{name}_") for name in names)


def rows(form: forms.Form, steps: Sequence[Step], spoken: Mapping[str, Any]) -> list[Row]:
    """What will be sent; `spoken` says what no field can (a photograph, a position). Empty answers are told as such."""
    found = []
    for step in steps:
        for name in step.names:
            if name in spoken:
                if spoken[name] is None:
                    continue
                label, value = spoken[name]
                found.append(Row(label, value, step.code))
            elif name in form.fields and not form[name].is_hidden:
                found.append(Row(form[name].label, _said(form, name), step.code))
    return found


def _said(form: forms.Form, name: str) -> Any:
    field, value = form.fields[name], form.cleaned_data.get(name)
    if isinstance(field, forms.BooleanField):
        return gettext("동의함") if value else gettext("동의하지 않음")
    if isinstance(field, forms.MultipleChoiceField):
        return ", ".join(str(label) for key, label in field.choices if str(key) in (value or ()))
    if isinstance(field, forms.ChoiceField):
        return dict(field.choices).get(value, "")
    return value
