"""Forms for what lies between a request and its answer: papers that are missing, what is covered, withdrawn, handed on."""

from typing import Any

from django import forms
from django.utils import timezone

from casework import threads
from portal.forms.fields import day_field
from portal.forms.files import FilesField
from portal.forms.viewing import WORDS_OF_PERSONS, DayForm, LetterForm, _words
from records.enums import RequestPaperKind, TransferTo
from records.viewing import masking, routes, supplement


class SupplementForm(LetterForm):
    until = day_field("보완할 기한")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].label = "보완할 것과 내는 방법"
        self.fields["on"].help_text = "보낸 날이나 건넨 날."
        today = timezone.localdate()
        self.fields["until"].initial = lambda: supplement.usual_day(today)
        self.fields[
            "until"
        ].help_text = f"오늘 보내면 {supplement.usual_day(today)}부터 {supplement.longest_day(today)}까지 가운데 정합니다."


class SupplementedForm(DayForm):
    note = _words("보완한 것", longest=supplement.MAX_NOTE, rows=2, help_text=WORDS_OF_PERSONS)


class WithdrawalForm(DayForm):
    document_number = forms.CharField(
        label="취하한 문서의 번호", max_length=100, help_text="취하서나 전자우편 등 청구인이 밝힌 문서입니다."
    )


class TransferForm(LetterForm):
    to = forms.ChoiceField(label="어디로 보냈습니까?", choices=TransferTo.choices, widget=forms.RadioSelect)
    new_number = forms.CharField(label="넘긴 곳의 접수번호나 이송 문서번호", max_length=100)
    days = forms.IntegerField(
        label="그 경로의 처리기간 (일)",
        min_value=1,
        max_value=routes.LONGEST,
        required=False,
        help_text="민원의 종류 등에 따라 정해진 기간과 다를 때에만 적습니다. 비우면 정해진 기간으로 셉니다.",
    )
    field_order = ("to", "new_number", "days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "reply"
        ].help_text = (
            "처음 접수한 날, 넘긴 곳과 그곳의 기한은 저절로 들어갑니다. 왜 그곳의 일인지 적으십시오."
        )


class TakenBackForm(LetterForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "reply"
        ].help_text = "처음 접수한 날과 답하는 기한은 저절로 들어갑니다. 왜 다시 처리하는지 적으십시오."
        self.fields["on"].help_text = "보낸 날이나 건넨 날."


class RouteAnsweredForm(DayForm):
    document_number = forms.CharField(label="그 경로에서 알린 문서의 번호", max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "그 경로에서 답을 알린 날"


class RouteExtendedForm(RouteAnsweredForm):
    days = forms.IntegerField(label="늘린 날수", min_value=1)
    field_order = ("on", "days", "document_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "기한을 늘린다고 알린 날"


class MaskForm(forms.Form):
    what = _words(
        "누구를 어느 구간에서 가립니까?",
        longest=masking.MAX_NOTE,
        rows=2,
        help_text=f"예: 10시 3분 ~ 7분, 지나가는 사람 두 명의 얼굴. {WORDS_OF_PERSONS}",
    )


class MaskedForm(forms.Form):
    how = _words(
        "무엇으로 가렸고 무엇을 확인했습니까?",
        longest=masking.MAX_NOTE,
        rows=2,
        help_text="예: 가림 처리 기능, 처음부터 끝까지 보고 청구인 밖의 사람을 알아볼 수 없음을 확인함.",
    )


class MessageForm(forms.Form):
    text = _words("청구인에게 보낼 내용", longest=threads.MAX_TEXT, rows=4, required=False)
    uploads = FilesField()


class NoteForm(forms.Form):
    text = _words("메모", longest=threads.MAX_TEXT, rows=3)


class PapersSeenForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="원본을 보고 돌려준 서류",
        choices=[
            (RequestPaperKind.IDENTITY.value, "신분증"),
            *[choice for choice in RequestPaperKind.choices if choice[0] != RequestPaperKind.IDENTITY],
        ],
        widget=forms.CheckboxSelectMultiple,
    )


class PaperKindForm(forms.Form):
    kind = forms.ChoiceField(
        label="어떤 서류인가요?", choices=RequestPaperKind.choices, widget=forms.RadioSelect
    )


class PapersKeptForm(PaperKindForm):
    uploads = FilesField(label="사본", required=True)
