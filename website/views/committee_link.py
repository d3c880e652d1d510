"""서명 주소: one page for a member of the committee, without a login; it answers once and then shows what was answered."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committee import ballots, links, minutes
from committee.enums import BallotChoice, LinkPurpose
from committee.models import Minutes, SignedLink
from website import floods
from website.forms.committee import CHOICES, BallotForm, CodeForm, ConfirmForm
from website.views.anonymous import anonymous_form

GUESSES = "committee_link"
# The address is a key: it goes into no other site's log, no cache and no search engine.
HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@anonymous_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signed_link(request: HttpRequest, secret: str) -> HttpResponse:
    link = links.find(secret)
    if link is None:
        floods.note_guess(request, GUESSES)
    if link is None or not links.is_shown(link):
        return _answer(render(request, "website/committee_link_unknown.html", status=404))
    if request.method != "POST":
        links.note_opened(link)
    show = _minutes if link.purpose == LinkPurpose.MINUTES else _ballot
    return _answer(show(request, link, secret))


def _answer(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _ballot(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    reason = links.why_not(link)
    form = BallotForm(request.POST or None, link=link)
    if request.method == "POST" and not reason and form.is_valid():
        try:
            ballots.give_by_link(link, secret, form.cleaned_data["code"], form.answers)
        except links.WrongCode as error:
            links.note_wrong(link)
            form.add_error("code", error.messages[0])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("website_committee_link", secret=secret)
    link.refresh_from_db()
    given = ballots.answered_by(link.meeting, link.term) if link.used_at else []
    return render(
        request,
        "website/committee_link.html",
        {
            "link": link,
            "meeting": link.meeting,
            "form": form,
            "reason": links.why_not(link) if not given else "",
            "given": [(ballot, CHOICES[BallotChoice(ballot.choice)]) for ballot in given],
            "aside": [item for item, may in ballots.items_for(link.meeting, link.term) if not may],
            "until": timezone.localtime(link.expires_at),
        },
    )


def _minutes(request: HttpRequest, link: SignedLink, secret: str) -> HttpResponse:
    """The draft as it stands now, to be confirmed or put right: for who has the code too, never for the address alone."""
    opening = CodeForm(request.POST or None)
    if link.used_at or not _is_opened(request, link, secret, opening):
        return _page_of_minutes(request, link, opening)
    contents = minutes.draft(get_object_or_404(Minutes, meeting=link.meeting))
    is_answer = "verdict" in request.POST or "seen" in request.POST
    read = {"seen": minutes.digest(contents), "code": opening.cleaned_data["code"]}
    form = ConfirmForm(request.POST if is_answer else None, initial=read)
    if is_answer and form.is_valid():
        try:
            given_data = form.cleaned_data
            minutes.confirm_by_link(
                link, secret, given_data["code"], seen=given_data["seen"], objection=form.said
            )
        except minutes.Changed as error:
            # The page shows what stands now, and is about that from here on.
            form.data = {**form.data.dict(), "seen": minutes.digest(contents)}  # type: ignore[attr-defined]
            form.add_error(None, error.messages[0])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("website_committee_link", secret=secret)
    return _page_of_minutes(request, link, form, contents)


def _is_opened(request: HttpRequest, link: SignedLink, secret: str, form: CodeForm) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        links.open_with(link, secret, form.cleaned_data["code"])
    except links.WrongCode as error:
        links.note_wrong(link)
        form.add_error("code", error.messages[0])
        return False
    except ValidationError:
        return False
    return True


def _page_of_minutes(
    request: HttpRequest, link: SignedLink, form: Form, contents: dict[str, Any] | None = None
) -> HttpResponse:
    link.refresh_from_db()
    given = link.confirmations.first()
    return render(
        request,
        "website/committee_confirm.html",
        {
            "link": link,
            "meeting": link.meeting,
            "form": form,
            "given": given,
            "reason": links.why_not(link) if given is None else "",
            "contents": contents,
            "until": timezone.localtime(link.expires_at),
        },
    )
