"""A month of the access log against cases, incidents and duty: each abuse is found, honest work is left alone."""

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from bench import _access_month
from cameras.models import Camera
from ordinance.models import Parameter
from records.access_log import homes, reviewing
from records.access_log.importing import import_log
from records.access_log.rarity import bar, far_out, groups_to_read, surprise
from records.access_log.rules import catalogue, competence
from records.models import (
    AccessEvent,
    AccessLogFile,
    Act,
    CameraPermission,
    CameraTurn,
    DutyShift,
    Incident,
    StaffMember,
)
from records.people import duty, incidents, staff
from records.permissions import gate
from records.tabular import SEOUL
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory, SiteFactory

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# An afternoon shift in the middle of the month.
SHIFT = datetime(2026, 10, 14, 14, tzinfo=SEOUL)


class World:
    """Two agents with a shift each day, thirty cameras, and a log that is written row by row."""

    def __init__(self) -> None:
        self.file = AccessLogFile.objects.create(name="log", sha256="0" * 64, map="standard", begun_at=SHIFT)
        sites = [
            SiteFactory(road_address=f"서울특별시 강서구 시험로 {10 * n + 1}", latitude=37.55 + n / 100, longitude=126.85)
            for n in range(6)
        ]  # fmt: skip
        self.cameras = [CameraFactory(site=site, ordinal=n + 1) for site in sites for n in range(5)]
        self.agents = []
        for name in ("kim", "lee"):
            agent = StaffMember.objects.create(number=name, name=name, kind="monitoring_staff", account=name)
            self.agents.append(agent)
            for day in range(1, 31):
                begin = datetime(2026, 10, day, 14, tzinfo=SEOUL)
                DutyShift.objects.create(staff=agent, starts_at=begin, ends_at=begin + 8 * HOUR)
        self.rows: list[AccessEvent] = []

    def add(
        self, at: datetime, act: str, camera: Camera | None = None, *, account: str = "kim", **more
    ) -> str:
        # Not one after the other, unless a test says so.
        number = more.pop("number", f"{len(self.rows) + 1}a")
        more.setdefault("place", f"desk-{account}")
        self.rows.append(
            AccessEvent(
                at=at, digest=len(self.rows), number=number, account=account, act=act,
                camera=camera.number if camera else "", file=self.file, line=len(self.rows) + 1, **more,
            )
        )  # fmt: skip
        return number

    def watch(self, days: int = 20) -> None:
        """Live views of all cameras alike, by both, on many days."""
        for day in range(days):
            begin = datetime(2026, 10, day + 1, 14, tzinfo=SEOUL)
            for n, camera in enumerate(self.cameras):
                for agent in ("kim", "lee"):
                    self.add(begin + n * 15 * MINUTE, Act.LIVE, camera, account=agent)

    def incident(self, at: datetime, camera: Camera, number: str = "S-1") -> str:
        Incident.objects.create(number=number, noticed_at=at, camera=camera)
        return number

    def found(self, code: str) -> list[tuple[str, list[str]]]:
        AccessEvent.objects.bulk_create(self.rows)
        review = reviewing.review(2026, 10)
        self.review = review
        return [(each.account, review.numbers(each)) for each in review.findings if each.rule == code]


@pytest.fixture
def world(db) -> World:
    return World()


def test_honest_work_is_explained_and_nothing_is_listed(world) -> None:
    world.watch()
    camera = world.cameras[3]
    case = world.incident(SHIFT + HOUR, camera)
    world.add(SHIFT - 20 * MINUTE, Act.LOGIN)
    world.add(SHIFT + HOUR + 2 * MINUTE, Act.PTZ, camera)
    world.add(
        SHIFT + 2 * HOUR,
        Act.PLAYBACK,
        camera,
        target_from=SHIFT + 50 * MINUTE,
        target_until=SHIFT + 70 * MINUTE,
    )
    world.add(SHIFT + 3 * HOUR, Act.EXPORT, camera, case_number=case, target_from=SHIFT + 50 * MINUTE, target_until=SHIFT + 70 * MINUTE)  # fmt: skip
    world.add(SHIFT + 8 * HOUR + 25 * MINUTE, Act.LIVE, camera)
    world.add(SHIFT + 12 * HOUR, Act.LOGOUT)
    assert world.found("look_without_case") == []
    assert [finding.rule for finding in world.review.findings] == []
    assert world.review.explained == world.review.rows - 1, "logging out late is neither explained nor listed"
    assert world.review.unexplained() == {"로그아웃": 1}


