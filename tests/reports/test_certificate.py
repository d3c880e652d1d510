import hashlib
import json
import os
from datetime import UTC, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cameras.models import Camera
from footage import confirmations, destruction, holds, manifests, scan, storages
from footage.models import ManifestBlock
from ledger.models import Entry
from reports import standby
from reports.documents import destruction_certificate as certificate
from reports.models import Certificate, Frozen
from reports.pdf import TypesettingFailed
from reports.period import SEOUL
from tests.reports import pdf_checks, situations

# The sweep commits its manifests before it destroys: these tests need real transactions.
pytestmark = pytest.mark.django_db


@pytest.fixture
def recorder(tmp_path):
    """A recorder's folder with six files a day of two cameras, 28 to 34 days old, and a hold over one day."""
    root = tmp_path / "media-of-recorder"
    first, second = situations.cameras(2)
    today = timezone.now().astimezone(SEOUL).replace(hour=12, minute=0, second=0, microsecond=0)
    for camera in (first, second):
        for back in range(28, 35):
            for minute in range(0, 60, 10):
                at = today - timedelta(days=back) + timedelta(minutes=minute)
                _write(root, camera.recording_key, at)
    storages.add("녹화기", str(root), "frigate", "UTC", 600)
    return first, today


def _write(root, key, at):
    utc = at.astimezone(UTC)
    path = root / "recordings" / f"{utc:%Y-%m-%d}" / f"{utc:%H}" / key / f"{utc:%M.%S}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 1000)
    os.utime(path, (at.timestamp() + 600,) * 2)


def certify(camera, today, tmp_path, *, first=40, last=20):
    target = tmp_path / "C.pdf"
    target.write_bytes(
        certificate.issue(
            camera,
            (today - timedelta(days=first)).date(),
            (today - timedelta(days=last)).date(),
            recipient="홍길순",
            use="감사 자료",
            by=situations.officer(),
        ).content
    )
    return target


