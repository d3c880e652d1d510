"""Forms for what citizens sent: reports of signs, requests to see footage."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from cameras import sign_reports
from cameras.enums import SignProblem, SignReportOutcome
from ordinance import grounds, parameters
from ordinance.models import Ground
from portal.forms.footage import ANY, Filter
from records.enums import DecisionOutcome, RequestState
from records.viewing import decisions, persons

OPEN, CLOSED = "open", "closed"


class SignReportFilter(Filter):
    state = forms.ChoiceField(
        label="상태", required=False, choices=[ANY, (OPEN, "처리 전"), (CLOSED, "처리함")]
    )
    problem = forms.ChoiceField(label="문제", required=False, choices=[ANY, *SignProblem.choices])
    q = forms.CharField(label="관리번호·주소·접수번호", required=False, max_length=100)


class CloseReportForm(forms.Form):
    outcome = forms.ChoiceField(
        label="처리 결과", choices=SignReportOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="확인하고 처리한 내용",
        max_length=sign_reports.MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="신고한 사람의 이름이나 연락처는 적지 마십시오.",
    )


class ContactPurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="보는 목적",
        choices=list(sign_reports.CONTACT_PURPOSES.items()),
        widget=forms.RadioSelect,
        help_text="누가 언제 어떤 목적으로 보았는지 원장에 남습니다.",
    )


class PersonPurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label="보는 목적",
        choices=list(persons.PURPOSES.items()),
        widget=forms.RadioSelect,
        help_text="누가 언제 어떤 목적으로 보았는지 원장에 남습니다.",
    )


class ViewingFilter(Filter):
    state = forms.ChoiceField(label="상태", required=False, choices=[ANY, *RequestState.choices])
    q = forms.CharField(label="접수번호·관리번호·주소", required=False, max_length=100)


def _ground_field(label: str, rows: "QuerySet[Ground]", help_text: str) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        rows, label=label, required=False, empty_label="해당 없음", help_text=help_text
    )


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="결정", choices=DecisionOutcome.choices, widget=forms.RadioSelect)
    reply = forms.CharField(
        label="청구인에게 알리는 내용",
        max_length=decisions.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="열람 일시·장소·방법 등. 청구인이 누리집에서 접수번호와 확인번호로 봅니다.",
    )
    reason = forms.CharField(
        label="구체적인 사유",
        required=False,
        max_length=decisions.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="일부 허용, 연기, 거절일 때 반드시 적습니다.",
    )
    how_to_object = forms.CharField(
        label="이의제기 방법",
        required=False,
        max_length=decisions.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how_to_object"].initial = parameters.value("viewing_objection_guide").value
        self.fields["national_ground"] = _ground_field(
            "법 제35조제4항의 사유",
            grounds.national_for_refusal(),
            "일부 허용이나 거절에는 반드시 있어야 합니다.",
        )
        self.fields["ground"] = _ground_field(
            "조례 제22조제2항의 사유",
            grounds.for_refusal(),
            "조례의 사유만으로는 제한하거나 거절할 수 없습니다. 보관기간이 지난 영상은 ‘영상 없음’입니다.",
        )
