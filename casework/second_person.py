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
# Written by `portal.views.account`: that person logged in and chose a password that no address had set.
PASSWORD_CHANGED = "officer.password_changed"  # noqa: S105 - the word of a ledger entry
# The person is told of the address at once; who reads that within a day stops it.
LINKS_COUNT_FOR = timedelta(days=1)


def problem(
    first_id: int | None, by: Officer, did: str, *, does: str = "확인", since: datetime | None = None
) -> str:
    """Why `by` cannot be the second person after `first_id`, in words; empty when they are two. `did`: "등록한".

    `does`: what the second one does. `since`: from when on addresses to set a password count (default: a day), and
    without end as long as the person has not changed the password since: an account that only its maker ever opened is
    no second person.
    """
    if first_id == by.pk:
        return f"{did} 사람이 아닌 다른 사람이 {does}해야 합니다."
    if first_id is not None and _may_be_one(first_id, by.pk, since or timezone.now() - LINKS_COUNT_FOR):
        return (
            f"{did} 사람과 {does}하는 사람의 비밀번호 설정 주소를 둘 가운데 한 사람이나 같은 사람이 만들었고, 만든 지 하루가 지나지 않았거나 "
            f"그 뒤에 본인이 비밀번호를 바꾸지 않았습니다. 다른 사람이 {does}해야 합니다. 주소로 정한 비밀번호는 본인이 ‘내 계정’에서 바꿉니다."
        )
    return ""


def has_made_address(maker: Officer, officer: Officer) -> bool:
    """Within a day: the maker may have set this officer's password."""
    made = Entry.objects.of_kind(PASSWORD_LINK_MADE).about(f"officer:{officer.pk}")
    since = timezone.now() - LINKS_COUNT_FOR
    return made.filter(actor=f"officer:{maker.pk}", at__gte=since).exists()


def _may_be_one(first_id: int, second_id: int, since: datetime) -> bool:
    """One made the other's address, or an officer made both. Whoever runs the operator's command needs nobody else."""
    first, second = f"officer:{first_id}", f"officer:{second_id}"
    makers: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    lines = Entry.objects.of_kind(PASSWORD_LINK_MADE, PASSWORD_CHANGED).filter(subject__in=[first, second])
    for kind, subject, actor, at in lines.order_by("sequence").values_list("kind", "subject", "actor", "at"):
        if kind == PASSWORD_LINK_MADE:
            if actor.startswith("officer:"):
                makers[subject][actor] = at
        else:
            makers[subject] = {
                maker: made_at for maker, made_at in makers[subject].items() if made_at >= since
            }
    return (
        first in makers[second]
        or second in makers[first]
        or not makers[first].keys().isdisjoint(makers[second])
    )
