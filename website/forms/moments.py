"""Day and time as people type them: three numbers and a time of 24 hours, never emptied by a mistake.

The browser's own fields for dates send nothing at all while they are half filled in, so what was typed is lost. Here each
part is text: what cannot be understood stays in its place, and the message says which part and how.
"""

import re
import unicodedata
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from website.typed_moments import CLOCK, DAY_ENDINGS, EXACTLY, HALVES, WHOLE_DAY

PARTS: tuple[tuple[str, "str | Promise", int], ...] = (
    ("year", _("년"), 4),
    ("month", _("월"), 2),
    ("day", _("일"), 2),
)
LONGEST_PART = 40


class DayWidget(forms.Widget):
    """Shown by `website/includes/field.html`, part by part."""

    template_name = "django/forms/widgets/text.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if name in data:
            # Another program's way of sending a day.
            found = WHOLE_DAY.fullmatch(str(data.get(name)).strip())
            return list(found.groups()) if found else [str(data.get(name)), "", ""]
        return [str(data.get(f"{name}_{part}", "")).strip()[:LONGEST_PART] for part, _label, _size in PARTS]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and all(f"{name}_{part}" not in data for part, _label, _size in PARTS)

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return f"{id_}_year" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        texts = _texts(value)
        context["widget"]["parts"] = [
            {"name": f"{name}_{part}", "label": label, "size": size, "value": text}
            for (part, label, size), text in zip(PARTS, texts, strict=True)
        ]
        return context


def _texts(value: Any) -> list[str]:
    if isinstance(value, date):
        return [str(value.year), str(value.month), str(value.day)]
    return list(value) if value else ["", "", ""]


class DayField(forms.Field):
    widget = DayWidget
    default_error_messages = {"required": _("날짜를 적어 주십시오. 예: 2026년 11월 28일")}

    def clean(self, value: Any) -> date | None:
        texts = [unicodedata.normalize("NFKC", text).strip() for text in value or ()]
        if not any(texts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if texts[0] and not any(texts[1:]) and (whole := WHOLE_DAY.fullmatch(texts[0])):
            texts = list(whole.groups())
        missing = [str(label) for (_part, label, _size), text in zip(PARTS, texts, strict=True) if not text]
        if missing:
            raise ValidationError(
                gettext("날짜에 빠진 칸이 있습니다: %(parts)s") % {"parts": ", ".join(missing)}
            )
        return _day(*(text.rstrip(DAY_ENDINGS) for text in texts))


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


def clock(text: str) -> time:
    typed = unicodedata.normalize("NFKC", text).strip().lower().replace(EXACTLY, "")
    if re.fullmatch(r"[0-9]{3,4}", typed):
        typed = f"{typed[:-2]}:{typed[-2:]}"
    found = CLOCK.fullmatch(typed)
    if found is None:
        raise ValidationError(gettext("시각은 24시간으로 적어 주십시오. 예: 18:30"))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = HALVES.get(found["half"] or "", found["half"]) or found["later"]
    if half and not 1 <= hour <= 12:
        raise ValidationError(gettext("오전·오후를 적을 때에는 1시부터 12시까지입니다. 예: 오후 6:30"))
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and minute == 0:
        raise ValidationError(gettext("24:00은 다음 날 00:00으로 적어 주십시오."))
    if hour > 23 or minute > 59:
        raise ValidationError(gettext("없는 시각입니다. 00:00부터 23:59까지로 적어 주십시오."))
    return time(hour, minute)
