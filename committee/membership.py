"""위원의 위촉·연임·보궐·해촉 (ordinance art. 26, 27).

What the ordinance fixes is refused (seats, one chair, one vice-chair, the length of a term); what the general committee
ordinance bounds with exceptions (shares of gender, years, committees) is warned of before the act and judged by the
rules afterwards.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework import acts, refusals
from casework.acts import Act
from casework.numbers_of_year import next_number
from casework.refusals import Refusal
from committee import following
from committee.enums import APPOINTED, EX_OFFICIO, Office, Recruitment, SeatGround
from committee.models import Member, Term
from ledger.models import Entry
from ordinance import parameters

if TYPE_CHECKING:
    from accounts.models import Officer

COMPOSITION, TERM = "조례 제26조", "조례 제27조"
GENERAL = "각종 위원회 구성 및 운영에 관한 조례"
APPOINTED_LINE, ENDED, VACANT, CHANGED = (
    "committee.member_appointed",
    "committee.member_ended",
    "committee.seat_left_vacant",
    "committee.member_changed",
)
LEDGER_KINDS = {
    APPOINTED_LINE: "운영위원 위촉·지정",
    ENDED: "운영위원 해촉·종료",
    VACANT: "운영위원 자리를 비워 둠",
    CHANGED: "운영위원 정보 변경",
}
# What the ordinance says of the post that chairs, by the profile's word for it.
OFFICES = {
    "deputy_mayor": {
        SeatGround.DEPUTY_MAYOR: Office.CHAIR,
        SeatGround.DIRECTOR_GENERAL: Office.VICE_CHAIR,
    },
    "director_general": {SeatGround.DIRECTOR_GENERAL: Office.CHAIR},
    "unstated": {},
}
DAYS_OF_A_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Who it is."""

    name: str
    gender: str
    affiliation: str
    phone: str = ""
    email: str = ""
    is_district_official: bool = False
    other_committees: int = 0


@dataclass(frozen=True, slots=True)
class TermFacts:
    """On which seat, from when and on what; `until_on` None: as the ordinance says, or as long as the post is held."""

    ground: SeatGround
    from_on: dt.date
    document_number: str
    office: str = ""
    until_on: dt.date | None = None
    recommended_by: str = ""
    recruitment: str = ""
    recruitment_reason: str = ""
    limit_reason: str = ""


def composition(day: dt.date) -> list[Term]:
    """재적위원 of that day: chair, vice-chair, ex officio, appointed; with their members, names not opened."""
    order = {Office.CHAIR.value: 0, Office.VICE_CHAIR.value: 1}
    rows = Term.objects.on(day).select_related("member")
    return sorted(rows, key=lambda term: (order.get(term.office, 2), not term.is_ex_officio, term.pk))


def office_of(ground: SeatGround, day: dt.date) -> str:
    """The office that the profile ties to this post; empty where it says nothing."""
    chair = str(parameters.value("committee_chair", day).value)
    return str(OFFICES.get(chair, {}).get(ground, ""))


def full_term(facts: TermFacts, replaces: Term | None = None) -> TermFacts:
    """With office and last day as the ordinance gives them."""
    office = office_of(facts.ground, facts.from_on) or facts.office
    if facts.ground in EX_OFFICIO:
        return replace(facts, office=office, until_on=None)
    if replaces is not None:
        return replace(facts, office=office, until_on=replaces.until_on)
    return replace(facts, office=office, until_on=facts.until_on or regular_end(facts.from_on))


def regular_end(from_on: dt.date) -> dt.date | None:
    """The last day of a regular term; None where the profile has no length (committees of one item)."""
    years = parameters.value("committee_term_years", from_on).value
    if years is None:
        return None
    try:
        following = from_on.replace(year=from_on.year + int(years))
    except ValueError:  # 29 February
        following = dt.date(from_on.year + int(years), 3, 1)
    return following - dt.timedelta(days=1)


# -- appointing


def check(
    facts: TermFacts,
    *,
    member: Member | None = None,
    renews: Term | None = None,
    replaces: Term | None = None,
) -> list[Refusal]:
    """Why such a term cannot begin; empty when it can."""
    if not parameters.snapshot(facts.from_on, codes=["committee_chair"]):
        return [Refusal("before", "조례가 시행되기 전에는 위원회가 없습니다.", COMPOSITION, field="from_on")]
    full = full_term(facts, replaces)
    found = [
        *refusals.unwritten(
            full.document_number, "document_number", "위촉·지정 문서번호를 적으십시오.", TERM
        ),
        *_against_length(full, renews, replaces),
        *_against_ground(full),
    ]
    if found:
        return found
    others = [
        term
        for term in Term.objects.select_related("member")
        if term.overlaps(full.from_on, full.until_on) and (renews is None or term.pk != renews.pk)
    ]
    return [
        *_against_size(full, others),
        *_against_office(full, others),
        *_against_person(member, others),
    ]


