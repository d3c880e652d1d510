"""Routes: officials under /portal/, everything else is the public site."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from portal.views.account import OfficeAccountView

urlpatterns = [
    # In the place of Wagtail's own, which lets people change the names that the ledger is read by.
    path("portal/account/", require_admin_access(OfficeAccountView.as_view()), name="portal_account"),
    path("portal/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("website.urls")),
    path("", include(wagtail_urls)),
]
