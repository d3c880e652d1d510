"""Wagtail's place for users, with our screens in it: no deletion, no superuser box, one role, on record."""

from django.urls import URLPattern, path
from wagtail.users.views.users import UserViewSet

from portal.views import people


class OfficerViewSet(UserViewSet):
    """Keeps Wagtail's namespace, since Wagtail itself links to its user screens."""

    add_to_settings_menu = False
    copy_view_enabled = False

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", people.officers, name="index"),
            path("new/", people.officer_add, name="add"),
            path("edit/<int:pk>/", people.officer_edit, name="edit"),
            path("history/<int:pk>/", people.officer_history, name="history"),
        ]
