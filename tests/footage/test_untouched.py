"""Never touched, always reported: strange names, links, other people's folders, keys that nobody or two claim."""

import os
import socket
import unicodedata

import pytest

from footage import (
    destruction,
    manifests,
    policy,
    scan,
    unlinker,
)
from footage.models import CameraClaim
from tests.footage.factories import NOW, CameraFactory, Recorder, days_ago

pytestmark = pytest.mark.django_db


def sweep(at=NOW, **kwargs):
    return destruction.sweep(at, actor="system:test", **kwargs)


def test_strange_things_are_reported_and_left_alone(recorder):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    folder = path.parent
    recorder.put(folder / "04.05.mp4.part")
    recorder.put(recorder.root / "README")
    recorder.put(recorder.root / "clips" / "a" / "1.mp4")
    (folder / "11.11.mp4").mkdir()
    os.mkfifo(folder / "12.12.mp4")
    with socket.socket(socket.AF_UNIX) as door:
        here = os.open(folder, os.O_RDONLY)
        door.bind(f"/proc/self/fd/{here}/13.13.mp4")
        os.close(here)
    os.symlink(path, folder / "14.14.mp4")
    before = recorder.files()
    result = sweep()
    assert recorder.files() == before - {str(path.relative_to(recorder.root))}
    assert result.destroyed == 1
    assert result.is_ok
    assert result.report["reasons"]["unrecognised"] == {"name": 2, "folder": 1, "special": 2, "symlink": 1}
    assert result.unrecognised == 6


def test_a_year_at_the_end_of_the_calendar_stops_neither_sweep_nor_scan(recorder):
    """Neither the day after 9999-12-31 nor the one before 0001-01-01 can be said: names as any other strange one."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    strange = [
        recorder.put(recorder.root / "recordings" / day / hour / camera.recording_key / "59.59.mp4")
        for day, hour in (("9999-12-31", "23"), ("9999-01-01", "00"), ("0001-01-01", "00"))
    ]
    result = sweep()
    assert (result.destroyed, result.unrecognised, result.is_ok) == (1, 3, True)
    assert (path.exists(), [each.exists() for each in strange]) == (False, [True] * 3)
    found = scan.scan()
    assert (found.segments, found.unrecognised, found.is_ok) == (0, 3, True)


def test_symbolic_links_never_lead_outside(recorder, tmp_path):
    camera = CameraFactory()
    outside = tmp_path / "outside"
    victim = recorder.put(outside / "00.00.mp4", mtime=days_ago(40))
    day = recorder.root / "recordings" / f"{days_ago(40):%Y-%m-%d}"
    hour = day / f"{days_ago(40):%H}"
    hour.mkdir(parents=True)
    os.symlink(outside, hour / camera.recording_key)
    os.symlink(victim, hour / "loop")
    result = sweep()
    assert victim.exists()
    assert (result.destroyed, result.unrecognised) == (0, 2)


def test_a_link_put_in_the_way_between_listing_and_opening(recorder, tmp_path):
    """The folder is opened relative to its parent with O_NOFOLLOW: a swapped link makes that fail."""
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    outside = tmp_path / "outside"
    os.rename(path.parent, outside)
    original = unlinker.Sweeper.visit

    def visit(self, folder):
        children = original(self, folder)
        if any(child.path.endswith(camera.recording_key) for child in children) or not folder.path:
            return children
        return children

    path.parent.mkdir()
    swapped = []

    def swapping(self, folder):
        if folder.path.endswith(camera.recording_key) and not swapped:
            os.rmdir(path.parent)
            os.symlink(outside, path.parent)
            swapped.append(folder.path)
        return visit(self, folder)

    unlinker.Sweeper.visit = swapping
    try:
        result = sweep()
    finally:
        unlinker.Sweeper.visit = original
    assert swapped
    assert result.destroyed == 0
    assert (outside / path.name).exists()
    assert result.report["reasons"]["unrecognised"]["symlink"] == 1


def test_a_root_that_became_a_link_is_absent(recorder, tmp_path):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    os.rename(recorder.root, tmp_path / "moved")
    os.symlink(tmp_path / "moved", recorder.root)
    result = sweep()
    assert (result.destroyed, result.errors) == (0, 1)
    assert path.exists()


def test_names_in_cp949_bytes_are_reported_and_the_rest_goes_on(recorder):
    camera = CameraFactory()
    path = recorder.write(camera.recording_key, days_ago(31))
    hour = os.fsencode(path.parent.parent)
    folder = os.path.join(hour, "정문".encode("cp949"))
    os.mkdir(folder)
    with open(os.path.join(folder, b"00.00.mp4"), "wb") as handle:
        handle.write(b"x")
    with open(os.path.join(os.fsencode(path.parent), "뷁".encode("cp949") + b".mp4"), "wb") as handle:
        handle.write(b"x")
    result = sweep()
    assert (result.destroyed, result.unrecognised, result.is_ok) == (1, 2, True)
    assert any("\\x" in text for text in result.report["examples"]["unrecognised:undecodable"])


def test_korean_keys_and_keys_with_slashes(tmp_path):
    recorder = Recorder(tmp_path / "nvr", "mediamtx")
    korean, nested = CameraFactory(recording_key="가양동 12-3"), CameraFactory(recording_key="gate/north/1")
    parent = CameraFactory(recording_key="gate", retention_days=5)
    recorder.write(korean.recording_key, days_ago(31))
    recorder.write(nested.recording_key, days_ago(31))
    stays = recorder.write(nested.recording_key, days_ago(6))
    recorder.write(parent.recording_key, days_ago(6))
    result = sweep()
    assert (result.destroyed, result.unclaimed) == (3, 0)
    assert stays.exists()
    assert {found.camera for found in manifests.destroyed()} == {korean.number, nested.number, parent.number}


def test_a_key_that_two_cameras_claim_is_a_conflict(recorder):
    for _ in range(2):
        CameraFactory(recording_key="twice")
    path = recorder.write("twice", days_ago(31))
    result = sweep()
    assert (result.destroyed, result.unclaimed) == (0, 1)
    assert result.report["reasons"]["unclaimed"] == {"conflict": 1}
    assert path.exists()


def test_a_narrower_claim_replaces_the_general_one(recorder, tmp_path):
    other = Recorder(tmp_path / "other")
    camera = CameraFactory(recording_key="k")
    CameraClaim.objects.create(
        camera=camera, storage=recorder.storage, key="k", from_at=days_ago(35), until_at=days_ago(32)
    )
    gone = recorder.write("k", days_ago(33))
    for stays in (
        recorder.write("k", days_ago(36)),
        recorder.write("k", days_ago(31)),
        other.write("k", days_ago(33)),
    ):
        assert stays.exists()
    result = sweep()
    assert (result.destroyed, result.unclaimed) == (1, 3)
    assert not gone.exists()


def test_hard_links_are_told(recorder, tmp_path):
    path = recorder.write(CameraFactory().recording_key, days_ago(31))
    os.link(path, tmp_path / "kept-elsewhere")
    result = sweep()
    assert (result.destroyed, result.report["reasons"]["notes"]["hard_link"]) == (1, 1)


@pytest.mark.parametrize("days", [0, -1, None])
def test_a_camera_without_a_usable_period_keeps_its_footage(recorder, monkeypatch, days):
    recorder.write(CameraFactory().recording_key, days_ago(400))
    real = policy.cutoff
    monkeypatch.setattr(policy, "cutoff", lambda at_us, period: real(at_us, days))
    result = sweep()
    assert (result.destroyed, result.kept) == (0, 1)


def test_over_the_maximum_without_exception_is_told_not_shortened(recorder):
    camera = CameraFactory()
    type(camera).objects.filter(pk=camera.pk).update(retention_days=45)
    recorder.write(camera.recording_key, days_ago(40))
    assert sweep().destroyed == 0
    assert policy.over_maximum() == 1


def test_folders_in_decomposed_hangul_belong_to_the_camera(recorder):
    """xpressengine#966: shown like the key, and yet unclaimed."""
    camera = CameraFactory(recording_key="가양동 정문")
    path = recorder.write(unicodedata.normalize("NFD", camera.recording_key), days_ago(31))
    result = sweep()
    assert (result.destroyed, result.unclaimed, path.exists()) == (1, 0, False)
    assert scan.scan().unclaimed == 0


