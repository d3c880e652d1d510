"""Fields of any form of the portal: days and instants that somebody can mean."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from casework import typed_moments

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

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            if (found := typed_moments.day(str(value))) is None:
                raise
            return found


def day_field(label: str, **kwargs: Any) -> DayField:
    return DayField(label=label, **kwargs)


class MomentInput(forms.DateTimeInput):
    """One line of text: what is half typed stays, which a browser's own field for days and times empties."""

    def __init__(self) -> None:
        attrs = {"placeholder": "2026-09-30 18:30", "autocomplete": "off"}
        super().__init__(format="%Y-%m-%d %H:%M:%S", attrs=attrs)

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        # Whole minutes are told without their seconds.
        return text.removesuffix(":00") if isinstance(value, datetime) and text else text


class MomentField(forms.DateTimeField):
    """Whatever the calendar of a programme writes, and what people write: 2026.9.30 1830, 2026-09-30 오후 6시 30분."""

    widget = MomentInput
    default_error_messages = {"invalid": "날짜와 시각은 2026-09-30 18:30과 같이 적습니다."}

    def to_python(self, value: Any) -> Any:
        if typed_moments.WHOLE_DAY.fullmatch(str(value).strip()):
            # A day alone would be midnight without anybody having said so.
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except ValidationError:
            if (found := typed_moments.moment(str(value))) is None:
                raise
            return found


def moment_field(label: str, **kwargs: Any) -> MomentField:
    return MomentField(label=label, validators=[Years(FIRST_YEAR)], **kwargs)
