"""영상 열람등 청구, page by page (`website.views.steps`): where, when, who, what for, how to be reached, and the answers to check."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cameras.models import Camera
from casework import persons as casework_persons
from ordinance import parameters
from records.enums import RequesterRole
from records.viewing import asked, intake, limits, persons
from website import floods, site_page
from website.drafts import Answers
from website.forms.steps import Step
from website.forms.viewing import ViewingForm, has_choice
from website.forms.viewing_parts import FIRST, prefix_of, usual_radius
from website.models import FormDraft
from website.templatetags.site_frame import contact
from website.views import steps, viewing
from website.views.anonymous import anonymous_form
from website.views.steps import SEEN, SENT, Course, Refused

FORM = "viewing_request"
# Thousands share the address of a telephone's network, and each waits for footage that is destroyed meanwhile. How much one
# address holds back is limited by itself (records.viewing.limits).
LIMITS = floods.TRIES
# The numbers of the further places, in the order in which they were added.
FURTHER = "_further"
LIST = "list"
ADD, SAME, DROP, PICK = "add-place", "add-time", "drop-place", "pick-place"
WHO = Step("who", _("누가 청구하나요?"), ("requester_role",))
SUBJECT = Step(
    "subject",
    _("영상에 찍힌 사람은 누구인가요?"),
    ("relation", "subject_name", "subject_phone", "subject_birth_on", "subject_address"),
    content="website/includes/viewing_agent.html",
)
LAST = (
    Step("what", _("무엇을 왜 청구하나요?"), ("kinds", "purpose", "appearance")),
    Step(
        "contact",
        _("청구인의 성명과 연락처"),
        ("requester_name", "requester_phone", "requester_birth_on", "requester_address", "answer_by"),
        notice="website/includes/visit_data.html",
    ),
)


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The way to the form: where was it?"""
    return render(
        request, "website/viewing_start.html", {"answer_days": parameters.value("viewing_answer_days").value}
    )


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_viewing(request: HttpRequest, number: str) -> HttpResponse:
    place = site_page.asked_place(number)
    if place is None:
        raise Http404("카메라가 촬영한 적이 없는 곳입니다.")
    return _first(request, place)


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_around(request: HttpRequest) -> HttpResponse:
    """Whoever does not know the camera names a place and a radius; the words stand in no address."""
    return _first(request, None)


def _first(request: HttpRequest, place: site_page.AskedPlace | None) -> HttpResponse:
    about = place.site.number if place else ""
    form, onward = steps.first_page(request, REQUEST, about)
    if onward:
        return onward
    context = {
        "site": place.site if place else None,
        "place_name": place.name if place else "",
        "has_page": place is not None and place.has_page,
        "step": _steps(about, {})[0],
        "form": form,
        "limits": limits.current(),
        "longest_days": place.longest_days if place else None,
        "stores_nothing": place is not None and place.stores_nothing,
        "answer_days": parameters.value("viewing_answer_days").value,
    }
    return render(request, "website/viewing_request.html", context)


def _place(about: str) -> site_page.AskedPlace | None:
    return site_page.asked_place(about) if about else None


def _further(answers: Answers) -> list[int]:
    return [int(text) for text in answers.get(FURTHER, [])]


def _steps(about: str, answers: Answers) -> tuple[Step, ...]:
    found = []
    place = _place(about)
    if not about:
        found.append(Step("place", gettext("어디에서 찍혔나요?"), ("where", "radius")))
    elif place and has_choice(place):
        found.append(Step("cameras", gettext("어느 카메라인가요?"), ("cameras",)))
    found.append(Step("when", gettext("언제 찍혔나요?"), ("from_at", "length")))
    for index, number in enumerate(_further(answers), start=2):
        prefix, words = prefix_of(number), {"number": index}
        title = gettext("%(number)s번째 장소는 어디인가요?") % words
        found.append(Step(f"place-{number}", title, (f"{prefix}where", f"{prefix}radius")))
        title = gettext("%(number)s번째는 언제 찍혔나요?") % words
        found.append(Step(f"when-{number}", title, (f"{prefix}from_at", f"{prefix}length")))
    content = "website/includes/viewing_list.html"
    found += [Step(LIST, gettext("청구하는 장소와 시간"), (), content=content), WHO]
    if answers.get("requester_role", [RequesterRole.SUBJECT]) != [RequesterRole.SUBJECT]:
        found.append(SUBJECT)
    return (*found, *LAST)


def _arguments(about: str, answers: Answers) -> Mapping[str, Any]:
    return {"place": _place(about), "further": _further(answers)}


