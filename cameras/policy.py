"""The operation and management policy (운영·관리 방침, PIPA art. 25(7), Decree art. 25).

What the register knows is generated; what only people know is text that officials edit. Publishing
freezes both: a citizen who reads version 3 in two years sees what was true when it was published.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import Officer, ResponsibleDesignation
from cameras import findings
from cameras.entrustment import Entrustment
from cameras.enums import InstallPurpose, Pipa25Ground
from cameras.models import Camera, OperationPolicy
from cameras.signs.contents import range_in_words
from ledger import append

KIND_PUBLISHED = "cameras.policy_published"
TEXTS_FILE = Path(__file__).parent / "data" / "policy_texts.json"


# How long is long: the sweep counts hours from the end of each file (docs/footage.md).
RETENTION_COUNTING = "보관 기간은 녹화 파일이 끝난 때부터 세며 하루는 24시간입니다."
# What the one door asks of everybody (`records.access`, docs/playback.md); a copy leaves by its own procedure.
FOOTAGE_ACCESS = (
    "이 업무 시스템에서 저장된 영상을 보려면 열람 권한이 있고 교육과 보안서약이 유효한 사람이 청구·제공·점검 등 처리하는 건과 사유를 "
    "적어야 하며, 누가 언제 무엇을 보았는지 모두 기록됩니다. 관리책임자는 교육·서약 등을 갖추지 못한 사람에게 한 건에 한하여 사유를 적어 "
    "허용할 수 있습니다. 사본은 결정되거나 승인된 건에만 만듭니다."
)
_UNTOLD: dict[str, Any] = {
    "exempt_cameras": 0,
    "not_stored": 0,
    "retention_counting": "",
    "after_hours": [],
    "access_holders": [],
    "footage_access": "",
}


@dataclass(frozen=True)
class Section:
    """One of the contents that Decree art. 25 asks for; `code` names its editable text."""

    code: str
    title: str
    citation: str


def sections() -> list[Section]:
    return [Section(row["code"], row["title"], row["citation"]) for row in _texts_file()["sections"]]


def _texts_file() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(TEXTS_FILE.read_text(encoding="utf-8"))
    return data


def current() -> OperationPolicy | None:
    """The published version in force today; a version published for a later day waits for its day."""
    return published().filter(effective_on__lte=timezone.localdate()).first()


def published() -> "QuerySet[OperationPolicy]":
    return OperationPolicy.objects.filter(version__isnull=False).order_by("-version")


def draft() -> OperationPolicy:
    """The one draft, begun from the last published text or from the texts that we ship."""
    found = OperationPolicy.objects.filter(version__isnull=True).first()
    if found:
        return found
    last = published().first()
    rows = _texts_file()["sections"]
    shipped = {row["code"]: row["text"] for row in rows}
    # A text that we shipped earlier and nobody touched gives way to today's.
    former = {row["code"]: row.get("former", []) for row in rows}
    kept = {
        code: text for code, text in (last.texts if last else {}).items() if text not in former.get(code, [])
    }
    return OperationPolicy.objects.create(texts={**shipped, **kept})


def save_texts(policy: OperationPolicy, texts: dict[str, str]) -> None:
    """Keep the officials' wording in the draft; a published version is refused."""
    if policy.is_published:
        raise ValidationError("공고된 방침은 고칠 수 없습니다. 초안을 고쳐 새 판으로 공고하십시오.")
    known = {section.code for section in sections()}
    if unknown := set(texts) - known:
        raise ValidationError(f"방침에 없는 항목입니다: {', '.join(sorted(unknown))}")
    policy.texts = {**policy.texts, **texts}
    policy.save()


def contents(policy: OperationPolicy, on: dt.date | None = None) -> dict[str, Any]:
    """What a reader sees: the frozen contents of a published version, else today's register."""
    if policy.is_published:
        return _in_full(policy.contents)
    day = on or timezone.localdate()
    cameras = _filming_cameras()
    return _UNTOLD | {
        "as_of": day.isoformat(),
        "sections": _sections(policy),
        "total_cameras": cameras.count(),
        "exempt_cameras": cameras.filter(is_sign_exempt=True).count(),
        "total_sites": cameras.aggregate(sites=Count("site", distinct=True))["sites"],
        "by_purpose": _by_purpose(cameras),
        "by_retention": _counts(_storing(cameras), "retention_days"),
        "not_stored": _not_storing(cameras),
        "retention_counting": RETENTION_COUNTING,
        "after_hours": _after_hours(cameras),
        "by_hours": _counts(cameras, "filming_hours"),
        "grounds": _grounds(cameras),
        "places": _places(cameras),
        "departments": _counts(cameras, "installing_department__name"),
        "responsible": _responsible(day),
        "footage_access": FOOTAGE_ACCESS,
        "contractors": _contractors(cameras, day),
    }


