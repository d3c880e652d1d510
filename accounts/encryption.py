"""Columns that a copy of the database does not give away: names, contacts and words of persons.

AES-256-GCM. A cell is sealed for its place: table, column and a value of its row that never changes (`bound_to`) are
associated data, so that a cell copied into another row or column opens nowhere. It is opened when it is asked for, not
when its row is read; without the row (`values_list`) it stays sealed.

The keys stand outside the database, in files of `settings.KEY_STORE`. `KEY_NAME` may hold several, one `id:key` a line:
the first seals, all of them open. A key is changed by `manage.py reencrypt --new-key`, which puts a new line on top,
seals every cell again and takes the old lines away. Cells from before this scheme (Fernet, bound to nothing) are
opened by `accounts.resealing` alone, which every migration runs.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

KEY_NAME = "personal_columns"
DIGEST_KEY_NAME = "personal_digests"
FORMAT = "p2"
KEY_BYTES = 32
NONCE_BYTES = 12


class Undecryptable(Exception):
    """A stored value was not sealed for its place with any key of this deployment."""


class Altered(Undecryptable):
    """Its key is there and does not open it: the value was changed, or moved from another place."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


def new_key_line() -> bytes:
    return f"{secrets.token_hex(4)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n".encode()


def keys() -> dict[str, bytes]:
    """Master keys by id; the first one seals."""
    found = {}
    for line in settings.KEY_STORE.read(KEY_NAME, new_key_line, is_once=True).decode().split():
        name, _, key = line.partition(":")
        found[name] = base64.b64decode(key)
    return found


def seal(text: str, *, purpose: str, place: str) -> str:
    """`purpose` chooses the key (one for each table), `place` is what the text is bound to."""
    name, body = _sealed(text.encode("utf-8", "surrogatepass"), purpose, place)
    return f"{FORMAT}:{name}:{base64.b64encode(body).decode()}"


def unseal(token: str, *, purpose: str, place: str) -> str:
    try:
        format_, name, body = token.split(":")
        data = base64.b64decode(body, validate=True)
    except ValueError as error:
        raise Undecryptable(_not_ours(purpose)) from error
    if format_ != FORMAT:
        raise Undecryptable(_not_ours(purpose))
    return _opened(name, data, purpose, place).decode("utf-8", "surrogatepass")


def seal_bytes(content: bytes, *, purpose: str, place: str) -> bytes:
    """A file's content, with a first line that names the format and the key."""
    name, body = _sealed(content, purpose, place)
    return f"{FORMAT}:{name}\n".encode() + body


def current_key_mark() -> bytes:
    """How content begins that is sealed with the first key."""
    return f"{FORMAT}:{next(iter(keys()))}\n".encode()


def is_sealed(stored: bytes) -> bool:
    return stored.startswith(f"{FORMAT}:".encode())


def unseal_bytes(stored: bytes, *, purpose: str, place: str) -> bytes:
    first, _, body = stored.partition(b"\n")
    format_, _, name = first.decode("ascii", "replace").partition(":")
    if format_ != FORMAT:
        raise Undecryptable(_not_ours(purpose))
    return _opened(name, body, purpose, place)


def _sealed(content: bytes, purpose: str, place: str) -> tuple[str, bytes]:
    name, master = next(iter(keys().items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return name, nonce + _cipher(master, purpose).encrypt(nonce, content, place.encode())


def _opened(name: str, body: bytes, purpose: str, place: str) -> bytes:
    try:
        return _cipher(keys()[name], purpose).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place.encode())
    except KeyError as error:
        raise Undecryptable(_not_ours(purpose)) from error
    except (ValueError, InvalidTag) as error:
        raise Altered(_not_ours(purpose), place) from error


def _not_ours(purpose: str) -> str:
    return (
        f"저장된 값을 풀 수 없습니다({purpose}). 이 시스템의 열쇠로 잠그지 않았거나 다른 자리에서 옮겨 온 값입니다. "
        "열쇠 파일을 확인하고, 열쇠가 맞으면 누가 저장된 것을 고쳤는지 조사하십시오."
    )


def _cipher(master: bytes, purpose: str) -> AESGCM:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"gangseo-cctv:{purpose}".encode()).derive(master)
    return AESGCM(derived)


def keyed_digest(purpose: str, text: str) -> str:
    """A digest that says nothing to whoever has the database without the key file; the same for the same text."""
    key = settings.KEY_STORE.read(DIGEST_KEY_NAME, lambda: secrets.token_bytes(KEY_BYTES), is_once=True)
    return hmac.new(key, f"{purpose}\n{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A cell as it is stored; its row opens it."""

    token: str

    def __str__(self) -> str:
        return "(암호화됨)"

    def __bool__(self) -> bool:
        return bool(self.token)


class _OpenedWithItsRow(DeferredAttribute):
    """Opens the cell the first time that somebody asks for it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            column: Any = self.field
            value = column.open(instance, value)
            instance.__dict__[column.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # With this the descriptor is asked before the instance's own dictionary.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that is stored sealed for its row. It cannot be searched: two equal texts are stored differently.

    `bound_to` names a field of the same model that is set before the row is first stored and never changes. Written by
    saving rows; `update` and `bulk_update` can only empty it.
    """

    descriptor_class = _OpenedWithItsRow

    def __init__(self, *args: Any, bound_to: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bound_to = bound_to

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        if not self.bound_to:
            raise FieldError(f"{cls.__name__}.{name}: `bound_to` is missing")
        super().contribute_to_class(cls, name, *args, **kwargs)

    def place_in(self, row: Any) -> str:
        bound = getattr(row, self.bound_to)
        if bound in (None, ""):
            raise FieldError(f"{self.model.__name__}.{self.bound_to} must be set before {self.name}")
        return f"{self.model._meta.db_table}|{self.column}|{bound}"

    def open(self, row: Any, sealed: Sealed) -> str:
        return unseal(sealed.token, purpose=self.model._meta.db_table, place=self.place_in(row))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or value == "" or isinstance(value, Sealed):
            return value
        text = str(value)
        return Sealed(seal(text, purpose=self.model._meta.db_table, place=self.place_in(model_instance)))

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        # An empty value gives nothing away.
        if value is None or value == "":
            return value
        raise FieldError(f"{self.name}: 암호화된 값은 행을 저장할 때만 쓸 수 있습니다.")

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> Sealed | str | None:
        return Sealed(value) if value else value

    def value_to_string(self, obj: Any) -> str:
        return str(self.value_from_object(obj))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """In migrations the plain column: what they build must not depend on this module."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name}: 암호화된 값은 검색할 수 없습니다 ({lookup_name}).")
        return super().get_lookup(lookup_name)
