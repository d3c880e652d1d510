from committee.models.decisions import Meeting, Resolution, ResolutionCamera
from committee.models.members import MEMBER_PERSONAL, Member, Term

__all__ = ["MEMBER_PERSONAL", "Meeting", "Member", "Resolution", "ResolutionCamera", "Term"]
