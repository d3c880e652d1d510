"""What grows, and what ends it: every table and every folder, each with its rule and where the rule comes from.

A test fails on a table that stands in no list here: whoever adds one decides how long its rows stay. What is pruned names
the task of `config.schedule` that does it. `YEARLY` says how many rows a district of 3,265 cameras adds in a year, and from
where that number is; bench/growth.py multiplies it with the bytes of real rows (docs/running.md).
"""

from collections.abc import Iterable
from pathlib import Path

REGISTER = "대장과 그 변경 이력: 시설의 처음부터 철거 뒤까지의 증거 (조례 제8조, 시스템 결정)"
PROCEDURE = "절차의 서류와 처분: 결정의 근거이고 보고서를 다시 셀 때 쓰임 (시스템 결정)"
LAW = "법령과 기준의 판: 옛 처분을 그때의 기준으로 설명 (시스템 결정)"
FOOTAGE = "파기와 유예의 증명: 원장과 대조하는 목록이고, 지난 분기를 다시 셀 때 쓰임 (조례 제24조)"
ASSESSED = "조례 점검의 결과: 열린 날과 닫힌 날이 증거 (시스템 결정)"
REPORTS = "발행한 문서는 바꾸거나 지우지 않음 (시스템 결정)"
LEDGER = "원장은 지우지 않음 (docs/ledger.md)"
ACCESS = (
    "접속기록의 파일 목록, 점검과 판정: 무엇을 점검했는지의 증거 (조례 제23조, 안전성 확보조치 기준 제8조)"
)
PEOPLE = "계정은 지우지 않고 사용 중지 (원장이 번호로 가리킴)"
SITE = "누리집의 글: 담당자가 고치고 지움"
FIXED = "설치할 때와 갱신할 때만 늘어남"
UNUSED = "쓰지 않는 기능의 표: 비어 있음"


def _labels(app: str, names: str) -> list[str]:
    return [f"{app}.{name}" for name in names.split()]


def _rows(*rows: tuple[str, Iterable[str]]) -> dict[str, str]:
    return {label: why for why, labels in rows for label in labels}


