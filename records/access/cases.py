"""The matters for which footage may be looked at, and what each allows at which of its steps.

A kind of matter that comes later (an incident) registers itself with `register`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.korean import josa
from cameras.models import Camera
from casework.refusals import Refusal
from footage.models import Hold
from records.enums import RequestKind, RequestState
from records.look_enums import LookCase, LookStep
from records.models import PERSONAL, PROVISION_PERSONAL, Provision, ViewingDecision, ViewingRequest
from records.provision_enums import OUT, OVER, WAITING, ProvisionState, ReleaseForm
from records.viewing import decisions, identity
from records.viewing.remedies import ANSWERED

SECRECY = "조례 제23조제2항"


@dataclass(frozen=True, slots=True)
class Range:
    """What a matter holds of one camera: as long as its hold stands, and no longer."""

    camera: Camera
    hold: Hold
    # Where to look, in the words of who asked; the hold may keep more or less around it.
    asked_from: dt.datetime
    asked_until: dt.datetime

    @property
    def from_at(self) -> dt.datetime:
        return self.hold.from_at

    @property
    def until_at(self) -> dt.datetime:
        return self.hold.until_at


@dataclass(frozen=True)
class Case:
    """One matter. `row`: as it is in the database now."""

    kind: LookCase
    row: Any
    number: str
    # Whose right it is to deal with matters of this kind.
    permission: str

    @property
    def ledger_subject(self) -> str:
        return str(getattr(self.row, "ledger_subject", "") or f"hold:{self.row.pk}")

    def ranges(self) -> list[Range]:
        return list(_KINDS[self.kind].ranges(self.row))

    def refuse(self, step: LookStep) -> list[Refusal]:
        """Why its state does not allow that."""
        return list(_KINDS[self.kind].refuse(self.row, step))

    def refuse_range(self, step: LookStep, hold: Hold) -> list[Refusal]:
        """Why its answer does not allow that of one of its ranges."""
        return list(_KINDS[self.kind].refuse_range(self.row, step, hold))

    def refuse_unknown(self, step: LookStep) -> list[Refusal]:
        """Why nothing of the content may be shown to who asks for it."""
        return list(_KINDS[self.kind].refuse_unknown(self.row, step))

    def steps(self) -> list[LookStep]:
        """What its state allows."""
        return [step for step in _KINDS[self.kind].steps if not self.refuse(step)]


@dataclass(frozen=True)
class Kind:
    find: Callable[[int], Any]
    number: Callable[[Any], str]
    permission: str
    steps: tuple[LookStep, ...]
    ranges: Callable[[Any], Iterable[Range]]
    refuse: Callable[[Any, LookStep], Iterable[Refusal]]
    refuse_unknown: Callable[[Any, LookStep], Iterable[Refusal]] = lambda row, step: ()
    refuse_range: Callable[[Any, LookStep, Hold], Iterable[Refusal]] = lambda row, step, hold: ()


_KINDS: dict[str, Kind] = {}


def register(code: str, kind: Kind) -> None:
    _KINDS[code] = kind


def find(code: str, key: int) -> Case | None:
    """None where there is no such matter."""
    kind = _KINDS.get(code)
    row = kind.find(key) if kind else None
    if kind is None or row is None:
        return None
    return Case(LookCase(code), row, kind.number(row), kind.permission)


def _refusal(text: str, remedy: str = "", article: str = SECRECY) -> Refusal:
    return Refusal("case", text, article, remedy)


# ---------------------------------------------------------------- requests of citizens


def _viewing_ranges(request: ViewingRequest) -> Iterator[Range]:
    lines = request.cameras.standing().filter(hold__released_at__isnull=True, hold__isnull=False)
    for line in lines.select_related("camera__site", "hold").order_by("from_at", "pk"):
        assert line.hold is not None  # noqa: S101 - as the filter says
        yield Range(line.camera, line.hold, line.from_at, line.until_at)


def _last_decision(request: ViewingRequest) -> ViewingDecision | None:
    kinds = (RequestKind.VIEWING, RequestKind.WHOLE)
    return request.decisions.filter(kind__in=kinds).defer("reason", "investigation").last()


def _is_granted(request: ViewingRequest) -> bool:
    last = _last_decision(request)
    return last is not None and last.outcome in decisions.TELLING


def _refuse_ungranted(request: ViewingRequest, step: LookStep, hold: Hold) -> Iterator[Refusal]:
    """Each camera and range has its own answer."""
    last = _last_decision(request) if step != LookStep.SEARCH else None
    if last is None or request.state == RequestState.MASKING:
        return
    of_range = last.ranges.filter(line__hold=hold).defer("reason").first()
    if of_range is not None and of_range.outcome not in decisions.TELLING:
        yield _refusal(
            f"이 카메라와 구간의 결정은 ‘{of_range.outcome_label}’입니다.",
            "허용한 카메라와 구간만 준비하거나 보여 줄 수 있습니다.",
        )


def _refuse_viewing(request: ViewingRequest, step: LookStep) -> Iterator[Refusal]:
    state = RequestState(request.state)
    if step == LookStep.SEARCH:
        if request.needs_confirmation:
            yield _refusal(
                "청구인과 아직 연락이 닿지 않아, 볼 까닭이 있는지 알 수 없습니다.",
                "‘연락 확인’이나 ‘본인·대리인 확인’을 먼저 기록하십시오.",
            )
        is_contested = request.remedies.filter(ended_on__isnull=True).exists()
        if not (request.is_open or is_contested):
            yield _refusal(
                f"‘{state.label}’ 상태의 청구는 찾아볼 것이 남아 있지 않습니다.",
                "불복 절차가 들어오면 기록한 뒤에 다시 볼 수 있습니다.",
            )
    elif step == LookStep.PREPARE and state == RequestState.MASKING:
        # What is to be shown is covered before it is decided, too.
        return
    elif not _is_granted(request):
        yield _refusal("열람을 허용하는 결정이 없습니다.", "결정한 뒤에 준비하거나 보여 줄 수 있습니다.")
    elif step == LookStep.SHOW and state == RequestState.DECIDED:
        yield _refusal("아직 결정을 통지하지 않았습니다.", "‘결정 통지’를 먼저 하십시오.")
    elif state not in (RequestState.DECIDED, *ANSWERED):
        yield _refusal(f"‘{state.label}’ 상태에서는 볼 수 없습니다.")


def _refuse_unidentified(request: ViewingRequest, step: LookStep) -> Iterable[Refusal]:
    return identity.refuse_unidentified(request) if step == LookStep.SHOW else ()


# ---------------------------------------------------------------- use and provision


def _provision_ranges(provision: Provision) -> Iterator[Range]:
    lines = provision.cameras.filter(
        dropped_at__isnull=True, hold__isnull=False, hold__released_at__isnull=True
    )
    for line in lines.select_related("camera__site", "hold").order_by("from_at", "pk"):
        assert line.hold is not None  # noqa: S101 - as the filter says
        yield Range(line.camera, line.hold, line.from_at, line.until_at)


def _refuse_provision(provision: Provision, step: LookStep) -> Iterator[Refusal]:
    state = ProvisionState(provision.state)
    approved = (ProvisionState.APPROVED, *OUT)
    if state in OVER:
        yield _refusal(f"‘{state.label}’된 건입니다.", "요청 문서를 새로 받아 접수하십시오.")
    elif step == LookStep.SEARCH and state not in WAITING:
        yield _refusal("이미 제공한 건은 다시 찾아볼 것이 없습니다.", "‘가림·제공 준비’를 고르십시오.")
    elif step != LookStep.SEARCH and state not in approved:
        yield _refusal("아직 승인되지 않았습니다.", "결재가 끝난 뒤에 준비하거나 보여 줄 수 있습니다.")
    elif step == LookStep.SHOW and provision.form != ReleaseForm.VIEWING:
        yield _refusal(
            f"‘{ReleaseForm(provision.form).label}’{josa(ReleaseForm(provision.form).label, '을/를')} 요청한 건이어서 센터에서 보여 줄 수 없습니다.",
            "열람은 그 형태로 승인을 받아야 합니다.",
        )
    if provision.consent_withdrawn_on is not None:
        yield _refusal("동의가 철회되어 볼 수 없습니다.", article="조례 제20조·제21조제1항제1호")


# ---------------------------------------------------------------- holds placed by hand: checks of a camera


def _hold_ranges(hold: Hold) -> Iterator[Range]:
    if hold.released_at is None:
        yield Range(hold.camera, hold, hold.from_at, hold.until_at)


def _refuse_hold(hold: Hold, step: LookStep) -> Iterator[Refusal]:
    if hasattr(hold, "requested_camera") or hasattr(hold, "provided_camera"):
        yield _refusal("청구나 이용·제공에 딸린 유예입니다.", "그 건의 화면에서 보십시오.")
    if hold.released_at is not None:
        yield _refusal("해제한 유예입니다.", "보관한 사본은 해제와 함께 파기합니다.")


def register_own() -> None:
    register(
        LookCase.VIEWING,
        Kind(
            find=lambda key: ViewingRequest.objects.defer(*PERSONAL).filter(pk=key).first(),
            number=lambda row: row.receipt_number,
            permission="records.read_viewing_person",
            steps=(LookStep.SEARCH, LookStep.PREPARE, LookStep.SHOW),
            ranges=_viewing_ranges,
            refuse=_refuse_viewing,
            refuse_unknown=_refuse_unidentified,
            refuse_range=_refuse_ungranted,
        ),
    )
    register(
        LookCase.PROVISION,
        Kind(
            find=lambda key: Provision.objects.defer(*PROVISION_PERSONAL).filter(pk=key).first(),
            number=lambda row: row.number,
            permission="records.handle_provision",
            steps=(LookStep.SEARCH, LookStep.PREPARE, LookStep.SHOW),
            ranges=_provision_ranges,
            refuse=_refuse_provision,
        ),
    )
    register(
        LookCase.HOLD,
        Kind(
            find=lambda key: (
                Hold.objects.select_related("camera__site", "requested_camera", "provided_camera")
                .filter(pk=key)
                .first()
            ),
            number=lambda row: row.case_reference or f"유예 #{row.pk}",
            permission="footage.place_hold",
            steps=(LookStep.CHECK,),
            ranges=_hold_ranges,
            refuse=_refuse_hold,
        ),
    )
