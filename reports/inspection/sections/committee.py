"""The committee, its meetings and resolutions."""

from committee.meetings import RECORDED as MEETING_RECORDED
from committee.models import Meeting, Resolution, Term
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
)
