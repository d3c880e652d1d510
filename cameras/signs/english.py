"""What of a sign's values is known in English. What is not known stays Korean: nothing is translated by guess."""

import re

from cameras.enums import ContractScope, InstallPurpose

# Official English of the seven purposes (docs/glossary.md).
PURPOSES = {
    InstallPurpose.CRIME_PREVENTION: "Crime prevention",
    InstallPurpose.ILLEGAL_DUMPING: "Prevention of illegal dumping",
    InstallPurpose.PARKING_MANAGEMENT: "Parking management",
    InstallPurpose.TRAFFIC_INFORMATION: "Collecting traffic information",
    InstallPurpose.ILLEGAL_PARKING: "Enforcement against illegal parking",
    InstallPurpose.DISASTER_PREVENTION: "Disaster prevention",
    InstallPurpose.OTHER_PUBLIC: "Other public interest",
}
HOURS = {"24시간": "24 hours"}
WORKS = {
    ContractScope.INSTALLATION: "installation",
    ContractScope.MAINTENANCE: "maintenance",
    ContractScope.MONITORING: "monitoring",
}
_BY_LABEL = {str(purpose.label): text for purpose, text in PURPOSES.items()}
_WORK_BY_LABEL = {str(scope.label): text for scope, text in WORKS.items()}
_RANGES = {
    "설치장소 주변": "around this place",
    "360도 전방면": "all directions (360°)",
    "전방향": "all directions",
    "교차로": "intersection",
    "골목 양방향": "both directions of the alley",
    "도로 양방향": "both directions of the road",
}
_RADIUS = re.compile(r"반경 ?(\d+) ?(m|미터|M)")


def of_range(text: str) -> str:
    """Of 촬영범위 and 촬영방면, where every part of it is known; else empty."""
    parts = [_of_part(part.strip()) for part in text.split(",")]
    return ", ".join(parts) if all(parts) else ""


def _of_part(part: str) -> str:
    radius = _RADIUS.fullmatch(part)
    return f"within {radius[1]} m" if radius else _RANGES.get(part, "")


def of_hours(text: str) -> str:
    return HOURS.get(text.strip(), "")


def of_purpose_in_words(text: str) -> str:
    """Of a purpose that an official wrote in the words of the ordinance; else empty."""
    return _BY_LABEL.get(text.strip(), "")


def of_works(text: str) -> str:
    """Of 위탁 업무 as `Entrusted.work` lists it; empty where one of them is not known."""
    parts = [_WORK_BY_LABEL.get(part.strip(), "") for part in text.split(",")]
    return ", ".join(parts) if all(parts) else ""
