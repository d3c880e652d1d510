"""위탁: forms of contractors, contracts, re-entrustment, training and inspections."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from cameras import contracts
from cameras.contractor_supervision import Answer, Result
from cameras.enums import ContractCoverage, ContractScope
from cameras.models import Contractor, EntrustmentContract, InspectionItem, InstallationProject
from ordinance import parameters
from portal.forms.cameras import reason_field
from portal.forms.fields import day_field
from portal.forms.files import FilesField
from portal.forms.footage import Filter

LINES = forms.Textarea(attrs={"rows": 3})


class ContractorForm(forms.ModelForm):
    class Meta:
        model = Contractor
        fields = ["name", "phone"]
        help_texts = {
            "name": "안내판, 운영·관리 방침과 누리집에 그대로 나갑니다.",
            "phone": "안내판과 누리집에 나가는 연락처입니다. 개인 휴대전화 번호는 적지 않습니다.",
        }


class ContractForm(forms.ModelForm):
    class Meta:
        model = EntrustmentContract
        fields = [
            "number",
            "contractor",
            "title",
            "coverage",
            "institution",
            "signed_on",
            "starts_on",
            "ends_on",
            "purpose_and_scope",
            "reentrustment_limits",
            "safety_measures",
            "supervision",
            "liability",
            "is_whole_centre_operation",
        ]
        widgets = dict.fromkeys(contracts.CONTENTS, LINES)
        help_texts = {
            "coverage": "계약이 효력이 있는 동안 이 카메라들의 안내판과 누리집에 수탁자로 나갑니다. ‘지정한 카메라와 사업’이면 등록한 뒤 카메라나 사업을 지정합니다.",
            "is_whole_centre_operation": "통합관제센터의 운영 전부를 맡기는 계약이면 표시합니다. 이런 계약은 등록할 수 없습니다(조례 제11조제1항).",
        }

    signed_on = day_field("계약일")
    starts_on = day_field("시작일")
    ends_on = day_field("종료일")
    scopes = forms.MultipleChoiceField(
        label="위탁 업무",
        choices=ContractScope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="조례 제11조제1항, 제17조제1항",
    )
    uploads = FilesField(label="계약서와 붙임")

    # How the fields stand together on the screen.
    GROUPS = (
        ("계약", ("number", "contractor", "title", "scopes", "signed_on", "starts_on", "ends_on")),
        ("대상 카메라", ("coverage", "institution")),
        ("계약서에 있어야 하는 내용 (개인정보 보호법 시행령 제26조제1항)", contracts.CONTENTS),
        ("확인과 첨부", ("is_whole_centre_operation", "uploads", "reason")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["contractor"].disabled = True
            self.fields["contractor"].help_text = "수탁자가 바뀌면 새 계약으로 등록합니다."
            self.fields["reason"] = reason_field()
            self.initial["scopes"] = self.instance.scopes

    def clean_is_whole_centre_operation(self) -> bool:
        if self.cleaned_data["is_whole_centre_operation"]:
            raise forms.ValidationError(contracts.WHOLE_CENTRE_REFUSED)
        return False

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (label, [self[name] for name in names if name in self.fields]) for label, names in self.GROUPS
        ]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in contracts.FIELDS}


class ContractFilter(Filter):
    IN_FORCE, EXPIRING, OVER, INCOMPLETE = "in_force", "expiring", "over", "incomplete"

    q = forms.CharField(label="계약번호·계약명·수탁자", max_length=100, required=False)
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[
            ("", "전체"),
            (IN_FORCE, "유효"),
            (EXPIRING, "곧 만료"),
            (OVER, "끝남"),
            (INCOMPLETE, "계약 내용이 빠짐"),
        ],
    )

    def narrow(self, rows: QuerySet[EntrustmentContract]) -> QuerySet[EntrustmentContract]:
        today = timezone.localdate()
        if words := self.value("q"):
            rows = rows.filter(
                Q(number__icontains=words) | Q(title__icontains=words) | Q(contractor__name__icontains=words)
            )
        state = self.value("state")
        if state == self.IN_FORCE:
            rows = rows.in_force(today)  # type: ignore[attr-defined]
        elif state == self.EXPIRING:
            days = int(parameters.value("contract_expiry_notice_days").value)
            rows = rows.in_force(today).ending_between(today, today + timedelta(days=days))  # type: ignore[attr-defined]
        elif state == self.OVER:
            rows = rows.filter(Q(ends_on__lt=today) | Q(ended_early_on__lte=today))
        elif state == self.INCOMPLETE:
            empty = Q(scopes=[])
            for name in contracts.CONTENTS:
                empty |= Q(**{name: ""})
            rows = rows.filter(empty)
        return rows


class EndForm(forms.Form):
    on = day_field("해지일")
    reason = forms.CharField(label="해지 사유", max_length=300)


class ReentrustmentForm(forms.Form):
    contractor_name = forms.CharField(label="재수탁자", max_length=200)
    phone = forms.CharField(label="연락처", max_length=40, required=False)
    scope = forms.CharField(label="재위탁 업무", max_length=300)
    asked_on = day_field("요청일")


class ConsentForm(forms.Form):
    """동의 or 거부: a document for one, a reason for the other."""

    CONSENT, REFUSE = "consent", "refuse"

    decision = forms.ChoiceField(
        label="결정", widget=forms.RadioSelect, choices=[(CONSENT, "동의"), (REFUSE, "거부")]
    )
    on = day_field("결정일")
    document = forms.CharField(
        label="동의 문서번호", max_length=100, required=False, help_text="동의할 때 반드시 적습니다."
    )
    reason = forms.CharField(
        label="거부 사유", max_length=300, required=False, help_text="거부할 때 반드시 적습니다."
    )


class DayForm(forms.Form):
    on = day_field("종료일")


class TrainingForm(forms.Form):
    on = day_field("교육일")
    subject = forms.CharField(label="교육 내용", max_length=300)
    attendees = forms.IntegerField(label="참석 인원", min_value=1, max_value=10_000)
    trainer = forms.CharField(label="강사", max_length=100, required=False)
    uploads = FilesField(label="교육 자료와 참석부")


class InspectionForm(forms.Form):
    """One question per item in use; a bad result needs a note."""

    on = day_field("점검일")
    findings = forms.CharField(label="종합 의견", required=False, max_length=2000, widget=LINES)
    uploads = FilesField(label="점검 자료")

    def __init__(self, *args: Any, items: list[InspectionItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"result_{item.pk}"] = forms.ChoiceField(
                label=item.label,
                choices=[(result.value, result.label) for result in Result],
                widget=forms.RadioSelect,
                help_text=item.citation,
            )
            self.fields[f"note_{item.pk}"] = forms.CharField(label="까닭", max_length=300, required=False)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"result_{item.pk}"], self[f"note_{item.pk}"]) for item in self.items]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self["findings"], self["uploads"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            is_bad = cleaned.get(f"result_{item.pk}") == Result.BAD
            if is_bad and not cleaned.get(f"note_{item.pk}", "").strip():
                self.add_error(f"note_{item.pk}", "부적합한 까닭을 적어 주십시오.")
        return cleaned

    @property
    def answers(self) -> list[Answer]:
        given = self.cleaned_data
        return [
            Answer(item, Result(given[f"result_{item.pk}"]), given[f"note_{item.pk}"]) for item in self.items
        ]


class RemedyForm(forms.Form):
    on = day_field("시정 완료일")
    remedy = forms.CharField(label="시정 내용", max_length=500, widget=LINES)


class ItemForm(forms.ModelForm):
    class Meta:
        model = InspectionItem
        fields = ["label", "citation", "position", "is_in_use"]
        help_texts = {"is_in_use": "끄면 다음 점검부터 묻지 않습니다. 지난 점검의 기록은 그대로 남습니다."}


class NameProjectForm(forms.Form):
    """A project whose cameras the contract is about."""

    project = forms.ModelChoiceField(
        InstallationProject.objects.filter(closed_on__isnull=True),
        label="설치 사업",
        empty_label="고르십시오",
        help_text="이 사업의 계약으로 적습니다. 사업의 모든 카메라가 계약의 대상이 됩니다.",
    )
    reason = reason_field()


class ContractCamerasForm(forms.Form):
    """Chosen cameras are named for a contract, or released from it."""

    NAME, RELEASE = "name", "release"

    contract = forms.ModelChoiceField(
        EntrustmentContract.objects.filter(coverage=ContractCoverage.NAMED).select_related("contractor"),
        label="위탁 계약",
        empty_label="고르십시오",
        help_text="대상이 ‘지정한 카메라와 사업’인 계약입니다.",
    )
    act = forms.ChoiceField(
        label="처리",
        widget=forms.RadioSelect,
        choices=[(NAME, "계약의 대상으로 지정"), (RELEASE, "계약의 대상에서 해제")],
        initial=NAME,
    )
    reason = reason_field()
