from records.models.requests import (
    PERSONAL,
    RequestedCamera,
    ViewingAppointment,
    ViewingDecision,
    ViewingMove,
    ViewingNotice,
    ViewingRemedy,
    ViewingRequest,
)
from records.models.self_inspection import ItemResult, SelfInspection, SelfInspectionItem

__all__ = [
    "PERSONAL",
    "ItemResult",
    "RequestedCamera",
    "SelfInspection",
    "SelfInspectionItem",
    "ViewingAppointment",
    "ViewingDecision",
    "ViewingMove",
    "ViewingNotice",
    "ViewingRemedy",
    "ViewingRequest",
]
