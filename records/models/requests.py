"""What citizens ask for and what the office answers. Personal columns are encrypted and erased in time."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.encryption import EncryptedTextField
from casework.models import Attachment
from casework.moves import MoveRow
from ordinance.models import Ground
from records.enums import (
    UNANSWERED,
    UNDECIDED,
    WITHOUT_DECISION,
    AppointmentResult,
    Attendance,
    ConfirmedBy,
    DecisionOutcome,
    FeeExemption,
    FeeForm,
    IdentityDocument,
    Mandate,
    NoticeKind,
    NoticeWay,
    PostponeGround,
    RemedyAgainst,
    RemedyKind,
    RemedyOutcome,
    RequestChannel,
    RequesterRole,
    RequestKind,
    RequestState,
    SignatureWay,
    TransferEnd,
    outcome_label,
)
from records.viewing.states import TABLE

# The personal columns of a request: deferred wherever nobody reads them, so that nothing is decrypted.
PERSONAL = (
    "relation",
    "requester_name",
    "requester_phone",
    "requester_birth_date",
    "requester_address",
    "subject_name",
    "subject_phone",
    "subject_birth_date",
    "subject_address",
    "purpose",
    "appearance",
)


class ViewingRequest(models.Model):
    """개인영상정보 열람등 청구 (ordinance art. 22; Guideline art. 44, form 2). `records.viewing` is the only writer.

    There is no column for a resident registration number, and there will be none.
    """

    receipt_number = models.CharField("접수번호", max_length=30, unique=True)
    # Keyed digests (`records.viewing.claims`): of the form's own number, so that the same form sent twice is one
    # request, and of the claim code. Neither can be reckoned back from a copy of the database.
    submission_digest = models.CharField("양식 식별값", max_length=64, unique=True, editable=False)
    claim_digest = models.CharField("확인번호 식별값", max_length=64, editable=False)
    channel = models.CharField("접수 경로", max_length=12, choices=RequestChannel, default=RequestChannel.WEB)
    received_at = models.DateTimeField("접수 시각", db_index=True)
    state = models.CharField(
        "상태", max_length=20, choices=RequestState, default=RequestState.RECEIVED, db_index=True
    )
    asks_existence = models.BooleanField("존재확인", default=False)
    asks_viewing = models.BooleanField("열람", default=False)
    asks_correction = models.BooleanField("정정·삭제", default=False)

    # Where and when it is: rows of `RequestedCamera` and `RequestedPlace`.
    requester_role = models.CharField("청구인", max_length=20, choices=RequesterRole)
    relation = EncryptedTextField("정보주체와의 관계", bound_to="receipt_number", blank=True)
    requester_name = EncryptedTextField("청구인 성명", bound_to="receipt_number")
    requester_phone = EncryptedTextField("청구인 전화번호", bound_to="receipt_number")
    requester_birth_date = EncryptedTextField("청구인 생년월일", bound_to="receipt_number")
    requester_address = EncryptedTextField("청구인 주소", bound_to="receipt_number")
    subject_name = EncryptedTextField("정보주체 성명", bound_to="receipt_number")
    subject_phone = EncryptedTextField("정보주체 전화번호", bound_to="receipt_number", blank=True)
    subject_birth_date = EncryptedTextField("정보주체 생년월일", bound_to="receipt_number")
    subject_address = EncryptedTextField("정보주체 주소", bound_to="receipt_number", blank=True)
    purpose = EncryptedTextField("청구 목적 및 사유", bound_to="receipt_number")
    # How to find the person in the picture: clothes, direction, vehicle.
    appearance = EncryptedTextField(
        "인상착의 등 찾는 데 도움이 되는 내용", bound_to="receipt_number", blank=True
    )

    # Keyed, of who was filmed (`records.viewing.duplicates`): tells that two requests are of one person, and nothing else.
    person_digest = models.CharField(
        "같은 사람 식별값", max_length=64, blank=True, editable=False, db_index=True
    )
    joined_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="joined",
        verbose_name="함께 처리하는 청구",
    )
    # The requester's own choice; who did not choose the website is answered on paper.
    wants_web_notice = models.BooleanField("결정 통지를 누리집에서 받음", default=False)
    # Whether an officer made sure that there is somebody.
    confirmed_at = models.DateTimeField("연락 확인 시각", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="확인한 사람",
    )
    confirmed_how = models.CharField("확인 방법", max_length=10, choices=ConfirmedBy, blank=True)
    # Whether an officer saw who it is, and that a proxy may ask: nothing of the content is told before
    # (`records.viewing.identity`).
    identified_at = models.DateTimeField("본인·대리인 확인 시각", null=True, blank=True)
    identified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="본인·대리인을 확인한 사람",
    )
    identity_document = models.CharField("확인한 신분증", max_length=20, choices=IdentityDocument, blank=True)
    mandate = models.CharField("확인한 대리 서류", max_length=20, choices=Mandate, blank=True)
    # Codes of what the form itself leaves in doubt (`records.viewing.identity.DOUBTS`).
    doubts = models.JSONField("확인할 점", default=list, blank=True)
    # Over the limits of the web all is held until then, and what fits afterwards (`records.viewing.short_holds`).
    holds_lapse_at = models.DateTimeField("한도를 넘는 유예가 줄어드는 시각", null=True, blank=True)
    # Over the limits of the web (quota, size): an officer says at once what is held.
    needs_hold = models.BooleanField("담당자가 유예를 정해야 함", default=False)
    contact_changed_at = models.DateTimeField("누리집에서 연락처를 바꾼 시각", null=True, blank=True)
    holds_released_at = models.DateTimeField("영상 삭제 유예 해제 시각", null=True, blank=True)
    person_erased_at = models.DateTimeField("인적사항 파기 시각", null=True, blank=True)

    class Meta:
        verbose_name = "열람등 청구"
        verbose_name_plural = "열람등 청구"
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [
            ("read_viewing_person", "열람등 청구인의 인적사항을 볼 수 있음"),
            ("decide_viewingrequest", "열람등 청구를 결정할 수 있음"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(asks_existence=True)
                | models.Q(asks_viewing=True)
                | models.Q(asks_correction=True),
                name="viewing_asks_for_something",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_number

    @property
    def ledger_subject(self) -> str:
        return f"viewing:{self.receipt_number}"

    @property
    def sites(self) -> list[Any]:
        """Where it is, each place once; reads `cameras`, with their `site`."""
        return list({line.site_id: line.site for line in self.cameras.all()}.values())

    @property
    def is_open(self) -> bool:
        """Nobody has been told a decision yet."""
        return self.state in UNANSWERED

    @property
    def needs_confirmation(self) -> bool:
        """It came by the web, and no officer has made sure yet that there is somebody."""
        return self.channel == RequestChannel.WEB and self.confirmed_at is None

    @property
    def has_ended_undecided(self) -> bool:
        """It is over, and nothing of it was ever decided and told."""
        told = self.decisions.filter(notice__isnull=False).exclude(outcome=DecisionOutcome.POSTPONED)
        return self.state in WITHOUT_DECISION and not told.exists()

    @property
    def is_answered_elsewhere(self) -> bool:
        """On the route on which it went on, and that was written down here."""
        return (
            self.state == RequestState.TRANSFERRED
            and self.transfers.filter(outcome=TransferEnd.ANSWERED).exists()
        )

    @property
    def is_undecided(self) -> bool:
        """What is asked for can still be changed."""
        return self.state in UNDECIDED

    @property
    def asked(self) -> list[RequestKind]:
        """Each kind needs a decision of its own."""
        flags = {
            RequestKind.EXISTENCE: self.asks_existence,
            RequestKind.VIEWING: self.asks_viewing,
            RequestKind.CORRECTION: self.asks_correction,
        }
        return [kind for kind, is_asked in flags.items() if is_asked]

    @property
    def kinds(self) -> list[str]:
        """What is asked for, in the words of the form."""
        return [str(kind.label) for kind in self.asked]


class ViewingMove(MoveRow):
    """처리: one step of a request."""

    table = TABLE
    subject_field = "request"

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="moves")

    class Meta(MoveRow.Meta):
        verbose_name = "열람등 청구의 처리"
        verbose_name_plural = "열람등 청구의 처리"


class ViewingNotice(models.Model):
    """통지: what makes a decision one. Frozen when it is sent; text about a person is erased with the person."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField("종류", max_length=12, choices=NoticeKind, default=NoticeKind.DECISION)
    on = models.DateField("통지한 날")
    # When it reached the person (Procedures Act art. 15): of a letter as the office learns it, of the website when its
    # receiver first opened it. Nobody knows yet where it is empty, and it was not handed over.
    arrived_on = models.DateField("도달한 날", null=True, blank=True)
    way = models.CharField("통지 방법", max_length=4, choices=NoticeWay)
    document_number = models.CharField("문서번호", max_length=100, blank=True)
    viewing_at = models.DateTimeField("열람 일시", null=True, blank=True)
    viewing_place = models.CharField("열람 장소", max_length=200, blank=True)
    reply = EncryptedTextField("청구인에게 알리는 내용", bound_to="request_id")
    how_to_object = models.TextField("이의제기 방법", blank=True)
    at = models.DateTimeField("기록 시각")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="통지한 사람"
    )
    # Of the digest in the ledger; goes with the text.
    salt = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = "열람등 결정 통지"
        verbose_name_plural = "열람등 결정 통지"
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request_id} {self.on}"


