"""Opening and closing a look: a line of the ledger before the first byte, and one for what was really read."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, Refused, refuse_if
from ordinance import parameters
from records.access import cases, gates
from records.access.cases import SECRECY, Case
from records.access.gates import Wish
from records.look_enums import LookEnd, LookStep
from records.models import FootageLook

OPENED, CLOSED = "records.footage_opened", "records.footage_closed"
MINUTES = "look_minutes"
ACTOR = "system:looks"
# A person steps a few frames a second at the most; what a browser claims beyond that is not written down.
MOST_STEPS = 100_000


def minutes() -> int:
    """How long a look is granted."""
    return int(parameters.value(MINUTES).value)


def open_looks(wish: Wish, *, session_key: str) -> list[FootageLook]:
    """Let an officer in, once for each camera and range; `Refused` with every reason otherwise."""
    with transaction.atomic():
        _close_earlier(wish, session_key)
        refuse_if(gates.refusals(wish))
        return _granted(wish, session_key, timezone.now())


def _granted(wish: Wish, session_key: str, at: dt.datetime) -> list[FootageLook]:
    group, expires_at = uuid.uuid4(), at + dt.timedelta(minutes=minutes())
    found = []
    for one, from_at, until_at in wish.ranges:
        row = FootageLook(
            group=group,
            officer=wish.officer,
            session_digest=digest_of(session_key),
            case_kind=wish.case.kind,
            case_key=wish.case.row.pk,
            case_number=wish.case.number,
            step=wish.step,
            camera=one.camera,
            hold=one.hold,
            is_clear=wish.is_clear,
            granted_at=at,
            expires_at=expires_at,
        )
        subject = wish.case.ledger_subject
        with acts.begin(OPENED, row, subject=subject, by=wish.officer, at=at) as act:
            salt = act.seal("purpose", wish.purpose.strip())
            act.write(from_at=from_at, until_at=until_at, purpose=wish.purpose, salt=salt)
            act.payload |= row.as_told() | {
                "from": from_at.isoformat(),
                "until": until_at.isoformat(),
                "expires_at": expires_at.isoformat(),
                "is_clear": row.is_clear,
            }
        found.append(row)
    return found


def _close_earlier(wish: Wish, session_key: str) -> None:
    """Who goes on looking at the same matter looks anew."""
    earlier = FootageLook.objects.open().filter(
        officer=wish.officer,
        session_digest=digest_of(session_key),
        case_kind=wish.case.kind,
        case_key=wish.case.row.pk,
    )
    for look in earlier:
        close(look, LookEnd.REPLACED)


def digest_of(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def case_of(look: FootageLook) -> Case | None:
    return cases.find(look.case_kind, look.case_key)


def wish_of(look: FootageLook, case: Case, officer: Officer) -> Wish:
    """What the grant was given for, to ask the standing gates again of the officer as he is now."""
    one = cases.Range(look.camera, look.hold, look.from_at, look.until_at)
    return Wish(
        officer,
        case,
        LookStep(look.step),
        look.purpose,
        ((one, look.from_at, look.until_at),),
        look.is_clear,
    )


def is_of(look: FootageLook, officer: Officer, session_key: str) -> bool:
    return look.officer_id == officer.pk and look.session_digest == digest_of(session_key)


def refuse_dead(look: FootageLook, officer: Officer, session_key: str) -> list[Refusal]:
    """Why this grant gives no byte to who asks now."""
    if not is_of(look, officer, session_key):
        text = "다른 담당자나 다른 접속에 준 재생 허가입니다."
        return [Refusal("session", text, SECRECY, "사건의 화면에서 ‘영상 보기’로 새로 여십시오.")]
    if look.closed_at is not None or look.expires_at <= timezone.now():
        text = "재생 허가가 끝났습니다."
        return [Refusal("expired", text, SECRECY, "더 보아야 하면 ‘이어서 보기’를 누르십시오.")]
    case = case_of(look)
    if case is None:
        return [Refusal("case", "사건을 찾을 수 없습니다.", SECRECY)]
    return gates.standing_refusals(wish_of(look, case, officer))


def require_live(look: FootageLook, officer: Officer, session_key: str) -> None:
    """`Refused` where it is not; a look whose matter or right has ended is closed with it."""
    found = refuse_dead(look, officer, session_key)
    if found and found[0].code not in ("session", "expired"):
        close(look, LookEnd.REFUSED)
    if found:
        raise Refused(found)


def note_read(look: FootageLook, from_at: dt.datetime, until_at: dt.datetime) -> None:
    """What is about to be given, before the bytes leave; also what of it lies before or behind the granted range."""
    start, end = ((at - look.from_at).total_seconds() for at in (from_at, until_at))
    if end <= start:
        return
    with transaction.atomic():
        row = FootageLook.objects.select_for_update().get(pk=look.pk)
        row.read = joined([*map(tuple, row.read), (round(start, 3), round(end, 3))])
        row.save(update_fields=["read"])


def joined(spans: Iterable[tuple[float, float]]) -> list[list[float]]:
    """Spans that touch are one: however often somebody goes back and forth, the row does not grow."""
    found: list[list[float]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + 0.05:
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    return found


def note_steps(look: FootageLook, frames: int) -> None:
    """How many frames were stepped through so far, as the browser counts them."""
    frames = min(max(frames, 0), MOST_STEPS)
    FootageLook.objects.open().filter(pk=look.pk, frames_stepped__lt=frames).update(frames_stepped=frames)


def close(look: FootageLook, how: LookEnd, *, at: dt.datetime | None = None) -> FootageLook:
    """What was really read, once; nothing where it is closed already."""
    case = case_of(look)
    subject = case.ledger_subject if case else f"{look.case_kind}:{look.case_number}"
    with transaction.atomic():
        row = (
            FootageLook.objects.select_for_update(of=("self",))
            .select_related("camera", "officer")
            .get(pk=look.pk)
        )
        if row.closed_at is not None:
            return row
        by = row.officer if how in (LookEnd.BUTTON, LookEnd.REPLACED) else None
        with acts.begin(CLOSED, row, subject=subject, by=by, actor="" if by else ACTOR, at=at) as act:
            act.write(closed_at=act.at, closed_how=how)
            act.payload |= act.row.as_told() | {
                "look_end": how,
                "read_from": _moment(act.row.read_from),
                "read_until": _moment(act.row.read_until),
                "seconds_read": act.row.seconds_read,
                "spans_read": len(act.row.read),
                "frames_stepped": act.row.frames_stepped,
                "stills": act.row.stills,
            }
            return act.row


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def close_left(now: dt.datetime | None = None) -> int:
    """Looks whose time is over and that nobody closed; how many."""
    at = now or timezone.now()
    left = list(FootageLook.objects.open().filter(expires_at__lte=at).select_related("camera"))
    for look in left:
        close(look, LookEnd.EXPIRED)
    return len(left)
