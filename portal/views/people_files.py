"""Lists of staff, shifts and incidents from other systems: what would change and every error first, then the rows."""

import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal import officers
from portal.access import officer, requires
from portal.forms.duty import PeopleFileForm
from portal.pages import crumb
from portal.screens import filled_in, preview_screen
from records.people import duty, incidents, staff
from records.tabular import Column, ImportResult, UnusableFile

ERRORS_SHOWN = 200


def _screen(
    request: HttpRequest,
    bring: Callable[..., ImportResult],
    columns: tuple[Column, ...],
    *,
    title: str,
    home: tuple[str, str],
    then: Callable[[], Any] = lambda: None,
) -> HttpResponse:
    names = ", ".join(column.name for column in columns)
    return preview_screen(
        request,
        filled_in(request, PeopleFileForm, columns=names),
        lambda sent: _bring(sent, bring, f"officer:{officer(request).pk}", then),
        preview=lambda sent: _rehearsed(sent, bring),
        template="portal/duty/import.html",
        title=title,
        back=reverse(home[1]),
        done=lambda result: f"새 행 {result.created:,}개, 바뀐 행 {result.updated:,}개를 저장했습니다.",
        icon="upload",
        crumbs=[crumb(*home)],
        submit_label="미리보기",
    )


def _rehearsed(sent: PeopleFileForm, bring: Callable[..., ImportResult]) -> dict[str, Any]:
    result = _read(sent, bring, dry_run=True)
    return {"result": result, "errors": result.errors[:ERRORS_SHOWN], "figures": result.figures()}


def _bring(
    sent: PeopleFileForm, bring: Callable[..., ImportResult], actor: str, then: Callable[[], Any]
) -> ImportResult:
    result = _read(sent, bring, actor=actor)
    if result.is_refused:
        raise ValidationError("잘못된 행이 있어 저장하지 않았습니다. 고쳐서 다시 올리거나 그 행을 빼십시오.")
    then()
    return result


def _read(sent: PeopleFileForm, bring: Callable[..., ImportResult], **more: Any) -> ImportResult:
    upload = sent.cleaned_data["file"]
    upload.seek(0)
    with tempfile.NamedTemporaryFile(suffix=sent.suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        try:
            return bring(file.name, skip_invalid=sent.cleaned_data["skip_invalid"], **more)
        except UnusableFile as error:
            raise ValidationError(str(error)) from None


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
        request, duty.import_file, duty.COLUMNS, title="근무표 가져오기", home=("근무표", "duty:month")
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