def test_look_without_case(world) -> None:
    camera, other = world.cameras[3], world.cameras[20]
    case = world.incident(SHIFT, camera)
    ago = {"target_from": SHIFT - 30 * HOUR, "target_until": SHIFT - 29 * HOUR}
    bare = world.add(SHIFT + HOUR, Act.PLAYBACK, other, **ago)
    unknown = world.add(SHIFT + HOUR, Act.PLAYBACK, other, case_number="S-9", **ago)
    for n in range(60):  # of a case, at its camera and hour
        world.add(SHIFT + n * MINUTE, Act.PLAYBACK, camera, case_number=case, target_from=SHIFT, target_until=SHIFT + MINUTE)  # fmt: skip
    borrowed = world.add(SHIFT + HOUR, Act.PLAYBACK, other, case_number=case, **ago)
    world.add(SHIFT + HOUR, Act.LIVE, other)
    assert world.found("look_without_case") == [("kim", [bare, unknown, borrowed])]


def test_numbers_of_another_system_are_said_to_be_unknown_and_not_listed(world) -> None:
    for n in range(30):
        world.add(SHIFT + n * MINUTE, Act.PLAYBACK, world.cameras[n], case_number=f"112-{n}")
    assert world.found("look_without_case") == []
    assert "없는 것이 많습니다" in world.review.month.not_known["case_numbers"]


def test_export_outside_case(world) -> None:
    camera = world.cameras[3]
    case = world.incident(SHIFT, camera)
    world.add(
        SHIFT + HOUR, Act.EXPORT, camera, case_number=case, target_from=SHIFT, target_until=SHIFT + MINUTE
    )
    taken = world.add(SHIFT + HOUR, Act.EXPORT, world.cameras[9], account="lee")
    assert world.found("export_outside_case") == [("lee", [taken])]


def test_export_larger_than_case(world) -> None:
    camera = world.cameras[3]
    case = world.incident(SHIFT, camera)
    for n in range(20):
        more = {"target_from": SHIFT - n * MINUTE, "target_until": SHIFT + 20 * MINUTE}
        world.add(SHIFT + HOUR, Act.EXPORT, camera, account="lee", case_number=f"{case}", **more)
        Incident.objects.create(number=f"T-{n}", noticed_at=SHIFT, camera=camera)
        world.rows[-1].case_number = f"T-{n}"
    long = world.add(SHIFT + 2 * HOUR, Act.EXPORT, camera, case_number=case, target_from=SHIFT - 5 * HOUR, target_until=SHIFT + HOUR)  # fmt: skip
    many = [
        world.add(SHIFT + 3 * HOUR + n * MINUTE, Act.EXPORT, camera, account="lee", case_number=case, target_from=SHIFT, target_until=SHIFT + MINUTE)
        for n in range(12)
    ]  # fmt: skip
    assert world.found("export_larger_than_case") == [("kim", [long]), ("lee", many)]


def test_off_duty(world) -> None:
    world.watch()
    night = SHIFT + 12 * HOUR
    case = world.incident(night, world.cameras[0])
    looked = [world.add(night, Act.LOGIN), world.add(night + MINUTE, Act.LIVE, world.cameras[5])]
    world.add(
        night + 2 * MINUTE, Act.LIVE, world.cameras[7], case_number=case
    )  # called in for a case: elsewhere
    world.rows[-1].camera = world.cameras[0].number
    world.add(SHIFT - 29 * MINUTE, Act.LIVE, world.cameras[1])
    assert world.found("off_duty") == [("kim", looked)]


def test_a_shift_that_nobody_stood_explains_nothing(world) -> None:
    world.watch()
    night = SHIFT + 12 * HOUR
    DutyShift.objects.create(
        staff=world.agents[0], starts_at=night - HOUR, ends_at=night + HOUR, absent_reason="sick"
    )
    looked = [world.add(night, Act.LOGIN), world.add(night + MINUTE, Act.LIVE, world.cameras[5])]
    assert world.found("off_duty") == [("kim", looked)]


def test_whose_roster_is_not_known_is_said_and_not_listed(world) -> None:
    for n in range(40):
        world.add(SHIFT + 12 * HOUR + n * MINUTE, Act.LIVE, world.cameras[n % 30])
    assert world.found("off_duty") == []
    assert "kim" in world.review.month.not_known["roster"]


