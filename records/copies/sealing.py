"""봉함: files, sheet, signature and checker in one package, under a password that the system makes and nobody writes down.

The package is made by `reports.copies` (the sheet is a document); here is who may seal, and what is on record of it. It can be
sealed anew, with another password, as long as it has not left.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal, Refused, refuse_if
from footage.copies import keeping
from footage.models import VaultFile
from records.copies import findings, standing
from records.copies.granting import RELEASING, told
from records.models import CaseCopy, CopyPart

# Without what is easily misread; 100 bits, in groups that can be read out.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPS, GROUP = 4, 5
# It is packed while somebody waits: some 30 MB a second.
MOST_BYTES = 1 << 30


@dataclass(frozen=True)
class Packed:
    """What stands in the package's signed list."""

    manifest_sha256: str
    key_id: str


# Writes the package of a copy into the file, under the password.
Packer = Callable[[CaseCopy, list[CopyPart], str, BinaryIO], Packed]


def new_secret() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def seal(copy: CaseCopy, pack: Packer, *, by: Officer) -> str:
    """The password: shown now, and never again. Packing holds no row and no lock of the database."""
    refuse_if(_check(copy))
    password, parts = new_secret(), made_parts(copy)
    package, packed = _packed(copy, parts, pack, password)
    try:
        with acts.begin("records.copy_sealed", copy, by=by) as act:
            act.refuse(_check(act.row))
            _replace(act, package, packed)
            act.payload |= told(act.row) | {
                "files": len(parts),
                "package_sha256": package.sha256,
                "manifest_sha256": packed.manifest_sha256,
                "key_id": packed.key_id,
            }
            findings.follow(act)
    except Refused:
        with transaction.atomic():
            keeping.remove([package])
        raise
    return password


def _replace(act: Act[CaseCopy], package: VaultFile, packed: Packed) -> None:
    earlier = act.row.package
    act.write(package=package, manifest_sha256=packed.manifest_sha256, sealed_at=act.at, sealed_by=act.by)
    if earlier is not None:
        keeping.remove([earlier])


def made_parts(copy: CaseCopy) -> list[CopyPart]:
    rows = copy.parts.filter(result__isnull=False)
    return list(rows.select_related("result__case", "camera__site", "source", "redaction", "hold"))


def _packed(copy: CaseCopy, parts: list[CopyPart], pack: Packer, password: str) -> tuple[VaultFile, Packed]:
    first = parts[0].result
    assert first is not None  # noqa: S101 - as the filter says
    span = min(part.from_at for part in parts), max(part.until_at for part in parts)
    with keeping.nameless(first.case, sum(part.result.bytes for part in parts if part.result)) as file:
        packed = pack(copy, parts, password, file)
        file.flush()
        made_as = VaultFile.MadeAs.COPY
        return keeping.keep(file, of=first, made_as=made_as, name=f"{copy.number}.zip", span=span), packed


def _check(copy: CaseCopy) -> Iterator[Refusal]:
    yield from standing.refuse(copy)
    if hasattr(copy, "leaving"):
        text = "이미 나간 사본은 다시 봉하지 않습니다."
        yield Refusal("left", text, RELEASING, "새 사본을 요청하십시오.")
    sizes = [part.result.bytes for part in made_parts(copy) if part.result]
    if sum(sizes) > MOST_BYTES:
        text = f"사본이 너무 큽니다. 꾸러미 하나에 {MOST_BYTES >> 30:,}GiB까지 넣습니다."
        yield Refusal("large", text, RELEASING, "구간을 나누어 사본을 따로 만드십시오.")
