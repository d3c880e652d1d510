"""The ledger's rows. Writers only insert, through `ledger.append` and `ledger.seal`."""

import json
from typing import Any, NoReturn

from django.db import models

from ledger import kinds
from ledger.errors import AppendOnly
from ledger.querysets import EntryQuerySet, SignedHeadQuerySet


class AppendOnlyModel(models.Model):
    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly()


class Entry(AppendOnlyModel):
    """One event. Table and column names are fixed: outsiders check them with SQL of their own."""

    sequence = models.BigIntegerField("번호", primary_key=True)
    at = models.DateTimeField("시각")
    kind = models.CharField("종류", max_length=60)
    actor = models.CharField("행위자", max_length=100)
    subject = models.CharField("대상", max_length=200, blank=True)
    payload = models.TextField("내용")
    digest = models.CharField("해시", max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "ledger_entry"
        verbose_name = "원장 기록"
        verbose_name_plural = "원장 기록"
        default_permissions = ("view",)
        ordering = ["sequence"]
        indexes = [
            models.Index(fields=["kind", "sequence"], name="ledger_entry_kind"),
            models.Index(fields=["actor", "sequence"], name="ledger_entry_actor"),
            models.Index(fields=["subject", "sequence"], name="ledger_entry_subject"),
            models.Index(fields=["at"], name="ledger_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"

    @property
    def kind_label(self) -> str:
        return kinds.label(self.kind)

    @property
    def content(self) -> dict[str, Any]:
        """The payload as data; empty when someone made it unreadable (`verify_ledger` says so)."""
        try:
            data = json.loads(self.payload)
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}


class SignedHead(AppendOnlyModel):
    """The tree's size and root at a time, signed: what reports print and outsiders keep."""

    size = models.BigIntegerField("크기", unique=True)
    root = models.CharField("루트", max_length=64)
    # Roots of the complete subtrees, left to right. The root is computed from them and from nothing else, so
    # the next seal goes on from here without reading old rows, and a mismatch can be narrowed to a subtree.
    peaks = models.TextField("부분 나무", blank=True)
    at = models.DateTimeField("시각")
    signature = models.CharField("서명", max_length=128)
    key_id = models.CharField("키 식별자", max_length=64)

    objects = SignedHeadQuerySet.as_manager()

    class Meta:
        verbose_name = "원장 봉인"
        verbose_name_plural = "원장 봉인"
        default_permissions = ("view",)
        permissions = [("confirm_loss", "원장 봉인 대조와 없어진 봉인 확인")]
        ordering = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"
