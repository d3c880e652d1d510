"""What a person does on the page of the request: one small form for each."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import attachments, threads
from records.enums import RequestPaperKind
from website.forms.contacts import phone_field
from website.forms.public import StepForm, spoken
from website.forms.viewing_parts import moment

MAX_WORDS = 2_000


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each judged as strangers' files are."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, (list, tuple)) else [data]
        uploads = [upload for upload in chosen if upload]
        attachments.check_all(uploads, is_public=True)
        return uploads


class MessageForm(StepForm):
    text = forms.CharField(
        label=_("담당자에게 보낼 글"),
        required=False,
        max_length=threads.MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("주민등록번호는 적지 마십시오."),
    )
    files = FilesField(
        label=_("서류 (선택)"),
        required=False,
        widget=Files(attrs={"accept": attachments.ACCEPT}),
        help_text=attachments.HELP,
    )

    kind = forms.ChoiceField(
        label=_("어떤 서류입니까? (선택)"),
        required=False,
        choices=[("", _("고르지 않음")), *spoken(RequestPaperKind.choices)],
        help_text=_(
            "신분증 사본은 확인이 끝나면 다른 서류보다 먼저 파기합니다. 뒷자리 번호를 가려 주십시오."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("text", "").strip() or cleaned.get("files")):
            raise ValidationError(gettext("글을 적거나 서류를 골라 주십시오."))
        return cleaned


class ContactForm(StepForm):
    requester_phone = phone_field(_("새 전화번호"), required=False)
    requester_address = forms.CharField(
        label=_("새 주소"),
        max_length=200,
        required=False,
        help_text=_("바뀐 것만 적어 주십시오. 지금 적혀 있는 연락처는 보여 드리지 않습니다."),
    )


class WishForm(StepForm):
    wished_at = moment(
        _("원하시는 일시"),
        _(
            "근무시간(공휴일이 아닌 월~금요일 09:00~18:00)에서 적어 주십시오. 담당자가 확인하고 일시를 바꾸거나 연락드립니다."
        ),
    )

    def clean_wished_at(self) -> datetime:
        wished: datetime = self.cleaned_data["wished_at"]
        return wished


class ObjectionForm(StepForm):
    words = forms.CharField(
        label=_("무엇에 왜 이의가 있으신가요?"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class DownloadForm(StepForm):
    secret = forms.CharField(
        label=_("두 번째 번호"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class WithdrawForm(StepForm):
    is_sure = forms.BooleanField(
        label=_("청구를 취하합니다. 취하하면 답을 받지 않고, 담당자가 유예를 풀면 영상이 파기될 수 있습니다.")
    )
