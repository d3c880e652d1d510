"""Closed lists of requests by citizens (ordinance art. 22, PIPA art. 35-36, Guideline art. 44, form 2)."""

from django.db import models


class RequesterRole(models.TextChoices):
    """청구인: who asks."""

    SUBJECT = "subject", "본인(정보주체)"
    LEGAL_REPRESENTATIVE = "legal_representative", "법정대리인"
    PROXY = "proxy", "위임받은 대리인"


class RequestChannel(models.TextChoices):
    WEB = "web", "누리집"
    VISIT = "visit", "방문"
    POST = "post", "우편·팩스"
    PHONE = "phone", "전화"
    EMAIL = "email", "전자우편"
    DISCLOSURE = "disclosure", "정보공개 청구"
    PETITION = "petition", "민원"
    AUTHORITY = "authority", "개인정보 보호위원회 이송"


class RequestState(models.TextChoices):
    """Where a request stands: what was done last, and so what comes next (`records.viewing.next_step`)."""

    RECEIVED = "received", "접수"
    IDENTIFIED = "identified", "본인 확인"
    SEARCHED = "searched", "영상 확인"
    REVIEWED = "reviewed", "검토 (결정 전)"
    MASKING = "masking", "가림 처리"
    SUPPLEMENT = "supplement", "보완 요청"
    POSTPONED = "postponed", "열람 연기"
    DECIDED = "decided", "결정 (통지 전)"
    NOTIFIED = "notified", "결정 통지"
    APPOINTED = "appointed", "열람 예정"
    DONE = "done", "완료"
    DISMISSED = "dismissed", "종결"
    LAPSED = "lapsed", "보완하지 않아 종결"
    WITHDRAWN = "withdrawn", "취하"
    TRANSFERRED = "transferred", "이송"


# The office is at it, and the answer is what comes out.
UNDER_WAY = (
    RequestState.RECEIVED,
    RequestState.IDENTIFIED,
    RequestState.SEARCHED,
    RequestState.REVIEWED,
    RequestState.MASKING,
)
# Nothing is decided yet; what is asked for can still be changed.
UNDECIDED = (*UNDER_WAY, RequestState.SUPPLEMENT, RequestState.POSTPONED)
# Nothing is decided yet, or what is decided is not in force: a decision is, once it is notified.
UNANSWERED = (*UNDECIDED, RequestState.DECIDED)
# Somebody was told how it ended, or ended it.
TOLD = (
    RequestState.NOTIFIED,
    RequestState.APPOINTED,
    RequestState.DONE,
    RequestState.DISMISSED,
    RequestState.LAPSED,
    RequestState.WITHDRAWN,
    RequestState.TRANSFERRED,
)
# Ended without an answer to what was asked.
CLOSED_UNANSWERED = (RequestState.DISMISSED, RequestState.LAPSED)
# Ended, and the office decided nothing.
WITHOUT_DECISION = (*CLOSED_UNANSWERED, RequestState.WITHDRAWN)


class RequestEvent(models.TextChoices):
    """What happens to a request; `records.viewing.states` says which may follow which."""

    RECEIVE = "receive", "접수"
    CONFIRM = "confirm", "연락 확인"
    IDENTIFY = "identify", "본인·대리인 확인"
    NEW_CODE = "new_code", "확인번호 다시 발급"
    SEARCH = "search", "영상 확인"
    PREPARE = "prepare", "결정안 작성"
    SEND_BACK = "send_back", "결정안 반려"
    MASK = "mask", "가림 처리 시작"
    MASKED = "masked", "가림 처리 완료"
    ASK_SUPPLEMENT = "ask_supplement", "보완 요청"
    SUPPLEMENTED = "supplemented", "보완 접수"
    LAPSE = "lapse", "보완하지 않아 종결"
    WITHDRAW = "withdraw", "취하"
    TRANSFER = "transfer", "다른 경로로 이송"
    EXTEND_ROUTE = "extend_route", "이송한 경로의 기한 연장"
    ANSWER_ROUTE = "answer_route", "이송한 경로의 답"
    TAKE_BACK = "take_back", "다시 열람등 청구로 처리"
    NOT_FREEZE = "not_freeze", "유예하지 않음"
    POSTPONE = "postpone", "연기 통지"
    RESUME = "resume", "연기 사유 종료"
    DECIDE = "decide", "결정"
    UNDECIDE = "undecide", "결정 거두기"
    NOTIFY = "notify", "결정 통지"
    ARRIVE = "arrive", "통지의 도달"
    OBJECT = "object", "이의신청 접수"
    EXTEND_OBJECTION = "extend_objection", "이의신청 답변기한 연장"
    ANSWER_OBJECTION = "answer_objection", "이의신청 답변"
    APPEAL = "appeal", "불복 절차 기록"
    END_APPEAL = "end_appeal", "불복 절차 종료"
    REOPEN = "reopen", "다시 결정"
    WAIVE = "waive", "이의제기 포기"
    SHOW = "show", "열람"
    MISS = "miss", "열람하러 오지 않음"
    RESCHEDULE = "reschedule", "열람 일시 변경"
    CORRECT = "correct", "정정·삭제 결과 통지"
    FINISH = "finish", "유예 해제"
    DISMISS = "dismiss", "종결"


