"""What each kind of paper has to say before it proves anything: its fields, and what they may hold.

One table serves the form, the check and the page of a paper. Dates stand in the contents as ISO text.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cameras.consultation import period
from cameras.enums import (
    ConsultationMethod,
    ConsultationReply,
    LinkExemptionReason,
    MonitoringScope,
    PaperKind,
)


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


LONGEST = 2000
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ContentField:
    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    choices: Choices = ()
    is_required: bool = True
    help_text: str = ""
    max_length: int = 200


@dataclass(frozen=True)
class KindOfPaper:
    """A kind, the article it belongs to, its fields, and what its fields must say together."""

    kind: PaperKind
    article: str
    # The rule whose facts it gives (`ordinance.rules`).
    rule: str
    fields: tuple[ContentField, ...] = ()
    check: Callable[[Mapping[str, Any], datetime.date], dict[str, str]] = field(default=lambda given, on: {})
    note: str = ""
    # What it writes into the cameras' own fields besides proving something.
    sets: str = ""


YES, EXEMPT = "yes", "exempt"
CHECKED: Choices = ((YES, "충족"), (EXEMPT, "다른 법령에 따라 해당 없음"))
# Ordinance art. 5, items 1 to 3: known before the deliberation.
CHECKLIST_ITEMS = (
    ("standardised", "1호 설치 목적에 맞는 표준화된 기기"),
    ("multi_purpose", "2호 다목적 활용이 가능한 기기"),
    ("integrated", "3호 통합 운영이 가능한 시스템"),
)
# Item 4: who builds is known only when the work was awarded, so it has a paper of its own.
BUILDER = ("registered_builder", "4호 「정보통신공사업법」 제14조에 따라 등록한 공사업자의 시공")
_BUILDER_FIELDS = ("builder_name", "builder_registration", "builder_checked_on")


def _check_checklist(given: Mapping[str, Any], on: datetime.date) -> dict[str, str]:
    errors = {}
    if any(given.get(name) == EXEMPT for name, _ in CHECKLIST_ITEMS) and not given.get("exempt_law"):
        errors["exempt_law"] = "‘해당 없음’의 근거 법령을 적어 주십시오(조례 제5조 본문)."
    return errors


def _check_builder(given: Mapping[str, Any], on: datetime.date) -> dict[str, str]:
    errors = {}
    if given.get("registered_builder") == EXEMPT and not given.get("exempt_law"):
        errors["exempt_law"] = "‘해당 없음’의 근거 법령을 적어 주십시오(조례 제5조 본문)."
    if given.get("registered_builder") == YES:
        for name in _BUILDER_FIELDS:
            if not given.get(name):
                errors[name] = "시공업체의 등록을 확인한 내용을 적어 주십시오(조례 제5조제4호)."
    checked_on = given.get("builder_checked_on")
    if checked_on and checked_on > on.isoformat():
        errors["builder_checked_on"] = "등록 확인일은 확인서의 날짜보다 뒤일 수 없습니다."
    return errors


def _check_prior_consultation(given: Mapping[str, Any], on: datetime.date) -> dict[str, str]:
    if given.get("reply") == ConsultationReply.CONDITIONS and not given.get("conditions"):
        return {"conditions": "조건부 동의이면 조건을 적어 주십시오."}
    return {}


def _check_public_consultation(given: Mapping[str, Any], on: datetime.date) -> dict[str, str]:
    from_on, until_on = given.get("from_on"), given.get("until_on")
    if not (from_on and until_on):
        return {}
    if until_on < from_on:
        return {"until_on": "종료일은 시작일보다 앞설 수 없습니다."}
    if until_on > on.isoformat():
        return {"until_on": "결과 문서의 날짜까지 끝난 의견수렴이어야 합니다."}
    method, is_urgent = str(given.get("method")), bool(given.get("urgency_reason"))
    if is_urgent and not period.may_be_urgent(method):
        return {
            "urgency_reason": "긴급하여 기간을 줄이는 것은 행정예고에만 있습니다(행정절차법 제46조제4항)."
        }
    minimum = period.minimum(method, _in_office_hours(from_on), is_urgent=is_urgent)
    if minimum is None or until_on >= minimum.last_on.isoformat():
        return {}
    return {
        "until_on": f"{minimum.days}일 이상이어야 하며({minimum.citation}) 마지막 날은 {minimum.last_on} 이후입니다."
        + (
            " 긴급하여 줄였으면 긴급 사유를 적어 주십시오."
            if period.may_be_urgent(method) and not is_urgent
            else ""
        )
    }


def _in_office_hours(day: str) -> datetime.datetime:
    """A paper names the day of its notice, not the hour: nothing says that people knew of it from midnight on."""
    at = datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(9))
    return timezone.make_aware(at)


def _check_monitoring(given: Mapping[str, Any], on: datetime.date) -> dict[str, str]:
    if given.get("operating_hours") and not given.get("after_hours_purpose"):
        return {
            "after_hours_purpose": "운영시간을 정하면 그 밖의 시간의 활용목적도 적어야 합니다(조례 제14조)."
        }
    return {}


def _long(name: str, label: str, *, is_required: bool = True, help_text: str = "") -> ContentField:
    return ContentField(name, label, FieldKind.LONG_TEXT, (), is_required, help_text, LONGEST)


_REPLIES: Choices = tuple(
    (reply.value, str(reply.label)) for reply in (ConsultationReply.AGREE, ConsultationReply.CONDITIONS)
)
_SCOPES: Choices = tuple(
    (scope.value, str(scope.label)) for scope in (MonitoringScope.LIVE, MonitoringScope.EXCLUDED)
)

_EXEMPT_LAW = ContentField("exempt_law", "‘해당 없음’의 근거 법령", is_required=False)

KINDS: dict[str, KindOfPaper] = {
    kind.kind.value: kind
    for kind in (
        KindOfPaper(
            PaperKind.INSTALLATION_CHECKLIST,
            "조례 제5조",
            "installation_checklist",
            (
                *(ContentField(name, label, FieldKind.CHOICE, CHECKED) for name, label in CHECKLIST_ITEMS),
                _EXEMPT_LAW,
            ),
            _check_checklist,
            note="세 항목을 모두 충족하거나 근거 법령이 있어야 등록할 수 있습니다. 충족하지 못한 것은 고친 뒤 등록하십시오. "
            "제4호(등록한 공사업자의 시공)는 시공업체가 정해진 뒤 ‘시공업체 등록 확인서’로 등록합니다.",
        ),
        KindOfPaper(
            PaperKind.BUILDER_REGISTRATION,
            "조례 제5조제4호",
            "registered_builder",
            (
                ContentField(*BUILDER, FieldKind.CHOICE, CHECKED),
                _EXEMPT_LAW,
                ContentField("builder_name", "시공업체", is_required=False),
                ContentField(
                    "builder_registration", "정보통신공사업 등록번호", is_required=False, max_length=60
                ),
                ContentField("builder_checked_on", "등록 확인일", FieldKind.DATE, is_required=False),
            ),
            _check_builder,
            note="시공업체가 정해진 뒤, 설치를 처리하기 전에 등록합니다.",
        ),
        KindOfPaper(
            PaperKind.PRIOR_CONSULTATION,
            "조례 제7조",
            "prior_consultation",
            (
                ContentField("requesting_department", "요청 부서"),
                ContentField("reply", "회신", FieldKind.CHOICE, _REPLIES),
                _long("conditions", "조건", is_required=False),
            ),
            _check_prior_consultation,
            note="종이로 마친 사전협의를 옮길 때 씁니다. 새로 하는 협의는 ‘사전협의’에서 요청하십시오.",
        ),
        KindOfPaper(
            PaperKind.PUBLIC_CONSULTATION,
            "조례 제8조, 시행령 제23조제1항",
            "public_consultation",
            (
                ContentField("method", "방법", FieldKind.CHOICE, tuple(ConsultationMethod.choices)),
                ContentField("from_on", "시작일", FieldKind.DATE),
                ContentField("until_on", "종료일", FieldKind.DATE),
                ContentField(
                    "urgency_reason", "긴급하여 기간을 줄인 사유", is_required=False, max_length=500
                ),
                ContentField(
                    "announced", "알린 곳과 방법", help_text="예: 강서구보, 누리집, 주민센터 게시판"
                ),
                ContentField("opinions", "접수한 의견 수", FieldKind.NUMBER),
                _long(
                    "experts",
                    "관계 전문가의 의견",
                    help_text="누구에게 언제 어떻게 들었고 무엇이라 하였는지(법 제25조제3항, 조례 제8조)",
                ),
                _long("result", "결과", help_text="의견이 없으면 ‘의견 없음’"),
            ),
            _check_public_consultation,
            note="이미 마친 의견수렴을 옮길 때 씁니다. 새로 하는 것은 ‘의견수렴’에서 공고하십시오.",
        ),
        KindOfPaper(
            PaperKind.CONSULTATION_EXEMPTION,
            "조례 제8조 단서",
            "public_consultation",
            (
                ContentField(
                    "near", "가까운 기존 설치장소와 거리", help_text="예: 화곡로 12 (관리번호 …-1), 40m"
                ),
                ContentField(
                    "same_purpose", "같은 목적", help_text="기존 카메라와 추가하는 카메라의 설치목적"
                ),
                _long("reason", "생략 사유", help_text="근접한 장소에 같은 목적으로 단순히 추가하는 사정"),
                ContentField("approver", "승인자", help_text="직위까지. 예: 안전관리과장", max_length=100),
            ),
            note="국가법령(개인정보 보호법 제25조제3항, 시행령 제23조)에는 의견수렴 생략 사유가 없습니다. "
            "조례만을 근거로 한 생략임이 점검에 경고로 남습니다.",
        ),
        KindOfPaper(
            PaperKind.RESOLUTION,
            "조례 제28조",
            "resolution",
            (
                ContentField("meeting", "회의", help_text="예: 2026년 제2차 운영위원회"),
                ContentField(
                    "outcome", "의결", FieldKind.CHOICE, (("passed", "가결"), ("conditional", "조건부 가결"))
                ),
            ),
            note="종이 의결서를 옮길 때 씁니다.",
        ),
        KindOfPaper(
            PaperKind.AUDIO_CHECK,
            "조례 제10조제2항, 법 제25조제5항",
            "audio_off",
            (
                ContentField("method", "확인 방법", help_text="예: 녹화기 설정 화면 확인, 현장 점검"),
                ContentField(
                    "checked_by_name", "확인한 사람", help_text="부서와 직위. 예: 안전관리과 주무관"
                ),
            ),
            sets="녹음기능 미사용, 녹음기능 확인일, 녹음기능 확인자",
        ),
        KindOfPaper(
            PaperKind.MONITORING_SCOPE,
            "조례 제14조",
            "monitoring_scope",
            (
                ContentField("scope", "관제 범위", FieldKind.CHOICE, _SCOPES),
                ContentField("operating_hours", "목적에 따른 운영시간", is_required=False, max_length=100),
                ContentField(
                    "after_hours_purpose",
                    "운영시간 외 활용목적",
                    is_required=False,
                    help_text="야간과 주말에는 방범 등 공익에 쓸 수 있어야 합니다.",
                ),
            ),
            _check_monitoring,
            sets="관제 범위, 협의 문서번호, 운영시간, 운영시간 외 활용목적",
        ),
        KindOfPaper(
            PaperKind.LINK_EXEMPTION,
            "조례 제13조",
            "centre_link",
            (
                ContentField(
                    "reason", "연계 제외 사유", FieldKind.CHOICE, tuple(LinkExemptionReason.choices)
                ),
                _long("explanation", "설명"),
                ContentField("approver", "결정권자", help_text="직위까지", max_length=100),
            ),
            sets="관제센터 연계 여부(미연계), 연계 제외 사유, 연계 제외 문서번호",
        ),
        KindOfPaper(
            PaperKind.NECESSITY_REVIEW,
            "표준 개인정보 보호지침 제48조제8호",
            "necessity_review",
            (
                ContentField(
                    "result",
                    "검토 결과",
                    FieldKind.CHOICE,
                    (("keep", "계속 필요"), ("improve", "개선하여 유지"), ("remove", "철거 검토")),
                ),
                _long("opinion", "검토 의견"),
            ),
        ),
    )
}


def clean(kind: str, given: Mapping[str, Any], on: datetime.date) -> dict[str, Any]:
    """The contents as they are stored. ValidationError by field name, in Korean; unknown names are refused."""
    if kind not in KINDS:
        raise ValidationError({"kind": f"없는 종류의 서류입니다: {kind}"})
    asked = KINDS[kind]
    names = {one.name for one in asked.fields}
    if unknown := sorted(set(given) - names):
        raise ValidationError(f"이 서류에 없는 항목입니다: {', '.join(unknown)}")
    errors: dict[str, str] = {}
    contents: dict[str, Any] = {}
    for one in asked.fields:
        try:
            contents[one.name] = _value(one, given.get(one.name))
        except ValueError as problem:
            errors[one.name] = str(problem)
    errors = errors or asked.check(contents, on)
    if errors:
        raise ValidationError(errors)
    return {name: value for name, value in contents.items() if value not in ("", None)}


def _value(one: ContentField, given: Any) -> Any:
    if given is None or given == "":
        if one.is_required:
            raise ValueError("필수 항목입니다.")
        return None
    if one.kind is FieldKind.DATE:
        return _date(given)
    if one.kind is FieldKind.NUMBER:
        return _number(given)
    text = str(given).strip().replace("\x00", "")
    if one.kind is FieldKind.CHOICE and text not in dict(one.choices):
        raise ValueError("목록에 있는 값을 고르십시오.")
    if len(text) > one.max_length:
        raise ValueError(f"{one.max_length}자까지 적을 수 있습니다.")
    if one.is_required and not text:
        raise ValueError("필수 항목입니다.")
    return text


def _date(given: Any) -> str:
    try:
        day = given if isinstance(given, datetime.date) else datetime.date.fromisoformat(str(given))
    except ValueError:
        raise ValueError("날짜는 2026-05-18처럼 적습니다.") from None
    if not 1990 <= day.year <= 2100:
        raise ValueError("1990년부터 2100년까지의 날짜를 적어 주십시오.")
    return day.isoformat()


def _number(given: Any) -> int:
    try:
        number = int(given)
    except (TypeError, ValueError):
        raise ValueError("수를 적어 주십시오.") from None
    if isinstance(given, bool) or not 0 <= number <= 1_000_000:
        raise ValueError("0부터 1,000,000까지의 수를 적어 주십시오.")
    return number


def in_words(kind: str, contents: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what the paper says, for its page."""
    shown = []
    for one in KINDS[kind].fields:
        value = contents.get(one.name)
        if value not in (None, ""):
            shown.append((one.label, dict(one.choices).get(str(value), str(value))))
    return shown
