"""봉함: files, sheet, signature and checker in one package, under a password that the system makes and nobody writes down.

Asked for on a page, which shows the password once; packed by a worker, with progress. Between the two the password is kept
nowhere: both make it of a seed in the row and a key outside the database, and the seed goes with the work. The package is
made by `reports.copies` (the sheet is a document); here is who may seal, and what is on record of it. It can be sealed
anew, with another password, as long as it has not left.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db import IntegrityError, transaction

from accounts.encryption import keyed_digest
from accounts.longrun import UNFINISHED
from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, Refused, refuse_if
from footage.copies import keeping
from footage.errors import VaultUnusable
from footage.models import VaultFile
from records.copies import findings, standing
from records.copies.granting import RELEASING, told
from records.models import CaseCopy, CopyPart, CopySealing

# Without what is easily misread; 100 bits, in groups that can be read out.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 4, 5
# A person takes it in one piece.
MOST_BYTES = 1 << 30


class CannotSeal(Exception):
    """Why nothing was packed, in words."""


@dataclass(frozen=True)
class Packed:
    """What stands in the package's signed list, and in the ledger of the sheet that is printed from it."""

    manifest_sha256: str
    sheet_sha256: str
    key_id: str


# Says how many more bytes are packed.
Progress = Callable[[int], None]
# Writes the package of a copy into the file, under the password.
Packer = Callable[[CaseCopy, list[CopyPart], str, BinaryIO, Progress], Packed]


def new_secret() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def password_of(sealing: CopySealing) -> str:
    """As long as the work lasts; the same each time."""
    number = int(keyed_digest("copy_password", f"{sealing.copy.number}\n{sealing.seed}"), 16)
    letters = []
    for _ in range(GROUPS * GROUP):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))


def ask(copy: CaseCopy, *, by: Officer) -> tuple[CopySealing, str]:
    """The work for a worker, and the password: shown now, and never again."""
    refuse_if([*_check(copy), *standing.refuse_holder(copy, by=by)])
    try:
        with transaction.atomic():
            asked = CopySealing.objects.create(copy=copy, seed=secrets.token_hex(32), requested_by=by)
    except IntegrityError as error:
        text = "이 사본을 봉하는 일이 아직 끝나지 않았습니다."
        raise Refused([Refusal("running", text, remedy="기다리거나 취소하십시오.")]) from error
    return asked, password_of(asked)


def seal(asked: CopySealing, pack: Packer) -> None:
    """The worker's part. Packing holds no row and no lock of the database; what it came to stands in the row."""
    try:
        with asked.running():
            _seal(asked, pack)
    finally:
        asked.forget()


def forget_ended() -> None:
    """Works that ended where nobody could wipe the seed."""
    for row in CopySealing.objects.exclude(seed="").exclude(state__in=UNFINISHED):
        row.forget()


def _seal(asked: CopySealing, pack: Packer) -> None:
    copy = asked.copy
    refuse_if(_check(copy))
    parts = made_parts(copy)
    try:
        package, packed = _packed(asked, parts, pack)
    except VaultUnusable as error:
        raise CannotSeal(f"보관함에 쓸 수 없습니다: {error}") from error
    except keeping.UNREADABLE as error:
        raise CannotSeal("사본의 파일이 증거 보관함에 없거나 온전하지 않습니다.") from error
    try:
        with acts.begin("records.copy_sealed", copy, by=asked.requested_by) as act:
            act.refuse(_check(act.row))
            _replace(act, package, packed)
            act.payload |= told(act.row) | {
                "files": len(parts),
                "package_sha256": package.sha256,
                "manifest_sha256": packed.manifest_sha256,
                "sheet_sha256": packed.sheet_sha256,
                "key_id": packed.key_id,
            }
            findings.follow(act)
    except Refused:
        with transaction.atomic():
            keeping.remove([package])
        raise


def _replace(act: Act[CaseCopy], package: VaultFile, packed: Packed) -> None:
    earlier = act.row.package
    act.write(package=package, manifest_sha256=packed.manifest_sha256, sealed_at=act.at, sealed_by=act.by)
    if earlier is not None:
        keeping.remove([earlier])


def made_parts(copy: CaseCopy) -> list[CopyPart]:
    rows = copy.parts.filter(result__isnull=False)
    return list(rows.select_related("result__case", "camera__site", "source", "redaction", "hold"))


def _packed(asked: CopySealing, parts: list[CopyPart], pack: Packer) -> tuple[VaultFile, Packed]:
    first = parts[0].result
    assert first is not None  # noqa: S101 - as the filter says
    span = min(part.from_at for part in parts), max(part.until_at for part in parts)
    total = sum(part.result.bytes for part in parts if part.result)
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done = min(done + more, total)
        asked.beat(done, total, "묶는 중")

    with keeping.nameless(first.case, total) as file:
        packed = pack(asked.copy, parts, password_of(asked), file, told)
        file.flush()
        kept = keeping.keep(
            file,
            of=first,
            made_as=VaultFile.MadeAs.COPY,
            name=f"{asked.copy.number}.zip",
            span=span,
            meanwhile=lambda: asked.beat(total, total, "보관함을 기다리는 중"),
        )
        return kept, packed


def _check(copy: CaseCopy) -> Iterator[Refusal]:
    yield from standing.refuse(copy)
    if hasattr(copy, "leaving"):
        text = "이미 나간 사본은 다시 봉하지 않습니다."
        yield Refusal("left", text, RELEASING, "새 사본을 요청하십시오.")
    sizes = [part.result.bytes for part in made_parts(copy) if part.result]
    if sum(sizes) > MOST_BYTES:
        text = f"사본이 너무 큽니다. 꾸러미 하나에 {MOST_BYTES >> 30:,}GiB까지 넣습니다."
        yield Refusal("large", text, RELEASING, "구간을 나누어 사본을 따로 만드십시오.")
