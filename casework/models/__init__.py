from casework.models.attachments import Attachment
from casework.models.history import HistoryGroup, history_of
from casework.models.privacy import PrivacyPolicy
from casework.models.role_changes import RoleChange, RoleChangeEvent, RoleChangeMove, RoleChangeState
from casework.models.threads import InnerNote, Message

__all__ = [
    "Attachment",
    "HistoryGroup",
    "InnerNote",
    "Message",
    "PrivacyPolicy",
    "RoleChange",
    "RoleChangeEvent",
    "RoleChangeMove",
    "RoleChangeState",
    "history_of",
]