class SearchOutcome(models.TextChoices):
    """영상 확인 결과: what there is of one camera and range."""

    FOUND = "found", "영상 있음"
    PARTLY = "partly", "일부만 있음"
    NOT_RECORDED = "not_recorded", "녹화되지 않음"
    DESTROYED = "destroyed", "파기됨"


# Answered with "there is none" and the proof, never with a refusal (ordinance art. 22(2) no. 2).
NOT_THERE = (SearchOutcome.NOT_RECORDED, SearchOutcome.DESTROYED)


class RequestKind(models.TextChoices):
    """구분: what is asked for; each is answered for itself."""

    EXISTENCE = "existence", "존재확인"
    VIEWING = "viewing", "열람"
    CORRECTION = "correction", "정정·삭제"
    # Decisions before 2026-12 were one for the whole request; a postponement still is.
    WHOLE = "whole", "청구 전체"


class DecisionOutcome(models.TextChoices):
    GRANTED = "granted", "허용"
    PARTLY = "partly", "일부 허용"
    POSTPONED = "postponed", "열람 연기"
    REFUSED = "refused", "거절"
    NOT_EXISTING = "not_existing", "영상 없음"


class Pretext(models.TextChoices):
    """What is often given as a ground and is none; chosen, it is refused with what the law says."""

    POLICE = "police", "경찰관이 입회해야 함"
    OTHERS = "others", "다른 사람이 함께 찍힘"


EXISTS = "영상 있음"


def outcome_label(kind: str, outcome: str) -> str:
    """What is asked whether it exists is not allowed, it is there."""
    if kind == RequestKind.EXISTENCE and outcome == DecisionOutcome.GRANTED:
        return EXISTS
    return str(DecisionOutcome(outcome).label)


class NoticeKind(models.TextChoices):
    """통지의 종류: which letter it is."""

    DECISION = "decision", "결정 통지"
    POSTPONEMENT = "postponement", "열람 연기 통지"
    CLOSING = "closing", "종결 통지"
    SUPPLEMENT = "supplement", "보완 요청"
    TRANSFER = "transfer", "이송 통지"
    CORRECTION = "correction", "정정·삭제 결과 통지"
    EXTENSION = "extension", "이의신청 답변기한 연장 통지"
    OBJECTION = "objection", "이의신청 결과 통지"


class TransferTo(models.TextChoices):
    """이송: to which other way the request belongs."""

    DISCLOSURE = "disclosure", "정보공개 청구"
    PETITION = "petition", "민원"
    OTHER_BODY = "other_body", "다른 기관"


class TransferEnd(models.TextChoices):
    """이송의 끝: what became of the request on the way on which it was sent."""

    ANSWERED = "answered", "그 경로에서 답함"
    MOVED_ON = "moved_on", "또 다른 경로로 이송"
    TAKEN_BACK = "taken_back", "다시 열람등 청구로 처리"


class NoticeWay(models.TextChoices):
    """통지 방법."""

    POST = "post", "우편"
    HAND = "hand", "직접 교부"
    WEB = "web", "누리집 (청구인이 고른 방법)"


class ConfirmedBy(models.TextChoices):
    """연락 확인: how an officer made sure that there is somebody."""

    DOCUMENT = "document", "신분증 확인"
    TELEPHONE = "telephone", "전화 통화"


class IdentityDocument(models.TextChoices):
    """본인 확인: what was seen (Decree art. 46)."""

    RESIDENT_CARD = "resident_card", "주민등록증"
    DRIVING_LICENCE = "driving_licence", "운전면허증"
    PASSPORT = "passport", "여권"
    SHARED_DATA = "shared_data", "행정정보 공동이용으로 확인"
    # The Decree names examples: whoever is too young for a card, or no national, has another one.
    OTHER = "other", "그 밖의 신분증명서 (청소년증, 외국인등록증 등)"


