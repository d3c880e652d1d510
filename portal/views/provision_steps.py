"""이용·제공: which steps are open to whom, and the screen that each step is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal import matter_letters
from portal.access import may, officer
from portal.pages import Action, Crumb, crumb
from portal.screens import form_screen
from portal.views import copies, looks, redactions
from records.look_enums import LookCase
from records.models import Provision
from records.provision import (
    afterwards,
    approval,
    consent,
    ending,
    extending,
    publication,
    release,
    restrictions,
    review,
    subject_notice,
)
from records.provision.states import GONE_OUT, TABLE
from records.provision_enums import OVER, ProvisionState
from records.provision_enums import ProvisionEvent as Event

LIST = ("영상정보 이용·제공", "provision:list")
HANDLE, APPROVE, PUBLISH, RELEASE = (
    "records.handle_provision",
    "records.approve_provision",
    "records.publish_provision",
    "footage.release_hold",
)
# Step of the table -> address, icon, who may take it.
STEPS: tuple[tuple[Event, str, str, str], ...] = (
    (Event.REVIEW, "provision:review", "edit", HANDLE),
    (Event.APPROVE, "provision:approve", "check", APPROVE),
    (Event.SEND_BACK, "provision:send_back", "rotate", APPROVE),
    (Event.CONFIRM_PHONE, "provision:confirm_call", "check", HANDLE),
    (Event.MAYOR_APPROVE, "provision:mayor_approve", "check", APPROVE),
    (Event.MAYOR_REFUSE, "provision:mayor_refuse", "cross", APPROVE),
    (Event.RESTRICT, "provision:restrict", "mail", HANDLE),
    (Event.HAND_OVER, "provision:hand_over", "redirect", HANDLE),
    (Event.ANSWER_RESTRICTION, "provision:answer", "mail", HANDLE),
    (Event.TELL_SUBJECT, "provision:tell_subject", "user", HANDLE),
    (Event.PUBLISH, "provision:publish", "globe", PUBLISH),
    (Event.CHASE, "provision:chase", "mail", HANDLE),
    (Event.ASK_EXTENSION, "provision:extend", "calendar", HANDLE),
    (Event.EXTEND, "provision:approve_extension", "check", APPROVE),
    (Event.REFUSE_EXTENSION, "provision:refuse_extension", "cross", APPROVE),
    (Event.END, "provision:end", "check", HANDLE),
    (Event.RECALL, "provision:recall", "warning", PUBLISH),
    (Event.WITHDRAW_CONSENT, "provision:withdraw_consent", "user", HANDLE),
    (Event.ADD_CAMERA, "provision:add_cameras", "plus", HANDLE),
    (Event.REFUSE, "provision:refuse", "cross", APPROVE),
    (Event.WITHDRAW, "provision:withdraw", "cross", HANDLE),
)


def crumbs_of(shown: Provision) -> list[Crumb]:
    return [crumb(*LIST), crumb(shown.number, "provision:page", shown.pk)]


def step_screen(
    request: HttpRequest,
    shown: Provision,
    form: Any,
    act: Any,
    *,
    what: str,
    done: Any,
    letter: str = "",
    **more: Any,
) -> HttpResponse:
    """A step of one case: its form, its act, back to its page. `letter`: the kind that tells the other body of it."""

    def told(form: Any) -> Any:
        return matter_letters.under_next_number(
            form, act, lambda made: (f"provision_{letter}", shown), by=officer(request)
        )

    return form_screen(
        request,
        form,
        told if letter else act,
        title=f"{shown.number}: {what}",
        back=reverse("provision:page", args=[shown.pk]),
        done=done,
        crumbs=crumbs_of(shown),
        **more,
    )


def actions(request: HttpRequest, shown: Provision) -> list[Action]:
    """The next step first, then the others that the state and the right allow."""
    events = _possible(shown)
    possible = [step for step in STEPS if step[0] in events]
    following = _following(shown)
    found = []
    for event, name, icon, permission in possible:
        if may(request.user, [permission]):
            label = _label(event, shown)
            url = reverse(name, args=[shown.pk])
            found.append(Action(label, url, icon, is_primary=event == following))
    if look := looks.action(request, LookCase.PROVISION, shown):
        found.append(look)
    if cover := redactions.action(request, LookCase.PROVISION, shown):
        found.append(cover)
    if copy := copies.action(request, LookCase.PROVISION, shown):
        found.append(copy)
    if review.needs_looking(shown) and shown.reviewed_at and may(request.user, [HANDLE]):
        url = reverse("provision:unidentifiable", args=[shown.pk])
        found.append(Action("식별할 수 없음을 확인…", url, "view"))
    if _may_be_called(shown) and may(request.user, [HANDLE]):
        found.append(Action("전화 승인 기록…", reverse("provision:call", args=[shown.pk]), "comment"))
    if shown.state in OVER and release.in_force(shown) and may(request.user, [RELEASE]):
        found.append(Action("영상 유예 해제…", reverse("provision:release", args=[shown.pk]), "lock-open"))
    return sorted(found, key=lambda action: not action.is_primary)


def _label(event: Event, shown: Provision) -> str:
    if event == Event.APPROVE:
        step = approval.pending(shown)
        return f"결재: {step.get_step_display()}…" if step else "결재…"
    if event == Event.RECALL:
        return "회수 요구…"
    return f"{event.label}…"


def _may_be_called(shown: Provision) -> bool:
    step = approval.pending(shown)
    return shown.is_urgent and shown.state == ProvisionState.UNDER_APPROVAL and step is not None


def _following(shown: Provision) -> Event | None:
    """What is to be done now: the way forward, or what is owed beside it."""
    if shown.state == ProvisionState.APPROVED and _asks_first(shown):
        return Event.RESTRICT
    if shown.state == ProvisionState.HANDED_OVER:
        return _owed(shown)
    event = TABLE.next_event(shown.state)
    return Event(event) if event else None


def _asks_first(shown: Provision) -> bool:
    return restrictions.is_owed(shown) and restrictions.of(shown) is None


def _owed(shown: Provision) -> Event:
    if afterwards.pending(shown) is not None:
        return Event.MAYOR_APPROVE
    if extending.pending(shown) is not None:
        return Event.EXTEND
    if approval.unconfirmed_call(shown) is not None:
        return Event.CONFIRM_PHONE
    if _asks_first(shown):
        return Event.RESTRICT
    asked = restrictions.of(shown)
    if asked is not None and asked.answered_on is None:
        return Event.ANSWER_RESTRICTION
    if publication.is_open(shown):
        return Event.PUBLISH
    return Event.TELL_SUBJECT if subject_notice.is_open(shown) else Event.END


def _possible(shown: Provision) -> set[Event]:
    """The steps of the table, without those for which there is nothing to do."""
    found = {Event(line.event) for line in TABLE.allowed(shown.state)}
    asked = restrictions.of(shown)
    awaits_mayor = afterwards.pending(shown) is not None
    has_copies = shown.hand_overs.outside().exists()
    needless = {
        Event.CONFIRM_PHONE: approval.unconfirmed_call(shown) is None,
        Event.MAYOR_APPROVE: not awaits_mayor,
        Event.MAYOR_REFUSE: not awaits_mayor,
        Event.RESTRICT: asked is not None or not shown.is_outside,
        Event.ANSWER_RESTRICTION: asked is None or asked.answered_on is not None,
        Event.PUBLISH: not publication.is_open(shown),
        Event.TELL_SUBJECT: shown.state not in GONE_OUT or not subject_notice.is_owed(shown),
        Event.CHASE: not has_copies and (asked is None or asked.answered_on is not None),
        Event.ASK_EXTENSION: not has_copies or extending.pending(shown) is not None,
        Event.EXTEND: extending.pending(shown) is None,
        Event.REFUSE_EXTENSION: extending.pending(shown) is None,
        Event.RECALL: not has_copies,
        Event.END: bool(ending.unfinished(shown)),
        Event.REFUSE: awaits_mayor,
        Event.WITHDRAW_CONSENT: not consent.rests_on_consent(shown) or shown.consent_withdrawn_on is not None,
    }
    return {event for event in found if not needless.get(event, False)}
