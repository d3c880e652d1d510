"""개인정보의 목적 외 이용 및 제3자 제공 대장 (Decree art. 15, Method Notice form 1): each use or provision outside the purpose.

The same hand-overs as in the other ledger, those outside the purpose alone, in the columns of this one.
"""

import datetime as dt

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ordinance.periods import SEOUL
from records.models import HandOver, ProvisionCamera, ProvisionRestriction
from records.official_ledgers.personal_video import ERASED, LineKind, Where, named, span_of
from records.provision_enums import PurposeRelation, ReleaseKind

FILE = "개인영상정보 (고정형 영상정보처리기기)"
NO_RESTRICTION = "요청한 내용 없음"

HEADINGS = (
    "번호",
    "구분",
    "개인정보 또는 개인정보파일 명칭",
    "이용하거나 제공받는 기관",
    "담당자 소속·성명·연락처",
    "이용 또는 제공 목적",
    "법적 근거",
    "개인정보의 항목",
    "날짜",
    "기간",
    "형태",
    "제한을 하거나 필요한 조치를 요청한 내용",
)


def hand_overs(from_on: dt.date, until_on: dt.date, where: Where | None = None) -> list[HandOver]:
    """Of the days from the first to the last, both included, in Seoul's days."""
    first, end = span_of(from_on, until_on)
    rows = HandOver.objects.filter(
        at__gte=first, at__lt=end, provision__relation=PurposeRelation.OUTSIDE
    ).select_related(
        "provision__unit__agency",
        "provision__department",
        "provision__ground",
        "provision__national_ground",
        "handed_by__department",
    )
    wanted = where or Where()
    if wanted.camera:
        rows = rows.filter(
            Exists(
                ProvisionCamera.objects.filter(
                    provision=OuterRef("provision"), camera__number=wanted.camera, dropped_at__isnull=True
                )
            )
        )
    if wanted.agency:
        rows = rows.filter(provision__unit__agency__name=wanted.agency)
    rows = rows.prefetch_related("provision__restrictions")
    return [row for row in rows.order_by("at", "pk") if not wanted.kind or kind_of(row) == wanted.kind]


def restriction_of(row: HandOver) -> ProvisionRestriction | None:
    """What had been asked of the recipient when this was given."""
    asked = row.provision.restrictions.all()
    return next((one for one in asked if one.superseded_at is None or one.superseded_at > row.at), None)


def kind_of(row: HandOver) -> LineKind:
    return LineKind.USE if row.provision.kind == ReleaseKind.USE else LineKind.PROVISION


def without_persons(number: int, row: HandOver) -> tuple[object, ...]:
    """The same columns for those who have not said why they look at persons."""
    row.receiver_rank = row.receiver_name = ""
    found = list(cells(number, row))
    found[4] = row.provision.unit.phone if row.provision.unit else ""
    return tuple(found)


def cells(number: int, row: HandOver) -> tuple[object, ...]:
    case = row.provision
    restriction = restriction_of(row)
    unit_phone = case.unit.phone if case.unit else ""
    persons = " ".join(filter(None, (row.receiver_rank, row.receiver_name))) or ERASED
    return (
        number,
        "목적 외 이용" if kind_of(row) == LineKind.USE else "제3자 제공",
        FILE,
        case.recipient,
        f"{persons} {unit_phone}".strip(),
        case.purpose,
        case.basis,
        case.items,
        timezone.localtime(row.at, SEOUL).date(),
        f"~ {row.use_until_on}",
        f"{case.get_form_display()} ({row.get_medium_display()}), 담당 {named(row.handed_by)}",
        f"{restriction.text} ({restriction.document_number})" if restriction else NO_RESTRICTION,
    )
