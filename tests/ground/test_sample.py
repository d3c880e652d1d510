"""The sample district: the size of the real one, through the same doors, and never into somebody's own data."""

import json
from collections import Counter

import cv2
import pytest
from django.core.management import call_command

from accounts import roles
from accounts.models import Officer
from accounts.roles import Role
from cameras.models import Camera, Site
from footage.models import Hold, Storage
from ledger.models import Entry
from ordinance import assessment_run, rules
from ordinance.models import Assessment, DueDate, Finding
from portal.sample import clips, people, recorder, register
from records.models import Provision, ViewingRequest
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture
def fewer_days(monkeypatch):
    """The same recorder with less on its disk; the amount is not what these tests are about."""
    monkeypatch.setattr(clips, "TRICKLE_MINUTES", 30)
    monkeypatch.setattr(clips, "HOURS_OF_A_DAY", (7,))


@pytest.fixture
def district(data_dir, fewer_days):
    call_command("seed_district")
    return data_dir


def test_the_file_has_the_proportions_of_the_councils_report():
    numbers = Counter()
    for row in register.rows():
        numbers[row["설치목적구분"]] += int(row["카메라대수"])
    assert numbers == {"생활방범": 2_532, "어린이보호": 281, "다목적": 313, "교통단속": 114, "쓰레기단속": 25}
    assert numbers.total() == register.TOTAL == 3_265
    assert list(register.rows()) == list(register.rows())


def test_the_district_is_complete_and_comes_once(district, capsys):
    assert Camera.objects.in_service().count() == 3_265
    assert Camera.objects.filter(installing_department=None).exists()
    assert Camera.objects.exclude(installing_department=None).count() > 3_000
    assert Camera.objects.filter(audio_checked_on=None).exists()
    assert Camera.objects.filter(link_status="unknown").exists()
    assert Camera.objects.filter(retention_days__lt=30).exists()
    assert not Camera.objects.filter(retention_days__gt=30).exists()
    assert all(site.latitude and 37.52 < site.latitude < 37.60 for site in Site.objects.all()[:500])
    assert Camera.history.filter(history_change_reason__contains="종이 대장").exists()
    check_that_every_duty_is_judged()
    before = (Entry.objects.count(), Officer.objects.count(), Hold.objects.count())
    call_command("seed_district", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"cameras": 3_265, "files": 0}
    assert (Entry.objects.count(), Officer.objects.count(), Hold.objects.count()) == before


def check_that_every_duty_is_judged():
    """Findings, badges and figures are there at the first login, and the night would find nothing else."""
    run = assessment_run.last_finished()
    assert set(run.result) == {rule.code for rule in rules.all_rules()}
    assert run.result["purpose"]["subjects"] > 3_000
    for code, figures in run.result.items():
        assert Finding.objects.open().filter(rule__code=code).count() == figures["unmet"]
    # Some papers are missing on purpose, and most are there.
    assert 0 < run.result["sign"]["unmet"] < run.result["sign"]["subjects"]
    assert not Assessment.objects.unfinished().exists()
    again = assessment_run.assess()
    assert all(found["opened"] == found["closed"] == 0 for found in again.result.values())


def test_one_account_per_role_with_a_password_of_this_installation(district, client):
    assert {roles.role_of(officer) for officer in Officer.objects.all()} == set(Role)
    sheet = district / people.ACCOUNTS_FILE
    assert sheet.stat().st_mode & 0o777 == 0o600
    password = sheet.read_text().split("모두 ")[1].split(")")[0]
    assert client.login(username="official", password=password)
    assert not Officer.objects.filter(is_superuser=True).exists()


def test_the_recorder_holds_real_video_in_frigates_layout(district):
    storage = Storage.objects.get(name=recorder.STORAGE_NAME)
    assert storage.layout == "frigate"
    files = sorted((district / "sample" / "recorder" / "recordings").rglob("*.mp4"))
    keys = {path.parent.name for path in files}
    assert len(keys & set(Camera.objects.values_list("recording_key", flat=True))) == 20
    assert "old_gate_test" in keys
    assert len({path.stat().st_size for path in files}) == len(clips.CLIP_SECONDS)
    video = cv2.VideoCapture(str(files[0]))
    frames = []
    while (frame := video.read())[0]:
        frames.append(frame[1])
    assert len(frames) >= min(clips.CLIP_SECONDS) * clips.FRAMES_PER_SECOND
    assert frames[0].shape == (180, 320, 3)
    assert (frames[0] != frames[-1]).any()


def test_a_hold_keeps_what_is_past_its_period(district):
    hold = Hold.objects.get(case_reference=recorder.CASE)
    assert hold.released_at is None
    assert hold.camera in recorder.cameras_on_record()


def test_requests_and_letters_lie_on_the_desk(district):
    """Each where its next step is another person's, or another office's."""
    assert Counter(ViewingRequest.objects.values_list("channel", "state")) == {
        ("web", "received"): 1,
        ("visit", "identified"): 1,
    }
    assert Counter(Provision.objects.values_list("state", flat=True)) == {"approval": 1, "handed": 1}
    assert DueDate.objects.open().filter(purpose="restriction").exists()
    assert not Entry.objects.filter(payload__contains="홍길동").exists()


def test_somebodys_own_database_is_left_alone(data_dir, capsys):
    OfficerFactory()
    with pytest.raises(SystemExit) as refused:
        call_command("seed_district")
    assert refused.value.code == 2
    assert "표본이 아닌 자료" in capsys.readouterr().err
    call_command("seed_district", "--if-empty")
    assert Camera.objects.count() == 0
    assert not Entry.objects.exists()


def test_a_broken_off_start_is_finished_by_the_next(data_dir, fewer_days, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(recorder, "install", fail)
        with pytest.raises(RuntimeError, match="power"):
            call_command("seed_district")
    assert Camera.objects.in_service().count() == 3_265
    call_command("seed_district")
    assert Storage.objects.filter(name=recorder.STORAGE_NAME).count() == 1
    assert Camera.objects.in_service().count() == 3_265


def fail(*arguments):
    raise RuntimeError("power cut")
