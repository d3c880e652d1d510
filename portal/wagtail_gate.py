"""Wagtail's own screens, closed to those whose duty they are not.

Wagtail lets everybody with an account browse page trees, choosers, reports and its API, and it brings screens that
this office does not use. Access goes to the fewest (ordinance art. 23(1)): the screens for the public site are for
those who keep it, the rest is for nobody. A refusal looks like Wagtail's own: a message and the way back home.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from wagtail.admin.auth import permission_denied, user_has_any_page_permission

from portal import row_keys

# Workflows are switched off, roles are kept in code, and these pages only exist to test error pages.
UNUSED_NAMESPACES = frozenset({"wagtailadmin_workflows", "wagtailusers_groups", "wagtailsnippets"})
UNUSED = frozenset(
    {
        "wagtailadmin_error_test",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_results",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:workflow_tasks_results",
    }
)
BULK = "wagtail_bulk_action"
# Of the lists of files and pictures, which ask the database with whatever number they are given.
COUNTS = ("usage_count_min", "usage_count_max")
LONGEST_COUNT = 9
WEBSITE_NAMESPACES = frozenset(
    {
        "wagtailadmin_api",
        "wagtailadmin_collections",
        "wagtailadmin_editing_sessions",
        "wagtailadmin_pages",
        "wagtailadmin_reports",
        "wagtaildocs",
        "wagtaildocs_chooser",
        "wagtailimages",
        "wagtailimages_chooser",
    }
)
WEBSITE = frozenset(
    {
        BULK,
        "wagtailadmin_block_preview",
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_anchor_link",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_choose_page_email_link",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_choose_page_phone_link",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_explore_root",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
    }
)


class CloseUnneededScreens:
    """Asks before Wagtail does. Anonymous visitors are left to Wagtail, which sends them to the login page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        if is_for_website(match) and not all(map(_is_key_or_all, _keys(request, match))):
            raise Http404
        if is_for_website(match) and not all(_is_count(request.GET.get(name, "")) for name in COUNTS):
            raise Http404
        if is_unused(match):
            return _refuse(request)
        if is_for_website(match) and not user_has_any_page_permission(request.user):
            return _refuse(request)
        return None


def _keys(request: HttpRequest, match: ResolverMatch) -> list[str]:
    """Texts of which Wagtail makes the key of a row, whatever they are."""
    named = [value for name, value in match.kwargs.items() if name == "pk" or name.endswith(("_pk", "_id"))]
    return [*request.GET.getlist("id"), *(value for value in named if isinstance(value, str))]


def _is_count(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT)


def _is_key_or_all(text: str) -> bool:
    return text == "all" or row_keys.key(text) is not None


def is_unused(match: ResolverMatch) -> bool:
    return match.view_name in UNUSED or bool(UNUSED_NAMESPACES & set(match.namespaces))


def is_for_website(match: ResolverMatch) -> bool:
    return match.view_name in WEBSITE or bool(WEBSITE_NAMESPACES & set(match.namespaces))


def _refuse(request: HttpRequest) -> HttpResponse:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise Http404
    return permission_denied(request)
