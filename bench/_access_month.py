"""A month of a control centre, made up: cameras, staff, roster, incidents, a log of honest work, and twelve abuses in it.

Two centres that work differently, so that a review is not tuned to one of them:

- `shifts`: four teams in three shifts; everybody watches all cameras, some of them far more often; stored pictures are
  looked at under a case number; what is turned is turned back, and the log says so.
- `zones`: three teams of twelve hours; everybody has an area; cases are looked into at neighbouring cameras too, some
  without a number; cameras are turned now and then without an incident; officials without a roster use the system by
  day; seats change within a shift; two clocks; the log says nothing of turning back.
"""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

SEOUL = timezone(timedelta(hours=9))
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
START, END = datetime(2026, 10, 1, tzinfo=SEOUL), datetime(2026, 11, 1, tzinfo=SEOUL)
LOG_COLUMNS = ["번호", "시각", "계정", "행위", "카메라", "대상시작", "대상종료", "접속지", "사건번호", "내용"]
CAMERA_COLUMNS = [
    "관리번호", "관리기관명", "소재지도로명주소", "소재지지번주소", "설치목적구분", "카메라대수", "카메라화소수", "촬영방면정보",
    "보관일수", "설치연월", "관리기관전화번호", "WGS84위도", "WGS84경도", "데이터기준일자",
]  # fmt: skip


@dataclass
class Event:
    at: datetime
    account: str
    act: str
    camera: str = ""
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""
    case: str = ""
    content: str = ""
    abuse: str = ""
    number: int = 0


@dataclass
class Person:
    number: str
    account: str
    kind: str
    address: str
    place: str
    zone: int
    shifts: list[tuple[datetime, datetime]] = field(default_factory=list)


@dataclass
class Site:
    number: str
    address: str
    latitude: float
    longitude: float
    cameras: list[str] = field(default_factory=list)


