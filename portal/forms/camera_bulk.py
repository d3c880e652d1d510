"""일괄 변경: the same change for many cameras, with one reason."""

from typing import Any

from django import forms
from django.db import models

from cameras.bulk_change import CHANGEABLE as FIELDS
from cameras.models import Camera
from portal.forms.cameras import reason_field
from portal.forms.fields import DayField

YES_NO = [("True", "예"), ("False", "아니요")]


class BulkForm(forms.Form):
    """For each field a tick "change this" and the new value; only ticked fields are changed."""

    changed = forms.MultipleChoiceField(
        label="바꿀 항목",
        choices=[(name, Camera._meta.get_field(name).verbose_name) for name in FIELDS],
        error_messages={"required": "바꿀 항목을 하나 이상 고르십시오."},
    )
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticked = set(self.data.getlist("changed")) if self.is_bound else set()
        for name in FIELDS:
            self.fields[name] = _value_field(name)
            # Empty, whatever a new camera begins with: a value that nobody chose would look like the cameras' own.
            self.fields[name].initial = None
            # What is not ticked is not looked at: an empty box means nothing then.
            if name not in ticked:
                self.fields[name].required = False
        self.ticked = ticked

    @property
    def rows(self) -> list[tuple[forms.BoundField, bool]]:
        return [(self[name], name in self.ticked) for name in FIELDS]

    def _clean_fields(self) -> None:
        """Unticked fields are left out before they can be wrong."""
        for name in [name for name in FIELDS if name not in self.ticked]:
            self.fields[name].disabled = True
        super()._clean_fields()
        for name in FIELDS:
            self.fields[name].disabled = False

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.ticked}


def _value_field(name: str) -> forms.Field:
    field = Camera._meta.get_field(name)
    if isinstance(field, models.BooleanField):
        return forms.TypedChoiceField(
            label=field.verbose_name, choices=YES_NO, coerce=lambda value: value == "True"
        )
    made = field.formfield(**({"form_class": DayField} if isinstance(field, models.DateField) else {}))
    if field.choices:
        # Nothing is chosen beforehand, not even the default of a new camera.
        made.choices = [("", "---------"), *field.flatchoices]
        made.initial = ""
    return made
