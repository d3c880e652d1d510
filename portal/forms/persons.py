"""보는 목적: asked before the data of a person is shown, with the purposes of its entry in the catalogue."""

from typing import Any

from django import forms

from casework import persons


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="보는 목적",
        widget=forms.RadioSelect,
        help_text="누가 언제 어떤 목적으로 보았는지 원장에 남습니다.",
    )

    def __init__(self, data: Any = None, *, code: str) -> None:
        super().__init__(data)
        purpose: Any = self.fields["purpose"]
        purpose.choices = list(persons.entry(code).purposes.items())