def _sections(policy: OperationPolicy) -> list[dict[str, str]]:
    return [
        {
            "code": section.code,
            "title": section.title,
            "citation": section.citation,
            "text": policy.texts.get(section.code, ""),
        }
        for section in sections()
    ]


def lacking(policy: OperationPolicy) -> list[str]:
    """The same as `missing` of its contents, without counting the register."""
    return missing({"sections": _sections(policy), "responsible": _responsible(timezone.localdate())})


def _in_full(frozen: dict[str, Any]) -> dict[str, Any]:
    """A published version with what later versions tell besides: empty, since that one did not tell it."""
    responsible = {"post": "", **frozen["responsible"]} if frozen["responsible"] else {}
    places = [{"range": "", **place} for place in frozen["places"]]
    return {**_UNTOLD, **frozen, "responsible": responsible, "places": places}


def _filming_cameras() -> "QuerySet[Camera]":
    """Cameras that film or may film again tomorrow.

    Those that need no sign are counted too: the proviso of PIPA art. 25(4) frees from the sign, not from art. 25(7).
    """
    cameras: QuerySet[Camera] = Camera.objects.in_service().order_by()
    return cameras


def _storing(cameras: "QuerySet[Camera]") -> "QuerySet[Camera]":
    return cameras.exclude(pipa25_ground=Pipa25Ground.NOT_STORED)


def _not_storing(cameras: "QuerySet[Camera]") -> int:
    """Cameras of which no footage is kept, so that no period may be promised (PIPA art. 25(1) item 6)."""
    return cameras.filter(pipa25_ground=Pipa25Ground.NOT_STORED).count()


def _counts(cameras: "QuerySet[Camera]", field: str) -> list[dict[str, Any]]:
    rows = cameras.values(field).annotate(cameras=Count("pk")).order_by(field)
    return [{"value": row[field], "cameras": row["cameras"]} for row in rows]


def _by_purpose(cameras: "QuerySet[Camera]") -> list[dict[str, Any]]:
    rows = (
        cameras.values("install_purpose")
        .annotate(cameras=Count("pk"), sites=Count("site", distinct=True))
        .order_by("-cameras")
    )
    return [
        {
            "purpose": InstallPurpose(row["install_purpose"]).label,
            "cameras": row["cameras"],
            "sites": row["sites"],
        }
        for row in rows
    ]


def _grounds(cameras: "QuerySet[Camera]") -> list[dict[str, Any]]:
    return [
        {"ground": Pipa25Ground(row["value"]).label, "cameras": row["cameras"]}
        for row in _counts(cameras, "pipa25_ground")
    ]


def _after_hours(cameras: "QuerySet[Camera]") -> list[dict[str, Any]]:
    """What cameras serve beyond the hours of their purpose (ordinance art. 14(2))."""
    rows = (
        cameras.exclude(after_hours_purpose="")
        .values("after_hours_purpose", "operating_hours")
        .annotate(cameras=Count("pk"))
        .order_by("after_hours_purpose", "operating_hours")
    )
    return [
        {"value": row["after_hours_purpose"], "hours": row["operating_hours"], "cameras": row["cameras"]}
        for row in rows
    ]


def _places(cameras: "QuerySet[Camera]") -> list[dict[str, Any]]:
    """Place, purpose and range of each group of cameras; where a facility that needs no sign stands is not told."""
    rows = (
        cameras.filter(is_sign_exempt=False)
        .values(
            "site__number",
            "site__road_address",
            "site__lot_address",
            "install_purpose",
            "filming_direction",
            "filming_range",
        )
        .annotate(cameras=Count("pk"))
        .order_by(
            "site__road_address", "site__number", "install_purpose", "filming_direction", "filming_range"
        )
    )
    return [
        {
            "site": row["site__number"],
            "address": row["site__road_address"] or row["site__lot_address"],
            "purpose": InstallPurpose(row["install_purpose"]).label,
            "range": range_in_words(row["filming_direction"], row["filming_range"]),
            "cameras": row["cameras"],
        }
        for row in rows
    ]


def _responsible(day: dt.date) -> dict[str, str]:
    designation = (
        ResponsibleDesignation.objects.filter(from_on__lte=day)
        .exclude(until_on__lt=day)
        .select_related("department")
        .first()
    )
    if designation is None:
        return {}
    return {
        "department": designation.department.name,
        "phone": designation.department.phone,
        "post": designation.manager_post,
    }


def _contractors(cameras: "QuerySet[Camera]", day: dt.date) -> list[dict[str, Any]]:
    """Name, telephone and entrusted work of everyone who is entrusted, with or without cameras."""
    on_day = Entrustment(day)
    return [
        {
            "name": one.name,
            "phone": one.phone,
            "work": list(one.works),
            "cameras": cameras.filter(on_day.covered(contractor=one.contractor)).count(),
        }
        for one in on_day.contractors
    ]


