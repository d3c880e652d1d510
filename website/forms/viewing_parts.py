"""Where and when, as somebody types it who does not know the camera; further places of one request.

Works without scripts: a button adds a place, takes one away or chooses what was meant, and the page comes back with
everything that was typed.
"""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.viewing import asked, named_places
from records.viewing.asked import Part
from website.forms.public import CitizenForm
from website.places import public_sites

ADD, DROP, PICK = "add-place", "drop-place", "pick-place"
BUTTONS = (ADD, DROP, PICK)
COUNT = "more-count"
USUAL_RADIUS = 100
MAX_WORDS = 100


def moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, widget=widget, help_text=help_text)


def where_field() -> forms.CharField:
    return forms.CharField(
        label=_("어디인가요?"),
        max_length=MAX_WORDS,
        help_text=_(
            "주소, 역이나 건물 이름. 안내판의 관리번호나 카메라 번호를 적으면 그 카메라만 청구합니다."
        ),
    )


def radius_field() -> forms.IntegerField:
    longest = asked.longest_radius()
    return forms.IntegerField(
        label=_("둘레 (m)"),
        min_value=1,
        max_value=longest,
        initial=min(USUAL_RADIUS, longest),
        help_text=_("주소나 이름을 적으면 이 거리 안의 카메라 모두를 청구합니다."),
    )


class NamesPlace(forms.Form):
    """The fields `where`, `radius`, `from_at`, `until_at` become one part of the request."""

    part: Part | None = None
    # Where more than one place may be meant: words with their label.
    choices: tuple[tuple[str, str], ...] = ()

    def take_place(self, given: dict[str, Any]) -> None:
        if not all(given.get(name) for name in ("where", "radius", "from_at", "until_at")):
            return
        named = named_places.find(given["where"], public_sites())
        self.part = named.part(given["where"], given["radius"], given["from_at"], given["until_at"])
        if self.part is None:
            self.choices = named.choices
            self.add_error("where", _unclear(bool(named.choices)))


def _unclear(has_choices: bool) -> str:
    if has_choices:
        return gettext("한 곳으로 정해지지 않습니다. 아래에서 고르거나 더 자세히 적어 주십시오.")
    return gettext("어디인지 찾지 못했습니다. 도로명과 건물번호나 가까운 역·건물을 적어 주십시오.")


class PartForm(NamesPlace, CitizenForm):
    from_at = moment(_("촬영된 때: 시작"))
    until_at = moment(_("촬영된 때: 끝"))
    field_order = ("where", "radius", "from_at", "until_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_fields = {"where": where_field(), "radius": radius_field(), **self.base_fields}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.take_place(given)
        return given


class MoreParts:
    """The further places of a request, and the buttons beside them."""

    def __init__(self, sent: QueryDict | None) -> None:
        self.data = sent.copy() if sent is not None else None
        self.is_changed = self.data is not None and any(name in self.data for name in BUTTONS)
        self.count = self._count()
        if self.is_changed:
            self._press()
        self.forms = [PartForm(self.data, prefix=f"more-{index}") for index in range(self.count)]
        if self.is_changed:
            for form in self.forms:
                as_typed(form)

    def _count(self) -> int:
        text = self.data.get(COUNT, "0") if self.data is not None else "0"
        return (
            min(int(text), asked.MOST_PARTS - 1) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        )

    def _press(self) -> None:
        data: Any = self.data
        if ADD in data:
            self.count = min(self.count + 1, asked.MOST_PARTS - 1)
            data.setdefault(f"more-{self.count - 1}-radius", str(min(USUAL_RADIUS, asked.longest_radius())))
        elif DROP in data:
            self._drop(data, data[DROP])
        else:
            name, _sep, words = data[PICK].partition("|")
            data[name] = words

    def _drop(self, data: Any, text: str) -> None:
        if not (text.isascii() and text.isdigit() and int(text[:4]) < self.count):
            return
        at = int(text)
        kept = [_values(data, index) for index in range(self.count) if index != at]
        for index in range(self.count):
            for key in [key for key in data if key.startswith(f"more-{index}-")]:
                del data[key]
        for index, values in enumerate(kept):
            for name, value in values.items():
                data.setlist(f"more-{index}-{name}", value)
        self.count -= 1

    def are_valid(self) -> bool:
        # Every one of them says what is wrong.
        return [form.is_valid() for form in self.forms].count(False) == 0

    @property
    def parts(self) -> list[Part]:
        return [form.part for form in self.forms if form.part is not None]

    @property
    def can_grow(self) -> bool:
        return self.count < asked.MOST_PARTS - 1

    @property
    def errors(self) -> list[tuple[forms.BoundField, str]]:
        return [(field, str(error)) for form in self.forms for field in form for error in field.errors]

    def take(self, name: str, message: Any) -> bool:
        """What the domain refuses of one of them."""
        for form in self.forms:
            if form.prefix and name.startswith(f"{form.prefix}-"):
                field = name.removeprefix(f"{form.prefix}-")
                form.add_error(field if field in form.fields else "where", message)
                return True
        return False


def _values(data: "MultiValueDict[str, str]", index: int) -> dict[str, list[str]]:
    prefix = f"more-{index}-"
    return {key.removeprefix(prefix): data.getlist(key) for key in data if key.startswith(prefix)}


def as_typed(form: forms.Form) -> None:
    """Shown with what was typed; nothing is judged before it is sent."""
    form._errors = forms.utils.ErrorDict()
