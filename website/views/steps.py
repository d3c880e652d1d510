"""Forms on several pages: each page is read by GET and kept by POST, so that going back finds it as it was left."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from website import drafts, floods
from website.drafts import Answers
from website.forms.steps import CHECK, Step, belongs, rows
from website.models import FormDraft
from website.views.anonymous import anonymous_form

SEEN = "_seen"
# The name of the file that was chosen, a list of none or one.
KEPT = "_kept"
DROP = "drop_file"
FILES = ("photo", "upload")
SENT = "sent"
# A button that writes a date into a field: `from_at|2026-11-28`.
SET_DAY = "set-day"
# Buttons of who was told that something will be published.
COVERED, AS_WRITTEN = "covered", "as_written"
WHICH_DAY = re.compile(r"([a-z0-9_]{1,40})\|(\d{4})-(\d{2})-(\d{2})")


class Refused(Exception):
    """It cannot be received now; the message says why."""


@dataclass(frozen=True, slots=True)
class Course:
    """A form in steps. `receive` keeps what was sent and says where that leads; `SENT`: to the page of `receipt`."""

    code: str
    title: Any
    form: Callable[..., forms.Form]
    # Fixed, or told by what the form is about and by what was answered so far.
    steps: tuple[Step, ...] | Callable[[str, Answers], tuple[Step, ...]]
    receive: Callable[[HttpRequest, FormDraft, forms.Form], str]
    # What is told of the matter above each page; None: it cannot be sent any more.
    about: Callable[[str], Mapping[str, Any] | None]
    # What the answers cannot say by themselves, as (label, value) by the field's name; None: nothing is said of it.
    spoken: Callable[[FormDraft, forms.Form], Mapping[str, Any]] = field(default=lambda draft, form: {})
    # More for the form, by what it is about and what was answered.
    arguments: Callable[[str, Answers], Mapping[str, Any]] = field(default=lambda about, answers: {})
    # A button that changes the answers was pressed: the step that it leads to; "" stays, None: none was pressed.
    press: Callable[[QueryDict, Answers], str | None] = field(default=lambda sent, answers: None)
    # What a step without fields of its own shows.
    shown: Callable[[str, Answers, Step], Mapping[str, Any]] = field(default=lambda about, answers, step: {})
    receipt: Callable[[HttpRequest, FormDraft], HttpResponse] | None = None
    # What looks like personal data in what will be published, and how it is covered.
    personal: Callable[[Any], list[str]] = field(default=lambda form: [])
    cover: Callable[[Any], None] = field(default=lambda form: None)

    def steps_for(self, about: str, answers: Answers) -> tuple[Step, ...]:
        return self.steps(about, answers) if callable(self.steps) else self.steps

    def made(
        self,
        about: str,
        answers: Answers,
        files: Any = None,
        *,
        only: Collection[str],
        is_empty: bool = False,
    ) -> forms.Form:
        more = self.arguments(about, answers)
        return self.form(None if is_empty else MultiValueDict(answers), files, only=only, **more)


def _step(steps: Sequence[Step], code: str) -> Step:
    found = next((step for step in steps if step.code == code), None)
    if found is None:
        raise Http404("없는 단계입니다.")
    return found


_courses: dict[str, Course] = {}


def register(course: Course) -> None:
    _courses[course.code] = course


def first_page(request: HttpRequest, course: Course, about: str) -> "tuple[forms.Form, HttpResponse | None]":
    """The first step on a page that tells what the form is for; the next page when it was sent rightly."""
    step = course.steps_for(about, {})[0]
    if request.method != "POST":
        return course.made(about, {}, only=step.names, is_empty=True), None
    answers = _sent(request, step)
    is_pressed = _pressed(request, course, step, answers) is not None
    form = course.made(about, answers, only=step.names)
    if is_pressed:
        form._errors = ErrorDict()
        return form, None
    if not form.is_valid():
        return form, None
    if message := floods.refusal_of_try(request, f"{course.code}.begin"):
        form.add_error(None, message)
        return form, None
    answers[SEEN] = [step.code]
    key, _draft = drafts.begin(course.code, about, answers)
    return form, redirect("website_form_step", key=key, step=_next(course, about, step, answers))


def _pressed(request: HttpRequest, course: Course, step: Step, answers: Answers) -> str | None:
    if found := WHICH_DAY.fullmatch(request.POST.get(SET_DAY, "")):
        name, *parts = found.groups()
        if name in step.names:
            answers.pop(name, None)
            for part, text in zip(("year", "month", "day"), parts, strict=True):
                answers[f"{name}_{part}"] = [text.lstrip("0")]
        return ""
    return course.press(request.POST, answers)


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form_step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    draft = drafts.find(key)
    if draft is None or draft.form not in _courses:
        return render(request, "website/form_gone.html", status=404)
    course = _courses[draft.form]
    if draft.led_to:
        return _after(request, course, draft, key, step)
    told = course.about(draft.about)
    if told is None:
        raise Http404("지금은 보낼 수 없는 양식입니다.")
    context = {"course": course, "draft": draft, "key": key, **told}
    if step == CHECK:
        return _check(request, course, draft, context)
    answers = drafts.answers_of(draft)
    steps = course.steps_for(draft.about, answers)
    return _page(request, course, _step(steps, step), draft, context)


def _after(request: HttpRequest, course: Course, draft: FormDraft, key: str, step: str) -> HttpResponse:
    """The receipt, to whoever has the address of the form; sending it again leads there too."""
    if draft.led_to != SENT or course.receipt is None:
        return redirect(draft.led_to)
    if step != SENT or request.method == "POST":
        return redirect("website_form_step", key=key, step=SENT)
    return course.receipt(request, draft)


def _page(
    request: HttpRequest, course: Course, step: Step, draft: FormDraft, context: dict[str, Any]
) -> HttpResponse:
    answers = drafts.answers_of(draft)
    about = draft.about
    if request.method == "POST":
        answers = {k: v for k, v in answers.items() if not belongs(k, step.names)} | _sent(request, step)
        if DROP in request.POST:
            answers.pop(KEPT, None)
        if (led_to := _pressed(request, course, step, answers)) is not None:
            drafts.keep(draft, answers)
            if led_to:
                return redirect("website_form_step", key=context["key"], step=led_to)
    else:
        led_to = None
    refusal = floods.refusal_of_try(request, course.code) if request.FILES else ""
    files = request.FILES if request.method == "POST" and not refusal else None
    form = course.made(about, answers, files, only=step.names)
    if request.method != "POST" and step.code not in answers.get(SEEN, []):
        form = course.made(about, _initial(form) | answers, only=step.names)
    if request.method == "POST" and led_to is None:
        if refusal:
            form.add_error(None, refusal)
        is_right = form.is_valid()
        _keep_file(request, draft, form, answers)
        answers[SEEN] = list(dict.fromkeys([*answers.get(SEEN, []), step.code]))
        drafts.keep(draft, answers)
        if is_right:
            onward = _next(course, about, step, answers)
            return redirect("website_form_step", key=context["key"], step=onward)
    elif "fix" not in request.GET:
        # What is still to be answered is not wrong yet.
        form._errors = ErrorDict()
    steps = course.steps_for(about, answers)
    number = [each.code for each in steps].index(step.code) + 1
    before = steps[number - 2].code if number > 1 else ""
    return render(
        request,
        "website/form_step.html",
        {
            **context,
            **course.shown(about, answers, step),
            "form": form,
            "step": step,
            "number": number,
            "count": len(steps),
            "before": before,
            "draft_days": drafts.days(),
            "kept": "".join(answers.get(KEPT, [])),
            "asks_position": "latitude" in form.fields,
        },
    )


def _initial(form: forms.Form) -> Answers:
    """What a page that nobody has seen offers."""
    return {name: [str(field.initial)] for name, field in form.fields.items() if field.initial is not None}


def _sent(request: HttpRequest, step: Step) -> Answers:
    """Of what was sent only the fields of this step, whole: what is too long is said, not cut."""
    return {
        key: [value.replace("\x00", "") for value in values]
        for key, values in request.POST.lists()
        if belongs(key, step.names)
    }


def _keep_file(request: HttpRequest, draft: FormDraft, form: forms.Form, answers: Answers) -> None:
    """What was chosen rightly survives whatever else is wrong on the page."""
    name = next((name for name in FILES if name in form.fields), "")
    if chosen := form.cleaned_data.get(name):
        if not isinstance(chosen, bytes):
            chosen.seek(0)
            chosen = chosen.read()
        drafts.keep_file(draft, chosen)
        answers[KEPT] = [request.FILES[name].name]
    elif DROP in request.POST:
        drafts.keep_file(draft, None)


def _next(course: Course, about: str, step: Step, answers: Answers) -> str:
    """The first later page that nobody has seen; the answers when all were."""
    codes = [each.code for each in course.steps_for(about, answers)]
    later = codes[codes.index(step.code) + 1 :]
    return next((code for code in later if code not in answers.get(SEEN, [])), CHECK)


def _check(request: HttpRequest, course: Course, draft: FormDraft, context: dict[str, Any]) -> HttpResponse:
    answers = drafts.answers_of(draft)
    steps = course.steps_for(draft.about, answers)
    form = course.made(draft.about, answers, only=[name for step in steps for name in step.names])
    if not form.is_valid():
        wrong = next((step for step in steps if any(name in form.errors for name in step.names)), steps[0])
        return redirect(reverse("website_form_step", args=[context["key"], wrong.code]) + "?fix=1")
    refused, personal = "", course.personal(form)
    is_told = bool(personal) and {COVERED, AS_WRITTEN}.isdisjoint(request.POST)
    if request.method == "POST" and not is_told:
        if COVERED in request.POST:
            course.cover(form)
        try:
            led_to = course.receive(request, draft, form)
        except Refused as refusal:
            refused = str(refusal)
        else:
            drafts.finish(draft, led_to)
            return _after(request, course, draft, context["key"], CHECK)
    shown = rows(form, steps, course.spoken(draft, form))
    return render(
        request,
        "website/form_check.html",
        {**context, "rows": shown, "refused": refused, "personal": personal, "before": steps[-1].code},
    )
