"""이용·제공: forms from the letter to the approval."""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import Department, Officer
from cameras.models import Camera
from casework.resident_numbers import refuse_resident_number
from ordinance import grounds
from ordinance.models import Ground
from portal.forms.files import FilesField
from portal.forms.footage import ANY, CameraNumberField, Filter, day_field, moment_field
from portal.matter_letters import NUMBER_HELP
from records.models import Agency, AgencyUnit, Provision
from records.provision import lines, restrictions, review
from records.provision.approval import Signature
from records.provision.intake import Letter
from records.provision.ranges import Range
from records.provision.review import Opinion
from records.provision_enums import (
    ApprovalCapacity,
    ApprovalStep,
    ApprovalWay,
    CommitteeCare,
    PersonBasis,
    ProvisionState,
    PurposeRelation,
    ReleaseForm,
    ReleaseKind,
)

NO_NAMES = "사람의 이름이나 연락처는 적지 마십시오."
ROWS = 3
_LINE = re.compile(
    r"(?P<camera>\S+)\s+(?P<from>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?)\s*(~|-|\s)\s*"
    r"(?P<until>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?)\Z"
)


def words(label: str, *, longest: int = 500, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[refuse_resident_number],
        **kwargs,
    )


def line(label: str, *, longest: int = 100, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, validators=[refuse_resident_number], **kwargs)


class ProvisionFilter(Filter):
    OPEN, OUTSIDE, LATE = "open", "outside", "late"

    state = forms.ChoiceField(label="상태", required=False, choices=[ANY, *ProvisionState.choices])
    kind = forms.ChoiceField(label="구분", required=False, choices=[ANY, *ReleaseKind.choices])
    agency = forms.ModelChoiceField(Agency.objects.all(), label="기관", required=False, empty_label="전체")
    form = forms.ChoiceField(label="형태", required=False, choices=[ANY, *ReleaseForm.choices])
    what = forms.ChoiceField(
        label="살펴볼 것",
        required=False,
        choices=[
            ANY,
            (OPEN, "끝나지 않은 것"),
            (OUTSIDE, "나간 사본이 있는 것"),
            (LATE, "기한이 지난 것"),
        ],
    )
    q = forms.CharField(label="관리번호·문서번호·카메라", required=False, max_length=100)


