"""Duties that footage itself shows: nothing older than allowed, and a proof of it each day (ordinance art. 24)."""

import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, Value, When

from cameras.enums import LifecycleEvent, Pipa25Ground
from cameras.models import Camera
from footage import confirmations
from footage.instants import SEOUL
from footage.models import (
    CameraClaim,
    DailyProof,
    FootageDay,
    Hold,
    ShortenedCamera,
    Storage,
    VaultFile,
    VaultIntake,
)
from footage.proofs import GRACE
from ordinance.models import Ground, Ordinance
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject


class OlderThanDays(Func):
    """Whether a day or an instant lies further back from a given one than a number of days in a column."""

    output_field = BooleanField()

    def __init__(self, column: Any, at: datetime.date, days: Any) -> None:
        super().__init__(
            F(column) if isinstance(column, str) else column, F(days) if isinstance(days, str) else days
        )
        self.at = at

    def as_sqlite(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, list[Any]]:
        """Both kinds are stored as text there, which sorts as time does."""
        if isinstance(self.at, datetime.datetime):
            name, text = "datetime", self.at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
        else:
            name, text = "date", self.at.isoformat()
        column, days = (compiler.compile(expression) for expression in self.source_expressions)
        return f"{column[0]} < {name}(%s, '-' || {days[0]} || ' days')", [*column[1], text, *days[1]]

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        kind = "timestamptz" if isinstance(self.at, datetime.datetime) else "date"
        column, days = (compiler.compile(expression) for expression in self.source_expressions)
        return (
            f"{column[0]} < %s::{kind} - make_interval(days => {days[0]})",
            [*column[1], self.at, *days[1]],
        )


def _with_footage(context: Context) -> QuerySet[Any]:
    """Cameras with footage on record; a removed camera as long as footage of its is left."""
    days = FootageDay.objects.filter(camera=OuterRef("pk"), segments__gt=0)
    return Camera.objects.order_by().filter(Exists(days))


def _overdue_days(context: Context) -> QuerySet[Any]:
    """Days of which a file is left that no hold covers, although its period is over."""
    on = context.on
    now = datetime.datetime.now(tz=SEOUL)
    end = now if on >= now.date() else datetime.datetime.combine(on, datetime.time.max, SEOUL)
    left = FootageDay.objects.filter(segments__gt=F("held"))
    whole_day = OlderThanDays("on", on, "camera__retention_days")
    free_file = OlderThanDays("first_unheld_at", end - GRACE, "camera__retention_days")
    # Scanned before the first free file was noted: nothing was held, so the first one is free.
    first_file = Q(first_unheld_at=None, held=0) & Q(
        OlderThanDays("first_at", end - GRACE, "camera__retention_days")
    )
    return left.filter(Q(whole_day) | Q(free_file) | first_file).exclude(_keeps_former_period(on))


def _keeps_former_period(on: datetime.date) -> Exists:
    """Of before a shorter period that no second person has confirmed (`footage.shortenings`), and within the former."""
    waiting = ShortenedCamera.objects.unconfirmed().filter(
        camera=OuterRef("camera"), shortening__at__gt=OuterRef("first_at")
    )
    return Exists(waiting.exclude(OlderThanDays(OuterRef("on"), on, "days_before")))


