from committee.models.agenda import (
    AgendaItem,
    Attendance,
    Ballot,
    HeardExpert,
    MeetingNotice,
    Recusal,
    SignedLink,
)
from committee.models.decisions import Meeting, Resolution, ResolutionCamera, ResolutionCondition
from committee.models.members import MEMBER_PERSONAL, Member, Term

__all__ = [
    "MEMBER_PERSONAL",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "HeardExpert",
    "Meeting",
    "MeetingNotice",
    "Member",
    "Recusal",
    "Resolution",
    "ResolutionCamera",
    "ResolutionCondition",
    "SignedLink",
    "Term",
]
