"""접속기록: the file with its column map, the month of a review, words of a finding."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings

from records.access_log import maps, timing
from records.models import AccessFinding, Judgement

ROWS = 4
LONGEST = 3_000


def _words(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": ROWS}), **options
    )


class UploadLogForm(forms.Form):
    map = forms.ChoiceField(label="열 대응표")
    file = forms.FileField(
        label="접속기록 파일",
        help_text="CSV(CP949, UTF-8), XLSX, JSON 줄, syslog 줄, 또는 그것을 gzip으로 묶은 것.",
        max_length=255,
        error_messages={
            "required": "파일을 골라 주십시오.",
            "empty": "빈 파일입니다.",
            "max_length": "파일 이름이 너무 깁니다.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["map"]
        field.choices = [(each.name, each.label) for each in maps.shipped().values()]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        limit = settings.MAX_UPLOAD_BYTES
        if upload.size > limit:
            raise forms.ValidationError(
                f"파일이 너무 큽니다. {limit // 1024 // 1024}MB까지 올릴 수 있습니다. 더 큰 파일은 접속기록 폴더에 두십시오."
            )
        return upload

    @property
    def shown_name(self) -> str:
        return PurePath(self.cleaned_data["file"].name.replace("\\", "/")).name[:255]


class MonthForm(forms.Form):
    month = forms.DateField(
        label="점검할 달",
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": "달을 2026-10 꼴로 적으십시오."},
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = timing.before(today)


class SignReviewForm(forms.Form):
    opinion = _words("점검 의견", required=False, help_text="개인의 이름은 적지 않습니다.")


class ExplainForm(forms.Form):
    words = _words("소명", help_text="무엇 때문에 보았는지, 어느 사건이었는지 적습니다.")
    source = forms.CharField(
        label="들은 경위",
        max_length=300,
        required=False,
        help_text="다른 사람의 말을 옮겨 적을 때만: 누가 언제 어떻게 말했는지.",
    )

    def __init__(self, *args: Any, is_own: bool, finding: AccessFinding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["source"]
            self.fields["words"].initial = finding.explanation


class JudgeForm(forms.Form):
    judgement = forms.ChoiceField(label="판정", choices=Judgement.choices, widget=forms.RadioSelect)
    words = _words("까닭", required=False, help_text="소명이 없거나 ‘정당’이 아니면 반드시 적습니다.")


class MeasureForm(forms.Form):
    words = _words(
        "한 조치", help_text="징계 요구, 권한 회수, 교육과 그 날짜·문서번호. 한 번 적으면 고칠 수 없습니다."
    )


class FindingFilter(forms.Form):
    rule = forms.ChoiceField(label="규칙", required=False)
    judgement = forms.ChoiceField(
        label="판정", required=False, choices=[("", "전체"), ("none", "판정 전"), *Judgement.choices]
    )

    def __init__(self, *args: Any, rules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rule"]
        field.choices = [("", "전체"), *rules]