def _against_length(full: TermFacts, renews: Term | None, replaces: Term | None) -> Iterator[Refusal]:
    if full.ground in EX_OFFICIO:
        return
    if full.until_on is None:
        yield Refusal(
            "until", "임기를 정한 규정이 없는 자치구입니다. 임기 만료일을 적으십시오.", TERM, field="until_on"
        )
        return
    end = regular_end(full.from_on)
    if full.until_on < full.from_on or (end and full.until_on > end):
        yield Refusal(
            "length",
            f"임기는 시작일부터 {end:%Y-%m-%d}까지를 넘을 수 없습니다."
            if end
            else "임기 만료일을 확인하십시오.",
            TERM,
            field="until_on",
        )
    if renews is not None:
        yield from _against_renewal(full, renews)
    if replaces is not None:
        yield from _against_substitution(full, replaces)


def _against_renewal(full: TermFacts, renews: Term) -> Iterator[Refusal]:
    rule = str(parameters.value("committee_renewal", full.from_on).value)
    if renews.until_on is None or renews.ended_on is not None:
        yield Refusal("renew", "임기를 마친 위촉직만 연임할 수 있습니다.", TERM)
    elif full.from_on <= renews.until_on:
        yield Refusal(
            "renew",
            f"연임은 앞 임기가 끝난 다음 날({renews.until_on + dt.timedelta(days=1)})부터입니다.",
            TERM,
        )
    if rule == "none" or (rule == "once" and renews.renews_id is not None):
        yield Refusal("renew", "이 자치구의 조례로는 더 연임할 수 없습니다.", TERM)


def _against_substitution(full: TermFacts, replaces: Term) -> Iterator[Refusal]:
    if replaces.ended_on is None or replaces.until_on is None:
        yield Refusal("replace", "임기 중에 물러난 위촉직의 자리에만 보궐위원을 둡니다.", TERM)
    elif not replaces.ended_on < full.from_on <= replaces.until_on:
        yield Refusal(
            "replace",
            f"보궐위원의 임기는 앞 위원이 물러난 날({replaces.ended_on}) 뒤부터 남은 기간"
            f"({replaces.until_on}까지)입니다.",
            TERM,
            field="from_on",
        )


def _against_ground(full: TermFacts) -> Iterator[Refusal]:
    if full.ground == SeatGround.COUNCILLOR and not full.recommended_by.strip():
        yield Refusal(
            "recommended", "구의원은 구의회의 추천을 적으십시오.", COMPOSITION, field="recommended_by"
        )
    if full.ground in EX_OFFICIO:
        return
    if not full.recruitment:
        yield Refusal("recruitment", "공개모집을 하였는지 고르십시오.", GENERAL, field="recruitment")
    if full.recruitment == Recruitment.EXEMPT and not full.recruitment_reason.strip():
        yield Refusal(
            "recruitment", "공개모집을 하지 않은 사유를 적으십시오.", GENERAL, field="recruitment_reason"
        )


def _against_size(full: TermFacts, others: Sequence[Term]) -> Iterator[Refusal]:
    starts = {full.from_on, *(term.from_on for term in others if term.from_on > full.from_on)}
    for day in sorted(starts):
        most = int(parameters.value("committee_max_size", day).value)
        if sum(term.is_on(day) for term in others) >= most:
            yield Refusal("size", f"{day:%Y-%m-%d}에 위원이 {most}명을 넘게 됩니다.", COMPOSITION)
            return


def _against_office(full: TermFacts, others: Sequence[Term]) -> Iterator[Refusal]:
    for term in others:
        if full.office and term.office == full.office:
            yield Refusal(
                "office",
                f"같은 기간에 {Office(full.office).label}이 이미 있습니다(임기 {term.number}).",
                COMPOSITION,
                "앞 위원의 임기를 먼저 끝내십시오.",
                field="ground",
            )
        elif full.ground in EX_OFFICIO and term.ground == full.ground:
            yield Refusal(
                "post",
                f"같은 기간에 ‘{full.ground.label}’ 위원이 이미 있습니다(임기 {term.number}).",
                COMPOSITION,
                "앞 위원의 임기를 먼저 끝내십시오.",
                field="ground",
            )


