"""첨부 파일: what may be attached, and keeping it unchanged and sealed (`accounts.encryption`).

What a file is, its content says, not its name: a program called plan.pdf is refused. Documents are looked into by
`casework.judging`'s process (macros, archives within, a few bytes that unpack to gigabytes); nothing is opened or
unpacked here, and a kept file is only ever handed out as a download. The name on disk is ours; the person's own name,
cleaned, is kept beside it.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import encryption
from accounts.models import Officer
from accounts.resealing import Resealed
from casework import judging
from casework.models import Attachment
from ledger.files import replacing

PURPOSE = "casework_attachment"
MAX_BYTES = 20 * 1024 * 1024
MOST_FILES = 10
MAX_NAME = 200

PDF, PNG, JPEG = b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Ending of the name -> how such a file begins. Text files (empty tuple) must be text.
BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (PDF,),
    "png": (PNG,),
    "jpg": (JPEG,),
    "jpeg": (JPEG,),
    "hwp": (OLE, b"HWP Document File"),
    "hwpx": (ZIP,),
    "docx": (ZIP,),
    "xlsx": (ZIP,),
    "pptx": (ZIP,),
    "doc": (OLE,),
    "xls": (OLE,),
    "ppt": (OLE,),
    "txt": (),
    "csv": (),
}
# Marks of an upload: what it was judged to be, and which kept file it is.
_JUDGED_AS, _KEPT_AS = "judged_as", "kept_as"
# Looked into by a process of its own; the others are what they begin with.
DOCUMENTS = frozenset({"pdf", "hwp", "hwpx", "docx", "xlsx", "pptx", "doc", "xls", "ppt"})
PROGRAM = Path(__file__).with_name("document_judging.py")
ACCEPT = ",".join(f".{ending}" for ending in BEGINNINGS)
MEGABYTES = MAX_BYTES // 1024 // 1024
HELP = format_lazy(
    _("PDF, 한글(HWP·HWPX), 오피스 문서, 그림(PNG·JPG), TXT·CSV. 파일마다 {megabytes}MB까지."),
    megabytes=MEGABYTES,
)

# Control characters, separators of paths, what some systems refuse in names, and marks that turn the reading order
# of text around (which makes "gpj.exe" look like "exe.jpg").
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')


def keep(upload: UploadedFile, *, by: Officer | None) -> Attachment:
    """Keep an uploaded file; `by` is None for a citizen's. ValidationError for what may not be attached."""
    kept: Attachment | None = getattr(upload, _KEPT_AS, None)
    if kept is not None and by is not None and kept.added_by_id == by.pk:
        return kept
    name = safe_name(upload.name or "")
    content = _content(upload, name, judging.PUBLIC if by is None else judging.PAGES)
    stored_as = f"{uuid.uuid4().hex}.{_ending(name)}"
    attachment = Attachment(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    attachment.added_by = by
    with transaction.atomic():
        attachment.file.save(stored_as, ContentFile(_sealed(content, stored_as)), save=False)
        try:
            attachment.save()
        except Exception:
            attachment.file.delete(save=False)
            raise
    return attachment


def reopened(attachment: Attachment) -> UploadedFile:
    """A kept file as if it had just been sent; whoever kept it and attaches it takes that row, not a copy."""
    content = content_of(attachment)
    upload = SimpleUploadedFile(attachment.name, content)
    setattr(upload, _KEPT_AS, attachment)
    setattr(upload, _JUDGED_AS, (hashlib.sha256(content).digest(), _ending(attachment.name)))
    return upload


class Damaged(Exception):
    """The kept file is not there, does not open, or is not what was attached."""


def content_of(attachment: Attachment) -> bytes:
    """What was attached, byte for byte; Damaged when that cannot be said any more."""
    try:
        with attachment.file.storage.open(str(attachment.file.name), "rb") as file:
            stored = file.read()
        name = PurePosixPath(str(attachment.file.name)).name
        # Files from before they were sealed lie as they came until `reencrypt` has run.
        is_sealed = encryption.is_sealed(stored)
        content = encryption.unseal_bytes(stored, purpose=PURPOSE, place=name) if is_sealed else stored
    except (OSError, encryption.Undecryptable) as error:
        raise Damaged(str(error)) from error
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise Damaged("첨부할 때의 파일과 다릅니다.")
    return content


def reseal(*, is_dry_run: bool) -> Resealed:
    """Every kept file under the first key (`reencrypt`). A file is replaced whole, and only by what opens again."""
    done, current = Resealed(), encryption.current_key_mark()
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=100):
        done.cells += 1
        path = str(attachment.file.name)
        try:
            with attachment.file.storage.open(str(attachment.file.name), "rb") as file:
                if file.read(len(current)) == current:
                    continue
            content = content_of(attachment)
        except (OSError, Damaged):
            done.unreadable.append(f"attachment {attachment.pk}")
            continue
        done.rewritten += 1
        if not is_dry_run:
            with replacing(Path(attachment.file.storage.path(path)), mode=0o600) as target:
                target.write(_sealed(content, PurePosixPath(path).name))
    return done


def _sealed(content: bytes, stored_as: str) -> bytes:
    return encryption.seal_bytes(content, purpose=PURPOSE, place=stored_as)


def keep_all(uploads: Iterable[UploadedFile], *, by: Officer | None) -> list[Attachment]:
    """All of them or none; every refusal names its file."""
    chosen = list(uploads)
    check_all(chosen, is_public=by is None)
    return [keep(upload, by=by) for upload in chosen]


