import pytest

from accounts.roles import Role
from records.viewing import against_ledger
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory


@pytest.fixture
def camera(db):
    return CameraFactory()


@pytest.fixture
def manager(db):
    """With a department that can be named as the one to turn to."""
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))


@pytest.fixture
def days_set_back(monkeypatch):
    """For tests that let time pass by setting days back in the database: what `against_ledger` is there to refuse."""
    monkeypatch.setattr(against_ledger, "fault", lambda request: "")