def _against_person(member: Member | None, others: Sequence[Term]) -> Iterator[Refusal]:
    if member is None:
        return
    if any(term.member_id == member.pk for term in others):
        yield Refusal("twice", "같은 기간에 이미 위원입니다.", COMPOSITION)
    if member.erased_at is not None:
        yield Refusal(
            "erased", "보관기간이 지나 개인정보를 파기한 위원입니다. 새로 등록하십시오.", COMPOSITION
        )


def warnings(
    facts: TermFacts,
    *,
    gender: str,
    other_committees: int,
    member: Member | None = None,
    renews: Term | None = None,
    replaces: Term | None = None,
) -> list[str]:
    """What the general committee ordinance bounds and this term would cross, in sentences; the act is not refused."""
    full = full_term(facts, replaces)
    if full.ground in EX_OFFICIO:
        return []
    sitting = [term for term in composition(full.from_on) if term.ground in APPOINTED]
    counts = [term.member.gender for term in sitting if renews is None or term.pk != renews.pk]
    found = []
    if share := crossed_share([*counts, gender], full.from_on):
        found.append(f"위촉직의 한 성별이 {share}%가 됩니다. {GENERAL}는 10분의 6을 넘지 않게 합니다.")
    if full.ground == SeatGround.COUNCILLOR:
        # Whom the council recommends is bound by neither figure.
        return found
    years = years_of(list(member.terms.all()) if member else [], [(full.from_on, full.until_on)])
    most = int(parameters.value("committee_person_max_years", full.from_on).value)
    if years > most and not full.limit_reason.strip():
        found.append(
            f"같은 위원회에 {most}년을 넘게 됩니다({years:.1f}년). 예외이면 사유를 적으십시오({GENERAL})."
        )
    seats = int(parameters.value("committee_person_max_seats", full.from_on).value)
    if other_committees + 1 > seats and not full.limit_reason.strip():
        found.append(
            f"한 사람이 위원회를 {other_committees + 1}개 맡게 됩니다. {GENERAL}는 {seats}개까지입니다."
        )
    return found


