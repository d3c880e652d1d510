"""A citizen asks on day 29; two officials and one worker later a covered copy is in the citizen's hands, and nothing is left here.

Asked for on the website, copied to the vault before the recorder loses it, looked at, covered (everyone but the citizen), checked by
a second official, downloaded, verified without the office, and the case is closed: a stolen back-up of the vault opens nowhere.
"""

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pyzipper
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from config.keys import KeyStore
from footage.models import VaultFile
from footage.vault import check, ending, intake
from footage.vault.case_keys import CaseKeyUnavailable
from ledger.models import Entry
from records import tasks
from records.access import looks
from records.copies import reading
from records.models import CaseCopy, Redaction, ViewingRequest
from records.redaction import recipes
from records.redaction_enums import RedactionState
from reports import tasks as reports_tasks
from tests.accounts.factories import DepartmentFactory, InstitutionFactory, OfficerFactory
from tests.browser.test_copies import open_status, press, shown_once
from tests.browser.test_path import Office
from tests.browser.test_portal import log_in
from tests.browser.test_redaction import let_in
from tests.browser.test_requests import answer, file_on_the_website, sweep, typed
from tests.footage.factories import Recorder
from tests.footage.redaction import clips
from tests.records import redactions
from tests.records.people import competent
from tests.website.situations import make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
LONGEST_WAIT = 120_000
SEGMENT = dt.timedelta(seconds=5)
SITE = "P-29"
# Two walk past one after the other; in the result the citizen walks in the first file, somebody else in the second.
PICTURES = redactions.FRAMES


