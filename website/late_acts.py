"""What somebody sent when the hour of the page was over: kept, encrypted, and sent once both numbers were shown again."""

import base64
import json
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from records.models import ViewingRequest
from website import drafts, floods
from website.models import FormDraft

FORM = "viewing_act.late"
KEY = "late"


@dataclass(frozen=True, slots=True)
class Late:
    """One act as it was sent; `given` and `files` as the form reads them."""

    code: str
    given: QueryDict
    files: "MultiValueDict[str, UploadedFile]"
    draft: FormDraft


def keep(request: HttpRequest, code: str, found: ViewingRequest) -> str:
    """The key that opens it; empty where this request has kept too much."""
    number = found.receipt_number
    if floods.refusal_of_try(request, FORM, matter=number):
        return ""
    key, draft = drafts.begin(FORM, f"{number}:{code}", dict(request.POST.lists()))
    if request.FILES:
        drafts.keep_file(draft, json.dumps(_packed(request.FILES)).encode())
    return key


def of(key: str, found: ViewingRequest) -> Late | None:
    """Of that request alone, whoever has the key."""
    draft = drafts.find(key) if key else None
    if draft is None or draft.form != FORM:
        return None
    number, _colon, code = draft.about.rpartition(":")
    if number != found.receipt_number:
        return None
    given = QueryDict(mutable=True)
    for name, values in drafts.answers_of(draft).items():
        given.setlist(name, values)
    return Late(code, given, _unpacked(drafts.file_of(draft)), draft)


def _packed(files: "MultiValueDict[str, UploadedFile]") -> list[tuple[str, str, str]]:
    return [
        (field, str(upload.name), base64.b64encode(upload.read()).decode())
        for field, uploads in files.lists()
        for upload in uploads
    ]


def _unpacked(content: bytes | None) -> "MultiValueDict[str, UploadedFile]":
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for field, name, encoded in json.loads(content) if content else []:
        files.appendlist(field, SimpleUploadedFile(name, base64.b64decode(encoded)))
    return files
