"""Requests to see footage, and all that was done about each."""

from django.db.models import Q, QuerySet

from records.models import (
    RequestedCamera,
    SearchResult,
    ViewingAppointment,
    ViewingDecision,
    ViewingMove,
    ViewingNotice,
    ViewingRemedy,
    ViewingRequest,
)
from reports.inspection.tables import By, Link, Span, Table


def requests(span: Span) -> "QuerySet[ViewingRequest]":
    """Received in the span, or moved in it."""
    moved = ViewingMove.objects.filter(at__gte=span.start, at__lt=span.end).values("request")
    received = Q(received_at__gte=span.start, received_at__lt=span.end)
    return ViewingRequest.objects.filter(received | Q(pk__in=moved)).order_by("received_at", "pk")


TABLES = (
    Table(
        "requests/requests",
        "열람등 청구",
        "제22조",
        requests,
        (
            "receipt_number",
            "channel",
            "received_at",
            "state",
            "asks_existence",
            "asks_viewing",
            "asks_correction",
            "confirmed_at",
            "identified_at",
            "identified_by",
            "identity_document",
            "holds_released_at",
            "person_erased_at",
        ),
        "이 기간에 접수하거나 처리한 것",
        Link("records.viewing_received", "접수번호", By.SUBJECT, "viewing:{}"),
    ),
    Table(
        "requests/moves",
        "열람등 청구의 처리",
        "제22조",
        lambda span: ViewingMove.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "event",
            "from_state",
            "to_state",
            "on",
            "at",
            "by",
            "document_number",
        ),
        "위 청구의 모든 처리",
    ),
    Table(
        "requests/cameras",
        "청구한 카메라와 구간",
        "제22조",
        lambda span: RequestedCamera.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            ("hold__pk", "유예 번호"),
            "already_gone",
            "dropped_at",
        ),
        "위 청구의 모든 구간",
    ),
    Table(
        "requests/search_results",
        "영상 확인 결과",
        "제22조제2항",
        lambda span: SearchResult.objects.filter(line__request__in=requests(span)).order_by("pk"),
        (
            ("line__request__receipt_number", "접수번호"),
            ("line__camera__number", "카메라 번호"),
            "outcome",
            "destroyed_files",
            "found_at",
            "found_by",
        ),
        "위 청구의 결과",
    ),
    Table(
        "requests/decisions",
        "열람등 결정",
        "제22조",
        lambda span: ViewingDecision.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "kind",
            "outcome",
            ("ground__citation", "조례의 사유"),
            ("national_ground__citation", "법의 사유"),
            "decided_at",
            "prepared_by",
            "decided_by",
            ("notice__on", "통지한 날"),
            ("notice__way", "통지 방법"),
            ("notice__document_number", "통지의 문서번호"),
        ),
        "위 청구의 모든 결정",
    ),
    Table(
        "requests/notices",
        "열람등 결정 통지",
        "제22조",
        lambda span: ViewingNotice.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "on",
            "arrived_on",
            "way",
            "document_number",
            ("by", "통지한 사람"),
        ),
        "위 청구의 모든 통지",
    ),
    Table(
        "requests/appointments",
        "열람 일정",
        "제22조",
        lambda span: ViewingAppointment.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "at",
            "place",
            "result",
            "shown_at",
            "ended_at",
            "ended_by",
        ),
        "위 청구의 모든 일정",
    ),
    Table(
        "requests/remedies",
        "불복 절차",
        "제22조",
        lambda span: ViewingRemedy.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "kind",
            "against",
            "filed_on",
            "extended_on",
            "ended_on",
            "outcome",
        ),
        "위 청구의 모든 불복",
    ),
)
