"""What citizens ask for and what the office answers. Personal columns are encrypted and erased in time."""

from django.conf import settings
from django.db import models

from accounts.encryption import EncryptedTextField
from cameras.models import Camera, Site
from footage.models import Hold
from ordinance.models import Ground
from records.enums import DecisionOutcome, RequestChannel, RequesterRole, RequestState


class ViewingRequest(models.Model):
    """개인영상정보 열람등 청구 (ordinance art. 22; Guideline art. 44, form 2). `records.viewing` is the only writer.

    There is no column for a resident registration number, and there will be none.
    """

    receipt_number = models.CharField("접수번호", max_length=30, unique=True)
    # The form's own number: sending the same form twice is one request.
    submission = models.UUIDField("양식 번호", unique=True, editable=False)
    channel = models.CharField("접수 경로", max_length=6, choices=RequestChannel, default=RequestChannel.WEB)
    received_at = models.DateTimeField("접수 시각", db_index=True)
    state = models.CharField(
        "상태", max_length=10, choices=RequestState, default=RequestState.RECEIVED, db_index=True
    )
    asks_existence = models.BooleanField("존재확인", default=False)
    asks_viewing = models.BooleanField("열람", default=False)
    asks_correction = models.BooleanField("정정·삭제", default=False)

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="viewing_requests", verbose_name="설치장소"
    )
    from_at = models.DateTimeField("영상정보 기록기간 시작")
    until_at = models.DateTimeField("영상정보 기록기간 끝")

    requester_role = models.CharField("청구인", max_length=20, choices=RequesterRole)
    relation = models.CharField("정보주체와의 관계", max_length=60, blank=True)
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
                condition=models.Q(until_at__gt=models.F("from_at")), name="viewing_period_ends_after_start"
            ),
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
    def is_open(self) -> bool:
        return self.state != RequestState.DECIDED

    @property
    def kinds(self) -> list[str]:
        """What is asked for, in the words of the form."""
        asked = {
            "존재확인": self.asks_existence,
            "열람": self.asks_viewing,
            "정정·삭제": self.asks_correction,
        }
        return [label for label, is_asked in asked.items() if is_asked]


class RequestedCamera(models.Model):
    """A camera that a request names, the hold on its footage, and what was gone when it was placed."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="cameras")
    camera = models.ForeignKey(
        Camera, on_delete=models.PROTECT, related_name="viewing_requests", verbose_name="카메라"
    )
    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, related_name="requested_camera", verbose_name="삭제 유예"
    )
    already_gone = models.PositiveIntegerField("접수할 때 이미 파기된 파일 수", default=0)

    class Meta:
        verbose_name = "청구한 카메라"
        verbose_name_plural = "청구한 카메라"
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["request", "camera"], name="viewing_camera_once")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.camera_id}"


class ViewingDecision(models.Model):
    """결정: a postponement may come before the final one. Never changed."""

    request = models.ForeignKey(ViewingRequest, on_delete=models.PROTECT, related_name="decisions")
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
        verbose_name="법 제35조제4항의 사유",
    )
    # Encrypted, since a reason tells about a person; erased with the rest.
    reason = EncryptedTextField("구체적인 사유", bound_to="request_id", blank=True)
    reply = EncryptedTextField("청구인에게 알리는 내용", bound_to="request_id")
    how_to_object = models.TextField("이의제기 방법", blank=True)
    decided_at = models.DateTimeField("결정 시각")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="결정자"
    )

    class Meta:
        verbose_name = "열람등 결정"
        verbose_name_plural = "열람등 결정"
        ordering = ["decided_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_outcome_display()
