"""Who the references are: only where somebody asked with a purpose, which the ledger keeps."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from accounts.models import Officer
from records.official_ledgers.personal_video import ERASED
from reports.inspection.sections.requests import requests
from reports.inspection.tables import CHUNK, Span, plain, write_rows

OFFICERS = ("names/officers.csv", "담당자의 성명")
REQUESTERS = ("names/requesters.csv", "청구인의 성명과 연락처")


def write_officers(target: BinaryIO) -> int:
    return write_rows(target, ("담당자", "성명", "아이디", "부서", "직위", "역할", "사용 중"), _officers())


def _officers() -> Iterator[tuple[Any, ...]]:
    for officer in Officer.objects.select_related("department").prefetch_related("groups").order_by("pk"):
        yield (
            f"officer:{officer.pk}",
            plain(officer.get_full_name()),
            plain(officer.username),
            officer.department.name if officer.department else "",
            plain(officer.position),
            ", ".join(group.name for group in officer.groups.all()),
            plain(officer.is_active),
        )


def write_requesters(span: Span, target: BinaryIO) -> int:
    return write_rows(target, ("접수번호", "청구인", "연락처", "영상의 주체"), _requesters(span))


def _requesters(span: Span) -> Iterator[tuple[Any, ...]]:
    for request in requests(span).iterator(chunk_size=CHUNK):
        is_erased = request.person_erased_at is not None
        name, phone = (ERASED, "") if is_erased else (request.requester_name, request.requester_phone)
        yield request.receipt_number, plain(name), plain(phone), plain(request.subject_name)
