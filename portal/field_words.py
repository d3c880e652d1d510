"""The columns that a change wrote, by the names they have on screens. The ledger holds the names of the program."""

from collections.abc import Iterator
from functools import cache

from django.db.models import Model

from accounts.models import Department, Institution, Officer
from cameras.models import Camera, InstallationProject, Site
from committee.models import Member
from records.models import StaffMember

_WRITTEN: tuple[type[Model], ...] = (
    Camera,
    Site,
    InstallationProject,
    Department,
    Institution,
    Officer,
    Member,
    StaffMember,
)
# Named differently by each, or no column of its row.
_COMMON = {
    "number": "번호",
    "phone": "전화번호",
    "name": "이름",
    "email": "전자우편",
    "username": "아이디",
    "is_active": "사용 여부",
    "role": "역할",
}


def field_word(name: str) -> str:
    return _words().get(name, name)


@cache
def _words() -> dict[str, str]:
    return dict(_of_columns()) | _COMMON


def _of_columns() -> Iterator[tuple[str, str]]:
    for model in _WRITTEN:
        for column in model._meta.concrete_fields:
            # A change of many rows names a reference by its column.
            for name in {column.name, column.attname}:
                yield name, str(column.verbose_name)
