"""What `manage.py check --deploy` asks besides Django's own: things that a worker would find out at its start."""

import importlib
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_transport(**kwargs: Any) -> list[CheckMessage]:
    """Whether what speaks to the broker can be loaded; nothing is connected."""
    scheme = str(settings.BROKER_URL).partition(":")[0]
    missing = _missing(settings.BROKER_URL, scheme)
    if not missing:
        return []
    words = f"BROKER_URL({scheme}:)의 브로커에 연결할 프로그램을 불러올 수 없습니다: {missing}"
    return [Error(words, hint="scripts/setup.sh run", id="config.E001")]


def _missing(url: str, scheme: str) -> str:
    """Kombu says which library it misses; the library itself, which part of it."""
    from kombu import Connection  # no other command needs it
    from kombu.transport import get_transport_cls

    try:
        with Connection(url) as broker:
            broker.create_transport()
    except (KeyError, ValueError, ImportError) as error:
        told = str(error)
    else:
        return ""
    try:
        transport: Any = get_transport_cls(scheme)
        importlib.import_module(transport.driver_name)
    except ImportError as error:
        return str(error)
    except (KeyError, ValueError, AttributeError):
        pass  # no such transport: there is no library to ask
    return told
