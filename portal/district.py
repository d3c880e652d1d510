"""Whose portal this is: a district is data, so a second one needs no other templates."""

import re

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest

from ordinance.articles import version

_KNOWN = "_district_name"
_OWN = re.compile(r"^\S+(?:특별시|광역시|특별자치시|특별자치도|도)\s+\S+[구시군]\s+(?=\S)")


def name(request: HttpRequest | None = None) -> str:
    """The district of the ordinance in force; empty before the law is loaded. Asked once for a request."""
    if request is None:
        return _name()
    if not hasattr(request, _KNOWN):
        setattr(request, _KNOWN, _name())
    return str(getattr(request, _KNOWN))


def _name() -> str:
    try:
        ordinance = version()
    except DatabaseError:  # the error page must also come when the database does not
        return ""
    return ordinance.district if ordinance else ""


def without_own_name(address: str) -> str:
    """An address of the district without province and district, which are the same in every row."""
    return _OWN.sub("", address)


def portal_name(request: HttpRequest | None = None) -> str:
    district = name(request)
    return f"{district} 영상정보 업무 포털" if district else str(settings.WAGTAIL_SITE_NAME)
