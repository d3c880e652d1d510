"""Settings shared by all environments. Every deployment choice comes from the environment."""

import os
from datetime import time
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from config import logs, mail, open_reads
from config.keys import KeyStore

BASE_DIR = Path(__file__).resolve().parents[2]


def env_flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
# Signing and encryption keys stand outside the database, so that a copy of it is not enough to forge or read.
KEY_STORE = KeyStore(DATA_DIR / "keys")
DEBUG = env_flag("DEBUG", False)
SECRET_KEY = os.environ.get("SECRET_KEY") or KEY_STORE.secret_key()
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# Floods of opinions on the public site (cameras.consultation, website.views.opinions): how many may come from one
# address, and how many there may be of one consultation in all before senders are asked to come back later.
OPINIONS_PER_ADDRESS_10_MINUTES = int(os.environ.get("OPINIONS_PER_ADDRESS_10_MINUTES", "20"))
OPINIONS_PER_ADDRESS_DAY = int(os.environ.get("OPINIONS_PER_ADDRESS_DAY", "200"))
OPINIONS_PER_10_MINUTES = int(os.environ.get("OPINIONS_PER_10_MINUTES", "500"))
# No request may be bigger (config.serve); the front server allows less on public pages.
MAX_UPLOAD_BYTES = int(os.environ.get("MAX_UPLOAD_MEGABYTES") or "64") * 1024 * 1024
# The sample district and its accounts are for a trial.
SAMPLE_ALLOWED = True

# Below which folders recorders' storages may lie, between colons. Not set: anywhere but in the system's own folders and
# in DATA_DIR (`footage.roots`); production asks for it.
STORAGE_ROOTS = (
    [root for root in os.environ["STORAGE_ROOTS"].split(":") if root]
    if "STORAGE_ROOTS" in os.environ
    else None
)
# A folder of the audit department to which each signed head of the ledger goes; empty: nothing leaves this system.
LEDGER_WITNESS = os.environ.get("LEDGER_WITNESS", "")
# How far an entry of the ledger may be dated before the signed head that precedes it (docs/ledger.md, at most a day).
LEDGER_CLOCK_TOLERANCE_SECONDS = float(os.environ.get("LEDGER_CLOCK_TOLERANCE_SECONDS", "600"))

