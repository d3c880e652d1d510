"""영상 확인: what an officer found of each camera and range of a request."""

from typing import Any

from django import forms
from django.utils import timezone

from casework.resident_numbers import refuse_resident_number
from portal.forms.viewing import WORDS_OF_PERSONS
from records.enums import SearchOutcome
from records.models import RequestedCamera, SearchResult, ViewingRequest
from records.viewing import proof, search_results
from records.viewing.search_results import Finding


class SearchForm(forms.Form):
    """A result for each camera and range, with what the records say; left open where nobody looked yet."""

    def __init__(self, *args: Any, shown: ViewingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[int] = []
        known = search_results.latest(shown)
        for line in shown.cameras.standing().select_related("camera"):
            self._add(line, known.get(line.pk))

    def _add(self, line: RequestedCamera, known: SearchResult | None) -> None:
        self.keys.append(line.pk)
        record = proof.record_of(line)
        first, last = timezone.localtime(line.from_at), timezone.localtime(line.until_at)
        self.fields[f"{line.pk}-outcome"] = forms.ChoiceField(
            label=f"{line.camera.number} {first:%Y-%m-%d %H:%M} ~ {last:%Y-%m-%d %H:%M}",
            choices=[("", "아직 확인하지 않음"), *SearchOutcome.choices],
            required=False,
            initial=known.outcome if known else search_results.suggested(record),
            help_text=f"기록: {record.words}",
        )
        if line.is_unseen:
            self.fields[f"{line.pk}-recorder"] = forms.BooleanField(
                label="녹화기에서 확인·확보함",
                required=False,
                help_text="이 시스템의 저장소에서 확인하지 못한 구간입니다. 녹화기에서 확인하고, 영상이 있으면 따로 저장한 뒤 표시합니다. "
                "한 일은 아래에 적습니다. ‘녹화기에서 확보’에도 같은 내용이 기록됩니다.",
            )
        self.fields[f"{line.pk}-note"] = forms.CharField(
            label="확인한 것",
            required=False,
            max_length=search_results.MAX_NOTE,
            validators=[refuse_resident_number],
            help_text=f"기록과 다르면 반드시 적습니다. {WORDS_OF_PERSONS}",
        )

    @property
    def findings(self) -> dict[int, Finding]:
        given = self.cleaned_data
        return {
            key: Finding(
                given[f"{key}-outcome"],
                given[f"{key}-note"],
                at_recorder=given.get(f"{key}-recorder", False),
            )
            for key in self.keys
            if given[f"{key}-outcome"]
        }
