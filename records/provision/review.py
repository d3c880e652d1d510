"""검토: by which ground, within or outside the purpose, and whether it infringes unfairly on anybody; then the line begins.

Whoever reviews stands for it with his name. What is missing is refused here, and not left to whoever approves.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Officer
from casework import acts, second_person
from casework.acts import Act
from casework.refusals import Refusal, unwritten
from ordinance import citations, grounds, parameters
from ordinance.models import Ground
from records.models import Provision, ProvisionApproval, ProvisionMove
from records.provision import findings, lines, ranges
from records.provision_enums import (
    CommitteeCare,
    PersonBasis,
    ProvisionEvent,
    ProvisionState,
    PurposeRelation,
)

ARTICLE = "조례 제21조제1항·제2항, 법 제18조제2항"
PERSON = "조례 제20조"
# Grounds that are nothing without what stands behind them: which document, decision or provision.
NAMED_BY = {
    "CONSENT": "동의서의 번호와 날짜를 적으십시오.",
    "OTHER_LAW": "법률의 이름과 조문을 적으십시오.",
    "COMMISSION_DECISION": "보호위원회의 의결번호를 적으십시오.",
    "TREATY": "조약이나 협정의 이름과 조문을 적으십시오.",
}
CONSENT_FORM = "예: 동의서 2026-12호, 2026-11-28"
_DAY = re.compile(r"(20\d\d)\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})(?!\d)")
STATISTICS = "STATISTICS"
URGENT = frozenset({"URGENT_PUBLIC_INTEREST", "URGENT_LIFE", "URGENT_PUBLIC_SAFETY"})
_CARE = [CommitteeCare.NONE, CommitteeCare.REPORT, CommitteeCare.BEFORE]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the officer who reviews finds."""

    relation: str
    balance: str
    ground: Ground | None = None
    national_ground: Ground | None = None
    legal_basis: str = ""
    is_urgent: bool = False
    committee_care: str = ""
    committee_document: str = ""
    # Of a resolution on paper, from before they were kept here.
    committee_paper_on: dt.date | None = None
    person_basis: str = ""
    person_basis_text: str = ""


def put_forward(provision: Provision, opinion: Opinion, *, by: Officer) -> list[ProvisionApproval]:
    """The review as it was made, and the line of that day, to be signed step by step."""
    with acts.begin("records.provision_reviewed", provision, by=by) as act:
        on = timezone.localdate(act.at)
        act.refuse(check(act.row, opinion, on))
        act.move(ProvisionMove, ProvisionEvent.REVIEW)
        act.write(
            relation=opinion.relation,
            ground=opinion.ground,
            national_ground=opinion.national_ground,
            legal_basis=opinion.legal_basis,
            balance=opinion.balance,
            is_urgent=opinion.is_urgent,
            committee_care=opinion.committee_care or care_of_day(on, is_urgent=opinion.is_urgent),
            committee_document=opinion.committee_document,
            committee_paper_on=opinion.committee_paper_on,
            copies_end=str(parameters.value("provided_copies", on).value),
            person_basis=opinion.person_basis or act.row.person_basis,
            person_basis_text=opinion.person_basis_text or act.row.person_basis_text,
            reviewed_by=by,
            reviewed_at=act.at,
            # Whoever looked, looked at what was put forward before.
            unidentifiable_checked_by=None,
        )
        made = _line(act, on)
        act.payload |= _told(act.row, made)
        findings.follow(act)
    return made


def _line(act: Act[Provision], on: dt.date) -> list[ProvisionApproval]:
    steps = lines.of_day(on, is_urgent=act.row.is_urgent)
    return [
        act.add(ProvisionApproval(provision=act.row, position=place, step=line.step, is_after=line.is_after))
        for place, line in enumerate(steps, start=1)
    ]


def _told(row: Provision, made: list[ProvisionApproval]) -> dict[str, object]:
    return {
        "provision": row.number,
        "relation": row.relation,
        "grounds": [each.code for each in (row.ground, row.national_ground) if each],
        "urgent": row.is_urgent,
        "committee": row.committee_care,
        "line": [f"{each.step}{'+' if each.is_after else ''}" for each in made],
    }


def care_of_day(on: dt.date, *, is_urgent: bool) -> CommitteeCare:
    """What the profile asks; what cannot wait for a meeting is reported (ordinance art. 28 no. 5)."""
    asked = CommitteeCare(parameters.value("release_committee", on).value)
    return CommitteeCare.REPORT if is_urgent and asked == CommitteeCare.BEFORE else asked


