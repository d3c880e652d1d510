"""A citizen's form while it is being filled in, page by page."""

import uuid

from django.db import models

from accounts.encryption import EncryptedTextField


class FormDraft(models.Model):
    """What was typed so far (`website.drafts`). Emptied when it is sent, gone after a day."""

    # Only the address of the form knows the key; here is no more than its digest.
    key_digest = models.CharField("열쇠의 해시", max_length=64, unique=True)
    form = models.CharField("양식", max_length=40)
    about = models.CharField("무엇에 대한 양식", max_length=60, blank=True)
    answers = EncryptedTextField("적은 내용", bound_to="key_digest", blank=True)
    photo = EncryptedTextField("고른 사진", bound_to="key_digest", blank=True)
    submission = models.UUIDField("양식 번호", default=uuid.uuid4, editable=False)
    changed_at = models.DateTimeField("고친 시각", db_index=True)
    # Where sending it led; a second sending leads there again.
    led_to = models.CharField("이어진 화면", max_length=200, blank=True)

    class Meta:
        verbose_name = "작성 중인 양식"
        verbose_name_plural = "작성 중인 양식"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.form} {self.changed_at}"
