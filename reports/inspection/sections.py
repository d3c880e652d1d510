"""What an inspector gets, table by table. A table names its article; what it holds, and of when, is said with it."""

from django.db.models import Q, QuerySet

from cameras.models import (
    Camera,
    ConsultationCondition,
    ContractorInspection,
    ContractorTraining,
    EntrustmentContract,
    Move,
    Paper,
    PriorConsultation,
    PublicConsultation,
    Sign,
    SignCheck,
    Site,
)
from casework.models import RoleChange
from committee.meetings import RECORDED as MEETING_RECORDED
from committee.models import Meeting, Resolution, Term
from committee.resolutions import LINE_KIND as RESOLUTION_RECORDED
from footage.hold_proofs import PLACED
from footage.models import (
    DailyProof,
    DeletionConfirmation,
    Hold,
    Scan,
    ShortenedCamera,
    VaultCase,
    VaultFile,
)
from ordinance.models import Assessment, DueDate, Finding, Parameter, RuleException
from records.models import (
    AccessLogFile,
    CopyEnding,
    DutyShift,
    FootageLook,
    HandOver,
    HandOverFile,
    Incident,
    Provision,
    ProvisionApproval,
    ProvisionMove,
    ProvisionPublication,
    RequestedCamera,
    SearchResult,
    StaffMember,
    SubjectNotice,
    ViewingAppointment,
    ViewingDecision,
    ViewingMove,
    ViewingNotice,
    ViewingRemedy,
    ViewingRequest,
)
from reports.documents.committee import ENTRY_KIND as REPORT_ISSUED
from reports.documents.destruction_certificate import ENTRY_KIND as CERTIFIED
from reports.inspection.tables import By, Link, Span, Table
from reports.models import Certificate, IssuedReport

NOW = "묶음을 만든 때의 상태"
IN_SPAN = "이 기간에 일어난 것"
TOUCHED = "이 기간에 하루라도 걸친 것"


def _open_in(span: Span) -> "QuerySet[Finding]":
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=span.from_on)
    return Finding.objects.filter(still, opened_on__lte=span.until_on).order_by("opened_on", "pk")


def _in_force(span: Span) -> "QuerySet[Hold]":
    still = Q(released_at__isnull=True) | Q(released_at__gte=span.start)
    return Hold.objects.filter(still, placed_at__lt=span.end).order_by("placed_at", "pk")


def requests(span: Span) -> "QuerySet[ViewingRequest]":
    """Received in the span, or moved in it."""
    moved = ViewingMove.objects.filter(at__gte=span.start, at__lt=span.end).values("request")
    received = Q(received_at__gte=span.start, received_at__lt=span.end)
    return ViewingRequest.objects.filter(received | Q(pk__in=moved)).order_by("received_at", "pk")


def _provisions(span: Span) -> "QuerySet[Provision]":
    moved = ProvisionMove.objects.filter(at__gte=span.start, at__lt=span.end).values("provision")
    received = Q(received_at__gte=span.start, received_at__lt=span.end)
    return Provision.objects.filter(received | Q(pk__in=moved)).order_by("received_at", "pk")


