"""The sample district's accounts open nothing under production settings, also where its database was taken over.

Their password stands in a file of the installation and was printed on a terminal. It is refused for everybody.
"""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from portal.sample.people import PASSWORD_KEY


class SamplePasswordRefused(BaseBackend):
    """Stands before the backends that log people in."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> None:
        path = settings.KEY_STORE.folder / PASSWORD_KEY
        if password and path.exists() and secrets.compare_digest(path.read_bytes(), password.encode()):
            raise PermissionDenied("표본 자치구의 비밀번호는 운영 설정에서 쓸 수 없습니다.")
