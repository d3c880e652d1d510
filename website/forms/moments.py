"""Day and time as people type them: three numbers and a time of 24 hours, never emptied by a mistake.

The browser's own fields for dates send nothing at all while they are half filled in, so what was typed is lost. Here each
part is text: what cannot be understood stays in its place, and the message says which part and how.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.typed_moments import (
    DAY_ENDINGS,
    LENGTH,
    MINUTES,
    OF_THE_WEEK,
    WHOLE_DAY,
    WHOLE_MOMENT,
    clock,
)


@dataclass(frozen=True, slots=True)
class Part:
    """`size` in characters; `mode`: the keyboard that a phone shows."""

    code: str
    label: "str | Promise"
    size: int
    mode: str = "numeric"


PARTS = (Part("year", _("년"), 4), Part("month", _("월"), 2), Part("day", _("일"), 2))
CLOCK_PART = Part("time", _("시각 (24시간)"), 8, "text")
LONGEST_PART = 40
LONGEST_LENGTH = timedelta(days=366)


class PartsWidget(forms.Widget):
    """Shown by `website/includes/field.html`, part by part."""

    template_name = "django/forms/widgets/text.html"
    parts: ClassVar[tuple[Part, ...]]
    # Another program's way of sending all parts at once; a group for each.
    at_once: ClassVar[re.Pattern[str]]

    def whole(self, text: str) -> list[str]:
        found = self.at_once.fullmatch(text)
        return list(found.groups()) if found else [text[:LONGEST_PART], *[""] * (len(self.parts) - 1)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if name in data:
            return self.whole(str(data.get(name)).strip())
        return [str(data.get(f"{name}_{part.code}", "")).strip()[:LONGEST_PART] for part in self.parts]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and all(f"{name}_{part.code}" not in data for part in self.parts)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_year" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part.code}",
                "label": part.label,
                "size": part.size,
                "mode": part.mode,
                "value": text,
            }
            for part, text in zip(self.parts, self.texts(value), strict=True)
        ]
        return context

    def texts(self, value: Any) -> list[str]:
        return list(value) if value else [""] * len(self.parts)


class DayWidget(PartsWidget):
    parts, at_once = PARTS, WHOLE_DAY

    def texts(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [str(value.year), str(value.month), str(value.day)]
        return super().texts(value)


class MomentWidget(PartsWidget):
    """A day and a time. `offers_days`: buttons that write yesterday's or today's date into it."""

    parts, at_once = (*PARTS, CLOCK_PART), WHOLE_MOMENT

    def __init__(self, attrs: Any = None, *, offers_days: bool = False) -> None:
        super().__init__(attrs)
        self.offers_days = offers_days

    def texts(self, value: Any) -> list[str]:
        if isinstance(value, datetime):
            local = timezone.localtime(value)
            return [str(local.year), str(local.month), str(local.day), f"{local:%H:%M}"]
        return super().texts(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        today = timezone.localdate()
        if self.offers_days:
            context["widget"]["days"] = [
                {"label": label, "value": f"{name}|{day.isoformat()}", "day": day}
                for label, day in ((_("어제"), today - timedelta(days=1)), (_("오늘"), today))
            ]
        return context


class DayField(forms.Field):
    widget = DayWidget
    default_error_messages = {"required": _("날짜를 적어 주십시오. 예: 2026년 11월 28일")}

    def clean(self, value: Any) -> date | None:
        texts = _plain(value)
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return _day_of(texts, PARTS)


class MomentField(forms.Field):
    """A day and a time of Seoul; aware, to the minute."""

    widget = MomentWidget
    default_error_messages = {"required": _("날짜와 시각을 적어 주십시오. 예: 2026년 11월 28일 18:30")}

    def clean(self, value: Any) -> datetime | None:
        texts = _plain(value)
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        texts += [""] * (len(MomentWidget.parts) - len(texts))
        if texts[0] and not any(texts[1:3]) and (whole := WHOLE_DAY.fullmatch(texts[0])):
            texts[:3] = whole.groups()
        day = _day_of(texts, MomentWidget.parts)
        return datetime.combine(day, clock(texts[3]), timezone.get_current_timezone())


def _plain(value: Any) -> list[str]:
    return [unicodedata.normalize("NFKC", text).strip() for text in value or ()]


def _day_of(texts: Sequence[str], parts: Sequence[Part]) -> date:
    """Of the first three texts; says every part that is missing. Raises ValidationError."""
    if texts[0] and not any(texts[1:]) and (whole := WHOLE_DAY.fullmatch(texts[0])):
        texts = whole.groups()
    missing = [str(part.label) for part, text in zip(parts, texts, strict=True) if not text]
    if missing:
        raise ValidationError(gettext("빠진 칸이 있습니다: %(parts)s") % {"parts": ", ".join(missing)})
    return _day(*(text.rstrip(DAY_ENDINGS) for text in texts[:3]))


def _day(year: str, month: str, day: str) -> date:
    if not all(re.fullmatch(r"[0-9]{1,4}", text) for text in (year, month, day)):
        raise ValidationError(gettext("날짜는 숫자로 적어 주십시오. 예: 2026년 11월 28일"))
    if len(year) != 4:
        raise ValidationError(gettext("연도는 네 자리로 적어 주십시오. 예: 2026"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValidationError(
            gettext("달력에 없는 날짜입니다. 년, 월, 일을 다시 확인하여 주십시오.")
        ) from None


class ClockField(forms.CharField):
    """A time of day in 24 hours; `1830`, `18시 30분` and `오후 6:30` are understood as well."""

    default_error_messages = {"required": _("시각을 적어 주십시오. 예: 18:30")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "size": "8"})
        )
        super().__init__(max_length=LONGEST_PART, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return clock(text) if text else None


class LengthField(forms.CharField):
    """How long: `20`, `20분`, `1시간 30분`, `2 hours`; a number alone is minutes. Whole minutes as a timedelta."""

    default_error_messages = {"required": _("얼마 동안인지 적어 주십시오. 예: 20분, 1시간 30분")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "size": "12"}))
        super().__init__(max_length=LONGEST_PART, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return length(text) if text else None


def length(text: str) -> timedelta:
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    if found := MINUTES.fullmatch(typed):
        meant = timedelta(minutes=int(found["minutes"]))
    elif (found := LENGTH.fullmatch(typed)) and any(found.groups()):
        meant = timedelta(**{unit: int(count) for unit, count in found.groupdict().items() if count})
    else:
        raise ValidationError(gettext("길이는 20분이나 1시간 30분처럼 적어 주십시오."))
    if not timedelta() < meant <= LONGEST_LENGTH:
        raise ValidationError(gettext("길이는 1분부터 366일까지로 적어 주십시오."))
    return meant


def in_words(from_at: datetime, until_at: datetime) -> str:
    """As it was understood: 2026년 11월 28일(토) 18:00부터 20분 (18:20까지)."""
    start, end = timezone.localtime(from_at), timezone.localtime(until_at)
    words = {
        "date": date_format(start, "DATE_FORMAT"),
        "weekday": str(WEEKDAYS_ABBR[start.weekday()]).removesuffix(OF_THE_WEEK),
        "clock": f"{start:%H:%M}",
        "length": length_in_words(until_at - from_at),
        "end": f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}",
    }
    return gettext("%(date)s(%(weekday)s) %(clock)s부터 %(length)s (%(end)s까지)") % words


def length_in_words(span: timedelta) -> str:
    hours, minutes = divmod(span.seconds // 60, 60)
    counted = (
        (span.days, gettext("%(count)d일")),
        (hours, gettext("%(count)d시간")),
        (minutes, gettext("%(count)d분")),
    )
    return " ".join(words % {"count": count} for count, words in counted if count)
