"""Forms on several pages: each page is read by GET and kept by POST, so that going back finds it as it was left."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse
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
LONGEST_ANSWER = 20_000
log = logging.getLogger(__name__)


class Refused(Exception):
    """It cannot be received now; the message says why."""


@dataclass(frozen=True, slots=True)
class Course:
    """A form in steps. `receive` keeps what was sent and says where that leads."""

    code: str
    title: Any
    form: type[forms.Form]
    steps: tuple[Step, ...]
    receive: Callable[[HttpRequest, FormDraft, forms.Form], str]
    # What is told of the matter above each page; None: it cannot be sent any more.
    about: Callable[[str], Mapping[str, Any] | None]
    # What the answers cannot say by themselves, as (label, value) by the field's name.
    spoken: Callable[[FormDraft, forms.Form], Mapping[str, Any]] = field(default=lambda draft, form: {})

    def step(self, code: str) -> Step:
        found = next((step for step in self.steps if step.code == code), None)
        if found is None:
            raise Http404("없는 단계입니다.")
        return found


_courses: dict[str, Course] = {}


def register(course: Course) -> None:
    _courses[course.code] = course


def first_page(request: HttpRequest, course: Course, about: str) -> "tuple[forms.Form, HttpResponse | None]":
    """The first step on a page that tells what the form is for; the next page when it was sent rightly."""
    step = course.steps[0]
    if request.method != "POST":
        return course.form(only=step.names), None  # type: ignore[call-arg]
    answers = _sent(request, step)
    form = course.form(MultiValueDict(answers), only=step.names)  # type: ignore[call-arg]
    if not form.is_valid():
        return form, None
    if message := floods.refusal_of_try(request, f"{course.code}.begin"):
        form.add_error(None, message)
        return form, None
    key, _draft = drafts.begin(course.code, about, {**answers, SEEN: [step.code]})
    return form, redirect("website_form_step", key=key, step=_next(course, step, {SEEN: [step.code]}))


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form_step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    draft = drafts.find(key)
    if draft is None or draft.form not in _courses:
        return render(request, "website/form_gone.html", status=404)
    course = _courses[draft.form]
    if draft.led_to:
        return redirect(draft.led_to)
    told = course.about(draft.about)
    if told is None:
        raise Http404("지금은 보낼 수 없는 양식입니다.")
    context = {"course": course, "draft": draft, "key": key, **told}
    if step == CHECK:
        return _check(request, course, draft, context)
    return _page(request, course, course.step(step), draft, context)


def _page(
    request: HttpRequest, course: Course, step: Step, draft: FormDraft, context: dict[str, Any]
) -> HttpResponse:
    answers = drafts.answers_of(draft)
    if request.method == "POST":
        answers = {k: v for k, v in answers.items() if not belongs(k, step.names)} | _sent(request, step)
    refusal = floods.refusal_of_try(request, course.code) if request.FILES else ""
    files = request.FILES if request.method == "POST" and not refusal else None
    form = course.form(MultiValueDict(answers), files, only=step.names)  # type: ignore[call-arg]
    if request.method == "POST":
        if refusal:
            form.add_error(None, refusal)
        is_right = form.is_valid()
        _keep_photo(request, draft, form)
        answers[SEEN] = list(dict.fromkeys([*answers.get(SEEN, []), step.code]))
        drafts.keep(draft, answers)
        if is_right:
            return redirect("website_form_step", key=context["key"], step=_next(course, step, answers))
    elif "fix" not in request.GET:
        # What is still to be answered is not wrong yet.
        form._errors = ErrorDict()
    number = course.steps.index(step) + 1
    before = course.steps[number - 2].code if number > 1 else ""
    return render(
        request,
        "website/form_step.html",
        {
            **context,
            "form": form,
            "step": step,
            "number": number,
            "count": len(course.steps),
            "before": before,
            "draft_days": drafts.days(),
            "has_photo": bool(draft.photo),
            "asks_position": "latitude" in form.fields,
            "asks_photo": "photo" in form.fields,
        },
    )


def _sent(request: HttpRequest, step: Step) -> Answers:
    """Of what was sent only the fields of this step, and no more of each than any field may hold."""
    return {
        key: [value.replace("\x00", "")[:LONGEST_ANSWER] for value in values]
        for key, values in request.POST.lists()
        if belongs(key, step.names)
    }


def _keep_photo(request: HttpRequest, draft: FormDraft, form: forms.Form) -> None:
    photo = form.cleaned_data.get("photo") if "photo" in form.fields else None
    if photo or "drop_photo" in request.POST:
        drafts.keep_photo(draft, photo)


def _next(course: Course, step: Step, answers: Answers) -> str:
    """The first later page that nobody has seen; the answers when all were."""
    later = course.steps[course.steps.index(step) + 1 :]
    return next((each.code for each in later if each.code not in answers.get(SEEN, [])), CHECK)


def _check(request: HttpRequest, course: Course, draft: FormDraft, context: dict[str, Any]) -> HttpResponse:
    answers = drafts.answers_of(draft)
    form = course.form(MultiValueDict(answers))
    if not form.is_valid():
        wrong = next(
            (step for step in course.steps if any(name in form.errors for name in step.names)),
            course.steps[0],
        )
        return redirect(reverse("website_form_step", args=[context["key"], wrong.code]) + "?fix=1")
    refused = ""
    if request.method == "POST":
        try:
            led_to = course.receive(request, draft, form)
        except Refused as refusal:
            refused = str(refusal)
        else:
            drafts.finish(draft, led_to)
            return redirect(led_to)
    shown = rows(form, course.steps, course.spoken(draft, form))
    return render(
        request,
        "website/form_check.html",
        {**context, "rows": shown, "refused": refused, "before": course.steps[-1].code},
    )
