"""What the list of due matters can be narrowed by, and how an officer wants to be told."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from portal.agenda import Entry, duties
from portal.models import ReminderChoice

EVERYONE, OWN = "everyone", "own"


class AgendaFilter(forms.Form):
    """The choices are what the list holds, so that none of them leads to nothing."""

    kind = forms.ChoiceField(label="종류", required=False)
    article = forms.ChoiceField(label="근거 조항", required=False)
    whose = forms.ChoiceField(
        label="담당",
        required=False,
        choices=[("", "내 일과 공동의 일"), (OWN, "내 일만"), (EVERYONE, "다른 담당자의 일도")],
    )

    def __init__(self, data: Any, *, entries: Sequence[Entry]) -> None:
        super().__init__(data)
        self.entries = entries
        self.fields["kind"].choices = _choices("모든 종류", (entry.kind for entry in entries))
        self.fields["article"].choices = _choices("모든 조항", (entry.item.article for entry in entries))

    @property
    def chosen(self) -> dict[str, str]:
        """A value that makes no sense narrows nothing and is shown as an error."""
        _ = self.errors
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self) -> list[Entry]:
        chosen = self.chosen
        found = list(self.entries) if chosen.get("whose") == EVERYONE else duties(self.entries)
        if chosen.get("whose") == OWN:
            found = [entry for entry in found if entry.is_own]
        if kind := chosen.get("kind"):
            found = [entry for entry in found if entry.kind == kind]
        if article := chosen.get("article"):
            found = [entry for entry in found if entry.item.article == article]
        return found


class MonthForm(forms.Form):
    """`month=2026-11` in the address."""

    month = forms.DateField(input_formats=["%Y-%m"], required=False)

    def first_on(self, today: datetime.date) -> datetime.date:
        """The month asked for; this one for what is no month, or one that no calendar needs."""
        asked = self.cleaned_data.get("month") if self.is_valid() else None
        if asked is None or not 2000 <= asked.year <= 2100:
            asked = today
        return asked.replace(day=1)


class ReminderForm(forms.ModelForm):
    class Meta:
        model = ReminderChoice
        fields = ("is_on", "least_stage")
        widgets = {"least_stage": forms.RadioSelect}


def _choices(all_of_them: str, values: Iterable[str]) -> list[tuple[str, str]]:
    return [("", all_of_them), *((value, value) for value in sorted(set(values) - {""}))]
