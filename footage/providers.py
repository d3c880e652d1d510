"""What the officials' home page says about footage (`ordinance.due`)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.korean import josa
from accounts.longrun import RunState
from footage import capacity, clock_offsets, confirmations, holds, proofs, second_words, shortenings
from footage.confirmations import last_sweep
from footage.models import Storage, Sweep, UnclaimedFolder
from footage.policy import over_maximum
from ledger import continuity
from ordinance import parameters
from ordinance.due import DueItem, Severity, register
from ordinance.rules import months_before

ARTICLE = "조례 제24조"
SWEEP_SILENCE = timedelta(minutes=15)


def listen() -> None:
    for code, provider in {
        "footage.sweeps": sweeps,
        "footage.clock": refusal,
        "footage.proofs": failed_proofs,
        "footage.folders": unclaimed_folders,
        "footage.hours_apart": hours_apart,
        "footage.storages": absent_storages,
        "footage.unconfirmed": awaiting_confirmation,
        "footage.shortenings": unconfirmed_periods,
        "footage.releases": asked_releases,
        "footage.capacity": filling_disks,
        "footage.confirmation": confirmation,
        "footage.periods": long_periods,
    }.items():
        register(code, provider)


def sweeps(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    if not Storage.objects.exists():
        return
    last = last_sweep()
    if last is None or now - last.at > SWEEP_SILENCE:
        since = f"{timezone.localtime(last.at):%Y-%m-%d %H:%M}" if last else "없음"
        yield DueItem(
            "footage.sweep_silent",
            "자동 파기가 실행되지 않고 있습니다",
            f"마지막 실행: {since}",
            Severity.FAILED,
            "footage:sweeps",
            article=ARTICLE,
        )
    if last is not None and last.state == RunState.FAILED:
        yield DueItem(
            "footage.sweep_failed",
            "자동 파기에 오류가 있습니다",
            last.error[:300],
            Severity.FAILED,
            "footage:sweep",
            (last.pk,),
            article=ARTICLE,
            # A sweep fails every minute until its cause is gone: one matter, not one a minute.
            key="footage.sweep_failed",
        )


def refusal(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """The ledger is asked before the clock (`footage.destruction`)."""
    last = Sweep.objects.filter(is_by_clock=True, finished_at__isnull=False).order_by("-finished_at").first()
    if last is None or not last.is_refused:
        return
    if missing := continuity.lost():
        yield DueItem(
            "footage.restored",
            "원장이 예전 상태여서 파기가 멈추었습니다",
            continuity.in_words(missing)[:300],
            Severity.FAILED,
            "ledger:continuity",
            article=ARTICLE,
        )
    else:
        yield DueItem(
            "footage.clock",
            "시계 이상으로 파기가 멈추었습니다",
            last.error[:300],
            Severity.FAILED,
            "footage:clock",
            article=ARTICLE,
        )


def failed_proofs(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Of yesterday: the day is over, so a missing proof is a failed one."""
    day = timezone.localdate(now) - timedelta(days=1)
    if not Storage.objects.filter(created_at__date__lte=day).exists():
        return
    count = proofs.unproved(day).count()
    if count:
        yield DueItem(
            "footage.proofs",
            "보관기간을 지켰는지 확인되지 않은 카메라",
            f"{day:%Y-%m-%d} 일일 파기 확인이 없거나, 적정하지 않거나, 영상을 볼 수 없었던 카메라 {count:,}대",
            Severity.FAILED,
            "footage:proofs",
            count=count,
            article=ARTICLE,
        )


