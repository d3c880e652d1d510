"""A list that comes in as a file: first what it would do and every bad line, then the act on that very file.

One way for all lists of people: staff, shifts, incidents, attendance, outside certificates. What was previewed travels with
the form as every file does (`portal.kept_files`).
"""

import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from portal.forms.imports import UploadForm
from portal.pages import Crumb
from portal.screens import preview_screen
from records.tabular import Column, ImportResult, UnusableFile

ERRORS_SHOWN = 1_000
SKIP = "skip_invalid"
# `bring(path, dry_run=True)` says what the file would do; with `skip_invalid` where the form asks for it.
Bring = Callable[..., ImportResult]


def import_screen(
    request: HttpRequest,
    form: UploadForm,
    bring: Bring,
    *,
    title: str,
    back: str,
    notes: Sequence[str] = (),
    crumbs: Sequence[Crumb] = (),
    then: Callable[[], Any] = lambda: None,
) -> HttpResponse:
    """`then`: what follows once the rows are stored."""
    return preview_screen(
        request,
        form,
        lambda sent: _brought(sent, bring, then),
        preview=lambda sent: _rehearsed(sent, bring),
        template="portal/duty/import.html",
        title=title,
        back=back,
        done=lambda result: f"새 행 {result.created:,}개, 바뀐 행 {result.updated:,}개를 저장했습니다.",
        icon="upload",
        crumbs=crumbs,
        submit_label="미리보기",
        notes=notes,
        may_skip=SKIP in form.fields,
    )


def columns_in_words(columns: Sequence[Column]) -> str:
    return f"열: {', '.join(column.name for column in columns)}. 이름으로 찾고 순서는 상관없습니다."


def _rehearsed(sent: UploadForm, bring: Bring) -> dict[str, Any]:
    result = _read(sent, bring, dry_run=True)
    return {"result": result, "errors": result.errors[:ERRORS_SHOWN], "figures": result.figures()}


def _brought(sent: UploadForm, bring: Bring, then: Callable[[], Any]) -> ImportResult:
    result = _read(sent, bring, dry_run=False)
    if result.is_refused:
        raise ValidationError("잘못된 행이 있어 저장하지 않았습니다. 고쳐서 다시 올리거나 그 행을 빼십시오.")
    then()
    return result


def _read(sent: UploadForm, bring: Bring, *, dry_run: bool) -> ImportResult:
    upload = sent.cleaned_data["file"]
    upload.seek(0)
    asked = {SKIP: sent.cleaned_data[SKIP]} if SKIP in sent.cleaned_data else {}
    with tempfile.NamedTemporaryFile(suffix=sent.suffix) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        try:
            return bring(file.name, dry_run=dry_run, **asked)
        except UnusableFile as error:
            raise ValidationError(str(error)) from None
