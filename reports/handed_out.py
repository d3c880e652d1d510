"""내려받은 문서: the digest of each finished paper that leaves the portal, so that whoever holds the file can have it checked.

A paper that is made anew of its frozen contents has the same bytes until the typesetter itself changes. So what is on
record is the file that was handed out: once, however often the same one leaves. Drafts are not; they say so themselves.
"""

import hashlib
from enum import Enum

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import Officer
from ledger import append
from ledger.models import Entry

HANDED_OUT = "reports.paper_handed_out"


class Paper(Enum):
    """What a paper is called, to whom it is checked in either language."""

    YEARLY = "yearly"
    SELF_INSPECTION = "self_inspection"
    INTERNAL_PLAN = "internal_plan"
    INTERNAL_PLAN_CHECK = "internal_plan_check"
    MINUTES = "minutes"
    RESOLUTION = "resolution"
    ALLOWANCES = "allowances"
    PACKET = "packet"
    ACCESS_REVIEW = "access_review"
    PERMISSION_REVIEW = "permission_review"
    TRAINING_CERTIFICATE = "training_certificate"
    CONSULTATION_RESULT = "consultation_result"


TITLES: dict[Paper, Promise] = {
    Paper.YEARLY: gettext_lazy("연간 문서"),
    Paper.SELF_INSPECTION: gettext_lazy("자체점검표"),
    Paper.INTERNAL_PLAN: gettext_lazy("개인정보 내부 관리계획"),
    Paper.INTERNAL_PLAN_CHECK: gettext_lazy("내부 관리계획 이행 점검 결과"),
    Paper.MINUTES: gettext_lazy("운영위원회 회의록"),
    Paper.RESOLUTION: gettext_lazy("운영위원회 의결서"),
    Paper.ALLOWANCES: gettext_lazy("운영위원회 수당 지급 조서"),
    Paper.PACKET: gettext_lazy("운영위원회 회의 자료"),
    Paper.ACCESS_REVIEW: gettext_lazy("접속기록 점검 결과"),
    Paper.PERMISSION_REVIEW: gettext_lazy("접근권한 점검 결과"),
    Paper.TRAINING_CERTIFICATE: gettext_lazy("교육 이수증"),
    Paper.CONSULTATION_RESULT: gettext_lazy("의견수렴 결과"),
}


def note(content: bytes, paper: Paper, number: str, *, about: str, by: Officer) -> None:
    """`number`: which one of its kind, without anybody's name; `about`: the row in the ledger's words."""
    digest = hashlib.sha256(content).hexdigest()
    known = Entry.objects.of_kind(HANDED_OUT).about(about).filter(payload__contains=f'"{digest}"')
    if known.exists():
        return
    with transaction.atomic():
        append.record(
            HANDED_OUT,
            actor=f"officer:{by.pk}",
            subject=about,
            payload={"paper": paper.value, "number": number, "sha256": digest},
        )
