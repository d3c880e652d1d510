"""Forms of the assessment: the filter of findings, caring for them, exceptions."""

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Officer
from cameras.models import Camera
from ordinance import rules
from ordinance.findings import numbers_where
from ordinance.models import AssessedRule, Finding, FindingCare, RuleException
from portal.forms.fields import day_field
from portal.forms.footage import ANY, Filter, reason_field

OPEN, CLOSED, EVERY = "open", "closed", "all"
NOBODY = "none"


def _rule_choices() -> list[tuple[str, str]]:
    return [ANY, *((rule.code, rule.heading) for rule in rules.all_rules())]


def _owner_choices() -> list[tuple[str, str]]:
    return [ANY, (NOBODY, "담당자 없음"), *_people()]


def _people() -> list[tuple[str, str]]:
    found = Officer.objects.active().select_related("department").order_by("last_name", "first_name", "pk")
    return [(str(officer.pk), str(officer)) for officer in found]


class FindingFilter(Filter):
    rule = forms.ChoiceField(label="의무", choices=_rule_choices, required=False)
    evidence = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="상태", choices=[(OPEN, "미이행"), (CLOSED, "종결"), (EVERY, "전체")], required=False
    )
    q = forms.CharField(label="번호·주소", max_length=100, required=False)
    owner = forms.ChoiceField(label="담당자", choices=_owner_choices, required=False)
    due = day_field("조치 기한 (까지)", required=False)
    since = day_field("발견일 (까지)", required=False)

    def apply(self) -> QuerySet[Finding]:
        """The findings asked for; without a state the open ones."""
        found = Finding.objects.select_related("rule", "care__owner").order_by(
            F("rule__article").asc(nulls_last=True), "rule__place", "rule_id", "number", "pk"
        )
        state = self.value("state") or OPEN
        if state != EVERY:
            found = found.filter(closed_on__isnull=state == OPEN)
        if code := self.value("rule"):
            found = found.filter(rule__in=AssessedRule.objects.filter(code=code).values("pk"))
        if evidence := self.value("evidence"):
            found = found.filter(evidence=evidence)
        if since := self.value("since"):
            found = found.filter(opened_on__lte=since)
        return self._by_words(self._by_care(found))

    def _by_care(self, found: QuerySet[Finding]) -> QuerySet[Finding]:
        if owner := self.value("owner"):
            cared = FindingCare.objects.filter(finding=OuterRef("pk"), owner__isnull=False)
            if owner == NOBODY:
                found = found.exclude(Exists(cared))
            else:
                found = found.filter(Exists(cared.filter(owner=owner)))
        if due := self.value("due"):
            found = found.filter(care__due_on__lte=due)
        return found

    def _by_words(self, found: QuerySet[Finding]) -> QuerySet[Finding]:
        words = " ".join(str(self.value("q") or "").split())
        if not words:
            return found
        at_address = Camera.objects.filter(
            Q(site__road_address__icontains=words) | Q(site__lot_address__icontains=words)
        )
        return found.filter(Q(number__startswith=words) | Q(number__in=numbers_where(at_address)))


class CareForm(forms.Form):
    """Who, by when, what to say. In bulk only what is filled in changes."""

    owner = forms.ChoiceField(
        label="담당자", choices=lambda: [("", "정하지 않음"), *_people()], required=False
    )
    due_on = day_field("조치 기한", required=False)
    note = forms.CharField(
        label="비고", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_owner(self) -> Officer | None:
        chosen = self.cleaned_data["owner"]
        return Officer.objects.get(pk=chosen) if chosen else None


class BulkCareForm(CareForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.filled(cleaned):
            raise forms.ValidationError("담당자, 조치 기한, 비고 가운데 하나는 적어야 합니다.")
        return cleaned

    @staticmethod
    def filled(cleaned: dict[str, Any]) -> frozenset[str]:
        return frozenset(name for name in ("owner", "due_on", "note") if cleaned.get(name))


class ExceptionForm(forms.Form):
    reason = reason_field("사유", "왜 이 의무를 지금 이행할 수 없거나 이행하지 않아도 되는지")
    citation = forms.CharField(label="근거 조항", max_length=200, help_text="예: 조례 제13조 단서")
    approver = forms.CharField(label="승인자", max_length=100, help_text="직위까지. 예: 안전관리과장")
    document_number = forms.CharField(label="문서번호", max_length=100, required=False)
    until_on = day_field("마지막 날", help_text="이 날까지 예외입니다. 다음 날 미이행이면 다시 나타납니다.")

    def clean_until_on(self) -> Any:
        until = self.cleaned_data["until_on"]
        if until < timezone.localdate():
            raise forms.ValidationError("마지막 날은 오늘보다 앞설 수 없습니다.")
        return until


class ExceptionFilter(Filter):
    rule = forms.ChoiceField(label="의무", choices=_rule_choices, required=False)
    state = forms.ChoiceField(
        label="상태",
        choices=[("", "유효"), ("ended", "끝났거나 취소함"), (EVERY, "전체")],
        required=False,
    )
    q = forms.CharField(label="번호", max_length=100, required=False)

    def apply(self) -> QuerySet[RuleException]:
        today = timezone.localdate()
        found = RuleException.objects.select_related("granted_by", "revoked_by").order_by("until_on", "pk")
        state = self.value("state")
        in_force = Q(revoked_at__isnull=True, until_on__gte=today)
        if state != EVERY:
            found = found.exclude(in_force) if state == "ended" else found.filter(in_force)
        if code := self.value("rule"):
            found = found.filter(rule=code)
        if words := self.value("q"):
            found = found.filter(number__startswith=words)
        return found
