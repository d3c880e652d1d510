"""Routes: officials under /portal/, everything else is the public site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents.views.serve import authenticate_with_password

from portal.views.account import OfficeAccountView
from portal.views.calendar_feed import calendar_feed
from portal.views.own_password import own_password
from portal.views.wall import wall, wall_code
from website.views.document import document
from website.views.home import english_home
from website.views.mark import favicon

handler400 = "config.failures.answer_bad_request"
handler500 = "config.failures.answer"

urlpatterns = [
    # In the place of Wagtail's own, which lets people change the names that the ledger is read by.
    path("portal/account/", require_admin_access(OfficeAccountView.as_view()), name="portal_account"),
    path("portal/", include(wagtailadmin_urls)),
    # In the place of Wagtail's own, which serves a script as a script; under its names.
    re_path(r"^documents/([0-9]{1,18})/(.*)$", document, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    # Calendar programs cannot log in: the address itself is the key (portal.calendar_feeds).
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar_feed"),
    # Nobody is logged in yet: the address itself is the key, once (portal.own_passwords).
    path("own-password/<str:key>/<str:token>/", own_password, name="own_password"),
    # On a wall nobody logs in: a cookie of that browser is the key, for one training (portal.views.wall).
    path("training-wall/<int:pk>/", wall, name="training_wall"),
    path("training-wall/<int:pk>/code/", wall_code, name="training_wall_code"),
    # Between the password and the portal (portal.second_factor).
    path("second-factor/", include(("portal.views.second_factor", "second_factor"))),
    path("favicon.ico", favicon, name="favicon"),
    # Wagtail's second page to log in, with neither delay nor words of ours; under its name.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="wagtailadmin_login", query_string=True),
        name="wagtailcore_login",
    ),
    # Korean at its plain address, English under /en/.
    *i18n_patterns(path("", include("website.urls")), prefix_default_language=False),
    path("en/", english_home, name="website_english_home"),
    path("", include(wagtail_urls)),
]
