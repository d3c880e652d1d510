from casework.models.attachments import Attachment
from casework.models.history import HistoryGroup, history_of

__all__ = ["Attachment", "HistoryGroup", "history_of"]
