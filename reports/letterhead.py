"""두문과 결문: what every letter of the office says of itself: organisation, department, how to reach it."""

import datetime as dt
from typing import TypedDict

from django.conf import settings

from accounts.designations import responsible_on
from accounts.models import Department, Officer
from reports import official
from reports.figures.context import district_name


class Letterhead(TypedDict):
    """The fields of `official.Document` that are the same in all letters of a department on a day."""

    organisation: str
    sender: str
    department: str
    officer: str
    address: str
    homepage: str
    phone: str
    email: str
    number: str
    on: str


def of(
    on: dt.date,
    *,
    number: str = "",
    department: Department | None = None,
    officer: Officer | None = None,
    is_within: bool = False,
) -> Letterhead:
    """Default: the responsible department. Between departments of the office (`is_within`) its head signs, else the mayor.

    The day is printed with the number only: a letter without one has not been sent yet.
    """
    found = department or responsible_on(on)
    institution = found.institution if found else None
    district = district_name(on)
    name = found.name if found else "전담부서"
    return {
        "organisation": district,
        "sender": f"{name}장" if is_within else f"{district}청장",
        "department": name,
        "officer": " ".join(filter(None, [officer.position, str(officer)])) if officer else "",
        "address": institution.postal_address if institution else "",
        "homepage": settings.PUBLIC_URL,
        "phone": (found.phone or found.institution.phone) if found else "",
        "email": institution.email if institution else "",
        "number": number,
        "on": official.day(on) if number else "",
    }
