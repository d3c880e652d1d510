"""What all forms for citizens share: they can be sent twice without being received twice, and say what to correct."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cameras.dataset_text import folded
from casework.resident_numbers import holds_resident_number

FRAMEWORK_WORDS = forms.Field.default_error_messages["required"]
TO_CHOOSE = (forms.ChoiceField, forms.ModelChoiceField)
TOO_LONG = _(
    "%(limit_value)s자까지 적을 수 있는데 %(show_value)s자입니다. 적은 내용은 그대로 있으니 줄여 주십시오."
)
# In place of the framework's words, by its codes.
OWN_WORDS: "dict[str, str | Promise]" = {
    "null_characters_not_allowed": _("쓸 수 없는 글자가 섞여 있습니다. 지우고 다시 적어 주십시오."),
    "max_length": TOO_LONG,
    "min_value": _("%(limit_value)s보다 작을 수 없습니다."),
    "max_value": _("%(limit_value)s까지 적을 수 있습니다."),
}
WORDS_OF_FIELDS: "tuple[tuple[type[forms.Field], dict[str, str | Promise]], ...]" = (
    (
        forms.FileField,
        {
            "invalid": _("파일을 받지 못했습니다. 다시 골라 주십시오."),
            "missing": _("파일을 받지 못했습니다. 다시 골라 주십시오."),
            "empty": _("빈 파일입니다. 다른 파일을 골라 주십시오."),
        },
    ),
    (forms.IntegerField, {"invalid": _("숫자로 적어 주십시오.")}),
)


def use_own_words(field: forms.Field) -> None:
    """What the framework would say is said in ours, and nothing that is pasted is cut by the browser."""
    messages = field.error_messages
    if messages["required"] is FRAMEWORK_WORDS:
        messages["required"] = _missing(field)
    if isinstance(field, TO_CHOOSE):
        messages["invalid_choice"] = _("목록에 있는 것을 골라 주십시오.")
    for code, words in OWN_WORDS.items():
        messages.setdefault(code, words)
    for kind, own in WORDS_OF_FIELDS:
        for code, words in own.items():
            if isinstance(field, kind) and messages.get(code) is _first_words(kind, code):
                messages[code] = words
    field.widget.attrs.pop("maxlength", None)


def _missing(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return _("이 칸에 표시하여 주십시오.")
    return _("골라 주십시오.") if isinstance(field, TO_CHOOSE) else _("적어 주십시오.")


def _first_words(kind: type[forms.Field], code: str) -> Any:
    return kind.default_error_messages.get(code)


class CitizenForm(forms.Form):
    """Says which field is required in words: the attribute makes screen readers call an untouched field wrong."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs = {"class": style(field.widget)} | field.widget.attrs
            use_own_words(field)

    def clean(self) -> dict[str, Any]:
        """A text of which nothing can be seen is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and value and not folded(value):
                cleaned[name] = ""
                if self.fields[name].required:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


class StepForm(CitizenForm):
    """The whole of a form, or `only` the fields of one page."""

    def __init__(self, *args: Any, only: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in only}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, str) and holds_resident_number(value):
                self.add_error(
                    name,
                    _("주민등록번호(외국인등록번호)처럼 보이는 숫자가 있습니다. 지우고 다시 보내 주십시오."),
                )
        return cleaned


def style(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "site-check"
    return "krds-input"


def spoken(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, "str | Promise"]]:
    """Choices of the domain, in the reader's language."""
    return [(value, _(label)) for value, label in choices]
