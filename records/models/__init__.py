from records.models.requested import RequestedCamera, RequestedPlace
from records.models.requests import (
    PERSONAL,
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
    "RequestedPlace",
    "SelfInspection",
    "SelfInspectionItem",
    "ViewingAppointment",
    "ViewingDecision",
    "ViewingMove",
    "ViewingNotice",
    "ViewingRemedy",
    "ViewingRequest",
]
