from records.models.access_log import LOOKS, AccessEvent, AccessLogFile, Act
from records.models.access_review import AccessFinding, AccessImport, AccessReview, Judgement
from records.models.answers import DecisionDraft, RangeDecision, ViewingSupplement
from records.models.looks import FootageLook
from records.models.papers import RequestPaper
from records.models.people import DutyShift, Incident, StaffKind, StaffMember
from records.models.provision import (
    PROVISION_PERSONAL,
    Agency,
    AgencyUnit,
    ApprovalAuthority,
    Provision,
    ProvisionApproval,
    ProvisionCamera,
    ProvisionMove,
)
from records.models.provision_release import (
    CopyEnding,
    HandOver,
    HandOverFile,
    ProvisionChaser,
    ProvisionPublication,
    ProvisionRestriction,
    SubjectNotice,
)
from records.models.redaction import (
    Redaction,
    RedactionMove,
    RedactionRecipe,
    RedactionRun,
    RedactionTick,
)
from records.models.requested import RequestedCamera, RequestedPlace, SearchResult
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
    "LOOKS",
    "PERSONAL",
    "PROVISION_PERSONAL",
    "AccessEvent",
    "AccessFinding",
    "AccessImport",
    "AccessLogFile",
    "AccessReview",
    "Act",
    "Agency",
    "AgencyUnit",
    "ApprovalAuthority",
    "CopyEnding",
    "DecisionDraft",
    "DutyShift",
    "FootageLook",
    "HandOver",
    "HandOverFile",
    "Incident",
    "ItemResult",
    "Judgement",
    "Provision",
    "ProvisionApproval",
    "ProvisionCamera",
    "ProvisionChaser",
    "ProvisionMove",
    "ProvisionPublication",
    "ProvisionRestriction",
    "RangeDecision",
    "Redaction",
    "RedactionMove",
    "RedactionRecipe",
    "RedactionRun",
    "RedactionTick",
    "RequestPaper",
    "RequestedCamera",
    "RequestedPlace",
    "SearchResult",
    "SelfInspection",
    "SelfInspectionItem",
    "StaffKind",
    "StaffMember",
    "SubjectNotice",
    "ViewingAppointment",
    "ViewingDecision",
    "ViewingMove",
    "ViewingNotice",
    "ViewingRemedy",
    "ViewingRequest",
    "ViewingSupplement",
]
