"""What stands between an officer and a frame. Each gate has a name, and says in words why it is shut and what to do.

    gates.register("training", untrained, is_standing=True)

Gates of other apps register when theirs is ready. One that `is_standing` is asked again for every part of what is watched.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Officer
from cameras.models import Camera
from casework.refusals import Refusal, unwritten
from records.access.cases import SECRECY, Case, Range
from records.look_enums import LookStep

PERMISSION = "records.look_at_footage"
LONGEST_PURPOSE = 500


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody's look belongs to, be it at footage or at a person's data: one kind and key, whatever is opened."""

    kind: str
    key: int
    number: str
    # All of these, to deal with it at all.
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What the door is asked: one or several ranges of one matter, together."""

    officer: Officer
    case: Case
    step: LookStep
    purpose: str
    # With the part of each that is wanted.
    ranges: tuple[tuple[Range, dt.datetime, dt.datetime], ...]
    is_clear: bool = False

    @property
    def matter(self) -> Matter:
        return matter_of(self.case)


def matter_of(case: Case) -> Matter:
    return Matter(case.kind, case.row.pk, case.number, (PERMISSION, case.permission))


Gate = Callable[[Wish], Iterable[Refusal]]
# Asks of who looks, whatever it is that is opened: footage or the data of a person.
PersonalGate = Callable[[Officer, Matter], Iterable[Refusal]]
_gates: dict[str, Gate] = {}
_personal: dict[str, PersonalGate] = {}
_standing: set[str] = set()


@dataclass(frozen=True)
class _OfPerson:
    """Of a wish such a gate reads no more than who and for which matter."""

    gate: PersonalGate

    def __call__(self, wish: Wish) -> Iterable[Refusal]:
        return self.gate(wish.officer, wish.matter)


def register(name: str, gate: Gate, *, is_standing: bool = False) -> None:
    if _gates.setdefault(name, gate) is not gate:
        raise ValueError(f"a gate named {name!r} is already there")
    if is_standing:
        _standing.add(name)


def register_personal(name: str, gate: PersonalGate, *, is_standing: bool = False) -> None:
    """Asked before footage and before the data of a person alike."""
    if _personal.setdefault(name, gate) is not gate:
        raise ValueError(f"a gate named {name!r} is already there")
    register(name, _OfPerson(gate), is_standing=is_standing)


def personal_refusals(officer: Officer, matter: Matter) -> list[Refusal]:
    """Everything that keeps somebody from the data of the persons of a matter."""
    return [refusal for gate in _personal.values() for refusal in gate(officer, matter)]


def names() -> list[str]:
    return list(_gates)


def refusals(wish: Wish) -> list[Refusal]:
    """Everything that keeps it shut; empty where it opens."""
    return [refusal for gate in _gates.values() for refusal in gate(wish)]


def standing_refusals(wish: Wish) -> list[Refusal]:
    """What shuts it again while somebody is looking."""
    return [refusal for name, gate in _gates.items() if name in _standing for refusal in gate(wish)]


CopyGate = Callable[[Officer, Camera], Iterable[Refusal]]
_copy_gates: list[CopyGate] = []


def register_for_copies(gate: CopyGate) -> None:
    """What is asked besides before a picture of a look is kept: a copy leaves."""
    if gate not in _copy_gates:
        _copy_gates.append(gate)


def copy_refusals(officer: Officer, camera: Camera) -> list[Refusal]:
    return [refusal for gate in _copy_gates for refusal in gate(officer, camera)]


def _permission(wish: Wish) -> Iterator[Refusal]:
    if not all(wish.officer.has_perm(name) for name in (PERMISSION, wish.case.permission)):
        yield Refusal(
            "permission",
            "영상을 재생할 권한이 없습니다.",
            "조례 제23조제1항",
            "시스템 관리자에게 역할을 확인하십시오.",
        )


def _case(wish: Wish) -> Iterator[Refusal]:
    yield from wish.case.refuse(wish.step)
    for one, _, _ in wish.ranges:
        yield from wish.case.refuse_range(wish.step, one.hold)
    open_holds = {one.hold.pk for one in wish.case.ranges()}
    if any(one.hold.pk not in open_holds for one, _, _ in wish.ranges):
        yield Refusal(
            "released",
            "이 사건이 더는 그 카메라의 영상을 보관하지 않습니다.",
            SECRECY,
            "제외한 카메라인지, 유예를 해제했는지 확인하십시오.",
        )


def _identity(wish: Wish) -> Iterable[Refusal]:
    return wish.case.refuse_unknown(wish.step)


def _others(wish: Wish) -> Iterator[Refusal]:
    if wish.step == LookStep.SHOW and not wish.is_clear:
        yield Refusal(
            "others",
            "다른 사람을 알아볼 수 있는 영상을 그대로 보여 줄 수 없습니다.",
            "표준 개인정보 보호지침 제46조",
            "다른 사람이 없음을 확인하고 표시하거나, 가린 사본을 보여 주십시오.",
            field="is_clear",
        )


def _purpose(wish: Wish) -> Iterator[Refusal]:
    text = "무엇을 보려는지, 왜 보아야만 하는지 적으십시오."
    yield from unwritten(wish.purpose, "purpose", text, SECRECY)
    if len(wish.purpose.strip()) > LONGEST_PURPOSE:
        yield Refusal("purpose", f"목적은 {LONGEST_PURPOSE}자까지 적습니다.", field="purpose")


def _range(wish: Wish) -> Iterator[Refusal]:
    if not wish.ranges:
        yield Refusal("ranges", "볼 카메라를 고르십시오.", SECRECY, field="cameras")
    for one, from_at, until_at in wish.ranges:
        number = (one.camera.number,)
        if until_at <= from_at:
            text = "끝 시각은 시작 시각보다 뒤여야 합니다."
            yield Refusal("order", text, numbers=number, field="until_at")
        elif not (one.from_at <= from_at and until_at <= one.until_at):
            yield Refusal(
                "range",
                "이 사건이 보관하는 구간을 벗어납니다.",
                SECRECY,
                "보관하는 구간 안에서 고르십시오.",
                numbers=number,
                field="from_at",
            )


def register_own() -> None:
    register("permission", _permission, is_standing=True)
    register("case", _case, is_standing=True)
    register("identity", _identity, is_standing=True)
    register("others", _others)
    register("range", _range)
    register("purpose", _purpose)
