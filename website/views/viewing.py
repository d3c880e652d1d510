"""영상 열람등 청구: the request, its receipt, and where it stands."""

import uuid
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import threads
from ordinance import duedates
from records.models import (
    RangeDecision,
    ViewingAppointment,
    ViewingDecision,
    ViewingNotice,
    ViewingRemedy,
    ViewingRequest,
)
from records.viewing import arrivals, history, intake, keeping, lateness, progress, talking
from records.viewing.states import SUBJECT_KIND
from reports.letters import outgoing
from website import asked_footage, calendar_entry, floods, late_acts, letter_links
from website.forms.viewing import StatusForm
from website.views import viewing_acts
from website.views.anonymous import anonymous_form

# Wrong guesses at somebody's receipt.
GUESSES = "viewing_status"
LETTER_TYPES = {"pdf": "application/pdf", "hwpx": "application/hwp+zip"}


def receipt_context(request: HttpRequest, received: ViewingRequest, code: str) -> dict[str, Any]:
    clocks = lateness.of(received)
    kept = keeping.of(received, timezone.localdate())
    address = request.build_absolute_uri(reverse("website_viewing_status"))
    title = gettext("열람등 청구 %(number)s 답 확인") % {"number": received.receipt_number}
    # Where the answer is owed: here, or on the route on which it went on.
    due = clocks.route.due if clocks.route else clocks.due
    is_waiting = due is not None and due.is_open
    return {
        "received": received,
        "code": code,
        "address": address,
        "calendar_url": calendar_entry.link(received.receipt_number, due.due_on, title, address)
        if due is not None and is_waiting
        else "",
        "clocks": clocks,
        "progress": progress.steps(received, clocks, timezone.now()),
        # Of days that another route answers no more is reckoned here.
        "reckoning": duedates.deadline_of(due).explain(is_public=True).splitlines()
        if due and not received.is_answered_elsewhere
        else [],
        "kept": kept,
        "places": asked_footage.of(received, kept),
    }


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def viewing_status(request: HttpRequest) -> HttpResponse:
    form = StatusForm(request.POST or None)
    late = request.POST.get(late_acts.KEY, "")
    context: dict[str, Any] = {"form": form, "received": None, "late": late}
    if request.method == "POST" and form.is_valid():
        if found := intake.find(form.cleaned_data["receipt_number"], form.cleaned_data["secret"]):
            kept = late_acts.of(late, found)
            return _sent_late(request, found, kept) if kept else _opened(found)
        floods.note_guess(request, GUESSES)
        form.add_error(None, gettext("접수번호와 확인번호가 맞는 청구가 없습니다. 다시 확인하여 주십시오."))
    return render(request, "website/viewing_status.html", context)


def _opened(found: ViewingRequest, done: str = "") -> HttpResponse:
    """The page by its address: going back to it, a reload and the other language ask for nothing again.

    What is told there has arrived: both numbers were shown, or something was sent; reading the address alone does nothing.
    """
    arrivals.opened(found)
    talking.read_by_person(found)
    address = reverse("website_viewing_opened", args=[viewing_acts.pass_of(found)])
    return redirect(f"{address}?done={done}" if done else address)


@never_cache
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    found = viewing_acts.admitted(token)
    if found is None:
        return expired(request)
    chosen = viewing_acts.ACTS.get(request.GET.get("done", ""))
    return status_page(request, found, done=str(chosen.done) if chosen else "")


def expired(request: HttpRequest, late: str = "") -> HttpResponse:
    words = gettext("시간이 지나 다시 확인해야 합니다. 두 번호를 다시 입력하여 주십시오.")
    if late:
        words += " " + gettext("적으신 것과 고르신 파일은 그대로 있으며, 확인되면 그대로 보냅니다.")
    context = {"form": StatusForm(), "received": None, "expired": words, "late": late}
    return render(request, "website/viewing_status.html", context, status=403)


def status_page(
    request: HttpRequest,
    found: ViewingRequest,
    *,
    done: str = "",
    wrong: Mapping[str, Any] | None = None,
    refused: str = "",
) -> HttpResponse:
    """Where it stands, for whoever showed both numbers."""
    address = request.build_absolute_uri(reverse("website_viewing_status"))
    context = receipt_context(request, found, "")
    context |= {
        "form": StatusForm(),
        "today": timezone.localdate(),
        # An objection that comes now is late.
        "way_was_over_on": context["kept"].until if context["kept"].why == keeping.Why.WAY_OVER else None,
        "done": done,
        "refused": refused,
        "notices": _notices(found),
        "remedies": _remedies(found),
        "appointments": [(each, _calendar_of(each, found, address)) for each in found.appointments.all()],
        "steps": list(history.steps(found)),
        "next_sentence": history.next_sentence(found, context["clocks"]),
        "messages_both_ways": threads.messages(SUBJECT_KIND, found.receipt_number),
        "acts": viewing_acts.shown_forms(found, dict(wrong or {})),
        "pass": viewing_acts.pass_of(found),
        "submission": uuid.uuid4(),
        "downloads": viewing_acts.shown_downloads(found, dict(wrong or {})),
    }
    return render(request, "website/viewing_status.html", context)


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str, code: str) -> HttpResponse:
    """Read (by a reload, by the other language) it is the page itself."""
    if request.method != "POST":
        return redirect("website_viewing_opened", token=token)
    chosen, found = viewing_acts.ACTS.get(code), viewing_acts.admitted(token)
    if chosen is None:
        return expired(request)
    if found is None:
        whose = viewing_acts.whose_hour_is_over(token)
        return expired(request, late_acts.keep(request, code, whose) if whose else "")
    return _act(request, found, chosen, request.POST, request.FILES)


