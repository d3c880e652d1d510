"""Forms of consultations. What they refuse at once is form; the rules are in `cameras.consultation`."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy

from cameras.consultation import answers, drafting, period, result
from cameras.consultation.forms import OpinionForm
from cameras.consultation.phase import Phase
from cameras.enums import ConsultationMethod, OpinionChannel, OpinionDecision, PersonReadPurpose
from cameras.models import InstallationProject, PublicConsultation
from casework import attachments
from portal.forms.fields import day_field, moment_field
from portal.forms.footage import ANY, Filter


class ConsultationFilter(Filter):
    phase = forms.ChoiceField(label="단계", required=False, choices=[ANY, *Phase.choices])
    q = forms.CharField(label="번호·제목·사업", required=False, max_length=100)


class ProjectField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            InstallationProject.objects.filter(closed_on=None),
            label="설치 사업",
            empty_label="선택하십시오",
            help_text="의견을 물을 카메라는 이 사업의 카메라입니다.",
            **kwargs,
        )


class DraftForm(forms.Form):
    """The draft; its period in days of Seoul, its start blank for "when it is published"."""

    method = forms.ChoiceField(
        label="방법",
        choices=ConsultationMethod.choices,
        widget=forms.RadioSelect,
        initial=ConsultationMethod.ADMINISTRATIVE_NOTICE,
    )
    title = forms.CharField(label="제목", max_length=200)
    text = forms.CharField(
        label="내용",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="무엇을, 왜, 어디에 설치하는지. 카메라 목록과 지도는 대장에서 저절로 붙습니다.",
    )
    places = forms.CharField(
        label="게재·게시 장소",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="누리집 말고 알리는 곳을 한 줄에 하나씩. 예: 강서구보 제1234호, 화곡1동 주민센터 게시판",
    )
    opens_at = moment_field(
        "시작",
        required=False,
        help_text="비우면 공고하는 때부터입니다. 공고보다 앞선 시각은 공고하는 때로 바뀝니다.",
    )
    last_on = day_field("마감일", help_text="이날 24시까지 의견을 받습니다.")
    event_place = forms.CharField(label="설명회 장소", max_length=200, required=False)
    event_at = moment_field("설명회 일시", required=False)
    urgency_reason = forms.CharField(
        label="긴급 사유",
        max_length=500,
        required=False,
        help_text="행정예고 기간을 줄일 때에만 (행정절차법 제46조제4항). 누리집에 나옵니다.",
    )
    urgency_approver = forms.CharField(
        label="긴급 단축 승인자",
        max_length=100,
        required=False,
        help_text="직위. 누리집에는 나오지 않습니다.",
    )

    @classmethod
    def of(cls, consultation: PublicConsultation, data: Any = None) -> "DraftForm":
        initial = {name: getattr(consultation, name) for name in drafting.FIELDS - {"closes_at"}}
        return cls(data, initial={**initial, "last_on": period.last_day(consultation.closes_at)})

    @property
    def fields_of_draft(self) -> dict[str, Any]:
        """What `drafting` takes; after `is_valid`."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("project", None)
        cleaned["closes_at"] = period.end_of(cleaned.pop("last_on"))
        cleaned["opens_at"] = cleaned["opens_at"] or timezone.now().replace(second=0, microsecond=0)
        return cleaned

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, last = cleaned.get("opens_at") or timezone.now(), cleaned.get("last_on")
        if last and period.end_of(last) <= start:
            self.add_error("last_on", "마감일이 시작보다 앞섭니다.")
        return cleaned


class NewDraftForm(DraftForm):
    project = ProjectField()
    last_on = day_field(
        "마감일",
        help_text="이날 24시까지 의견을 받습니다. 지금 공고할 때의 가장 이른 날(행정예고)을 적어 두었습니다. 늦게 공고하거나 방법이 다르면 고치십시오.",
    )
    field_order = ("project",)


class FilesForm(forms.Form):
    upload = forms.FileField(
        label="첨부할 파일",
        help_text=format_lazy("누구나 내려받을 수 있게 됩니다. {}", attachments.HELP),
        widget=forms.FileInput(attrs={"accept": attachments.ACCEPT}),
    )

    def clean_upload(self) -> Any:
        attachments.check_all([self.cleaned_data["upload"]])
        return self.cleaned_data["upload"]