def unclaimed_folders(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    count = UnclaimedFolder.objects.filter(decision=UnclaimedFolder.Decision.OPEN).count()
    if count:
        yield DueItem(
            "footage.folders",
            "등록된 카메라가 없는 영상 폴더",
            f"카메라에 배정하거나 파기를 확인해야 하는 폴더 {count:,}개",
            Severity.DUE,
            "footage:folders",
            count=count,
            article=ARTICLE,
        )


def awaiting_confirmation(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """A second person's word is missing; until then nothing is destroyed there, unless it was swept before."""
    for storage, why in second_words.storages_in_need():
        yield DueItem(
            "footage.storage_unconfirmed",
            f"확인을 기다리는 저장소: {storage.name}",
            "등록한 사람이 아닌 다른 사람이 확인해야 파기가 시작됩니다."
            if storage.confirmed_at is None
            else f"이미 파기하고 있으나 {why} 등록한 사람이 아닌 다른 사람이 살펴보고 확인합니다.",
            Severity.DUE,
            "footage:storage",
            (storage.pk,),
            article=ARTICLE,
            asker_id=storage.added_by_id,
            not_by=frozenset({storage.added_by_id}),
        )
    for folder in UnclaimedFolder.objects.awaiting_confirmation():
        what = "배정" if folder.decision == UnclaimedFolder.Decision.ASSIGNED else "파기"
        yield DueItem(
            "footage.folder_unconfirmed",
            f"{what} 확인을 기다리는 폴더: {folder.key}",
            f"{what}{josa(what, '을/를')} 결정한 사람이 아닌 다른 사람이 확인해야 합니다.",
            Severity.DUE,
            "footage:folder",
            (folder.pk,),
            article=ARTICLE,
            asker_id=folder.decided_by_id,
            not_by=frozenset({folder.decided_by_id}),
        )


def asked_releases(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """Somebody says that the reason of a hold is over; it stays until another person lets it go."""
    for hold, asker in holds.asked():
        yield DueItem(
            "footage.release_asked",
            f"해제를 요청한 삭제 유예 #{hold.pk}",
            f"카메라 {hold.camera.number}. 요청한 사람이 아닌 다른 사람이 까닭이 끝났는지 살펴 해제합니다.",
            Severity.DUE,
            "footage:hold_release",
            (hold.pk,),
            article=ARTICLE,
            asker_id=asker,
            not_by=frozenset({asker}),
        )


def unconfirmed_periods(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """What was recorded before keeps the former period; nothing is overdue until a second person says so."""
    for shortening in shortenings.open_ones(now):
        if found := shortenings.footage_of(shortening):
            yield DueItem(
                "footage.period_unconfirmed",
                "확인을 기다리는 보관기간 단축",
                f"이미 녹화된 {found}는 이전 보관기간을 따릅니다. 새 보관기간을 따르게 하려면 줄인 사람이 아닌 다른 사람이 확인합니다.",
                Severity.DUE,
                "footage:shortenings",
                article=ARTICLE,
                key=f"footage.period_unconfirmed:{shortening.pk}",
                asker_id=shortening.by_id,
                not_by=frozenset({shortening.by_id}),
            )


def hours_apart(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    """A storage whose zone is not its recorder's: footage is kept too long, or would go too early."""
    for storage in Storage.objects.filter(offset_hours__isnull=False):
        yield DueItem(
            "footage.hours_apart",
            f"저장소의 시간대가 맞지 않습니다: {storage.name}",
            f"{clock_offsets.in_words(storage)} 저장소의 경로 시간대를 바로잡으십시오.",
            Severity.OVERDUE,
            "footage:storage",
            (storage.pk,),
            article=ARTICLE,
        )


def absent_storages(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    for storage in Storage.objects.filter(absent_since__isnull=False):
        yield DueItem(
            "footage.storage_absent",
            f"저장소 연결 끊김: {storage.name}",
            storage.absent_reason,
            Severity.FAILED,
            "footage:storage",
            (storage.pk,),
        )


def filling_disks(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    for storage in Storage.objects.all():
        found = capacity.forecast(storage, now)
        if found is not None and found.is_alarm and found.full_at is not None:
            yield DueItem(
                "footage.capacity",
                f"디스크가 곧 가득 찹니다: {storage.name}",
                f"예상 시점 {timezone.localtime(found.full_at):%Y-%m-%d %H:%M}, 사용률 {found.used_share:.0%}",
                Severity.OVERDUE if found.full_at <= now else Severity.DUE,
                "footage:storage",
                (storage.pk,),
                due_on=timezone.localdate(found.full_at),
            )


_CONFIRMATION_WORDS = {
    confirmations.NEVER: "확인 기록이 없습니다.",
    confirmations.LAPSED: "정한 주기 안에 확인하지 않았습니다.",
    confirmations.NOT_WORKING: "마지막 확인에서 정상으로 작동하지 않았습니다.",
}


def confirmation(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    if not Storage.objects.exists():
        return
    today = timezone.localdate(now)
    months = int(parameters.value("deletion_confirmation_months", today).value)
    if found := confirmations.fault(today, months_before(today, months)):
        yield DueItem(
            "footage.confirmation",
            "자동삭제 확인이 필요합니다",
            _CONFIRMATION_WORDS[found],
            Severity.OVERDUE,
            "footage:confirmations",
            article="표준 개인정보 보호지침 제42조제2항",
        )


def long_periods(now: datetime, officer: Any = None) -> Iterator[DueItem]:
    count = over_maximum()
    if count:
        yield DueItem(
            "footage.periods",
            "최대 보관기간을 넘는 카메라",
            f"근거 법령 없이 조례의 최대 보관기간을 넘겨 등록된 카메라 {count:,}대",
            Severity.OVERDUE,
            "cameras:list",
            count=count,
            article="조례 제24조제1항",
        )
