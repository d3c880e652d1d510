"""What all forms for citizens share: they can be sent twice without being received twice, and say what to correct."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.resident_numbers import holds_resident_number

FRAMEWORK_WORDS = forms.Field.default_error_messages["required"]
TO_CHOOSE = (forms.ChoiceField, forms.ModelChoiceField)


class CitizenForm(forms.Form):
    """Says which field is required in words: the attribute makes screen readers call an untouched field wrong."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs = {"class": style(field.widget)} | field.widget.attrs
            if field.error_messages["required"] is FRAMEWORK_WORDS:
                is_choice = isinstance(field, TO_CHOOSE)
                field.error_messages["required"] = _("골라 주십시오.") if is_choice else _("적어 주십시오.")
            if isinstance(field, TO_CHOOSE):
                field.error_messages["invalid_choice"] = _("목록에 있는 것을 골라 주십시오.")


class StepForm(CitizenForm):
    """The whole of a form, or `only` the fields of one page."""

    def __init__(self, *args: Any, only: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only:
            self.fields = {name: field for name, field in self.fields.items() if name in only}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and holds_resident_number(value):
                self.add_error(
                    name,
                    _("주민등록번호(외국인등록번호)처럼 보이는 숫자가 있습니다. 지우고 다시 보내 주십시오."),
                )
        return cleaned


class PublicForm(StepForm):
    """`submission` is made with the empty form: the same form sent again (a double click, a reload) is the same matter."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


def style(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "site-check"
    return "krds-input"


def spoken(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, "str | Promise"]]:
    """Choices of the domain, in the reader's language."""
    return [(value, _(label)) for value, label in choices]
