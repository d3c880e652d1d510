"""What the portal hangs into Wagtail's admin: menu, addresses, first page, style; and what it takes out of it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component
from wagtail.admin.views.bulk_action import BulkAction

from accounts.models import Officer
from portal import home, menu, urls


@hooks.register("register_admin_urls")
def portal_urls() -> list[URLPattern | URLResolver]:
    return urls.urlpatterns


@hooks.register("construct_main_menu", order=1000)
def menu_by_duty(request: HttpRequest, items: list[MenuItem]) -> None:
    menu.arrange(request, items)


@hooks.register("construct_settings_menu", order=1000)
def settings_in_use(request: HttpRequest, items: list[MenuItem]) -> None:
    """Roles are kept in code and workflows are switched off: their screens are closed (portal.wagtail_gate)."""
    items[:] = [item for item in items if item.name not in {"groups", "workflows", "workflow-tasks"}]


@hooks.register("construct_homepage_panels", order=1000)
def first_page(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = [home.DuePanel(), home.FiguresPanel()]


@hooks.register("insert_global_admin_css")
def portal_style() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/portal.css"))


@hooks.register("insert_global_admin_js")
def portal_script() -> SafeString:
    return format_html_join(
        "",
        '<script src="{}" defer></script>',
        [(static(f"portal/{name}.js"),) for name in ("portal", "forms")],
    )


@hooks.register("register_admin_search_area")
def search_everything() -> SearchArea:
    """The search field above the menu finds whatever one may see, web pages last."""
    return SearchArea("모두", reverse("search"), name="everything", icon_name="search", order=1)


class NoBulkChange(BulkAction):
    """Officers are changed one by one, on record. Wagtail's bulk actions on users would pass by role and ledger,
    so each of their names is taken by this one, which does not exist."""

    models = [Officer]
    display_name = aria_label = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise Http404

    def check_perm(self, obj: Any) -> bool:
        return False


@hooks.register("register_bulk_action", order=1000)
class NoBulkDelete(NoBulkChange):
    action_type = "delete"


@hooks.register("register_bulk_action", order=1000)
class NoBulkRoles(NoBulkChange):
    action_type = "assign_role"


@hooks.register("register_bulk_action", order=1000)
class NoBulkActivation(NoBulkChange):
    action_type = "set_active_state"
