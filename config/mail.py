"""Where mail goes, from one environment variable, as `DATABASE_URL` says where data goes.

EMAIL_URL=smtp://name:password@mail.example.kr:587?tls=1     STARTTLS
EMAIL_URL=smtps://name:password@mail.example.kr               TLS from the first byte
EMAIL_URL=file:///srv/mail                                    one file a mail, nothing leaves the host
EMAIL_URL=console:                                            to standard output
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BACKEND = "django.core.mail.backends.{}.EmailBackend"
_PORTS = {"smtp": 25, "smtps": 465}


def settings_of(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings. A text that is no such address stops the start: lost mail would be noticed late."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL을 읽을 수 없습니다: {error}") from error
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": _BACKEND.format("console")}
    if parts.scheme == "file" and parts.path.strip("/"):
        return {"EMAIL_BACKEND": _BACKEND.format("filebased"), "EMAIL_FILE_PATH": Path(unquote(parts.path))}
    if parts.scheme in _PORTS and parts.hostname:
        return {
            "EMAIL_BACKEND": _BACKEND.format("smtp"),
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": port or _PORTS[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parse_qs(parts.query).get("tls", ["0"])[-1] in {"1", "true", "yes"},
        }
    # The address itself may hold a password: it is not repeated.
    raise ImproperlyConfigured(
        "EMAIL_URL은 smtp://…, smtps://…, file:///… 또는 console: 이어야 합니다 (docs/running.md)."
    )