# Never pruned. Personal columns of these rows are emptied when their period is over (casework.persons).
KEPT: dict[str, str] = _rows(
    (
        REGISTER,
        _labels(
            "cameras",
            "Site HistoricalSite Camera HistoricalCamera Move LifecycleAct LifecycleAct_attachments Paper "
            "Paper_attachments PaperCamera Sign SignCamera SignCheck SignSubstitute OperationPolicy PurposeMapping "
            "InstallationProject HistoricalInstallationProject Landmark HistoricalLandmark Contractor EntrustmentContract "
            "HistoricalEntrustmentContract EntrustmentContract_attachments ContractCamera Reentrustment "
            "ReentrustmentMove ContractorTraining ContractorTraining_attachments InspectionItem ContractorInspection "
            "ContractorInspection_attachments",
        ),
    ),
    (
        PROCEDURE,
        [
            *_labels(
                "cameras",
                "PriorConsultation PriorConsultation_attachments PriorConsultationMove ConsultationCondition "
                "ConsultationCondition_attachments PublicConsultation PublicConsultation_attachments "
                "PublicConsultationMove HeardExpert ConsultationExtension ResultCorrection SurveyQuestion OpinionAnswer Opinion SurveyAnswer "
                "OpinionPersonReading SignReport",
            ),
            *_labels(
                "casework", "PrivacyPolicy RoleChange RoleChangeMove Message Message_attachments InnerNote"
            ),
            *_labels(
                "records",
                "ViewingRequest RequestedPlace RequestedCamera SearchResult ViewingMove ViewingNotice ViewingDecision ViewingRemedy "
                "ViewingAppointment RequestPaper ViewingSupplement RangeDecision DecisionDraft SelfInspection SelfInspectionItem InternalPlan InternalPlanCheck "
                "Agency AgencyUnit ApprovalAuthority Provision Provision_attachments ProvisionCamera ProvisionMove "
                "ProvisionApproval ProvisionExtension ProvisionRestriction ProvisionRestriction_attachments HandOver HandOver_attachments "
                "HandOverFile CopyEnding CopyEnding_attachments ProvisionChaser ProvisionPublication SubjectNotice "
                "RangeDecision DecisionDraft ViewingSupplement ViewingTransfer FootageLook Redaction RedactionMove RedactionRecipe RedactionTick RedactionRun CaseCopy CopySealing CopyPart CopyLeaving CopyLeaving_attachments StaffMember HistoricalStaffMember DutyShift Incident HistoricalIncident "
                "DutyRota DutySwap HandoverCheck ShiftHandover Visit VisitMove CameraTurn EmergencyContact EmergencyDrill",
            ),
            *_labels(
                "records",
                "TrainingCourse TrainingPlan TrainingSession TrainingSession_attachments Training Training_attachments "
                "PledgeText Pledge Pledge_attachments CameraPermission CameraPermissionMove PermissionReview "
                "PermissionReviewLine GateLift",
            ),
            *_labels(
                "committee",
                "Member HistoricalMember Term HistoricalTerm AgendaItem AgendaItem_projects AgendaItem_provisions "
                "AgendaItem_attachments Recusal MeetingNotice NoticeDelivery Attendance HeardExpert SignedLink Ballot PaperAnswer PaperAnswer_attachments Meeting_attachments "
                "Minutes Recording Statement MinutesConfirmation MinutesCorrection AllowanceSheet AllowanceLine "
                "ResolutionCondition ResolutionCondition_attachments "
                "Meeting HistoricalMeeting Resolution Resolution_projects Resolution_attachments ResolutionCamera",
            ),
        ],
    ),
    (
        LAW,
        _labels(
            "ordinance",
            "Holiday HistoricalHoliday DueDate HistoricalDueDate EarlierDueDate Ordinance HistoricalOrdinance Article "
            "HistoricalArticle Law LawVersion ParameterDefinition Parameter HistoricalParameter Ground "
            "Ground_national PurposeGround HistoricalGround SignContent HistoricalSignContent",
        ),
    ),
    (
        FOOTAGE,
        _labels(
            "footage",
            "Storage CameraClaim FootageDay Hold ManifestBlock ClockConfirmation CapacityReading UnclaimedFolder "
            "DailyProof DeletionConfirmation Shortening ShortenedCamera VaultCase VaultIntake VaultFile Conversion",
        ),
    ),
    (
        ASSESSED,
        _labels(
            "ordinance",
            "Assessment AssessedRule Finding EarlierEvidence FindingCare HistoricalFindingCare RuleException",
        ),
    ),
    (
        REPORTS,
        _labels(
            "reports",
            "IssuedReport YearlyPaper Certificate LetterTemplate OutgoingDocument OutgoingDocument_attachments",
        ),
    ),
    (LEDGER, _labels("ledger", "Entry SignedHead")),
    (ACCESS, _labels("records", "AccessLogFile AccessImport AccessReview AccessFinding")),
    (
        PEOPLE,
        [
            *_labels(
                "accounts",
                "Institution Department ResponsibleDesignation Officer Officer_groups Officer_user_permissions SecondFactor Passkey",
            ),
            "wagtailusers.UserProfile",
            *_labels("portal", "ReminderChoice SavedFilter CalendarFeed"),
        ],
    ),
    (
        SITE,
        [
            *_labels("website", "HomePage ContentPage OfficeDetails SiteTexts"),
            *_labels("wagtaildocs", "Document"),
            *_labels("wagtailimages", "Image Rendition"),
            *_labels(
                "wagtailcore",
                "Site Page Revision PageLogEntry ModelLogEntry ReferenceIndex Collection CollectionViewRestriction "
                "CollectionViewRestriction_groups PageViewRestriction PageViewRestriction_groups PageSubscription "
                "Comment CommentReply",
            ),
            *_labels("wagtailsearch", "IndexEntry SQLiteFTSIndexEntry"),
            *_labels("taggit", "Tag TaggedItem"),
        ],
    ),
    (
        FIXED,
        [
            *_labels("auth", "Permission Group Group_permissions"),
            "contenttypes.ContentType",
            *_labels(
                "wagtailcore",
                "Locale GroupSitePermission GroupCollectionPermission GroupPagePermission Workflow WorkflowTask "
                "WorkflowPage WorkflowContentType Task GroupApprovalTask GroupApprovalTask_groups",
            ),
            "wagtailadmin.Admin",
            "portal.WorkerSign",  # one row
        ],
    ),
    (UNUSED, _labels("wagtailcore", "APIToken WorkflowState TaskState")),
)

