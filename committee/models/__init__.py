from committee.models.agenda import (
    AgendaItem,
    Attendance,
    Ballot,
    HeardExpert,
    MeetingNotice,
    NoticeDelivery,
    PaperAnswer,
    Recusal,
    SignedLink,
)
from committee.models.decisions import Meeting, Resolution, ResolutionCamera, ResolutionCondition
from committee.models.members import MEMBER_PERSONAL, Member, Term
from committee.models.minutes import (
    AllowanceLine,
    AllowanceSheet,
    Minutes,
    MinutesConfirmation,
    MinutesCorrection,
    Recording,
    Statement,
)

__all__ = [
    "MEMBER_PERSONAL",
    "AgendaItem",
    "AllowanceLine",
    "AllowanceSheet",
    "Attendance",
    "Ballot",
    "HeardExpert",
    "Meeting",
    "MeetingNotice",
    "Member",
    "Minutes",
    "MinutesConfirmation",
    "MinutesCorrection",
    "NoticeDelivery",
    "PaperAnswer",
    "Recording",
    "Recusal",
    "Resolution",
    "ResolutionCamera",
    "ResolutionCondition",
    "SignedLink",
    "Statement",
    "Term",
]
