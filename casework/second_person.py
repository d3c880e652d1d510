"""Two persons for what one alone should not do: one asks, another one says so too.

Storages and folders whose footage is destroyed (`footage`), rights that are given (`casework.role_changes`), footage
that a citizen needs no more (`records.viewing.release`): each has on record who did the first part. What makes the second
one a second person is asked here: not the same account, and not two accounts that one person may hold. Whoever makes an
address to set a password can open it, too.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Officer
from ledger.models import Entry

# Written by `portal.own_passwords`: whoever made such an address may have opened it in the other's place.
PASSWORD_LINK_MADE = "officer.password_link_made"  # noqa: S105 - the word of a ledger entry
# The person is told of the address at once; who reads that within a day stops it.
LINKS_COUNT_FOR = timedelta(days=1)


def problem(
    first_id: int | None, by: Officer, did: str, *, does: str = "확인", since: datetime | None = None
) -> str:
    """Why `by` cannot be the second person after `first_id`, in words; empty when they are two. `did`: "등록한".

    `does`: what the second one does. `since`: from when on addresses to set a password count (default: a day).
    """
    if first_id == by.pk:
        return f"{did} 사람이 아닌 다른 사람이 {does}해야 합니다."
    if first_id is not None and _may_be_one(first_id, by.pk, since or timezone.now() - LINKS_COUNT_FOR):
        return (
            f"{did} 사람과 {does}하는 사람의 비밀번호 설정 주소를 최근에 둘 가운데 한 사람이나 같은 사람이 만들었습니다. "
            f"다른 사람이 {does}해야 합니다."
        )
    return ""


def _may_be_one(first_id: int, second_id: int, since: datetime) -> bool:
    """One made the other's address, or somebody made both."""
    first, second = f"officer:{first_id}", f"officer:{second_id}"
    makers: defaultdict[str, set[str]] = defaultdict(set)
    made = Entry.objects.filter(kind=PASSWORD_LINK_MADE, subject__in=[first, second], at__gte=since)
    for subject, actor in made.values_list("subject", "actor"):
        makers[subject].add(actor)
    return first in makers[second] or second in makers[first] or bool(makers[first] & makers[second])
