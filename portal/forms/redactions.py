"""영상 가리기: which camera and range, and the remark with which a copy goes back."""

from typing import Any

from django import forms
from django.utils import timezone

from footage.redaction.vaulted import LONGEST
from portal.forms.fields import moment_field
from portal.forms.provision import NO_NAMES, words
from records.access.cases import Case, Range
from records.access.gates import LONGEST_PURPOSE
from records.redaction.steps import LONGEST_REMARK

MINUTES = int(LONGEST.total_seconds() // 60)


class RedactionForm(forms.Form):
    camera = forms.TypedChoiceField(label="카메라", coerce=int, widget=forms.RadioSelect)
    from_at = moment_field("가릴 구간의 시작", help_text="한국 시각")
    until_at = moment_field("가릴 구간의 끝", help_text=f"한 번에 {MINUTES}분까지")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ranges = case.ranges()
        self.fields["camera"].choices = [  # type: ignore[attr-defined]
            (number, _label(one)) for number, one in enumerate(self.ranges)
        ]
        if self.ranges:
            first = self.ranges[0]
            self.fields["camera"].initial = 0
            self.fields["from_at"].initial = first.asked_from
            self.fields["until_at"].initial = min(first.asked_until, first.asked_from + LONGEST)

    @property
    def chosen(self) -> Range:
        return self.ranges[self.cleaned_data["camera"]]


def _label(one: Range) -> str:
    start, end = timezone.localtime(one.asked_from), timezone.localtime(one.asked_until)
    return f"{one.camera.number} · {start:%Y-%m-%d %H:%M:%S} ~ {end:%Y-%m-%d %H:%M:%S}"


class OpenForm(forms.Form):
    purpose = words(
        "보는 까닭",
        longest=LONGEST_PURPOSE,
        help_text=f"무엇을 가리거나 확인하려는지 적습니다. {NO_NAMES} 원장에는 글이 아니라 해시가 남습니다.",
    )


class RemarkForm(forms.Form):
    remark = words(
        "고칠 곳",
        longest=LONGEST_REMARK,
        help_text=f"몇 초의 어디를 어떻게 고쳐야 하는지 적습니다. {NO_NAMES}",
    )


class DropForm(forms.Form):
    reason = words("그만두는 까닭", longest=LONGEST_REMARK, help_text=NO_NAMES)