def _sent_late(request: HttpRequest, found: ViewingRequest, late: late_acts.Late) -> HttpResponse:
    chosen = viewing_acts.ACTS.get(late.code)
    if chosen is None:
        return _opened(found)
    answer = _act(request, found, chosen, late.given, late.files)
    if answer.status_code == HTTPStatus.FOUND:
        late.draft.delete()
    return answer


def _act(
    request: HttpRequest,
    found: ViewingRequest,
    chosen: viewing_acts.Act,
    given: QueryDict,
    files: "MultiValueDict[str, UploadedFile]",
) -> HttpResponse:
    number = found.receipt_number
    too_many = floods.refusal_of_try(request, viewing_acts.FORM, matter=number) if files else ""
    form = chosen.form(given, None if too_many else files, prefix=chosen.code)
    if too_many:
        form.add_error(None, too_many)
    elif form.is_valid() and viewing_acts.carried_out(
        request, chosen, found, form, given.get("submission", "")
    ):
        return _opened(found, chosen.code)
    found.refresh_from_db()
    # What is no longer offered has no form on the page in which its errors could stand.
    is_gone = chosen not in viewing_acts.open_to(found)
    why = " ".join(each for messages in form.errors.values() for each in messages) if is_gone else ""
    return status_page(request, found, wrong={chosen.code: form}, refused=why)


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def former_act(request: HttpRequest, code: str) -> HttpResponse:
    """Where acts were sent until 0.3.0: what a page of before sends is carried out, a reading leads to the numbers."""
    if request.method != "POST":
        return redirect("website_viewing_status")
    return act(request, request.POST.get("pass", ""), code)


def _calendar_of(appointment: ViewingAppointment, found: ViewingRequest, address: str) -> str:
    """The appointment for the person's own calendar, with a reminder of the day before; none once it is over."""
    if appointment.result or appointment.at <= timezone.now():
        return ""
    title = gettext("열람등 청구 %(number)s 열람") % {"number": found.receipt_number}
    return calendar_entry.link_at(
        found.receipt_number, appointment.at, title, address, place=appointment.place
    )


@never_cache
@require_safe
def letter(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """The letter as it was sent, by a link of the person's own page."""
    row = letter_links.find(token) if ending in letter_links.ENDINGS else None
    if row is None:
        raise Http404
    content = outgoing.opened(row, ending)
    answer = HttpResponse(content, content_type=LETTER_TYPES[ending])
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{row.number}.{ending}") or ""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


Decided = tuple[ViewingDecision, list[RangeDecision]]
Told = tuple[ViewingNotice, list[Decided], ViewingRemedy | None, dict[str, str]]


def _notices(found: ViewingRequest) -> list[Told]:
    """What the person was told, letter by letter; a decision that was not notified yet is none."""
    ranges = Prefetch("ranges", RangeDecision.objects.select_related("line__camera", "decision"))
    return [
        (
            notice,
            [
                (decision, _ranges(decision))
                for decision in notice.decisions.select_related("ground", "national_ground").prefetch_related(
                    ranges
                )
            ],
            found.remedies.filter(answer=notice).first(),
            letter_links.of(notice),
        )
        for notice in found.notices.order_by("at", "pk")
    ]


def _ranges(decision: ViewingDecision) -> list[RangeDecision]:
    """As `website.asked_footage.of` tells of them."""
    found: dict[object, RangeDecision] = {}
    for each in decision.ranges.all():
        line = each.line
        if not line.is_hidden:
            key = (line.site_id, line.from_at, line.until_at, each.outcome)
            found.setdefault(key if line.camera.is_sign_exempt else each.pk, each)
    return list(found.values())


def _remedies(found: ViewingRequest) -> list[tuple[ViewingRemedy, date | None]]:
    """With the day on which the office's own answer is due."""
    rows = []
    for remedy in found.remedies.all():
        due = lateness.open_of(remedy).first()
        rows.append((remedy, due.due_on if due else None))
    return rows
