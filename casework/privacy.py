"""개인정보 처리방침 (PIPA art. 30, Decree art. 31): generated from the catalogue of personal data, in versions.

What this system keeps of people, the catalogue knows; what only the office knows (who answers for it, who handles data
on its behalf) is asked when a version is published. A published version is frozen; when the catalogue changes, a due
item says that the policy no longer tells what is done.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, persons
from casework.models import PrivacyPolicy
from casework.refusals import Refusal, refuse_if
from ordinance.due import DueItem, Severity

KIND_PUBLISHED = "casework.privacy_published"
ARTICLE = "개인정보 보호법 제30조"
TEXTS_FILE = Path(__file__).parent / "data" / "privacy_policy.json"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What no table knows."""

    # 개인정보 보호책임자: post, department and telephone (art. 30(1)6).
    responsible: str
    # 처리 위탁: to whom what, or that there is none (art. 30(1)4).
    entrusted: str


def contents(facts: OfficeFacts | None = None) -> dict[str, Any]:
    """What a version would say today."""
    known = facts or last_facts()
    return {
        "entries": [_entry(entry) for entry in persons.entries()],
        "sections": json.loads(TEXTS_FILE.read_text(encoding="utf-8"))["sections"],
        "responsible": known.responsible,
        "entrusted": known.entrusted,
    }


def _entry(entry: persons.PersonalData) -> dict[str, Any]:
    return {
        "code": entry.code,
        "title": entry.title,
        "purpose": entry.purpose,
        "items": entry.items,
        "ground": entry.ground,
        "kept": f"{entry.kept_from} {entry.kept_days:,}일",
        "recipients": entry.recipients,
    }


def published() -> "QuerySet[PrivacyPolicy]":
    return PrivacyPolicy.objects.order_by("-version")


def current() -> PrivacyPolicy | None:
    """The version in force today; one for a later day waits for its day."""
    return published().filter(effective_on__lte=timezone.localdate()).first()


def last_facts() -> OfficeFacts:
    """What the office said last time, to begin with."""
    last = published().first()
    return (
        OfficeFacts(last.contents["responsible"], last.contents["entrusted"]) if last else OfficeFacts("", "")
    )


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    """What differs, a sentence each."""
    if before is None:
        return []
    old = {row["code"]: row for row in before["entries"]}
    new = {row["code"]: row for row in after["entries"]}
    found = [f"추가: {new[code]['title']}" for code in new if code not in old]
    found += [f"삭제: {old[code]['title']}" for code in old if code not in new]
    found += [f"변경: {new[code]['title']}" for code in new if code in old and old[code] != new[code]]
    for name, label in (
        ("responsible", "개인정보 보호책임자"),
        ("entrusted", "처리 위탁"),
        ("sections", "본문"),
    ):
        if before[name] != after[name]:
            found.append(f"변경: {label}")
    return found


def publish(facts: OfficeFacts, *, effective_on: dt.date, by: Officer) -> PrivacyPolicy:
    """A new version, for today or a later day."""
    frozen, last = contents(facts), published().first()
    refuse_if(_check(facts, frozen, last, effective_on))
    version = (published().aggregate(last=Max("version"))["last"] or 0) + 1
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True)
    made = PrivacyPolicy(
        version=version,
        contents=frozen,
        changes=changes(last.contents if last else None, frozen),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        effective_on=effective_on,
        published_at=timezone.now(),
        published_by=by,
    )
    with acts.begin(KIND_PUBLISHED, made, subject=f"privacy-policy:{version}", by=by) as act:
        made.save()
        act.payload |= {
            "version": version,
            "effective_on": effective_on.isoformat(),
            "sha256": made.digest,
        }
    return made


def _check(
    facts: OfficeFacts, frozen: dict[str, Any], last: PrivacyPolicy | None, effective_on: dt.date
) -> Iterator[Refusal]:
    if not facts.responsible.strip():
        yield Refusal("responsible", "개인정보 보호책임자를 적으십시오.", ARTICLE, field="responsible")
    if not facts.entrusted.strip():
        remedy = "위탁하지 않으면 그렇다고 적으십시오."
        yield Refusal("entrusted", "처리 위탁을 적으십시오.", ARTICLE, remedy, field="entrusted")
    if effective_on < timezone.localdate():
        yield Refusal("past", "시행일이 오늘보다 앞섭니다.", ARTICLE, field="effective_on")
    if last is not None and last.contents == frozen:
        yield Refusal("same", f"{last}과 달라진 것이 없습니다.", ARTICLE)


def due_items(now: dt.datetime, officer: Any = None) -> Iterator[DueItem]:
    """No policy, or one that no longer tells what this system keeps."""
    last = published().first()
    if last is None:
        title = "개인정보 처리방침을 공개하십시오"
    elif found := changes(last.contents, contents()):
        title = f"개인정보 처리방침이 지금과 다릅니다: {', '.join(found)}"
    else:
        return
    yield DueItem(
        code="casework.privacy_policy",
        title=title,
        severity=Severity.DUE,
        url_name="privacy:overview",
        article=ARTICLE,
        kind="개인정보",
    )
