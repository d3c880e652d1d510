"""The web process: waitress with its limits, told which server in front of it may speak for the client.

    DJANGO_SETTINGS_MODULE=config.settings.production TRUSTED_PROXY=127.0.0.1 python -m config.serve

The server in front (nginx, docs/running.md) ends TLS and writes X-Forwarded-For and X-Forwarded-Proto. Waitress takes
the two from `TRUSTED_PROXY` alone, puts what they say in the place of the connection's own address and scheme, and
deletes them where anybody else sent them. So whoever needs the client's address (floods, delays of the login, the logs)
reads `REMOTE_ADDR` and nothing else, and no header decides whether a request is secure.

Without DJANGO_SETTINGS_MODULE this is production: what is forgotten stops the start instead of weakening it.
"""

import ipaddress
import os
import sys
from typing import Any

from config.errors import Unusable
from config.state_files import close_to_others

PRODUCTION = "config.settings.production"
# More than one page of the portal asks for at once; slow clients are the front server's to wait for.
THREADS = 8
# An idle connection holds one of these; poll, not select, since select ends at 1,024 files.
CONNECTIONS = 1_000
IDLE_SECONDS = 30
# The longest address is a thousand ticked rows of a list.
HEADER_BYTES = 64 * 1024
# What a form holds besides its file.
FORM_BYTES = 1024 * 1024


def say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def address() -> tuple[str, int]:
    """Host and port from the environment."""
    host = os.environ.get("HOST") or "127.0.0.1"
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Unusable(f"PORT는 1에서 65535 사이의 수여야 합니다: {text!r}")
    return host, int(text)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trusted_proxy(*, is_required: bool) -> dict[str, Any]:
    """Waitress' options on the server in front: none is trusted unless it is named."""
    given = os.environ.get("TRUSTED_PROXY", "").strip()
    if not given:
        if is_required:
            raise Unusable(
                "TRUSTED_PROXY가 없습니다. TLS를 푸는 앞단 서버의 IP 주소를 적으십시오 (docs/running.md). "
                "없으면 모든 접속이 끝없이 https로 넘겨지고, 모든 주민이 한 주소로 보입니다."
            )
        return {}
    try:
        ipaddress.ip_address(given)
    except ValueError as error:
        raise Unusable(f"TRUSTED_PROXY는 IP 주소 하나여야 합니다: {given!r}") from error
    count = os.environ.get("TRUSTED_PROXY_COUNT") or "1"
    if not count.isdecimal() or not 0 < int(count) < 10:
        raise Unusable(f"TRUSTED_PROXY_COUNT는 1에서 9 사이의 수여야 합니다: {count!r}")
    return {
        "trusted_proxy": given,
        "trusted_proxy_count": int(count),
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def options(host: str, port: int) -> dict[str, Any]:
    from django.conf import settings  # read when the process starts, after its module is chosen

    return {
        "listen": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "threads": THREADS,
        "connection_limit": CONNECTIONS,
        "asyncore_use_poll": True,
        "channel_timeout": IDLE_SECONDS,
        "max_request_header_size": HEADER_BYTES,
        "max_request_body_size": settings.MAX_UPLOAD_BYTES + FORM_BYTES,
        "clear_untrusted_proxy_headers": True,
        "ident": None,
        **trusted_proxy(is_required=settings.SECURE_SSL_REDIRECT),
    }


def warn_if_open(host: str) -> None:
    """Settings of a trial, reachable from outside: said so that it cannot be overlooked."""
    from django.conf import settings

    if is_loopback(host) or settings.SECURE_SSL_REDIRECT:
        return
    line = "!" * 78
    say(
        f"\n{line}\n  경고: 시범 설정({os.environ['DJANGO_SETTINGS_MODULE']})으로 {host}에 열었습니다.\n"
        "  TLS가 없어 비밀번호와 개인정보가 그대로 오가고, 시범 계정이 있으면 그 계정으로 들어올 수 있습니다.\n"
        "  실제 자료에는 쓰지 마십시오. 운영은 DJANGO_SETTINGS_MODULE=config.settings.production (docs/running.md).\n"
        f"{line}\n"
    )


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", PRODUCTION)
    try:
        host, port = address()
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from waitress import serve

        try:
            chosen = options(host, port)
        except ImproperlyConfigured as error:
            raise Unusable(str(error)) from error
        warn_if_open(host)
        from config.wsgi import application  # sets Django up

        close_to_others(settings.DATA_DIR)
        from config import maintenance  # needs the models

        with maintenance.hold(settings.DATA_DIR):
            serve(application, **chosen)
    except OSError as error:
        say(f"{host}:{port}에서 시작할 수 없습니다: {error.strerror}")
        return 2
    except Unusable as reason:
        say(str(reason))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
