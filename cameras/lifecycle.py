"""설치부터 철거까지: the only writer of a camera's state.

`TABLE` says which step may follow which state, under which article; nothing else moves a camera. A step waits for the
rules that name its event as gate (`ordinance.rules.gating`), judged as of the day of the step. An act moves one or
many cameras: all of them or none, in a number of statements that does not grow with them, with one ledger line, the
history of every camera, and one row per camera that tells what it was before.

Moving a camera and changing its purpose close the installation and open the next one at "planned": earlier papers
prove nothing for it, and it leaves its project (Guideline art. 38: the duties start anew).
"""

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Min
from django.utils import timezone

from accounts.korean import josa
from accounts.models import Officer
from cameras import bulk_change, findings, purposes, relocating
from cameras.enums import STANDING, CameraState, LifecycleEvent
from cameras.models import Camera, InstallationProject, LifecycleAct, Move, PurposeMapping, Site
from cameras.purposes import Stated
from cameras.querysets import CameraQuerySet, InList
from casework import second_person
from casework.models import Attachment
from casework.moves import AllowedMove, StateTable
from casework.refusals import Refusal, refuse_if
from ledger import append
from ordinance import problems, rules
from ordinance.parameters import active_profile
from ordinance.rules import Context, Rule

State, Event = CameraState, LifecycleEvent
FIRST_YEAR = 1990
# One transaction holds these rows; more keep others waiting.
MOST_AT_ONCE = 20_000
# So many numbers stand in the ledger line itself; the digest covers all of them.
NUMBERS_IN_LEDGER = 1_000

UNDER_WAY = (State.CONSULTED, State.DELIBERATED, State.APPROVED)
_NEW_INSTALLATION = (Event.RELOCATE, Event.CHANGE_PURPOSE)


class CameraTable(StateTable):
    def what_first(self, line: AllowedMove, state: str) -> str:
        if state == State.REMOVED:
            return "철거한 카메라는 다시 쓰지 않습니다. 새 카메라로 등록하십시오."
        following = self.next_event(state)
        order = [each.value for each in State]
        if following and order.index(line.from_states[0]) > order.index(state):
            return (
                f"먼저 ‘{Event(following).label}’{josa(Event(following).label, '을/를')} 처리하십시오"
                f"(‘{Event(line.event).label}’ 앞의 단계: {line.before})."
            )
        if line.event in _NEW_INSTALLATION:
            return "아직 계획이므로 장소와 목적을 카메라의 ‘고치기’에서 바로 바꾸십시오."
        return (
            "이미 지난 단계입니다. 되돌리려면 ‘계획으로 되돌림’을 쓰십시오."
            if state in UNDER_WAY
            else "이미 지난 단계입니다."
        )


TABLE = CameraTable(
    (
        AllowedMove(Event.CONSULT, (State.PLANNED,), State.CONSULTED, "조례 제7조", "계획으로 등록"),
        AllowedMove(Event.DELIBERATE, (State.CONSULTED,), State.DELIBERATED, "조례 제5조·제8조", "협의 완료"),
        AllowedMove(Event.APPROVE, (State.DELIBERATED,), State.APPROVED, "조례 제6조", "심의 완료"),
        AllowedMove(Event.INSTALL, (State.APPROVED,), State.INSTALLED, "조례 제5조·제6조", "승인"),
        AllowedMove(Event.OPERATE, (State.INSTALLED,), State.OPERATING, "조례 제9조·제10조·제13조", "설치"),
        AllowedMove(
            Event.SUSPEND, (State.OPERATING,), State.SUSPENDED, "조례 제4조", "운영 시작", is_forward=False
        ),
        AllowedMove(
            Event.RESUME, (State.SUSPENDED,), State.OPERATING, "조례 제9조·제10조", "중지", is_forward=False
        ),
        AllowedMove(
            Event.RETURN, UNDER_WAY, State.PLANNED, "조례 제7조·제8조", "협의 완료", is_forward=False
        ),
        AllowedMove(
            Event.RELOCATE,
            (*UNDER_WAY, *STANDING),
            State.PLANNED,
            "표준 개인정보 보호지침 제38조",
            "협의 완료",
            is_forward=False,
        ),
        AllowedMove(
            Event.CHANGE_PURPOSE,
            (*UNDER_WAY, *STANDING),
            State.PLANNED,
            "표준 개인정보 보호지침 제38조",
            "협의 완료",
            is_forward=False,
        ),
        AllowedMove(
            Event.REMOVE,
            (State.PLANNED, *UNDER_WAY, *STANDING),
            State.REMOVED,
            "조례 제6조·제24조",
            "등록",
            is_forward=False,
        ),
    ),
    states=State,
    events=Event,
)
# Resuming is beginning again: what had to be met to operate has to be met to go on.
_GATES_LIKE = {Event.RESUME.value: Event.OPERATE.value}
_CITATION_OF_IMPORTS = "조례 제6조·제24조"
# What CHANGE_PURPOSE may set, and must.
PURPOSE_FIELDS = (
    "install_purpose",
    "purpose_detail",
    "dataset_purpose",
    "pipa25_ground",
    "special_law_basis",
)


