"""The portal is light, whatever the computer is set to: its own pages have one set of colours, and on a dark ground
nobody could read them. Wagtail asks two template tags for its theme; these are what they answer here."""

from wagtail.admin.templatetags import wagtailadmin_tags


def use_light() -> None:
    """Put our answers in the place of Wagtail's, which follow the computer and each person's choice."""
    wagtailadmin_tags.register.simple_tag(_theme_classes, name="admin_theme_classname")
    wagtailadmin_tags.register.simple_tag(_colour_scheme, name="admin_theme_color_scheme")


def _theme_classes() -> str:
    return "w-theme-light w-density-default w-contrast-system"


def _colour_scheme() -> str:
    return "light"
