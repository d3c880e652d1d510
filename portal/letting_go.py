"""유예 해제: one screen for every case that lets held footage go. It says what goes from the recorder and from the vault."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from footage import holds
from footage.models import Hold
from footage.vault import ending
from portal.pages import Crumb
from portal.screens import confirm_screen


def release_screen(
    request: HttpRequest,
    kept: Sequence[Hold],
    act: Callable[[Any], Any],
    *,
    question: str,
    title: str,
    back: str,
    done: str | Callable[[Any], str],
    form: forms.BaseForm | None = None,
    more: Sequence[str] = (),
    crumbs: Sequence[Crumb] = (),
) -> HttpResponse:
    """`kept` are the holds that the act releases; `more` are lines of the case."""
    goes = holds.would_become_due(kept)
    copies = copies_that_go(kept)
    return confirm_screen(
        request,
        act,
        question=question if kept else "해제할 유예가 없습니다.",
        consequences=[*from_the_recorder(kept, goes), *copies, *more],
        confirm="유예 해제" + (" (영상이 파기됩니다)" if goes or copies else ""),
        title=title,
        back=back,
        done=done,
        form=form,
        is_dangerous=bool(goes or copies),
        is_empty=not kept,
        crumbs=crumbs,
        icon="lock-open",
    )


def from_the_recorder(kept: Sequence[Hold], goes: Sequence[Hold]) -> list[str]:
    if not goes:
        return [
            f"유예 {len(kept):,}건에 지금 파기할 때가 된 부분은 없습니다. 보관기간이 끝나고 다른 유예가 없으면 파기됩니다."
        ]
    return [
        f"유예 {len(kept):,}건 가운데 {len(goes):,}건은 보관기간이 지난 부분이 있어, 다음 파기 실행(1분 안)에서 파기되고 되살릴 수 없습니다.",
        "다른 사건이나 청구가 붙든 영상은 남습니다.",
    ]


def copies_that_go(kept: Sequence[Hold]) -> list[str]:
    count = len(ending.with_the_release_of(kept))
    if not count:
        return []
    return [f"증거 보관함에 있는 사본 {count:,}개도 1분 안에 파기되고 되살릴 수 없습니다."]
