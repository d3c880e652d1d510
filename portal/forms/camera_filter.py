"""What the register's list and map can be narrowed by; the values stand in the address, so a filter can be kept."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Department, Institution
from cameras import listing
from cameras.entrustment import Entrustment
from cameras.enums import CameraState, DatasetPurpose, DeviceKind, InstallPurpose, LinkStatus
from cameras.models import Camera, Contractor
from ordinance import findings as findings_of
from ordinance import parameters, rules
from ordinance.models import AssessedRule, Finding
from ordinance.rules import Subject

ANY = ("", "전체")
NONE = "none"
ANY_DUTY = "any"
YES_NO = [ANY, ("yes", "예"), ("no", "아니요")]


class CameraFilterForm(forms.Form):
    q = forms.CharField(label="번호·주소 찾기", max_length=100, required=False, strip=True)
    state = forms.ChoiceField(label="상태", required=False, choices=[ANY, *CameraState.choices])
    install_purpose = forms.ChoiceField(
        label="설치목적", required=False, choices=[ANY, *InstallPurpose.choices]
    )
    missing = forms.ChoiceField(label="빠진 서류", required=False)
    duty = forms.ChoiceField(label="이행하지 않은 의무", required=False)
    dataset_purpose = forms.ChoiceField(
        label="설치목적구분", required=False, choices=[ANY, *DatasetPurpose.choices]
    )
    department = forms.ChoiceField(label="설치부서", required=False)
    contractor = forms.ChoiceField(label="수탁자", required=False)
    institution = forms.ChoiceField(label="관리기관", required=False)
    link_status = forms.ChoiceField(label="관제센터 연계", required=False, choices=[ANY, *LinkStatus.choices])
    device_kind = forms.ChoiceField(label="기기 종류", required=False, choices=[ANY, *DeviceKind.choices])
    retention = forms.ChoiceField(label="보관일수", required=False)
    installed_from = forms.IntegerField(
        label="설치연도 (부터)", required=False, min_value=1960, max_value=2100
    )
    installed_until = forms.IntegerField(
        label="설치연도 (까지)", required=False, min_value=1960, max_value=2100
    )
    ptz = forms.ChoiceField(label="회전·확대", required=False, choices=YES_NO)
    lpr = forms.ChoiceField(label="차량번호 인식", required=False, choices=YES_NO)
    exempt = forms.ChoiceField(label="누리집 비공개", required=False, choices=YES_NO)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maximum = int(parameters.value("retention_max_days").value)
        departments = Department.objects.order_by("name").values_list("pk", "name")
        contractors = Contractor.objects.order_by("name").values_list("pk", "name")
        institutions = Institution.objects.order_by("name").values_list("pk", "name")
        self.fields["department"].choices = [ANY, (NONE, "(지정 안 됨)"), *departments]
        self.fields["contractor"].choices = [ANY, (NONE, "(수탁자 없음)"), *contractors]
        self.fields["institution"].choices = [ANY, *institutions]
        self.fields["missing"].choices = [ANY, *((code, gap[0]) for code, gap in listing.GAPS.items())]
        self.fields["duty"].choices = [
            ANY,
            (ANY_DUTY, "하나라도 (기록 미비)"),
            *((rule.code, rule.heading) for rule in rules.all_rules() if rule.subject == Subject.CAMERA),
        ]
        self.fields["retention"].choices = [
            ANY,
            ("short", f"{self.maximum}일 미만"),
            ("maximum", f"{self.maximum}일"),
            ("over", f"{self.maximum}일 초과"),
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """What narrows the list; a value that makes no sense narrows nothing and is shown as an error."""
        if not self.is_bound:
            return {}
        self.full_clean_once()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def full_clean_once(self) -> None:
        """`errors` cleans at its first call; what did not pass is absent from `cleaned_data` then."""
        _ = self.errors

    @property
    def in_words(self) -> list[str]:
        words = []
        for name, value in self.chosen.items():
            choices = dict(getattr(self.fields[name], "choices", []))
            shown = choices.get(value) or {str(key): label for key, label in choices.items()}.get(
                str(value), value
            )
            words.append(f"{self.fields[name].label}: {shown}")
        return words

    def apply(self, cameras: QuerySet[Camera]) -> QuerySet[Camera]:
        """The cameras that meet every condition."""
        for name, value in self.chosen.items():
            cameras = getattr(self, f"_by_{name}", self._by_field)(cameras, name, value)
        return cameras

    def _by_field(self, cameras: QuerySet[Camera], name: str, value: Any) -> QuerySet[Camera]:
        return cameras.filter(**{name: value})

    def _by_q(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return listing.search(cameras, value)

    def _by_missing(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        found: QuerySet[Camera] = getattr(cameras, listing.GAPS[value][1])()
        return found

    def _by_duty(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        """As the last assessment, or the act since then that changed it, found."""
        codes = list(dict(self.fields["duty"].choices)) if value == ANY_DUTY else [value]
        judged = AssessedRule.objects.filter(code__in=codes).values_list("pk", flat=True)
        findings = Finding.objects.open().filter(
            rule__in=list(judged), number=findings_of.number_of(OuterRef("number"))
        )
        return cameras.filter(Exists(findings))

    def _by_department(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return cameras.filter(installing_department=None if value == NONE else value)

    def _by_contractor(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        """By the contracts in force today."""
        today = Entrustment(timezone.localdate())
        if value == NONE:
            return cameras.exclude(today.covered())
        return cameras.filter(today.covered(contractor=int(value)))

    def _by_institution(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return cameras.filter(site__institution=value)

    def _by_retention(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        condition = {"short": "retention_days__lt", "maximum": "retention_days", "over": "retention_days__gt"}
        return cameras.filter(**{condition[value]: self.maximum})

    def _by_installed_from(self, cameras: QuerySet[Camera], name: str, value: int) -> QuerySet[Camera]:
        return cameras.filter(installed_month__gte=f"{value:04}-01-01")

    def _by_installed_until(self, cameras: QuerySet[Camera], name: str, value: int) -> QuerySet[Camera]:
        return cameras.filter(installed_month__lte=f"{value:04}-12-31")

    def _by_ptz(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return cameras.filter(has_ptz=value == "yes")

    def _by_lpr(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return cameras.filter(lpr_enabled=value == "yes")

    def _by_exempt(self, cameras: QuerySet[Camera], name: str, value: str) -> QuerySet[Camera]:
        return cameras.filter(is_sign_exempt=value == "yes")
