"""Bytes of held footage: to whom they are given, and that nobody else gets one."""

import io
import json
from contextlib import ExitStack
from datetime import timedelta

import av
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from casework import judging
from config.keys import KeyStore
from footage.models import Conversion, VaultFile
from footage.playback import pieces
from footage.playback.process import PLAYING
from footage.vault import ending, folders, intake
from ledger.models import Entry
from records.access import looks
from records.look_enums import LookCase, LookEnd
from records.models import FootageLook, ViewingRequest
from tests.accounts.factories import OfficerFactory
from tests.footage.factories import CameraFactory, Recorder
from tests.footage.playback.clips import write_clip
from tests.records.looks import official
from tests.records.situations import confirmed

pytestmark = pytest.mark.django_db
OCTETS = "application/octet-stream"


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Encoded once."""
    folder = tmp_path_factory.mktemp("clips")
    return {
        "mp4": write_clip(folder / "a.mp4").read_bytes(),
        "h265": write_clip(
            folder / "b.mp4", "libx265", options={"x265-params": "log-level=none"}
        ).read_bytes(),
        "noise": b"no video at all" * 100,
    }


@pytest.fixture
def held(settings, tmp_path, clips, db):
    """A request whose hour has three files of ten seconds, kept: H.264, H.265, and one that is no video."""
    settings.VAULT_DIR = tmp_path / "vault"
    settings.KEY_STORE = KeyStore(tmp_path / "keys")
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    camera, manager = CameraFactory(), OfficerFactory(role=Role.CCTV_MANAGER)
    recorder = Recorder(tmp_path / "nvr", segment_seconds=10)
    until = timezone.now().replace(microsecond=0) - timedelta(days=1)
    for number, name in enumerate(clips):
        at = until - timedelta(minutes=30) + timedelta(seconds=10 * number)
        path = recorder.write(camera.recording_key, at)
        recorder.put(path, mtime=at + timedelta(seconds=10))
        path.write_bytes(clips[name])
        import os

        os.utime(path, ((at + timedelta(seconds=10)).timestamp(),) * 2)
    request = confirmed(camera, manager, from_at=until - timedelta(hours=1), until_at=until)
    assert intake.take_in(recorder.storage).files == 3
    return request


@pytest.fixture
def officer(db):
    return official()


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def open_look(client: Client, request: ViewingRequest, **changes) -> FootageLook:
    sent = {"step": "search", "cameras": ["0"], "purpose": "도난 시각 확인", **changes}
    answer = client.post(reverse("looks:ask", args=["viewing", request.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    return FootageLook.objects.latest("pk")


def ask_part(client: Client, look: FootageLook, number: int = 0, start: float = 0.0, **headers):
    file = VaultFile.objects.order_by("first_at")[number]
    address = reverse("looks:part", args=[look.pk])
    return client.get(address, {"file": file.pk, "from": start}, **headers)


def test_an_official_looks_and_the_ledger_has_both_lines(client, held):
    look = open_look(client, held)
    page = client.get(reverse("looks:player", args=[look.group]))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]
    answer = ask_part(client, look)
    assert (answer.status_code, answer["Content-Type"]) == (200, OCTETS)
    assert "no-store" in answer["Cache-Control"]
    head, _, movie = answer.content.partition(b"\n")
    assert (json.loads(head)["from"], len(json.loads(head)["frames"])) == (0.0, 80)
    assert movie[4:8] == b"ftyp"
    assert ask_part(client, look, start=8.0).status_code == 200
    client.post(reverse("looks:tell", args=[look.group]), {"steps": json.dumps({look.pk: 5})})
    client.post(reverse("looks:close", args=[look.group]))
    opened, closed = Entry.objects.filter(kind__startswith="records.footage_").order_by("sequence")
    assert (opened.kind, closed.kind) == (looks.OPENED, looks.CLOSED)
    assert (closed.content["seconds_read"], closed.content["frames_stepped"]) == (10.0, 5)
    assert closed.content["look_end"] == "button"


def is_refused(answer) -> bool:
    return answer.status_code == 410 and OCTETS not in answer["Content-Type"]


def test_a_copied_address_gives_nothing_to_anybody_else(client, held, officer, settings):
    settings.SESSIONS_PER_PERSON = 2
    look = open_look(client, held)
    other_session, other_officer = Client(), Client()
    other_session.force_login(officer)
    other_officer.force_login(OfficerFactory(role=Role.OFFICIAL))
    for who in (other_session, other_officer):
        assert is_refused(ask_part(who, look))
        assert who.get(reverse("looks:player", args=[look.group])).status_code == 410
        who.post(reverse("looks:tell", args=[look.group]), {"steps": json.dumps({look.pk: 9})})
    assert ask_part(Client(), look).status_code == 302
    look.refresh_from_db()
    assert (look.read, look.frames_stepped) == ([], 0)
    assert ask_part(client, look).status_code == 200


def test_after_its_time_after_the_end_of_the_matter_and_after_closing_nothing_comes(client, held, officer):
    look = open_look(client, held)
    FootageLook.objects.update(expires_at=timezone.now())
    assert is_refused(ask_part(client, look))
    look = open_look(client, held)
    ViewingRequest.objects.update(state="dismissed")
    assert is_refused(ask_part(client, look))
    assert FootageLook.objects.get(pk=look.pk).closed_how == LookEnd.REFUSED
    ViewingRequest.objects.update(state="received")
    assert is_refused(ask_part(client, look)), "a closed look stays closed"
    look = open_look(client, held)
    client.post(reverse("looks:close", args=[look.group]))
    assert is_refused(ask_part(client, look))


def test_nothing_outside_the_granted_range_comes(client, held):
    first = VaultFile.objects.order_by("first_at").first()
    start = first.first_at + timedelta(seconds=4)
    # A picture in the middle of a group needs those before it.
    look = open_look(
        client,
        held,
        from_at=_local(start + timedelta(seconds=1)),
        until_at=_local(start + timedelta(seconds=2)),
    )
    first_second = {"file": first.pk, "from": 0}
    assert client.get(reverse("looks:part", args=[look.pk]), first_second).status_code == 200
    look.refresh_from_db()
    given = look.read[0]
    assert given[0] <= 0 < given[1] <= 1.0
    assert looks.close(look, LookEnd.BUTTON).read_from <= look.from_at
    look = open_look(client, held, from_at=_local(start), until_at=_local(start + timedelta(seconds=2)))
    head = json.loads(ask_part(client, look).content.partition(b"\n")[0])
    assert (head["from"], head["until"]) == (4.0, 6.0), "from the key frame, and no frame behind the range"
    assert ask_part(client, look, start=6.5).status_code == 422
    assert is_refused(ask_part(client, look, 1)), "a file that begins after the range"
    look.refresh_from_db()
    assert look.read == [[0.0, 2.0]]


def _local(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")


def test_a_file_that_is_no_video_says_so_and_the_others_go_on(client, held):
    look = open_look(client, held)
    answer = ask_part(client, look, 2)
    assert answer.status_code == 202, "a worker looks at it"
    assert pieces.work() is False
    answer = ask_part(client, look, 2)
    assert (answer.status_code, answer.json()["say"]) == (422, "영상이 들어 있지 않은 파일입니다.")
    assert ask_part(client, look, 0).status_code == 200


def test_another_codec_is_made_playable_in_the_vault_and_goes_with_it(client, held):
    look = open_look(client, held)
    assert ask_part(client, look, 1).status_code == 202
    assert not pieces.work()
    file = VaultFile.objects.order_by("first_at")[1]
    row = Conversion.objects.get(file=file)
    assert (row.state, set(row.pieces)) == ("succeeded", {"0", "1"})
    answer = ask_part(client, look, 1)
    head, _, movie = answer.content.partition(b"\n")
    assert len(json.loads(head)["frames"]) == 80
    last = json.loads(ask_part(client, look, 1, 8.0).content.partition(b"\n")[0])
    assert (last["is_last"], len(last["frames"])) == (True, 20)
    made = list(folders.folder_of(file.case).glob("*.play"))
    assert len(made) == 2
    assert not any(movie[:64] in piece.read_bytes() for piece in made)
    made[0].unlink()
    made[1].write_bytes(made[1].read_bytes()[:-1])
    assert {ask_part(client, look, 1, start).status_code for start in (0.0, 8.0)} == {202}
    pieces.work()
    assert {ask_part(client, look, 1, start).status_code for start in (0.0, 8.0)} == {200}
    held.cameras.get().hold.__class__.objects.update(released_at=timezone.now())
    ending.end()
    assert not folders.folder_of(file.case).exists()


def test_of_a_converted_file_nothing_behind_the_range_is_given_and_before_it_one_second(client, held):
    """A range may begin and end anywhere, and pieces are eight seconds long."""
    file = VaultFile.objects.order_by("first_at")[1]
    look = open_look(client, held)
    begins, ends = file.first_at + timedelta(seconds=2.45), file.first_at + timedelta(seconds=5.15)
    FootageLook.objects.filter(pk=look.pk).update(from_at=begins, until_at=ends)
    assert ask_part(client, look, 1, 2.45).status_code == 202
    pieces.work()
    answer = ask_part(client, look, 1, 2.45)
    head, _, movie = answer.content.partition(b"\n")
    told = json.loads(head)
    assert told["frames"] == pytest.approx([number / 10 for number in range(20, 52)])
    assert (told["from"], told["until"]) == (2.0, pytest.approx(5.2))
    with av.open(io.BytesIO(movie)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 32
    FootageLook.objects.filter(pk=look.pk).update(until_at=file.first_at + timedelta(seconds=9))
    assert len(json.loads(ask_part(client, look, 1, 8.0).content.partition(b"\n")[0])["frames"]) == 10
    look.refresh_from_db()
    # From the beginning of the range: a second before at the most, and of the last frame what it is shown for.
    assert [pytest.approx(span) for span in look.read] == [[-0.45, 2.75], [5.55, 6.55]]


def test_ranges_that_overlap_go_back_or_come_again_and_again_are_answered_alike(client, held):
    look = open_look(client, held)
    first = ask_part(client, look).content
    for start, header in [(9.0, "bytes=0-"), (1.0, "bytes=5-3"), (3.0, "bytes=0-1,0-1"), (0.0, "bytes=-1")]:
        answer = ask_part(client, look, 0, start, headers={"range": header})
        assert answer.status_code == 200
        assert "Content-Range" not in answer
    for _ in range(5):
        assert ask_part(client, look).content == first
    look.refresh_from_db()
    assert look.read == [[1800.0, 1810.0]]
    for wrong in ("-1", "nan", "inf", "1e9", "x", ""):
        assert ask_part(client, look, 0, wrong).status_code == 400
    assert is_refused(client.get(reverse("looks:part", args=[look.pk]), {"file": 0, "from": 0}))


def test_a_flood_of_parts_is_told_to_wait_and_leaves_no_trace_of_having_looked(client, held):
    """More than the machine opens at once: nobody's worker dies, nothing is queued without end, nothing counts as read."""
    look = open_look(client, held)
    lane = PLAYING[look.camera_id % len(PLAYING)]
    with ExitStack() as full:
        for _ in range(lane.most_waiting):
            full.enter_context(judging.one_waiting(lane))
        for _ in range(200):
            answer = ask_part(client, look)
            assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert Entry.objects.of_kind(looks.OPENED).count() == 1
    look.refresh_from_db()
    assert look.read == []
    assert ask_part(client, look).status_code == 200


