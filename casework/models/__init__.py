from casework.models.attachments import Attachment
from casework.models.history import HistoryGroup, history_of
from casework.models.privacy import PrivacyPolicy

__all__ = ["Attachment", "HistoryGroup", "PrivacyPolicy", "history_of"]