class Mandate(models.TextChoices):
    """대리권: what shows that somebody may ask for another (Decree art. 45; Method Notice form 11)."""

    POWER_OF_ATTORNEY = "power_of_attorney", "위임장 (별지 제11호서식)"
    FAMILY_RECORD = "family_record", "법정대리인임을 보이는 서류 (가족관계증명서 등)"


class RequestPaperKind(models.TextChoices):
    """청구에 딸린 서류: what came with a request (Decree art. 45, 46; Method Notice form 11)."""

    IDENTITY = "identity", "신분증 사본"
    POWER_OF_ATTORNEY = "power_of_attorney", "위임장"
    RELATION = "relation", "가족관계증명서 등 관계를 보이는 서류"
    VEHICLE = "vehicle", "자동차등록증"
    OTHER = "other", "그 밖의 서류"


class PaperWay(models.TextChoices):
    """How the office knows the paper: seen and given back, or as a copy that is kept here."""

    SEEN = "seen", "창구에서 원본을 보고 돌려줌"
    COPY = "copy", "사본을 받아 보관"


class PostponeGround(models.TextChoices):
    """연기 사유: what usually keeps footage from being shown within the days; being busy is none. The law lists no reasons
    (PIPA 35(3): a just one), so another one is written in words, with its act and article."""

    MASKING = "masking", "다른 사람을 가리는 처리에 시간이 걸림"
    EQUIPMENT = "equipment", "장비 고장 등으로 영상을 꺼내지 못함"
    DISASTER = "disaster", "재난 등 긴급한 대응"
    PROCEEDINGS = "proceedings", "다른 법령에 따른 절차가 진행 중임"
    OTHER = "other", "그 밖의 정당한 사유"


class RemedyKind(models.TextChoices):
    """불복 절차: every way that the letters name."""

    OBJECTION = "objection", "이의신청"
    APPEAL = "appeal", "행정심판"
    SUIT = "suit", "행정소송"
    MEDIATION = "mediation", "분쟁조정"
    REPORT = "report", "개인정보 침해신고"


class RemedyAgainst(models.TextChoices):
    DECISION = "decision", "결정"
    POSTPONEMENT = "postponement", "열람 연기"
    SILENCE = "silence", "기한 안에 답하지 않음"
    # Filed elsewhere while the office still had its days and had told nothing.
    HANDLING = "handling", "답하기 전의 처리"
    CLOSING = "closing", "종결"
    TRANSFER = "transfer", "이송"


class RemedyOutcome(models.TextChoices):
    UPHELD = "upheld", "인용"
    PARTLY = "partly", "일부 인용"
    REJECTED = "rejected", "기각"
    NOT_HEARD = "not_heard", "각하"
    WITHDRAWN = "withdrawn", "취하"
    CLOSED = "closed", "그 밖의 종결"


# What the office has to decide anew.
UPHOLDING = (RemedyOutcome.UPHELD, RemedyOutcome.PARTLY)


class Attendance(models.TextChoices):
    """참석: who came; a policeman is not needed."""

    REQUESTER = "requester", "청구인"
    PROXY = "proxy", "대리인"
    BOTH = "both", "청구인과 대리인"


class SignatureWay(models.TextChoices):
    """열람 확인: how the person confirmed that it was shown."""

    PAPER = "paper", "종이에 서명"
    SCREEN = "screen", "화면에 서명"
    DECLINED = "declined", "서명하지 않음"


class FeeForm(models.TextChoices):
    """내준 형태: of what the profile's table has an amount (`records.viewing.fees`)."""

    VIEWING = "viewing", "열람·시청"
    COPY = "copy", "전자파일 사본"
    STILL = "still", "화면 출력물"


# What the person takes along: which footage and why is on record (Guideline art. 44(5) no. 5).
TAKEN_ALONG = (FeeForm.COPY, FeeForm.STILL)


class FeeExemption(models.TextChoices):
    """수수료를 받지 않음: why."""

    OFFICE = "office", "구청의 잘못으로 한 청구"
    ORDINANCE = "ordinance", "조례의 감면 대상"


class AppointmentResult(models.TextChoices):
    SHOWN = "shown", "열람함"
    NOT_COME = "not_come", "오지 않음"
    MOVED = "moved", "일시를 바꿈"
