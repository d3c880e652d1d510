"""운영위원회: forms of meetings and resolutions."""

import re
from typing import Any

from django import forms

from cameras.models import Camera, InstallationProject
from committee import carrying_out, quorum
from committee.enums import CommitteeFunction, MeetingKind, Outcome
from committee.meetings import MeetingFacts
from committee.models import AgendaItem, Meeting
from committee.resolutions import Decision
from committee.voting import Vote
from portal.forms.cameras import reason_field
from portal.forms.fields import day_field
from portal.forms.files import FilesField
from portal.forms.footage import Filter
from portal.row_keys import key

MOST_CAMERAS = 5_000
LINES = forms.Textarea(attrs={"rows": 4})


class CameraNumbersField(forms.CharField):
    """Numbers of cameras, one a line or with commas between; a number that nobody has is named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), max_length=300_000, **kwargs)

    def clean(self, value: Any) -> Any:
        numbers = list(dict.fromkeys(re.split(r"[\s,]+", super().clean(value) or "")))
        numbers = [number for number in numbers if number]
        if len(numbers) > MOST_CAMERAS:
            raise forms.ValidationError(f"카메라는 {MOST_CAMERAS:,}대까지 적을 수 있습니다.")
        found = {camera.number: camera for camera in Camera.objects.filter(number__in=numbers)}
        if unknown := [number for number in numbers if number not in found]:
            rest = f" 외 {len(unknown) - 5:,}개" if len(unknown) > 5 else ""
            raise forms.ValidationError(
                f"대장에 없는 카메라 번호입니다: {', '.join(number[:50] for number in unknown[:5])}{rest}"
            )
        return [found[number] for number in numbers]


class MeetingForm(forms.Form):
    kind = forms.ChoiceField(
        label="개최 방법", choices=MeetingKind.choices, widget=forms.RadioSelect, initial=MeetingKind.MEETING
    )
    on = day_field("개최일", help_text="서면심의는 의견을 받는 마지막 날")
    starts_at = forms.TimeField(
        label="시작 시각",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text="회의를 열 때 적습니다.",
    )
    place = forms.CharField(label="장소", max_length=200, required=False, help_text="회의를 열 때 적습니다.")
    written_reason = forms.CharField(
        label="서면심의 사유",
        max_length=300,
        required=False,
        help_text="경미하거나 긴급한 안건만 서면으로 심의합니다(조례 제29조).",
    )
    enrolled = forms.IntegerField(label="재적위원", min_value=1, max_value=999, required=False)
    present = forms.IntegerField(
        label="출석위원",
        min_value=0,
        max_value=999,
        required=False,
        help_text="명부와 안건으로 처리하는 회의는 비워 둡니다: 출석부와 낸 의견에서 셉니다. 지난 회의를 옮겨 적을 때만 적습니다.",
    )

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting is not None:
            names = ("kind", "on", "starts_at", "place", "written_reason", "enrolled", "present")
            kwargs["initial"] = {name: getattr(meeting, name) for name in names}
        super().__init__(*args, **kwargs)
        if meeting is not None:
            self.fields["reason"] = reason_field()

    @property
    def facts(self) -> MeetingFacts:
        given = self.cleaned_data
        return MeetingFacts(
            kind=MeetingKind(given["kind"]),
            on=given["on"],
            place=given["place"],
            written_reason=given["written_reason"],
            enrolled=given["enrolled"],
            present=given["present"],
            starts_at=given["starts_at"],
        )


def proposed(project: str | None) -> dict[str, Any]:
    """What the project that an address names says of its item and its resolution."""
    found = InstallationProject.objects.filter(pk=key(project)).first()
    return {} if found is None else {"projects": [found], "title": found.title}


class ResolutionForm(forms.Form):
    function_no = forms.TypedChoiceField(
        label="심의 사항", choices=CommitteeFunction.choices, coerce=int, help_text="조례 제28조"
    )
    title = forms.CharField(label="안건", max_length=200)
    text = forms.CharField(label="의결 내용", max_length=20_000, widget=LINES)
    conditions = forms.CharField(
        label="조건",
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="조건부 가결일 때만 적습니다.",
    )
    conditions_due_on = day_field("조건의 이행 기한", required=False)
    on = day_field("의결일")
    enrolled = forms.IntegerField(label="재적위원", min_value=1, max_value=999)
    present = forms.IntegerField(label="출석위원", min_value=0, max_value=999)
    votes_for = forms.IntegerField(label="찬성", min_value=0, max_value=999)
    votes_against = forms.IntegerField(label="반대", min_value=0, max_value=999)
    abstained = forms.IntegerField(label="기권", min_value=0, max_value=999)
    projects = forms.ModelMultipleChoiceField(
        InstallationProject.objects.none(),
        label="설치 사업",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="이 의결이 정한 설치 사업. 사업의 모든 카메라에 미칩니다.",
    )
    cameras = CameraNumbersField(
        label="카메라",
        required=False,
        help_text="사업에 속하지 않은 카메라의 번호를 한 줄에 하나씩 적습니다.",
    )
    uploads = FilesField(label="의결서")

    GROUPS = (
        ("안건", ("function_no", "title", "text", "conditions", "conditions_due_on")),
        ("표결", ("on", "enrolled", "present", "votes_for", "votes_against", "abstained")),
        ("대상과 의결서", ("projects", "cameras", "uploads")),
        ("정정", ("reason",)),
    )

    def __init__(
        self, *args: Any, is_correction: bool = False, item: AgendaItem | None = None, **kwargs: Any
    ) -> None:
        """`item`: what it decides; its figures are counted, and in writing its votes too."""
        self.item = item
        if item is not None and not is_correction:
            named = {"function_no": item.function_no, "title": item.title, "on": item.meeting.on}
            kwargs["initial"] = {**named, "projects": list(item.projects.all())}
        super().__init__(*args, **kwargs)
        if item is not None:
            del self.fields["enrolled"], self.fields["present"]
            if item.meeting.is_written:
                for name in ("votes_for", "votes_against", "abstained"):
                    del self.fields[name]
        named = (self.initial.get("projects") or []) if is_correction else []
        open_ones = InstallationProject.objects.filter(closed_on__isnull=True)
        kept = InstallationProject.objects.filter(pk__in=[project.pk for project in named])
        self.fields["projects"].queryset = open_ones | kept  # type: ignore[attr-defined]
        if is_correction:
            self.fields["reason"] = forms.CharField(label="정정 사유", max_length=300)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        found = [
            (label, [self[name] for name in names if name in self.fields]) for label, names in self.GROUPS
        ]
        return [(label, fields) for label, fields in found if fields]

    @property
    def vote(self) -> Vote:
        given = self.cleaned_data
        if self.item is None:
            names = ("enrolled", "present", "votes_for", "votes_against", "abstained")
            return Vote(*(given[name] for name in names))
        if self.item.meeting.is_written:
            return quorum.written_vote(self.item)
        count = quorum.of_item(self.item)
        return Vote(
            count.enrolled, count.present, given["votes_for"], given["votes_against"], given["abstained"]
        )

    @property
    def decision(self) -> Decision:
        given = self.cleaned_data
        return Decision(
            on=given["on"],
            function_no=given["function_no"],
            title=given["title"],
            text=given["text"],
            conditions=given["conditions"],
            vote=self.vote,
            item=self.item,
            conditions_due_on=given["conditions_due_on"],
            projects=list(given["projects"]),
            cameras=given["cameras"],
        )


class ResolutionFilter(Filter):
    q = forms.CharField(label="의결번호·안건", max_length=100, required=False)
    year = forms.IntegerField(label="연도", min_value=2000, max_value=2100, required=False)
    outcome = forms.ChoiceField(label="의결 결과", required=False, choices=[("", "전체"), *Outcome.choices])
    function_no = forms.ChoiceField(
        label="심의 사항", required=False, choices=[("", "전체"), *CommitteeFunction.choices]
    )


class CarryOutForm(forms.Form):
    event = forms.ChoiceField(
        label="처리",
        widget=forms.RadioSelect,
        choices=[(event.value, event.label) for event in carrying_out.EVENTS],
    )
    on = day_field("처리일")