def gates(event: str) -> list[Rule]:
    """The rules that must be met before that event, in the order in which they are best met.

    The sign comes last: whatever else is put right may change what it has to say.
    """
    return sorted(rules.gating(_GATES_LIKE.get(event, event)), key=lambda rule: rule.code == "sign")


def check(
    event: str,
    cameras: CameraQuerySet,
    *,
    on: datetime.date | None = None,
    changes: Mapping[str, Any] | None = None,
) -> list[Refusal]:
    """What `act` would refuse today; nothing is written. Empty: the step may be taken."""
    day = on or timezone.localdate()
    refusals = _refuse_day(day)
    chosen = list(cameras.order_by("pk").values_list("pk", "number", "state")[: MOST_AT_ONCE + 1])
    refusals += _refuse_selection(chosen)
    if event not in TABLE:
        refusals.append(Refusal("event", f"없는 처리입니다: {event}", "조례 제6조"))
    if refusals:
        return refusals
    refusals += _refuse_states(event, chosen)
    refusals += _refuse_backdating(chosen, day)
    refusals += _refuse_gates(event, [pk for pk, _, _ in chosen], day)
    return [*refusals, *_refuse_changes(event, changes)]


def _refuse_day(on: datetime.date) -> list[Refusal]:
    if on > timezone.localdate():
        return [
            Refusal(
                "future", "처리일이 오늘보다 뒤입니다.", "조례 제6조", "이미 일어난 일의 날짜를 적으십시오."
            )
        ]
    if on.year < FIRST_YEAR:
        return [
            Refusal("past", f"처리일이 {FIRST_YEAR}년보다 앞섭니다.", "조례 제6조", "날짜를 확인하십시오.")
        ]
    return []


def _refuse_selection(chosen: list[tuple[int, str, str]]) -> list[Refusal]:
    if not chosen:
        return [
            Refusal("none", "카메라를 고르지 않았습니다.", "조례 제6조", "카메라를 하나 이상 고르십시오.")
        ]
    if len(chosen) > MOST_AT_ONCE:
        return [
            Refusal(
                "many",
                f"한 번에 {MOST_AT_ONCE:,}대까지 처리할 수 있습니다.",
                "조례 제6조",
                "조건을 좁히십시오.",
            )
        ]
    return []


def _refuse_states(event: str, chosen: list[tuple[int, str, str]]) -> list[Refusal]:
    by_state: dict[str, list[str]] = defaultdict(list)
    for _, number, state in chosen:
        by_state[state].append(number)
    return [_told_who(refusal, event) for refusal in TABLE.refuse(event, by_state)]


def _told_who(refusal: Refusal, event: str) -> Refusal:
    """Of two who take the same step the second reads who was first, and when."""
    last = Move.objects.filter(camera__number__in=refusal.numbers[:NUMBERS_IN_LEDGER]).order_by("-pk")
    move = last.select_related("act__by").first()
    if move is None or move.act.event != event:
        return refusal
    return replace(refusal, remedy=f"{who_and_when(move.act)} {refusal.remedy}".strip())


def who_and_when(done: LifecycleAct) -> str:
    """One sentence about an act that is on record."""
    who = str(done.by) if done.by else "표준데이터 가져오기"
    particle = josa(who, "이/가")
    at = f"{timezone.localtime(done.at):%Y-%m-%d %H:%M}"
    return f"{who}{particle} {at}에 이미 ‘{done.get_event_display()}’ 처리를 했습니다."


def _refuse_backdating(chosen: list[tuple[int, str, str]], on: datetime.date) -> list[Refusal]:
    last_steps = (
        Move.objects.filter(InList("camera", [pk for pk, _, _ in chosen]))
        .order_by()
        .values("camera_id", "camera__number")
        .annotate(last=Max("act__on"))
        .filter(last__gt=on)
        .values_list("camera__number", "last")
    )
    late = sorted(last_steps)
    if not late:
        return []
    latest = max(last for _, last in late)
    return [
        Refusal(
            "order",
            f"처리일 {on}{josa(on, '이/가')} 앞 단계의 날짜({latest})보다 앞섭니다.",
            "조례 제6조",
            f"{latest} 이후의 날짜를 적으십시오.",
            numbers=tuple(number for number, _ in late),
        )
    ]


