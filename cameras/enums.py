"""Closed lists of the register. Terms of the ordinance and of the dataset are never reworded."""

from django.db import models


class InstallPurpose(models.TextChoices):
    """설치목적: the seven of ordinance art. 6."""

    CRIME_PREVENTION = "crime_prevention", "방범"
    ILLEGAL_DUMPING = "illegal_dumping", "쓰레기 투기방지"
    PARKING_MANAGEMENT = "parking_management", "주차관리"
    TRAFFIC_INFORMATION = "traffic_information", "교통정보 수집"
    ILLEGAL_PARKING = "illegal_parking", "불법주정차 단속"
    DISASTER_PREVENTION = "disaster_prevention", "재난·재해 예방"
    OTHER_PUBLIC = "other_public", "그 밖의 공익(시설물관리 등)"


class DatasetPurpose(models.TextChoices):
    """설치목적구분: the ten of the national dataset. The value is the dataset's own word."""

    NEIGHBOURHOOD_CRIME = "생활방범", "생활방범"
    MULTI_PURPOSE = "다목적", "다목적"
    CHILD_PROTECTION = "어린이보호", "어린이보호"
    TRAFFIC_ENFORCEMENT = "교통단속", "교통단속"
    FACILITY_MANAGEMENT = "시설물관리", "시설물관리"
    DISASTER = "재난재해", "재난재해"
    ILLEGAL_DUMPING = "쓰레기단속", "쓰레기단속"
    VEHICLE_CRIME = "차량방범", "차량방범"
    OTHER = "기타", "기타"
    TRAFFIC_INFORMATION = "교통정보수집", "교통정보수집"


class Pipa25Ground(models.IntegerChoices):
    """설치 근거: PIPA art. 25(1), items 1 to 6."""

    LAW_ALLOWS = 1, "1호 법령에서 구체적으로 허용"
    CRIME = 2, "2호 범죄의 예방 및 수사"
    FACILITY_SAFETY = 3, "3호 시설의 안전·관리, 화재 예방"
    TRAFFIC_ENFORCEMENT = 4, "4호 교통단속"
    TRAFFIC_INFORMATION = 5, "5호 교통정보의 수집·분석 및 제공"
    NOT_STORED = 6, "6호 저장하지 아니하는 통계값 산출"


class CameraState(models.TextChoices):
    PLANNED = "planned", "계획"
    CONSULTED = "consulted", "협의 완료"
    DELIBERATED = "deliberated", "심의 완료"
    APPROVED = "approved", "승인"
    INSTALLED = "installed", "설치"
    OPERATING = "operating", "운영"
    SUSPENDED = "suspended", "중지"
    REMOVED = "removed", "철거"


# The camera films, or is only paused: it stands in the national dataset.
IN_SERVICE = (CameraState.OPERATING, CameraState.SUSPENDED)


# The camera stands: what a sign names, and what is asked of a camera that was put up.
STANDING = (CameraState.INSTALLED, CameraState.OPERATING, CameraState.SUSPENDED)


class DeviceKind(models.TextChoices):
    """기기 종류 (Decree art. 3); mobile devices are not in this register."""

    CCTV = "cctv", "폐쇄회로 텔레비전"
    NETWORK = "network", "네트워크 카메라"


class LinkStatus(models.TextChoices):
    """관제센터 연계 여부 (ordinance art. 13)."""

    LINKED = "linked", "연계"
    NOT_LINKED = "not_linked", "미연계"
    UNKNOWN = "unknown", "미확인"


class LinkExemptionReason(models.TextChoices):
    INEFFICIENT = "inefficient", "현저히 비효율적"
    SECURITY = "security", "국가안전보장 등 특수 상황"


class SignExemptionGround(models.TextChoices):
    """안내판 설치 제외 근거: the facilities of Decree art. 24(4), and no other."""

    MILITARY = "military", "군사시설"
    NATIONAL_KEY = "national_key", "국가중요시설"
    NATIONAL_SECURITY = "security", "국가보안시설"