class QuestionForm(forms.Form):
    text = forms.CharField(label="질문", max_length=300)
    choices = forms.CharField(
        label="선택지",
        required=False,
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="한 줄에 하나씩. 비우면 글로 답하는 문항입니다.",
    )
    is_multiple = forms.BooleanField(label="여러 개 선택할 수 있음", required=False)
    is_required = forms.BooleanField(label="꼭 답해야 함", required=False)


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="사유", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text
    )


class ExtendForm(forms.Form):
    last_on = day_field("새 마감일", help_text="이날 24시까지 의견을 받습니다.")
    reason = _reason("누리집에 그대로 나옵니다.")


class CloseForm(forms.Form):
    reason = _reason("누리집에 그대로 나옵니다.")


class OpinionFilter(Filter):
    WAITING, ANSWERED, HIDDEN = "waiting", "answered", "hidden"

    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[ANY, (WAITING, "처리할 것"), (ANSWERED, "처리한 것"), (HIDDEN, "비공개 처리한 것")],
    )
    channel = forms.ChoiceField(label="접수 경로", required=False, choices=[ANY, *OpinionChannel.choices])
    q = forms.CharField(label="의견·접수번호", required=False, max_length=100)


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(label="처리", choices=OpinionDecision.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="처리 내용과 이유",
        max_length=answers.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="제출자와 누리집(결과 공고)에 그대로 나옵니다.",
    )

    @property
    def answer(self) -> dict[str, Any]:
        """For one opinion, whose answer this form is; after `is_valid`."""
        return {"replaces": True, **self.cleaned_data}


class GroupAnswerForm(AnswerForm):
    """For the ticked opinions, or for all that the filter found."""

    all_matching = forms.BooleanField(label="이 쪽만이 아니라 조건에 맞는 의견 모두에", required=False)
    replaces = forms.BooleanField(
        label="이미 처리한 의견의 처리도 바꾸기",
        required=False,
        help_text="표시하지 않으면 이미 처리한 의견은 그대로 둡니다.",
    )

    @property
    def answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("decision", "text", "replaces")}


class EntryForm(OpinionForm):
    """An opinion that came by post, telephone, visit or at a meeting."""

    channel = forms.ChoiceField(
        label="접수 경로",
        choices=[choice for choice in OpinionChannel.choices if choice[0] != OpinionChannel.WEB],
        widget=forms.RadioSelect,
    )
    received_at = moment_field("접수 시각", help_text="의견수렴 기간 안이어야 합니다.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["channel", "received_at", *self.fields])


class HideForm(forms.Form):
    reason = forms.CharField(
        label="비공개 사유",
        max_length=300,
        help_text="누리집에서 의견 대신 보입니다. 예: 타인의 개인정보, 욕설",
    )
    notice = forms.CharField(
        label="제출자에게 하는 안내",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="제출자가 접수번호로 확인할 때 보입니다.",
    )


class PersonForm(forms.Form):
    purpose = forms.ChoiceField(label="열람 목적", choices=[("", "선택하십시오"), *PersonReadPurpose.choices])
    detail = forms.CharField(label="구체적인 사유", max_length=200, required=False)


class CorrectionForm(forms.Form):
    """정정: stands beside the published result, which stays as it was."""

    text = forms.CharField(
        label="바로잡은 내용",
        max_length=result.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="무엇이 어떻게 다른지 적습니다. 처음 공고한 결과 곁에 번호를 달아 나란히 나옵니다.",
    )
    reason = _reason("누리집에 그대로 나옵니다.")


class ExpertForm(forms.Form):
    """관계 전문가: who by post and field, when, what was said, on which paper."""

    who = forms.CharField(
        label="소속·직위와 분야",
        max_length=200,
        help_text="예: ○○대학교 교수, 도시방범. 성명은 적지 않습니다.",
    )
    heard_on = day_field("들은 날", initial=timezone.localdate)
    said = forms.CharField(label="의견", max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))
    document_number = forms.CharField(
        label="문서번호", max_length=100, help_text="자문 의견서나 회의 결과를 남긴 문서"
    )


class ResultForm(forms.Form):
    text = forms.CharField(
        label="결과",
        max_length=result.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="처음 나온 글은 집계에서 만든 것입니다. 고쳐 쓰십시오. 의견마다의 처리 내용은 저절로 붙습니다.",
    )
