"""비상연락망과 훈련 (ordinance art. 16: 365 days, 24 hours, with an emergency response system).

The ordinance asks for the system and gives no number: how often it is tried is the office's own. A drill says of each post
after how many minutes it was reached, or that it was not.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from accounts.models import Officer
from casework import acts, refusals
from casework.refusals import Refusal
from records.models import EmergencyContact, EmergencyDrill
from records.people import kinds

ARTICLE = "조례 제16조"
LONGEST_MINUTES = 24 * 60


def tree() -> list[tuple[int, EmergencyContact]]:
    """The posts in use with their depth, each below who calls it; below nobody where that one is out of use."""
    rows = list(
        EmergencyContact.objects.filter(is_in_use=True)
        .select_related("staff")
        .defer("staff__name", "staff__address")
    )
    there = {row.pk for row in rows}
    below: dict[int | None, list[EmergencyContact]] = {}
    for row in rows:
        below.setdefault(row.called_by_id if row.called_by_id in there else None, []).append(row)
    return list(_below(below, None, 0))


def _below(
    below: Mapping[int | None, list[EmergencyContact]], above: int | None, depth: int
) -> Iterator[tuple[int, EmergencyContact]]:
    for row in below.get(above, ()):
        yield depth, row
        yield from _below(below, row.pk, depth + 1)


def keep(contact: EmergencyContact, values: Mapping[str, Any], *, by: Officer) -> EmergencyContact:
    with acts.begin(kinds.CONTACT_KEPT, contact, by=by) as act:
        # One edit of the tree at a time: two at once could close a circle that neither sees.
        list(EmergencyContact.objects.select_for_update().order_by("pk")[:1])
        act.refuse(_against_circle(act.row, values.get("called_by")))
        act.write(**values)
        act.payload |= {"contact": act.row.pk, "in_use": act.row.is_in_use}
    return act.row


def _against_circle(contact: EmergencyContact, above: EmergencyContact | None) -> Iterator[Refusal]:
    callers = dict(EmergencyContact.objects.values_list("pk", "called_by_id"))
    key, seen = above.pk if above else None, set[int]()
    while key is not None and key not in seen:
        if key == contact.pk:
            yield Refusal(
                "circle",
                "연락이 돌아서 자기에게 옵니다. 먼저 연락하는 직무를 다시 고르십시오.",
                ARTICLE,
                field="called_by",
            )
            return
        seen.add(key)
        key = callers.get(key)


def drill(
    *, held_at: dt.datetime, scenario: str, minutes: Mapping[int, int | None], result: str, by: Officer
) -> EmergencyDrill:
    """`minutes`: of each post of the tree after how many minutes it was reached; None where it was not."""
    row = EmergencyDrill(entered_by=by)
    with acts.begin(kinds.DRILLED, row, by=by) as act:
        posts = [contact for _, contact in tree()]
        act.refuse(_against_drill(held_at, act.at, posts, minutes))
        act.refuse(
            refusals.unwritten(scenario, "scenario", "어떤 상황으로 훈련하였는지 적으십시오.", ARTICLE)
        )
        act.write(
            held_at=held_at,
            scenario=scenario,
            result=result,
            calls=[
                {"contact": post.pk, "post": post.post, "minutes": minutes.get(post.pk)} for post in posts
            ],
            entered_at=act.at,
            unchecked=["entered_by"],
        )
        act.payload |= {"drill": row.pk, "called": len(row.calls), "reached": len(row.reached)}
    return row


def _against_drill(
    held_at: dt.datetime, now: dt.datetime, posts: list[EmergencyContact], minutes: Mapping[int, int | None]
) -> Iterator[Refusal]:
    if not posts:
        yield Refusal(
            "empty", "비상연락망이 비어 있습니다.", ARTICLE, "먼저 직무와 근무 전화를 등록하십시오."
        )
    if held_at > now:
        yield Refusal("future", "아직 오지 않은 때의 훈련입니다.", ARTICLE, field="held_at")
    for post in posts:
        after = minutes.get(post.pk)
        if after is None:
            continue
        if not 0 <= after <= LONGEST_MINUTES:
            yield Refusal("long", f"{post.post}: 0분부터 24시간(1,440분)까지 적습니다.", ARTICLE)
        elif held_at <= now < held_at + dt.timedelta(minutes=after):
            yield Refusal("ahead", f"{post.post}: 연락이 닿은 때가 아직 오지 않은 시각입니다.", ARTICLE)
