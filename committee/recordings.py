"""회의 녹음: kept with its digest, encrypted under a key of its own, and erased when its days are over.

The voices in it are personal data, and the minutes are what lasts. So the file lies encrypted in chunks (AES-256-GCM; the
number of a chunk is its nonce, file and number of chunks are bound to each) under a key that stands sealed in its row; to
erase is to forget the key and to unlink the file. What stays is the name, the digest and when it went. The digest is in the
ledger from the day it was kept, so that a recording can be held against the minutes as long as it exists.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import encryption
from casework import acts, attachments
from casework.refusals import Refusal
from committee.models import Minutes, Recording
from ledger.files import replacing
from ordinance import parameters

if TYPE_CHECKING:
    from accounts.models import Officer

KEPT, TAKEN, ERASED = "committee.audio_kept", "committee.audio_taken", "committee.audio_erased"
LEDGER_KINDS = {KEPT: "회의 녹음 보관", TAKEN: "회의 녹음 내려받음", ERASED: "회의 녹음 파기"}
DAYS = "minutes_audio_days"
ARTICLE = "조례 제29조, 개인정보 보호법 제21조"
PURPOSE = "committee_recording"
CHUNK = 1 << 20
# What fits through the portal's door (deploy/nginx.conf).
MAX_BYTES = 60 * 1024 * 1024
ENDINGS = ("mp3", "m4a", "wav", "ogg", "flac")


class Damaged(Exception):
    """What is kept is not what was kept."""


def keep(minutes: Minutes, upload: UploadedFile, *, by: "Officer") -> Recording:
    """The file of a meeting, once; another one only after the first was erased."""
    with acts.begin(KEPT, minutes, by=by) as act:
        refused = _refuse(upload)
        if act.row.recordings.filter(erased_at=None).exists():
            refused.append(Refusal("kept", "이미 보관한 녹음이 있습니다.", ARTICLE, field="audio"))
        act.refuse(refused)
        code, key = secrets.token_hex(16), secrets.token_bytes(32)
        digest = _write(_path(code), upload, code, key)
        row = act.add(
            Recording(
                minutes=act.row,
                code=code,
                name=attachments.safe_name(upload.name or ""),
                size=upload.size or 0,
                sha256=digest,
                sealed_key=encryption.seal(key.hex(), purpose=PURPOSE, place=code),
                erase_on=erase_on(act.row.meeting.on),
                kept_at=act.at,
                kept_by=by,
            )
        )
        act.payload |= {
            "meeting": act.row.meeting.number,
            "sha256": digest,
            "bytes": row.size,
            "erase_on": row.erase_on.isoformat(),
        }
    return row


def erase_on(meeting_on: dt.date) -> dt.date:
    return meeting_on + dt.timedelta(days=int(parameters.value(DAYS, meeting_on).value))


def take(recording: Recording, *, by: "Officer") -> Iterator[bytes]:
    """The content, looked through to its end before the first byte leaves; a line of the ledger says who took it."""
    key = _key(recording)
    digest = hashlib.sha256()
    for chunk in _read(recording, key):
        digest.update(chunk)
    if digest.hexdigest() != recording.sha256:
        raise Damaged
    with acts.begin(TAKEN, recording.minutes, by=by) as act:
        act.payload |= {"meeting": act.row.meeting.number, "sha256": recording.sha256}
    return _read(recording, key)


def erase_due(now: dt.datetime | None = None) -> int:
    """Those whose last day is over: first the key, then the file; a file without its row's key is noise."""
    due = Recording.objects.filter(erased_at=None, erase_on__lt=timezone.localdate(now))
    return sum(_erase(row) for row in due.select_related("minutes__meeting").order_by("pk"))


def _erase(row: Recording) -> bool:
    with transaction.atomic():
        if Recording.objects.select_for_update().get(pk=row.pk).erased_at is not None:
            return False
        with acts.begin(ERASED, row, actor="system:committee") as act:
            act.write(sealed_key="", erased_at=act.at)
            act.payload |= {"meeting": act.row.minutes.meeting.number, "sha256": act.row.sha256}
    _path(row.code).unlink(missing_ok=True)
    return True


def _refuse(upload: UploadedFile) -> list[Refusal]:
    """By what it begins with, not by its name."""
    name, size = upload.name or "", upload.size or 0
    head = upload.read(12)
    upload.seek(0)
    is_sound = (
        head[:3] == b"ID3"
        or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
        or head[4:8] == b"ftyp"
        or (head[:4], head[8:12]) == (b"RIFF", b"WAVE")
        or head[:4] in (b"OggS", b"fLaC")
    )
    if not is_sound or name.rpartition(".")[2].lower() not in ENDINGS:
        return [
            Refusal("audio", f"녹음 파일({', '.join(ENDINGS).upper()})이 아닙니다.", ARTICLE, field="audio")
        ]
    if size > MAX_BYTES:
        most = MAX_BYTES // 1024 // 1024
        remedy = "말소리는 64kbps 단일 채널이면 두 시간에 60MB가 되지 않습니다."
        return [Refusal("size", f"녹음 파일은 {most}MB까지 보관합니다.", ARTICLE, remedy, field="audio")]
    return []


def _path(code: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "recordings" / f"{code}.sealed"


def _write(path: Path, upload: UploadedFile, code: str, key: bytes) -> str:
    cipher, digest, size = AESGCM(key), hashlib.sha256(), upload.size or 0
    path.parent.mkdir(parents=True, exist_ok=True)
    upload.seek(0)
    with replacing(path, mode=0o600) as target:
        # Not `chunks`: an upload that stands in memory comes as one.
        for number, chunk in enumerate(iter(lambda: upload.read(CHUNK), b"")):
            digest.update(chunk)
            target.write(cipher.encrypt(_nonce(number), chunk, _bound(code, size)))
    return digest.hexdigest()


def _read(recording: Recording, key: bytes) -> Iterator[bytes]:
    cipher, bound, left = AESGCM(key), _bound(recording.code, recording.size), recording.size
    try:
        with _path(recording.code).open("rb") as source:
            for number in range(-(-recording.size // CHUNK)):
                chunk = cipher.decrypt(_nonce(number), source.read(min(CHUNK, left) + 16), bound)
                left -= len(chunk)
                yield chunk
    except (OSError, InvalidTag, ValueError) as error:
        raise Damaged from error


def _nonce(number: int) -> bytes:
    """The key is this file's alone, so that the number of a chunk is used once."""
    return number.to_bytes(12, "big")


def _bound(code: str, size: int) -> bytes:
    return f"{code}/{size}".encode()


def _key(recording: Recording) -> bytes:
    try:
        return bytes.fromhex(encryption.unseal(recording.sealed_key, purpose=PURPOSE, place=recording.code))
    except (encryption.Undecryptable, ValueError) as error:
        raise Damaged from error