class ViewingDecision(models.Model):
    """결정: one for each kind that was asked for. Never changed; in force once its notice is given."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField("구분", max_length=10, choices=RequestKind, default=RequestKind.WHOLE)
    outcome = models.CharField("결정", max_length=14, choices=DecisionOutcome)
    ground = models.ForeignKey(
        Ground, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="조례의 사유"
    )
    national_ground = models.ForeignKey(
        Ground,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="법의 사유",
    )
    # Encrypted, since a reason tells about a person; erased with the rest.
    reason = EncryptedTextField("구체적인 사유", bound_to="request_id", blank=True)
    # Of a correction or deletion: what was looked into (PIPA art. 36(2)); erased with the rest.
    investigation = EncryptedTextField("조사한 결과", bound_to="request_id", blank=True)
    # What the records say about footage that is not there: destroyed when, or not recorded.
    proof = models.TextField("영상이 없다는 증명", blank=True)
    # A postponement tells for what, and when it is expected to end.
    postponed_for = models.CharField("연기 사유의 종류", max_length=12, choices=PostponeGround, blank=True)
    expected_end_on = models.DateField("연기 예정 종료일", null=True, blank=True)
    notice = models.ForeignKey(
        ViewingNotice, on_delete=models.PROTECT, null=True, related_name="decisions", verbose_name="통지"
    )
    # Taken back before anybody was told of it; it never was in force.
    revoked_at = models.DateTimeField("통지 전에 거둔 때", null=True, blank=True)
    decided_at = models.DateTimeField("결정 시각")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="결정자"
    )
    # Who proposed it, where that was another person.
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="결정안을 쓴 사람",
    )
    salt = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = "열람등 결정"
        verbose_name_plural = "열람등 결정"
        ordering = ["decided_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.outcome_label}"

    @property
    def outcome_label(self) -> str:
        return outcome_label(self.kind, self.outcome)


class ViewingAppointmentQuerySet(models.QuerySet["ViewingAppointment"]):
    def awaited(self) -> Self:
        """To be held, or somebody who did not come asks for another day while there is something to show."""
        wished = models.Q(
            result=AppointmentResult.NOT_COME,
            wished_at__isnull=False,
            request__holds_released_at__isnull=True,
            request__person_erased_at__isnull=True,
        )
        return self.filter(models.Q(result="") | wished)


class ViewingAppointment(models.Model):
    """열람 일정: when and where a granted viewing is to be held, and what became of it. Moved, it is another one."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="appointments")
    notice = models.ForeignKey(ViewingNotice, on_delete=models.PROTECT, related_name="appointments")
    at = models.DateTimeField("열람 일시")
    place = models.CharField("열람 장소", max_length=200)
    # What the person asks for instead, on the page of the request.
    wished_at = models.DateTimeField("청구인이 원하는 일시", null=True, blank=True)
    result = models.CharField("결과", max_length=8, choices=AppointmentResult, blank=True)
    # What was shown from when to when; by whom stands with the result.
    shown_at = models.DateTimeField("열람을 시작한 때", null=True, blank=True)
    shown_until = models.DateTimeField("열람을 마친 때", null=True, blank=True)
    attendance = models.CharField("참석한 사람", max_length=12, choices=Attendance, blank=True)
    # How the person confirmed it: a signed paper, or drawn on the screen of the office.
    signature_way = models.CharField("열람 확인", max_length=8, choices=SignatureWay, blank=True)
    signature = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="서명"
    )
    fee_form = models.CharField("내준 형태", max_length=12, choices=FeeForm, blank=True)
    fee_units = models.PositiveIntegerField("수량", null=True, blank=True)
    # Won; zero where nothing is due, or the office caused the request.
    fee = models.PositiveIntegerField("수수료(원)", null=True, blank=True)
    fee_exemption = models.CharField(
        "수수료를 받지 않는 까닭", max_length=12, choices=FeeExemption, blank=True
    )
    receipt_number = models.CharField("영수증 번호", max_length=100, blank=True)
    # What was shown, or why it was moved; erased with the person.
    note = models.CharField("내용", max_length=500, blank=True)
    ended_at = models.DateTimeField("결과를 기록한 때", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="결과를 기록한 사람",
    )

    objects = ViewingAppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "열람 일정"
        verbose_name_plural = "열람 일정"
        ordering = ["at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request_id} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def is_awaited(self) -> bool:
        """As `ViewingAppointmentQuerySet.awaited` asks of many."""
        return not self.result or self.has_open_wish

    @property
    def has_open_wish(self) -> bool:
        """Who did not come asks for another day, and nobody has given one."""
        is_wished = self.result == AppointmentResult.NOT_COME and self.wished_at is not None
        return is_wished and self.request.holds_released_at is None and self.request.person_erased_at is None


class ViewingRemedy(models.Model):
    """불복 절차: an objection, or an appeal, suit, mediation or report elsewhere. While one is open footage stays."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="remedies")
    kind = models.CharField("절차", max_length=10, choices=RemedyKind)
    against = models.CharField("무엇에 대하여", max_length=12, choices=RemedyAgainst)
    number = models.CharField("사건번호·문서번호", max_length=100, blank=True)
    # What the person wrote on the page of the request; erased with the rest.
    words = EncryptedTextField("이의신청 취지와 사유", bound_to="request_id", blank=True)
    filed_on = models.DateField("제기한 날")
    extended_on = models.DateField("답변기한 연장을 알린 날", null=True, blank=True)
    ended_on = models.DateField("끝난 날", null=True, blank=True)
    outcome = models.CharField("결과", max_length=10, choices=RemedyOutcome, blank=True)
    # The letter in which the office answered an objection.
    answer = models.OneToOneField(
        ViewingNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="remedy"
    )
    recorded_at = models.DateTimeField("기록 시각")
    # Nobody, where the person filed it on the website.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="기록한 사람",
    )

    class Meta:
        verbose_name = "불복 절차"
        verbose_name_plural = "불복 절차"
        ordering = ["filed_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("filed_on")),
                name="remedy_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def is_objection(self) -> bool:
        """The office itself answers it, in its own time."""
        return self.kind == RemedyKind.OBJECTION

    @property
    def due_purpose(self) -> str:
        """Of the due date of its answer."""
        return f"{RemedyKind.OBJECTION}-{self.pk}"
