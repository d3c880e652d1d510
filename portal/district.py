"""Whose portal this is: a district is data, so a second one needs no other templates."""

from django.conf import settings
from django.db import DatabaseError

from ordinance.articles import version


def name() -> str:
    """The district of the ordinance in force; empty before the law is loaded."""
    try:
        ordinance = version()
    except DatabaseError:  # the error page must also come when the database does not
        return ""
    return ordinance.district if ordinance else ""


def portal_name() -> str:
    district = name()
    return f"{district} 영상정보 업무 포털" if district else str(settings.WAGTAIL_SITE_NAME)