def test_unknown_account(world) -> None:
    world.watch()
    StaffMember.objects.create(
        number="old", kind="contractor", account="park", starts_on="2026-01-01", ends_on="2026-10-10"
    )
    world.add(SHIFT - 10 * DAY, Act.LIVE, world.cameras[0], account="park")
    late = world.add(SHIFT, Act.LIVE, world.cameras[0], account="park")
    stranger = world.add(SHIFT, Act.LIVE, world.cameras[0], account="root")
    assert sorted(world.found("unknown_account")) == [("park", [late]), ("root", [stranger])]


def test_same_camera(world) -> None:
    world.watch()
    camera = world.cameras[17]
    again = {world.add(SHIFT + n * 5 * MINUTE, Act.LIVE, camera) for n in range(30)}
    [(account, numbers)] = world.found("same_camera")
    assert account == "kim"
    assert again <= set(numbers)
    assert len(set(numbers) - again) <= 20, "the routine looks at the same camera, no others"


def test_a_camera_is_looked_at_often_when_something_happened_there(world) -> None:
    world.watch()
    world.incident(SHIFT, world.cameras[17])
    for n in range(30):
        world.add(SHIFT + n * 3 * MINUTE, Act.LIVE, world.cameras[17])
    assert world.found("same_camera") == []


def test_night_zoom_and_turn_without_reason(world) -> None:
    DutyShift.objects.create(staff=world.agents[0], starts_at=SHIFT + 9 * HOUR, ends_at=SHIFT + 16 * HOUR)
    at_night = [
        world.add(SHIFT + 11 * HOUR + n * MINUTE, Act.PTZ, world.cameras[n], content="확대") for n in range(6)
    ]
    by_day = [world.add(SHIFT + n * MINUTE, Act.PTZ, world.cameras[n], account="lee") for n in range(6)]
    assert world.found("night_zoom") == [("kim", at_night)]
    assert [
        world.review.numbers(each) for each in world.review.findings if each.rule == "turn_without_reason"
    ] == [by_day]


def test_bulk_reading(world) -> None:
    camera = world.cameras[3]
    case = world.incident(SHIFT, camera)
    for day in range(10):
        world.add(SHIFT + day * DAY - 5 * DAY, Act.PLAYBACK, camera, account="lee", case_number=case)
    read = [world.add(SHIFT + 3 * HOUR + n * 30 * timedelta(seconds=1), Act.PLAYBACK, camera, case_number=case) for n in range(60)]  # fmt: skip
    listed = world.add(SHIFT, Act.SETTING, account="lee", content="개인정보 목록 1,200건 내려받기")
    assert sorted(world.found("bulk_reading")) == [("kim", read), ("lee", [listed])]


def test_own_neighbourhood(world) -> None:
    world.watch()
    world.agents[0].address = "서울특별시 강서구 시험로 21, 301호"
    world.agents[0].save()
    world.agents[1].address = "서울특별시 강서구 시험로 51, 102호"
    world.agents[1].save()
    near = {
        world.add(
            SHIFT + n * 5 * MINUTE + day * DAY, Act.LIVE, world.cameras[10 + n % 5], number=f"h{day}-{n}a"
        )
        for day in range(8)
        for n in range(15)
    }
    [(account, numbers)] = world.found("own_neighbourhood")
    assert account == "kim"
    assert near <= set(numbers)
    assert "homes" not in world.review.month.not_known


def test_whose_home_is_not_known_is_counted_and_not_passed_over(world) -> None:
    world.watch()
    world.agents[0].address = "부산광역시 어느구 모르는길 7"
    world.agents[0].save()
    assert world.found("own_neighbourhood") == []
    said = world.review.month.not_known["homes"]
    assert "주소가 없는 사람 1명" in said
    assert "찾지 못한 사람 1명" in said
    assert "모르는길" not in said


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("서울특별시 강서구 화곡로 302, 101동 1001호", ("화곡로", 302, 0)),
        ("서울 강서구 화곡로13길 5-2 (화곡동)", ("화곡로13길", 5, 2)),
        ("서울특별시 강서구 등촌동 520-3", ("등촌동", 520, 3)),
        ("서울특별시 강서구 공항대로 지하 247", ("공항대로", 247, 0)),
    ],
)
def test_addresses_are_read_as_road_or_lot(address, place) -> None:
    assert homes.places_of(address)[0] == place


