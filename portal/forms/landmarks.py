"""Forms of the place names that the public search knows."""

from django import forms

from cameras.enums import LandmarkKind
from cameras.models import Landmark
from portal.forms.footage import ANY, Filter


class LandmarkFilter(Filter):
    q = forms.CharField(label="지명·다른 이름", required=False, max_length=60)
    kind = forms.ChoiceField(label="종류", required=False, choices=[ANY, *LandmarkKind.choices])


class LandmarkForm(forms.ModelForm):
    class Meta:
        model = Landmark
        fields = ["name", "kind", "other_names", "latitude", "longitude", "source"]
