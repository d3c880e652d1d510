"""A citizen's request whose footage is in the vault: somebody walks through, in two segments of one camera."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from config.keys import KeyStore
from footage.vault import intake
from records.access import cases, looks
from records.access.gates import Wish
from records.look_enums import LookCase, LookStep
from records.models import Redaction, ViewingRequest
from records.redaction import steps, working
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.footage.redaction import clips
from tests.records.looks import SESSION
from tests.records.situations import confirmed, notified

FRAMES, RATE = 50, 10


def kept(tmp_path: Path, settings: Any, *, is_lost: bool = False) -> ViewingRequest:
    """Granted and told, so that it is being prepared; the walk begins anew with each segment of five seconds.

    `is_lost`: in the middle of the picture it ends, which is a doubt.
    """
    settings.VAULT_DIR, settings.KEY_STORE = tmp_path / "vault", KeyStore(tmp_path / "keys")
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(exist_ok=True)
    walk = clips.walking(FRAMES)
    if is_lost:
        walk[FRAMES // 2 :] = [clips.picture(None)] * (FRAMES - FRAMES // 2)
    clip = clips.write(tmp_path / "walk.mp4", walk, rate=RATE).read_bytes()
    recorder = Recorder(tmp_path / "nvr", segment_seconds=5)
    camera = CameraFactory()
    start = timezone.now().replace(microsecond=0) - timedelta(days=1)
    for number in (0, 1):
        at = start + timedelta(seconds=5 * number)
        path = recorder.write(camera.recording_key, at)
        path.write_bytes(clip)
        os.utime(path, ((at + timedelta(seconds=5)).timestamp(),) * 2)
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    request = notified(
        confirmed(camera, manager, from_at=start, until_at=start + timedelta(minutes=1)), manager
    )
    intake.take_in(recorder.storage)
    return request


def proposed(request: ViewingRequest, by: Officer, *, seconds: float = 10, start: float = 0) -> Redaction:
    """… and found by a worker."""
    case = cases.find(LookCase.VIEWING, request.pk)
    assert case is not None
    (one,) = case.ranges()
    from_at = one.asked_from + timedelta(seconds=start)
    row = steps.propose(case, one, from_at=from_at, until_at=from_at + timedelta(seconds=seconds), by=by)
    return worked(row)


def worked(row: Redaction) -> Redaction:
    """What waits for a worker is done."""
    for run in row.runs.unfinished():
        working.work(run.pk)
    return Redaction.objects.select_related("tracks__case", "result__case", "camera", "hold").get(pk=row.pk)


def made(row: Redaction, by: Officer) -> Redaction:
    return worked(steps.make(row, turn=row.turn, by=by))


def looked(row: Redaction, by: Officer) -> None:
    """That officer saw all of it, through the door."""
    case = steps.case_of(row)
    ranges = tuple((one, row.from_at, row.until_at) for one in case.ranges())
    wish = Wish(by, case, LookStep.PREPARE, "가린 사본 확인", ranges)
    look = looks.open_looks(wish, session_key=SESSION)[0]
    looks.note_read(look, row.from_at, row.until_at)


def checked(row: Redaction, by: Officer) -> Redaction:
    looked(row, by)
    for number in range(row.doubts):
        steps.tick(row, number, by=by)
    return steps.check(row, by=by)
