"""The portal is light, whatever the computer is set to: its own pages have one set of colours, and on a dark ground
nobody could read them. Wagtail asks two template tags for its theme; these are what they answer here."""

from typing import Any

from wagtail.admin.telepath import register
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, MainMenuModule


def use_light() -> None:
    """Put our answers in the place of Wagtail's, which follow the computer and each person's choice."""
    wagtailadmin_tags.register.simple_tag(_theme_classes, name="admin_theme_classname")
    wagtailadmin_tags.register.simple_tag(_colour_scheme, name="admin_theme_color_scheme")


def _theme_classes() -> str:
    return "w-theme-light w-density-default w-contrast-system"


def _colour_scheme() -> str:
    return "light"


class _WholeName(BaseSidebarAdapter):
    """The person's own menu bears the whole name: Wagtail takes the first name, which is half of a Korean one."""

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, obj: MainMenuModule) -> list[Any]:
        items, own, person = obj.js_args()
        return [items, own, {**person, "name": obj.user.get_full_name() or person["name"]}]


def use_whole_names() -> None:
    register(_WholeName(), MainMenuModule)