class PlaceKind(models.TextChoices):
    """설치 장소의 성격 (PIPA art. 25(1) and (2))."""

    OPEN = "open", "공개된 장소"
    PRIVACY = "privacy", "목욕실·화장실·발한실·탈의실 등 사생활을 현저히 침해할 우려가 있는 장소"
    DETENTION = "detention", "교정시설"
    MENTAL_HEALTH = "mental_health", "정신의료기관 등"


class LandmarkKind(models.TextChoices):
    """What a place name stands for."""

    DONG = "dong", "행정동"
    STATION = "station", "역"
    OFFICE = "office", "공공기관"
    MARKET = "market", "시장·상가"
    SCHOOL = "school", "학교"
    PARK = "park", "공원"
    POSTCODE = "postcode", "우편번호"
    OTHER = "other", "그 밖의 곳"


class MonitoringScope(models.TextChoices):
    """관제 범위 (ordinance art. 14)."""

    UNKNOWN = "unknown", "미확인"
    LIVE = "live", "실시간 관제"
    EXCLUDED = "excluded", "협의에 따라 제외"


class LifecycleEvent(models.TextChoices):
    """What happens to a camera: the reason why its state changes."""

    PLAN = "plan", "계획"
    CONSULT = "consult", "협의 완료"
    DELIBERATE = "deliberate", "심의 완료"
    APPROVE = "approve", "승인"
    INSTALL = "install", "설치"
    OPERATE = "operate", "운영 시작"
    SUSPEND = "suspend", "중지"
    RESUME = "resume", "운영 재개"
    RETURN = "return", "계획으로 되돌림"
    RELOCATE = "relocate", "이전 설치"
    CHANGE_PURPOSE = "change_purpose", "목적 변경"
    REMOVE = "remove", "철거"
    # Only an import does this: the dataset counts cameras again that it had left out.
    REVIVE = "revive", "철거 정정"


class PaperKind(models.TextChoices):
    """What a paper on record proves for the cameras that it names."""

    INSTALLATION_CHECKLIST = "installation_checklist", "설치기준 점검표"
    BUILDER_REGISTRATION = "builder_registration", "시공업체 등록 확인서"
    PRIOR_CONSULTATION = "prior_consultation", "사전협의 결과"
    PUBLIC_CONSULTATION = "public_consultation", "의견수렴 결과"
    CONSULTATION_EXEMPTION = "consultation_exemption", "의견수렴 생략"
    RESOLUTION = "resolution", "위원회 의결서"
    AUDIO_CHECK = "audio_check", "녹음기능 미사용 확인서"
    MONITORING_SCOPE = "monitoring_scope", "관제 범위 협의서"
    LINK_EXEMPTION = "link_exemption", "연계 제외 결정서"
    NECESSITY_REVIEW = "necessity_review", "설치 필요성 검토서"


class ReentrustmentState(models.TextChoices):
    ASKED = "asked", "결정 전"
    CONSENTED = "consented", "동의"
    REFUSED = "refused", "거부"
    ENDED = "ended", "끝남"


class ReentrustmentEvent(models.TextChoices):
    ASK = "ask", "요청"
    CONSENT = "consent", "동의"
    REFUSE = "refuse", "거부"
    END = "end", "종료"
    LAPSE = "lapse", "계약 해지에 따른 종료"


class PriorConsultationState(models.TextChoices):
    ASKED = "asked", "회신 대기"
    REPLIED = "replied", "회신 완료"
    WITHDRAWN = "withdrawn", "철회"


class PriorConsultationEvent(models.TextChoices):
    ASK = "ask", "요청"
    REPLY = "reply", "회신"
    WITHDRAW = "withdraw", "철회"


class ConsultationReply(models.TextChoices):
    AGREE = "agree", "동의"
    CONDITIONS = "conditions", "조건부 동의"
    DECLINE = "decline", "부동의"


