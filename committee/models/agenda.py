"""안건 (ordinance art. 28, 29): what a meeting deliberates on, who steps aside from it, who attends and answers."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from committee.enums import (
    AnswerWay,
    BallotChoice,
    CommitteeFunction,
    ItemKind,
    LateGround,
    LinkPurpose,
    NoticeWay,
    RecusalKind,
)
from committee.models.decisions import Meeting
from committee.models.members import Term
from committee.querysets import BallotQuerySet
from ledger.commitments import SALT_LENGTH


def _by(label: str, **more: Any) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **more
    )


class AgendaItem(models.Model):
    """안건: one of the six functions of art. 28, to be decided on or reported, with its papers in their order."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items", verbose_name="회의")
    position = models.PositiveSmallIntegerField("순서")
    kind = models.CharField("구분", max_length=12, choices=ItemKind, default=ItemKind.DELIBERATE)
    function_no = models.PositiveSmallIntegerField(
        "심의 사항", choices=CommitteeFunction, help_text="조례 제28조"
    )
    title = models.CharField("안건", max_length=200)
    text = models.TextField("제안 내용", help_text="무엇을 왜 정하려는지, 어떤 안이 있는지")
    projects = models.ManyToManyField(
        "cameras.InstallationProject", blank=True, related_name="agenda_items", verbose_name="설치 사업"
    )
    provisions = models.ManyToManyField(
        "records.Provision", blank=True, related_name="agenda_items", verbose_name="이용·제공"
    )
    # Codes of `ordinance.rules`, and the period of a report ("2026Q3"): named, since they are no rows of this app.
    rule_codes = models.JSONField("점검 규칙", default=list, blank=True)
    report_period = models.CharField("운영위원회 보고서", max_length=12, blank=True)
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="agenda_items", verbose_name="자료"
    )
    dropped_reason = models.CharField("상정하지 않은 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = _by("기록자")

    class Meta:
        verbose_name = "안건"
        verbose_name_plural = "안건"
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.CheckConstraint(
                condition=Q(function_no__gte=1, function_no__lte=6), name="agenda_function_of_article_28"
            ),
        ]

    def __str__(self) -> str:
        return f"제{self.position}호 안건 {self.title}"

    @property
    def ledger_subject(self) -> str:
        return f"agenda-item:{self.meeting.number}/{self.position}"

    @property
    def is_to_decide(self) -> bool:
        return self.kind == ItemKind.DELIBERATE and not self.dropped_reason


class Recusal(models.Model):
    """제척·기피·회피: a member steps aside from one item. A challenge counts when the committee accepts it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="recusals", verbose_name="안건"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="recusals", verbose_name="위원")
    kind = models.CharField("구분", max_length=12, choices=RecusalKind)
    reason = EncryptedTextField("사유", bound_to="code")
    # None: a challenge on which the committee has not decided yet.
    is_accepted = models.BooleanField("받아들임", null=True, blank=True)
    decided_on = models.DateField("결정일", null=True, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = _by("기록자")

    class Meta:
        verbose_name = "제척·기피·회피"
        verbose_name_plural = "제척·기피·회피"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["item", "term"],
                name="recusal_once",
                violation_error_message="이 안건에 이미 기록한 위원입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_kind_display()}"


class MeetingNotice(models.Model):
    """소집 통지: when members were told which date, place and agenda; a later one replaces it."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="notices", verbose_name="회의"
    )
    on = models.DateField("알린 개최일")
    starts_at = models.TimeField("알린 시각", null=True, blank=True)
    place = models.CharField("알린 장소", max_length=200, blank=True)
    agenda = models.JSONField("알린 안건")
    sent_on = models.DateField("통지일")
    # The last day that was early enough, as it was counted then.
    due_on = models.DateField("통지 기한")
    way = models.CharField("통지 방법", max_length=8, choices=NoticeWay)
    document_number = models.CharField("문서번호", max_length=100)
    late_ground = models.CharField("늦게 알린 사유", max_length=12, choices=LateGround, blank=True)
    late_reason = models.CharField("구체적인 사유", max_length=300, blank=True)
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = _by("기록자")

    class Meta:
        verbose_name = "회의 소집 통지"
        verbose_name_plural = "회의 소집 통지"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__lte=F("due_on")) | (~Q(late_ground="") & ~Q(late_reason="")),
                name="late_notice_has_a_reason",
                violation_error_message="기한보다 늦은 통지에는 사유가 있어야 합니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 소집 통지 {self.sent_on}"

    @property
    def is_late(self) -> bool:
        return self.sent_on > self.due_on