def _refuse_gates(event: str, ids: list[int], on: datetime.date) -> list[Refusal]:
    context = Context(on, active_profile())
    found = problems.among(gates(event), Camera.objects.among(ids), context, most=len(ids))
    return [
        Refusal(
            f"rule:{problem.rule.code}",
            f"{problem.rule.title}: {problem.rule.message}",
            problem.rule.provision,
            problem.rule.remedy,
            problem.rule.remedy_url,
            problem.rule.warning,
            problem.numbers,
        )
        for problem in found
    ]


def _refuse_changes(event: str, changes: Mapping[str, Any] | None) -> list[Refusal]:
    given = dict(changes or {})
    if event == Event.RELOCATE:
        if not isinstance(given.get("site"), Site):
            return [
                Refusal(
                    "site",
                    "옮길 설치장소가 없습니다.",
                    "표준 개인정보 보호지침 제38조",
                    "새 설치장소를 고르십시오.",
                )
            ]
        return []
    if event == Event.CHANGE_PURPOSE:
        if problem := _problem_with_purpose(given):
            return [Refusal("purpose", problem, "조례 제6조", "새 목적을 적으십시오.")]
        # Nothing stored: the rule on purposes asks for it at the steps that follow, when the period can be put right.
        return [
            *purposes.refusals(_stated(given), leaving_out=[purposes.STORED]),
            *purposes.dataset_refusals(
                given["install_purpose"], given["dataset_purpose"], PurposeMapping.by_dataset()
            ),
        ]
    if given:
        return [Refusal("changes", "이 처리로는 다른 항목을 바꿀 수 없습니다.", "조례 제6조")]
    return []


def _problem_with_purpose(given: Mapping[str, Any]) -> str:
    if unknown := set(given) - set(PURPOSE_FIELDS):
        return f"목적 변경으로 바꿀 수 없는 항목입니다: {', '.join(sorted(unknown))}"
    fields: dict[str, Any] = {name: Camera._meta.get_field(name) for name in PURPOSE_FIELDS}
    for name in ("install_purpose", "dataset_purpose", "pipa25_ground"):
        if given.get(name) in (None, ""):
            return f"{fields[name].verbose_name}{josa(fields[name].verbose_name, '이/가')} 없습니다."
    for name, value in given.items():
        try:
            fields[name].clean(value, None)
        except ValidationError as error:
            return f"{fields[name].verbose_name}: {' '.join(error.messages)}"
    return ""


def _stated(given: Mapping[str, Any]) -> Stated:
    """What a change of purpose states: law and detail of the former purpose do not count for the new one."""
    return Stated(
        given["install_purpose"],
        int(given["pipa25_ground"]),
        given.get("special_law_basis") or "",
        given.get("purpose_detail") or "",
    )


