"""처리 기록: what is covered and what stays visible, each change kept, so that it can be undone and told.

Two officers cannot overwrite each other: who changes says how often it had been changed when he read it (`turn`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from casework.refusals import Refusal, Refused
from footage.redaction import choices, vaulted
from footage.redaction.errors import UnusableClip
from records.models import Redaction, RedactionRecipe
from records.redaction.states import ARTICLE
from records.redaction_enums import RedactionState


def current(redaction: Redaction) -> dict[str, Any]:
    """What counts now, as `footage.redaction.choices` has it."""
    row = redaction.recipes.filter(number=redaction.recipe).first()
    content: dict[str, Any] = row.content if row is not None else choices.NOTHING
    return content


def found(redaction: Redaction) -> dict[str, Any]:
    """What a worker found; `Refused` where nothing was looked for yet."""
    if redaction.tracks is None:
        text = "사람과 차량을 아직 찾지 않았습니다."
        raise Refused([Refusal("unfound", text, ARTICLE, "찾기가 끝날 때까지 기다리십시오.")])
    return vaulted.load(redaction.tracks)


def save(redaction: Redaction, given: Mapping[str, Any], *, turn: int, by: Officer) -> Redaction:
    """The row as it is then. `Refused` where another officer changed it meanwhile, or what is given is none."""
    with _changing(redaction, turn) as row:
        try:
            content = choices.clean(given, found(row))
        except UnusableClip as error:
            raise Refused([Refusal("choice", str(error), ARTICLE)]) from error
        last = row.recipes.order_by("-number").first()
        number = (last.number if last else 0) + 1
        row.recipes.create(number=number, before=row.recipe, content=content, at=timezone.now(), by=by)
        row.recipe = number
    return row


def undo(redaction: Redaction, *, turn: int) -> Redaction:
    with _changing(redaction, turn) as row:
        now = row.recipes.filter(number=row.recipe).first()
        if now is None:
            raise Refused([Refusal("first", "되돌릴 것이 없습니다.")])
        row.recipe = now.before
    return row


def redo(redaction: Redaction, *, turn: int) -> Redaction:
    """What was undone last."""
    with _changing(redaction, turn) as row:
        following = row.recipes.filter(before=row.recipe).order_by("-number").first()
        if following is None:
            raise Refused([Refusal("last", "다시 할 것이 없습니다.")])
        row.recipe = following.number
    return row


def possible(redaction: Redaction) -> dict[str, bool]:
    """Whether there is something to undo and to redo."""
    return {
        "undo": redaction.recipe > 0,
        "redo": redaction.recipes.filter(before=redaction.recipe).exists(),
    }


def authors(redaction: Redaction) -> set[int]:
    """Who decided something about what is shown."""
    return set(redaction.recipes.values_list("by", flat=True))


@contextmanager
def _changing(redaction: Redaction, turn: int) -> Iterator[Redaction]:
    with transaction.atomic():
        row = (
            Redaction.objects.select_for_update(of=("self",))
            .select_related("tracks__case")
            .get(pk=redaction.pk)
        )
        if row.state != RedactionState.PROPOSED:
            text = f"‘{row.get_state_display()}’ 상태에서는 가릴 곳을 바꿀 수 없습니다."
            raise Refused([Refusal("state", text, ARTICLE)])
        if row.turn != turn:
            raise Refused([_overtaken(row)])
        yield row
        row.turn += 1
        row.save(update_fields=["recipe", "turn"])


def _overtaken(row: Redaction) -> Refusal:
    last: RedactionRecipe | None = row.recipes.select_related("by").order_by("-number").first()
    who = f" ({last.by}, {timezone.localtime(last.at):%H:%M:%S})" if last else ""
    text = f"그 사이에 다른 곳에서 바꾸었습니다{who}. 방금 고른 것은 저장하지 않았습니다."
    return Refusal(
        "overtaken", text, remedy="화면에 지금의 선택을 다시 불러왔습니다. 확인하고 다시 고르십시오."
    )
