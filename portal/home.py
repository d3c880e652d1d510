"""The portal's first page: what I do, what I wait for, what I should know; and the figures that show that all is well.

The items come from every app's provider (`ordinance.due`), each with the rights of which one is needed to do it. It is
the task of those who have such a right, and stands with whoever asked for it as waiting; the rest is not their duty.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from accounts.longrun import RunState
from accounts.models import Officer
from cameras.models import Camera
from footage.models import DailyProof, Hold, Sweep
from ledger.models import SignedHead
from ordinance import due
from ordinance.due import DueItem, Severity
from portal import desk_counts
from portal.access import may, officer, roles_with

MOST_NAMED = 3


@dataclass(frozen=True)
class Desk:
    """What lies before one person: to do, waiting for others, to know."""

    mine: Sequence[DueItem]
    waiting: Sequence[DueItem]
    notices: Sequence[DueItem]


@dataclass(frozen=True)
class Line:
    """An item as one line: how many days are left, and who is waited for."""

    item: DueItem
    today: datetime.date
    url: str = ""
    # Of those who can act (`names_of`).
    names: Mapping[int, str] = field(default_factory=dict)

    @property
    def days(self) -> str:
        return days_text(self.item.due_on, self.today)

    @property
    def who(self) -> str:
        """The few persons who can, by name; else the roles."""
        if self.item.only is not None and not self.item.only:
            return "할 수 있는 담당자가 없음"
        named = [self.names[key] for key in sorted(_named_of(self.item)) if key in self.names]
        if named:
            return ", ".join(named)
        return ", ".join(role.label for role in roles_with(self.item.needs)) if self.item.needs else ""


def _named_of(item: DueItem) -> frozenset[int]:
    """Whom the line names: nobody where they are many."""
    if item.only is not None:
        return item.only if len(item.only) <= MOST_NAMED else frozenset()
    return frozenset() if item.officer_id is None else frozenset({item.officer_id})


def names_of(items: Iterable[DueItem]) -> dict[int, str]:
    """The persons whom these lines name, in one query."""
    keys = frozenset[int]().union(*map(_named_of, items))
    return {one.pk: str(one) for one in Officer.objects.filter(pk__in=keys)} if keys else {}


def days_text(due_on: datetime.date | None, today: datetime.date) -> str:
    """The due date in words, seen from today; empty without one."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return "오늘까지"
    return f"{days:,}일 남음" if days > 0 else f"{-days:,}일 지남"


@dataclass(frozen=True)
class Figure:
    """A number on the first page, where it comes from and where more is to be read."""

    label: str
    value: str
    source: str
    url_name: str

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


def desk(person: Officer, now: datetime.datetime) -> Desk:
    """By what the person may do, the worst first. Asks each provider once."""
    items = [item for item in due.collect(now, person) if concerns(person, item)]
    mine = [item for item in items if is_to_do(person, item)]
    rest = [item for item in items if item not in mine]
    waiting = [item for item in rest if _is_waited_for(person, item)]
    told = [item for item in rest if item not in waiting and is_notice(item)]
    return Desk(mine, waiting, told)


def _is_waited_for(person: Officer, item: DueItem) -> bool:
    """It is this person's matter, and somebody else acts."""
    return item.asker_id == person.pk or (bool(item.waits) and may(person, item.waits))


def is_notice(item: DueItem) -> bool:
    """What fails is told to everybody who may see it, as what nobody in particular does; another's task is not."""
    return item.severity in (Severity.INFO, Severity.FAILED) or not item.href or item.is_anybodys


def is_to_do(person: Officer, item: DueItem) -> bool:
    """Whether this person is one of those whose task it is."""
    if item.severity == Severity.INFO or not item.href or person.pk in item.not_by or item.is_anybodys:
        return False
    if item.officer_id not in (None, person.pk) or (item.only is not None and person.pk not in item.only):
        return False
    return (not item.needs or may(person, item.needs)) and _is_open(person, item.href)


def concerns(person: AbstractBaseUser, item: DueItem) -> bool:
    """Whether a screen of the item is open to this person; an item without a screen concerns everybody."""
    return not item.href or bool(way_in(person, item))


