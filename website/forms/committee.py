"""서면심의: what a member answers on the one page of a signed link."""

from typing import Any

from django import forms

from casework.resident_numbers import refuse_resident_number
from committee import ballots
from committee.ballots import Answers
from committee.enums import BallotChoice
from committee.models import SignedLink


class BallotForm(forms.Form):
    """Per item a choice and words; then the code that went another way."""

    def __init__(self, *args: Any, link: SignedLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item, may in ballots.items_for(link.meeting, link.term) if may]
        for item in self.items:
            self.fields[f"choice-{item.pk}"] = forms.ChoiceField(
                label="의견", choices=BallotChoice.choices, widget=forms.RadioSelect
            )
            self.fields[f"opinion-{item.pk}"] = forms.CharField(
                label="덧붙일 의견 (적지 않아도 됩니다)",
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 3}),
                validators=[refuse_resident_number],
            )
        self.fields["code"] = code_field()

    @property
    def questions(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        return [(item, self[f"choice-{item.pk}"], self[f"opinion-{item.pk}"]) for item in self.items]

    @property
    def answers(self) -> Answers:
        given = self.cleaned_data
        return {
            item.pk: (BallotChoice(given[f"choice-{item.pk}"]), given[f"opinion-{item.pk}"])
            for item in self.items
        }


def code_field() -> forms.CharField:
    return forms.CharField(
        label="확인번호",
        max_length=12,
        help_text="간사가 따로 알려 드린 여섯 자입니다.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
