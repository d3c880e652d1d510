"""Entries for tests: made by the real writer, since nothing else may write."""

from dataclasses import replace
from datetime import timedelta

import factory
from django.utils import timezone

from ledger.append import Draft, record_many


class DraftFactory(factory.Factory):
    class Meta:
        model = Draft

    class Params:
        hold = factory.Trait(
            kind="footage.hold_placed",
            actor="officer:7",
            payload=factory.LazyAttributeSequence(
                lambda _, n: {"hold": n, "article": "24-1", "이유": "열람 청구"}
            ),
        )

    kind = "footage.swept"
    actor = "system:sweep"
    subject = factory.Sequence(lambda n: f"camera:11500-{n % 40}")
    payload = factory.Sequence(lambda n: {"files": n, "digest": f"{n:064x}", "storages": ["NAS-1"]})
    at = factory.Sequence(lambda n: timezone.now() + timedelta(microseconds=n % 997))


def make_entries(count: int, **kwargs) -> range:
    """Append that many entries; the caller is inside a transaction."""
    drafts = [DraftFactory.build(**kwargs) for _ in range(min(count, 50))]
    return record_many(
        replace(drafts[n % 50], at=drafts[n % 50].at + timedelta(milliseconds=n // 50)) for n in range(count)
    )
