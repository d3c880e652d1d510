"""An official looks at what a citizen asked for, in a real browser: pictures, steps, the end of the grant, and the lines."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from config.keys import KeyStore
from footage.vault import intake
from ledger.models import Entry
from records.access import looks
from records.models import FootageLook
from tests.accounts.factories import OfficerFactory
from tests.browser.test_portal import log_in
from tests.footage.factories import CameraFactory, Recorder
from tests.footage.playback.clips import write_clip
from tests.records.looks import official
from tests.records.situations import confirmed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
TIME = "document.querySelector('video').currentTime"
LONGEST_WAIT = 60_000
FRAMES_A_SECOND = 10  # of the clip that is written


def time_when(page: Any, is_so: Callable[[float], bool]) -> float:
    """Of the first picture; asked from here, since the page's policy lets no text run as a script."""
    given_up = time.monotonic() + LONGEST_WAIT / 1000
    while not is_so(at := page.evaluate(TIME)):
        assert time.monotonic() < given_up, at
        page.wait_for_timeout(100)
    return float(at)


@pytest.fixture
def held(settings, tmp_path):
    """Two segments of a camera, one after the other, in an hour of which nothing else was recorded."""
    settings.VAULT_DIR = tmp_path / "vault"
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    clip = write_clip(tmp_path / "clip.mp4", seconds=10).read_bytes()
    recorder = Recorder(tmp_path / "nvr", segment_seconds=10)
    camera = CameraFactory()
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    for number in (0, 1):
        at = until - timedelta(minutes=30) + timedelta(seconds=10 * number)
        path = recorder.write(camera.recording_key, at)
        path.write_bytes(clip)
        os.utime(path, ((at + timedelta(seconds=10)).timestamp(),) * 2)
    manager = OfficerFactory(role=Role.CCTV_MANAGER)
    request = confirmed(camera, manager, from_at=until - timedelta(hours=1), until_at=until)
    intake.take_in(recorder.storage)
    return request


def test_an_official_looks_at_what_was_asked_for(strict_visitor, held):
    officer, page = official(), strict_visitor.page
    log_in(strict_visitor, officer)
    strict_visitor.open(reverse("viewing:request", args=[held.pk]))
    page.click("a:has-text('영상 보기')")
    page.fill("textarea[name=purpose]", "도난 시각을 찾습니다")
    page.click("button:has-text('허가받고 보기')")

    # It begins where there is something, and goes from one segment into the next.
    page.wait_for_selector(".pl-view:not(.is-empty)", timeout=LONGEST_WAIT)
    assert page.evaluate(TIME) == pytest.approx(1800, abs=0.1)
    begins = timezone.localtime(FootageLook.objects.get().from_at)
    assert page.get_attribute("[data-time]", "placeholder") == f"{begins:%H:%M:%S}"
    # What plays the picture is on the screen with it, also on a low one.
    page.set_viewport_size({"width": 1280, "height": 720})
    plays = page.locator("[data-do=play]").bounding_box()
    assert plays["y"] + plays["height"] < 720
    assert strict_visitor.axe() == []
    assert strict_visitor.overflow() <= 0
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.keyboard.press("k")
    time_when(page, lambda at: at > 1812)
    page.keyboard.press("k")

    # Frame by frame.
    page.wait_for_timeout(500)
    before = page.evaluate(TIME)
    page.keyboard.press(",")
    after = time_when(page, lambda at: abs(at - before) > 0.01)
    assert int(before * FRAMES_A_SECOND) - int(after * FRAMES_A_SECOND) == 1
    first_line = Entry.objects.of_kind(looks.OPENED).get()

    # When the grant is over nothing comes, and nothing stays on the page.
    look = FootageLook.objects.get()
    FootageLook.objects.update(expires_at=timezone.now())
    answer = page.evaluate(
        "url => fetch(url).then(async one => [one.status, one.headers.get('content-type')])",
        reverse("looks:part", args=[look.pk]) + f"?file={look.camera.vault_files.first().pk}&from=0",
    )
    assert answer == [410, "application/json"]
    page.reload()
    assert "재생 허가가 끝났습니다" in page.inner_text("main")
    assert page.locator("video").count() == 0

    looks.close_left()
    line = Entry.objects.of_kind(looks.CLOSED).get()
    assert first_line.sequence < line.sequence
    assert (line.content["look_end"], line.content["seconds_read"]) == ("expired", 20.0)
    assert line.content["frames_stepped"] == 1
    assert [error for error in strict_visitor.errors if "410" not in error] == []
    assert strict_visitor.strays == []
