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