OFFICE = "담당 부서의 설정 (확인 필요)"
# By table: the task that prunes it, when, and where the period is from.
PRUNED: dict[str, tuple[str, str, str]] = {
    "sessions.Session": (
        "config.prune",
        "만료된 다음 밤",
        "개인정보의 안전성 확보조치 기준(자동 접속 차단), 만료된 것은 쓸 수 없음",
    ),
    "accounts.LoginDelay": ("accounts.forget_login_delays", "마지막 실패 뒤 1시간이 지난 밤", "시스템 결정"),
    "portal.FormDraft": (
        "portal.forget_sent_forms",
        "보내면 바로, 늦어도 12시간",
        "시스템 결정 (docs/portal.md)",
    ),
    "portal.PortalSession": ("portal.forget_sent_forms", "마지막으로 쓴 뒤 90일", "시스템 결정"),
    "portal.StepNotice": ("portal.forget_sent_forms", "90일", "시스템 결정"),
    "portal.StepNotice_recipients": ("portal.forget_sent_forms", "90일", "시스템 결정"),
    "portal.SentForm": ("portal.forget_sent_forms", "1일", "시스템 결정"),
    "portal.Reminder": ("portal.remind", "할 일이 끝나면", "시스템 결정"),
    "portal.ReminderMail": ("portal.remind", "1년", "시스템 결정"),
    "portal.CalendarEvent": ("config.prune", "일정의 기한 뒤 work_record_days", OFFICE),
    "portal.LedgerVerification": ("config.prune", "끝난 뒤 work_record_days", OFFICE),
    "website.FormDraft": ("casework.erase_persons", "마지막으로 고친 뒤 form_draft_days", "시스템 결정"),
    "website.FloodMark": ("website.forget_floods", "1일", "시스템 결정"),
    "footage.Scan": ("footage.scan_all", "일정에 따른 것은 35일, 사람이 시킨 것은 남김", "시스템 결정"),
    "footage.Sweep": (
        "footage.sweep_due",
        "파기한 것이 없는 실행은 시간마다 하나만. 모의 실행은 work_record_days (config.prune)",
        "파기한 실행은 조례 제24조의 증명",
    ),
    "records.AccessEvent": (
        "config.prune",
        "점검을 확정한 달의 줄이 access_log_years_large를 지나면. 점검에서 물은 줄은 남김",
        "개인정보의 안전성 확보조치 기준 제8조",
    ),
    "cameras.ImportRun": (
        "config.prune",
        "미리보기와 올린 파일은 work_record_days, 저장한 기록은 남김",
        OFFICE,
    ),
    "cameras.SignBatch": ("config.prune", "묶음의 PDF는 work_record_days, 기록은 남김", OFFICE),
    "casework.Attachment": (
        "casework.erase_loose_files",
        "아무것도 가리키지 않으면 1일, 서류에 붙은 것은 남김",
        "시스템 결정",
    ),
    "wagtailadmin.EditingSession": ("config.prune", "1일", "시스템 결정"),
    "wagtailadmin.FormState": ("config.prune", "1일", "시스템 결정"),
    "wagtailcore.UploadedFile": ("config.prune", "1일", "시스템 결정"),
}

# Folders and files directly in DATA_DIR: what ends their growth.
FOLDERS: dict[str, str] = {
    "alive": "한 파일을 다시 씀",
    "beat-schedule.json": "한 파일을 다시 씀",
    "dataset": "바뀔 때마다 새로 만들고 옛 파일을 지움 (website.refresh_dataset)",
    "db.sqlite3": "표마다 위와 같음",
    "demo-accounts.txt": "시범에서만 씀",
    "keys": FIXED,
    "ledger": LEDGER,
    "locks": "내용이 없는 자물쇠",
    "logs": "deploy/logrotate.conf: 주마다, 2년 (개인정보의 안전성 확보조치 기준, 접속기록)",
    "mail": "시범에서만 씀 (EMAIL_URL이 없을 때)",
    "media/access-logs": "읽으면 바로 없앰 (records.access_log.arrivals)",
    "media/attachments": "casework.erase_loose_files, 서류에 붙은 것은 남김",
    "media/documents": "누리집에 올린 문서, 편집자가 지움",
    "media/images": "누리집에 올린 사진, 편집자가 지움",
    "media/imports": "config.prune: work_record_days",
    "media/map": FIXED,
    "media/original_images": "누리집에 올린 사진, 편집자가 지움",
    "media/reports": REPORTS,
    "media/sign-reports": "cameras.erase_sign_photos, casework.erase_persons: 사진의 보관기간 (기준값)",
    "media/signs": "cameras.erase_sign_photos: 사진의 보관기간 (기준값). 묶음의 PDF는 config.prune",
    "queue": "읽은 메시지는 바로 없어짐. 남은 것은 config.prune: 1일",
    "sample": "시범에서만 씀",
    "static": "collectstatic이 다시 만듦",
    "vault": "사건이 끝나면 열쇠와 함께 없앰 (footage.vault)",
}
LOCKS = "*.lock"
# What a database writes beside its file.
BESIDES = ("db.sqlite3-wal", "db.sqlite3-shm", "db.sqlite3-journal")