def check_all(uploads: Iterable[UploadedFile], *, is_public: bool = False) -> None:
    """Refuse what could not be kept, before anything is stored. `is_public`: strangers sent it."""
    chosen = list(uploads)
    if len(chosen) > MOST_FILES:
        raise ValidationError(
            gettext("파일은 한 번에 %(most)d개까지 첨부할 수 있습니다.") % {"most": MOST_FILES}
        )
    problems: list[Any] = []
    for upload in chosen:
        try:
            _content(upload, safe_name(upload.name or ""), judging.PUBLIC if is_public else judging.PAGES)
        except ValidationError as error:
            problems.extend(error.messages)
    if problems:
        raise ValidationError(problems)


def safe_name(name: str) -> str:
    """The file's own name without folders and without characters that deceive or that no disk takes."""
    # A phone may send the whole path, with either kind of slash.
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = _UNSAFE.sub("", unicodedata.normalize("NFC", last)).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or not stem:
        return cleaned[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _content(upload: UploadedFile, name: str, lane: judging.Lane) -> bytes:
    """All of the file, checked."""
    shown = name or gettext("이름 없는 파일")
    ending = _ending(name)
    if "." not in name or ending not in BEGINNINGS:
        raise ValidationError(
            gettext("첨부할 수 없는 종류의 파일입니다: ‘%(file)s’. 첨부할 수 있는 것: %(kinds)s")
            % {"file": shown, "kinds": HELP}
        )
    too_large = ValidationError(
        gettext("너무 큰 파일입니다: ‘%(file)s’. %(megabytes)dMB까지 첨부할 수 있습니다.")
        % {"file": shown, "megabytes": MEGABYTES}
    )
    if (upload.size or 0) > MAX_BYTES:
        raise too_large
    upload.seek(0)
    # One byte more than allowed, for a file that is longer than it says.
    content = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    if not content:
        raise ValidationError(gettext("빈 파일입니다: ‘%(file)s’") % {"file": shown})
    if len(content) > MAX_BYTES:
        raise too_large
    reason, inside = ("", "") if _is_what_it_says(content, ending) else ("other_kind", "")
    if not reason and ending in DOCUMENTS:
        reason, inside = _judged(upload, content, ending, lane)
    if reason:
        raise ValidationError(
            _SENTENCES.get(reason, _SENTENCES["damaged"])
            % {"file": shown, "kind": ending.upper(), "inside": inside}
        )
    return content


_SENTENCES = {
    "other_kind": _(
        "‘%(file)s’의 내용이 %(kind)s 파일이 아닙니다. 원래 프로그램에서 다시 저장하여 올려 주십시오."
    ),
    "macro": _(
        "‘%(file)s’에 매크로가 들어 있어 받지 않습니다. 매크로 없이 다시 저장하거나 PDF로 올려 주십시오."
    ),
    "inside": _(
        "‘%(file)s’ 안에 다른 파일(%(inside)s)이 들어 있어 받지 않습니다. 그 파일을 빼고 올려 주십시오."
    ),
    "active": _(
        "‘%(file)s’에 열 때 스스로 동작하는 것(%(inside)s)이 들어 있어 받지 않습니다. 인쇄용 PDF로 다시 저장하여 올려 주십시오."
    ),
    "remote": _(
        "열 때 밖에서 다른 파일을 가져오게 되어 있어 받지 않습니다: ‘%(file)s’. PDF로 저장하여 올려 주십시오."
    ),
    "nested": _("‘%(file)s’ 안에 문서가 여러 겹으로 들어 있어 받지 않습니다. PDF로 저장하여 올려 주십시오."),
    "encrypted": _("‘%(file)s’에 암호가 걸려 있어 확인할 수 없습니다. 암호를 풀고 다시 올려 주십시오."),
    "bomb": _("풀면 지나치게 커지는 파일이라 받지 않습니다: ‘%(file)s’. PDF로 저장하여 올려 주십시오."),
    "too_complex": _(
        "구조가 지나치게 복잡하여 받지 않습니다: ‘%(file)s’. 나누거나 다시 저장하여 올려 주십시오."
    ),
    "damaged": _("손상되었거나 확인할 수 없는 파일입니다: ‘%(file)s’. 다시 저장하여 올려 주십시오."),
    "busy": _("지금 확인하는 파일이 많습니다. 1분 뒤에 ‘%(file)s’ 파일을 다시 골라 보내 주십시오."),
}


def _judged(upload: UploadedFile, content: bytes, ending: str, lane: judging.Lane) -> tuple[str, str]:
    """Why a document is not taken, and which part of it is meant. Asked once for what a form checks and then keeps."""
    digest = hashlib.sha256(content).digest()
    if getattr(upload, _JUDGED_AS, None) == (digest, ending):
        return "", ""
    try:
        wanted = {"ending": ending, "unpacked_bytes": lane.unpacked_bytes}
        answer, _parts = judging.judge(PROGRAM, wanted, content, lane)
    except judging.Busy:
        return "busy", ""
    except judging.Broken:
        return "too_complex", ""
    if not answer["reason"]:
        setattr(upload, _JUDGED_AS, (digest, ending))
    return answer["reason"], _shown_part(answer.get("inside", ""))


def _shown_part(name: str) -> str:
    """A name that a stranger wrote, as one may print it."""
    return safe_name(name) or "?"


def _is_what_it_says(content: bytes, ending: str) -> bool:
    beginnings = BEGINNINGS[ending]
    if beginnings:
        return content.startswith(beginnings)
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return "\x00" not in content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return False