def way_in(person: AbstractBaseUser, item: DueItem) -> str:
    """Where this person deals with it, or reads what others are waited for; empty where neither is open."""
    return next((url for url in (item.href, item.page_href) if url and _is_open(person, url)), "")


def _is_open(person: AbstractBaseUser, url: str) -> bool:
    try:
        view = resolve(url.partition("?")[0]).func
    except Resolver404:
        return True
    return may(person, getattr(view, "required_permissions", ("wagtailadmin.access_admin",)))


def figures(person: AbstractBaseUser, now: datetime.datetime) -> Iterator[Figure]:
    """What this person may know of the state of things."""
    if may(person, ["cameras.view_camera"]):
        yield _cameras_operating()
    if may(person, ["footage.view_dailyproof"]):
        yield _within_period()
    if may(person, ["footage.view_sweep"]):
        yield _destroyed_yesterday(now)
        yield _last_sweep()
    if may(person, ["footage.view_hold"]):
        yield _holds_in_force()
    if may(person, ["ledger.view_signedhead"]):
        yield _last_seal()


def _cameras_operating() -> Figure:
    return Figure(
        "운영 중인 카메라",
        f"{Camera.objects.operating().count():,}대",
        "카메라 대장",
        "cameras:list",
    )


def _within_period() -> Figure:
    """Of the newest day with proofs: of how many cameras footage was seen, and nothing in it older than allowed."""
    newest = DailyProof.objects.aggregate(on=Max("on"))["on"]
    proofs = DailyProof.objects.filter(on=newest).aggregate(
        all=Count("pk"), ok=Count("pk", filter=Q(result=DailyProof.Result.IN_ORDER))
    )
    value = f"{proofs['ok']:,} / {proofs['all']:,}대" if newest else "확인 전"
    source = f"일일 파기 확인 {newest:%Y-%m-%d}" if newest else "일일 파기 확인"
    return Figure("보관기간을 지킨 것이 확인된 카메라", value, source, "footage:proofs")


def _destroyed_yesterday(now: datetime.datetime) -> Figure:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sweeps = Sweep.objects.filter(
        is_dry_run=False, finished_at__gte=today - datetime.timedelta(days=1), finished_at__lt=today
    )
    # Without a sweep nothing was counted: that is not zero.
    destroyed = sweeps.aggregate(total=Sum("destroyed"))["total"]
    value = "실행 없음" if destroyed is None else f"{destroyed:,}개"
    return Figure("어제 파기한 파일", value, "파기 실행 기록", "footage:sweeps")


def _last_sweep() -> Figure:
    sweep = Sweep.objects.filter(is_dry_run=False, state=RunState.SUCCEEDED).order_by("-pk").first()
    value = _when(sweep.finished_at) if sweep else "없음"
    return Figure("마지막 정상 파기 실행", value, "파기 실행 기록", "footage:sweeps")


def _holds_in_force() -> Figure:
    holds = Hold.objects.filter(released_at__isnull=True).count()
    return Figure("삭제 유예 중", f"{holds:,}건", "삭제 유예", "footage:holds")


def _last_seal() -> Figure:
    head = SignedHead.objects.order_by("-size").first()
    value = _when(head.at) if head else "없음"
    source = f"원장 봉인 (기록 {head.size:,}건)" if head else "원장 봉인"
    return Figure("마지막 원장 봉인", value, source, "ledger:heads")


def _when(instant: datetime.datetime | None) -> str:
    return f"{timezone.localtime(instant):%m-%d %H:%M}" if instant else "없음"


class DuePanel(Component):
    name = "due"
    template_name = "portal/home/due.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request: HttpRequest = (parent_context or {})["request"]
        now, person = timezone.now(), officer(request)
        found = desk(person, now)
        desk_counts.keep(person, found.mine)
        today, names = timezone.localdate(now), names_of(found.waiting)
        return {
            "columns": [
                (name, label, [Line(item, today, way_in(person, item), names) for item in items])
                for name, label, items in (
                    ("mine", "내가 할 일", found.mine),
                    ("waiting", "남을 기다리는 일", found.waiting),
                    ("notices", "알림", found.notices),
                )
            ],
            "now": now,
        }


class FiguresPanel(Component):
    name = "figures"
    template_name = "portal/home/figures.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request: HttpRequest = (parent_context or {})["request"]
        return {"figures": list(figures(officer(request), timezone.now()))}
