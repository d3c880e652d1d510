"""Forms for reports of signs."""

from django import forms

from cameras import sign_reports
from cameras.enums import SignProblem, SignReportOutcome
from portal.forms.footage import ANY, Filter

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
