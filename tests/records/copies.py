"""Copies that leave: kept clips of matters that were granted, and what officers do with them."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from config.keys import KeyStore
from footage.vault import ending, intake
from records.access import cases
from records.access.cases import Case
from records.copies import asking, granting, making, sealing
from records.copies.asking import Wish
from records.copies.sealing import Packed, Packer, Progress
from records.look_enums import LookCase
from records.models import CaseCopy, CopyPart, Provision, ViewingRequest
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.footage.playback.clips import write_clip
from tests.records import provisions
from tests.records.people import competent
from tests.records.situations import told_about

CLIP_SECONDS, RATE = 3, 10


class Office:
    """A recorder whose camera wrote a file of three seconds, half an hour into the hour that is asked for."""

    def __init__(self, settings: Any, folder: Path) -> None:
        settings.VAULT_DIR = folder / "vault"
        settings.KEY_STORE = KeyStore(folder / "keys")
        self.vault = settings.VAULT_DIR
        clip = write_clip(folder / "clip.mp4", seconds=CLIP_SECONDS, rate=RATE).read_bytes()
        self.recorder = Recorder(folder / "nvr", segment_seconds=CLIP_SECONDS)
        self.camera = CameraFactory()
        self.until = timezone.now().replace(microsecond=0) - timedelta(days=1)
        self.from_at = self.until - timedelta(hours=1)
        self.write(self.until - timedelta(minutes=30), clip)
        # Taught and sworn in: nobody else has a copy in hand.
        self.official = competent(OfficerFactory(role=Role.OFFICIAL))

    def write(self, at: Any, content: bytes) -> Path:
        path = self.recorder.write(self.camera.recording_key, at)
        path.write_bytes(content)
        os.utime(path, ((at + timedelta(seconds=CLIP_SECONDS)).timestamp(),) * 2)
        return path

    def request(self, manager: Officer) -> ViewingRequest:
        """Granted and told; its footage is in the vault."""
        found = told_about(self.camera, manager)
        intake.take_in(self.recorder.storage)
        found.refresh_from_db()
        return found

    def provision(self) -> Provision:
        """Approved, with the restrictions asked for; its footage is in the vault."""
        found = provisions.approved(self.camera, self.official)
        intake.take_in(self.recorder.storage)
        provisions.restricted(found, self.official)
        return found

    def end(self) -> None:
        """What the vault does within a minute."""
        ending.end()


def case_of(row: Any) -> Case:
    found = cases.find(LookCase.VIEWING if isinstance(row, ViewingRequest) else LookCase.PROVISION, row.pk)
    assert found is not None
    return found


def wish(case: Case, **changes: Any) -> Wish:
    """All of its originals."""
    keys = tuple(offer.key for offer in granting.offers(case) if offer.source == "original")
    given = {
        "source": "original",
        "keys": keys,
        "ground": "nobody_else",
        "why": "길에 아무도 없음",
        **changes,
    }
    return Wish(**given)


def asked(row: Any, by: Officer, **changes: Any) -> CaseCopy:
    case = case_of(row)
    return asking.ask(case, wish(case, **changes), by=by)


def allowed(row: Any, by: Officer, **changes: Any) -> CaseCopy:
    decider = OfficerFactory(role=Role.CCTV_MANAGER)
    return asking.decide(asked(row, by, **changes), is_allowed=True, note="확인함", by=decider)


def made(row: Any, by: Officer, **changes: Any) -> CaseCopy:
    copy = allowed(row, by, **changes)
    making.make(copy)
    return fresh(copy)


def light(
    copy: CaseCopy, parts: list[CopyPart], password: str, target: BinaryIO, told: Progress = lambda more: None
) -> Packed:
    """For tests that do not look into the package."""
    target.write(b"PK" + copy.number.encode())
    told(sum(part.result.bytes for part in parts if part.result))
    return Packed("ab" * 32, "ef" * 32, "cd" * 32)


def sealed(row: Any, by: Officer, pack: Packer = light, **changes: Any) -> tuple[CaseCopy, str]:
    """With its password."""
    copy = made(row, by, **changes)
    password = seal(copy, by, pack)
    return fresh(copy), password


def seal(copy: CaseCopy, by: Officer, pack: Packer = light) -> str:
    """Asked for and packed; its password."""
    work, password = sealing.ask(copy, by=by)
    sealing.seal(work, pack)
    return password


def fresh(copy: CaseCopy) -> CaseCopy:
    found: CaseCopy = CaseCopy.objects.get(pk=copy.pk)
    return found