def check(provision: Provision, opinion: Opinion, on: dt.date) -> list[Refusal]:
    """Why it cannot be put forward like this."""
    found = [
        *unwritten(
            opinion.balance,
            "balance",
            "정보주체나 제3자의 권리를 부당하게 침해할 우려가 있는지 적으십시오.",
            "조례 제21조제2항",
        ),
        *_check_person(provision, opinion, on),
        *_check_urgency(opinion, on),
        *_check_committee(opinion, on),
    ]
    if opinion.relation not in PurposeRelation.values:
        found.append(_refusal("relation", "설치 목적 안인지 밖인지 정하십시오."))
    elif opinion.relation == PurposeRelation.WITHIN:
        found += _check_within(opinion)
    else:
        found += _check_outside(opinion, on)
    if not ranges.standing(provision):
        found.append(_refusal("ranges", "남은 카메라가 없습니다."))
    return found


def _check_within(opinion: Opinion) -> Iterator[Refusal]:
    if not citations.names_a_provision(opinion.legal_basis):
        yield _refusal(
            "legal_basis",
            "목적 안의 이용·제공도 법령과 조문을 적어야 합니다.",
            "예: 개인정보 보호법 제17조제1항제2호",
        )
    if opinion.ground or opinion.national_ground:
        text = "목적 밖의 사유입니다."
        yield _refusal(
            "national_ground", text, "목적 안이면 비우고, 목적 밖이면 ‘설치 목적 밖’을 고르십시오."
        )


def _check_outside(opinion: Opinion, on: dt.date) -> Iterator[Refusal]:
    local, national = opinion.ground, opinion.national_ground
    if local is None and national is None:
        yield _refusal("national_ground", "목적 밖의 이용·제공은 사유를 골라야 합니다.")
        return
    if national is not None and national not in grounds.national_for_provision(on):
        yield _refusal("national_ground", f"지금 적용되는 사유가 아닙니다: {national.title}")
    if local is not None:
        yield from _check_local(local, national, on)
    codes = {each.code for each in (local, national) if each}
    for code in sorted(codes & NAMED_BY.keys()):
        if not opinion.legal_basis.strip():
            yield _refusal("legal_basis", NAMED_BY[code])
            return
    if "CONSENT" in codes and not names_a_document(opinion.legal_basis, on):
        yield _refusal("legal_basis", NAMED_BY["CONSENT"], CONSENT_FORM)
    if "COMMISSION_DECISION" in codes and not re.search(r"\d", opinion.legal_basis):
        yield _refusal("legal_basis", NAMED_BY["COMMISSION_DECISION"], "예: 제2026-010-085호")
    if "OTHER_LAW" in codes and not citations.names_an_article(opinion.legal_basis):
        yield _refusal("legal_basis", NAMED_BY["OTHER_LAW"], "예: 전자장치 부착 등에 관한 법률 제16조의3")


def _check_local(local: Ground, national: Ground | None, on: dt.date) -> Iterator[Refusal]:
    known = {each.pk: each for each in grounds.for_provision(on)}
    if local.pk not in known:
        yield _refusal("ground", f"지금 적용되는 사유가 아닙니다: {local.title}")
        return
    beside = list(known[local.pk].national.all())
    if national is None and beside:
        yield _refusal("national_ground", "조례의 사유에 대응하는 법의 사유를 함께 고르십시오.")
    elif national is not None and national not in beside:
        yield _refusal("ground", "두 사유가 서로 맞지 않습니다.", "함께 쓸 수 있는 법의 사유를 고르십시오.")


def names_a_document(text: str, on: dt.date) -> bool:
    """Whether it names the number of a document and its day, no later than `on`: a word of assent is no consent on paper."""
    for found in _DAY.finditer(text):
        try:
            day = dt.date(*map(int, found.groups()))
        except ValueError:
            # The number of a document may look like a day.
            continue
        if day <= on and re.search(r"\d", text[: found.start()] + text[found.end() :]):
            return True
    return False


