"""Columns that a copy of the database does not give away: names and contacts of persons.

The key stands outside the database, in a file of `settings.KEY_STORE`. The file may hold several keys, one
per line: the first encrypts, all of them decrypt, so a key is changed by putting a new line on top.
"""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

KEY_NAME = "field_encryption"


class Undecryptable(Exception):
    """A stored value was not encrypted with any key of this deployment."""


def _cipher() -> MultiFernet:
    keys = settings.KEY_STORE.read(KEY_NAME, Fernet.generate_key)
    return MultiFernet([Fernet(line) for line in keys.split()])


def encrypt(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    try:
        return _cipher().decrypt(token.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Undecryptable(
            "저장된 값을 이 시스템의 열쇠로 풀 수 없습니다. 열쇠 파일을 확인하세요."
        ) from error


class EncryptedTextField(models.TextField):
    """Text that is stored encrypted. It cannot be searched: two equal texts are stored differently."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        # An empty value gives nothing away.
        return encrypt(text) if text else text

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        return decrypt(value) if value else value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """In migrations the plain column: what they build must not depend on this module."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name}: 암호화된 값은 검색할 수 없습니다 ({lookup_name}).")
        return super().get_lookup(lookup_name)
