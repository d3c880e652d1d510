"""What the portal's templates need and Django does not have."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.timezone import localtime

from accounts import passkeys
from accounts.longrun import LongRun
from footage import outcomes
from footage.vault import held
from ordinance import citations
from portal import (
    district,
    filters,
    kept_files,
    ledger_words,
    longruns,
    matter_letters,
    opened_forms,
    telling,
    workplace,
)

register = template.Library()
_WEEKDAYS = "월화수목금토일"
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


@register.filter
def run_progress(run: LongRun) -> dict[str, Any]:
    return longruns.progress(run)


@register.filter
def run_took(run: LongRun) -> str:
    return longruns.took(run)


@register.filter
def is_choice_group(field: BoundField) -> bool:
    """Radio buttons, check boxes and rows are a group with a legend, not one field with a label."""
    return bool(field.use_fieldset)


@register.filter
def is_tick_box(field: BoundField) -> bool:
    """A single box to tick, which is read before its words."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def input_id(field: BoundField) -> str:
    """Where the keyboard goes for a field: in a group, to its first button."""
    return f"{field.auto_id}_0" if is_choice_group(field) else field.id_for_label


@register.simple_tag(takes_context=True)
def passkeys_possible(context: Context) -> bool:
    """Whether browsers offer passkeys at this address."""
    return passkeys.is_possible(context["request"])


@register.simple_tag(takes_context=True)
def opened(context: Context, form: BaseForm) -> str:
    """What the form was opened with, signed."""
    return opened_forms.token(context["request"], form)


@register.filter
def meanwhile(form: BaseForm) -> opened_forms.Meanwhile | None:
    """What others changed since the form was opened."""
    return opened_forms.meanwhile(form)


@register.filter
def ways(form: BaseForm) -> list[tuple[str, str]]:
    """Where what was refused is put right (`portal.forms.refusals`)."""
    found: list[tuple[str, str]] = getattr(form, "ways", [])
    return found


@register.filter
def kept(form: BaseForm) -> list[kept_files.Kept]:
    """The files of every field that a form which came back carries."""
    return list(kept_files.kept_of(form).values())


@register.inclusion_tag("portal/components/next_step.html", takes_context=True)
def next_step(context: Context, matter: Any, *, with_others: bool = False) -> dict[str, Any]:
    """Who acts next in this matter, with a way to tell them; for every kind of matter (`casework.next_steps`).

    With the page's other acts in a quiet group below it, where they are many.
    """
    told = telling.told(context["request"], matter)
    others = [*context["page_actions"]] if with_others else []
    next_path = told.url.partition("?")[0] if told is not None else ""
    return {
        "told": told,
        "others": [each for each in others if each.url.partition("?")[0] != next_path],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("portal/components/held.html")
def held_footage(case: str) -> dict[str, Any]:
    """How much footage a case keeps from being destroyed: a line for its list of facts."""
    return {"held": held.of_case(case), "copying": held.copying(case)}


@register.inclusion_tag("portal/components/not_kept.html")
def not_kept(case: str) -> dict[str, Any]:
    """What the vault lacks of what a case keeps: at the top of its page, nothing where it lacks nothing."""
    return {"copying": held.copying(case)}


@register.inclusion_tag("portal/documents/of_matter.html", takes_context=True)
def letters_of(context: Context, matter: Any) -> dict[str, Any]:
    """The letters of a matter, and those that can be written about it (`portal.matter_letters`)."""
    return matter_letters.of(context["request"], matter)


@register.simple_tag(takes_context=True)
def stay(context: Context, name: str, *args: Any, query: str = "") -> str:
    """The address of a screen, beside the project's steps where this one stands beside them (`portal.workplace`)."""
    url = reverse(name, args=args) + (f"?{query}" if query else "")
    desk = context.get("workplace")
    return workplace.carried(url, desk.project) if desk else url


@register.simple_tag(takes_context=True)
def filter_line(context: Context, form: BaseForm) -> filters.FilterLine:
    """The line above a list: search, conditions in use, drawer, filters kept by name."""
    return filters.line_of(context["request"], form)


@register.filter
def cited(provision: str) -> str:
    """In the one form in which the portal cites."""
    return citations.named(provision)


@register.filter
def local_address(value: Any) -> Any:
    """Within the district its own name tells nothing: "서울특별시 강서구 화곡로 53" → "화곡로 53"."""
    return district.without_own_name(value) if isinstance(value, str) else value


@register.filter
def kept_here(field: BoundField) -> kept_files.Kept | None:
    found: kept_files.Kept | None = kept_files.kept_of(field.form).get(field.name)
    return found


@register.filter
def footage_reason(code: str) -> str:
    """Why a path was not read: "unrecognised:name" → "경로 형식과 다른 파일 이름"."""
    return outcomes.reason_text(code.rpartition(":")[2]) or "경로 형식에 맞지 않습니다."


@register.filter
def due_subject(due: Any) -> str:
    """What a due date (or one that has moved) is about, in words."""
    return ledger_words.subject_label(f"{due.subject_kind}:{due.subject_number}")


@register.filter
def size(value: int | None) -> str:
    """A number of bytes for people: 1,536 → "1.5 KB"."""
    if value is None:
        return ""
    amount = float(value)
    for unit in _UNITS:
        if amount < 1024 or unit == _UNITS[-1]:
            digits = 0 if unit == "B" or amount >= 100 else 1
            return (
                f"{number_format(round(amount, digits), digits, use_l10n=True, force_grouping=True)} {unit}"
            )
        amount /= 1024
    raise AssertionError("unreachable")


@register.filter
def count(value: int | None) -> str:
    """A number with thousands separators."""
    return "" if value is None else f"{value:,}"


@register.filter
def lateness(seconds: float) -> str:
    """Seconds in the two largest units that people count in: 2,245,799 → "25일 23시간"; 0.4 → "1초 미만"."""
    whole = int(seconds)
    parts = []
    for name, length in (("일", 86_400), ("시간", 3_600), ("분", 60), ("초", 1)):
        amount, whole = divmod(whole, length)
        if amount:
            parts.append(f"{amount:,}{name}")
    return " ".join(parts[:2]) or ("1초 미만" if seconds else "0초")


@register.filter
def moment(value: Any) -> str:
    """An instant in Seoul time: 2026-10-03 14:05:09."""
    return "" if value is None else f"{localtime(value):%Y-%m-%d %H:%M:%S}"


@register.filter
def day(value: Any) -> str:
    """A date with its weekday: 2026-10-03 (토). An instant is taken at its day in Seoul."""
    if isinstance(value, datetime):
        value = localtime(value)
    return "" if value is None else f"{value:%Y-%m-%d} ({_WEEKDAYS[value.weekday()]})"


@register.simple_tag(takes_context=True)
def portal_name(context: Context) -> str:
    return district.portal_name(context.get("request"))


@register.simple_tag(takes_context=True)
def district_name(context: Context) -> str:
    return district.name(context.get("request"))


@register.filter
def duration(value: timedelta) -> str:
    """A span of time in Korean: "1시간 30분"."""
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}시간" * bool(hours), f"{minutes}분" * bool(minutes), f"{seconds}초" * bool(seconds)]
    return " ".join(part for part in parts if part) or "0초"
