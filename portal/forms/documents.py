"""Forms of letters: writing one, sending it, leaving it, and the words of a kind."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Department, Officer
from casework.resident_numbers import refuse_resident_number
from portal.forms.fields import day_field
from portal.forms.files import FilesField
from portal.forms.footage import ANY, Filter
from reports.letters.kinds import KINDS, Kind
from reports.letters.outgoing import Draft
from reports.letters.templates import LONGEST, Words
from reports.models import SendingWay
from reports.official import Approval, Disclosure, day

MARKS = ("결재", "전결", "대결")
WAITING, SENT, VOIDED = "waiting", "sent", "voided"
STATES = [(WAITING, "발송 전"), (SENT, "발송함"), (VOIDED, "발송하지 않음")]


class DocumentFilter(Filter):
    q = forms.CharField(label="문서번호·제목·접수번호", required=False, max_length=100)
    state = forms.ChoiceField(label="상태", required=False, choices=[ANY, *STATES])
    kind = forms.ChoiceField(label="공문 종류", required=False)
    department = forms.ModelChoiceField(
        Department.objects.select_related("institution"), label="부서", required=False, empty_label="전체"
    )
    from_on = day_field("시행일 시작", required=False)
    until_on = day_field("시행일 끝", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [ANY, *((kind.code, kind.title) for kind in KINDS.values())]


class WriteForm(forms.Form):
    """The day, and what this kind of letter asks."""

    on = day_field("시행일", help_text="번호를 받는 날입니다. 그 해의 다음 번호가 붙습니다.")

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["on"].initial = timezone.localdate
        for n, ask in enumerate(kind.asks):
            widget = forms.Textarea(attrs={"rows": ask.rows}) if ask.rows > 1 else forms.TextInput()
            self.fields[f"ask_{n}"] = forms.CharField(
                label=ask.label,
                help_text=ask.help_text,
                required=ask.is_required,
                max_length=LONGEST if ask.rows > 1 else 200,
                widget=widget,
                validators=[refuse_resident_number],
            )

        self.fields["disclosure"] = forms.ChoiceField(
            label="공개 구분",
            choices=[(each.value, each.value) for each in Disclosure],
            initial=kind.disclosure.value,
            widget=forms.RadioSelect,
        )
        self.fields["disclosure_ground"] = forms.CharField(
            label="비공개 근거",
            max_length=100,
            required=False,
            initial=kind.disclosure_ground,
            help_text="공개가 아니면 반드시 적습니다. 예: 정보공개법 제9조제1항제6호",
        )
        self.fields["approver"] = forms.ModelChoiceField(
            Officer.objects.active().select_related("department"),
            label="결재한 사람",
            required=False,
            empty_label="적지 않음 (결재란을 비워 손으로 서명)",
            help_text="결재가 끝났을 때만 고릅니다. 이미 결재가 기록된 업무에서는 그 기록이 적힙니다.",
        )
        self.fields["mark"] = forms.ChoiceField(
            label="결재의 종류",
            choices=[(each, each) for each in MARKS],
            widget=forms.RadioSelect,
            initial=MARKS[0],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("disclosure") not in (None, Disclosure.OPEN) and not cleaned.get("disclosure_ground"):
            self.add_error("disclosure_ground", "비공개하거나 일부만 공개하는 근거를 적으십시오.")
        return cleaned

    def completed(self, draft: Draft, by: Officer) -> Draft:
        """With the grade that was chosen, and the decision where none is on record."""
        given = self.cleaned_data
        is_open = given["disclosure"] == Disclosure.OPEN
        approvals, approver = draft.approvals, given["approver"]
        if approver and not approvals:
            on = day(given["on"])
            approvals = (
                Approval(by.position or "담당", str(by), "기안", on),
                Approval(approver.position or "결재권자", str(approver), given["mark"], on),
            )
        return replace(
            draft,
            disclosure=Disclosure(given["disclosure"]),
            disclosure_ground="" if is_open else given["disclosure_ground"],
            approvals=approvals,
        )

    @property
    def asked(self) -> dict[str, str]:
        return {ask.name: self.cleaned_data[f"ask_{n}"] for n, ask in enumerate(self.kind.asks)}


class SendForm(forms.Form):
    way = forms.ChoiceField(label="발송 방법", choices=SendingWay.choices, widget=forms.RadioSelect)
    on = day_field("발송한 날")
    proof = forms.CharField(
        label="증빙",
        max_length=300,
        required=False,
        validators=[refuse_resident_number],
        help_text="우편은 등기번호, 전자문서시스템은 그 시스템의 문서번호를 반드시 적습니다. 받은 사람의 이름은 적지 마십시오.",
    )
    files = FilesField(label="증빙 파일")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="발송하지 않는 까닭", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class TemplateForm(forms.Form):
    subject = forms.CharField(label="제목", max_length=200)
    body = forms.CharField(label="본문", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 12}))
    reason = forms.CharField(label="바꾸는 까닭", max_length=300)

    def __init__(self, *args: Any, kind: Kind, words: Words, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"subject": words.subject, "body": words.body})
        super().__init__(*args, **kwargs)
        names = " ".join(f"{{{name}}}" for name in kind.placeholders)
        self.fields["body"].help_text = (
            f"쓸 수 있는 자리표: {names}. 한 줄이 한 항목이고, 줄 앞의 1. 가. 1) 가)가 깊이를 정합니다. "
            "자리표의 값이 모두 빈 줄은 나오지 않습니다."
        )