def _overdue(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.filter(Exists(_overdue_days(context).filter(camera=OuterRef("pk"))))


FOOTAGE_OVERDUE = Rule(
    code="footage_overdue",
    title="보관기간이 지난 영상의 삭제",
    article=24,
    subject=Subject.CAMERA,
    subjects=_with_footage,
    unmet=_overdue,
    message="보관기간이 지났고 삭제 유예도 없는 영상이 남아 있습니다.",
    remedy="파기가 실행되고 있는지, 저장소가 연결되어 있는지 확인하십시오.",
    remedy_url="footage:sweeps",
    mended_by="footage.run_sweep",
    citations=(Citation("제24조제1항"), Citation("제21조", "pipa"), Citation("제41조", "guideline")),
    covers="영상이 남아 있는 카메라(철거한 카메라도 영상이 남아 있는 동안)",
    order=2,
)


def _to_be_proved(context: Context) -> QuerySet[Any]:
    """The day before is judged, since it is over; a day without a registered storage has nothing to prove."""
    day = context.on - datetime.timedelta(days=1)
    end = datetime.datetime.combine(context.on, datetime.time.min, SEOUL)
    if not Storage.objects.filter(created_at__lt=end).exists():
        return Camera.objects.none()
    days = FootageDay.objects.filter(camera=OuterRef("pk"), segments__gt=0, on__lte=day)
    return Camera.objects.order_by().filter(Exists(days))


def _unproved(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    good = DailyProof.objects.filter(
        camera=OuterRef("pk"),
        on=context.on - datetime.timedelta(days=1),
        result=DailyProof.Result.IN_ORDER,
    )
    return rows.exclude(Exists(good))


DAILY_PROOF = Rule(
    code="daily_proof",
    title="일일 파기 확인",
    article=24,
    subject=Subject.CAMERA,
    subjects=_to_be_proved,
    unmet=_unproved,
    proof=lambda context: Value((context.on - datetime.timedelta(days=1)).isoformat()),
    message="전날의 일일 파기 확인이 없거나, 적정하지 않거나, 영상을 볼 수 없었습니다.",
    remedy="일일 파기 확인 화면에서 이유를 보고 저장소와 파기를 점검하십시오.",
    remedy_url="footage:proofs",
    mended_by="footage.run_sweep",
    citations=(Citation("제24조제1항"), Citation("제42조제2항", "guideline")),
    covers="전날까지의 영상이 남아 있는 카메라. 전날에 등록된 저장소가 없었으면 확인할 것이 없습니다.",
    order=3,
)

# -- nothing stored (PIPA 25(1) item 6) -------------------------------------------------------------------------------


def _looked_for(context: Context) -> QuerySet[Any]:
    """Of the cameras that may store nothing, those of which somebody knows: ahead of a step a link is enough to know."""
    rows = _only_counting(context)
    return rows if context.ahead or _was_scanned() else rows.filter(_stored())


def _not_looked_for(context: Context) -> QuerySet[Any]:
    rows = _only_counting(context)
    return rows.none() if _was_scanned() else rows.exclude(_stored())


def _was_scanned() -> bool:
    return Storage.objects.filter(scanned_at__isnull=False).exists()


def _only_counting(context: Context) -> QuerySet[Any]:
    """Cameras whose ground holds only as long as nothing is stored, on a day on which the law has that ground."""
    if (
        not Ground.objects.layer(Ground.Layer.PIPA_INSTALLATION)
        .in_force(context.on)
        .filter(item="6")
        .exists()
    ):
        return Camera.objects.none()
    return Camera.objects.order_by().filter(pipa25_ground=Pipa25Ground.NOT_STORED)


def _footage_of(row: OuterRef) -> QuerySet[Any]:
    return FootageDay.objects.filter(camera=row, segments__gt=0)


def _linked_to_storage(row: OuterRef) -> QuerySet[Any]:
    """A folder of a storage that a person assigned to the camera; its former names are no such decision."""
    return CameraClaim.objects.filter(camera=row, is_former_key=False)


def _stored() -> Q:
    return Q(Exists(_footage_of(OuterRef("pk")))) | Q(Exists(_linked_to_storage(OuterRef("pk"))))


NOTHING_STORED = Rule(
    code="nothing_stored",
    title="저장하지 않는 카메라의 영상",
    article=None,
    other_law="개인정보 보호법 제25조제1항제6호",
    subject=Subject.CAMERA,
    subjects=_looked_for,
    unmet=lambda rows, context: rows.filter(_stored()),
    exclusion=Exclusion(
        _not_looked_for, lambda context: "저장소를 확인한 적이 없어 저장된 영상이 있는지 알 수 없음"
    ),
    evidence=lambda context: Case(
        When(Exists(_footage_of(OuterRef("pk"))), then=Value("footage")), default=Value("linked")
    ),
    words={
        "footage": "저장된 영상이 있습니다.",
        "linked": "저장소의 폴더가 이 카메라에 연결되어 있습니다.",
    },
    message="영상을 저장하지 않을 때만 설치할 수 있는 카메라에 저장된 영상이나 저장소 연결이 있습니다.",
    remedy="녹화를 끄고 저장소 연결을 없애거나, 설치목적과 근거를 사실대로 바로잡으십시오.",
    remedy_url="cameras:edit",
    mended_by="cameras.change_camera",
    citations=(Citation("제25조제1항제6호", "pipa"), Citation("제22조제1항", "pipa-decree")),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers="설치 근거가 법 제25조제1항제6호인 카메라(철거한 카메라도)",
    why_not_asked=lambda context: "저장하지 않을 것을 조건으로 설치하는 카메라(같은 호)가 아닙니다.",
    order=5,
)


def _with_hold() -> QuerySet[Any]:
    in_force = Hold.objects.filter(camera=OuterRef("pk"), released_at=None)
    return Camera.objects.order_by().filter(Exists(in_force))


def _held_days(**more: Any) -> QuerySet[Any]:
    """Days of a camera over which a hold is still in force."""
    over_it = Hold.objects.filter(
        camera=OuterRef("camera"),
        released_at=None,
        from_at__date__lte=OuterRef("on"),
        until_at__date__gte=OuterRef("on"),
        **more,
    )
    return FootageDay.objects.filter(Exists(over_it), camera=OuterRef("pk"))


def _held_footage_gone() -> Exists:
    return Exists(_held_days().filter(vanished_held__gt=0))


def _was_compared() -> Exists:
    """Somebody looked: files were counted against the scan before, since the hold was placed."""
    seen = _held_days(placed_at__lt=OuterRef("storage__scanned_at"))
    return Exists(seen.filter(storage__compared_since__isnull=False))


def _held_and_looked_at(context: Context) -> QuerySet[Any]:
    return _with_hold().filter(Q(_held_footage_gone()) | Q(_was_compared()))


def _held_and_not_looked_at(context: Context) -> QuerySet[Any]:
    return _with_hold().exclude(Q(_held_footage_gone()) | Q(_was_compared()))


HELD_FOOTAGE = Rule(
    code="held_footage",
    title="삭제 유예된 영상의 보존",
    article=24,
    subject=Subject.CAMERA,
    subjects=_held_and_looked_at,
    unmet=lambda rows, context: rows.filter(_held_footage_gone()),
    exclusion=Exclusion(
        _held_and_not_looked_at,
        lambda context: (
            "유예한 뒤에 저장소를 확인하여 대조한 기록이 없거나 유예한 구간의 영상이 기록에 없어 남아 있는지 알 수 없음"
        ),
    ),
    message="삭제 유예된 영상이 파기 기록 없이 사라졌습니다.",
    remedy="저장소와 녹화기를 살펴 까닭을 밝히고, 유예를 요청한 쪽에 알리십시오. 유예를 해제하면 닫힙니다.",
    remedy_url="footage:holds",
    mended_by="footage.place_hold",
    citations=(Citation("제24조제1항"), Citation("제29조", "pipa")),
    covers="유효한 삭제 유예가 있고, 유예한 뒤에 저장소를 확인하여 대조한 카메라",
    order=4,
)

# -- the vault --------------------------------------------------------------------------------------------------------


def _kept_or_to_be_kept(context: Context) -> QuerySet[Any]:
    kept = VaultFile.objects.filter(camera=OuterRef("pk"), removed_at=None)
    held = VaultIntake.objects.filter(hold__camera=OuterRef("pk"), hold__released_at=None)
    return Camera.objects.order_by().filter(Exists(kept) | Exists(held))


def _damaged(row: OuterRef) -> QuerySet[Any]:
    return VaultFile.objects.filter(camera=row, removed_at=None).exclude(problem="")


def _not_copied(row: OuterRef) -> QuerySet[Any]:
    """Of a hold in force: gone before its turn, or not to be read or written."""
    return VaultIntake.objects.filter(hold__camera=row, hold__released_at=None).filter(
        Q(vanished__gt=0) | Q(unreadable__gt=0) | ~Q(problem="")
    )


def _not_intact() -> Q:
    return Q(Exists(_damaged(OuterRef("pk")))) | Q(Exists(_not_copied(OuterRef("pk"))))


def _still_copied() -> Q:
    unfinished = VaultIntake.objects.filter(hold__camera=OuterRef("pk"), hold__released_at=None)
    return Q(Exists(unfinished.filter(Q(looked_at=None) | Q(waiting__gt=0))))


def _copied(context: Context) -> QuerySet[Any]:
    return _kept_or_to_be_kept(context).filter(_not_intact() | ~_still_copied())


def _to_be_copied(context: Context) -> QuerySet[Any]:
    return _kept_or_to_be_kept(context).filter(_still_copied() & ~_not_intact())


VAULT_INTACT = Rule(
    code="vault_intact",
    title="보관함에 있는 사본의 온전함",
    article=24,
    subject=Subject.CAMERA,
    subjects=_copied,
    unmet=lambda rows, context: rows.filter(_not_intact()),
    exclusion=Exclusion(_to_be_copied, lambda context: "아직 보관함에 복사하고 있음"),
    evidence=lambda context: Case(
        When(Exists(_damaged(OuterRef("pk"))), then=Value("damaged")),
        When(Exists(_not_copied(OuterRef("pk")).filter(vanished__gt=0)), then=Value("vanished")),
        default=Value("not_copied"),
    ),
    words={
        "damaged": "보관함의 사본이 바뀌었거나 없어졌거나 읽을 수 없습니다.",
        "vanished": "복사하기 전에 녹화기에서 사라진 영상이 있습니다.",
        "not_copied": "복사하지 못한 영상이 있습니다.",
    },
    message="삭제 유예한 영상의 사본이 온전하지 않습니다.",
    remedy="녹화기와 보관함의 디스크를 살펴 까닭을 밝히고, 원본이 남아 있으면 다시 복사되는지 확인하십시오.",
    remedy_url="footage:holds",
    mended_by="footage.place_hold",
    citations=(Citation("제24조제1항"), Citation("제29조", "pipa")),
    covers="보관함에 사본이 있는 카메라. 복사하고 있는 동안은 판정하지 않습니다.",
    order=6,
)

CONFIRMATION_MONTHS = "deletion_confirmation_months"


def _district_with_storage(context: Context) -> QuerySet[Any]:
    """Where nothing is stored there is no automatic deletion to confirm, and none before the first is due."""
    districts = Ordinance.objects.order_by().of(context.profile).in_force(context.on)
    since = context.months_ago(CONFIRMATION_MONTHS)
    return districts if confirmations.is_due(context.on, since) else districts.none()


def _fault_of_confirmation(context: Context) -> str:
    return confirmations.fault(context.on, context.months_ago(CONFIRMATION_MONTHS))


def _unconfirmed(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows if _fault_of_confirmation(context) else rows.none()


DELETION_CONFIRMED = Rule(
    code="deletion_confirmed",
    title="자동삭제 작동의 확인",
    article=None,
    other_law="표준 개인정보 보호지침 제42조",
    subject=Subject.DISTRICT,
    subjects=_district_with_storage,
    unmet=_unconfirmed,
    evidence=lambda context: Value(_fault_of_confirmation(context)),
    words={
        confirmations.NEVER: "자동삭제가 작동하는지 확인한 기록이 없습니다.",
        confirmations.LAPSED: "자동삭제가 작동하는지 정한 주기 안에 확인하지 않았습니다.",
        confirmations.NOT_WORKING: "마지막 확인에서 자동삭제가 정상으로 작동하지 않았습니다.",
    },
    message="자동삭제가 작동하는지 정한 주기 안에 확인하지 않았습니다.",
    remedy="파기 기록에서 자동삭제가 정상으로 작동하는지 확인하고 기록하십시오.",
    remedy_url="footage:confirmations",
    mended_by="footage.confirm_deletion",
    citations=(Citation("제42조제2항", "guideline"),),
    covers="저장소가 등록된 자치구. 첫 확인은 첫 저장소를 등록하고 주기가 한 번 지나면 필요하며, 그 전에는 확인한 기록이 있을 때만 대상입니다. 지침은 확인한 시기를 적게 하나 주기는 정하지 않아, 주기는 자치구의 기준입니다.",
    number_field="profile",
)

RULES = (FOOTAGE_OVERDUE, DAILY_PROOF, NOTHING_STORED, HELD_FOOTAGE, VAULT_INTACT, DELETION_CONFIRMED)
