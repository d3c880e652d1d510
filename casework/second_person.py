"""Two persons for what one alone should not do: one asks, another one says so too.

Storages and folders whose footage is destroyed (`footage`), rights that are given (`casework.role_changes`): each keeps
beside its row who asked and who confirmed. What makes the second one a second person is asked here.
"""

from accounts.models import Officer


def problem(first_id: int | None, by: Officer, did: str) -> str:
    """Why `by` cannot be the second person after `first_id`, in words; empty when they are two. `did`: "등록한"."""
    return f"{did} 사람이 아닌 다른 사람이 확인해야 합니다." if first_id == by.pk else ""