class RangesForm(forms.Form):
    """Cameras with their times: three rows to fill in, and lines for more."""

    ranges = words(
        "카메라와 시간이 더 있으면",
        longest=20_000,
        rows=3,
        required=False,
        help_text="한 줄에 하나씩. 예: GS-00001-1 2026-11-28 13:00 ~ 2026-11-28 14:00",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: dict[str, forms.Field] = {}
        for place in range(1, ROWS + 1):
            is_first = place == 1
            rows[f"camera_{place}"] = CameraNumberField(
                label=f"카메라 {place}",
                required=is_first,
                help_text="번호나 주소 일부를 치면 대장에서 찾아 줍니다." if is_first else "",
            )
            rows[f"from_{place}"] = moment_field(f"카메라 {place}: 시작", required=is_first)
            rows[f"until_{place}"] = moment_field(f"카메라 {place}: 끝", required=is_first)
        rest = dict(self.fields)
        last = rest.pop("ranges")
        self.fields = {**rest, **rows, "ranges": last}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for place in range(2, ROWS + 1):
            filled = [given.get(f"{name}_{place}") for name in ("camera", "from", "until")]
            if any(filled) and not all(filled):
                self.add_error(f"camera_{place}", "카메라, 시작, 끝을 모두 적거나 모두 비우십시오.")
        self._more = self._read(given.get("ranges") or "")
        return given

    def _read(self, text: str) -> list[Range]:
        found = []
        for row in filter(None, map(str.strip, text.splitlines())):
            match = _LINE.match(row)
            camera = Camera.objects.filter(number=match["camera"]).first() if match else None
            if match is None:
                self.add_error("ranges", f"읽을 수 없는 줄입니다: {row[:80]}")
            elif camera is None:
                self.add_error("ranges", f"대장에 없는 카메라 번호입니다: {match['camera'][:50]}")
            elif (start := _instant(match["from"])) and (end := _instant(match["until"])):
                found.append(Range(camera, start, end))
            else:
                self.add_error("ranges", f"없는 날짜나 시각입니다: {row[:80]}")
        return found

    @property
    def named(self) -> list[Range]:
        given = self.cleaned_data
        rows = [
            Range(given[f"camera_{place}"], given[f"from_{place}"], given[f"until_{place}"])
            for place in range(1, ROWS + 1)
            if given.get(f"camera_{place}")
        ]
        return [*rows, *self._more]


def _instant(text: str) -> dt.datetime | None:
    try:
        return timezone.make_aware(dt.datetime.fromisoformat(text.replace("T", " ")))
    except ValueError:
        return None


class LetterForm(RangesForm):
    """공문: what the agency, or another department, asks for."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    came_at = moment_field("접수한 때", help_text="요청이 실제로 온 때입니다. 이때부터 처리 기한을 셉니다.")
    number = line("요청 문서번호")
    on = day_field("요청 문서일자")
    unit = forms.ModelChoiceField(
        AgencyUnit.objects.none(),
        label="제공받는 기관",
        required=False,
        empty_label="선택하십시오",
        help_text="다른 기관에 줄 때 고릅니다. 목록에 없으면 ‘기관 명부’에서 먼저 등록하십시오.",
    )
    department = forms.ModelChoiceField(
        Department.objects.none(),
        label="이용하는 부서",
        required=False,
        empty_label="선택하십시오",
        help_text="구청 안의 부서가 쓸 때 기관 대신 고릅니다.",
    )
    asked_by = forms.ModelChoiceField(
        Officer.objects.none(),
        label="요청한 담당자의 계정",
        required=False,
        empty_label="계정 없음",
        help_text="구청 안의 이용에서만 고릅니다. 요청한 사람은 결재할 수 없습니다.",
    )
    requester_rank = line("요청자 계급·직급", longest=60, required=False)
    requester_name = line("요청자 성명", longest=60)
    requester_phone = line("요청자 연락처", longest=40, required=False)
    purpose = words("목적", help_text=f"예: 절도 사건 수사. {NO_NAMES}")
    target = words(
        "찾는 사람·차량 등",
        longest=1_000,
        required=False,
        help_text="옷차림, 차량번호 등. 암호화하여 보관하고, 볼 때마다 목적을 남깁니다.",
    )
    items = line("제공할 항목", longest=300, help_text="예: 해당 시간의 영상, 차량이 찍힌 정지화면")
    form = forms.ChoiceField(label="형태", choices=ReleaseForm.choices, widget=forms.RadioSelect)
    use_until_on = day_field(
        "이용 기간의 끝", help_text="이날까지 쓰고 반환하거나 파기합니다(조례 제24조제3항)."
    )
    is_urgent = forms.BooleanField(
        label="긴급: 재난, 피해자 구조 등 신속한 처리가 필요한 공익 (조례 제21조제1항제6호)", required=False
    )
    follows_person = forms.BooleanField(label="특정인을 계속 살피려는 요청 (조례 제20조)", required=False)
    person_basis = forms.ChoiceField(
        label="특정인을 살피는 근거",
        choices=[("", "없음"), *PersonBasis.choices],
        required=False,
        help_text="근거가 없으면 불승인합니다.",
    )
    person_basis_text = line("동의서 번호, 또는 법령과 조문", longest=300, required=False)
    files = FilesField(label="요청 문서 파일")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        kwargs["initial"] = {"submission": uuid.uuid4(), "came_at": now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        _among(self, "unit", AgencyUnit.objects.select_related("agency"))
        _among(self, "department", Department.objects.select_related("institution"))
        _among(self, "asked_by", Officer.objects.active())
        names = list(self.fields)
        first = names.index("came_at")
        ranges = [name for name in names if re.match(r"(camera|from|until)_\d|ranges\Z", name)]
        rest = [name for name in names[first:] if name not in ranges]
        place = rest.index("purpose")
        self.order_fields(["submission", *rest[:place], *ranges, *rest[place:]])

    @property
    def letter(self) -> Letter:
        given = {name: value for name, value in self.cleaned_data.items() if name in _OF_A_LETTER}
        return Letter(ranges=self.named, **given)


_OF_A_LETTER = frozenset(Letter.__dataclass_fields__) - {"ranges"}


def _among(form: forms.Form, name: str, rows: Any) -> None:
    chooser: Any = form.fields[name]
    chooser.queryset = rows


class ReasonForm(forms.Form):
    reason = words("사유", help_text=NO_NAMES)


class ReasonAndDocumentForm(ReasonForm):
    document_number = line("문서번호", required=False)


class DocumentDayForm(forms.Form):
    on = day_field("날짜")
    document_number = line("문서번호")


class ReviewForm(forms.Form):
    """검토: the grounds of the day, local and national, as they stand in the law's data."""

    relation = forms.ChoiceField(
        label="카메라의 설치 목적 안인가요, 밖인가요?",
        choices=PurposeRelation.choices,
        widget=forms.RadioSelect,
        help_text="정한 사람의 이름이 남습니다. 수사기관에 주는 것은 보통 목적 밖입니다.",
    )
    ground = forms.ModelChoiceField(
        Ground.objects.none(),
        label="조례의 사유 (제21조제1항)",
        required=False,
        empty_label="해당 없음",
    )
    national_ground = forms.ModelChoiceField(
        Ground.objects.none(),
        label="법의 사유 (제18조제2항)",
        required=False,
        empty_label="해당 없음",
    )
    legal_basis = line(
        "적용 법령과 조문",
        longest=300,
        required=False,
        help_text="다른 법률의 규정, 조약, 보호위원회의 의결번호, 동의서 번호. 목적 안이면 법령과 조문을 적습니다.",
    )
    balance = words(
        "정보주체나 제3자의 권리를 부당하게 침해할 우려가 있나요?",
        longest=2_000,
        rows=3,
        help_text="범위, 다른 사람이 함께 찍힌 정도, 다른 방법이 있는지 보고 적습니다(조례 제21조제2항).",
    )
    is_urgent = forms.BooleanField(
        label="긴급: 전담부서의 장이 먼저 승인하고 구청장이 나중에 승인", required=False
    )
    committee_care = forms.ChoiceField(
        label="운영위원회 (조례 제28조제5호)", choices=CommitteeCare.choices, required=False
    )
    committee_document = line("사전 심의의 의결번호", required=False)
    committee_paper_on = day_field(
        "시스템 이전의 종이 의결이면 의결일",
        required=False,
        help_text="이 시스템에 기록된 의결이면 비워 둡니다.",
    )
    person_basis = forms.ChoiceField(
        label="특정인을 살피는 근거", choices=[("", "없음"), *PersonBasis.choices], required=False
    )
    person_basis_text = line("동의서 번호, 또는 법령과 조문", longest=300, required=False)

    def __init__(self, *args: Any, shown: Provision, **kwargs: Any) -> None:
        today = timezone.localdate()
        asked = review.care_of_day(today, is_urgent=shown.is_urgent)
        kwargs["initial"] = {
            "is_urgent": shown.is_urgent,
            "committee_care": asked,
            "person_basis": shown.person_basis,
            "person_basis_text": shown.person_basis_text,
            "relation": shown.relation,
            "ground": shown.ground_id,
            "national_ground": shown.national_ground_id,
            "legal_basis": shown.legal_basis,
            "balance": shown.balance,
        }
        super().__init__(*args, **kwargs)
        _among(self, "ground", grounds.for_provision(today))
        _among(self, "national_ground", grounds.national_for_provision(today))
        if not shown.follows_person:
            del self.fields["person_basis"], self.fields["person_basis_text"]
        if not lines.allows_afterwards(today):
            del self.fields["is_urgent"]

    @property
    def opinion(self) -> Opinion:
        return Opinion(**self.cleaned_data)


class SignatureForm(forms.Form):
    """결재: in this system, or by the signed document that another officer writes down."""

    way = forms.ChoiceField(
        label="어떻게 결재했나요?",
        choices=[
            (ApprovalWay.SYSTEM.value, "내가 이 화면에서 결재합니다"),
            (ApprovalWay.DOCUMENT.value, "결재가 끝난 문서를 기록합니다"),
        ],
        widget=forms.RadioSelect,
        initial=ApprovalWay.SYSTEM,
    )
    position = forms.IntegerField(widget=forms.HiddenInput, required=False)
    capacity = forms.ChoiceField(
        label="문서에 결재한 자격",
        choices=[("", "선택하십시오"), *ApprovalCapacity.choices],
        required=False,
        help_text="문서를 기록할 때만 고릅니다. 이 화면의 결재는 등록한 결재권을 따릅니다.",
    )
    document_number = line("결재 문서번호", required=False)
    on = day_field("문서에 결재한 날", required=False)

    @property
    def signature(self) -> Signature:
        given = self.cleaned_data
        if given["way"] == ApprovalWay.SYSTEM:
            return Signature()
        return Signature(
            way=given["way"],
            capacity=given["capacity"],
            document_number=given["document_number"],
            on=given["on"],
        )


class RefusedSignatureForm(SignatureForm):
    reason = words("승인하지 않는 까닭", help_text=NO_NAMES)


class CallForm(forms.Form):
    approver = forms.ModelChoiceField(
        Officer.objects.none(), label="전화로 승인한 사람", empty_label="선택하십시오"
    )
    called_at = moment_field("승인한 때")

    def __init__(self, *args: Any, officers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "approver", Officer.objects.active().filter(pk__in=officers))

    @property
    def signature(self) -> Signature:
        return Signature(way=ApprovalWay.TELEPHONE, **self.cleaned_data)


class CallConfirmationForm(forms.Form):
    CONFIRMED, DENIED = "confirmed", "denied"
    answer = forms.ChoiceField(
        label="전화로 승인했나요?",
        choices=[(CONFIRMED, "승인했음"), (DENIED, "승인하지 않았음")],
        initial=CONFIRMED,
        widget=forms.RadioSelect,
    )
    reason = words("승인하지 않았다면 그 까닭", required=False, help_text=NO_NAMES)
    document_number = line(
        "서명한 문서의 번호",
        required=False,
        help_text="승인한 사람이 이 화면에서 직접 확인하면 비웁니다.",
    )


class RestrictionForm(forms.Form):
    text = words("제한하거나 요청하는 내용", longest=2_000, rows=7)
    document_number = line("문서번호", required=False, help_text=NUMBER_HELP)
    on = day_field("보낸 날")

    def __init__(self, *args: Any, shown: Provision, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": restrictions.draft(shown), "on": timezone.localdate()}
        super().__init__(*args, **kwargs)


class AnswerForm(forms.Form):
    text = words("조치했다고 알려온 내용", longest=2_000, rows=3)
    document_number = line("회신 문서번호")
    on = day_field("회신받은 날")
    has_pledge = forms.BooleanField(label="보안서약을 받음", required=False)
    files = FilesField(label="회신 문서 파일")


class UnitForm(forms.Form):
    agency_name = line("기관명", help_text="예: 서울강서경찰서")
    name = line("부서", help_text="예: 형사과")
    phone = line("부서 전화번호", longest=40, required=False, help_text="개인 휴대전화 번호는 적지 않습니다.")
    address = line("주소", longest=200, required=False)


class UnitCorrectionForm(forms.Form):
    name = line("부서")
    phone = line("부서 전화번호", longest=40, required=False)
    address = line("주소", longest=200, required=False)


class AuthorityForm(forms.Form):
    step = forms.ChoiceField(label="결재 단계", choices=ApprovalStep.choices)
    officer = forms.ModelChoiceField(
        Officer.objects.none(),
        label="담당자",
        empty_label="선택하십시오",
        help_text="자기에게 줄 수 없습니다.",
    )
    capacity = forms.ChoiceField(
        label="자격",
        choices=ApprovalCapacity.choices,
        widget=forms.RadioSelect,
        help_text="그 직위에 있으면 ‘본인 결재’, 자리를 비운 동안 대신하면 ‘대결’, 위임전결 규정에 따르면 ‘전결’입니다.",
    )
    from_on = day_field("시작일")
    until_on = day_field("마지막 날", required=False, help_text="대결은 마지막 날을 적으십시오.")
    document_number = line("근거 문서번호", help_text="인사발령, 대결 명령, 위임전결 규정")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "officer", Officer.objects.active().filter(~Q(groups=None)).distinct())


class DayForm(forms.Form):
    on = day_field("마지막 날")