def crossed_share(genders: Sequence[str], day: dt.date) -> int | None:
    """The percentage of the larger gender, rounded up, where it crosses the limit. Two and fewer have no share."""
    limit = int(parameters.value("committee_gender_max_percent", day).value)
    if len(genders) < 3:
        return None
    most = max(genders.count(gender) for gender in set(genders))
    return -(-100 * most // len(genders)) if 100 * most > limit * len(genders) else None


def years_of(
    terms: Iterable[Term],
    planned: Iterable[tuple[dt.date, dt.date | None]] = (),
    until: dt.date | None = None,
) -> float:
    """How long an appointed person will have sat; `until` cuts off what lies ahead."""
    spans = [(term.from_on, term.last_on) for term in terms if not term.is_ex_officio] + list(planned)
    days = 0
    for from_on, last_on in spans:
        end = min(day for day in (last_on, until) if day is not None) if (last_on or until) else from_on
        days += max((end - from_on).days + 1, 0)
    return round(days / DAYS_OF_A_YEAR, 2)  # four full years hold one day more than four mean ones


def appoint(
    who: Member | MemberFacts,
    facts: TermFacts,
    *,
    by: "Officer",
    renews: Term | None = None,
    replaces: Term | None = None,
) -> Term:
    """A new term, of a new person or of one who is known; renewal and substitute name the term before."""
    term = Term(recorded_by=by)
    with acts.begin(APPOINTED_LINE, term, by=by) as act:
        if renews is not None:
            _refuse_taken(act.hold(renews), "renewal")
        if replaces is not None:
            _refuse_taken(act.hold(replaces), "substitute")
        member = who if isinstance(who, Member) else None
        act.refuse(check(facts, member=member, renews=renews, replaces=replaces))
        sitting = who if isinstance(who, Member) else _enrol(act, who, facts, by)
        full = full_term(facts, replaces)
        act.write(
            number=f"{sitting.number}-{sitting.terms.count() + 1}",
            member=sitting,
            renews=renews,
            replaces=replaces,
            ground=full.ground,
            office=full.office,
            from_on=full.from_on,
            until_on=full.until_on,
            document_number=full.document_number,
            recommended_by=full.recommended_by,
            recruitment="" if full.ground in EX_OFFICIO else full.recruitment,
            recruitment_reason=full.recruitment_reason if full.recruitment == Recruitment.EXEMPT else "",
            limit_reason=full.limit_reason,
        )
        act.payload |= _told(act.row)
        following.members(act, {act.row.member_id, *(each.member_id for each in (renews, replaces) if each)})
    return term


def _refuse_taken(term: Term, successor: str) -> None:
    if hasattr(term, successor):
        refusals.refuse_if([Refusal("taken", f"이미 뒤를 이은 위원이 있습니다(임기 {term.number}).", TERM)])


def _enrol(act: Act[Any], who: MemberFacts, facts: TermFacts, by: "Officer") -> Member:
    return act.add(
        Member(number=next_number(Member, "위원-", facts.from_on), recorded_by=by, **_columns(who))
    )


def _columns(who: MemberFacts) -> dict[str, Any]:
    return {
        "name": who.name.strip(),
        "gender": who.gender,
        "affiliation": who.affiliation.strip(),
        "phone": who.phone.strip(),
        "email": who.email.strip(),
        "is_district_official": who.is_district_official,
        "other_committees": who.other_committees,
    }


# -- afterwards


def end(term: Term, *, on: dt.date, ground: str, document_number: str, by: "Officer") -> Term:
    """해촉, or the end of a post: `on` is the last day in the seat."""
    with acts.begin(ENDED, term, by=by) as act:
        act.refuse(check_end(act.row, on, ground, document_number))
        act.write(ended_on=on, end_ground=ground, end_document=document_number)
        act.payload |= _told(act.row) | {"ended_on": on.isoformat(), "end_ground": ground}
        following.members(act, [act.row.member_id])
    return act.row


def check_end(term: Term, on: dt.date, ground: str, document_number: str) -> Iterator[Refusal]:
    yield from refusals.unwritten(document_number, "document_number", "문서번호를 적으십시오.", TERM)
    if term.ended_on is not None:
        yield Refusal("ended", f"이미 {term.ended_on:%Y-%m-%d}에 끝난 임기입니다.", TERM)
    elif on < term.from_on or (term.until_on and on > term.until_on):
        yield Refusal("on", "끝나는 날은 임기 안의 날이어야 합니다.", TERM, field="on")
    if (ground == "post") != term.is_ex_officio and ground != "death":
        sentence = (
            "당연직은 직위를 떠날 때 끝납니다."
            if term.is_ex_officio
            else "‘직위를 떠남’은 당연직에만 있습니다."
        )
        yield Refusal("ground", sentence, TERM, field="ground")
    later = term.attendances.filter(meeting__on__gt=on).select_related("meeting").first()
    if later is not None:
        yield Refusal(
            "attended", f"그 뒤의 회의({later.meeting})의 출석부에 있는 위원입니다.", TERM, field="on"
        )


def leave_vacant(term: Term, *, reason: str, by: "Officer") -> Term:
    """Nobody follows on this seat: the finding that it is empty ends with a reason."""
    with acts.begin(VACANT, term, by=by) as act:
        act.refuse(
            [
                *refusals.unwritten(reason, "reason", "자리를 비워 두는 사유를 적으십시오.", TERM),
                *(
                    [Refusal("sits", "아직 임기 중인 자리입니다.", TERM)]
                    if act.row.is_ex_officio or act.row.is_on(timezone.localdate())
                    else []
                ),
            ]
        )
        act.write(vacant_reason=reason)
        act.payload |= {"term": act.row.number}
        following.members(act, [act.row.member_id])
    return act.row


def change(member: Member, who: MemberFacts, *, reason: str, by: "Officer") -> Member:
    """Name, contact, post of a member put right or brought up to date; the ledger names the columns, not the words."""
    with acts.begin(CHANGED, member, by=by) as act:
        act.refuse(refusals.unwritten(reason, "reason", "변경 사유를 적어 주십시오."))
        columns = _columns(who)
        changed = [name for name, value in columns.items() if getattr(act.row, name) != value]
        act.write(reason=reason, **{name: columns[name] for name in changed})
        act.payload |= {"member": act.row.number, "fields": changed}
        following.members(act, [act.row.pk])
    return act.row


def address_entered_by(member: Member) -> int | None:
    """Who wrote the mail address that stands in the record, as the ledger says: the last one who changed it."""
    lines = Entry.objects.of_kind(CHANGED).about(member.ledger_subject).order_by("-sequence")
    for actor, payload in lines.values_list("actor", "payload"):
        if "email" in Entry(payload=payload).content.get("fields", ()):
            kind, _, number = actor.partition(":")
            return int(number) if kind == "officer" and number.isdigit() else None
    return member.recorded_by_id


def _told(term: Term) -> dict[str, Any]:
    return {
        "term": term.number,
        "seat": term.ground,
        "office": term.office,
        "from": term.from_on.isoformat(),
        "until": term.until_on.isoformat() if term.until_on else None,
        "document": term.document_number,
    }
