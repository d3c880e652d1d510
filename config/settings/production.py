"""A district's own servers, behind TLS. `manage.py check --deploy` is clean with these settings."""

import os

from django.core.exceptions import ImproperlyConfigured

from config import logs
from config.settings.base import *  # noqa: F403 - a settings module is its base plus differences
from config.settings.base import AUTHENTICATION_BACKENDS, LOG_DIR

DEBUG = False
for _name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "PUBLIC_URL", "STORAGE_ROOTS"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(f"{_name} must be set in production")
# deploy/cctv.env is copied and filled in.
for _name in ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "EMAIL_URL"):
    if "change-me" in os.environ.get(_name, ""):
        raise ImproperlyConfigured(f"{_name} must be set in production: it is still that of the example")
SAMPLE_ALLOWED = False
LOGGING = logs.settings_of(LOG_DIR, as_json=True)
AUTHENTICATION_BACKENDS = ["portal.sample.refusal.SamplePasswordRefused", *AUTHENTICATION_BACKENDS]

# Whether a request came by TLS is the scheme that config.serve takes from the trusted proxy, never a header.
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take a cookie of this name only by TLS, from this very host and for all of it.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
