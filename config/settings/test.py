"""Stricter than production: its own folder, fast password hashing, missing template variables fail."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="cctv-test-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
# Parallel test processes share the code, never a folder that it writes to; their own children share theirs.
_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker and Path(os.environ["DATA_DIR"]).name != _worker:
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / _worker)

from config.settings.base import *  # noqa: E402, F403 - DATA_DIR must be set before base reads it
from config.settings.base import DATA_DIR, DATABASES  # noqa: E402

SECRET_KEY = "test-only"  # noqa: S105
# Tests move the clock by months; those of the second factor set it themselves.
SECOND_FACTOR_GRACE_DAYS = 36_500
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A real file, so that threads and subprocesses of one test see the same SQLite database.
_run = os.environ.get("TEST_RUN_ID", "")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_cctv{_run}"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from their sources: no `collectstatic` before a test that looks at a page.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
