"""Packing a copy: its files, the sheet, the list of them, the signature over the list, the checker; all under one password.

AES-256 (WinZip AE-2), which 7-Zip, Bandizip and others open. Nothing lies in the clear anywhere on the way.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from django.utils import timezone

from ledger import keys
from ledger.canonical import instant_text
from records.copies import reading
from records.copies.sealing import Packed, Progress
from records.copy_enums import CopySource
from records.models import CaseCopy, CopyPart
from reports import sealing
from reports.copies import verify_copy
from reports.documents import copy_sheet

SHEET = "copy_sheet.pdf"
# ZIP knows two seconds at the least and no zone; when it was made stands in the signed list.
MADE_AT = (1980, 1, 1, 0, 0, 0)


def pack(
    copy: CaseCopy,
    parts: list[CopyPart],
    password: str,
    target: BinaryIO,
    told: Progress = lambda more: None,
) -> Packed:
    """Write the package into an open file."""
    import pyzipper

    key, at = keys.signing_key(), timezone.now()
    with pyzipper.AESZipFile(
        target, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES, allowZip64=True
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        files = [_add(archive, part.name, reading.content(part), told) | _said(part) for part in parts]
        sheet = copy_sheet.render(copy, parts, key_id=key.id, at=at)
        for name, made in (
            (SHEET, sheet),
            (sealing.COPY_CHECKER_NAME, sealing.program(sealing.COPY_CHECKER_NAME)),
        ):
            files.append(_add(archive, name, [made]))
        listing = _listing(copy, files, at=instant_text(at))
        signature = {
            "public_key": key.public.hex(),
            "signature": key.private.sign(verify_copy.signed_text(listing)).hex(),
        }
        _add(archive, verify_copy.LIST, [listing])
        _add(archive, verify_copy.SIGNATURE, [(json.dumps(signature, indent=1) + "\n").encode()])
    return Packed(hashlib.sha256(listing).hexdigest(), hashlib.sha256(sheet).hexdigest(), key.id)


def _listing(copy: CaseCopy, files: list[dict[str, Any]], *, at: str) -> bytes:
    said = {
        "format": verify_copy.FORMAT,
        "copy": copy.number,
        "case": copy.case_number,
        "recipient": copy_sheet.recipient_of(copy),
        "made_at": at,
        "mark": copy.mark,
        "source": copy.source,
        "ground": copy.ground if copy.source == CopySource.ORIGINAL else "",
        "restrictions": copy_sheet.promises(copy),
        "files": files,
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _said(part: CopyPart) -> dict[str, Any]:
    return {
        "camera": part.camera.number,
        "from": instant_text(part.from_at),
        "until": instant_text(part.until_at),
        "source_sha256": part.source_sha256,
        "recipe_sha256": copy_sheet.recipe_digest(part),
        "problem": part.problem,
    }


def _add(
    archive: Any, name: str, blocks: Iterable[bytes], told: Progress = lambda more: None
) -> dict[str, Any]:
    """A member, and what the list says of it."""
    import pyzipper

    digest, size = hashlib.sha256(), 0
    info = pyzipper.zipfile_aes.AESZipInfo(name, MADE_AT)
    with archive.open(info, "w", force_zip64=True) as member:
        for block in blocks:
            digest.update(block)
            size += len(block)
            member.write(block)
            told(len(block))
    return {"name": name, "bytes": size, "sha256": digest.hexdigest()}
