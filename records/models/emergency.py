"""비상연락망과 훈련 (art. 16): whom each duty calls in an emergency, and whether they could be reached when it was tried."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from records.models.people import StaffMember


class EmergencyContact(models.Model):
    """One post of the tree. The telephone is that of the duty, no person's own: a person's stands on no list of this system."""

    post = models.CharField("직무", max_length=60)
    staff = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="맡은 사람",
    )
    agency = models.CharField("기관", max_length=100, blank=True)
    duty_line = models.CharField("근무 전화", max_length=40)
    called_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name="연락하는 직무",
    )
    position = models.PositiveSmallIntegerField("순서", default=0)
    is_in_use = models.BooleanField("사용", default=True)

    class Meta:
        verbose_name = "비상연락망"
        verbose_name_plural = "비상연락망"
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True) | Q(agency=""),
                name="emergency_contact_staff_or_agency",
                violation_error_message="맡은 사람과 기관 가운데 하나만 적으십시오.",
            )
        ]

    def __str__(self) -> str:
        return self.post

    @property
    def ledger_subject(self) -> str:
        return f"emergency-contact:{self.pk}"


class EmergencyDrill(models.Model):
    """훈련: the tree was called through. What was tried stays as the tree was that day."""

    held_at = models.DateTimeField("시작한 때", db_index=True)
    scenario = models.CharField("상황", max_length=200)
    # [{"contact": pk, "post", "minutes": whole minutes until reached, or None}] in the order of the tree.
    calls = models.JSONField("연락", default=list)
    result = models.TextField("결과와 고칠 것", max_length=1000)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="적은 사람"
    )
    entered_at = models.DateTimeField("적은 때")

    class Meta:
        verbose_name = "비상연락 훈련"
        verbose_name_plural = "비상연락 훈련"
        ordering = ["-held_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"비상연락 훈련 {self.pk}"

    @property
    def ledger_subject(self) -> str:
        return f"emergency-drill:{self.pk}"

    @property
    def reached(self) -> list[int]:
        """Minutes of those who were reached."""
        return [each["minutes"] for each in self.calls if each["minutes"] is not None]
