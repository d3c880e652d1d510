"""자치구의 결정: a figure that neither ordinance nor law fixes, switched by a document of the mayor or a local rule.

Without such a document the demand does not exist: an article that lists what a committee deliberates on does not ask for
a resolution on every installation. The document stands on the value itself, from the day on which it applies.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Officer
from ledger import append
from ordinance import assessment
from ordinance.models import Mark, Parameter
from ordinance.parameters import active_profile

LINE_KIND = "ordinance.decided"
# What may be decided: the code of the parameter, and the article that leaves it to the district.
RESOLUTION_ON_INSTALLATION = "install_resolution_required"
ARTICLES = {RESOLUTION_ON_INSTALLATION: 28}


@dataclass(frozen=True)
class Document:
    number: str
    on: datetime.date
    title: str


def decide(
    code: str, value: bool, *, effective_on: datetime.date, document: Document, by: Officer
) -> Parameter:
    """Switch a demand on or off from that day. A decision for the same day is corrected, with its history."""
    if code not in ARTICLES:
        raise TypeError(f"{code!r} is fixed by ordinance or law, not by a decision")
    if document.on > effective_on:
        raise ValidationError({"effective_on": "결정한 날보다 앞서 적용할 수 없습니다."})
    profile = active_profile()
    with transaction.atomic():
        row = Parameter.objects.filter(profile=profile, code=code, effective_on=effective_on).first()
        row = row or Parameter(profile=profile, code=code, effective_on=effective_on)
        row.value = value
        row.citation = f"{document.title.strip()} ({document.number.strip()})"[:200]
        row.article_number = ARTICLES[code]
        row.mark = Mark.SETTING
        row.note = ""
        row.document_number = document.number.strip()
        row.document_on = document.on
        row.document_title = document.title.strip()
        row.full_clean()
        row._change_reason = "자치구의 결정"  # type: ignore[attr-defined]
        row._history_user = by  # type: ignore[attr-defined]
        row.save()
        assessment.request()
        append.record(
            LINE_KIND,
            actor=f"officer:{by.pk}",
            subject=f"parameter:{code}",
            payload={
                "profile": profile,
                "value": value,
                "effective_on": effective_on.isoformat(),
                "document": row.document_number,
                "document_on": document.on.isoformat(),
            },
        )
    return row
