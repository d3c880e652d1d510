"""소명과 판정: the person concerned says why, somebody else judges, and nobody judges what is about himself.

Asked under the lock of the finding: who the person is may have become known since the page was opened. Until the review is
frozen words and judgements may be given anew; each time is a line of the ledger, without the words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Officer
from casework import acts
from casework.acts import Act
from casework.refusals import Refusal
from records.access_log.follow import judge_again
from records.access_log.rules import catalogue
from records.models import AccessFinding, AccessReview, Judgement, StaffMember

EXPLAINED = "records.access_finding_explained"
JUDGED = "records.access_finding_judged"
MEASURED = "records.access_finding_measured"
SIGN, COUNTERSIGN = "records.sign_accessreview", "records.countersign_accessreview"
EXPLAIN = "records.explain_accessfinding"
CITATION = "조례 제23조"


def concerns(finding: AccessFinding, officer: Officer) -> bool:
    """Whether the finding is about this officer, as far as the records of today tell."""
    if officer.pk == finding.officer_id or (finding.account and finding.account == officer.username):
        return True
    staff = Q(account=finding.account) if finding.account else Q(pk=None)
    return StaffMember.objects.filter(staff | Q(pk=finding.staff_id), officer=officer).exists()


def about(officer: Officer) -> Q:
    """Findings about this officer, as a condition."""
    accounts = StaffMember.objects.filter(officer=officer).exclude(account="").values("account")
    return (
        Q(officer=officer)
        | Q(account=officer.username)
        | Q(staff__officer=officer)
        | Q(account__in=accounts, account__gt="")
    )


def explain(finding: AccessFinding, *, words: str, source: str = "", by: Officer) -> AccessFinding:
    """What the person says. Who signs may write it down (`source`: how it was said) for a person without an account here."""
    with acts.begin(EXPLAINED, finding, by=by) as act:
        own = concerns(act.row, by)
        act.refuse([*_if_frozen(act.row), *_why_not_explain(act.row, own, words, source, by)])
        text = words.strip() if own else f"{words.strip()}\n({source.strip()})"
        _seal(act, "explanation", text)
        act.write(explanation=text, explained_at=act.at, explained_by=by)
        act.payload |= {**act.row.as_told(), "written_for": not own}
    return act.row


def _why_not_explain(
    finding: AccessFinding, own: bool, words: str, source: str, by: Officer
) -> Iterable[Refusal]:
    if not words.strip():
        yield Refusal("words", "까닭을 적으십시오.", CITATION, field="words")
    if own:
        return
    if not by.has_perm(SIGN):
        yield Refusal("other", "다른 사람에 관한 점검 결과는 소명할 수 없습니다.", CITATION)
    elif finding.officer_id is not None and finding.officer and finding.officer.is_active:
        yield Refusal(
            "own_words", "계정이 있는 사람은 스스로 소명합니다.", CITATION, "그 사람에게 소명을 요청하십시오."
        )
    elif not source.strip():
        text = "누가 언제 어떻게 말했는지 적으십시오."
        yield Refusal("source", text, CITATION, "예: 10월 5일 면담, 확인서 접수번호", field="source")


def judge(finding: AccessFinding, *, judgement: str, words: str, by: Officer) -> AccessFinding:
    """정당, 소명 부족, 부당. What is not in order needs words; `improper` waits for a measure from then on."""
    with acts.begin(JUDGED, finding, by=by) as act:
        act.refuse([*_if_frozen(act.row), *_why_not_judge(act.row, judgement, words, by)])
        _seal(act, "judged_words", words.strip())
        act.write(judgement=judgement, judged_words=words, judged_at=act.at, judged_by=by)
        act.payload |= {**act.row.as_told(), "judgement": judgement}
        act.afterwards(judge_again)
    return act.row


def _why_not_judge(finding: AccessFinding, judgement: str, words: str, by: Officer) -> Iterable[Refusal]:
    yield from not_by_oneself(finding, by)
    if not by.has_perm(SIGN):
        yield from _only_of_managers(finding, by)
    if judgement not in Judgement.values:
        yield Refusal("judgement", "판정을 고르십시오.", CITATION, field="judgement")
    elif not words.strip() and (judgement != Judgement.PROPER or not finding.explained_at):
        text = "소명이 없거나 ‘정당’이 아니면 까닭을 적습니다."
        yield Refusal("words", text, CITATION, field="words")


def _only_of_managers(finding: AccessFinding, by: Officer) -> Iterable[Refusal]:
    if not by.has_perm(COUNTERSIGN):
        yield Refusal("right", "판정할 권한이 없습니다.", CITATION)
    elif finding.officer is None or not finding.officer.has_perm(SIGN):
        yield Refusal(
            "managers", "감사 담당자는 판정하는 사람에 관한 점검 결과만 판정합니다.", CITATION, "관리책임자가 판정합니다."
        )  # fmt: skip


def not_by_oneself(finding: AccessFinding, by: Officer) -> Iterable[Refusal]:
    if concerns(finding, by):
        yield Refusal(
            "oneself",
            "자기에 관한 점검 결과는 스스로 판정할 수 없습니다.",
            CITATION,
            "다른 관리책임자나 감사 담당자가 판정합니다.",
        )


def measure(finding: AccessFinding, *, words: str, by: Officer) -> AccessFinding:
    """What followed for an improper look: the note on discipline. Once, after the review or before it."""
    with acts.begin(MEASURED, finding, by=by) as act:
        act.refuse([*_why_not_measure(act.row, words), *not_by_oneself(act.row, by)])
        _seal(act, "measure", words.strip())
        act.write(measure=words, measured_at=act.at, measured_by=by)
        act.payload |= act.row.as_told()
        act.afterwards(judge_again)
    return act.row


def _why_not_measure(finding: AccessFinding, words: str) -> Iterable[Refusal]:
    if finding.judgement != Judgement.IMPROPER:
        yield Refusal("proper", "‘부당’으로 판정한 것에만 조치를 적습니다.", CITATION)
    elif finding.measured_at is not None:
        yield Refusal("twice", "조치를 이미 적었습니다.", CITATION)
    if not words.strip():
        yield Refusal("words", "어떤 조치를 했는지 적으십시오.", CITATION, field="words")


def _if_frozen(finding: AccessFinding) -> Iterable[Refusal]:
    # Whoever signs holds the review's row; the finding's alone would not do.
    review = AccessReview.objects.select_for_update().get(pk=finding.review_id)
    if review.signed_at is not None:
        yield Refusal("signed", "서명한 점검의 결과는 고칠 수 없습니다.", CITATION)


def _seal(act: Act[AccessFinding], name: str, text: str) -> None:
    act.row.salts = {**act.row.salts, name: act.seal(name, text)} if text else act.row.salts


@dataclass(frozen=True)
class Rate:
    """How often a rule asked about what was in order."""

    code: str
    title: str
    judged: int
    proper: int

    @property
    def percent(self) -> int | None:
        return round(self.proper * 100 / self.judged) if self.judged else None


def rates() -> list[Rate]:
    """Of every rule, in the catalogue's order: of all that was judged so far, what was found proper."""
    counted = {
        row["rule"]: row
        for row in AccessFinding.objects.exclude(judgement="")
        .order_by()
        .values("rule")
        .annotate(judged=Count("pk"), proper=Count("pk", filter=Q(judgement=Judgement.PROPER)))
    }
    return [
        Rate(rule.code, rule.title, counted[rule.code]["judged"], counted[rule.code]["proper"])
        if rule.code in counted
        else Rate(rule.code, rule.title, 0, 0)
        for rule in catalogue.all_rules()
    ]
