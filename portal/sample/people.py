"""The office: institution, departments, who was responsible when, one account per role."""

import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts import roles
from accounts.designations import designate
from accounts.models import Department, Institution, Officer, ResponsibleDesignation
from accounts.roles import Role
from ledger import append
from portal.officers import OFFICER_CREATED

INSTITUTION = "서울특별시 강서구청"
INSTITUTION_CODE = "3150000"
PHONE = "02-2600-6114"
ACCOUNTS_FILE = "demo-accounts.txt"
PASSWORD_KEY = "demo_password"  # noqa: S105 - the name of its file
PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

SAFETY = "안전관리과"
SMART_CITY = "스마트도시과"
PARKING = "주차관리과"
CLEANING = "자원순환과"
PARKS = "공원녹지과"
CHILDREN = "교통행정과"
AUDIT = "감사담당관"
DEPARTMENTS = (SAFETY, SMART_CITY, PARKING, CLEANING, PARKS, CHILDREN, AUDIT)

# Ordinance art. 4; the departments of the enacted text and of the text of 2025.
DESIGNATIONS = (
    (SMART_CITY, date(2023, 5, 10), "스마트도시과-4512"),
    (SAFETY, date(2025, 10, 1), "안전관리과-8830"),
)


@dataclass(frozen=True)
class Person:
    username: str
    family_name: str
    given_name: str
    role: Role
    department: str
    position: str


PEOPLE = (
    Person("admin", "한", "지우", Role.SYSTEM_ADMINISTRATOR, SMART_CITY, "전산주사"),
    Person("manager", "박", "정민", Role.CCTV_MANAGER, SAFETY, "안전관리과장"),
    Person("official", "김", "서연", Role.OFFICIAL, SAFETY, "영상정보팀 주무관"),
    Person("agent", "이", "도현", Role.MONITORING_AGENT, SAFETY, "관제요원"),
    Person("auditor", "최", "은경", Role.AUDITOR, AUDIT, "감사팀장"),
    Person("secretary", "정", "하늘", Role.COMMITTEE_SECRETARY, SAFETY, "영상정보팀장"),
)


def found_office() -> Institution:
    institution, _ = Institution.objects.update_or_create(
        name=INSTITUTION, defaults={"code": INSTITUTION_CODE, "phone": PHONE}
    )
    for name in DEPARTMENTS:
        Department.objects.get_or_create(institution=institution, name=name, defaults={"phone": PHONE})
    for name, from_on, document_number in DESIGNATIONS:
        department = Department.objects.get(institution=institution, name=name)
        if not ResponsibleDesignation.objects.filter(department=department, from_on=from_on).exists():
            designate(department, from_on=from_on, document_number=document_number, manager_post=f"{name}장")
    return institution


def open_accounts(institution: Institution) -> Path:
    """One account per role with one password, made up for this installation and kept in a file of its owner."""
    password = _password()
    for person in PEOPLE:
        officer, is_new = Officer.objects.get_or_create(
            username=person.username,
            defaults={
                "last_name": person.family_name,
                "first_name": person.given_name,
                "position": person.position,
                "department": Department.objects.get(institution=institution, name=person.department),
            },
        )
        if is_new:
            officer.set_password(password)
            officer.save(update_fields=["password"])
            roles.assign(officer, person.role)
            _put_on_record(officer, person.role)
    return _write_down(password)


def _put_on_record(officer: Officer, role: Role) -> None:
    with transaction.atomic():
        append.record(
            OFFICER_CREATED,
            actor="command:seed_district",
            subject=f"officer:{officer.pk}",
            payload={"role": role.value},
        )


def official() -> Officer:
    return Officer.objects.get(username="official")


def manager() -> Officer:
    return Officer.objects.get(username="manager")


def _password() -> str:
    """Sixty bits, in letters that are not taken for one another when they are typed from a screen."""

    def make() -> bytes:
        groups = ["".join(secrets.choice(PLAIN_LETTERS) for _ in range(4)) for _ in range(3)]
        return "-".join(["gangseo", *groups]).encode()

    return str(settings.KEY_STORE.read(PASSWORD_KEY, make).decode())


def _write_down(password: str) -> Path:
    path = Path(settings.DATA_DIR) / ACCOUNTS_FILE
    lines = [f"  시범 계정 (비밀번호는 모두 {password})"]
    lines += [f"    {person.username:<10} {person.role.label}" for person in PEOPLE]
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