def act(
    event: str,
    cameras: CameraQuerySet,
    *,
    on: datetime.date,
    by: Officer,
    reason: str,
    document_number: str = "",
    attachments: Iterable[Attachment] = (),
    project: InstallationProject | None = None,
    changes: Mapping[str, Any] | None = None,
) -> LifecycleAct:
    """Take the step for all these cameras, or for none.

    `changes` belong to the step: `{"site": Site}` for RELOCATE, the fields of `PURPOSE_FIELDS` for CHANGE_PURPOSE.
    Raises `Refused` with every refusal (see `check`), ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": "사유를 적어야 합니다."})
    files = list(attachments)
    with transaction.atomic():
        asked = list(cameras.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        # Held until the end: of two acts at once the second sees what the first one did.
        held = list(Camera.objects.among(asked).select_for_update(of=("self",)).order_by("pk"))
        refuse_if(check(event, Camera.objects.among(asked), on=on, changes=changes))
        made = LifecycleAct(
            event=event,
            on=on,
            document_number=document_number.strip(),
            reason=reason.strip(),
            citation=TABLE.line(event).article,
            project=project or _common_project(held),
            by=by,
        )
        made.full_clean()
        made.save()
        made.attachments.set(files)
        _record_moves(made, held)
        _write_cameras(made, held, dict(changes or {}), by)
        if event == Event.REMOVE:
            _tell_of_removal([camera.pk for camera in held], made)
        # Whoever moved to another site has left a number behind, with findings of its own.
        findings.follow_event(asked, event, formerly=[camera.number for camera in held])
        _record_in_ledger(made, held, files, by, changes)
    return made


def _common_project(cameras: list[Camera]) -> InstallationProject | None:
    projects = {camera.project_id for camera in cameras}
    only = projects.pop() if len(projects) == 1 else None
    return InstallationProject.objects.get(pk=only) if only is not None else None


def _record_moves(made: LifecycleAct, held: list[Camera]) -> None:
    to_state = State.OPERATING if made.event == Event.REVIVE else TABLE.line(made.event).to_state
    Move.objects.bulk_create(
        [
            Move(
                act=made,
                camera=camera,
                installation=camera.installation,
                from_state=camera.state,
                to_state=to_state,
            )
            for camera in held
        ],
        batch_size=2_000,
    )


def _write_cameras(made: LifecycleAct, held: list[Camera], changes: dict[str, Any], by: Officer) -> None:
    """State and what the event says of the camera, with history; a move to another site row by row below."""
    ids = [camera.pk for camera in held]
    values: dict[str, Any] = {"state": TABLE.line(made.event).to_state}
    if made.event == Event.INSTALL:
        values["installed_month"] = made.on.replace(day=1)
    if made.event == Event.REMOVE:
        values["removed_on"] = made.on
    if made.event in _NEW_INSTALLATION:
        values |= {"installation": F("installation") + 1, "project_id": None}
    if made.event == Event.CHANGE_PURPOSE:
        values |= changes
    if made.event == Event.RELOCATE:
        values["installed_month"] = None
        relocating.move(held, changes["site"])
    bulk_change.write(ids, values, by=by, reason=_history_reason(made))


def _history_reason(made: LifecycleAct) -> str:
    document = f" {made.document_number}" if made.document_number else ""
    return f"{made.get_event_display()}{document}: {made.reason}"


def _record_in_ledger(
    made: LifecycleAct,
    held: list[Camera],
    files: list[Attachment],
    by: Officer | None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    numbers = sorted(camera.number for camera in held)
    append.record(
        "cameras.lifecycle",
        actor=f"officer:{by.pk}" if by else "system:import",
        subject=f"lifecycle:{made.pk}",
        payload={
            "event": made.event,
            "on": made.on.isoformat(),
            "document": made.document_number,
            "citation": made.citation,
            "project": made.project.number if made.project else "",
            "cameras": len(numbers),
            "numbers": numbers[:NUMBERS_IN_LEDGER],
            "numbers_sha256": hashlib.sha256("\n".join(numbers).encode()).hexdigest(),
            "files": [attachment.sha256 for attachment in files],
            "changes": {name: _plain(value) for name, value in (changes or {}).items()},
        },
    )


# A date that was written down wrongly

KIND_CORRECTED = "cameras.lifecycle_corrected"


def correct_date(done: LifecycleAct, *, on: datetime.date, reason: str, by: Officer) -> LifecycleAct:
    """The right day of a step, with the reason: before and after stay in the ledger, and in the cameras' history.

    A day that citizens see (`Camera.objects.public`) is corrected by somebody else than who recorded the step: two have
    looked at it then. Whether the conditions of the step were met on the new day is for the rules, which look again.
    Raises `Refused`, ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": "무엇이 잘못되었는지 사유를 적어야 합니다."})
    with transaction.atomic():
        held = LifecycleAct.objects.select_for_update().get(pk=done.pk)
        ids = list(held.moves.order_by("camera_id").values_list("camera_id", flat=True))
        cameras = list(Camera.objects.among(ids).select_for_update(of=("self",)).order_by("pk"))
        refuse_if([*_refuse_day(on), *_refuse_correction(held, ids, on, by)])
        was, held.on = held.on, on
        held.save(update_fields=["on"])
        _correct_cameras(held, was, reason.strip(), by)
        findings.follow_event(ids, held.event, formerly=[])
        append.record(
            KIND_CORRECTED,
            actor=f"officer:{by.pk}",
            subject=f"lifecycle:{held.pk}",
            payload={
                "event": held.event,
                "was": was.isoformat(),
                "on": on.isoformat(),
                "reason": reason.strip(),
                "cameras": len(cameras),
            },
        )
    return held


def is_published(done: LifecycleAct) -> bool:
    """Whether citizens see its day: on the page of a site with a public camera of it."""
    ids = list(done.moves.values_list("camera_id", flat=True))
    return bool(Camera.objects.public().among(ids).exists())


