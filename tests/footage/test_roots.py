"""What must not happen: a storage where none may be, and anything but recordings unlinked."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from footage import destruction, policy, storages
from footage.errors import UnusableInput
from footage.layouts import NAMED, Layout, LayoutError
from footage.models import Storage
from footage.path_templates import is_media
from ledger.models import Entry
from tests.footage.factories import CameraFactory, Recorder

pytestmark = pytest.mark.django_db


def sweep():
    return destruction.sweep(actor="system:test")


@pytest.mark.parametrize(
    "root",
    [
        "/",
        "/etc",
        "/etc/ssl",
        "/root",
        "/proc",
        "/sys",
        "/usr/share",
        "/var",
        "/var/log",
        "/dev",
        "/run",
        "/lib",
    ],
)
def test_the_systems_folders_are_never_storages(root):
    with pytest.raises(UnusableInput, match="등록할 수 없"):
        storages.add("s", root, "frigate")


def test_nothing_in_the_systems_own_data_but_the_samples_recorder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    for name in ("keys", "media", "sample", "sample/recorder", "sample/recorder2"):
        (settings.DATA_DIR / name).mkdir(parents=True, exist_ok=True)
    for root in (
        tmp_path,
        settings.DATA_DIR,
        *(settings.DATA_DIR / name for name in ("keys", "media", "sample")),
    ):
        with pytest.raises(UnusableInput, match="자료"):
            storages.add("s", str(root), "frigate")
    with pytest.raises(UnusableInput, match="자료"):
        storages.add("s", str(settings.DATA_DIR / "sample" / "recorder2"), "frigate")
    assert storages.add("s", str(settings.DATA_DIR / "sample" / "recorder"), "frigate").pk


def test_links_do_not_lead_out_of_what_is_allowed(settings, tmp_path):
    allowed, outside = tmp_path / "recorders", tmp_path / "backups"
    for folder in (allowed, outside):
        folder.mkdir()
    settings.STORAGE_ROOTS = [str(allowed)]
    (allowed / "link").symlink_to(outside)
    (allowed / "nvr").mkdir()
    for root in (outside, allowed / "link", tmp_path, tmp_path / "recorders2"):
        root.mkdir(exist_ok=True)
        with pytest.raises(UnusableInput, match="STORAGE_ROOTS"):
            storages.add("s", str(root), "frigate")
    assert storages.add("s", str(allowed / "nvr"), "frigate").root == str(allowed / "nvr")


def test_an_empty_list_allows_nothing(settings, tmp_path):
    settings.STORAGE_ROOTS = []
    with pytest.raises(UnusableInput, match="STORAGE_ROOTS"):
        storages.add("s", str(tmp_path), "frigate")


def test_what_exists_elsewhere_is_not_told(settings, tmp_path):
    settings.STORAGE_ROOTS = [str(tmp_path / "recorders")]
    reasons = set()
    for root in (tmp_path, tmp_path / "no-such-folder"):
        with pytest.raises(UnusableInput) as refused:
            storages.check_root(str(root))
        reasons.add(str(refused.value).replace(str(root), "…"))
    assert len(reasons) == 1


def test_a_storage_that_is_not_allowed_any_more_is_an_error_and_is_not_swept(settings, tmp_path):
    recorder = Recorder(tmp_path / "nvr")
    kept = recorder.write(CameraFactory().recording_key, timezone.now() - timedelta(days=40))
    settings.STORAGE_ROOTS = [str(tmp_path / "elsewhere")]
    result = sweep()
    assert (result.destroyed, result.is_ok, kept.exists()) == (0, False, True)
    assert "root" in result.report["reasons"]["errors"]
    settings.STORAGE_ROOTS = [str(tmp_path)]
    assert sweep().destroyed == 1


@pytest.mark.parametrize(
    "template",
    [
        "{camera}-%Y-%m-%d.sql",
        "{camera}/%Y-%m-%d.log",
        "{camera}/%Y-%m-%d.sql.gz",
        "{camera}/%Y-%m-%d_%H",
        "%Y-%m-%d/{camera}",
        "{camera}/%Y-%m-%d.%H",
        "{camera}/%Y-%m-%d.mp4.bak",
        "%Y-%m-%d.mp4/{camera}",
    ],
)
def test_no_template_names_anything_but_recordings(tmp_path, template):
    """The review's attack: dated database dumps, logs, backups."""
    with pytest.raises(LayoutError):
        Layout(template)
    with pytest.raises(UnusableInput):
        storages.add("s", str(tmp_path), template)


@pytest.mark.parametrize("ending", ["mp4", "MP4", "mkv", "ts", "dav", "h264", "jpg"])
def test_recordings_of_any_usual_kind_may_be_named(ending):
    assert Layout(f"{{camera}}/%Y-%m-%d_%H-%M-%S.{ending}").variants


def test_all_named_layouts_end_like_recordings():
    assert all(is_media(template) for templates, _ in NAMED.values() for template in templates)


def test_a_stored_layout_that_is_not_allowed_any_more_destroys_nothing(tmp_path):
    """Registered by an earlier version."""
    dump = tmp_path / "dumps" / "gate-2026-01-01.sql"
    dump.parent.mkdir()
    dump.write_text("x")
    Storage.objects.create(
        name="옛 저장소",
        root=str(dump.parent),
        layout="{camera}-%Y-%m-%d.sql",
        confirmed_at=timezone.now(),
    )
    recorder = Recorder(tmp_path / "nvr")
    camera = CameraFactory(recording_key="gate")
    recorder.write(camera.recording_key, timezone.now() - timedelta(days=40))
    result = sweep()
    assert (result.destroyed, result.is_ok, dump.exists()) == (1, False, True), "the other storage goes on"
    assert "layout" in result.report["reasons"]["errors"]


def test_by_command_a_storage_needs_nobody_else_and_names_the_operator(tmp_path, monkeypatch):
    monkeypatch.setenv("SUDO_USER", "cctv-ops")
    storage = storages.add("s", str(tmp_path), "frigate", actor="command:add_storage")
    assert storage.confirmed_at is not None
    entry = Entry.objects.get(kind="footage.storage_added")
    assert (entry.actor, entry.content["operator"]) == ("command:add_storage", "cctv-ops")


def test_an_unconfirmed_folder_is_no_claim(tmp_path):
    recorder = Recorder(tmp_path / "nvr")
    recorder.storage.unclaimed.create(
        key="gate", decision="destroy", first_seen_at=timezone.now(), last_seen_at=timezone.now()
    )
    assert policy.claims_in(recorder.storage, 10**15) == {}


def test_the_list_of_endings_is_documented():
    from footage.path_templates import MEDIA_ENDINGS

    text = Path("docs/footage.md").read_text()
    assert {ending for ending in MEDIA_ENDINGS if f"`{ending}`" not in text} == set()