def test_a_camera_below_anothers_folder_is_found_by_its_own_period(tmp_path):
    recorder = Recorder(tmp_path / "nvr", "%Y%m%d/{path}/%H%M%S.mp4")
    CameraFactory(recording_key="gate", retention_days=30)
    CameraFactory(recording_key="gate/north", retention_days=5)
    path = recorder.write("gate/north", days_ago(7))
    stays = recorder.write("gate", days_ago(7))
    assert sweep().destroyed == 1
    assert (path.exists(), stays.exists()) == (False, True)


@pytest.mark.parametrize(
    "layout", ["recordings/{path}/%Y-%m-%d/%H-%M-%S.mp4", "video/%Y%m%d/{path}_%Y%m%d_%H%M%S.mp4"]
)
def test_paths_above_a_date_or_within_the_file_name(tmp_path, layout):
    """mediamtx#4449, #3183."""
    recorder = Recorder(tmp_path / "nvr", layout)
    nested, plain = CameraFactory(recording_key="site/a"), CameraFactory(recording_key="b", retention_days=5)
    gone = [recorder.write(nested.recording_key, days_ago(31)), recorder.write("b", days_ago(6))]
    stays = [recorder.write(nested.recording_key, days_ago(6)), recorder.write("b", days_ago(4))]
    recorder.write("site/c", days_ago(31))
    result = sweep()
    assert (result.destroyed, result.unclaimed, result.unrecognised) == (2, 1, 0)
    assert [path.exists() for path in (*gone, *stays)] == [False, False, True, True]
    assert {found.camera for found in manifests.destroyed()} == {nested.number, plain.number}
