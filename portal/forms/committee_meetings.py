"""운영위원회: forms of the agenda, the notice, who attends, steps aside and answers."""

from typing import Any

from django import forms

from cameras.models import InstallationProject
from committee import agenda, ballots, membership
from committee.agenda import ItemFacts
from committee.ballots import Answers
from committee.enums import (
    BallotChoice,
    CommitteeFunction,
    ItemKind,
    LateGround,
    NoticeWay,
    RecusalKind,
)
from committee.models import AgendaItem, Meeting, Term
from committee.notices import NoticeFacts
from portal.forms.fields import day_field
from portal.forms.files import FilesField
from portal.forms.provision import line, words
from records.models import PROVISION_PERSONAL, Provision


def term_choices(meeting: Meeting) -> list[tuple[str, str]]:
    """The members of the day, by name."""
    return [(str(term.pk), _label(term)) for term in membership.composition(meeting.on)]


def _label(term: Term) -> str:
    office = f" {term.get_office_display()}" if term.office else ""
    return f"{term.member.shown_name}{office} ({term.member.affiliation})"


class TermField(forms.TypedChoiceField):
    """One member of the day; `clean` gives the term."""

    def __init__(self, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", "고르십시오"), *term_choices(meeting)],
            coerce=lambda pk: Term.objects.select_related("member").get(pk=pk),
            **kwargs,
        )


