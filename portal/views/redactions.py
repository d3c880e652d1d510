"""영상 가리기: from a matter's page to the covered copy that another officer checked. docs/redaction.md.

Pictures come through the one door (`portal.views.looks`, `records.access`): the workspace is opened with a purpose, for this
session and a quarter of an hour, like every look.
"""

import json
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from casework.refusals import Refused
from footage.errors import UnusableInput
from portal import longruns, row_keys
from portal.access import may, officer, requires
from portal.forms.redactions import DropForm, OpenForm, RedactionForm, RemarkForm
from portal.pages import Action, Crumb, page
from portal.reauthentication import asks_again
from portal.screens import button, checked_screen, confirm_screen, filled_in, form_screen
from portal.views import looks as look_views
from portal.views.looks import LOOK, session_key
from records.access import cases, looks
from records.access.gates import Wish
from records.look_enums import LookStep
from records.models import FootageLook, Redaction, RedactionRun
from records.redaction import recipes, steps
from records.redaction_enums import DoubtReason, RedactionState, RedactionWork

MOST_BYTES = 2 << 20


def get(pk: int) -> Redaction:
    rows = Redaction.objects.select_related(
        "camera__site", "hold", "tracks__case", "result__case", "maker", "checker", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


def action(request: HttpRequest, kind: str, row: Any) -> Action | None:
    """The button on the page of a matter; None where its state or this person's role leaves nothing to cover."""
    case = cases.find(kind, row.pk) if may(request.user, [LOOK]) else None
    if case is None or not may(request.user, [case.permission]):
        return None
    if case.refuse(LookStep.PREPARE) or not case.ranges():
        return None
    return Action("영상 가리기…", reverse("redaction:propose", args=[kind, row.pk]), "edit")


def of_matter(request: HttpRequest, kind: str, row: Any) -> list[dict[str, Any]]:
    """The redactions of a matter with their step and who acts next, for its page."""
    if not may(request.user, [LOOK]):
        return []
    rows: QuerySet[Redaction] = (
        Redaction.objects.of(kind, row.pk)
        .select_related("camera", "maker", "checker", "created_by")
        .prefetch_related(Prefetch("runs", RedactionRun.objects.unfinished(), to_attr="going_on"))
    )
    return [{"row": one, "next": next_words(one, bool(one.going_on))} for one in rows]  # type: ignore[attr-defined]


def next_words(row: Redaction, is_worked_on: bool) -> str:
    """Who acts next, and what is to be done."""
    if is_worked_on:
        return "시스템이 처리하고 있습니다."
    match row.state:
        case RedactionState.PROPOSED if row.tracks_id is None:
            return "사람과 차량을 찾지 못했습니다. 담당자가 다시 찾게 합니다."
        case RedactionState.PROPOSED:
            return "담당자가 가릴 곳을 정하고 가린 사본을 만듭니다."
        case RedactionState.CHECKING:
            return f"만든 사람({row.maker})이 아닌 다른 담당자가 확인합니다."
    return ""


# ---------------------------------------------------------------- beginning


@requires(LOOK)
def propose(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    case = cases.find(kind, pk)
    if case is None or case.kind not in steps.KINDS:
        raise Http404
    refusals = case.refuse(LookStep.PREPARE)
    notes = [refusal.sentence for refusal in refusals] or [
        "사람과 차량을 시스템이 먼저 찾습니다. 무엇을 가리고 남길지는 담당자가 정하고, 다른 담당자가 확인합니다."
    ]
    return form_screen(
        request,
        filled_in(request, RedactionForm, case=case),
        lambda form: steps.propose(
            case,
            form.chosen,
            from_at=form.cleaned_data["from_at"],
            until_at=form.cleaned_data["until_at"],
            by=officer(request),
        ),
        title=f"{case.number}: 영상 가리기",
        back=look_views.page_of(kind, pk),
        done="가림 처리를 시작했습니다. 사람과 차량을 찾는 동안 다른 일을 하셔도 됩니다.",
        to=lambda made: reverse("redaction:workspace", args=[made.pk]),
        submit="찾기 시작",
        intro="다른 사람을 알아볼 수 없게 가린 뒤에 보이거나 내보냅니다(표준 개인정보 보호지침 제46조).",
        notes=notes,
        crumbs=look_views.crumbs_of(kind, pk, case.number),
    )


def _crumbs(row: Redaction) -> list[Crumb]:
    return look_views.crumbs_of(row.case_kind, row.case_key, row.case_number)


def _here(row: Redaction) -> str:
    return reverse("redaction:workspace", args=[row.pk])


def _require_case(request: HttpRequest, row: Redaction) -> None:
    """Who may not deal with matters of this kind has no business here."""
    case = cases.find(row.case_kind, row.case_key)
    if case is None or not may(request.user, [case.permission]):
        raise Http404


# ---------------------------------------------------------------- the workspace


@requires(LOOK)
@csp_update({"media-src": ["'self'", "blob:"]})  # type: ignore[untyped-decorator, unused-ignore]
def workspace(request: HttpRequest, pk: int) -> HttpResponse:
    """The original with what was found drawn over it."""
    return _shown(request, get(pk), is_result=False)


@requires(LOOK)
@csp_update({"media-src": ["'self'", "blob:"]})  # type: ignore[untyped-decorator, unused-ignore]
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The covered copy as it will be shown."""
    row = get(pk)
    if row.result is None:
        return redirect(_here(row))
    return _shown(request, row, is_result=True)


def _shown(request: HttpRequest, row: Redaction, *, is_result: bool) -> HttpResponse:
    _require_case(request, row)
    run = row.runs.last()
    is_going_on = run is not None and not run.is_finished
    look = None if is_going_on or row.tracks is None else live_look(request, row)
    shown: dict[str, Any] = {
        "row": row,
        "run": run,
        "is_going_on": is_going_on,
        "next": next_words(row, is_going_on),
        "moves": list(row.moves.select_related("by")),
        "is_result": is_result,
        "look": look,
        "first": look,
        "case_url": look_views.page_of(row.case_kind, row.case_key),
        "rates": look_views.RATES,
        "form": None if look else OpenForm(),
        "is_proposed": row.state == RedactionState.PROPOSED,
        "is_checking": row.state == RedactionState.CHECKING,
        "progress_url": reverse("redaction:progress", args=[row.pk]),
        "cancel_url": longruns.cancel_url(request.user, run, "redaction:cancel") if run else "",
        "done_url": _here(row),
    }
    if look is not None:
        shown["data"] = _player_data(request, row, look, is_result=is_result)
        shown["work"] = {
            name: reverse(f"redaction:{name}", args=[row.pk]) for name in ("state", "choose", "tick")
        } | {"isResult": is_result}
    answer = page(
        request,
        "portal/redactions/workspace.html",
        shown,
        title=f"{row.case_number}: 영상 가리기",
        icon="edit",
        crumbs=_crumbs(row),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def live_look(request: HttpRequest, row: Redaction) -> FootageLook | None:
    """What this session was let in with, for exactly this range."""
    rows = FootageLook.objects.open().filter(
        officer=officer(request),
        session_digest=looks.digest_of(session_key(request)),
        case_kind=row.case_kind,
        case_key=row.case_key,
        step=LookStep.PREPARE,
        camera=row.camera,
        from_at=row.from_at,
        until_at=row.until_at,
    )
    look = rows.select_related("camera__site", "hold", "officer").first()
    if look is None or looks.refuse_dead(look, officer(request), session_key(request)):
        return None
    return look


def _player_data(
    request: HttpRequest, row: Redaction, look: FootageLook, *, is_result: bool
) -> dict[str, Any]:
    data = look_views.player_data(request, [look])
    if is_result and row.result is not None:
        start = (row.result.first_at - row.from_at).total_seconds()
        until = (row.result.until_at - row.from_at).total_seconds()
        gone = row.result.removed_at is not None
        file = {"key": row.result.pk, "from": start, "until": until, "gone": gone, "problem": ""}
        data["cameras"][0]["files"] = [file]
    return data


@requires(LOOK)
@require_POST
def open_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Through the door, like every look; afterwards back to where the pictures were wanted."""
    row = get(pk)
    form = OpenForm(request.POST)
    to = reverse(
        "redaction:result" if request.GET.get("to") == "result" else "redaction:workspace", args=[pk]
    )

    def act() -> None:
        case = steps.case_of(row)
        one = next((one for one in case.ranges() if one.hold.pk == row.hold_id), None)
        if one is None:
            raise Http404
        purpose = form.cleaned_data["purpose"] if form.is_valid() else ""
        ranges = ((one, row.from_at, row.until_at),)
        wish = Wish(officer(request), case, LookStep.PREPARE, purpose, ranges)
        looks.open_looks(wish, session_key=session_key(request))

    return button(request, act, done="", to=to)


def _json(content: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(error: Exception, status: int = 409, **more: Any) -> HttpResponse:
    words = " ".join(error.messages) if isinstance(error, Refused) else str(error)
    return _json({"say": words, **more}, status)


@requires(LOOK)
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found and what is decided. Whoever reads it may see the pictures, too."""
    row = get(pk)
    if live_look(request, row) is None:
        return _json({"say": "재생 허가가 끝났습니다. 화면을 다시 여십시오."}, 410)
    try:
        found = recipes.found(row)
    except (Refused, UnusableInput) as error:
        return _refused(error)
    return _json(
        {
            "size": found["size"],
            "moments": found["moments"],
            "tracks": found["tracks"],
            "followed": found["followed"],
            "warnings": found["warnings"],
            **_decided(row, request),
        }
    )


def _decided(row: Redaction, request: HttpRequest) -> dict[str, Any]:
    me = officer(request)
    return {
        "turn": row.turn,
        "choice": recipes.current(row),
        **recipes.possible(row),
        "mayChoose": row.state == RedactionState.PROPOSED,
        "mayTick": row.state == RedactionState.CHECKING
        and me.pk not in {row.maker_id, *recipes.authors(row)},
        "doubts": [{**doubt, "why": DoubtReason(str(doubt["reason"])).label} for doubt in steps.doubts(row)],
        "ticked": sorted(steps.ticked(row, me).values_list("doubt", flat=True)),
    }


@requires(LOOK)
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """One change of what is covered, or one taken back or done again (`do`)."""
    row = get(pk)
    _require_case(request, row)
    if len(request.body) > MOST_BYTES:
        return _json({"say": "고른 것이 너무 많습니다."}, 413)
    try:
        sent = json.loads(request.body)
        turn, do = int(sent["turn"]), sent.get("do")
        if do == "undo":
            row = recipes.undo(row, turn=turn)
        elif do == "redo":
            row = recipes.redo(row, turn=turn)
        else:
            row = recipes.save(row, sent["choice"], turn=turn, by=officer(request))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return _json({"say": "알 수 없는 요청입니다."}, 400)
    except (Refused, UnusableInput) as error:
        return _refused(error, **_decided(get(pk), request))
    return _json(_decided(row, request))


@requires(LOOK)
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    if live_look(request, row) is None:
        return _json({"say": "재생 허가가 끝났습니다. 화면을 다시 여십시오."}, 410)
    try:
        left = steps.tick(row, int(request.POST.get("doubt", "")), by=officer(request))
    except ValueError:
        return _json({"say": "알 수 없는 요청입니다."}, 400)
    except Refused as refused:
        return _refused(refused)
    return _json({"left": left})


# ---------------------------------------------------------------- a worker's part


@requires(LOOK)
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    work = RedactionWork.FOLLOW if request.POST.get("work") == "follow" else RedactionWork.FIND
    return button(request, lambda: steps.look_again(row, work, by=officer(request)), done="", to=_here(row))


@requires(LOOK)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    _require_case(request, row)
    last = row.runs.last()
    if last is None:
        raise Http404
    return longruns.progress_response(last)


@requires(LOOK)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one run: who started it, or who may stop what others started."""
    asked = get_object_or_404(RedactionRun, pk=pk)
    row = get(asked.redaction_id)
    _require_case(request, row)
    if not longruns.may_cancel(request.user, asked):
        words = "다른 사람이 시작한 작업입니다. 시작한 사람이나 취소할 권한이 있는 사람만 취소합니다."
        messages.error(request, words)
        return redirect(_here(row))
    return button(request, lambda: steps.cancel(row), done="취소를 요청했습니다.", to=_here(row))


# ---------------------------------------------------------------- steps


@requires(LOOK)
def make(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    _require_case(request, row)
    turn = row_keys.key(request.GET.get("turn", ""))
    turn = row.turn if turn is None else turn
    choice = recipes.current(row)
    keep = ", ".join(map(str, choice["keep"])) or "없음"
    rest = "그 밖의 화면 전체" if choice["mode"] == "only" else "그 밖에 찾은 것 모두"
    return confirm_screen(
        request,
        lambda form: steps.make(row, turn=turn, by=officer(request)),
        question="지금 정한 대로 가린 사본을 만듭니까?",
        consequences=[
            f"보이게 남기는 자취: {keep}. {rest}와 그린 곳 {len(choice['regions'])}개를 가립니다.",
            "만드는 동안과 확인을 기다리는 동안에는 가릴 곳을 바꿀 수 없습니다.",
            f"확인은 만든 사람({officer(request)})이 아닌 다른 담당자가 합니다.",
        ],
        confirm="가린 사본 만들기",
        title=f"{row.case_number}: 가린 사본 만들기",
        back=_here(row),
        done="가린 사본을 만들기 시작했습니다.",
        crumbs=_crumbs(row),
    )


@requires(LOOK)
@asks_again
def check(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    _require_case(request, row)
    return confirm_screen(
        request,
        lambda form: steps.check(row, by=officer(request)),
        question="다른 사람을 알아볼 수 없음을 확인합니까?",
        consequences=[
            f"확인할 곳 {row.doubts:,}군데와 영상을 처음부터 끝까지 보았습니다.",
            "확인한 사본은 보이거나 내보낼 수 있고, 이 기록은 원장에 남아 되돌릴 수 없습니다.",
        ],
        confirm="확인함",
        title=f"{row.case_number}: 가린 사본 확인",
        back=reverse("redaction:result", args=[pk]),
        to=_here(row),
        done="가린 사본을 확인했습니다.",
        crumbs=_crumbs(row),
    )


@requires(LOOK)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    _require_case(request, row)
    return form_screen(
        request,
        filled_in(request, RemarkForm),
        lambda form: steps.send_back(row, by=officer(request), **form.cleaned_data),
        title=f"{row.case_number}: 가린 사본 돌려보내기",
        back=_here(row),
        done="고칠 곳을 적어 돌려보냈습니다.",
        submit="돌려보내기",
        crumbs=_crumbs(row),
    )


@requires(LOOK)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    row = get(pk)
    _require_case(request, row)
    return checked_screen(
        request,
        filled_in(request, DropForm),
        lambda form: steps.drop(row, by=officer(request), **form.cleaned_data),
        consequences=lambda form: [
            "이 가림 처리는 다시 열 수 없습니다. 같은 구간을 새로 시작할 수는 있습니다.",
            "만든 사본은 내보낼 수 없고, 사건의 열쇠와 함께 파기합니다.",
        ],
        title=f"{row.case_number}: 가림 처리 그만두기",
        back=_here(row),
        to=look_views.page_of(row.case_kind, row.case_key),
        done="가림 처리를 그만두었습니다.",
        crumbs=_crumbs(row),
    )