def test_shared_account(world) -> None:
    world.watch(3)
    begin = SHIFT
    world.add(begin, Act.LIVE, world.cameras[0])
    elsewhere = [
        world.add(begin + n * MINUTE, Act.LIVE, world.cameras[n], place="172.16.0.9") for n in range(1, 4)
    ]
    world.add(begin + 5 * MINUTE, Act.LIVE, world.cameras[0])
    # Another seat after logging out is honest.
    world.add(begin + HOUR, Act.LOGOUT, account="lee")
    world.add(begin + HOUR + MINUTE, Act.LOGIN, account="lee", place="desk-9")
    world.add(begin + HOUR + 9 * MINUTE, Act.LOGOUT, account="lee", place="desk-9")
    world.add(begin + HOUR + 10 * MINUTE, Act.LOGIN, account="lee")
    [(account, numbers)] = world.found("shared_account")
    assert account == "kim"
    assert set(elsewhere) < set(numbers)
    assert len(numbers) == 5, "with the row before and the row after at the other place"


def test_log_gap(world) -> None:
    for n in range(400):
        world.add(SHIFT + n * MINUTE, Act.LIVE, world.cameras[n % 30], number=f"V-{n if n < 250 else n + 40}")
    assert world.found("log_gap") == [("", ["V-249", "V-290"])]
    assert "40개" in next(each.why for each in world.review.findings if each.rule == "log_gap")


def test_log_rewind(world) -> None:
    for n in range(400):
        back = (
            3 * HOUR if 200 <= n < 206 else timedelta(seconds=30 * (n % 2))
        )  # two clocks, half a minute apart
        world.add(SHIFT + n * MINUTE - back, Act.LIVE, world.cameras[n % 30], number=str(n + 1))
    [(account, numbers)] = world.found("log_rewind")
    assert account == ""
    assert {str(n) for n in range(201, 207)} <= set(numbers)
    assert len(numbers) == 7


def test_numbers_without_order_say_nothing_of_gaps_and_clocks(world) -> None:
    for n in range(400):
        world.add(SHIFT + n * MINUTE, Act.LIVE, world.cameras[n % 30], number=str(1 + n * 7919 % 401))
    assert world.found("log_rewind") == []
    assert "번호" in world.review.month.not_known["numbers"]


def test_turned_away(world) -> None:
    camera = world.cameras[3]
    for n in range(12):
        world.add(SHIFT - 5 * DAY + n * 10 * MINUTE, Act.PTZ, world.cameras[n], account="lee")
        world.add(SHIFT - 5 * DAY + n * 10 * MINUTE + 5 * MINUTE, Act.PTZ, world.cameras[n], account="lee", content="프리셋 복귀")  # fmt: skip
    left = world.add(SHIFT, Act.PTZ, camera)
    assert world.found("turned_away") == [("kim", [left])]


def test_where_turning_back_is_not_logged_it_is_said(world) -> None:
    world.add(SHIFT, Act.PTZ, world.cameras[0])
    assert world.found("turned_away") == []
    assert "되돌린 기록" in world.review.month.not_known["views"]


def test_untrained_is_not_known_until_somebody_keeps_it(world, monkeypatch) -> None:
    world.watch(1)
    assert world.found("untrained") == []
    assert "competence" in world.review.month.not_known
    monkeypatch.setattr(
        competence, "_providers", [lambda staff, at: {each.number: "교육 기한이 지남" for each in staff if each.number == "lee"}]
    )  # fmt: skip
    [(account, numbers)] = [
        (each.account, each.rows) for each in catalogue.get("untrained").check(world.review.month)
    ]
    assert (account, len(numbers)) == ("lee", 1)


def test_a_turn_that_its_operator_wrote_down_is_explained_and_nobody_elses(world) -> None:
    world.watch()
    night = datetime(2026, 10, 14, 1, tzinfo=SEOUL)
    for n in range(10):
        for account in ("kim", "lee"):
            world.add(night + n * MINUTE, Act.PTZ, world.cameras[1], account=account, content="줌")
    kim = world.agents[0]
    CameraTurn.objects.create(
        camera=world.cameras[1], turned_at=night, returned_at=night + 20 * MINUTE, reason="화재 의심", staff=kim,
        entered_by=OfficerFactory(), entered_at=night,
    )  # fmt: skip
    assert {account for account, _ in world.found("night_zoom")} == {"lee"}


