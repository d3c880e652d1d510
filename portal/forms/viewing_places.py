"""Where and when, as an officer enters it: a number, or a place with a radius."""

from typing import Any

from django import forms

from cameras.models import Site
from cameras.whereabouts import register
from portal.forms.fields import moment_field
from records.viewing import asked, named_places
from records.viewing.asked import Part

USUAL_RADIUS = 100


class RangeForm(forms.Form):
    """One part of a request."""

    part: Part | None = None
    where = forms.CharField(
        label="어디",
        max_length=100,
        help_text="카메라 번호나 설치장소 관리번호를 적으면 그 카메라, 주소나 역·건물을 적으면 둘레의 카메라 모두입니다.",
    )
    radius = forms.IntegerField(label="둘레 (m)", min_value=1)
    from_at = moment_field("촬영된 때: 시작")
    until_at = moment_field("촬영된 때: 끝")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = asked.longest_radius()
        radius: Any = self.fields["radius"]
        radius.initial = min(USUAL_RADIUS, longest)
        radius.help_text = f"주소로 적었을 때 씁니다. {longest} m까지."

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if all(given.get(name) for name in ("where", "radius", "from_at", "until_at")):
            self._find(given)
        return given

    def _find(self, given: dict[str, Any]) -> None:
        named = named_places.find(given["where"], lambda: register.known_places(Site.objects.all()))
        self.part = named.part(given["where"], given["radius"], given["from_at"], given["until_at"])
        if self.part is None:
            offered = ", ".join(label for _words, label in named.choices)
            text = f"한 곳으로 정해지지 않습니다. 다음 가운데 하나를 적으십시오: {offered}"
            self.add_error("where", text if offered else "그런 번호나 장소를 찾지 못했습니다.")
