"""One kind of screen for one kind of work: a list, a form, a question before an act, a look ahead, a spreadsheet that leaves.

A view says what it shows and which act of the domain it calls; these say how it is asked, refused, confirmed and told.
An act gets the form that was filled in. It runs in one transaction together with the files that it keeps; whatever the
domain refuses comes back into the form, at the field that it names, with everything that was typed and its files
(`portal.kept_files`). What another has changed since the form was opened is shown before anything is stored
(`portal.opened_forms`), what was typed and not sent comes back (`portal.drafts`), and a form sent twice is one act
(`portal.sent_forms`).
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from footage.errors import FootageError
from portal import exports, opened_forms, workplace
from portal.forms.answers import answers
from portal.forms.refusals import refuse
from portal.kept_files import DROPPED, KEPT, refuse_lost
from portal.listing import PAGE_ARGUMENT, Column, headings, paginate, query_without
from portal.pages import Action, Crumb, page

FORM, CONFIRM, CHECK = "portal/registers/form.html", "portal/confirm.html", "portal/registers/check.html"
STEP, APPLY, BACK = "step", "apply", "back"

Filled = TypeVar("Filled", bound=BaseForm)
Act = Callable[[Any], Any]
# What is said when it is done, or where one is led: the same for all, or by what the act made.
Words = str | Callable[[Any], str]
Refusals = tuple[type[Exception], ...]


def filled_in(request: HttpRequest, form: type[Filled], **options: Any) -> Filled:
    """The form as it was sent, with its files; empty where the page is opened."""
    return form(request.POST or None, request.FILES or None, **options)


def form_screen(
    request: HttpRequest,
    form: BaseForm,
    act: Act,
    *,
    title: str,
    back: str,
    done: Words,
    to: Words = "",
    submit: str = "저장",
    notes: Sequence[str] = (),
    intro: str = "",
    crumbs: Sequence[Crumb] = (),
    actions: Sequence[Action] = (),
    icon: str = "edit",
    template: str = FORM,
    refusals: Refusals = (),
    is_long: bool = False,
    **context: Any,
) -> HttpResponse:
    """A form and the one act that it stands for; afterwards the person is led `to` (default: `back`)."""
    if request.method == "POST" and form.is_valid():
        answer = carry_out(request, form, act, done=done, to=to or back, refusals=refusals, is_long=is_long)
        if answer is not None:
            return answer
    shown = {"form": form, "submit_label": submit, "back_url": back, "notes": notes, **context}
    return page(request, template, shown, title=title, intro=intro, icon=icon, crumbs=crumbs, actions=actions)


def confirm_screen(
    request: HttpRequest,
    act: Act,
    *,
    question: str,
    consequences: Sequence[str],
    confirm: str,
    title: str,
    back: str,
    done: Words,
    to: Words = "",
    form: BaseForm | None = None,
    is_dangerous: bool = False,
    is_empty: bool = False,
    intro: str = "",
    crumbs: Sequence[Crumb] = (),
    actions: Sequence[Action] = (),
    icon: str = "",
    refusals: Refusals = (),
    is_long: bool = False,
    template: str = CONFIRM,
    **context: Any,
) -> HttpResponse:
    """Says what follows and asks, with what the act needs to know (`form`), before anything is done.

    `is_empty`: there is nothing to do it to, and the question says so.
    """
    if request.method == "POST" and (form is None or form.is_valid()):
        answer = carry_out(request, form, act, done=done, to=to or back, refusals=refusals, is_long=is_long)
        if answer is not None:
            return answer
    shown = {
        "question": question,
        "consequences": consequences,
        "form": form,
        "confirm_label": confirm,
        "back_url": back,
        "is_dangerous": is_dangerous,
        "is_empty": is_empty,
        **context,
    }
    return page(request, template, shown, title=title, intro=intro, icon=icon, crumbs=crumbs, actions=actions)


def preview_screen(
    request: HttpRequest,
    form: BaseForm,
    act: Act,
    *,
    preview: Callable[[Any], dict[str, Any] | None],
    template: str,
    title: str,
    back: str,
    done: Words,
    to: Words = "",
    intro: str = "",
    crumbs: Sequence[Crumb] = (),
    icon: str = "edit",
    refusals: Refusals = (),
    **context: Any,
) -> HttpResponse:
    """A form, then what would follow, then the act: what was filled in travels along, hidden, with its files.

    `preview` gives what the template shows of it; None where nothing needs to be shown, and the act is done at once.
    What it refuses (ValidationError) goes into the form.
    """
    shown: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid() and request.POST.get(STEP) != BACK:
        is_asked = request.POST.get(STEP) != APPLY
        shown = _looked_ahead(form, preview) if is_asked else None
        if not form.errors and shown is None:
            answer = carry_out(request, form, act, done=done, to=to or back, refusals=refusals)
            if answer is not None:
                return answer
            if not is_asked and not opened_forms.meanwhile(form):
                shown = _looked_ahead(form, preview)
    offered = {"form": form, "back_url": back, "preview": shown, "sent": _sent(request), **context}
    return page(request, template, offered, title=title, intro=intro, icon=icon, crumbs=crumbs)


def _looked_ahead(form: BaseForm, preview: Callable[[Any], dict[str, Any] | None]) -> dict[str, Any] | None:
    if set(form.errors) - {NON_FIELD_ERRORS}:
        return None
    try:
        return preview(form)
    except ValidationError as error:
        refuse(form, error)
        return None


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = ("csrfmiddlewaretoken", STEP)
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out and not name.startswith((KEPT, DROPPED))
        for value in values
    ]


def checked_screen(
    request: HttpRequest,
    form: BaseForm,
    act: Act,
    *,
    consequences: Callable[[Any], Sequence[str]],
    answered: Callable[[Any], Iterable[tuple[str, str]]] = answers,
    **words: Any,
) -> HttpResponse:
    """A form whose act cannot be taken back: before it is done, one reads what was filled in and what follows.

    `consequences` may refuse (ValidationError) what the act would refuse. `answered`: what was filled in, where the
    fields alone do not say it.
    """
    return preview_screen(
        request,
        form,
        act,
        preview=lambda form: {"consequences": consequences(form), "answers": list(answered(form))},
        **{"template": CHECK, "submit_label": "확인하기", "confirm_label": "기록하기", "notes": (), **words},
    )


def button(request: HttpRequest, act: Callable[[], Any], *, done: Words, to: str) -> HttpResponse:
    """An act that needs neither question nor form; why it was refused stands above the next page."""
    return carry_out(request, None, lambda form: act(), done=done, to=to) or redirect(to)


def carry_out(
    request: HttpRequest,
    form: BaseForm | None,
    act: Act,
    *,
    done: Words,
    to: Words,
    refusals: Refusals = (),
    is_long: bool = False,
) -> HttpResponse | None:
    """The act on a page of another kind, or None when it was not done: why stands in the form then.

    `refusals`: further exceptions by which this act refuses. `is_long`: it takes seconds in which nothing may be held.
    What gives an answer itself, a document, is that answer.
    """
    try:
        refuse_lost(request)
        with nullcontext() if is_long else transaction.atomic():
            if form is not None and opened_forms.is_overtaken(request, form):
                return None
            made = act(form)
    except (ValidationError, PermissionDenied, FootageError, *refusals) as error:
        reason = error if isinstance(error, ValidationError) else ValidationError(str(error))
        if form is not None:
            refuse(form, reason)
            return None
        messages.error(request, " ".join(reason.messages))
        return redirect(_said(to, None))
    if isinstance(made, HttpResponse):
        return made
    if words := _said(done, made):
        messages.success(request, words)
    # From a project one is led on to what it needs next.
    return redirect(workplace.after(request) or _said(to, made))


def _said(words: Words, made: Any) -> str:
    return words if isinstance(words, str) else words(made)


def list_screen(
    request: HttpRequest,
    template: str,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    title: str,
    intro: str = "",
    icon: str = "",
    form: BaseForm | None = None,
    columns: Sequence[Column] = (),
    order: str = "",
    actions: Iterable[Action | None] = (),
    crumbs: Sequence[Crumb] = (),
    each: Callable[[Any], Any] | None = None,
    together: Callable[[list[Any]], Sequence[Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A list with its filter, its headings and its pages; `actions` that a person may not take are None.

    `each` says what more a row of the page shows (the template's `rows`), `together` what the rows of a page do.
    """
    links = paginate(request, rows)
    listed = list(links.page.object_list)
    shown = {
        "form": form,
        "links": links,
        "rows": together(listed) if together else [each(row) for row in listed] if each else listed,
        "headings": headings(request, columns, order),
        "reset_url": request.path,
        "is_filtered": bool(query_without(request.GET, PAGE_ARGUMENT)),
        **context,
    }
    offered = [action for action in actions if action is not None]
    return page(request, template, shown, title=title, intro=intro, icon=icon, crumbs=crumbs, actions=offered)


def export_screen(
    request: HttpRequest,
    headings: Sequence[str],
    rows: Iterable[exports.Row],
    *,
    count: int,
    name: str,
    what: str,
    title: str,
    back: str,
    initial: dict[str, Any] | None = None,
    crumbs: Sequence[Crumb] = (),
) -> HttpResponseBase:
    """A list as it is filtered, as a spreadsheet: for a stated purpose, and on record (`portal.exports`).

    `rows` are read only when the file is made. `what` counts them in words: "의결 {rows}건".
    """
    form = exports.ExportForm(request.POST or None, rows=count, initial=initial)
    query = query_without(request.GET, PAGE_ARGUMENT)
    if request.method == "POST" and form.is_valid():
        return exports.hand_out(request, name=name, form=form, headings=headings, rows=rows, query=query)
    shown = {
        "form": form,
        "notes": [
            f"조건에 맞는 {what.format(rows=f'{count:,}')}을 내려받습니다. 그 뒤에 바뀐 것은 들어 있지 않습니다.",
            "내려받은 사실과 목적은 원장에 남습니다.",
        ],
        "submit_label": "내려받기",
        "back_url": f"{back}?{query}",
    }
    return page(request, FORM, shown, title=title, icon="download", crumbs=crumbs)
