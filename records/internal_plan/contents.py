"""What the plan is made of, and what the system itself knows of each content today, each fact with where it stands.

The shipped contents are data (`records/data/internal_plan.toml`) with citation, date and mark. The notice counts them
(`internal_plan_contents`, read in the official text); their titles were not compared with it, so they bear the mark M until
a person of the office says with what they were compared.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts import networks, second_factor
from accounts.models import Department, Officer, ResponsibleDesignation
from accounts.roles import Role
from cameras.entrustment import Entrustment
from cameras.models import ContractorInspection, ContractorTraining
from casework import persons, privacy
from footage.models import DeletionConfirmation, Sweep
from ledger.models import Entry
from ledger.restores import RESTORED
from ordinance import parameters
from ordinance.models import Mark
from records.competence import figures
from records.models import (
    AccessReview,
    CameraPermission,
    EmergencyContact,
    EmergencyDrill,
    InternalPlan,
    InternalPlanCheck,
    PermissionReview,
    StaffKind,
    StaffMember,
    Visit,
)
from records.self_inspection.items import of_duties

Fact = dict[str, Any]
Content = dict[str, Any]
ARTICLE = "개인정보의 안전성 확보조치 기준 제4조"
SHIPPED = Path(__file__).parent.parent / "data" / "internal_plan.toml"
CONTENTS, CHECK_MONTHS = "internal_plan_contents", "internal_plan_check_months"
NOTHING_KNOWN = "이 시스템에 자료가 없습니다. 담당 부서의 문서에서 확인하십시오."
NOT_SET = "(정하지 않음)"
# The word of a ledger entry: a list left the system as a file, for a stated purpose (`portal.exports`).
EXPORTED = "portal.exported"
# What stands in braces in a text, and the figure that takes its place.
FIGURES = {
    "점검 주기": CHECK_MONTHS,
    "교육 주기": "training_months",
    "서약 주기": "pledge_months",
    "접속기록 보관": "access_log_years",
}
PLACES = (*FIGURES, "전담부서", "관리책임자 직위", "유휴 시간")
_PLACE = re.compile(r"\{([^{}]*)\}")


@cache
def shipped() -> dict[str, Any]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def begin_with() -> list[Content]:
    """The contents of the very first draft."""
    return [
        {"code": row["code"], "title": row["title"], "text": row["text"].strip()}
        for row in shipped()["content"]
    ]


def standing(plan: InternalPlan, on: dt.date) -> dict[str, Any]:
    """How far the list of contents may be trusted, in words, for screen and paper."""
    asked = parameters.value(CONTENTS, on)
    return {
        "citation": shipped()["citation"],
        "asked": int(asked.value),
        "asked_mark": asked.mark_label,
        "listed": len(plan.contents),
        "mark": str((Mark.VERIFIED if plan.compared_with else Mark(shipped()["mark"])).label),
        "compared_with": plan.compared_with,
        "note": "" if plan.compared_with else shipped()["note"],
    }


def unknown_places(text: str) -> list[str]:
    return sorted({*_PLACE.findall(text)} - {*PLACES})


def _places(on: dt.date) -> dict[str, str]:
    known = parameters.snapshot(on, codes=[*FIGURES.values()])
    designation = _designation(on)
    return {
        **{name: str(known[code].value) for name, code in FIGURES.items()},
        "전담부서": designation.department.name if designation else NOT_SET,
        "관리책임자 직위": (designation.manager_post if designation else "") or NOT_SET,
        "유휴 시간": str(settings.SESSION_COOKIE_AGE // 60),
    }


def _designation(on: dt.date) -> ResponsibleDesignation | None:
    rows = ResponsibleDesignation.objects.in_force(on).select_related("department")
    return rows.order_by("pk").first()


def read(plan: InternalPlan, on: dt.date) -> list[Content]:
    """Each content as it is read on that day: its text with the figures filled in."""
    places = _places(on)
    return [
        {**row, "text": _PLACE.sub(lambda found: places.get(found[1], found[0]), row["text"])}
        for row in plan.contents
    ]


def written(plan: InternalPlan, on: dt.date) -> list[dict[str, Any]]:
    """… with what the system knows beside it."""
    return [{**row, "facts": facts(row["code"], on)} for row in read(plan, on)]


def facts(code: str, on: dt.date) -> list[Fact]:
    """What the system knows of it; one line that says so where it knows nothing."""
    find, duties = _KNOWN.get(code, (_nothing, ()))
    found = [*find(on)]
    found += [{**fact, "source": "조례 점검"} for fact in of_duties(duties)]
    return found or [_fact("시스템의 자료", NOTHING_KNOWN, "")]


def _fact(label: str, value: str, source: str, is_in_order: bool | None = None) -> Fact:
    return {"label": label, "value": value, "source": source, "is_in_order": is_in_order}


def _nothing(on: dt.date) -> Iterator[Fact]:
    return iter(())


def _within_a_year(on: dt.date) -> tuple[dt.date, dt.date]:
    return on - dt.timedelta(days=364), on


def _organisation(on: dt.date) -> Iterator[Fact]:
    designation = _designation(on)
    name = designation.department.name if designation else "지정 없음"
    yield _fact("전담부서", name, "전담부서 지정", designation is not None)
    yield _fact("등록된 부서", f"{Department.objects.count():,}곳", "부서")
    staff = StaffMember.objects.order_by().employed(on)
    for kind in StaffKind:
        if count := staff.filter(kind=kind).count():
            yield _fact(str(kind.label), f"{count:,}명", "인력 명부")


def _officer(on: dt.date) -> Iterator[Fact]:
    responsible = privacy.last_facts().responsible.strip()
    yield _fact("개인정보 보호책임자", responsible or "적지 않음", "개인정보 처리방침", bool(responsible))
    designation = _designation(on)
    post = designation.manager_post if designation else ""
    yield _fact("관리책임자", post or "적지 않음", "전담부서 지정", bool(post))


def _duties(on: dt.date) -> Iterator[Fact]:
    accounts = Officer.objects.order_by().filter(is_active=True)
    for role in Role:
        count = accounts.filter(groups__name=role.label).count()
        yield _fact(f"{role.label} 계정", f"{count:,}개", "담당자")


def _training(on: dt.date) -> Iterator[Fact]:
    year = figures.of_year(on.year, on)
    plan = str(year.plan) if year.plan else "승인된 계획 없음"
    yield _fact(f"{on.year}년 교육 계획", plan, "교육 계획", year.plan is not None)
    attended = sum(session.passed for session in year.sessions)
    yield _fact("올해의 교육", f"{len(year.sessions):,}회, 이수 {attended:,}명", "교육 실시")
    persons_now = sum(line.persons for line in year.kinds)
    trained, sworn = sum(line.trained for line in year.kinds), sum(line.sworn for line in year.kinds)
    yield _fact(
        "교육의 효력이 있는 사람", f"{persons_now:,}명 중 {trained:,}명", "교육", trained == persons_now
    )
    yield _fact(
        "서약의 효력이 있는 사람", f"{persons_now:,}명 중 {sworn:,}명", "보안서약", sworn == persons_now
    )


def _permissions(on: dt.date) -> Iterator[Fact]:
    yield _fact(
        "효력이 있는 카메라 접근권한",
        f"{CameraPermission.objects.granted().order_by().count():,}건",
        "카메라 접근권한",
    )
    last = PermissionReview.objects.filter(signed_at__isnull=False).first()
    yield _fact("마지막 정기 점검", str(last) if last else "없음", "카메라 접근권한")


def _access(on: dt.date) -> Iterator[Fact]:
    officers = [one for one in Officer.objects.filter(is_active=True) if second_factor.must_have(one)]
    having = sum(second_factor.has(one) for one in officers)
    yield _fact(
        "두 번째 인증", f"대상 {len(officers):,}명 중 {having:,}명 등록", "담당자", having == len(officers)
    )
    yield _fact("자동 차단", f"{settings.SESSION_COOKIE_AGE // 60}분", "로그인과 접속")
    for kind in networks.Kind:
        is_bound = any(each == kind for each, _ in networks.rules())
        yield _fact(
            f"허용망: {kind.label}",
            "정한 망에서만" if is_bound else "정하지 않음",
            "서버 설정(ALLOWED_NETWORKS)",
            is_bound or None,
        )


def _encryption(on: dt.date) -> Iterator[Fact]:
    yield _fact(
        "개인정보의 종류", f"{len(persons.entries()):,}가지(목록은 개인정보 처리방침)", "개인정보 처리방침"
    )
    hasher = settings.PASSWORD_HASHERS[0].rpartition(".")[2].removesuffix("PasswordHasher")
    yield _fact("비밀번호", f"되돌릴 수 없는 저장({hasher})", "시스템")
    yield _fact("증거 보관함", "AES-256-GCM, 건마다 다른 키", "시스템")


def _access_log(on: dt.date) -> Iterator[Fact]:
    years = parameters.value("access_log_years", on)
    yield _fact("보관 기간", f"{years.value}년 이상 ({years.citation})", "기준값")
    last = AccessReview.objects.filter(frozen_at__isnull=False).first()
    yield _fact("마지막으로 확정한 점검", str(last) if last else "없음", "접속기록 점검")


def _physical(on: dt.date) -> Iterator[Fact]:
    since, until = _within_a_year(on)
    came = Visit.objects.order_by().filter(in_at__date__range=(since, until))
    yield _fact("최근 1년의 통제구역 출입", f"{came.count():,}건", "통제구역 출입")


def _disaster(on: dt.date) -> Iterator[Fact]:
    since, until = _within_a_year(on)
    drills = EmergencyDrill.objects.filter(held_at__date__range=(since, until)).order_by()
    yield _fact("최근 1년의 비상연락 훈련", f"{drills.count():,}회", "비상연락망")
    restored = Entry.objects.of_kind(RESTORED).filter(at__date__range=(since, until)).order_by()
    yield _fact("최근 1년의 복원", f"{restored.count():,}회", "원장")


def _output(on: dt.date) -> Iterator[Fact]:
    since, until = _within_a_year(on)
    taken = Entry.objects.of_kind(EXPORTED).filter(at__date__range=(since, until)).order_by()
    yield _fact("최근 1년의 목록 내려받기", f"{taken.count():,}회(용도는 원장에)", "원장")


def _destruction(on: dt.date) -> Iterator[Fact]:
    since, until = _within_a_year(on)
    swept = Sweep.objects.order_by().filter(started_at__date__range=(since, until))
    yield _fact("최근 1년의 파기 실행", f"{swept.count():,}회", "파기 실행")
    confirmed = DeletionConfirmation.objects.order_by().filter(confirmed_at__date__range=(since, until))
    yield _fact("최근 1년의 자동삭제 확인", f"{confirmed.count():,}회", "자동삭제 확인")


def _incidents(on: dt.date) -> Iterator[Fact]:
    posts = EmergencyContact.objects.filter(is_in_use=True).order_by()
    yield _fact("비상연락망", f"{posts.count():,}개 직무", "비상연락망")


def _contractors(on: dt.date) -> Iterator[Fact]:
    since, until = _within_a_year(on)
    for one in Entrustment(on).contractors:
        yield _fact("수탁자", f"{one.name} ({one.work})", "위탁 계약")
    trained = ContractorTraining.objects.filter(on__range=(since, until)).order_by()
    inspected = ContractorInspection.objects.filter(on__range=(since, until)).order_by()
    yield _fact("최근 1년의 수탁자 교육", f"{trained.count():,}회", "위탁 계약")
    yield _fact("최근 1년의 수탁자 점검", f"{inspected.count():,}회", "위탁 계약")


def _plan(on: dt.date) -> Iterator[Fact]:
    approved = InternalPlan.objects.filter(approved_at__isnull=False)
    yield _fact("승인한 판", f"{approved.count():,}개", "내부 관리계획")
    last = InternalPlanCheck.objects.first()
    said = f"{timezone.localdate(last.checked_at)}" if last else "없음"
    yield _fact("마지막 이행 점검", said, "내부 관리계획")


# What the system knows of a content, and the duties whose last figures belong to it.
_KNOWN: dict[str, tuple[Callable[[dt.date], Iterable[Fact]], tuple[str, ...]]] = {
    "organisation": (_organisation, ("responsible_department",)),
    "officer": (_officer, ()),
    "duties": (_duties, ()),
    "training": (_training, ("training_current", "pledge_signed")),
    "permissions": (_permissions, ("permission_reviewed",)),
    "access": (_access, ()),
    "encryption": (_encryption, ("vault_intact",)),
    "access_log": (_access_log, ("access_reviewed", "look_explained")),
    "physical": (_physical, ("visit_approved",)),
    "disaster": (_disaster, ()),
    "output": (_output, ()),
    "destruction": (_destruction, ("footage_overdue", "daily_proof", "deletion_confirmed")),
    "incidents": (_incidents, ("incident_reported",)),
    "contractors": (_contractors, ("contract",)),
    "plan": (_plan, ()),
}
