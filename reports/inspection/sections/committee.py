"""The committee, its meetings and resolutions."""

from committee.meetings import RECORDED as MEETING_RECORDED
from committee.minutes import LOCKED as MINUTES_LOCKED
from committee.models import AgendaItem, Meeting, Minutes, Resolution, ResolutionCondition, Term
from committee.resolutions import LINE_KIND as RESOLUTION_RECORDED
from reports.inspection.sections.extent import IN_SPAN
from reports.inspection.tables import By, Link, Table

TABLES = (
    Table(
        "committee/terms",
        "위원 임기",
        "제26조, 제27조",
        lambda span: Term.objects.filter(from_on__lte=span.until_on).order_by("number"),
        (
            ("number", "임기 번호"),
            ("member__number", "위원 번호"),
            ("member__gender", "성별"),
            "ground",
            "office",
            "from_on",
            "until_on",
            "document_number",
            "recruitment",
            "ended_on",
            "end_ground",
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "committee/meetings",
        "위원회 회의",
        "제28조, 제29조",
        lambda span: Meeting.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (("number", "회의번호"), "kind", "on", "place", "enrolled", "present"),
        IN_SPAN,
        Link(MEETING_RECORDED, "회의번호", By.SUBJECT, "meeting:{}"),
    ),
    Table(
        "committee/resolutions",
        "위원회 의결",
        "제28조",
        lambda span: Resolution.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (
            ("number", "의결번호"),
            ("meeting__number", "회의번호"),
            "on",
            "function_no",
            "title",
            "text",
            "conditions",
            "enrolled",
            "present",
            "votes_for",
            "votes_against",
            "abstained",
            "outcome",
            ("corrects__number", "정정하는 의결"),
        ),
        IN_SPAN,
        Link(RESOLUTION_RECORDED, "의결번호", By.SUBJECT, "resolution:{}"),
    ),
    Table(
        "committee/agenda",
        "위원회 안건",
        "제28조",
        lambda span: AgendaItem.objects.filter(meeting__on__range=(span.from_on, span.until_on)).order_by(
            "meeting__on", "meeting__pk", "position"
        ),
        (
            ("meeting__number", "회의번호"),
            "position",
            "kind",
            "function_no",
            "title",
            "report_period",
            "dropped_reason",
        ),
        IN_SPAN,
    ),
    Table(
        "committee/conditions",
        "의결의 조건",
        "제28조",
        lambda span: ResolutionCondition.objects.filter(
            resolution__on__range=(span.from_on, span.until_on)
        ).order_by("resolution__on", "resolution__pk", "position"),
        (("resolution__number", "의결번호"), "position", "text", "due_on", "fulfilled_on", "proof"),
        IN_SPAN,
    ),
    Table(
        "committee/minutes",
        "회의록 (확정한 것)",
        "제29조",
        lambda span: (
            Minutes.objects.filter(meeting__on__range=(span.from_on, span.until_on), locked_at__isnull=False)
            .defer("contents")
            .order_by("meeting__on", "pk")
        ),
        (
            ("meeting__number", "회의번호"),
            ("sha256", "내용의 SHA-256"),
            "locked_at",
            "published_at",
            "withheld_on",
            "withheld_reason",
            "audio_sha256",
            "audio_place",
        ),
        "이 기간에 연 회의. 발언은 성명이 들어 있어 담지 않고, 공개한 회의록은 누리집에 있습니다",
        Link(MINUTES_LOCKED, "회의번호", By.PAYLOAD, "meeting", {"내용의 SHA-256": "content_digest"}),
    ),
)
