"""A list that comes in as a file: first what it would do and every bad line, then the act on that very file."""

import base64
import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.forms.competence import ListForm
from portal.pages import Crumb, page
from records.tabular import ImportResult, UnusableFile

_SALT = "portal.list-import"
_PREVIEW_HOLDS = dt.timedelta(days=1)
Read = Callable[[Path, bool], ImportResult]


def import_screen(
    request: HttpRequest,
    read: Read,
    *,
    title: str,
    back: str,
    columns: Sequence[str],
    notes: Sequence[str] = (),
    crumbs: Sequence[Crumb] = (),
) -> HttpResponse:
    """`read(path, dry_run)` gives what the file would do, or does it. What was previewed travels with the form, signed."""
    form = ListForm(request.POST or None, request.FILES or None)
    if "confirmed" in request.POST:
        return _store(request, read, back)
    shown: dict[str, Any] = {"result": None, "payload": ""}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            shown["result"] = _with_file(content, file.name, lambda path: read(path, True))
        except (UnusableFile, ValidationError) as error:
            form.add_error("file", getattr(error, "messages", str(error)))
        else:
            kept = {"name": file.name, "content": base64.b64encode(content).decode(), "at": request.path}
            shown["payload"] = signing.dumps(kept, salt=_SALT, compress=True)
    told = [f"열: {', '.join(columns)}. 이름으로 찾고 순서는 상관없습니다.", *notes]
    return page(
        request,
        "portal/competence/import.html",
        {"form": form, "back_url": back, "notes": told, **shown},
        title=title,
        icon="upload",
        crumbs=crumbs,
    )


def _store(request: HttpRequest, read: Read, back: str) -> HttpResponse:
    try:
        kept = signing.loads(request.POST.get("payload", ""), salt=_SALT, max_age=_PREVIEW_HOLDS)
        if kept["at"] != request.path:
            raise signing.BadSignature
        content = base64.b64decode(kept["content"])
        result = _with_file(content, kept["name"], lambda path: read(path, False))
    except (signing.BadSignature, UnusableFile):
        messages.error(request, "미리보기가 오래되었습니다. 파일을 다시 골라 주십시오.")
        return redirect(request.path)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.path)
    if result.errors:
        messages.error(
            request, f"그 사이에 {result.rejected}행이 맞지 않게 되어 아무것도 저장하지 않았습니다."
        )
        return redirect(request.path)
    messages.success(request, f"새로 {result.created}명, 바뀐 {result.updated}명을 저장했습니다.")
    return redirect(back)


def _with_file(content: bytes, name: str, read: Callable[[Path], ImportResult]) -> ImportResult:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(name).suffix.lower()}"
        path.write_bytes(content)
        return read(path)