class PublicConsultationState(models.TextChoices):
    """What the office has done; whether it is open is a matter of the clock (`cameras.consultation.phase`)."""

    DRAFT = "draft", "작성 중"
    PUBLISHED = "published", "공고"
    CLOSED = "closed", "조기 종료"
    RESULT = "result", "결과 공고"


class PublicConsultationEvent(models.TextChoices):
    PUBLISH = "publish", "공고"
    EXTEND = "extend", "연장"
    CLOSE = "close", "조기 종료"
    PUBLISH_RESULT = "publish_result", "결과 공고"
    CORRECT = "correct", "결과 정정"


class ConsultationMethod(models.TextChoices):
    """의견수렴 방법 (Decree art. 23(1))."""

    ADMINISTRATIVE_NOTICE = "administrative_notice", "행정예고"
    OPINION_HEARING = "opinion_hearing", "의견청취"
    BRIEFING = "briefing", "설명회"
    SURVEY = "survey", "설문조사"
    OPINION_POLL = "opinion_poll", "여론조사"


class OpinionChannel(models.TextChoices):
    WEB = "web", "누리집"
    POST = "post", "우편"
    EMAIL = "email", "전자우편"
    TELEPHONE = "telephone", "전화"
    VISIT = "visit", "방문"
    MEETING = "meeting", "설명회 현장"


class OpinionDecision(models.TextChoices):
    ACCEPTED = "accepted", "반영"
    PARTLY = "partly", "일부 반영"
    NOT_ACCEPTED = "not_accepted", "미반영"
    NOTED = "noted", "참고"


class PersonReadPurpose(models.TextChoices):
    """열람 목적: why an officer looks at who sent an opinion."""

    CONTACT = "contact", "의견 내용 확인·보완 연락"
    ANSWER = "answer", "처리 결과 안내"
    RECEIPT = "receipt", "접수번호·확인번호 안내"
    INSPECTION = "inspection", "점검·감사"
    OTHER = "other", "기타"


class SignSize(models.TextChoices):
    """True sizes of a printed sign, width × height in millimetres."""

    A3 = "A3", "A3 (297 × 420 mm)"
    A4 = "A4", "A4 (210 × 297 mm)"
    BOARD = "600x400", "600 × 400 mm"


class SubstituteReason(models.TextChoices):
    """When the website may stand in for a sign (Decree art. 24(2))."""

    LONG_RANGE = (
        "long_range",
        "원거리 촬영, 과속·신호위반 단속 또는 교통흐름조사로 사생활 침해 우려가 적은 경우",
    )
    IMPOSSIBLE = "impossible", "산불감시용 등 장소적 특성으로 안내판 설치가 불가능하거나 소용없는 경우"


class ContractScope(models.TextChoices):
    """위탁 업무 (ordinance art. 11(1), 17(1)); the whole operation of the centre cannot be one."""

    INSTALLATION = "installation", "설치"
    MAINTENANCE = "maintenance", "유지보수"
    MONITORING = "monitoring", "관제 업무"


class ContractCoverage(models.TextChoices):
    """Whose cameras a contract is about."""

    NAMED = "named", "지정한 카메라와 사업"
    LINKED = "linked", "관제센터에 연계된 카메라 모두"
    ALL = "all", "모든 카메라"


class SignProblem(models.TextChoices):
    """What a citizen found wrong with a sign."""

    MISSING = "missing", "안내판이 없음"
    ILLEGIBLE = "illegible", "읽을 수 없음(훼손·가림)"
    WRONG_CONTENT = "wrong_content", "내용이 틀림"
    OTHER = "other", "그 밖의 문제"


class SignReportOutcome(models.TextChoices):
    """What came of a report of a sign."""

    PUT_RIGHT = "put_right", "바로잡음"
    IN_ORDER = "in_order", "확인 결과 이상 없음"
    PASSED_ON = "passed_on", "다른 기관으로 넘김"
    NOT_FOUND = "not_found", "장소를 확인할 수 없음"
