"""영상 보기: what somebody wants to look at, and why."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Officer
from portal.forms.fields import moment_field
from portal.forms.footage import CameraNumberField, Filter
from portal.forms.provision import NO_NAMES, words
from records.access.cases import Case
from records.access.gates import LONGEST_PURPOSE, Wish
from records.look_enums import LookCase, LookStep

# A browser decodes so many pictures at once.
MOST_CAMERAS = 4


class LookForm(forms.Form):
    step = forms.ChoiceField(label="무엇을 하려고 봅니까", widget=forms.RadioSelect)
    cameras = forms.TypedMultipleChoiceField(
        label="볼 카메라", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    from_at = moment_field(
        "볼 구간의 시작",
        required=False,
        help_text="비우면 이 사건이 보관하는 구간을 처음부터 봅니다. 한국 시각",
    )
    until_at = moment_field("볼 구간의 끝", required=False, help_text="비우면 끝까지 봅니다.")
    purpose = words(
        "보는 까닭",
        longest=LONGEST_PURPOSE,
        help_text=f"무엇을 찾거나 확인하려는지 적습니다. {NO_NAMES} 원장에는 글이 아니라 해시가 남습니다.",
    )
    is_clear = forms.BooleanField(
        label="볼 구간에 다른 사람을 알아볼 수 있는 장면이 없음을 확인했습니다.",
        required=False,
        help_text="‘본인·기관에 보여 줌’일 때만 표시합니다(표준 개인정보 보호지침 제46조).",
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.ranges = case, case.ranges()
        steps = case.steps()
        self.fields["step"].choices = [(step.value, step.label) for step in steps]  # type: ignore[attr-defined]
        self.fields["cameras"].choices = [  # type: ignore[attr-defined]
            (number, _range_label(one)) for number, one in enumerate(self.ranges)
        ]
        self.fields["step"].initial = steps[0].value if steps else ""
        self.fields["cameras"].initial = [0] if self.ranges else []
        if LookStep.SHOW not in steps:
            del self.fields["is_clear"]

    def clean_cameras(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["cameras"]
        if len(chosen) > MOST_CAMERAS:
            raise forms.ValidationError(f"나란히 볼 수 있는 카메라는 {MOST_CAMERAS}대까지입니다.")
        return chosen

    def wish(self, officer: Officer) -> Wish:
        """What the door is asked; the form is valid."""
        given = self.cleaned_data
        chosen = [self.ranges[number] for number in given["cameras"]]
        return Wish(
            officer,
            self.case,
            LookStep(given["step"]),
            given["purpose"],
            tuple(
                (one, given["from_at"] or one.from_at, given["until_at"] or one.until_at) for one in chosen
            ),
            bool(given.get("is_clear")),
        )


def _range_label(one: Any) -> str:
    start, end = timezone.localtime(one.from_at), timezone.localtime(one.until_at)
    return f"{one.camera.number} · {start:%Y-%m-%d %H:%M:%S} ~ {end:%Y-%m-%d %H:%M:%S}"


class LookFilter(Filter):
    camera = CameraNumberField(label="카메라 번호", required=False)
    kind = forms.ChoiceField(label="구분", required=False, choices=[("", "전체"), *LookCase.choices])
    q = forms.CharField(label="사건 번호·담당자", required=False, max_length=100)
