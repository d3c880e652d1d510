"""Lists of staff, shifts and incidents from other systems: what would change and every error first, then the rows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal import officers
from portal.access import officer, requires
from portal.forms.duty import PeopleFileForm
from portal.list_imports import Bring, import_screen
from portal.pages import crumb
from portal.screens import filled_in
from records.people import duty, incidents, staff
from records.tabular import Column


def _screen(
    request: HttpRequest,
    bring: Bring,
    columns: tuple[Column, ...],
    *,
    title: str,
    home: tuple[str, str],
    then: Callable[[], Any] = lambda: None,
) -> HttpResponse:
    names = ", ".join(column.name for column in columns)
    return import_screen(
        request,
        filled_in(request, PeopleFileForm, columns=names),
        partial(bring, actor=f"officer:{officer(request).pk}"),
        title=title,
        back=reverse(home[1]),
        crumbs=[crumb(*home)],
        then=then,
    )


@requires("records.change_staff")
def staff_file(request: HttpRequest) -> HttpResponse:
    return _screen(
        request,
        partial(staff.import_file, by=officer(request)),
        staff.COLUMNS,
        title="인력 명단 가져오기",
        home=("인력", "staff:list"),
        then=officers.end_of_staff_who_left,
    )


@requires("records.change_duty")
def duty_file(request: HttpRequest) -> HttpResponse:
    return _screen(
        request,
        partial(duty.import_file, by=officer(request)),
        duty.COLUMNS,
        title="근무표 가져오기",
        home=("근무표", "duty:month"),
    )


@requires("records.change_duty")
def incidents_file(request: HttpRequest) -> HttpResponse:
    return _screen(
        request,
        incidents.import_file,
        incidents.COLUMNS,
        title="상황 가져오기",
        home=("관제 상황", "incidents:list"),
    )
