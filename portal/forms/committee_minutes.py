"""회의록과 수당: forms."""

from typing import Any

from django import forms

from committee import attendance, recordings
from committee.models import Minutes
from portal.forms.committee_meetings import TermField
from portal.forms.fields import day_field
from portal.forms.provision import line, words


class MinutesForm(forms.Form):
    other = words("그 밖의 사항", longest=5_000, rows=4, required=False)
    audio = forms.FileField(
        label="녹음 파일",
        required=False,
        help_text=f"{', '.join(recordings.ENDINGS).upper()}, {recordings.MAX_BYTES // 1024 // 1024}MB까지. 암호화하여 보관합니다.",
    )

    def __init__(self, *args: Any, shown: Minutes, **kwargs: Any) -> None:
        kwargs["initial"] = {"other": shown.other}
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["other"], "audio": self.cleaned_data["audio"]}


class StatementForm(forms.Form):
    text = words("발언 내용", longest=5_000, rows=4)

    def __init__(self, *args: Any, shown: Minutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = forms.ModelChoiceField(
            shown.meeting.items.filter(dropped_reason=""),
            label="안건",
            required=False,
            empty_label="회의 전체",
        )
        term = TermField(shown.meeting, label="발언한 위원", required=False, empty_value=None)
        there = {str(each.pk) for each in attendance.present_terms(shown.meeting)}
        term.choices = [choice for choice in term.choices if not choice[0] or choice[0] in there]
        self.fields["term"] = term
        self.fields["speaker"] = line(
            "위원이 아니면 그 직위", required=False, help_text="예: 안전관리과장. 이름은 적지 않습니다."
        )
        self.order_fields(["item", "term", "speaker", "text"])

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "item", "term", "speaker")}


class ConfirmationForm(forms.Form):
    on = day_field("확인한 날")
    objection = words("고칠 것 (없으면 비웁니다)", longest=2_000, required=False)


class CorrectionForm(forms.Form):
    text = words("바로잡는 내용", longest=5_000, rows=4)
    reason = line("사유", longest=300)


class WithholdForm(forms.Form):
    reason = line("공개하지 않는 사유와 근거", longest=300)


class AllowanceForm(forms.Form):
    budget_line = line("예산 과목")
    document_number = line("지급 결의 문서번호")


class PaidForm(forms.Form):
    on = day_field("지급일")