def _press(sent: QueryDict, answers: Answers) -> str | None:
    """A further place, or the same one at another time; one taken away; one of those that may have been meant."""
    if PICK in sent:
        name, _sep, words = sent[PICK].partition("|")
        if name in answers and name.endswith("where"):
            answers[name] = [words]
        return None
    further = _further(answers)
    if DROP in sent:
        _drop(answers, sent[DROP])
        return LIST
    if not (ADD in sent or SAME in sent) or len(further) >= asked.MOST_PARTS - 1:
        return None
    number = max(further, default=FIRST) + 1
    prefix = prefix_of(number)
    seen = [code for code in answers.get(SEEN, []) if code not in (LIST, f"place-{number}", f"when-{number}")]
    answers[f"{prefix}radius"] = answers.get("radius") or [str(usual_radius())]
    answers[FURTHER] = [str(each) for each in (*further, number)]
    answers[SEEN] = seen
    if SAME not in sent:
        return f"place-{number}"
    answers[f"{prefix}where"] = answers.get("where") or [_same(sent[SAME], answers.get("cameras", []))]
    answers[SEEN] = [*seen, f"place-{number}"]
    return f"when-{number}"


def _same(site: str, chosen: list[str]) -> str:
    """The one camera that was chosen; of several the whole place is asked for at the other time."""
    if len(chosen) != 1 or not chosen[0].isdecimal():
        return site
    return (
        Camera.objects.filter(pk=chosen[0], site__number=site).values_list("number", flat=True).first()
        or site
    )


def _drop(answers: Answers, text: str) -> None:
    if text not in answers.get(FURTHER, []):
        return
    answers[FURTHER] = [each for each in answers[FURTHER] if each != text]
    for name in [name for name in answers if name.startswith(prefix_of(int(text)))]:
        del answers[name]
    gone = (f"place-{text}", f"when-{text}")
    answers[SEEN] = [code for code in answers.get(SEEN, []) if code not in gone]


def _about(about: str) -> Mapping[str, Any] | None:
    place = _place(about)
    if about and place is None:
        return None
    return {
        "site": place.site if place else None,
        "place_name": place.name if place else "",
        "personal_data": casework_persons.entry(persons.CODE),
    }


def _shown(about: str, answers: Answers, step: Step) -> Mapping[str, Any]:
    """The list of places and times as they were understood."""
    if step.code != LIST:
        return {}
    names = [name for step in _steps(about, answers) for name in step.names if _is_of_part(name)]
    form: Any = REQUEST.made(about, answers, only=names)
    form.is_valid()
    return {"asked": form.asked, "can_grow": len(form.asked) < asked.MOST_PARTS}


def _is_of_part(name: str) -> bool:
    return name == "cameras" or name.endswith(("where", "radius", "from_at", "length"))


def _spoken(draft: FormDraft, form: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for index, each in enumerate(form.asked, start=1):
        prefix, is_named = prefix_of(each.number), each.number != FIRST or not draft.about
        number = f" {index}" if len(form.asked) > 1 else ""
        if is_named:
            said[f"{prefix}where"] = (gettext("장소") + number, each.place)
        said[f"{prefix}from_at"] = (
            gettext("촬영된 때") + number,
            " ".join(filter(None, (each.when, each.hint))),
        )
        said |= {f"{prefix}radius": None, f"{prefix}length": None}
    if "cameras" in form.fields:
        chosen = form.cleaned_data.get("cameras") or ()
        words = ", ".join(camera.number for camera in chosen) or gettext("이곳의 카메라 모두")
        said["cameras"] = (form.fields["cameras"].label, words)
    for name in ("requester_birth_on", "subject_birth_on"):
        if day := form.cleaned_data.get(name):
            said[name] = (form.fields[name].label, f"{day:%Y-%m-%d}")
    return said


def _receive(request: HttpRequest, draft: FormDraft, form: Any) -> str:
    if intake.known(draft.submission):
        return SENT
    if message := floods.refusal(request, FORM, LIMITS):
        raise Refused(f"{message} {_other_ways(request)}")
    try:
        with transaction.atomic():
            received = intake.receive(
                form.application(draft.submission), household_hours=floods.used(request, FORM)
            )
            floods.mark(request, FORM, received.frozen_hours)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except IntegrityError:
        # The same form came twice at the same moment; the other one was received.
        if intake.known(draft.submission) is None:
            raise
    return SENT


def _other_ways(request: HttpRequest) -> str:
    phone = contact({"request": request}).phone
    return (
        gettext("급하면 전화(%(phone)s), 방문, 우편으로도 청구하실 수 있습니다.") % {"phone": phone}
        if phone
        else gettext("급하면 방문이나 우편으로도 청구하실 수 있습니다.")
    )


def _receipt(request: HttpRequest, draft: FormDraft) -> HttpResponse:
    received = intake.known(draft.submission)
    if received is None:
        return render(request, "website/form_gone.html", status=404)
    context = viewing.receipt_context(request, received.request, received.code)
    return render(request, "website/viewing_received.html", context)


REQUEST = Course(
    FORM,
    _("영상 열람 청구"),
    ViewingForm,
    _steps,
    _receive,
    _about,
    _spoken,
    arguments=_arguments,
    press=_press,
    shown=_shown,
    receipt=_receipt,
)
steps.register(REQUEST)