def test_a_certificate_says_what_the_manifests_say(recorder, tmp_path):
    camera, today = recorder
    kept = today - timedelta(days=32)
    holds.place(
        camera,
        kept - timedelta(hours=6),
        kept + timedelta(hours=6),
        reason="수사기관 요청",
        article="조례 제24조제1항제2호",
        case_reference="2026-10482",
        by=situations.officer(),
    )
    confirmations.confirm(
        by=situations.officer(),
        period_from=(today - timedelta(days=30)).date(),
        period_until=today.date() - timedelta(days=1),
        is_working=True,
    )
    destruction.sweep(actor="system:sweep", workers=0)
    expected = list(manifests.destroyed(camera))
    assert expected
    scan.scan()
    target = certify(camera, today, tmp_path)
    reader = pdf_checks.read(target)
    pdf_checks.assert_archivable(reader)
    pdf_checks.assert_tagged(reader)
    pdf_checks.assert_well_printed(target, tmp_path)
    text = " ".join("".join(pdf_checks.text(target)).split())
    assert f"{len(expected)}개 파일" in text
    assert camera.number in text
    assert "자동 파기" in text
    assert f"{len(expected)}개 파일을 파기하였음을 확인합니다" in text
    # What stays is named with its reason, but never whose case it is.
    assert "삭제 유예" in text
    assert "아직 파기하지 않은 영상은 이 확인에 들지 않으며" in text
    assert not any(word in text for word in ("수사기관", "10482", "제1항제2호"))
    for word in (f"파기-{today:%Y}-001", "홍길순", "감사 자료", "강서구청장", "[직인]", "1분마다"):
        assert word in text, word
    assert "복구" not in text
    (sequence,) = {one.ledger_entry for one in expected}
    entry = Entry.objects.get(sequence=sequence)
    assert entry.digest in text
    assert entry.content["manifest"] in text
    rows = reader.attachments[certificate.CSV_NAME][0].decode("utf-8-sig").splitlines()
    assert len(rows) == len(expected) + 1
    for one in expected:
        assert any(one.path in row for row in rows)
    certified = Entry.objects.get(kind="reports.certified").content
    assert certified["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert certified["number"] == Certificate.objects.get().number
    assert "홍길순" not in str(certified)


def test_nothing_destroyed_is_no_certificate(recorder, tmp_path):
    camera, today = recorder
    with pytest.raises(certificate.NothingDestroyed):
        certify(camera, today, tmp_path)
    assert not Certificate.objects.exists()
    assert not Entry.objects.filter(kind="reports.certified").exists()


def said(path):
    return " ".join("".join(pdf_checks.text(path)).split())


def test_not_looked_at_is_said_only_where_nobody_looked(recorder, tmp_path):
    camera, today = recorder
    destruction.sweep(actor="system:sweep", workers=0)
    unseen = said(certify(camera, today, tmp_path))
    assert "저장소를 확인한 기록이 없어, 남아 있는 영상이 있는지 알 수 없습니다" in unseen
    scan.scan()
    # The whole storage was read, and nothing of these days was found.
    seen = said(certify(camera, today, tmp_path, first=40, last=33))
    assert "이 기간의 영상은 발견되지 않았습니다" in seen
    assert "알 수 없습니다" not in seen
    (tmp_path / "second").mkdir()
    storages.add("둘째", str(tmp_path / "second"), "frigate", "UTC", 600)
    assert "아직 확인하지 않은 저장소(둘째)" in said(certify(camera, today, tmp_path))


def test_days_with_one_reason_are_one_line(recorder, tmp_path):
    camera, today = recorder
    destruction.sweep(actor="system:sweep", workers=0)
    scan.scan()
    left = certificate._left(
        camera, (today - timedelta(days=40)).date(), (today - timedelta(days=20)).date(), [], timezone.now()
    )
    (line,) = left
    # Six files a day; how many of those of thirty days ago are due yet depends on the hour.
    days = (line.until_on - line.from_on).days + 1
    assert days in (2, 3)
    assert 6 * (days - 1) < line.files <= 6 * days


def test_footage_past_its_period_is_not_called_protected(recorder, tmp_path):
    camera, today = recorder
    destruction.sweep(actor="system:sweep", workers=0)
    scan.scan()
    Camera.objects.filter(pk=camera.pk).update(retention_days=7)
    camera.refresh_from_db()
    text = " ".join("".join(pdf_checks.text(certify(camera, today, tmp_path))).split())
    assert "보관기간이 지났으나 아직 파기하지 않음" in text
    assert "보관기간이 지나지 않았거나" not in text
    Camera.objects.filter(pk=camera.pk).update(retention_days=30)
    camera.refresh_from_db()
    text = " ".join("".join(pdf_checks.text(certify(camera, today, tmp_path))).split())
    assert "보관기간(30일)이 지나지 않음" in text
    assert f"파기-{today:%Y}-002" in text


def test_a_certificate_that_fails_gives_its_number_back(recorder, tmp_path, monkeypatch):
    camera, today = recorder

    def fail(*given, **values):
        raise TypesettingFailed("까닭")

    destruction.sweep(actor="system:sweep", workers=0)
    with monkeypatch.context() as patch:
        patch.setattr(standby, "render", fail)
        with pytest.raises(TypesettingFailed):
            certify(camera, today, tmp_path)
    assert not Certificate.objects.exists()
    certify(camera, today, tmp_path)
    issued = Certificate.objects.get()
    assert issued.number.endswith("-001")
    for change in (issued.save, issued.delete):
        with pytest.raises(Frozen):
            change()


def test_an_altered_manifest_is_not_certified(recorder, tmp_path):
    camera, today = recorder
    destruction.sweep(actor="system:sweep", workers=0)
    block = ManifestBlock.objects.filter(destroyed__gt=0).first()
    outcome = {**block.outcome, "struck": [[0, "held"]]}
    ManifestBlock.objects.filter(pk=block.pk).update(outcome=outcome)
    with pytest.raises(certificate.ManifestBroken):
        certify(camera, today, tmp_path)
    ManifestBlock.objects.filter(pk=block.pk).update(outcome=block.outcome, lines=b"garbage")
    with pytest.raises(certificate.ManifestBroken):
        certify(camera, today, tmp_path)
    assert not Entry.objects.filter(kind="reports.certified").exists()


def run(*arguments):
    out = StringIO()
    try:
        call_command("render_certificate", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, None
    return 0, json.loads(out.getvalue().splitlines()[-1])


def test_the_command(recorder, tmp_path):
    camera, today = recorder
    target = tmp_path / "C.pdf"
    base = ["--output", str(target), "--json"]
    days = [f"{today - timedelta(days=back):%Y-%m-%d}" for back in (40, 20)]
    of_it = ["--camera", camera.number, "--from", days[0], "--until", days[1]]
    assert run(*of_it, *base) == (2, None)
    destruction.sweep(actor="system:sweep", workers=0)
    status, said = run(*of_it, *base)
    assert status == 0
    assert said["bytes"] == target.stat().st_size
    target.unlink()
    for arguments in (
        ("--camera", "nobody", "--from", "2026-09-01", "--until", "2026-09-30"),
        ("--camera", camera.number, "--from", "2026-09-31", "--until", "2026-10-30"),
        ("--camera", camera.number, "--from", "2026-10-01", "--until", "2026-09-30"),
        ("--camera", camera.number, "--from", "9999-01-01", "--until", "9999-12-31"),
        ("--camera", camera.number, "--from", "어제", "--until", "오늘"),
    ):
        assert run(*arguments, *base) == (2, None)
    assert run(
        "--camera",
        camera.number,
        "--from",
        "2026-09-01",
        "--until",
        "2026-09-30",
        "--output",
        "/nowhere/C.pdf",
    ) == (2, None)
    assert not target.exists()
