"""Random trees, periods, holds and instants against an oracle of ten lines."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage import destruction, manifests, storage_sweep
from footage.models import Hold, Sweep
from tests.footage.factories import CameraFactory, HoldFactory, Recorder

BASE = datetime.fromisoformat("2026-06-15T00:00:00+00:00")


def oracle(files, periods, holds, segment, at):
    """The due files: {path: (camera, start)} in, the set of paths that must be gone out."""
    due = set()
    for path, (camera, start) in files.items():
        end = start + segment
        if camera not in periods or end >= at - timedelta(days=periods[camera]):
            continue
        if not any(c == camera and start < until and since < end for c, since, until in holds):
            due.add(path)
    return due


hours = st.integers(0, 24 * 12)
trees = st.lists(st.tuples(st.sampled_from("ABCX"), hours, st.integers(0, 5)), max_size=30)
periods = st.fixed_dictionaries({camera: st.integers(1, 10) for camera in "ABC"})
spans = st.lists(st.tuples(st.sampled_from("ABC"), hours, st.integers(1, 40), st.booleans()), max_size=5)
layouts = st.sampled_from(
    ["frigate", "mediamtx", "shinobi", "kerberos", "{camera}/%Y%m%d/%H-%M-%S.mp4", "%Y/%m%d/%H%M_{camera}.ts"]
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tree=trees,
    days=periods,
    spans=spans,
    at_hour=st.integers(0, 24 * 14),
    layout=layouts,
    workers=st.sampled_from([0, 0, 2]),
)
def test_exactly_the_due_files_are_gone(
    tmp_path_factory, monkeypatch, tree, days, spans, at_hour, layout, workers
):
    if workers:
        monkeypatch.setattr(storage_sweep, "FOLDERS_FOR_WORKERS", 1)
    folder = Path(tmp_path_factory.mktemp("tree"))
    recorder = Recorder(folder / "nvr", layout)
    cameras = {key: CameraFactory(recording_key=key, retention_days=days[key]) for key in "ABC"}
    files = {}
    for key, hour, ten_minutes in tree:
        start = BASE + timedelta(hours=hour, minutes=10 * ten_minutes)
        path = recorder.write(key, start)
        files[str(path.relative_to(recorder.root))] = (key, start)
    holds = []
    for key, hour, length, is_released in spans:
        since = BASE + timedelta(hours=hour, minutes=5)
        until = since + timedelta(minutes=30 * length)
        HoldFactory(
            camera=cameras[key],
            from_at=since,
            until_at=until,
            released_at=timezone.now() if is_released else None,
        )
        if not is_released:
            holds.append((key, since, until))
    at = BASE + timedelta(hours=at_hour)
    due = oracle(files, days, holds, recorder.segment, at)
    try:
        rehearsed = destruction.sweep(at, dry_run=True, actor="system:test")
        assert recorder.files() == set(files)
        result = destruction.sweep(at, actor="system:test", workers=workers)
        assert recorder.files() == set(files) - due
        assert result.destroyed == rehearsed.destroyed == len(due)
        assert result.held == rehearsed.held
        assert sorted(found.path for found in manifests.destroyed()) == sorted(due)
        for found in manifests.destroyed():
            assert (found.start, found.bytes) == (files[found.path][1], 10)
        assert (result.ledger_entry is None) == (not due)
        # A second sweep as of the same instant has nothing left to do.
        assert destruction.sweep(at, actor="system:test").destroyed == 0
    finally:
        # Each example starts from an empty database and disk.
        recorder.storage.blocks.all().delete()
        recorder.storage.days.all().delete()
        recorder.storage.unclaimed.all().delete()
        Sweep.objects.all().delete()
        Hold.objects.all().delete()
        recorder.storage.delete()
        for camera in cameras.values():
            camera.delete()
        shutil.rmtree(folder)
        assert not os.path.exists(folder)
