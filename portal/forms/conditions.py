"""The conditions of a prior consultation's reply: rows of a text and, where it has one, a day."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from cameras.prior_consultation import MOST_CONDITIONS, Condition
from casework import typed_moments
from portal.forms.fields import DayField

LONGEST = 500
# So many rows stand open; the others unfold.
SHOWN = 4

Row = tuple[str, str]


class ConditionRows(forms.Widget):
    """Each row has names of its own, so that what was typed comes back row by row (`portal.drafts`)."""

    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        typed: list[Row] = [*(value or ())]
        typed += [("", "")] * (MOST_CONDITIONS - len(typed))
        identity = (attrs or {}).get("id", f"id_{name}")
        rows = [
            {
                "number": number,
                "text": text,
                # A browser's own field shows a day in this writing alone.
                "day": str(typed_moments.day(day) or day),
                "name": f"{name}_{number}",
                "id": f"{identity}_{number - 1}",
            }
            for number, (text, day) in enumerate(typed, 1)
        ]
        context = {
            "rows": rows[:SHOWN],
            "more": rows[SHOWN:],
            "is_unfolded": any(text or day for text, day in typed[SHOWN:]),
            "longest": LONGEST,
            "described_by": (attrs or {}).get("aria-describedby", ""),
        }
        return render_to_string("portal/life/condition_rows.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        numbers = range(1, MOST_CONDITIONS + 1)
        return [(data.get(f"{name}_{at}", ""), data.get(f"{name}_{at}_day", "")) for at in numbers]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_1" not in data


class ConditionsField(forms.Field):
    widget = ConditionRows

    def to_python(self, value: Any) -> list[Condition]:
        found, wrong = [], []
        for number, (text, day) in enumerate(value or (), 1):
            try:
                found += _condition(text.strip(), day.strip())
            except ValidationError as error:
                wrong += [f"조건 {number}: {message}" for message in error.messages]
        if wrong:
            raise ValidationError(wrong)
        return found

    def in_words(self, value: list[Condition]) -> str:
        return "\n".join(f"{number}. {condition}" for number, condition in enumerate(value, 1))


def _condition(text: str, day: str) -> Iterator[Condition]:
    if day and not text:
        raise ValidationError("이행 기한만 있고 조건이 없습니다.")
    if len(text) > LONGEST:
        raise ValidationError(f"{LONGEST}자까지 적습니다.")
    if text:
        yield Condition(text, DayField(required=False).clean(day))
