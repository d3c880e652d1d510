"""Storages and folders wait for a second person (`casework.next_steps`); what is done about the items of this app."""

from datetime import datetime

from casework.next_steps import NextStep, each, register
from footage import holds, second_words
from footage.models import Hold, Storage, UnclaimedFolder
from ordinance import due

CONFIRM = "footage.confirm_destroying"


def listen() -> None:
    register(Storage, each(of_storage))
    register(UnclaimedFolder, each(of_folder))
    register(Hold, each(of_hold))
    for code, verb, *needs in (
        ("footage.sweep_silent", "파기 실행 보기", "footage.run_sweep"),
        ("footage.sweep_failed", "파기 실행 보기", "footage.run_sweep"),
        ("footage.restored", "확인하기", "ledger.confirm_loss"),
        ("footage.clock", "시계 확인하기", "footage.confirm_clock"),
        ("footage.folders", "처리 정하기", "footage.decide_folder"),
        ("footage.storage_unconfirmed", "확인하기", CONFIRM),
        ("footage.folder_unconfirmed", "확인하기", CONFIRM),
        ("footage.hours_apart", "시간대 바로잡기", "footage.change_storage"),
        ("footage.storage_absent", "저장소 보기", "footage.change_storage"),
        ("footage.confirmation", "확인 기록하기", "footage.confirm_deletion"),
        ("footage.period_unconfirmed", "확인하기", CONFIRM),
        ("footage.release_asked", "살펴 해제하기", "footage.release_hold"),
        ("footage.capacity", "저장소 보기", "footage.change_storage"),
        ("footage.periods", "보관기간 바로잡기", "cameras.bulk_edit_camera"),
    ):
        due.declare(code, verb, *needs)


def of_storage(storage: Storage, now: datetime) -> NextStep | None:
    if not second_words.needs_word(storage):
        return None
    return _second_word(
        f"저장소 {storage.name}",
        "footage:storage_confirm",
        storage.pk,
        storage.added_by_id,
        "footage.storage_unconfirmed",
    )


def of_folder(folder: UnclaimedFolder, now: datetime) -> NextStep | None:
    if not folder.awaits_confirmation:
        return None
    what = "배정" if folder.decision == UnclaimedFolder.Decision.ASSIGNED else "파기"
    return _second_word(
        f"폴더 {folder.key}의 {what}",
        "footage:folder_confirm",
        folder.pk,
        folder.decided_by_id,
        "footage.folder_unconfirmed",
    )


def of_hold(hold: Hold, now: datetime) -> NextStep | None:
    """A hold never ends by itself: who may end it, or what its case still waits for."""
    if hold.released_at is not None:
        return None
    matter = f"삭제 유예 #{hold.pk}"
    if why := holds.why_not(hold):
        own = (hold.pk,)
        return NextStep(
            "footage.hold",
            "사건이 끝나면 유예 해제",
            matter,
            "footage.release_hold",
            "footage:hold",
            own,
            may_wait=True,
            note=why,
        )
    asker = holds.asked_by(hold)
    if asker is None and holds.stands_alone(hold):
        return NextStep(
            "footage.hold",
            "까닭이 끝나면 유예 해제 요청",
            matter,
            "footage.place_hold",
            "footage:hold_release_ask",
            (hold.pk,),
            asker_id=hold.placed_by_id,
            page_name="footage:hold",
            page_args=(hold.pk,),
            may_wait=True,
            note="유예는 저절로 끝나지 않습니다. 남길 까닭이 끝났으면 요청하고, 다른 사람이 해제합니다.",
        )
    return NextStep(
        "footage.hold",
        "까닭이 끝나면 유예 해제",
        matter,
        "footage.release_hold",
        "footage:hold_release",
        (hold.pk,),
        asker_id=asker or hold.placed_by_id,
        not_by=frozenset({asker}),
        page_name="footage:hold",
        page_args=(hold.pk,),
        may_wait=True,
        note="유예는 저절로 끝나지 않습니다. 남길 까닭이 끝났는지 확인하고 해제합니다.",
    )


def _second_word(matter: str, url_name: str, key: int, first_id: int | None, code: str) -> NextStep:
    return NextStep(
        code,
        "확인하기",
        matter,
        CONFIRM,
        url_name,
        (key,),
        asker_id=first_id,
        not_by=frozenset({first_id}),
        note="처음 정한 사람이 아닌 다른 사람이 확인해야 합니다.",
    )