def test_a_still_is_a_copy_with_a_line(client, held):
    look = open_look(client, held)
    file = VaultFile.objects.order_by("first_at").first()
    answer = client.post(reverse("looks:still", args=[look.pk]), {"file": file.pk, "at": "3.2"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")
    line = Entry.objects.of_kind("records.footage_still").get().content
    assert (line["stills"], line["original_sha256"]) == (1, file.sha256)
    for at in ("99999", "inf", "nan", "1e300", "-1"):
        outside = client.post(reverse("looks:still", args=[look.pk]), {"file": file.pk, "at": at})
        assert outside["Location"] == reverse("looks:player", args=[look.group])
    for steps in ('{"1": 1e999}', "[" * 100_000, "[]"):
        assert client.post(reverse("looks:tell", args=[look.group]), {"steps": steps}).status_code == 400
    assert Entry.objects.of_kind("records.footage_still").count() == 1


def test_going_on_asks_every_gate_again(client, held):
    look = open_look(client, held)
    FootageLook.objects.update(expires_at=timezone.now())
    address = reverse("looks:again", args=[look.group])
    client.post(address)
    again = FootageLook.objects.latest("pk")
    assert (again.purpose, again.closed_at, again.pk != look.pk) == (look.purpose, None, True)
    assert ask_part(client, again).status_code == 200
    ViewingRequest.objects.update(state="dismissed")
    client.post(reverse("looks:again", args=[again.group]))
    assert FootageLook.objects.latest("pk") == again


def test_who_looked_stands_on_the_cameras_page_and_in_the_list(client, held):
    look = open_look(client, held)
    ask_part(client, look)
    auditor = Client()
    auditor.force_login(OfficerFactory(role=Role.AUDITOR))
    page = auditor.get(reverse("cameras:page", args=[look.camera_id]))
    assert held.receipt_number in page.content.decode()
    address = reverse("looks:list")
    listed = auditor.get(address).content.decode()
    assert "도난 시각 확인" in listed
    assert "8초" in listed


def test_the_list_asks_as_often_for_many_as_for_one(client, held, django_assert_num_queries):
    open_look(client, held)
    address = reverse("looks:list")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    asked = len(one)
    for _ in range(4):
        open_look(client, held)
    with django_assert_num_queries(asked):
        client.get(address)


def test_the_button_is_there_for_who_may_and_where_there_is_something(client, held):
    address = reverse("looks:ask", args=[LookCase.VIEWING, held.pk])
    page = client.get(reverse("viewing:request", args=[held.pk])).content.decode()
    assert address in page
    form = client.get(address).content.decode()
    assert "15분" in form
    auditor = Client()
    auditor.force_login(OfficerFactory(role=Role.AUDITOR))
    assert address not in auditor.get(reverse("viewing:request", args=[held.pk])).content.decode()
    assert auditor.get(address).status_code == 403