def _check_person(provision: Provision, opinion: Opinion, on: dt.date) -> Iterator[Refusal]:
    """Watching a particular person is forbidden, unless he consents or a law says so."""
    if not provision.follows_person:
        return
    basis = opinion.person_basis or provision.person_basis
    text = opinion.person_basis_text or provision.person_basis_text
    if basis not in PersonBasis.values or not text.strip():
        yield Refusal(
            "particular_person",
            "특정인을 살피는 요청은 그 사람의 동의나 다른 법령의 규정이 있어야 합니다.",
            PERSON,
            "근거가 없으면 ‘불승인’하십시오.",
            field="person_basis",
        )
    elif basis == PersonBasis.LAW and not citations.names_an_article(text):
        yield Refusal(
            "particular_person",
            "특정인을 살피게 하는 법령의 이름과 조문을 적으십시오.",
            PERSON,
            field="person_basis_text",
        )
    elif basis == PersonBasis.CONSENT and not names_a_document(text, on):
        yield Refusal(
            "particular_person", NAMED_BY["CONSENT"], PERSON, CONSENT_FORM, field="person_basis_text"
        )


def _check_urgency(opinion: Opinion, on: dt.date) -> Iterator[Refusal]:
    if not opinion.is_urgent:
        return
    codes = {each.code for each in (opinion.ground, opinion.national_ground) if each}
    if not codes & URGENT:
        yield _refusal(
            "is_urgent",
            "긴급 절차는 재난, 피해자 구조 등 신속한 처리가 필요한 공익 사유에만 씁니다.",
            "다른 사유이면 ‘긴급’을 지우십시오.",
        )
    elif not lines.allows_afterwards(on):
        yield _refusal(
            "is_urgent", "이 자치구의 조례는 사후승인을 정하지 않았습니다.", "‘긴급’을 지우십시오."
        )


def _check_committee(opinion: Opinion, on: dt.date) -> Iterator[Refusal]:
    asked = care_of_day(on, is_urgent=opinion.is_urgent)
    care = CommitteeCare(opinion.committee_care) if opinion.committee_care else asked
    article = "조례 제28조제5호"
    if _CARE.index(care) < _CARE.index(asked):
        text = f"이 자치구의 기준은 ‘{asked.label}’입니다."
        yield Refusal("committee", text, article, field="committee_care")
    if care == CommitteeCare.BEFORE and not opinion.committee_document.strip():
        text = "사전 심의의 의결번호를 적으십시오."
        yield Refusal("committee", text, article, field="committee_document")
    elif opinion.committee_document.strip():
        text = (
            _resolutions[0](opinion.committee_document, opinion.committee_paper_on, on)
            if _resolutions
            else ""
        )
        if text:
            yield Refusal("committee", text, article, field="committee_document")


# Resolutions are kept by an app above this one, which says what may be cited.
ResolutionProblem = Callable[[str, dt.date | None, dt.date], str]
_resolutions: list[ResolutionProblem] = []


def register_resolutions(problem: ResolutionProblem) -> None:
    """Called once, from an app's `ready`: why a number cannot be cited as a carried resolution, in Korean."""
    _resolutions[:] = [problem]


def confirm_unidentifiable(provision: Provision, *, by: Officer) -> Provision:
    """Ordinance 21(1)5: a second person has looked, and nobody can be identified."""
    with acts.begin("records.provision_unidentifiable", provision, by=by) as act:
        act.refuse(_refuse_looking(act.row, by))
        act.write(unidentifiable_checked_by=by)
        act.payload["provision"] = act.row.number
    return act.row


def needs_looking(provision: Provision) -> bool:
    """Statistics and research, and nobody has looked yet at what was put forward."""
    ground = provision.ground
    is_put_forward = provision.state != ProvisionState.RECEIVED
    is_statistics = ground is not None and ground.code == STATISTICS
    return is_put_forward and is_statistics and provision.unidentifiable_checked_by_id is None


def _refuse_looking(provision: Provision, by: Officer) -> list[Refusal]:
    article = "조례 제21조제1항제5호"
    if not needs_looking(provision):
        return [Refusal("state", "식별할 수 없음을 확인할 요청이 아닙니다.", article)]
    for first, did in ((provision.entered_by_id, "접수한"), (provision.reviewed_by_id, "검토한")):
        if why := second_person.problem(first, by, did):
            return [Refusal("second_person", why, article)]
    return []


def _refusal(field: str, text: str, remedy: str = "") -> Refusal:
    return Refusal(field, text, ARTICLE, remedy, field=field)