class Recorded:
    """Two files of a camera that end up on day 0, in each of which somebody walks through."""

    def __init__(self, settings: Any, folder: Path) -> None:
        settings.VAULT_DIR, settings.KEY_STORE = folder / "vault", KeyStore(folder / "keys")
        settings.DATA_DIR = folder / "data"
        settings.DATA_DIR.mkdir()
        self.vault = settings.VAULT_DIR
        self.camera = make_place(SITE, "서울특별시 강서구 화곡로 29").cameras.get()
        self.recorder = Recorder(folder / "nvr", segment_seconds=int(SEGMENT.total_seconds()))
        self.at = timezone.now().replace(minute=0, second=0, microsecond=0) - dt.timedelta(hours=3)
        walk = clips.walking(PICTURES)
        walk[PICTURES // 2 :] = [clips.picture(None)] * (PICTURES - PICTURES // 2)  # lost: a doubt
        clip = clips.write(folder / "walk.mp4", walk, rate=redactions.RATE).read_bytes()
        self.files = [self._write(self.at + SEGMENT * number, clip) for number in (0, 1)]

    def _write(self, at: dt.datetime, clip: bytes) -> Path:
        path = self.recorder.write(self.camera.recording_key, at)
        path.write_bytes(clip)
        os.utime(path, ((at + SEGMENT).timestamp(),) * 2)
        return path

    def day(self, days: int, hours: int = 0) -> Any:
        return time_machine.travel(self.at + dt.timedelta(days=days, hours=hours), tick=True)


@pytest.fixture
def recorded(settings, tmp_path):
    return Recorded(settings, tmp_path)


def filed(visitor: Any, recorded: Recorded) -> tuple[ViewingRequest, str]:
    """With the code that the citizen was shown."""
    file_on_the_website(visitor, SITE, recorded.at, recorded.at + dt.timedelta(minutes=1))
    request = ViewingRequest.objects.get()
    code = visitor.page.locator("div:has(> dt:text-is('확인번호')) .site-receipt").inner_text().strip()
    return request, code


def looked_at(visitor: Any, request: ViewingRequest) -> None:
    page = visitor.page
    visitor.open(reverse("viewing:request", args=[request.pk]))
    page.click("a:has-text('영상 보기')")
    page.fill("textarea[name=purpose]", "청구인이 나오는 시각을 확인합니다")
    page.click("button:has-text('허가받고 보기')")
    page.wait_for_selector(".pl-view:not(.is-empty)", timeout=LONGEST_WAIT)
    page.click("button:has-text('보기 마침')")
    page.wait_for_load_state("networkidle")


def covered(visitor: Any, request: ViewingRequest) -> tuple[Redaction, int]:
    """Everyone but the citizen; which track that is."""
    page = visitor.page
    visitor.open(reverse("viewing:request", args=[request.pk]))
    page.click("a:has-text('영상 가리기…')")
    page.click("button:has-text('찾기 시작')")
    page.wait_for_selector("[data-longrun]")
    row = redactions.worked(Redaction.objects.get())
    citizen = next(
        one["track"]
        for one in recipes.found(row)["tracks"]
        if any(first <= 15 < first + len(boxes) for first, boxes in one["series"])
    )
    page.wait_for_selector("button:has-text('작업 화면 열기')", timeout=LONGEST_WAIT)
    let_in(page, "작업 화면 열기")
    page.click(f"[data-track='{citizen}']")
    page.wait_for_selector(f"[data-track='{citizen}'][aria-pressed=true]")
    page.click("a:has-text('가린 사본 만들기…')")
    page.click("button:has-text('가린 사본 만들기')")
    page.wait_for_selector("[data-longrun]")
    return redactions.worked(row), citizen


def checked(visitor: Any, row: Redaction) -> None:
    page = visitor.page
    visitor.open(reverse("redaction:result", args=[row.pk]))
    let_in(page, "가린 사본 보기")
    for _ in range(row.doubts):
        page.keyboard.press("n")
        page.keyboard.press("v")
        page.wait_for_timeout(800)
    page.click("a:has-text('확인…')")
    page.click("button:has-text('확인함')")
    page.wait_for_load_state("networkidle")


def copied(visitor: Any, request: ViewingRequest, row: Redaction) -> tuple[CaseCopy, str, str]:
    """The checked result becomes a copy: made, sealed, opened to the citizen; with password and second number."""
    page = visitor.page
    visitor.open(reverse("viewing:request", args=[request.pk]))
    page.click("a:has-text('사본 만들기')")
    page.check("input[name=source][value=masked]")
    page.check(f"input[name=keys][value='masked:{row.pk}']")
    press(page, "사본 요청")
    copy = CaseCopy.objects.get()
    tasks.make_copy(copy.pk)
    visitor.open(reverse("copies:seal", args=[copy.pk]))
    press(page, "봉하고 비밀번호 보기")
    password = shown_once(page)
    reports_tasks.seal_copy(copy.sealings.get().pk)
    visitor.open(reverse("copies:open_download", args=[copy.pk]))
    press(page, "열고 두 번째 번호 보기")
    return copy, password, shown_once(page)


def downloaded(visitor: Any, request: ViewingRequest, code: str, second: str) -> bytes:
    page = open_status(visitor, request, code)
    page.fill("form[action$='/copy/'] [name=secret]", second)
    with page.expect_download() as download:
        page.click("form[action$='/copy/'] button")
    return bytes(download.value.path().read_bytes())


def verified(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_copy.py"), "--json"],
        capture_output=True, text=True, check=False, cwd=folder, env={},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def pictures(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as clip:
        assert [stream.type for stream in clip.streams] == ["video"]
        return [frame.to_ndarray(format="gray") for frame in clip.decode(video=0)]


def closed(visitor: Any, office: Office, request: ViewingRequest, other: Any) -> None:
    """The citizen came as well, and somebody else lets the footage go."""
    now = timezone.now()
    office.open("viewing:shown", request.appointments.get().pk)
    office.fill(at=typed(now - dt.timedelta(minutes=40)), until=typed(now - dt.timedelta(minutes=10)))
    office.fill(note="가린 사본을 함께 봄")
    for label in ("청구인", "종이에 서명", "열람·시청"):
        office.pick(label)
    office.press("열람함")
    log_in(visitor, other)
    office.open("viewing:release", request.pk)
    office.fill(reason="열람을 마침")
    office.press("유예 해제")


def test_from_day_29_to_a_download_and_nothing_left(strict_visitor, recorded, tmp_path):
    visitor, page = strict_visitor, strict_visitor.page
    page.set_default_timeout(LONGEST_WAIT)
    department = DepartmentFactory(
        institution=InstitutionFactory(name="서울특별시 강서구청", phone="02-2600-6114"), phone="02-2600-1234"
    )
    manager = competent(OfficerFactory(role=Role.CCTV_MANAGER, department=department))
    maker, checker = (competent(OfficerFactory(role=Role.OFFICIAL)) for _ in range(2))
    office = Office(visitor)
    sweep()

    with recorded.day(29):
        request, code = filed(visitor, recorded)
        assert intake.take_in(recorded.recorder.storage).files == 2
    with recorded.day(33):
        sweep()
        assert all(file.exists() for file in recorded.files), "its thirty days are over, and it is held"
        for file in recorded.files:
            file.unlink()  # the recorder writes over its own disk, whatever is held
        log_in(visitor, manager)
        answer(office, request, timezone.now() + dt.timedelta(minutes=30))

        log_in(visitor, maker)
        looked_at(visitor, request)
        row, citizen = covered(visitor, request)
        log_in(visitor, checker)
        checked(visitor, row)
        row.refresh_from_db()
        assert (row.state, row.maker, row.checker) == (RedactionState.CHECKED, maker, checker)

        log_in(visitor, maker)
        copy, password, second = copied(visitor, request, row)
        page.context.clear_cookies()
        content = downloaded(visitor, request, code, second)

    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path / "unpacked", pwd=password.encode())
    assert verified(tmp_path / "unpacked")["copy"] == copy.number
    (clip,) = (tmp_path / "unpacked").glob("*.mp4")
    shown = pictures(clip)
    walker = 15, PICTURES + 15
    left = 4 * 15 - clips.SIDE
    squares = [shown[number][44:56, left + 4 : left + 16] for number in walker]
    assert squares[0].max() > 150, f"track {citizen} is the citizen, who stays visible"
    assert squares[1].max() < 150, "everybody else is covered"

    with recorded.day(33, hours=2):
        log_in(visitor, maker)
        closed(visitor, office, request, manager)
        stolen = shutil.copytree(recorded.vault, tmp_path / "stolen")
        ending.end()
        open_status(visitor, request, code)
        assert page.locator("form[action$='/copy/']").count() == 0
    assert not any(recorded.vault.rglob("*.vault"))
    # Put back, it opens nowhere; and whoever has it reads nothing of it.
    shutil.copytree(stolen, recorded.vault, dirs_exist_ok=True)
    assert any(recorded.vault.rglob("*.vault"))
    assert not any(b"ftyp" in file.read_bytes() for file in stolen.rglob("*.vault"))
    with pytest.raises(CaseKeyUnavailable):
        list(reading.content(copy.parts.select_related("result__case").get()))
    for kind, times in (
        (looks.OPENED, 3),
        ("records.copy_downloaded", 1),
        ("footage.vault_case_destroyed", 1),
    ):
        assert Entry.objects.of_kind(kind).count() == times, kind
    assert not any(check.check_rows())
    assert not VaultFile.objects.filter(removed_at=None).exists()
    # Parts that were asked for when a look had just been ended.
    assert [error for error in visitor.errors if "410" not in error] == []
    assert visitor.strays == []
