"""이용·제공: forms of what goes out, how it ends, what is published and told."""

from typing import Any

from django import forms
from django.utils import timezone

from portal.forms.files import FilesField, FilesInput
from portal.forms.footage import day_field, moment_field
from portal.forms.provision import NO_NAMES, line, words
from portal.matter_letters import NUMBER_HELP
from records.models import Provision
from records.provision import handover
from records.provision.handover import Digest, Given
from records.provision.subject_notice import Told
from records.provision_enums import (
    ChaserAbout,
    CopiesEnd,
    EndingKind,
    Medium,
    ReleaseForm,
    SubjectNoticeOutcome,
)


class PassingFilesField(forms.FileField):
    """Files whose digest is reckoned and which are not kept: any kind, whatever they hold."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in (data if isinstance(data, (list, tuple)) else [data]) if upload]


class HandOverForm(forms.Form):
    at = moment_field("인계한 때")
    until_at = moment_field("열람을 마친 때", required=False)
    file_name = line(
        "영상정보 파일의 명칭",
        longest=200,
        help_text=f"제공대장에 그대로 적힙니다. 예: GS-00001-1_20261128_1300. {NO_NAMES}",
    )
    receiver_rank = line("받은 사람의 계급·직급", longest=60, required=False)
    receiver_name = line("받은 사람의 성명", longest=60)
    medium = forms.ChoiceField(label="매체", choices=Medium.choices)
    medium_number = line("매체 관리번호", required=False)
    file_count = forms.IntegerField(label="파일 수", min_value=0, max_value=9_999, initial=1)
    uploads = PassingFilesField(
        label="건네는 파일 (SHA-256을 계산하고 남기지 않음)",
        required=False,
        widget=FilesInput(),
        help_text="파일은 이 시스템에 남지 않습니다. 너무 크면 아래에 SHA-256을 적으십시오.",
    )
    digests = words(
        "SHA-256을 직접 적기",
        longest=20_000,
        rows=3,
        required=False,
        help_text="한 줄에 SHA-256과 파일 이름. 올린 파일과 이름이 같으면 값을 맞추어 봅니다.",
    )
    is_masked = forms.BooleanField(label="다른 사람을 가렸음", required=False)
    unmasked_why = line(
        "가리지 않은 까닭", longest=300, required=False, help_text="가리지 않고 줄 때 적습니다."
    )

    def __init__(self, *args: Any, shown: Provision, **kwargs: Any) -> None:
        kwargs["initial"] = {"at": timezone.localtime().replace(microsecond=0)}
        super().__init__(*args, **kwargs)
        if shown.leaves_copies:
            del self.fields["until_at"]
            chooser: Any = self.fields["medium"]
            chooser.choices = [choice for choice in Medium.choices if choice[0] != Medium.NONE]
        else:
            for name in ("medium", "medium_number", "file_count", "uploads", "digests"):
                del self.fields[name]
            self.fields["until_at"].required = shown.form == ReleaseForm.VIEWING

    @property
    def given(self) -> Given:
        """Read when the act is done: a digest that does not fit is a refusal."""
        rest = {
            name: value for name, value in self.cleaned_data.items() if name not in ("uploads", "digests")
        }
        return Given(files=self._digests(), **rest)

    def _digests(self) -> list[Digest]:
        written = handover.written_down(self.cleaned_data.get("digests") or "")
        by_name = {each.name: each for each in written}
        reckoned = []
        for upload in self.cleaned_data.get("uploads") or []:
            same = by_name.pop(str(upload.name), None)
            reckoned.append(handover.reckon(upload, same.sha256 if same else ""))
        return [*reckoned, *by_name.values()]


class ReceiptForm(forms.Form):
    files = FilesField(label="서명한 인수증", required=True)


class EndingForm(forms.Form):
    kind = forms.ChoiceField(label="결과", choices=EndingKind.choices, widget=forms.RadioSelect)
    at = moment_field("반환·파기한 때")
    confirmer_name = line("확인한 상대방의 성명", longest=60)
    document_number = line("확인 문서번호", required=False)
    note = words("방법과 내용", required=False, help_text=f"예: 저장장치 초기화. {NO_NAMES}")
    files = FilesField(label="반환·파기 확인서")

    def __init__(self, *args: Any, shown: Provision, **kwargs: Any) -> None:
        returned = shown.copies_end == CopiesEnd.RETURN
        is_live = shown.form == ReleaseForm.LIVE
        possible = [kind for kind in EndingKind if (kind == EndingKind.CUT) == is_live]
        usual = EndingKind.RETURNED if returned else EndingKind.DESTROYED
        kwargs["initial"] = {"kind": EndingKind.CUT if is_live else usual}
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["kind"]
        chooser.choices = [(kind.value, kind.label) for kind in possible]
        if is_live:
            self.fields["at"].label = "연결을 끊은 때"
            self.fields["files"].label = "연결을 끊은 것의 확인서"


class ExtendForm(forms.Form):
    until = day_field("새 이용 기간의 끝")
    reason = words("연장하는 까닭", help_text=NO_NAMES)
    document_number = line("연장을 요청한 문서번호")


class ChaserForm(forms.Form):
    about = forms.ChoiceField(
        label="무엇을 독촉했나요?", choices=ChaserAbout.choices, widget=forms.RadioSelect
    )
    on = day_field("보낸 날")
    document_number = line("문서번호", required=False, help_text=NUMBER_HELP)


class PublishForm(forms.Form):
    purpose = line("게시할 목적", longest=500, help_text=f"누리집에 그대로 나갑니다. {NO_NAMES}")
    items = line("게시할 항목", longest=300)


class SubjectNoticeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="알렸나요?", choices=SubjectNoticeOutcome.choices, widget=forms.RadioSelect
    )
    on = day_field("알린 날 또는 판단한 날")
    how = line("알린 방법", longest=200, required=False, help_text=f"알렸으면 적습니다. {NO_NAMES}")
    why = words("알리지 않은 까닭", required=False, help_text=f"알리지 않았으면 적습니다. {NO_NAMES}")
    look_again_on = day_field("다시 볼 날", required=False, help_text="알리지 않았으면 반드시 적습니다.")

    @property
    def told(self) -> Told:
        return Told(**self.cleaned_data)