class NoticeDelivery(models.Model):
    """How one member was told: by a mail of this system, or by letter. `committee.mailing` is the only writer."""

    WAYS = ((NoticeWay.MAIL.value, NoticeWay.MAIL.label), (NoticeWay.LETTER.value, NoticeWay.LETTER.label))

    notice = models.ForeignKey(
        MeetingNotice, on_delete=models.PROTECT, related_name="deliveries", verbose_name="소집 통지"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name="위원")
    way = models.CharField("통지 방법", max_length=8, choices=WAYS)
    mailed_at = models.DateTimeField("메일을 보낸 때", null=True, blank=True)
    tried_at = models.DateTimeField("마지막으로 시도한 때", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("시도한 횟수", default=0)
    # By letter, or in another way where the mail did not get through.
    told_on = models.DateField("다른 방법으로 알린 날", null=True, blank=True)

    class Meta:
        verbose_name = "위원별 소집 통지"
        verbose_name_plural = "위원별 소집 통지"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["notice", "term"], name="member_is_told_once_a_notice"),
            models.CheckConstraint(
                condition=Q(way=NoticeWay.MAIL) | Q(mailed_at=None), name="only_mails_are_mailed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice}: {self.get_way_display()}"


class Attendance(models.Model):
    """출석: one enrolled member at one meeting."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="attendances", verbose_name="회의"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="attendances", verbose_name="위원")
    is_present = models.BooleanField("출석")

    class Meta:
        verbose_name = "출석"
        verbose_name_plural = "출석"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["meeting", "term"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.term}"


class HeardExpert(models.Model):
    """관계 전문가·공무원: who was heard (ordinance art. 29), and what was said."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="experts", verbose_name="회의"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="안건"
    )
    name = EncryptedTextField("성명", bound_to="code")
    affiliation = models.CharField("소속과 직위", max_length=120)
    is_district_official = models.BooleanField("구 소속 공무원", default=False)
    said = models.TextField("들은 내용")
    recorded_at = models.DateTimeField("기록 시각", auto_now_add=True)
    recorded_by = _by("기록자")

    class Meta:
        verbose_name = "의견을 들은 사람"
        verbose_name_plural = "의견을 들은 사람"
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.meeting} {self.affiliation}"


class SignedLink(models.Model):
    """서명 주소: opens one page for one member of one meeting, without a login. Only digests are kept.

    The address alone shows what is asked; what is answered through it takes the code, which goes another way. It works
    once, until it expires, and not after too many wrong codes.
    """

    purpose = models.CharField("용도", max_length=8, choices=LinkPurpose)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="links", verbose_name="회의")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="links", verbose_name="위원")
    digest = models.CharField("주소의 해시", max_length=64, unique=True)
    code_digest = models.CharField("확인번호의 해시", max_length=64)
    tries = models.PositiveSmallIntegerField("틀린 확인번호", default=0)
    made_at = models.DateTimeField("만든 시각")
    made_by = _by("만든 사람")
    expires_at = models.DateTimeField("쓸 수 있는 때까지")
    opened_at = models.DateTimeField("처음 연 시각", null=True, blank=True)
    used_at = models.DateTimeField("답한 시각", null=True, blank=True)
    void_at = models.DateTimeField("거둔 시각", null=True, blank=True)

    class Meta:
        verbose_name = "서명 주소"
        verbose_name_plural = "서명 주소"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "meeting", "term"],
                condition=Q(void_at=None),
                name="one_signed_link_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.get_purpose_display()} {self.term}"

    @property
    def ledger_subject(self) -> str:
        return f"meeting:{self.meeting.number}"

    @property
    def is_over(self) -> bool:
        return self.void_at is not None or timezone.now() > self.expires_at


class PaperAnswer(models.Model):
    """의견서: a member's signed paper of a written deliberation, as it was scanned; a second official reads it again.

    What it says counts once somebody else than who entered it has compared the scan. Sent back, its ballots are void.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="paper_answers", verbose_name="서면심의"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name="위원")
    on = models.DateField("의견서의 날짜")
    attachments = models.ManyToManyField(
        "casework.Attachment", blank=True, related_name="paper_answers", verbose_name="의견서"
    )
    entered_at = models.DateTimeField("옮겨 적은 시각")
    entered_by = _by("옮겨 적은 사람")
    confirmed_at = models.DateTimeField("대조한 시각", null=True, blank=True)
    confirmed_by = _by("대조한 사람", null=True, blank=True)
    rejected_at = models.DateTimeField("돌려보낸 시각", null=True, blank=True)
    rejected_by = _by("돌려보낸 사람", null=True, blank=True)
    reject_reason = models.CharField("돌려보낸 사유", max_length=300, blank=True)

    class Meta:
        verbose_name = "서면심의 의견서"
        verbose_name_plural = "서면심의 의견서"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "term"], condition=Q(rejected_at=None), name="one_paper_answer_in_force"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(rejected_at=None), name="paper_answer_counts_or_went_back"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 의견서 {self.term}"

    @property
    def ledger_subject(self) -> str:
        return f"meeting:{self.meeting.number}"


class Ballot(models.Model):
    """서면심의의 의견: one member's answer to one item, given once. The ledger binds the choice (`ballot_proofs`)."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="ballots", verbose_name="안건"
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="ballots", verbose_name="위원")
    choice = models.CharField("의견", max_length=8, choices=BallotChoice)
    opinion = EncryptedTextField("덧붙인 의견", blank=True, bound_to="code")
    way = models.CharField("방법", max_length=8, choices=AnswerWay)
    on = models.DateField("낸 날")
    at = models.DateTimeField("기록 시각")
    link = models.ForeignKey(
        SignedLink, on_delete=models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    # None: through a link, or on paper before a scan was asked for.
    paper = models.ForeignKey(
        PaperAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="ballots"
    )
    # Of a paper that went back: it counts for nothing, and the member may answer again.
    void_at = models.DateTimeField("돌려보낸 시각", null=True, blank=True)
    # Of the digest in the ledger; empty in those from before there was one.
    salt = models.CharField(max_length=SALT_LENGTH, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="기록자",
    )

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = "서면심의 의견"
        verbose_name_plural = "서면심의 의견"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["item", "term"],
                condition=Q(void_at=None),
                name="ballot_once",
                violation_error_message="이 안건에 이미 의견을 낸 위원입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.term}"
