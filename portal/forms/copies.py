"""나가는 사본: asking, deciding, handing over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from portal.forms.fields import moment_field
from portal.forms.files import FilesField
from portal.forms.footage import ANY, Filter
from portal.forms.provision import NO_NAMES, line, words
from records.copies import outside
from records.copies.asking import GROUNDS, Wish
from records.copies.granting import Offer
from records.copies.leaving import DIGITAL, Handed
from records.copy_enums import CopySource
from records.enums import SignatureWay
from records.look_enums import LookCase
from records.models import CaseCopy

ALLOW, DENY = "allow", "deny"


class AskForm(forms.Form):
    source = forms.ChoiceField(
        label="무엇으로 만드나요?", choices=CopySource.choices, widget=forms.RadioSelect
    )
    keys = forms.MultipleChoiceField(
        label="구간",
        widget=forms.CheckboxSelectMultiple,
        help_text="허용하거나 승인한 구간만 나옵니다. 파일마다 하나씩 만듭니다.",
    )
    ground = forms.ChoiceField(
        label="가리지 않는 사유",
        required=False,
        help_text="원본으로 만들 때만 고릅니다. 다른 사람이 허용해야 만들기 시작합니다.",
    )
    why = words("구체적인 까닭", required=False, help_text=f"원본으로 만들 때 적습니다. {NO_NAMES}")

    def __init__(self, *args: Any, kind: LookCase, offers: Sequence[Offer], **kwargs: Any) -> None:
        has_masked = any(offer.source == CopySource.MASKED for offer in offers)
        kwargs.setdefault("initial", {"source": CopySource.MASKED if has_masked else ""})
        super().__init__(*args, **kwargs)
        keys: Any = self.fields["keys"]
        keys.choices = [(offer.key, _label(offer)) for offer in offers]
        ground: Any = self.fields["ground"]
        ground.choices = [
            ("", "가린 영상으로 만듦"),
            *((each.value, f"{each.label} ({each.article})") for each in GROUNDS[kind]),
        ]

    @property
    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)


def _label(offer: Offer) -> str:
    first, last = timezone.localtime(offer.from_at), timezone.localtime(offer.until_at)
    span = f"{offer.camera.number} {first:%Y-%m-%d %H:%M:%S} ~ {last:%Y-%m-%d %H:%M:%S}"
    return f"{offer.source.label}: {span}, 파일 {len(offer.files):,}개"


class DecideForm(forms.Form):
    answer = forms.ChoiceField(
        label="원본으로 사본을 만들어도 되나요?",
        choices=[(ALLOW, "허용"), (DENY, "허용하지 않음 (가린 영상으로)")],
        widget=forms.RadioSelect,
    )
    note = words("결정한 까닭", help_text=NO_NAMES)


class CopyHandOverForm(forms.Form):
    at = moment_field("인계한 때")
    receiver_rank = line("받은 사람의 계급·직급", longest=60, required=False)
    receiver_name = line("받은 사람의 성명", longest=60)
    medium = forms.ChoiceField(label="매체", choices=[(each.value, each.label) for each in DIGITAL])
    medium_number = line("매체 관리번호", required=False)
    signature_way = forms.ChoiceField(
        label="인수 확인", choices=SignatureWay.choices, widget=forms.RadioSelect
    )
    files = FilesField(label="서명한 인수증이나 화면에 한 서명")

    def __init__(self, *args: Any, copy: CaseCopy, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"at": timezone.localtime().replace(microsecond=0)})
        super().__init__(*args, **kwargs)
        # An agency signs the receipt of the hand-over, which is printed afterwards.
        for name in ("signature_way",) if copy.provision_id else ("receiver_rank",):
            del self.fields[name]

    @property
    def handed(self) -> Handed:
        return Handed(**{**self.cleaned_data, "files": tuple(self.cleaned_data["files"])})


class WithdrawForm(forms.Form):
    why = words("거두어들이는 까닭", help_text=NO_NAMES)


class OutsideFilter(Filter):
    who = forms.ChoiceField(label="누가 가지고 있나", required=False, choices=[ANY, *outside.NAMES.items()])