class Centre:
    def __init__(self, style: str, rows: int, seed: int, sites: int = 900, agents: int = 0) -> None:
        self.style, self.rows = style, rows
        self.chance = random.Random(seed)
        self.is_zoned = style == "zones"
        self.sites = [self._site(number) for number in range(sites)]
        self.cameras = [camera for site in self.sites for camera in site.cameras]
        self.site_of = {camera: site for site in self.sites for camera in site.cameras}
        self.people = self._people(agents or (24 if self.is_zoned else 40))
        self.agents = [person for person in self.people if person.shifts]
        self.popular = [1 / (1 + rank) ** 0.6 for rank in range(len(self.cameras))]
        self.chance.shuffle(self.popular)
        self.incidents = self._incidents(max(60, rows // 900))
        self.by_case = {incident[0]: incident for incident in self.incidents}
        self.events: list[Event] = []
        self.gap: tuple[int, int] = (0, 0)

    # -- what there is

    def _site(self, number: int) -> Site:
        road, house = number // 30, 1 + 2 * (number % 30) + self.chance.randrange(2)
        name = f"서울특별시 강서구 시험{road}로 {house}"
        latitude = 37.53 + 0.0035 * (road % 10) + 0.0001 * (number % 30)
        longitude = 126.80 + 0.012 * (road // 10) + 0.00028 * (number % 30)
        count = self.chance.choices((1, 2, 3, 4), (5, 4, 3, 2))[0]
        code = f"2026{number:014d}"
        return Site(code, name, latitude, longitude, [f"{code}-{n + 1}" for n in range(count)])

    def _people(self, agents: int) -> list[Person]:
        people = []
        for n in range(agents):
            kind = "파견경찰" if n % 8 == 7 else "관제요원"
            road, house = self.chance.randrange(30), 1 + self.chance.randrange(60)
            address = f"서울특별시 강서구 시험{road}로 {house}, {n + 101}호"
            people.append(Person(f"A{n:03d}", f"agent{n:02d}", kind, address, f"10.20.1.{n + 10}", n % 8))
        self._roster(people)
        for n in range(6):
            people.append(Person(f"G{n:03d}", f"gov{n:02d}", "공무원", "", f"10.20.2.{n + 10}", 0))
        return people

    def _roster(self, people: list[Person]) -> None:
        teams, length = (3, 12) if self.is_zoned else (4, 8)
        first = START + timedelta(hours=7)
        slots = int((END - first) / timedelta(hours=length))
        for slot in range(slots):
            begin = first + timedelta(hours=length) * slot
            turn = slot // 2 + slot % 2 if self.is_zoned else slot % 3 + slot // 12
            for n, person in enumerate(people):
                if n % teams == turn % teams:
                    person.shifts.append((begin, begin + timedelta(hours=length)))

    def _incidents(self, count: int) -> list[tuple[str, datetime, str, Person]]:
        found = []
        for n in range(count):
            at = self._instant()
            on = self.on_duty(at) or self.agents
            camera = self.chance.choices(self.cameras, self.popular)[0]
            found.append((f"2026-{n + 1:05d}", at, camera, self.chance.choice(on)))
        return sorted(found, key=lambda each: each[1])

    def _instant(self) -> datetime:
        return START + timedelta(
            hours=7, seconds=self.chance.randrange(int((END - START).total_seconds()) - 10 * 3600)
        )

    def on_duty(self, at: datetime) -> list[Person]:
        return [each for each in self.agents if any(begin <= at < end for begin, end in each.shifts)]

    # -- honest work

    def work(self) -> None:
        shifts = [(person, *shift) for person in self.agents for shift in person.shifts]
        live = int(self.rows * 0.95) - 2 * len(shifts)
        for person, begin, end in shifts:
            self._shift(person, begin, end, max(1, round(live / len(shifts))))
        for case, at, camera, person in self.incidents:
            self._case(case, at, camera, person)
        if self.is_zoned:
            self._officials()

    def _shift(self, person: Person, begin: datetime, end: datetime, looks: int) -> None:
        place = person.place
        early, late = self.chance.randrange(1, 20), self.chance.randrange(1, 20)
        self.add(begin - early * MINUTE, person, "로그인")
        length = (end - begin).total_seconds()
        if self.is_zoned:
            watched = [c for n, c in enumerate(self.cameras) if n % 8 in (person.zone, (person.zone + 1) % 8)]
            chosen = self.chance.choices(watched, k=looks)
        else:
            chosen = self.chance.choices(self.cameras, self.popular, k=looks)
        middle = begin + (end - begin) * self.chance.uniform(0.3, 0.7)
        moves_seat = self.is_zoned and self.chance.random() < 0.2
        if moves_seat:
            self.add(middle, person, "로그아웃", place=place)
            self.add(middle + 3 * MINUTE, person, "로그인", place=f"10.20.1.{200 + person.zone}")
        for camera in chosen:
            at = begin + timedelta(seconds=self.chance.uniform(-60 * early * 0.8, length + 60 * late * 0.8))
            if moves_seat and middle <= at < middle + 3 * MINUTE:
                continue
            here = f"10.20.1.{200 + person.zone}" if moves_seat and at >= middle else place
            self.add(at, person, "실시간", camera, place=here)
            if self.is_zoned and self.chance.random() < 0.0004:
                self.add(at + 9 * timedelta(seconds=1), person, "회전확대", camera, place=here, content="줌")
        here = f"10.20.1.{200 + person.zone}" if moves_seat else place
        self.add(end + late * MINUTE, person, "로그아웃", place=here)

    def _case(self, case: str, at: datetime, camera: str, seen_by: Person) -> None:
        others = self.on_duty(at)
        for _ in range(self.chance.randrange(2, 9)):
            who = seen_by if self.chance.random() < 0.7 else self.chance.choice(others or [seen_by])
            when = at + self.chance.uniform(-4, 50) * MINUTE
            if not any(begin - 15 * MINUTE <= when < end + 15 * MINUTE for begin, end in who.shifts):
                continue
            self.add(when, who, "실시간", self._about(camera))
            if self.chance.random() < 0.6:
                self.add(when + 20 * timedelta(seconds=1), who, "회전확대", camera, content="확대 x4")
                if not self.is_zoned:
                    self.add(when + 6 * MINUTE, who, "회전확대", camera, content="등록 방향 복귀")
        for _ in range(self.chance.randrange(0, 5)):
            after = at + self.chance.uniform(5, 90) * MINUTE
            who = self.chance.choice(self.on_duty(after) or [seen_by])
            if not any(begin <= after < end for begin, end in who.shifts):
                continue
            start = at - self.chance.uniform(2, 30) * MINUTE
            end = at + self.chance.uniform(2, 30) * MINUTE
            named = "" if self.is_zoned and self.chance.random() < 0.2 else case
            seen = self._about(camera) if named else camera
            self.add(after, who, "재생", seen, min(start, after), min(end, after), case=named)
        if self.chance.random() < 0.25:
            after = at + self.chance.uniform(2, 60) * HOUR
            who = self.chance.choice(self.on_duty(after) or [seen_by])
            if any(begin <= after < end for begin, end in who.shifts) and after < END:
                for _ in range(self.chance.randrange(1, 4)):
                    start = at - self.chance.uniform(1, 20) * MINUTE
                    self.add(
                        after,
                        who,
                        "반출",
                        self._about(camera),
                        start,
                        at + 20 * MINUTE,
                        case=case,
                        content="제공",
                    )

    def _about(self, camera: str) -> str:
        """The camera, or in some centres now and then a neighbour."""
        if not self.is_zoned or self.chance.random() < 0.7:
            return camera
        place = self.sites.index(self.site_of[camera])
        return self.chance.choice(self.sites[max(place - 2, 0) : place + 3][0].cameras)

    def _officials(self) -> None:
        for person in self.people[len(self.agents) :]:
            for day in range(31):
                begin = START + timedelta(days=day, hours=9)
                if begin.weekday() < 5:
                    self.add(begin, person, "로그인")
                    for camera in self.chance.choices(self.cameras, k=6):
                        self.add(begin + self.chance.uniform(0.1, 8) * HOUR, person, "실시간", camera)
                    self.add(begin + 9 * HOUR, person, "로그아웃")

    def add(
        self, at: datetime, person: Person, act: str, camera: str = "", start: datetime | None = None,
        end: datetime | None = None, *, place: str = "", case: str = "", content: str = "", abuse: str = "",
    ) -> None:  # fmt: skip
        if START <= at < END:
            self.events.append(
                Event(
                    at, person.account, act, camera, start, end, place or person.place, case, content, abuse
                )
            )

    # -- abuses

    def plant(self) -> None:
        """Twelve, each by another person."""
        culprits = self.chance.sample(self.agents, 10)
        plans: list[Callable[[Person], None]] = [
            self._without_case, self._off_duty, self._same_camera, self._night_zooms, self._export_without_case,
            self._large_export, self._neighbourhood, self._two_places, self._turned_away, self._bulk,
        ]  # fmt: skip
        for person, plan in zip(culprits, plans, strict=True):
            plan(person)

    def _moment(self, person: Person, *, night: bool = False) -> datetime:
        while True:
            begin, end = self.chance.choice(person.shifts)
            at = begin + (end - begin) * self.chance.uniform(0.2, 0.6)
            if not night or at.hour < 5:
                return at

    def _quiet_camera(self) -> str:
        used = {incident[2] for incident in self.incidents}
        return self.chance.choice([camera for camera in self.cameras if camera not in used])

    def _without_case(self, person: Person) -> None:
        at = self._moment(person)
        for n in range(8):
            start = at - (20 + n) * HOUR
            self.add(
                at + 4 * n * MINUTE, person, "재생", self._quiet_camera(), start, start + 15 * MINUTE,
                abuse="look_without_case",
            )  # fmt: skip

    def _off_duty(self, person: Person) -> None:
        while True:
            at = self._instant()
            if all(at < begin - 3 * HOUR or at > end + 2 * HOUR for begin, end in person.shifts):
                break
        self.add(at, person, "로그인", abuse="off_duty")
        for n in range(9):
            self.add(at + (n + 1) * 3 * MINUTE, person, "실시간", self._quiet_camera(), abuse="off_duty")

    def _same_camera(self, person: Person) -> None:
        camera = self._quiet_camera()
        for _ in range(4):
            at = self._moment(person)
            for n in range(12):
                self.add(at + 5 * n * MINUTE, person, "실시간", camera, abuse="same_camera")

    def _night_zooms(self, person: Person) -> None:
        at = self._moment(person, night=True)
        for n in range(10):
            self.add(
                at + 3 * n * MINUTE,
                person,
                "회전확대",
                self._quiet_camera(),
                content="확대 x16",
                abuse="night_zoom",
            )
            if not self.is_zoned:
                self.add(
                    at + 3 * n * MINUTE + MINUTE,
                    person,
                    "회전확대",
                    self.events[-1].camera,
                    content="등록 방향 복귀",
                )

    def _export_without_case(self, person: Person) -> None:
        at = self._moment(person)
        for n in range(2):
            start = at - 30 * HOUR
            self.add(
                at + n * MINUTE, person, "반출", self._quiet_camera(), start, start + 20 * MINUTE, content="USB",
                abuse="export_outside_case",
            )  # fmt: skip

    def _large_export(self, person: Person) -> None:
        case, at, camera, _ = self.chance.choice(
            [each for each in self.incidents if each[1] < END - 5 * 24 * HOUR]
        )
        after = next((b + 2 * HOUR for b, _ in person.shifts if b > at), self._moment(person))
        self.add(
            after, person, "반출", camera, at - 4 * HOUR, at + 4 * HOUR, case=case, content="제공",
            abuse="export_larger_than_case",
        )  # fmt: skip

    def _neighbourhood(self, person: Person) -> None:
        road = self.chance.randrange(len(self.sites) // 30)
        home = self.sites[30 * road + self.chance.randrange(30)]
        person.address = f"{home.address}, 301호"
        start = 30 * road
        around = [
            c
            for site in self.sites[start : start + 30]
            if abs(site.latitude - home.latitude) < 0.0003
            for c in site.cameras
        ]
        for _ in range(8):
            at = self._moment(person)
            for n in range(5):
                self.add(
                    at + 7 * n * MINUTE,
                    person,
                    "실시간",
                    self.chance.choice(around),
                    abuse="own_neighbourhood",
                )

    def _two_places(self, person: Person) -> None:
        at = self._moment(person)
        for n in range(6):
            self.add(
                at + 2 * n * MINUTE, person, "실시간", self.chance.choice(self.cameras), place="172.16.9.77",
                abuse="shared_account",
            )  # fmt: skip

    def _turned_away(self, person: Person) -> None:
        at = self._moment(person)
        for n in range(3):
            self.add(
                at + n * MINUTE,
                person,
                "회전확대",
                self._quiet_camera(),
                content="방향 이탈",
                abuse="turned_away",
            )

    def _bulk(self, person: Person) -> None:
        at = self._moment(person)
        case = self.incidents[len(self.incidents) // 2][0]
        for n in range(90):
            camera = self.chance.choice(self.cameras)
            self.add(
                at + n * timedelta(seconds=20), person, "재생", camera, at - 9 * HOUR, at - 8 * HOUR, case=case,
                abuse="bulk_reading",
            )  # fmt: skip

    # -- files

    def finish(self) -> None:
        """Numbers in the order of time; then some rows are taken out, and some set back."""
        self.events.sort(key=lambda event: event.at)
        gap = len(self.events) // 3
        while any(event.abuse for event in self.events[gap - 1 : gap + 41]):
            gap += 50
        for number, event in enumerate(self.events, start=1):
            event.number = number
        self.events[gap - 1].abuse = self.events[gap + 40].abuse = "log_gap"
        del self.events[gap : gap + 40]
        back = 2 * len(self.events) // 3
        while any(event.abuse for event in self.events[back : back + 12]):
            back += 50
        for event in self.events[back : back + 12]:
            event.at -= 5 * HOUR
            event.abuse = "log_rewind"
        if self.is_zoned:  # the clock of a second machine
            for event in self.events:
                if not event.abuse and event.place.endswith(("3", "7")):
                    event.at += timedelta(seconds=40)

    def truth(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for event in self.events:
            if event.abuse:
                found.setdefault(event.abuse, set()).add(str(event.number))
        return found

    def write(self, folder: Path) -> dict[str, Path]:
        return {
            "cameras": _write(folder / "cameras.csv", CAMERA_COLUMNS, self._camera_rows()),
            "staff": _write(
                folder / "staff.csv",
                ["사번", "성명", "구분", "소속", "계정", "시작일", "종료일", "주소"],
                ([p.number, f"이름{p.number}", p.kind, "관제", p.account, "2026-01-01", "", p.address] for p in self.people),
            ),
            "duty": _write(
                folder / "duty.csv",
                ["사번", "시작", "종료"],
                ([p.number, _text(begin), _text(end)] for p in self.people for begin, end in p.shifts),
            ),
            "incidents": _write(
                folder / "incidents.csv",
                ["사건번호", "인지시각", "카메라", "종류", "사번", "통보기관", "통보시각"],
                (
                    [case, _text(at), camera, "시비", person.number, "112", _text(at + MINUTE)]
                    for case, at, camera, person in self.incidents
                ),
            ),
            "log": _write(folder / "log.csv", LOG_COLUMNS, map(_log_row, self.events)),
        }  # fmt: skip

    def _camera_rows(self) -> Iterator[list[Any]]:
        for site in self.sites:
            yield [
                site.number, "서울특별시 강서구청", site.address, "", "생활방범", len(site.cameras), 200, "전방면", 30,
                "2020-01", "02-2600-0000", f"{site.latitude:.7f}", f"{site.longitude:.7f}", "2026-09-30",
            ]  # fmt: skip


def _log_row(event: Event) -> list[Any]:
    return [
        event.number, _text(event.at), event.account, event.act, event.camera, _text(event.start), _text(event.end),
        event.place, event.case, event.content,
    ]  # fmt: skip


def _text(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else ""


def _write(path: Path, header: list[str], rows: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def make(
    style: str, rows: int, seed: int, folder: Path, **how: Any
) -> tuple[dict[str, Path], dict[str, set[str]]]:
    """The five files, and the event numbers of each abuse."""
    centre = Centre(style, rows, seed, **how)
    centre.work()
    centre.plant()
    centre.finish()
    return centre.write(folder), centre.truth()


def score(truth: dict[str, set[str]], findings: list[dict[str, Any]]) -> tuple[dict[str, float], set[str]]:
    """The share of each abuse's events that is listed, and what is listed besides."""
    listed = {number for finding in findings for number in finding["events"]}
    planted = set().union(*truth.values())
    return {name: len(numbers & listed) / len(numbers) for name, numbers in truth.items()}, listed - planted
