"""Sets of rows, by date and by district."""

import datetime
from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from ordinance import holiday_changes


class OrdinanceQuerySet(models.QuerySet):
    def of(self, profile: str) -> Self:
        return self.filter(profile=profile)

    def in_force(self, on: datetime.date) -> Self:
        """The newest version of each profile that had taken effect on that day."""
        newest = (
            self.model._default_manager.filter(profile=OuterRef("profile"), effective_on__lte=on)
            .order_by("-effective_on")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest))


class ArticleQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date, profile: str) -> Self:
        newest = (
            self.model._meta.apps.get_model("ordinance", "Ordinance")
            .objects.filter(profile=profile, effective_on__lte=on)
            .order_by("-effective_on")
            .values("pk")[:1]
        )
        return self.filter(ordinance=Subquery(newest))


class ParameterQuerySet(models.QuerySet):
    def effective(self, on: datetime.date, profile: str) -> Self:
        """The district's rows and the nation's that had taken effect, the one that wins first per code."""
        return self.filter(profile__in=[profile, ""], effective_on__lte=on).order_by(
            "code", "-profile", "-effective_on"
        )


class DatedQuerySet(models.QuerySet):
    """Rows that apply from `effective_on` to `until_on`."""

    def in_force(self, on: datetime.date) -> Self:
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), effective_on__lte=on)


class GroundQuerySet(DatedQuerySet):
    def layer(self, layer: str) -> Self:
        return self.filter(layer=layer)

    def to_publish(self) -> Self:
        return self.filter(must_publish=True)


class SignContentQuerySet(DatedQuerySet):
    pass


class PurposeGroundQuerySet(DatedQuerySet):
    pass


class HolidayQuerySet(models.QuerySet):
    def within(self, from_on: datetime.date, until_on: datetime.date) -> Self:
        return self.filter(on__gte=from_on, on__lte=until_on)

    def of_year(self, year: int) -> Self:
        return self.filter(on__year=year)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with holiday_changes.changing(by="system:holidays") as change:
            created: list[Any] = super().bulk_create(objs, *args, **kwargs)
            for holiday in created:
                change.note(holiday.on, f"공휴일 추가: {holiday}")
        return created

    def update(self, **kwargs: Any) -> int:
        raise NotImplementedError(
            "공휴일은 ordinance.holidays 를 거쳐 바꿉니다: 진행 중인 기한이 다시 계산됩니다."
        )


class DueDateQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def touched_by(self, days: "list[datetime.date]") -> Self:
        """Those whose counting may have looked at one of these days."""
        first, last = min(days), max(days)
        # A date counted back lies before its event, and its internal date some working days earlier still.
        between = Q(start_on__lte=last, due_on__gte=first) | Q(
            due_on__lte=last + datetime.timedelta(days=60), start_on__gte=first
        )
        return self.filter(between | Q(is_provisional=True))

    def overdue(self, now: datetime.datetime) -> Self:
        return self.open().filter(due_at__lte=now)

    def in_order(self) -> Self:
        return self.order_by(F("due_at").asc(), "pk")


class FindingQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def closed(self) -> Self:
        return self.filter(closed_on__isnull=False)

    def of_subject(self, kind: str, number: str) -> Self:
        return self.filter(rule__subject_kind=kind, number=number)

    def delete(self) -> NoReturn:
        raise NotImplementedError("미이행 사항은 삭제하지 않습니다: ordinance.assessment_run 이 종결합니다.")


class RuleExceptionQuerySet(models.QuerySet):
    def in_force(self, on: datetime.date) -> Self:
        """A revoked exception holds for no day."""
        return self.filter(revoked_at__isnull=True, from_on__lte=on, until_on__gte=on)

    def of(self, rule: str) -> Self:
        return self.filter(rule=rule)

    def delete(self) -> NoReturn:
        raise NotImplementedError("예외는 삭제하지 않습니다: ordinance.exceptions.revoke 로 취소합니다.")