def unknown_in(folder: Path) -> set[str]:
    """What lies in a data folder, or in its MEDIA, and has no rule here."""
    media = folder / "media"
    found = {path.name for path in folder.iterdir() if path != media and not path.match(LOCKS)}
    found |= {f"media/{path.name}" for path in media.iterdir()} if media.is_dir() else set()
    return found - set(FOLDERS) - set(BESIDES)


HOURS = 365 * 24
CAMERAS = 3_265
# Each camera's recorder closes one file in ten minutes.
FILES_A_MINUTE = CAMERAS // 10
# Rows a year, and where the number is from. What is not here grows with what people do, by a few rows a day.
YEARLY: dict[str, tuple[int, str]] = {
    "footage.FootageDay": (CAMERAS * 365, "카메라마다 날마다 한 행"),
    "footage.ManifestBlock": (
        60 * HOURS,
        f"1분마다 파기할 파일이 있을 때 실행마다 한 묶음, 그 안에 {FILES_A_MINUTE}줄 (저장소 1개)",
    ),
    "footage.Sweep": (60 * HOURS, "1분마다 파기할 파일이 있을 때 (저장소 1개)"),
    "ledger.Entry": (60 * HOURS + 50_000, "파기 실행마다 한 건, 그 밖에 하루 약 137건 (가정)"),
    "ledger.SignedHead": (60 * HOURS, "1분마다 새 기록이 있을 때"),
    "footage.DailyProof": (CAMERAS * 365, "카메라마다 날마다 한 행"),
    "footage.CapacityReading": (HOURS, "시간마다 한 번 (저장소 1개)"),
    "ordinance.Assessment": (365 + 250 * 4, "밤마다 한 번, 근무일에 네 번 (가정)"),
    "ordinance.Finding": (CAMERAS * 2, "카메라마다 해마다 두 건이 열리고 닫힘 (가정)"),
    "cameras.HistoricalCamera": (CAMERAS * 4, "카메라마다 해마다 네 번 고침 (가정)"),
    "cameras.HistoricalSite": (1_200, "설치장소마다 해마다 한 번 고침 (가정)"),
    "cameras.Sign": (400, "안내판 셋에 하나를 해마다 새로 만듦 (가정)"),
    "cameras.SignCheck": (1_140, "안내판마다 해마다 한 번 확인"),
    "cameras.PaperCamera": (CAMERAS, "서류가 카메라마다 해마다 하나 (가정)"),
    "records.ViewingRequest": (1_000, "열람등 청구 하루 약 4건 (가정)"),
    "records.RequestedCamera": (3_000, "청구마다 카메라와 구간 셋 (가정)"),
    "footage.VaultCase": (1_000, "청구마다 한 사건 (가정)"),
    "footage.VaultIntake": (3_000, "삭제 유예와 저장소마다 한 행 (가정)"),
    "footage.VaultFile": (36_000, "삭제 유예마다 10분 파일 열두 개 (가정)"),
    "footage.Hold": (3_000, "청구마다 카메라 세 대 (가정)"),
    "casework.Attachment": (5_000, "하루 약 20개 (가정)"),
    "records.DutyShift": (25_000, "관제요원과 파견경찰 60명 남짓, 한 사람이 해마다 270번 안팎 (가정)"),
    "records.ShiftHandover": (3 * 365, "3교대의 교대마다 한 번"),
    "records.Visit": (1_000, "하루 서너 건 (가정)"),
    "records.Incident": (2_000, "하루 대여섯 건 (가정)"),
    "records.HistoricalIncident": (4_000, "상황마다 두 판 (가정)"),
    "records.AccessEvent": (12_000_000, "관제 시스템의 접속기록 한 달 100만 줄 (가정)"),
    "reports.IssuedReport": (10, "분기와 해마다 두 판 (가정)"),
    "reports.YearlyPaper": (8, "해마다 네 문서의 두 판 (가정)"),
}

# What is gone before the five years are over.
YEARS_KEPT = {"logs": 2}
# Files a year below the folder, and where the number is from. The logs are counted in lines.
FILES_YEARLY: dict[str, tuple[int, str]] = {
    "media/attachments": (5_000, "하루 약 20개 (가정)"),
    "media/imports": (24, "한 달에 두 번 (가정)"),
    "media/reports": (16, "분기마다 두 판과 부록 (가정)"),
    "media/sign-reports": (200, "안내판 신고의 사진 (가정)"),
    "media/signs": (1_140 * 2, "안내판마다 해마다 확인 사진 두 장 (원본과 공개용)"),
    "logs": (365 * 50_000, "하루 5만 요청의 줄 (가정), 2년 뒤 지움"),
}
