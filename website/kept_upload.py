"""A file that somebody chose survives a mistake elsewhere in the form: kept as a draft, and sent with the next try."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from website import drafts, floods
from website.models import FormDraft

# Of one household: mistakes are made a few times, and each kept file is tens of megabytes until the draft is erased.
LIMITS = (floods.Limit(10, timedelta(minutes=10)), floods.Limit(30, floods.KEPT))
KEY, DROP = "kept_file", "drop_file"
NAME = "name"


@dataclass(frozen=True, slots=True)
class Kept:
    """`key` goes into the form; whoever has it sends the file."""

    key: str
    name: str
    draft: FormDraft


def of(request: HttpRequest, form: str, about: str) -> Kept | None:
    key = request.POST.get(KEY, "")
    draft = drafts.find(key) if key and DROP not in request.POST else None
    if draft is None or draft.led_to or (draft.form, draft.about) != (f"{form}.file", about):
        return None
    return Kept(key, drafts.answers_of(draft).get(NAME, [""])[0], draft)


def files(request: HttpRequest, field: str, kept: Kept | None) -> "MultiValueDict[str, UploadedFile]":
    """What was chosen now; else what was chosen before."""
    chosen: MultiValueDict[str, UploadedFile] = request.FILES.copy()
    content = drafts.photo_of(kept.draft) if kept else None
    if not chosen.get(field) and kept and content:
        chosen[field] = SimpleUploadedFile(kept.name, content)
    return chosen


def keep(request: HttpRequest, form: str, about: str, upload: UploadedFile) -> tuple[Kept | None, str]:
    """Or why not: what nobody has sent yet must not fill the disk."""
    name = f"{form}.file"
    if message := floods.refusal(request, name, LIMITS):
        return None, message
    floods.mark(request, name)
    upload.seek(0)
    key, draft = drafts.begin(name, about, {NAME: [str(upload.name)]})
    drafts.keep_photo(draft, upload.read())
    return Kept(key, str(upload.name), draft), ""


def forget(kept: Kept | None) -> None:
    if kept:
        kept.draft.delete()
