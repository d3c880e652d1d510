"""운영위원: forms of members and their terms."""

import datetime as dt
from typing import Any

from django import forms

from committee.enums import APPOINTED, EX_OFFICIO, EndGround, Gender, Office, Recruitment, SeatGround
from committee.membership import MemberFacts, TermFacts
from committee.models import Member, Term
from portal.forms.cameras import reason_field
from portal.forms.fields import day_field
from portal.forms.footage import Filter
from portal.forms.provision import line


class MembersOn(Filter):
    on = day_field("기준일", required=False)


class MemberFields(forms.Form):
    """The person."""

    name = line("성명", longest=40)
    gender = forms.ChoiceField(label="성별", choices=Gender.choices, widget=forms.RadioSelect)
    affiliation = line("소속과 직위", longest=120, help_text="예: 강서경찰서 범죄예방과장")
    phone = line("전화번호", longest=40, required=False)
    email = forms.EmailField(label="전자우편", required=False, help_text="회의 통지와 서면심의를 보내는 주소")
    is_district_official = forms.BooleanField(
        label="구 소속 공무원",
        required=False,
        help_text="구 공무원인 위원에게는 수당을 주지 않습니다(조례 제30조).",
    )
    other_committees = forms.IntegerField(
        label="함께 맡은 구의 다른 위원회 수", min_value=0, max_value=99, initial=0
    )

    @property
    def member(self) -> MemberFacts:
        given = self.cleaned_data
        return MemberFacts(
            **{name: given[name] for name in ("name", "gender", "affiliation", "phone", "email")},
            is_district_official=given["is_district_official"],
            other_committees=given["other_committees"],
        )


class TermFields(forms.Form):
    """The seat; which grounds can be chosen says the way by which one comes to it."""

    ground = forms.ChoiceField(label="자격", choices=SeatGround.choices, help_text="조례 제26조")
    office = forms.ChoiceField(
        label="직책",
        required=False,
        choices=[("", "위원"), *Office.choices],
        help_text="조례가 직위로 정한 위원장·부위원장은 자격에 따라 정해집니다.",
    )
    from_on = day_field("시작일")
    until_on = day_field(
        "임기 만료일",
        required=False,
        help_text="비우면 조례의 임기대로 셉니다. 당연직은 재직하는 동안입니다.",
    )
    document_number = line("위촉·지정 문서번호")
    recommended_by = line("추천 기관", required=False, help_text="구의원은 구의회의 추천을 적습니다.")
    recruitment = forms.ChoiceField(
        label="모집 (위촉직)", required=False, choices=[("", "고르십시오"), *Recruitment.choices]
    )
    recruitment_reason = line("공개모집을 하지 않은 사유", longest=300, required=False)
    limit_reason = line(
        "4년·3개 위원회를 넘는 예외 사유",
        longest=300,
        required=False,
        help_text="각종 위원회 조례의 예외일 때",
    )

    @property
    def term(self) -> TermFacts:
        given = dict(self.cleaned_data)
        return TermFacts(
            ground=SeatGround(given["ground"]),
            **{
                name: given[name]
                for name in (
                    "from_on",
                    "office",
                    "until_on",
                    "document_number",
                    "recommended_by",
                    "recruitment",
                    "recruitment_reason",
                    "limit_reason",
                )
            },
        )


class NewMemberForm(TermFields, MemberFields):
    field_order = [*MemberFields.base_fields, *TermFields.base_fields]


class MemberForm(MemberFields):
    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        names = list(MemberFields.base_fields)
        super().__init__(*args, initial={name: getattr(member, name) for name in names}, **kwargs)
        self.fields["reason"] = reason_field()


class AppointAgainForm(TermFields):
    """A person who sat before."""


class RenewForm(TermFields):
    def __init__(self, *args: Any, before: Term, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "ground": before.ground,
            "recommended_by": before.recommended_by,
            "from_on": before.until_on + dt.timedelta(days=1) if before.until_on else None,
        }
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _grounds(APPOINTED)  # type: ignore[attr-defined]


class SubstituteForm(NewMemberForm):
    def __init__(self, *args: Any, before: Term, **kwargs: Any) -> None:
        kwargs["initial"] = {"ground": before.ground}
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = _grounds((before.ground,))  # type: ignore[attr-defined]
        del self.fields["office"], self.fields["until_on"]

    @property
    def term(self) -> TermFacts:
        self.cleaned_data |= {"office": "", "until_on": None}
        return super().term


class EndForm(forms.Form):
    on = day_field("마지막 날")
    ground = forms.ChoiceField(
        label="사유", choices=EndGround.choices, help_text="조례 제27조, 각종 위원회 조례"
    )
    document_number = line("해촉·종료 문서번호")

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_posts = (EndGround.POST, EndGround.DEATH)
        wanted = [
            choice
            for choice in EndGround.choices
            if (choice[0] in of_posts if term.ground in EX_OFFICIO else choice[0] != EndGround.POST)
        ]
        self.fields["ground"].choices = wanted  # type: ignore[attr-defined]


class VacantForm(forms.Form):
    reason = line("자리를 비워 두는 사유", longest=300)


def _grounds(codes: Any) -> list[tuple[str, str]]:
    return [choice for choice in SeatGround.choices if choice[0] in codes]
