"""관제센터: forms of staff, duty, handover and incidents."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import Officer
from cameras.models import EntrustmentContract
from ordinance.periods import DAY, shift_month
from portal.forms.fields import DayField, day_field, moment_field
from portal.forms.footage import ANY, CameraNumberField, Filter
from portal.forms.imports import UploadForm
from records.duty_enums import AbsenceReason, ContactWay, StaffEnd, StaffKind
from records.models import CameraTurn, DutyRota, DutyShift, HandoverCheck, Incident, StaffMember
from records.models.people import StaffMemberQuerySet
from records.people import incident_log, roster, turns

LINES = forms.Textarea(attrs={"rows": 4})
WITHOUT_ADDRESS = ("name", "address")


class StaffFilter(Filter):
    q = forms.CharField(label="사번·소속", required=False, max_length=100)
    kind = forms.ChoiceField(label="구분", required=False, choices=[ANY, *StaffKind.choices])
    state = forms.ChoiceField(
        label="근무",
        required=False,
        choices=[
            ANY,
            ("now", "근무 기간 안"),
            ("without_basis", "근무 기간 안, 계약·발령·파견 문서 없음"),
            ("over", "끝남"),
        ],
    )

    def narrow(self, rows: StaffMemberQuerySet) -> StaffMemberQuerySet:
        today = timezone.localdate()
        if words := self.value("q"):
            rows = rows.filter(
                Q(number__icontains=words) | Q(employer__icontains=words) | Q(zone__icontains=words)
            )
        if kind := self.value("kind"):
            rows = rows.filter(kind=kind)
        if self.value("state") == "now":
            rows = rows.employed(today)
        elif self.value("state") == "without_basis":
            rows = rows.employed(today).without_basis()
        elif self.value("state") == "over":
            rows = rows.left(today)
        return rows


class StaffForm(forms.ModelForm):
    class Meta:
        model = StaffMember
        fields = [
            "number",
            "name",
            "kind",
            "employer",
            "contract",
            "order_document",
            "officer",
            "starts_on",
            "ends_on",
            "zone",
            "rota",
            "team",
            "address",
        ]
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {"name": forms.TextInput, "address": forms.TextInput}
        labels = {"officer": "포털 계정", "starts_on": "시작일", "ends_on": "마지막 날"}
        help_texts = {
            "employer": "예: 강서구청, 강서경찰서, 수탁자의 이름",
            "contract": "수탁자의 사람이면 고릅니다. 계약이 끝나면 계정과 권한도 멈춥니다.",
            "order_document": "파견경찰의 파견 명령, 구청이 채용한 관제요원의 발령 문서번호",
            "officer": "이 사람만 쓰는 계정. 마지막 날이 지나면 저절로 멈춥니다.",
            "zone": "맡은 구역이나 관제석",
            "team": "근무조 안의 조(1부터)",
            "address": "자기 집 둘레를 열람했는지 점검하는 데만 씁니다. 암호로 보관합니다.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = Officer.objects.order_by("username")  # type: ignore[attr-defined]
        self.fields["contract"].queryset = EntrustmentContract.objects.select_related("contractor")  # type: ignore[attr-defined]
        self.fields["name"].required = True
        if self.instance.pk:
            self.fields["number"].disabled = True


class StaffEndForm(forms.Form):
    last_on = day_field("마지막 날", help_text="이날까지 근무합니다. 다음 날부터 계정이 멈춥니다.")
    reason = forms.ChoiceField(label="까닭", choices=StaffEnd.choices, widget=forms.RadioSelect)


class PeopleFileForm(UploadForm):
    """A list of people from another system; what is wrong with it is told in the preview."""

    skip_invalid = forms.BooleanField(label="잘못된 행은 빼고 가져오기", required=False)

    def __init__(self, *args: Any, columns: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "파일"
        self.fields["file"].help_text = f"CSV(CP949, UTF-8) 또는 XLSX. 열: {columns}"


class MonthForm(Filter):
    """Which month, whose."""

    month = forms.CharField(
        label="달", required=False, widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"})
    )
    kind = forms.ChoiceField(label="구분", required=False, choices=[ANY, *StaffKind.choices])
    rota = forms.ModelChoiceField(
        DutyRota.objects.all(), label="근무조", required=False, empty_label="모든 근무조"
    )

    @property
    def first_on(self) -> dt.date:
        """The first day of the month asked for; of this month where it cannot be read."""
        try:
            found = dt.datetime.strptime(self.value("month") or "", "%Y-%m").date()  # noqa: DTZ007
        except ValueError:
            return timezone.localdate().replace(day=1)
        return found if 2000 <= found.year <= 2100 else timezone.localdate().replace(day=1)

    def narrow(self, rows: "QuerySet[StaffMember]") -> "QuerySet[StaffMember]":
        if kind := self.value("kind"):
            rows = rows.filter(kind=kind)
        if rota := self.value("rota"):
            rows = rows.filter(rota=rota)
        return rows


class RotaForm(forms.ModelForm):
    class Meta:
        model = DutyRota
        fields = ["name", "kind", "pattern", "first_shift_at", "anchor_on"]
        field_classes = {"anchor_on": DayField}
        widgets = {"first_shift_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}
        help_texts = {
            "pattern": "4조 3교대: 주간·오후·야간 이틀씩, 이틀 쉼. 3조 2교대: 주간·야간 이틀씩, 이틀 쉼.",
            "first_shift_at": "주간 근무의 시작. 뒤의 근무는 8시간(3교대)이나 12시간(2교대) 뒤에 시작합니다.",
            "anchor_on": "이날 1조가 주간 근무의 첫날입니다.",
        }


class GenerateForm(forms.Form):
    first_on = day_field("첫날")
    last_on = day_field("마지막 날")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["first_on"].initial = dt.date(*shift_month(today, 1), 1)
        self.fields["last_on"].initial = dt.date(*shift_month(today, 2), 1) - DAY


class StaffChoice(forms.CharField):
    """A person by the number (사번): a list of thousands would be no choice."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        if not number:
            return None
        staff = StaffMember.objects.filter(number=number).defer(*WITHOUT_ADDRESS).first()
        if staff is None:
            raise forms.ValidationError(f"등록되지 않은 사번입니다: {number}")
        return staff