INSTALLED_APPS = [
    "config.apps.OperationsConfig",
    "website",
    "linkage",
    "portal",
    "reports",
    "committee",
    "records",
    "footage",
    "cameras",
    "casework",
    "ordinance",
    "ledger",
    "accounts",
    "wagtail.contrib.settings",
    "portal.apps.OfficeUsersConfig",  # wagtail.users with our officers' screens
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "simple_history",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

# Commands that run every minute load the domain alone, without Wagtail and screens; manage.py says which.
DOMAIN_ONLY = os.environ.get("DOMAIN_ONLY") == "1"
if DOMAIN_ONLY:
    _domain = {
        "committee",
        "records",
        "footage",
        "cameras",
        "casework",
        "ordinance",
        "ledger",
        "accounts",
        "simple_history",
    }
    INSTALLED_APPS = [
        app
        for app in INSTALLED_APPS
        if app in _domain | {"django.contrib.auth", "django.contrib.contenttypes"}
    ]

MIDDLEWARE = [
    # Asked by machines, without TLS and by any name of the host.
    "config.health.AnswerMachines",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.CompressPages",
    "config.access_log.LogRequests",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.idle.EndIdleSessions",
    "portal.open_sessions.EndEndedSessions",
    "portal.second_factor.AskSecondFactor",
    "portal.allowed_networks.KnowNetwork",
    "portal.wagtail_gate.CloseUnneededScreens",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portal.known_devices.RememberDevice",
    "portal.drafts.KeepUnsent",
    "portal.sent_forms.ActOnce",
    "portal.kept_files.BringBack",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["accounts.templatetags.korean"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "csp.context_processors.nonce",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time: an immediate transaction waits for the lock instead of failing half way.
    # synchronous stays FULL: a manifest that power loss takes back would be a destruction without a line.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "factory": open_reads.Connection,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["accounts.backends.SlowedLogin"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "accounts.passwords.GuessedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# An address to set the own password works once, and so long (portal.own_passwords).
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "wagtailadmin_login"
# So long a new account may work with its password alone (accounts.second_factor); 0: not at all.
SECOND_FACTOR_GRACE_DAYS = int(os.environ.get("SECOND_FACTOR_GRACE_DAYS") or "14")
# So long after a login, or after proving it again, one is not asked before what cannot be taken back (portal.reauthentication).
REAUTHENTICATION_MINUTES = int(os.environ.get("REAUTHENTICATION_MINUTES") or "10")
# Safety Standard (2026-9): failed logins are slowed down (accounts.login_delays), idle sessions are cut.
SESSION_COOKIE_AGE = int(os.environ.get("IDLE_TIMEOUT_MINUTES", "30")) * 60
# However busy somebody is: who logged in this long ago logs in again (portal.idle).
SESSION_LIFETIME_HOURS = float(os.environ.get("SESSION_LIFETIME_HOURS") or "10")
# From where roles may do what (accounts.networks); empty: from anywhere.
ALLOWED_NETWORKS = os.environ.get("ALLOWED_NETWORKS", "")
# A new login ends the older ones beyond so many (portal.open_sessions).
SESSIONS_PER_PERSON = int(os.environ.get("SESSIONS_PER_PERSON") or "1")
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Browsers follow `frame-ancestors` below (the portal shows previews in frames of its own); older ones refuse frames.
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
    }
}

LOG_DIR = Path(os.environ.get("LOG_DIR") or DATA_DIR / "logs")
LOGGING = logs.settings_of(LOG_DIR, as_json=env_flag("JSON_LOGS", False))
# Who may read /metrics and the details of /readyz besides the machine itself.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

LANGUAGE_CODE = "ko"
# Korean, and the public site's fixed texts in English under /en/ (website.urls); the portal is Korean.
LANGUAGES = [("ko", "한국어"), ("en", "English")]
OFFICE_LANGUAGES = [("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
_packages = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/leaflet", _packages / "leaflet" / "dist"),
    ("vendor/markercluster", _packages / "leaflet.markercluster" / "dist"),
    ("vendor/krds", _packages / "krds-uiux" / "resources"),
    # The package's own style sheets name its pictures one folder too deep.
    ("vendor/krds/img/img", _packages / "krds-uiux" / "resources" / "img"),
]
# Looked into each night for audit logs of the video system (docs/access-log.md); empty: none is.
ACCESS_LOG_FOLDER = Path(folder).resolve() if (folder := os.environ.get("ACCESS_LOG_FOLDER")) else None
ACCESS_LOG_MAP = os.environ.get("ACCESS_LOG_MAP") or "standard"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Copies of held footage (docs/vault.md): the same folder on every machine that has storages of its own.
VAULT_DIR = Path(os.environ.get("VAULT_DIR") or DATA_DIR / "vault").resolve()
# Whatever the umask of the process: other users of the machine read no upload.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.PackagedStaticFilesStorage"},
}

# What is told once may hold a citizen's claim code: it stays on the server, and in no cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

WAGTAIL_SITE_NAME = "강서구 영상정보 업무 포털"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAIL_CONTENT_LANGUAGES = OFFICE_LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = OFFICE_LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# A forgotten password is reset by the system administrator, who knows the person; no mail leaves the office.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "portal.forms.login.OfficeLoginForm"
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_USER_TIME_ZONES = ["Asia/Seoul"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "config.search"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Looked into before they are opened (portal.forms.media).
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.forms.media.OfficeDocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.forms.media.OfficeImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
# What the judge of pictures decodes whole, too (`casework.picture_decoding`).
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 24_000_000
# What may be published: papers and pictures, nothing that a browser runs (website.views.document).
WAGTAILDOCS_EXTENSIONS = ["pdf", "hwp", "hwpx", "docx", "xlsx", "pptx", "txt", "csv", "png", "jpg", "jpeg"]

BROKER_URL = os.environ.get("BROKER_URL") or "filesystem://"
CELERY_BROKER_URL = BROKER_URL
if BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_URL = "filesystem://localhost//"  # the transport has no host, and warns when none is named
    _queue_dir = DATA_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue_dir / "messages"),
        "data_folder_out": str(_queue_dir / "messages"),
        "control_folder": str(_queue_dir / "control"),
    }
    for _folder in ("messages", "control"):
        (_queue_dir / _folder).mkdir(parents=True, exist_ok=True)
    # Remote control leaves its own messages in the folder; nobody reads them.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Deployments that share one broker keep their tasks apart by this name.
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("DEFAULT_QUEUE") or "celery"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker may be away for a night: worker and beat wait for it, however long.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = TIME_ZONE
if not DOMAIN_ONLY:
    # Beat's own; a command that runs every minute need not load Celery for it.
    from config.schedule import BEAT_SCHEDULE

    CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULER = "config.scheduler:JsonScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule.json")

# Written every minute by the worker at beat's word (config.tasks).
ALIVE_FILE = DATA_DIR / "alive"

# Unless a mail server is named, mail is written to files and nothing leaves the host.
globals().update(mail.settings_of(os.environ.get("EMAIL_URL") or f"file://{DATA_DIR / 'mail'}"))
EMAIL_TIMEOUT = 30
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("EMAIL_FROM") or "cctv@localhost"
# When officers are told in the morning, in Seoul, on working days; the run comes every ten minutes.
REMINDER_TIME = time.fromisoformat(os.environ.get("REMINDER_TIME") or "08:00")

# The profile that this deployment runs under; its figures are rows of `ordinance`, not settings.
ORDINANCE_PROFILE = os.environ.get("ORDINANCE_PROFILE", "gangseo")