TABLES = (
    # --- the register and a camera's life
    Table(
        "register/sites",
        "설치장소 대장",
        "제8조",
        lambda span: Site.objects.order_by("number"),
        (
            ("number", "관리번호"),
            ("institution__name", "관리기관"),
            "road_address",
            "lot_address",
            "latitude",
            "longitude",
        ),
        NOW,
    ),
    Table(
        "register/cameras",
        "카메라 대장",
        "제8조",
        lambda span: Camera.objects.order_by("sort_key", "pk"),
        (
            ("number", "카메라 번호"),
            ("site__number", "관리번호"),
            "state",
            "install_purpose",
            "dataset_purpose",
            "pixel_10k",
            "filming_direction",
            "retention_days",
            "retention_law",
            "retention_document",
            "installed_month",
            ("installing_department__name", "설치부서"),
            ("contractor__name", "수탁자"),
            "has_ptz",
            "lpr_enabled",
            "audio_disabled",
            "link_status",
            "removed_on",
        ),
        NOW,
    ),
    Table(
        "register/moves",
        "카메라의 상태 변경",
        "제5조~제8조",
        lambda span: Move.objects.filter(act__at__lt=span.end).order_by("pk"),
        (
            ("camera__number", "카메라 번호"),
            ("act__event", "변경"),
            ("from_state", "앞 상태"),
            ("to_state", "뒤 상태"),
            ("act__on", "날짜"),
            ("act__document_number", "문서번호"),
            ("act__citation", "근거"),
            ("act__project__number", "사업번호"),
            ("act__at", "기록 시각"),
            ("act__by", "기록한 사람"),
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "register/papers",
        "설치·운영 서류",
        "제5조~제8조",
        lambda span: Paper.objects.filter(filed_at__lt=span.end).order_by("pk"),
        (
            "kind",
            "on",
            ("document_number", "문서번호"),
            "title",
            ("project__number", "사업번호"),
            ("filed_at", "올린 시각"),
            ("filed_by", "올린 사람"),
            ("withdrawn_at", "거둔 시각"),
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "register/prior_consultations",
        "사전협의",
        "제5조",
        lambda span: PriorConsultation.objects.order_by("number"),
        (
            ("number", "협의번호"),
            ("project__number", "사업번호"),
            "state",
            "asked_on",
            "request_document",
            "reply",
            "reply_document",
            "replied_on",
        ),
        NOW,
    ),
    Table(
        "register/consultation_conditions",
        "사전협의의 조건",
        "제5조",
        lambda span: ConsultationCondition.objects.order_by("consultation", "position"),
        (("consultation__number", "협의번호"), "position", "text", "due_on", "fulfilled_on"),
        NOW,
    ),
    Table(
        "register/public_consultations",
        "의견수렴",
        "제6조",
        lambda span: PublicConsultation.objects.order_by("number"),
        (
            ("number", "의견수렴 번호"),
            ("project__number", "사업번호"),
            "state",
            "method",
            "title",
            "opens_at",
            "closes_at",
            "result_published_at",
        ),
        NOW,
    ),
    Table(
        "register/signs",
        "안내판",
        "제9조",
        lambda span: Sign.objects.order_by("site__number", "version"),
        (
            ("site__number", "관리번호"),
            "version",
            "digest",
            "made_on",
            "put_up_on",
            "last_checked_on",
            "retired_on",
        ),
        NOW,
    ),
    Table(
        "register/sign_checks",
        "안내판 확인",
        "제9조",
        lambda span: SignCheck.objects.filter(checked_at__gte=span.start, checked_at__lt=span.end).order_by(
            "pk"
        ),
        (
            ("site__number", "관리번호"),
            "outcome",
            ("photo_sha256", "사진의 SHA-256"),
            "taken_at",
            "checked_at",
            ("checked_by", "확인한 사람"),
        ),
        IN_SPAN,
    ),
    Table(
        "register/contracts",
        "위탁 계약",
        "제11조",
        lambda span: EntrustmentContract.objects.order_by("number"),
        (
            ("number", "계약번호"),
            ("contractor__name", "수탁자"),
            "title",
            "signed_on",
            "starts_on",
            "ends_on",
            "ended_early_on",
        ),
        NOW,
    ),
    Table(
        "register/contractor_inspections",
        "수탁자 관리·감독",
        "제11조",
        lambda span: ContractorInspection.objects.filter(on__range=(span.from_on, span.until_on)).order_by(
            "pk"
        ),
        (
            ("contract__number", "계약번호"),
            "on",
            "is_satisfactory",
            "remedied_on",
            ("recorded_at", "기록 시각"),
        ),
        IN_SPAN,
    ),
    Table(
        "register/contractor_trainings",
        "수탁자 교육",
        "제11조",
        lambda span: ContractorTraining.objects.filter(on__range=(span.from_on, span.until_on)).order_by(
            "pk"
        ),
        (("contract__number", "계약번호"), "on", "subject", "attendees", ("recorded_at", "기록 시각")),
        IN_SPAN,
    ),
    # --- duties
    Table(
        "duties/findings",
        "미이행 사항",
        "조례 전체",
        _open_in,
        (
            ("rule__code", "규칙"),
            ("rule__article", "조문"),
            ("rule__title", "규칙의 뜻"),
            ("rule__subject_kind", "대상"),
            ("number", "대상 번호"),
            "opened_on",
            "evidence",
            "closed_on",
            "closing",
        ),
        TOUCHED,
    ),
    Table(
        "duties/exceptions",
        "점검 예외",
        "조례 전체",
        lambda span: RuleException.objects.filter(granted_at__lt=span.end).order_by("pk"),
        (
            ("rule", "규칙"),
            "subject_kind",
            "number",
            "citation",
            "document_number",
            "from_on",
            "until_on",
            "granted_at",
            "granted_by",
            "revoked_at",
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "duties/assessments",
        "조례 점검의 실행",
        "조례 전체",
        lambda span: Assessment.objects.filter(on__range=(span.from_on, span.until_on)).order_by("pk"),
        ("on", "state", "is_nightly", "started_at", "finished_at"),
        IN_SPAN,
    ),
    Table(
        "duties/due_dates",
        "처리기한",
        "조례 전체",
        lambda span: (
            DueDate.objects.filter(opened_at__lt=span.end)
            .filter(Q(closed_at__isnull=True) | Q(closed_at__gte=span.start))
            .order_by("pk")
        ),
        (
            ("subject_kind", "대상"),
            ("subject_number", "대상 번호"),
            "purpose",
            "start_on",
            "due_on",
            "citation",
            "opened_at",
            "closed_at",
        ),
        TOUCHED,
    ),
    Table(
        "duties/parameters",
        "기준값",
        "조례 전체",
        lambda span: Parameter.objects.order_by("profile", "code", "effective_on"),
        ("profile", "code", "value", "effective_on", "citation", "mark", "document_number"),
        "지금까지 정한 모든 값",
    ),
    # --- footage
    Table(
        "footage/holds",
        "삭제 유예",
        "제24조제1항",
        _in_force,
        (
            ("pk", "유예 번호"),
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            "article",
            "case_reference",
            "placed_at",
            "placed_by",
            "released_at",
            "released_by",
        ),
        TOUCHED,
        Link(
            PLACED,
            "유예 번호",
            By.SUBJECT,
            "hold:{}",
            {"카메라 번호": "camera", "사건 번호": "case"},
            is_complete=True,
        ),
    ),
    Table(
        "footage/proofs",
        "일일 파기 확인",
        "제24조제2항",
        lambda span: DailyProof.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (
            ("camera__number", "카메라 번호"),
            "on",
            "proved_at",
            "retention_days",
            "oldest_allowed_at",
            "oldest_found_at",
            "destroyed_count",
            "result",
            "reason",
        ),
        "이 기간의 날마다, 카메라마다. 줄이 없는 날은 확인하지 않은 날입니다.",
    ),
    Table(
        "footage/deletion_confirmations",
        "자동삭제 확인",
        "표준지침 제42조제2항",
        lambda span: DeletionConfirmation.objects.filter(
            confirmed_at__gte=span.start, confirmed_at__lt=span.end
        ).order_by("pk"),
        (
            ("ledger_sequence", "원장 번호"),
            "confirmed_at",
            "confirmed_by",
            ("period_from", "대상 기간의 시작"),
            ("period_until", "대상 기간의 끝"),
            ("cycle", "삭제 주기"),
            "is_working",
        ),
        IN_SPAN,
        Link(
            "footage.deletion_confirmed",
            "원장 번호",
            values={"대상 기간의 시작": "from", "대상 기간의 끝": "until", "삭제 주기": "cycle"},
            is_complete=True,
        ),
    ),
    Table(
        "footage/shortenings",
        "보관기간 단축",
        "제24조",
        lambda span: ShortenedCamera.objects.filter(shortening__at__lt=span.end).order_by("pk"),
        (
            ("camera__number", "카메라 번호"),
            "days_before",
            "days_after",
            ("shortening__at", "줄인 때"),
            ("shortening__by", "줄인 사람"),
            ("shortening__confirmed_at", "확인한 때"),
            ("shortening__confirmed_by", "확인한 사람"),
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "footage/scans",
        "저장소 확인",
        "제24조",
        lambda span: Scan.objects.filter(finished_at__gte=span.start, finished_at__lt=span.end).order_by(
            "pk"
        ),
        (("storage__name", "저장소"), "state", "started_at", "finished_at", "error"),
        IN_SPAN,
    ),
    Table(
        "footage/vault_cases",
        "증거 보관함의 사건",
        "제24조제1항",
        lambda span: (
            VaultCase.objects.filter(opened_at__lt=span.end)
            .filter(Q(destroyed_at__isnull=True) | Q(destroyed_at__gte=span.start))
            .order_by("pk")
        ),
        ("reference", "opened_at", "destroyed_at"),
        TOUCHED,
    ),
    Table(
        "footage/vault_files",
        "증거 보관함의 파일",
        "제24조제1항",
        lambda span: (
            VaultFile.objects.filter(kept_at__lt=span.end)
            .filter(Q(removed_at__isnull=True) | Q(removed_at__gte=span.start))
            .order_by("pk")
        ),
        (
            ("case__reference", "사건 번호"),
            ("camera__number", "카메라 번호"),
            ("storage__name", "저장소"),
            "path",
            "first_at",
            "until_at",
            "bytes",
            "sha256",
            "kept_at",
            "checked_at",
            "problem",
            "removed_at",
        ),
        TOUCHED,
    ),
    # --- requests and provisions
    Table(
        "requests/requests",
        "열람등 청구",
        "제22조",
        requests,
        (
            "receipt_number",
            "channel",
            "received_at",
            "state",
            "asks_existence",
            "asks_viewing",
            "asks_correction",
            "confirmed_at",
            "identified_at",
            "identified_by",
            "identity_document",
            "holds_released_at",
            "person_erased_at",
        ),
        "이 기간에 접수하거나 처리한 것",
        Link("records.viewing_received", "접수번호", By.SUBJECT, "viewing:{}"),
    ),
    Table(
        "requests/moves",
        "열람등 청구의 처리",
        "제22조",
        lambda span: ViewingMove.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "event",
            "from_state",
            "to_state",
            "on",
            "at",
            "by",
            "document_number",
        ),
        "위 청구의 모든 처리",
    ),
    Table(
        "requests/cameras",
        "청구한 카메라와 구간",
        "제22조",
        lambda span: RequestedCamera.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            ("hold__pk", "유예 번호"),
            "already_gone",
            "dropped_at",
        ),
        "위 청구의 모든 구간",
    ),
    Table(
        "requests/search_results",
        "영상 확인 결과",
        "제22조제2항",
        lambda span: SearchResult.objects.filter(line__request__in=requests(span)).order_by("pk"),
        (
            ("line__request__receipt_number", "접수번호"),
            ("line__camera__number", "카메라 번호"),
            "outcome",
            "destroyed_files",
            "found_at",
            "found_by",
        ),
        "위 청구의 결과",
    ),
    Table(
        "requests/decisions",
        "열람등 결정",
        "제22조",
        lambda span: ViewingDecision.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "kind",
            "outcome",
            ("ground__citation", "조례의 사유"),
            ("national_ground__citation", "법의 사유"),
            "decided_at",
            "prepared_by",
            "decided_by",
            ("notice__on", "통지한 날"),
            ("notice__way", "통지 방법"),
            ("notice__document_number", "통지의 문서번호"),
        ),
        "위 청구의 모든 결정",
    ),
    Table(
        "requests/notices",
        "열람등 결정 통지",
        "제22조",
        lambda span: ViewingNotice.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "on",
            "arrived_on",
            "way",
            "document_number",
            ("by", "통지한 사람"),
        ),
        "위 청구의 모든 통지",
    ),
    Table(
        "requests/appointments",
        "열람 일정",
        "제22조",
        lambda span: ViewingAppointment.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "at",
            "place",
            "result",
            "shown_at",
            "ended_at",
            "ended_by",
        ),
        "위 청구의 모든 일정",
    ),
    Table(
        "requests/remedies",
        "불복 절차",
        "제22조",
        lambda span: ViewingRemedy.objects.filter(request__in=requests(span)).order_by("request", "pk"),
        (
            ("request__receipt_number", "접수번호"),
            "kind",
            "against",
            "filed_on",
            "extended_on",
            "ended_on",
            "outcome",
        ),
        "위 청구의 모든 불복",
    ),
    Table(
        "provisions/provisions",
        "이용·제공",
        "제20조, 제21조",
        _provisions,
        (
            ("number", "번호"),
            "kind",
            "state",
            "received_at",
            ("letter_number", "요청 문서번호"),
            "letter_on",
            ("unit__agency__name", "기관"),
            ("unit__name", "기관의 부서"),
            ("department__name", "이용 부서"),
            "form",
            "use_until_on",
            "is_urgent",
            "follows_person",
            "relation",
            ("ground__citation", "조례의 근거"),
            ("national_ground__citation", "법의 근거"),
            "committee_care",
            "copies_end",
            "holds_released_at",
        ),
        "이 기간에 접수하거나 처리한 것",
        Link("records.provision_received", "번호", By.SUBJECT, "provision:{}"),
    ),
    Table(
        "provisions/approvals",
        "이용·제공의 결재",
        "제21조",
        lambda span: ProvisionApproval.objects.filter(provision__in=_provisions(span)).order_by(
            "provision", "pk"
        ),
        (
            ("provision__number", "번호"),
            "position",
            "step",
            "is_after",
            "outcome",
            "capacity",
            "way",
            "decided_at",
            "approver",
            "document_number",
            "is_void",
        ),
        "위 건의 모든 결재",
    ),
    Table(
        "provisions/hand_overs",
        "영상정보의 인계",
        "제21조, 제24조제3항",
        lambda span: HandOver.objects.filter(provision__in=_provisions(span)).order_by("provision", "pk"),
        (
            ("provision__number", "번호"),
            ("pk", "인계 번호"),
            "at",
            "file_name",
            "medium",
            "file_count",
            "is_masked",
            "handed_by",
            "end_due_on",
        ),
        "위 건의 모든 인계",
    ),
    Table(
        "provisions/files",
        "인계한 파일",
        "제21조",
        lambda span: HandOverFile.objects.filter(hand_over__provision__in=_provisions(span)).order_by("pk"),
        (("hand_over__pk", "인계 번호"), "name", "sha256", "size", "is_checked"),
        "위 인계의 모든 파일",
    ),
    Table(
        "provisions/endings",
        "제공한 사본의 반환·파기",
        "제24조제3항",
        lambda span: CopyEnding.objects.filter(hand_over__provision__in=_provisions(span)).order_by("pk"),
        (("hand_over__pk", "인계 번호"), "kind", "at", "document_number", "recorded_at", "recorded_by"),
        "위 인계의 반환·파기. 줄이 없는 인계는 아직 밖에 있거나 사본이 없는 것입니다.",
    ),
    Table(
        "provisions/publications",
        "이용·제공의 게시",
        "법 제18조제4항",
        lambda span: ProvisionPublication.objects.filter(provision__in=_provisions(span)).order_by("pk"),
        (("provision__number", "번호"), "released_on", "published_on", "shown_until_on", "taken_down_at"),
        "위 건의 게시",
    ),
    Table(
        "provisions/subject_notices",
        "정보주체 통지",
        "제24조제2항",
        lambda span: SubjectNotice.objects.filter(provision__in=_provisions(span)).order_by("pk"),
        (("provision__number", "번호"), "outcome", "on", "look_again_on", "recorded_at", "recorded_by"),
        "위 건의 통지",
    ),
    # --- who may do what
    Table(
        "people/role_changes",
        "권한 변경",
        "제23조제1항",
        lambda span: RoleChange.objects.filter(asked_at__lt=span.end).order_by("pk"),
        ("officer", "kind", "state", "role_before", "role", "asked_at", "asked_by"),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "people/staff",
        "인력",
        "제16조, 제17조",
        lambda span: (
            StaffMember.objects.filter(starts_on__lte=span.until_on)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=span.from_on))
            .order_by("number")
        ),
        (("number", "사번"), "kind", "employer", "account", "officer", "starts_on", "ends_on"),
        TOUCHED,
    ),
    Table(
        "people/duty",
        "근무",
        "제16조",
        lambda span: DutyShift.objects.filter(starts_at__lt=span.end, ends_at__gt=span.start).order_by(
            "starts_at", "pk"
        ),
        (("staff__number", "사번"), "starts_at", "ends_at"),
        TOUCHED,
    ),
    Table(
        "people/incidents",
        "관제 중 인지한 상황",
        "제18조",
        lambda span: Incident.objects.filter(noticed_at__gte=span.start, noticed_at__lt=span.end).order_by(
            "noticed_at", "pk"
        ),
        (
            ("number", "사건번호"),
            "noticed_at",
            ("camera__number", "카메라 번호"),
            "kind",
            ("staff__number", "사번"),
            "body_told",
            "told_at",
        ),
        IN_SPAN,
    ),
    Table(
        "people/looks",
        "영상 재생",
        "제23조제2항",
        lambda span: FootageLook.objects.filter(granted_at__gte=span.start, granted_at__lt=span.end).order_by(
            "granted_at", "pk"
        ),
        (
            ("pk", "재생 번호"),
            "officer",
            "case_kind",
            "case_number",
            "step",
            ("camera__number", "카메라 번호"),
            ("from_at", "구간의 시작"),
            ("until_at", "구간의 끝"),
            "granted_at",
            "frames_stepped",
            "stills",
            "closed_at",
            "closed_how",
        ),
        "이 시스템에서 이 기간에 재생한 것. 녹화기와 관제 시스템에서 본 것은 접속기록에 있습니다.",
    ),
    Table(
        "people/access_logs",
        "가져온 접속기록 파일",
        "제23조",
        lambda span: AccessLogFile.objects.filter(begun_at__lt=span.end, last_at__gte=span.start).order_by(
            "begun_at", "pk"
        ),
        (
            ("ledger_entry", "원장 번호"),
            "name",
            ("sha256", "SHA-256"),
            "map",
            "begun_at",
            "rows",
            "created",
            "known",
            "rejected",
            "first_at",
            "last_at",
        ),
        "이 기간의 기록이 든 파일. 기록의 줄은 관제 시스템의 것이므로 담지 않습니다.",
    ),
    # --- the committee, and what was issued
    Table(
        "committee/terms",
        "위원 임기",
        "제26조, 제27조",
        lambda span: Term.objects.filter(from_on__lte=span.until_on).order_by("number"),
        (
            ("number", "임기 번호"),
            ("member__number", "위원 번호"),
            ("member__gender", "성별"),
            "ground",
            "office",
            "from_on",
            "until_on",
            "document_number",
            "recruitment",
            "ended_on",
            "end_ground",
        ),
        "이 기간의 끝까지 모두",
    ),
    Table(
        "committee/meetings",
        "위원회 회의",
        "제28조, 제29조",
        lambda span: Meeting.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (("number", "회의번호"), "kind", "on", "place", "enrolled", "present"),
        IN_SPAN,
        Link(MEETING_RECORDED, "회의번호", By.SUBJECT, "meeting:{}"),
    ),
    Table(
        "committee/resolutions",
        "위원회 의결",
        "제28조",
        lambda span: Resolution.objects.filter(on__range=(span.from_on, span.until_on)).order_by("on", "pk"),
        (
            ("number", "의결번호"),
            ("meeting__number", "회의번호"),
            "on",
            "function_no",
            "title",
            "text",
            "conditions",
            "enrolled",
            "present",
            "votes_for",
            "votes_against",
            "abstained",
            "outcome",
            ("corrects__number", "정정하는 의결"),
        ),
        IN_SPAN,
        Link(RESOLUTION_RECORDED, "의결번호", By.SUBJECT, "resolution:{}"),
    ),
    Table(
        "reports/reports",
        "발행한 보고서",
        "제28조",
        lambda span: IssuedReport.objects.filter(
            issued_at__gte=span.start, issued_at__lt=span.end, ledger_entry__isnull=False
        ).order_by("issued_at", "pk"),
        (
            ("ledger_entry", "원장 번호"),
            "kind",
            "period",
            "version",
            "is_interim",
            ("sha256", "SHA-256"),
            "pages",
            "issued_at",
            "issued_by",
        ),
        IN_SPAN,
        Link(REPORT_ISSUED, "원장 번호", values={"SHA-256": "sha256", "쪽수": "pages"}, is_complete=True),
    ),
    Table(
        "reports/certificates",
        "파기 확인서",
        "제24조",
        lambda span: Certificate.objects.filter(issued_at__gte=span.start, issued_at__lt=span.end).order_by(
            "pk"
        ),
        (
            ("number", "확인서 번호"),
            ("camera_number", "카메라 번호"),
            "from_on",
            "until_on",
            "files",
            ("sha256", "SHA-256"),
            "issued_at",
            "issued_by",
        ),
        IN_SPAN,
        Link(CERTIFIED, "확인서 번호", By.PAYLOAD, "number", {"SHA-256": "sha256"}, is_complete=True),
    ),
)