class ShiftForm(forms.Form):
    staff = StaffChoice(label="사번", max_length=40)
    starts_at = moment_field("시작", help_text="한국 시각")
    ends_at = moment_field("끝")
    label = forms.CharField(label="근무 이름", max_length=20, required=False, help_text="예: 주간, 야간")


class AbsenceForm(forms.Form):
    reason = forms.ChoiceField(
        label="사유",
        widget=forms.RadioSelect,
        choices=[choice for choice in AbsenceReason.choices if choice[0] != AbsenceReason.LEFT],
    )
    stand_in = StaffChoice(
        label="대신 서는 사람의 사번",
        max_length=40,
        required=False,
        help_text="아직 모르면 비우고, 정해지면 그 근무에서 적습니다.",
    )


class StandInForm(forms.Form):
    stand_in = StaffChoice(label="대신 서는 사람의 사번", max_length=40)


class SwapForm(forms.Form):
    """Of one's own shift: to whom, and for which of theirs."""

    asked = StaffChoice(label="바꿀 사람의 사번", max_length=40)
    other_starts_at = moment_field(
        "받을 근무의 시작", required=False, help_text="그 사람의 근무를 받지 않고 넘기기만 하면 비웁니다."
    )
    reason = forms.CharField(label="사유", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["other"] = None
        asked, start = cleaned.get("asked"), cleaned.get("other_starts_at")
        if asked and start:
            cleaned["other"] = DutyShift.objects.filter(staff=asked, starts_at=start).first()
            if cleaned["other"] is None:
                self.add_error("other_starts_at", "그 사람에게 이때 시작하는 근무가 없습니다.")
        return cleaned


class HandoverForm(forms.Form):
    happened = forms.CharField(
        label="있었던 일",
        max_length=4000,
        widget=LINES,
        help_text="없으면 ‘특이사항 없음’이라고 적습니다. 사람의 이름과 연락처는 적지 않습니다.",
    )
    open_matters = forms.CharField(label="처리 중인 상황", max_length=4000, widget=LINES, required=False)
    equipment = forms.CharField(label="장비와 시스템 상태", max_length=2000, widget=LINES)
    ticked = forms.MultipleChoiceField(
        label="교대 보안 점검", widget=forms.CheckboxSelectMultiple, required=False
    )
    fault = forms.CharField(label="점검하지 못한 까닭과 조치", max_length=500, required=False)

    def __init__(self, *args: Any, questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = [(label, label) for label in questions]  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    ticked = forms.MultipleChoiceField(
        label="인수자가 다시 확인한 것", widget=forms.CheckboxSelectMultiple, required=False
    )
    remark = forms.CharField(
        label="의견", max_length=500, required=False, help_text="확인하지 못한 것이 있으면 까닭을 적습니다."
    )

    def __init__(self, *args: Any, questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticked"].choices = [(label, label) for label in questions]  # type: ignore[attr-defined]


class HandoverCheckForm(forms.ModelForm):
    class Meta:
        model = HandoverCheck
        fields = ["label", "position", "is_in_use"]
        help_texts = {"is_in_use": "끄면 다음 교대부터 묻지 않습니다. 지난 기록은 그대로 남습니다."}


class IncidentFilter(Filter):
    q = forms.CharField(label="사건번호·종류·기관", required=False, max_length=100)
    state = forms.ChoiceField(
        label="통보",
        required=False,
        choices=[ANY, ("untold", "알린 기록 없음"), ("late", "늦게 알림"), ("open", "결과 없음")],
    )
    from_on = day_field("인지한 날부터", required=False)
    until_on = day_field("까지", required=False)

    def narrow(self, rows: "QuerySet[Incident]") -> "QuerySet[Incident]":
        if words := self.value("q"):
            rows = rows.filter(
                Q(number__icontains=words) | Q(kind__icontains=words) | Q(body_told__icontains=words)
            )
        state = self.value("state")
        if state == "untold":
            rows = rows.filter(told_at__isnull=True)
        elif state == "late":
            rows = incident_log.late(rows)
        elif state == "open":
            rows = rows.filter(result="")
        if day := self.value("from_on"):
            rows = rows.filter(noticed_at__gte=_midnight(day))
        if day := self.value("until_on"):
            rows = rows.filter(noticed_at__lt=_midnight(day + DAY))
        return rows


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), roster.SEOUL)


class TellingFields(forms.Form):
    body_told = forms.CharField(
        label="통보기관",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "bodies"}),
    )
    told_how = forms.ChoiceField(
        label="통보방법", required=False, choices=[("", "고르십시오"), *ContactWay.choices]
    )
    told_at = moment_field("통보시각", required=False)
    told_to = forms.CharField(
        label="통보받은 사람", max_length=100, required=False, help_text="소속과 성명. 암호로 보관합니다."
    )
    result = forms.CharField(
        label="결과", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CompletionForm(TellingFields):
    reason = forms.CharField(
        label="고치는 까닭",
        max_length=500,
        required=False,
        help_text="이미 적은 것을 다른 말로 바꿀 때 적습니다. 앞서 적은 것은 기록에 남습니다.",
    )


class IncidentForm(TellingFields):
    """One form for the keyboard: the cursor stands in the first field, the times are now."""

    camera = CameraNumberField(label="카메라", required=False)
    kind = forms.CharField(label="종류", max_length=100, widget=forms.TextInput(attrs={"list": "kinds"}))
    noticed_at = moment_field("인지시각")
    hold = forms.BooleanField(label="이 카메라의 앞뒤 30분 영상을 바로 유예", required=False)

    field_order = [
        "camera",
        "kind",
        "body_told",
        "told_how",
        "noticed_at",
        "told_at",
        "told_to",
        "result",
        "hold",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = localtime().replace(microsecond=0)
        self.fields["noticed_at"].initial = now
        self.fields["told_at"].initial = now
        self.fields["told_at"].help_text = "아직 알리지 않았으면 지웁니다."
        self.fields["body_told"].initial = "112치안종합상황실"
        self.fields["told_how"].initial = ContactWay.PHONE.value
        self.fields["camera"].widget.attrs["autofocus"] = True


class TurnFilter(Filter):
    q = forms.CharField(label="카메라·까닭·사번", required=False, max_length=100)
    state = forms.ChoiceField(
        label="방향", required=False, choices=[ANY, ("turned", "돌려 둔 채"), ("late", "늦게 되돌림")]
    )
    from_on = day_field("돌린 날부터", required=False)
    until_on = day_field("까지", required=False)

    def narrow(self, rows: "QuerySet[CameraTurn]") -> "QuerySet[CameraTurn]":
        if words := self.value("q"):
            rows = rows.filter(
                Q(camera__number__icontains=words)
                | Q(reason__icontains=words)
                | Q(staff__number__icontains=words)
            )
        state = self.value("state")
        if state == "turned":
            rows = rows.filter(returned_at__isnull=True)
        elif state == "late":
            rows = rows.filter(returned_at__gt=F("turned_at") + turns.return_after())
        if day := self.value("from_on"):
            rows = rows.filter(turned_at__gte=_midnight(day))
        if day := self.value("until_on"):
            rows = rows.filter(turned_at__lt=_midnight(day + DAY))
        return rows


class TurnForm(forms.Form):
    """For the keyboard, as the form of incidents: the cursor stands in the camera, the time is now."""

    camera = CameraNumberField(label="카메라")
    reason = forms.CharField(
        label="돌린 까닭",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "reasons"}),
        help_text="사람의 이름은 적지 않습니다.",
    )
    turned_at = moment_field("돌린 때")
    incident = forms.CharField(
        label="관제 상황", max_length=60, required=False, help_text="상황 때문에 돌렸으면 그 사건번호"
    )
    returned_at = moment_field("되돌린 때", required=False, help_text="아직 돌려 둔 채이면 비웁니다.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["turned_at"].initial = localtime().replace(microsecond=0)
        self.fields["camera"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Of an incident at several cameras, the row of this one."""
        cleaned = super().clean() or {}
        number, camera = cleaned.get("incident"), cleaned.get("camera")
        cleaned["incident"] = None
        if number:
            rows = Incident.objects.filter(number=number).defer("told_to").order_by("pk")
            cleaned["incident"] = rows.filter(camera=camera).first() or rows.first()
            if cleaned["incident"] is None:
                self.add_error("incident", f"적은 상황 가운데 그 번호가 없습니다: {number}")
        return cleaned
