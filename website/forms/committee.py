"""서면심의: what a member answers on the one page of a signed link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.resident_numbers import refuse_resident_number
from committee import ballots
from committee.ballots import Answers
from committee.enums import BallotChoice
from committee.models import SignedLink
from website.forms.public import use_own_words

# As the member says it.
CHOICES = {
    BallotChoice.FOR: _("찬성합니다"),
    BallotChoice.AGAINST: _("반대합니다"),
    BallotChoice.ABSTAIN: _("기권합니다"),
}


class BallotForm(forms.Form):
    """Per item a choice and words; then the code that went another way."""

    def __init__(self, *args: Any, link: SignedLink, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item, may in ballots.items_for(link.meeting, link.term) if may]
        for item in self.items:
            self.fields[f"choice-{item.pk}"] = forms.ChoiceField(
                label=_("의견"),
                choices=[(each.value, words) for each, words in CHOICES.items()],
                widget=forms.RadioSelect,
            )
            self.fields[f"opinion-{item.pk}"] = forms.CharField(
                label=_("덧붙일 의견 (적지 않아도 됩니다)"),
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 3}),
                validators=[refuse_resident_number],
            )
        self.fields["code"] = code_field()
        for field in self.fields.values():
            use_own_words(field)

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


class CodeForm(forms.Form):
    """Before anything is shown: the code that went another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()
        use_own_words(self.fields["code"])


class ConfirmForm(forms.Form):
    """Whether the draft of the minutes is right."""

    verdict = forms.ChoiceField(
        label=_("회의록 초안이 맞습니까?"),
        choices=[("right", _("맞습니다")), ("wrong", _("고칠 것이 있습니다"))],
        widget=forms.RadioSelect,
    )
    objection = forms.CharField(
        label=_("고칠 것"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_resident_number],
    )

    # The draft that was read: another one is not confirmed by it.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    # Typed to open the page; it travels along.
    code = forms.CharField(widget=forms.HiddenInput, max_length=12)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            use_own_words(field)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("verdict") == "wrong" and not given.get("objection", "").strip():
            self.add_error("objection", _("무엇을 고쳐야 하는지 적어 주십시오."))
        return given

    @property
    def said(self) -> str:
        given = self.cleaned_data
        return str(given["objection"]) if given["verdict"] == "wrong" else ""


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("확인번호"),
        max_length=12,
        help_text=_("간사가 따로 알려 드린 여섯 자입니다."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