def _refuse_correction(
    done: LifecycleAct, ids: Sequence[int], on: datetime.date, by: Officer
) -> list[Refusal]:
    found = []
    if on == done.on:
        found.append(Refusal("same", "지금 적힌 처리일과 같습니다.", "조례 제6조", "맞는 날짜를 적으십시오."))
    moves = Move.objects.filter(InList("camera", ids)).order_by()
    before = moves.filter(act__lt=done.pk).aggregate(last=Max("act__on"))["last"]
    after = moves.filter(act__gt=done.pk).aggregate(first=Min("act__on"))["first"]
    if before is not None and on < before:
        found.append(
            Refusal(
                "order",
                f"앞 단계의 날짜({before})보다 앞섭니다.",
                "조례 제6조",
                "앞 단계의 날짜도 틀렸으면 그것을 먼저 고치십시오.",
            )
        )
    if after is not None and on > after:
        found.append(
            Refusal(
                "order",
                f"다음 단계의 날짜({after})보다 뒤입니다.",
                "조례 제6조",
                "다음 단계의 날짜도 틀렸으면 그것을 먼저 고치십시오.",
            )
        )
    if is_published(done) and (why := second_person.problem(done.by_id, by, "처리한", does="정정")):
        found.append(
            Refusal(
                "second_look",
                f"누리집에 나온 날짜입니다. {why}",
                "조례 제6조",
                "다른 담당자나 관리책임자에게 고쳐 달라고 하십시오.",
            )
        )
    return found


def _correct_cameras(done: LifecycleAct, was: datetime.date, reason: str, by: Officer) -> None:
    """What the step wrote of the cameras, where nothing else has written it since."""
    column, old, new = {
        Event.INSTALL.value: ("installed_month", was.replace(day=1), done.on.replace(day=1)),
        Event.REMOVE.value: ("removed_on", was, done.on),
    }.get(done.event, ("", None, None))
    if not column or old == new:
        return
    ids = list(
        Camera.objects.filter(moves__act=done, installation=F("moves__installation"), **{column: old})
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    bulk_change.write(ids, {column: new}, by=by, reason=f"처리일 정정 {was} → {done.on}: {reason}")


def _plain(value: Any) -> Any:
    return value.number if isinstance(value, Site) else value


# A camera that is entered by hand


def record_plan(camera: Camera, *, on: datetime.date, by: Officer, reason: str) -> LifecycleAct:
    """The first step of a camera that an officer has just entered: it stands on record from its plan on."""
    with transaction.atomic():
        made = LifecycleAct.objects.create(
            event=Event.PLAN,
            on=on,
            reason=reason.strip(),
            citation="조례 제6조",
            project=camera.project,
            by=by,
        )
        Move.objects.create(
            act=made, camera=camera, installation=camera.installation, from_state="", to_state=State.PLANNED
        )
        _record_in_ledger(made, [camera], [], by)
    return made


# Cameras that a file of the national dataset removes or brings back


def record_import(
    event: str, before: Sequence[Camera], *, on: datetime.date, by: int | None, reason: str
) -> LifecycleAct:
    """The act of an import that has written these cameras itself: REMOVE, or REVIVE of removed ones.

    The same rows, ledger line and listeners as an act that a person takes. `before` are the cameras as they were.
    """
    held = list(before)
    made = LifecycleAct.objects.create(
        event=event, on=on, reason=reason[:500], citation=_CITATION_OF_IMPORTS, by_id=by
    )
    _record_moves(made, held)
    if event == Event.REMOVE:
        _tell_of_removal([camera.pk for camera in held], made)
    _record_in_ledger(made, held, [], made.by)
    return made


# Who else must know that cameras were removed


@dataclass(frozen=True)
class Removal:
    """What listeners are told, inside the act's transaction."""

    cameras: Sequence[int]
    on: datetime.date
    by: Officer | None = field(default=None)


Listener = Callable[[Removal], None]
_listeners: dict[str, Listener] = {}


def on_removal(name: str, listener: Listener) -> None:
    """A higher app says once, when it is ready, what it does when cameras are removed.

    Footage uses it: the claim to recordings ends when neither footage nor a hold is left, and not with the removal.
    """
    if _listeners.setdefault(name, listener) is not listener:
        raise ValueError(f"somebody else listens to removals as {name!r}")


def _tell_of_removal(ids: Sequence[int], made: LifecycleAct) -> None:
    for listener in _listeners.values():
        listener(Removal(ids, made.on, made.by))