def test_beyond_permission_is_asked_of_live_and_turning_too(world) -> None:
    world.watch(2)
    world.add(SHIFT, Act.PTZ, world.cameras[0], content="줌")
    assert world.found("beyond_permission") == [], "the office asks for no permission by camera"
    Parameter.objects.filter(code=gate.GATE).update(value=True)
    granted = {"granted_at": datetime(2026, 9, 1, tzinfo=SEOUL), "reason": "관제", "state": "granted"}
    period = {"from_on": date(2026, 9, 1), "until_on": date(2026, 12, 1)}
    kim, lee = world.agents
    CameraPermission.objects.create(staff=kim, scope="all", abilities=["live"], **granted, **period)
    CameraPermission.objects.create(
        staff=lee, scope="camera", camera=world.cameras[0], abilities=["live", "ptz"], **granted, **period
    )
    found = {each.account: each.why for each in catalogue.get("beyond_permission").check(world.review.month)}
    assert "회전확대 1건" in found["kim"]
    assert "실시간" not in found["kim"]
    assert f"실시간 {2 * (len(world.cameras) - 1)}건" in found["lee"]


def test_every_rule_has_a_test_here_and_an_article() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    for rule in catalogue.all_rules():
        assert rule.article
        assert any(name.startswith(rule.code) or rule.code in name for name in tested), rule.code


def test_a_count_is_as_surprising_as_chance_says() -> None:
    assert surprise(5, 5) == 0
    assert surprise(3, 5) == 0
    assert surprise(20, 5) > surprise(12, 5) > 0
    assert bar([1.0] * 5_000, 14) == 14
    assert bar([*[1.0] * 5_000, *[30.0] * 100], 14) == 60


def test_figures_that_lie_far_out_are_few_or_none() -> None:
    import pandas as pd

    assert list(far_out(pd.Series([10.0] * 50 + [500.0]), 60)[-2:]) == [False, True]
    assert not far_out(pd.Series([10.0] * 40 + [500.0] * 40), 60).any()
    assert far_out(pd.Series([], dtype=float), 60).empty


def test_a_short_rest_is_listed_and_a_long_one_only_where_it_stands_out() -> None:
    import pandas as pd

    how = {"least": 3, "rarity": 14.0, "rest_rows": 20}
    assert list(groups_to_read(pd.Series({"a": 1, "b": 2}), 100, **how)) == ["a", "b"]
    noise = {f"n{n}": 1 for n in range(60)}
    assert list(groups_to_read(pd.Series({**noise, "c": 12}), 600, **how)) == ["c"]


def bring(files) -> None:
    call_command("import_cameras", str(files["cameras"]), stderr=io.StringIO())
    assert not staff.import_file(files["staff"]).errors
    assert not duty.import_file(files["duty"]).errors
    assert not incidents.import_file(files["incidents"]).errors
    assert not import_log(files["log"], "standard", actor="command:import_access_log").errors


@pytest.mark.parametrize(("style", "seed"), [("shifts", 11), ("zones", 12)])
def test_twelve_abuses_are_found_in_a_month_of_honest_rows(tmp_path, style, seed) -> None:
    files, truth = _access_month.make(style, 20_000, seed, tmp_path, sites=300, agents=12)
    bring(files)
    out = io.StringIO()
    call_command("review_access", "--month", "2026-10", "--json", stdout=out, stderr=io.StringIO())
    answer = json.loads(out.getvalue().splitlines()[-1])
    shares, besides = _access_month.score(truth, answer["findings"])
    assert len(shares) == 12
    assert min(shares.values()) >= 0.7, shares
    assert len(besides) < 100, besides
    assert answer["explained"] > 0.9 * answer["rows"]


@pytest.mark.parametrize("month", ["2026-13", "10월", "2099-01"])
def test_a_month_that_cannot_be_reviewed_is_refused(month) -> None:
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("review_access", "--month", month, "--json", stdout=out, stderr=io.StringIO())
    assert stopped.value.code == 2
    assert json.loads(out.getvalue())["error"]


def test_a_month_without_a_log_has_no_findings() -> None:
    review = reviewing.review(2026, 9)
    assert (review.rows, review.explained, review.findings, review.unexplained()) == (0, 0, [], {})
