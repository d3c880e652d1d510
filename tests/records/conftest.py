import pytest

from accounts.roles import Role
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory


@pytest.fixture
def camera(db):
    return CameraFactory()


@pytest.fixture
def manager(db):
    """With a department that can be named as the one to turn to."""
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
