from records.duty_enums import StaffKind
from records.models.access_log import LOOKS, AccessEvent, AccessLogFile, Act
from records.models.access_review import AccessFinding, AccessImport, AccessReview, Judgement
from records.models.answers import DecisionDraft, RangeDecision, ViewingSupplement, ViewingTransfer
from records.models.copies import CaseCopy, CopyLeaving, CopyPart, CopySealing
from records.models.emergency import EmergencyContact, EmergencyDrill
from records.models.internal_plan import InternalPlan, InternalPlanCheck
from records.models.looks import FootageLook
from records.models.papers import RequestPaper
from records.models.people import (
    DutyRota,
    DutyShift,
    DutySwap,
    HandoverCheck,
    Incident,
    ShiftHandover,
    StaffMember,
)
from records.models.permissions import (
    CameraPermission,
    CameraPermissionMove,
    GateLift,
    PermissionReview,
    PermissionReviewLine,
)
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
from records.models.training import (
    Pledge,
    PledgeText,
    Training,
    TrainingCourse,
    TrainingPlan,
    TrainingSession,
)
from records.models.turns import CameraTurn
from records.models.visits import Visit, VisitMove

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
    "CameraPermission",
    "CameraPermissionMove",
    "CameraTurn",
    "CaseCopy",
    "CopyEnding",
    "CopyLeaving",
    "CopyPart",
    "CopySealing",
    "DecisionDraft",
    "DutyRota",
    "DutyShift",
    "DutySwap",
    "EmergencyContact",
    "EmergencyDrill",
    "FootageLook",
    "GateLift",
    "HandOver",
    "HandOverFile",
    "HandoverCheck",
    "Incident",
    "InternalPlan",
    "InternalPlanCheck",
    "ItemResult",
    "Judgement",
    "PermissionReview",
    "PermissionReviewLine",
    "Pledge",
    "PledgeText",
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
    "ShiftHandover",
    "StaffKind",
    "StaffMember",
    "SubjectNotice",
    "Training",
    "TrainingCourse",
    "TrainingPlan",
    "TrainingSession",
    "ViewingAppointment",
    "ViewingDecision",
    "ViewingMove",
    "ViewingNotice",
    "ViewingRemedy",
    "ViewingRequest",
    "ViewingSupplement",
    "ViewingTransfer",
    "Visit",
    "VisitMove",
]
