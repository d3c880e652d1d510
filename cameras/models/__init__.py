"""Models of the register, one module a matter; import them from here."""

from cameras.models.contracts import (
    ContractCamera,
    Contractor,
    ContractorInspection,
    ContractorTraining,
    EntrustmentContract,
    InspectionItem,
    Reentrustment,
    ReentrustmentMove,
)
from cameras.models.imports import ImportRun
from cameras.models.landmarks import Landmark
from cameras.models.lifecycle import LifecycleAct, Move
from cameras.models.papers import Paper, PaperCamera
from cameras.models.policy import OperationPolicy
from cameras.models.prior_consultation import (
    ConsultationCondition,
    PriorConsultation,
    PriorConsultationMove,
)
from cameras.models.projects import InstallationProject
from cameras.models.public_consultation import (
    ConsultationExtension,
    HeardExpert,
    Opinion,
    OpinionAnswer,
    OpinionPersonReading,
    PublicConsultation,
    PublicConsultationMove,
    ResultCorrection,
    SurveyAnswer,
    SurveyQuestion,
)
from cameras.models.register import Camera, PurposeMapping, Site
from cameras.models.sign_reports import SignReport
from cameras.models.signs import Sign, SignBatch, SignCamera, SignCheck, SignSubstitute

__all__ = [
    "Camera",
    "ConsultationCondition",
    "ConsultationExtension",
    "ContractCamera",
    "Contractor",
    "ContractorInspection",
    "ContractorTraining",
    "EntrustmentContract",
    "HeardExpert",
    "ImportRun",
    "InspectionItem",
    "InstallationProject",
    "Landmark",
    "LifecycleAct",
    "Move",
    "OperationPolicy",
    "Opinion",
    "OpinionAnswer",
    "OpinionPersonReading",
    "Paper",
    "PaperCamera",
    "PriorConsultation",
    "PriorConsultationMove",
    "PublicConsultation",
    "PublicConsultationMove",
    "PurposeMapping",
    "Reentrustment",
    "ReentrustmentMove",
    "ResultCorrection",
    "Sign",
    "SignBatch",
    "SignCamera",
    "SignCheck",
    "SignReport",
    "SignSubstitute",
    "Site",
    "SurveyAnswer",
    "SurveyQuestion",
]