class ItemForm(forms.Form):
    kind = forms.ChoiceField(
        label="구분", choices=ItemKind.choices, widget=forms.RadioSelect, initial=ItemKind.DELIBERATE
    )
    function_no = forms.TypedChoiceField(
        label="심의 사항", choices=CommitteeFunction.choices, coerce=int, help_text="조례 제28조"
    )
    title = line("안건", longest=200)
    text = words(
        "제안 내용",
        longest=20_000,
        rows=6,
        help_text="무엇을 왜 정하려는지, 어떤 안이 있고 담당 부서는 무엇을 제안하는지",
    )
    projects = forms.ModelMultipleChoiceField(
        InstallationProject.objects.none(),
        label="설치 사업",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    provisions = forms.ModelMultipleChoiceField(
        Provision.objects.none(),
        label="이용·제공",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="조례 제28조제5호의 안건일 때 고릅니다.",
    )
    rule_codes = forms.MultipleChoiceField(
        label="점검 규칙",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="미이행 사항을 안건으로 올릴 때 고릅니다.",
    )
    report_period = forms.RegexField(
        r"^\d{4}Q[1-4]$",
        label="운영위원회 보고서",
        required=False,
        max_length=12,
        help_text="예: 2026Q3",
        error_messages={"invalid": "분기는 2026Q3과 같이 적습니다."},
    )
    uploads = FilesField(label="자료")

    def __init__(self, *args: Any, item: AgendaItem | None = None, **kwargs: Any) -> None:
        if item is not None:
            names = ("kind", "function_no", "title", "text", "rule_codes", "report_period")
            kwargs["initial"] = {name: getattr(item, name) for name in names} | {
                "projects": list(item.projects.all()),
                "provisions": list(item.provisions.all()),
            }
        super().__init__(*args, **kwargs)
        chosen = {name: list(self.initial.get(name) or []) for name in ("projects", "provisions")}
        open_ones = InstallationProject.objects.filter(closed_on__isnull=True)
        self.fields["projects"].queryset = open_ones | InstallationProject.objects.filter(  # type: ignore[attr-defined]
            pk__in=[each.pk for each in chosen["projects"]]
        )
        self.fields["provisions"].queryset = (  # type: ignore[attr-defined]
            Provision.objects.defer(*PROVISION_PERSONAL).order_by("-received_at")
        )
        # Of some fifty rules those that are not met, and what the item names already.
        unmet = {*agenda.unmet_rules(), *(self.initial.get("rule_codes") or ())}
        if not unmet:
            del self.fields["rule_codes"]
        else:
            rules: Any = self.fields["rule_codes"]
            rules.choices = [(code, title) for code, title in agenda.known_rules() if code in unmet]
        if item is not None:
            del self.fields["uploads"]

    @property
    def facts(self) -> ItemFacts:
        given = self.cleaned_data
        return ItemFacts(
            function_no=given["function_no"],
            title=given["title"],
            text=given["text"],
            kind=ItemKind(given["kind"]),
            projects=list(given["projects"]),
            provisions=list(given["provisions"]),
            rule_codes=given.get("rule_codes", ()),
            report_period=given["report_period"],
        )


class PapersForm(forms.Form):
    uploads = FilesField(label="자료", required=True)


class ReasonForm(forms.Form):
    reason = line("사유", longest=300)


class NoticeForm(forms.Form):
    sent_on = day_field("통지일")
    way = forms.ChoiceField(label="통지 방법", choices=NoticeWay.choices, widget=forms.RadioSelect)
    document_number = line("문서번호")
    late_ground = forms.ChoiceField(
        label="늦게 알린 사유", required=False, choices=[("", "기한 안에 알림"), *LateGround.choices]
    )
    late_reason = line("구체적인 사유", longest=300, required=False)

    @property
    def facts(self) -> NoticeFacts:
        given = self.cleaned_data
        return NoticeFacts(
            given["sent_on"],
            NoticeWay(given["way"]),
            given["document_number"],
            given["late_ground"],
            given["late_reason"],
        )


class ToldForm(forms.Form):
    on = day_field("알린 날")
    document_number = line("문서번호")


class AttendanceForm(forms.Form):
    present = forms.TypedMultipleChoiceField(
        label="출석한 위원", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    uploads = FilesField(label="출석부")

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        there = meeting.attendances.filter(is_present=True).values_list("term_id", flat=True)
        kwargs["initial"] = {"present": list(there)}
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = term_choices(meeting)  # type: ignore[attr-defined]


class RecusalForm(forms.Form):
    kind = forms.ChoiceField(
        label="구분",
        choices=RecusalKind.choices,
        widget=forms.RadioSelect,
        help_text="제척은 이해관계로 당연히, 회피는 위원 스스로, 기피는 신청에 따른 위원회의 결정으로 물러납니다.",
    )
    reason = words("사유", longest=500)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"] = TermField(meeting, label="위원")
        self.order_fields(["term", "kind", "reason"])


class ChallengeForm(forms.Form):
    accepted = forms.ChoiceField(
        label="위원회의 결정",
        choices=[("yes", "받아들임: 이 안건에서 물러남"), ("no", "받아들이지 않음")],
        widget=forms.RadioSelect,
    )
    on = day_field("결정일")


class ExpertForm(forms.Form):
    name = line("성명", longest=40)
    affiliation = line("소속과 직위", longest=120)
    is_district_official = forms.BooleanField(label="구 소속 공무원", required=False)
    said = words("들은 내용", longest=5_000, rows=4)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = forms.ModelChoiceField(
            meeting.items.filter(dropped_reason=""), label="안건", required=False, empty_label="회의 전체"
        )


class BallotForm(forms.Form):
    """The answers of one member, item by item."""

    def __init__(self, *args: Any, meeting: Meeting, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = [item for item, may in ballots.items_for(meeting, term) if may]
        for item in self.items:
            self.fields[f"choice-{item.pk}"] = forms.ChoiceField(
                label=str(item), choices=BallotChoice.choices, widget=forms.RadioSelect
            )
            self.fields[f"opinion-{item.pk}"] = words("덧붙일 의견", longest=2_000, required=False)

    @property
    def answers(self) -> Answers:
        given = self.cleaned_data
        return {
            item.pk: (BallotChoice(given[f"choice-{item.pk}"]), given[f"opinion-{item.pk}"])
            for item in self.items
        }


class PaperBallotForm(BallotForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"] = day_field("의견서의 날짜")
        self.fields["uploads"] = FilesField(label="서명한 의견서의 스캔")
        self.order_fields(["on", "uploads"])


class ConditionDueForm(forms.Form):
    due_on = day_field("이행 기한")


class FulfilForm(forms.Form):
    on = day_field("이행한 날")
    proof = words("이행 내용", longest=500)
    uploads = FilesField(label="증빙")
