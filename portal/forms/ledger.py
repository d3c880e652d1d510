"""What the ledger's list can be narrowed by, and a head that someone kept."""

import datetime
import tempfile
from typing import Any, cast

from django import forms
from django.utils import timezone

from ledger import kinds
from ledger.continuity import MAX_REASON
from ledger.errors import UnusableHead
from ledger.heads import read
from ledger.querysets import EntryQuerySet
from portal import ledger_words
from portal.forms.fields import day_field


class KeptHeadForm(forms.Form):
    """A head file kept outside, from a report or from the list of heads. Optional."""

    MAX_BYTES = 100_000

    head = forms.FileField(
        label="따로 보관한 봉인 파일",
        required=False,
        help_text="있으면 그 봉인과도 비교합니다. 없으면 저장된 모든 봉인과 비교합니다.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_head(self) -> dict[str, Any] | None:
        file = self.cleaned_data["head"]
        if not file:
            return None
        if file.size > self.MAX_BYTES:
            raise forms.ValidationError("봉인 파일이 아닙니다 (너무 큽니다).")
        with tempfile.NamedTemporaryFile(suffix=".json") as copy:
            copy.write(file.read())
            copy.flush()
            try:
                return read(copy.name)
            except UnusableHead as error:
                raise forms.ValidationError(
                    "봉인 파일로 읽을 수 없습니다. 받은 그대로의 파일을 올려 주십시오."
                ) from error


class PrintedHeadForm(forms.Form):
    """A head as a report prints it."""

    size = forms.IntegerField(label="봉인 크기 (기록 수)", min_value=1)
    root = forms.RegexField(
        label="루트",
        regex=r"^[0-9a-fA-F]{64}$",
        help_text="인쇄된 64자리. 빈칸 없이 적습니다.",
        error_messages={"invalid": "루트는 0-9와 a-f로 된 64자리입니다."},
    )


class LossForm(forms.Form):
    """That the older state is known, and what was done about it."""

    reason = forms.CharField(
        label="사유",
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="왜 되돌렸고 유예를 무엇을 보고 다시 걸었는지 적습니다. 원장에 그대로 남으므로 이름이나 연락처는 적지 않습니다.",
    )
    holds = forms.BooleanField(label="되돌린 시점 뒤에 건 삭제 유예를 모두 다시 걸었습니다.")


class EntryFilter(forms.Form):
    kind = forms.ChoiceField(label="종류", required=False)
    actor = forms.CharField(
        label="행위자", required=False, max_length=100, help_text="담당자의 이름이나 아이디, 또는 ‘시스템’"
    )
    subject = forms.CharField(
        label="대상", required=False, max_length=200, help_text="카메라 번호, 접수번호 같은 번호 그대로"
    )
    from_on = day_field("시작일", required=False)
    until_on = day_field("종료일", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = cast(forms.ChoiceField, self.fields["kind"])
        field.choices = [("", "모든 종류"), *kinds.choices()]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        from_on, until_on = cleaned.get("from_on"), cleaned.get("until_on")
        if from_on and until_on and until_on < from_on:
            self.add_error("until_on", "종료일은 시작일보다 앞설 수 없습니다.")
        return cleaned

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        if not self.is_valid():
            return entries
        chosen = self.cleaned_data
        if chosen["kind"]:
            entries = entries.of_kind(chosen["kind"])
        if chosen["actor"]:
            entries = entries.filter(ledger_words.acted_by(chosen["actor"].strip()))
        if chosen["subject"]:
            entries = entries.filter(subject__in=ledger_words.subjects_numbered(chosen["subject"].strip()))
        return entries.between(_midnight(chosen["from_on"]), _midnight(_next(chosen["until_on"])))


def _next(on: datetime.date | None) -> datetime.date | None:
    return on + datetime.timedelta(days=1) if on and on < datetime.date.max else on


def _midnight(on: datetime.date | None) -> datetime.datetime | None:
    return timezone.make_aware(datetime.datetime.combine(on, datetime.time.min)) if on else None
