"""What the office knows of its cameras beyond the dataset: for most of them, with gaps for some.

Each change is one bulk change with its reason, as an official would make it, so the histories look as they do
in life. Which camera has a gap is a matter of its place in the list, not of chance.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Department, Officer
from cameras import policy, register
from cameras.enums import DatasetPurpose, LinkExemptionReason, LinkStatus
from cameras.models import Camera
from casework import privacy
from portal.sample import people
from records.internal_plan import writing

AUDIO_CHECKED_ON = date(2026, 3, 12)
RECORDS_BROUGHT_IN = "종이 대장을 시스템에 옮김 (2026년 정비)"
OFFICE_FACTS = privacy.OfficeFacts(
    "안전도시국장 (개인정보 보호책임자), 스마트도시과 02-2600-6114",
    "이 시스템의 개인정보 처리를 위탁하지 않습니다.",
)
DEPARTMENT_OF = {
    DatasetPurpose.NEIGHBOURHOOD_CRIME: people.SAFETY,
    DatasetPurpose.CHILD_PROTECTION: people.CHILDREN,
    DatasetPurpose.MULTI_PURPOSE: people.PARKS,
    DatasetPurpose.TRAFFIC_ENFORCEMENT: people.PARKING,
    DatasetPurpose.ILLEGAL_DUMPING: people.CLEANING,
}


def file_papers(by: Officer) -> None:
    _name_departments(by)
    _check_audio(by)
    _link_to_centre(by)
    _describe_functions(by)


def publish_policy(by: Officer) -> None:
    """운영·관리 방침 and 개인정보 처리방침, first versions: what a visitor of the public site finds."""
    if policy.current() is None:
        policy.publish(policy.draft(), by=by, effective_on=timezone.localdate())
    if privacy.current() is None:
        privacy.publish(OFFICE_FACTS, effective_on=timezone.localdate(), by=by)


def plan_for_safety(by: Officer, approver: Officer) -> None:
    """내부 관리계획, first version: written by one, approved by another."""
    if writing.approved().exists():
        return
    plan = writing.draft() or writing.begin(by=by)
    writing.ask(plan, why="시스템을 쓰면서 처음 정함", by=by)
    writing.approve(plan, effective_on=timezone.localdate(), document_number="스마트도시과-2231", by=approver)


def _change(chosen: Callable[[int], bool], changes: dict[str, Any], by: Officer, **only: Any) -> None:
    """Change the cameras whose running number is chosen."""
    numbers = Camera.objects.filter(**only).order_by("number").values_list("pk", flat=True)
    picked = [pk for place, pk in enumerate(numbers) if chosen(place)]
    if picked:
        cameras = Camera.objects.filter(pk__in=picked)
        register.bulk_change(cameras, changes, by=by, reason=RECORDS_BROUGHT_IN)


def _name_departments(by: Officer) -> None:
    """Missing for one camera in forty."""
    for purpose, name in DEPARTMENT_OF.items():
        department = Department.objects.get(institution__name=people.INSTITUTION, name=name)
        _change(
            lambda place: place % 40 != 7, {"installing_department": department}, by, dataset_purpose=purpose
        )


def _check_audio(by: Officer) -> None:
    """Checked for eleven cameras in twelve (ordinance art. 10(2))."""
    changes = {"audio_disabled": True, "audio_checked_on": AUDIO_CHECKED_ON, "audio_checked_by": by}
    _change(lambda place: place % 12 != 5, changes, by)


def _link_to_centre(by: Officer) -> None:
    """Linked, or exempt with a reason (art. 13); a few are neither."""
    _change(lambda place: place % 30 not in {11, 23}, {"link_status": LinkStatus.LINKED}, by)
    exempt = {
        "link_status": LinkStatus.NOT_LINKED,
        "link_exemption_reason": LinkExemptionReason.INEFFICIENT,
        "link_exemption_document": "안전관리과-1127",
    }
    _change(lambda place: place % 30 == 11, exempt, by)
    _change(lambda place: place % 60 == 23, {"link_status": LinkStatus.NOT_LINKED}, by)


def _describe_functions(by: Officer) -> None:
    _change(lambda place: place % 9 == 2, {"has_ptz": True}, by)
    _change(lambda place: True, {"lpr_enabled": True}, by, dataset_purpose=DatasetPurpose.TRAFFIC_ENFORCEMENT)
    _change(lambda place: place % 50 == 4, {"analytics": "배회·쓰러짐 감지"}, by)
