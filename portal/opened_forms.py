"""What a person saw when a form was opened, so that saving it wipes nobody else's change.

Every form carries one signed field (`components/errors.html`): for whom and at which address it was opened, and a digest
of each value that it showed. The act compares them with what is stored by then, under a lock on the row. What another
has changed meanwhile is told field by field: where the person left a field alone the other's value is filled in, where
both changed it the person chooses; nothing is stored before the form is sent again. A form that came back with errors
keeps what it was opened with.
"""

import datetime
import decimal
import enum
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, BoundField, Field, FileField, MultiWidget, PasswordInput
from django.forms.models import BaseModelForm, model_to_dict
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from portal.forms.answers import in_words

NAME = "_opened"
HELD_FOR = datetime.timedelta(hours=12)
_SALT = "portal.opened-forms"


@dataclass(frozen=True)
class Opening:
    """What the signed field says."""

    officer: int
    address: str
    shown: Mapping[str, str]
    # Fields that are never kept with what was typed: passwords and files.
    unkept: frozenset[str]


@dataclass(frozen=True)
class Change:
    """A field that somebody else has changed since the form was opened."""

    label: str
    field_id: str
    theirs: str
    mine: str
    # What the field's input takes, for the buttons that choose.
    their_input: str
    my_input: str
    is_contested: bool


@dataclass(frozen=True)
class Meanwhile:
    """All of them, and whose they are where history knows."""

    who: str
    changes: tuple[Change, ...]


def token(request: HttpRequest, form: BaseForm) -> str:
    """The field's value. Until the person has been told of changes, a form that came back says what it said before."""
    if form.is_bound and request.method == "POST" and meanwhile(form) is None:
        return request.POST.get(NAME, "")
    unkept = [
        form[name].html_name
        for name, field in form.fields.items()
        if isinstance(field, FileField) or isinstance(field.widget, PasswordInput)
    ]
    said = [request.user.pk, request.get_full_path(), _shown(form), unkept]
    return signing.dumps(said, salt=_SALT, compress=True)


def read(text: str) -> Opening | None:
    """None when it is none of ours or too old."""
    try:
        officer, address, shown, unkept = signing.loads(text, salt=_SALT, max_age=HELD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    return Opening(officer, address, shown, frozenset(unkept))


def meanwhile(form: BaseForm) -> Meanwhile | None:
    return getattr(form, "meanwhile", None)


def is_overtaken(request: HttpRequest, form: BaseForm) -> bool:
    """Whether somebody else changed what the form showed; the form tells it then. Asked within the act's transaction."""
    text = request.POST.get(NAME, "")
    if not text:
        return False
    opening = read(text)
    if opening is None or opening.officer != request.user.pk:
        raise ValidationError("연 지 오래된 양식입니다. 적은 내용을 확인하고 다시 보내 주십시오.")
    _look_again(form)
    now = _shown(form)
    names = [name for name, before in opening.shown.items() if name in now and now[name] != before]
    # What both changed to the same is no conflict.
    names = [name for name in names if _digest(name, form.cleaned_data.get(name)) != now[name]]
    if not names:
        return False
    changes = tuple(_change(form, name, opening) for name in names)
    form.meanwhile = Meanwhile(_who(form), changes)  # type: ignore[attr-defined]
    _fill_in(form, [name for name, change in zip(names, changes, strict=True) if not change.is_contested])
    return True


def _look_again(form: BaseForm) -> None:
    """The row as it is now, held until the act is over."""
    if isinstance(form, BaseModelForm) and form.instance.pk:
        row = type(form.instance)._base_manager.select_for_update(of=("self",)).get(pk=form.instance.pk)
        form.initial.update(model_to_dict(row, list(form.fields)))


def _shown(form: BaseForm) -> dict[str, str]:
    return {name: _digest(name, value) for name, value in _values(form)}


def _values(form: BaseForm) -> Iterable[tuple[str, Any]]:
    """What the matter gave; what is made anew at each opening (today, now, a form's own number) is no version of anything."""
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        is_new = callable(value) or isinstance(value, datetime.datetime | uuid.UUID)
        if not (isinstance(field, FileField) or is_new):
            yield name, value


def _digest(name: str, value: Any) -> str:
    return hashlib.sha256(f"{name}\n{_plain(value)}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(value: Any) -> str:
    """The same text for what a row holds and for what a form made of the same value."""
    match value:
        case None | False | "":
            return ""
        case models.Model():
            return str(value.pk)
        case enum.Enum():
            return str(value.value)
        case decimal.Decimal():
            return format(value.normalize(), "f")
        case str():
            return "\n".join(value.splitlines()).strip()
        case dict():
            return str(sorted(value.items()))
        case _ if isinstance(value, Iterable):
            return "\n".join(sorted(_plain(each) for each in value))
        case _:
            return str(value)


def _change(form: BaseForm, name: str, opening: Opening) -> Change:
    bound = form[name]
    theirs, mine = form.initial.get(name, bound.field.initial), form.cleaned_data.get(name)
    return Change(
        label=str(bound.label),
        field_id=bound.id_for_label,
        theirs=in_words(bound.field, theirs),
        mine=in_words(bound.field, mine),
        their_input=_as_input(bound.field, theirs),
        my_input=_as_input(bound.field, mine),
        is_contested=_digest(name, mine) != opening.shown[name],
    )


def _as_input(field: Field, value: Any) -> str:
    value = value.pk if isinstance(value, models.Model) else value
    return "" if value is None else str(field.widget.format_value(field.prepare_value(value)) or "")


def _fill_in(form: BaseForm, names: Iterable[str]) -> None:
    data = form.data.copy()
    for name in names:
        _put(data, form[name], form.initial.get(name))
    form.data = data


def _put(data: QueryDict, bound: BoundField, value: Any) -> None:
    widget, name = bound.field.widget, bound.html_name
    if isinstance(widget, MultiWidget):
        for part, each in zip(widget.widgets_names, widget.decompress(value), strict=True):
            data[name + part] = "" if each is None else str(each)
    elif isinstance(value, bool) or value is None:
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif isinstance(value, (list, tuple, set, models.QuerySet)):
        data.setlist(name, [str(getattr(each, "pk", each)) for each in value])
    else:
        data[name] = _as_input(bound.field, value)


def _who(form: BaseForm) -> str:
    """The last who changed the row, and when; history that is not kept names nobody."""
    history = getattr(getattr(form, "instance", None), "history", None)
    last = history.select_related("history_user").first() if history is not None else None
    if last is None or last.history_user is None:
        return "다른 담당자"
    return f"{last.history_user} ({timezone.localtime(last.history_date):%m-%d %H:%M})"
