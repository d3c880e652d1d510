import pytest
from django.db.models import ProtectedError

from accounts.models import NeverDeleted, Officer
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db


def test_an_officer_is_never_deleted():
    officer = OfficerFactory()
    with pytest.raises(NeverDeleted):
        officer.delete()
    with pytest.raises(NeverDeleted):
        Officer.objects.filter(pk=officer.pk).delete()
    assert Officer.objects.filter(pk=officer.pk).exists()


def test_a_department_with_officers_stays():
    officer = OfficerFactory()
    with pytest.raises(ProtectedError):
        officer.department.delete()


def test_deactivation_ends_an_open_session(client):
    officer = OfficerFactory()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    officer.deactivate()
    response = client.get("/portal/")
    assert response.status_code == 302
    assert "/portal/login/" in response["Location"]
    assert list(Officer.objects.active()) == []


def test_korean_names_are_written_family_name_first():
    assert str(OfficerFactory(last_name="김", first_name="서연")) == "김서연"
    assert str(OfficerFactory(last_name="", first_name="", username="cctv1")) == "cctv1"


def test_manager_still_creates_users_as_django_does():
    created = Officer.objects.create_user("hong", password="gangseo-2026")
    assert created.check_password("gangseo-2026")
