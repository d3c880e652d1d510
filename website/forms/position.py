"""The position that a browser gives, when somebody lets it."""

from django import forms

from cameras.enums import InstallPurpose
from cameras.whereabouts.bearings import Position


class PositionForm(forms.Form):
    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)
    # Metres, as the browser says.
    accuracy = forms.FloatField(required=False, min_value=0, max_value=10_000_000)
    purpose = forms.ChoiceField(required=False, choices=[("", ""), *InstallPurpose.choices])

    @property
    def position(self) -> Position:
        return Position(self.cleaned_data["latitude"], self.cleaned_data["longitude"])

    @property
    def accuracy_metres(self) -> int | None:
        given = self.cleaned_data["accuracy"]
        return None if given is None else round(given)

    @property
    def chosen_purpose(self) -> str:
        chosen: str = self.cleaned_data["purpose"]
        return chosen
