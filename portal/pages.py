"""A page of ours inside Wagtail's frame: title, way back, actions. Templates extend `portal/base.html`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal import desk_counts, drafts, kept_files, workplace


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page."""

    label: str
    url: str


@dataclass(frozen=True)
class Action:
    """A button beside the title. Leads to a page; what changes something is a form on that page."""

    label: str
    url: str
    icon: str = ""
    is_primary: bool = False


def crumb(label: str, url_name: str, *args: Any) -> Crumb:
    return Crumb(label, reverse(url_name, args=args))


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    title: str,
    intro: str = "",
    icon: str = "",
    crumbs: Sequence[Crumb] = (),
    actions: Sequence[Action] = (),
    status: int = 200,
) -> HttpResponse:
    """Render a page of ours. `crumbs` are the pages above this one, without the home page.

    What was sent and comes back keeps its files; a page with a form offers what was typed into it and not sent.
    Opened from a project, it stands beside the project's steps and goes back there (`portal.workplace`).
    """
    desk = workplace.of_request(request)
    if desk is not None:
        crumbs = [crumb("설치 사업", "projects:list"), Crumb(str(desk.project), desk.url)]
        actions = [
            replace(action, url=workplace.carried(action.url, desk.project)) for action in actions if action
        ]
        context = {**(context or {}), "back_url": desk.url}
    forms = [each for each in (context or {}).values() if isinstance(each, BaseForm)]
    for form in forms:
        kept_files.keep(request, form)
    frame = {
        "page_title": title,
        "page_intro": intro,
        "page_icon": icon,
        "page_crumbs": [crumb("오늘 할 일", "wagtailadmin_home"), *crumbs],
        "page_actions": [action for action in actions if action],
        "workplace": desk,
        "page_asks_counts": not desk_counts.are_known(request.user.pk),
        "page_draft": drafts.find(request) if forms and request.method == "GET" else None,
    }
    return render(request, template, {**frame, **(context or {})}, status=status)