def changes(previous: dict[str, Any] | None, new: dict[str, Any]) -> list[str]:
    """What the new version says differently, in words that a citizen reads beside it."""
    if not previous:
        return ["처음 공고하는 방침입니다."]
    found = _count_changes(previous, new)
    old_places = {(p["site"], p["purpose"]): p for p in previous["places"]}
    new_places = {(p["site"], p["purpose"]): p for p in new["places"]}
    if added := len(new_places.keys() - old_places.keys()):
        found.append(f"설치장소 {added:,}곳이 추가되었습니다.")
    if dropped := len(old_places.keys() - new_places.keys()):
        found.append(f"설치장소 {dropped:,}곳이 제외되었습니다.")
    old_texts = {s["code"]: s["text"] for s in previous["sections"]}
    found += [
        f"‘{section['title']}’의 문구가 바뀌었습니다."
        for section in new["sections"]
        if old_texts.get(section["code"], "") != section["text"]
    ]
    if previous["responsible"] != new["responsible"]:
        found.append("관리책임 부서 또는 연락처가 바뀌었습니다.")
    if previous["by_retention"] != new["by_retention"]:
        found.append("보관기간별 카메라 수가 바뀌었습니다.")
    if _told_of(previous["contractors"]) != _told_of(new["contractors"]):
        found.append("수탁자가 바뀌었습니다.")
    return found or ["내용은 이전 판과 같습니다."]


def has_other_figures(frozen: dict[str, Any], on: dt.date) -> bool:
    """Whether published contents name other figures than the register of that day.

    Only what a few sums tell: number of cameras, periods, purposes after hours, responsible department, contractors.
    """
    cameras = _filming_cameras()
    today: dict[str, Any] = {
        "by_retention": _counts(_storing(cameras), "retention_days"),
        "not_stored": _not_storing(cameras),
        "after_hours": _after_hours(cameras),
        "responsible": _responsible(on),
        "contractors": _contractors(cameras, on),
    }
    # The sum over the periods, with those that store nothing, is the number of cameras.
    told = _UNTOLD | frozen
    return any(told.get(name) != value for name, value in today.items())


def _told_of(contractors: list[dict[str, Any]]) -> list[tuple[str, str, tuple[str, ...]]]:
    """What a reader knows of each contractor. How many cameras it looks after is no news; versions frozen before
    the work was published have none."""
    return [(row["name"], row["phone"], tuple(row.get("work", ()))) for row in contractors]


def _count_changes(previous: dict[str, Any], new: dict[str, Any]) -> list[str]:
    old_counts = {row["purpose"]: row["cameras"] for row in previous["by_purpose"]}
    new_counts = {row["purpose"]: row["cameras"] for row in new["by_purpose"]}
    found = []
    if previous["total_cameras"] != new["total_cameras"]:
        found.append(
            f"카메라가 {previous['total_cameras']:,}대에서 {new['total_cameras']:,}대로 바뀌었습니다."
        )
    for purpose in sorted(old_counts.keys() | new_counts.keys()):
        before, after = old_counts.get(purpose, 0), new_counts.get(purpose, 0)
        if before != after:
            found.append(f"{purpose}: {before:,}대 → {after:,}대")
    return found


def missing(frozen: dict[str, Any]) -> list[str]:
    """What keeps a draft from being published; empty when it may be."""
    problems = [
        f"‘{section['title']}’의 본문이 비어 있습니다."
        for section in frozen["sections"]
        if not section["text"].strip()
    ]
    if not frozen["responsible"]:
        problems.append("오늘 지정된 전담부서가 없습니다 (조례 제4조).")
    elif not frozen["responsible"]["post"]:
        problems.append(
            "관리책임자의 직위가 적혀 있지 않습니다 (시행령 제25조제1항제3호). ‘전담부서 지정’에서 적으십시오."
        )
    return problems


@transaction.atomic
def publish(policy: OperationPolicy, *, by: Officer, effective_on: dt.date) -> OperationPolicy:
    """Freeze the draft as the next version and record it in the ledger. It cannot be taken back."""
    locked = OperationPolicy.objects.select_for_update().get(pk=policy.pk)
    if locked.is_published:
        raise ValidationError("이미 공고된 방침입니다.")
    if effective_on < timezone.localdate():
        raise ValidationError("시행일은 오늘보다 앞설 수 없습니다.")
    frozen = contents(locked)
    if problems := missing(frozen):
        raise ValidationError(problems)
    last = published().first()
    locked.contents = frozen
    locked.changes = changes(last.contents if last else None, frozen)
    locked.digest = _digest(frozen)
    locked.version = (last.version or 0) + 1 if last else 1
    locked.effective_on = effective_on
    locked.published_at = timezone.now()
    locked.published_by = by
    locked.save()
    append.record(
        KIND_PUBLISHED,
        actor=f"officer:{by.pk}",
        subject=f"operation_policy:{locked.version}",
        payload={"sha256": locked.digest, "effective_on": effective_on.isoformat()},
    )
    findings.follow_policy()
    return locked


def _digest(frozen: dict[str, Any]) -> str:
    canonical = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
