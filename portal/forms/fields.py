"""Fields of any form of the portal: days and instants that somebody can mean."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Nobody means a day outside these years, and sums with the calendar's first and last day overflow.
FIRST_YEAR, LAST_YEAR = 1990, 2100
FIRST_BIRTH_YEAR = 1900


class Years:
    """Refuses a year that is a slip of the finger."""

    def __init__(self, first: int, last: int = LAST_YEAR) -> None:
        self.first, self.last = first, last

    def __call__(self, value: date) -> None:
        if not self.first <= value.year <= self.last:
            raise ValidationError(f"{self.first}년부터 {self.last}년까지의 날짜를 적어 주십시오.")


class DayField(forms.DateField):
    """A day; forms of a model name it in `field_classes`."""

    default_error_messages = {"invalid": "날짜는 2026-09-30과 같이 적습니다."}

    def __init__(self, *, first_year: int = FIRST_YEAR, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)
        self.validators.append(Years(first_year))


def day_field(label: str, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


def moment_field(label: str, **kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"})
    return forms.DateTimeField(label=label, widget=widget, validators=[Years(FIRST_YEAR)], **kwargs)
