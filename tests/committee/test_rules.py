"""The committee's resolution on an installation, where the profile asks for one."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cameras.enums import CameraState, PaperKind
from cameras.models import Camera
from committee.models import ResolutionCamera
from ordinance import loading
from ordinance.decisions import RESOLUTION_ON_INSTALLATION as REQUIRED
from ordinance.decisions import Document, decide
from ordinance.models import Finding, Parameter
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.cameras.test_rules import paper, project_of
from tests.committee.factories import demand_resolutions, recorded
from tests.ordinance.duties import assess, covered, excuse, open_findings, unmet

RECENT = dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _a_decision(db):
    demand_resolutions()


def test_cameras_of_before_the_requirement_are_not_covered():
    CameraFactory(installed_month=dt.date(2020, 5, 1))
    unknown = CameraFactory(installed_month=None)
    recent = CameraFactory(installed_month=RECENT)
    assert covered("resolution") == {recent.number}
    assert unknown.number not in covered("resolution")


def test_a_camera_that_awaits_installation_is_covered_whatever_its_month():
    approved = CameraFactory(state=CameraState.APPROVED, installed_month=None)
    assert unmet("resolution") == {approved.number}


def test_a_carried_resolution_on_the_project_meets_the_duty_and_a_failed_one_does_not():
    camera = CameraFactory(installed_month=RECENT)
    project = project_of(camera)
    recorded(projects=[project], votes=(3, 6, 3))
    assert unmet("resolution") == {camera.number}
    recorded(projects=[project])
    assert unmet("resolution") == set()


def test_a_resolution_on_the_camera_counts_for_that_installation():
    camera = CameraFactory(installed_month=RECENT)
    recorded(cameras=[camera])
    assert ResolutionCamera.objects.get().installation == 1
    assert unmet("resolution") == set()
    Camera.objects.filter(pk=camera.pk).update(installation=2)
    assert unmet("resolution") == {camera.number}


def test_a_paper_of_the_resolution_meets_the_duty():
    camera = CameraFactory(installed_month=RECENT)
    paper(PaperKind.RESOLUTION, camera)
    assert unmet("resolution") == set()


def test_an_excepted_camera_is_not_unmet():
    camera = CameraFactory(installed_month=RECENT)
    excuse("resolution", camera.number, by=OfficerFactory())
    assert unmet("resolution") == set()


def _switched(**values):
    Parameter.objects.filter(profile="gangseo", code=REQUIRED).update(**values)


def test_a_profile_that_does_not_ask_for_it_covers_nothing():
    camera = CameraFactory(installed_month=RECENT)
    _switched(value=False)
    assert covered("resolution") == set()
    assert covered("resolution", ahead=True) == set()
    assert unmet("resolution", camera.number) == set()


def test_without_a_document_the_demand_does_not_exist_and_findings_close_with_that_reason():
    """Ordinance art. 28 lists functions of the committee; the approval of an installation is not among them."""
    camera = CameraFactory(installed_month=RECENT)
    assess()
    assert open_findings("resolution") == {camera.number}
    _switched(document_number="", document_title="", document_on=None)
    figures = assess().result["resolution"]
    assert (figures["subjects"], figures["unmet"], figures["not_applicable"]) == (0, 0, 1)
    closed = Finding.objects.get(rule__code="resolution", number=camera.number)
    assert closed.closing == Finding.Closing.NOT_COVERED
    assert "제28조는 설치마다 의결하라고 하지 않으며" in closed.closing_evidence


def test_it_is_off_in_every_shipped_profile():
    values = [
        row
        for path in loading.shipped_files()
        for row in loading.read(path).rows_of("parameter")
        if row.values["code"] == REQUIRED
    ]
    assert len(values) >= 2
    assert {row.values["value"] for row in values} == {False}


def test_a_decision_names_its_document_and_applies_from_its_day():
    officer = OfficerFactory()
    later = Document("안전관리과-90", dt.date(2026, 7, 1), "방침 폐지")
    decide(REQUIRED, False, effective_on=dt.date(2026, 8, 1), document=later, by=officer)
    camera = CameraFactory(installed_month=RECENT)
    assert covered("resolution", on=dt.date(2026, 7, 31)) == {camera.number}
    assert covered("resolution", on=dt.date(2026, 8, 1)) == set()
    with pytest.raises(ValidationError):
        decide(REQUIRED, True, effective_on=dt.date(2026, 6, 1), document=later, by=officer)
    with pytest.raises(ValidationError):
        decide(
            REQUIRED,
            True,
            effective_on=dt.date(2026, 9, 1),
            document=Document(" ", dt.date(2026, 7, 1), "제목"),
            by=officer,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        _switched(document_title="")


def test_who_was_installed_before_the_demand_is_counted_apart():
    CameraFactory(installed_month=dt.date(2020, 5, 1))
    CameraFactory(installed_month=None)
    CameraFactory(installed_month=RECENT)
    figures = assess().result["resolution"]
    assert (figures["subjects"], figures["not_applicable"]) == (1, 2)


def test_small_installations_may_come_first_where_the_profile_says_so():
    Parameter.objects.filter(profile="gangseo", code="small_install_threshold").update(value=3)
    few = CameraFactory.create_batch(2, installed_month=RECENT)
    project_of(*few)
    many = CameraFactory.create_batch(3, installed_month=RECENT)
    project_of(*many)
    alone = CameraFactory(installed_month=RECENT)
    assert covered("resolution") == {camera.number for camera in many}
    assert alone.number not in covered("resolution")
