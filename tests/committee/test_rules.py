"""The committee's resolution on an installation, where the profile asks for one."""

import datetime as dt

import pytest

from cameras.enums import CameraState, PaperKind
from cameras.models import Camera
from committee.models import ResolutionCamera
from ordinance.models import Parameter
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory
from tests.cameras.test_rules import paper, project_of
from tests.committee.factories import recorded
from tests.ordinance.duties import covered, excuse, unmet

pytestmark = pytest.mark.django_db

RECENT = dt.date(2026, 1, 1)


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


def test_a_profile_that_does_not_ask_for_it_covers_nothing():
    camera = CameraFactory(installed_month=RECENT)
    Parameter.objects.filter(profile="gangseo", code="install_resolution_required").update(value=False)
    assert covered("resolution") == set()
    assert covered("resolution", ahead=True) == set()
    assert unmet("resolution", camera.number) == set()


def test_small_installations_may_come_first_where_the_profile_says_so():
    Parameter.objects.filter(profile="gangseo", code="small_install_threshold").update(value=3)
    few = CameraFactory.create_batch(2, installed_month=RECENT)
    project_of(*few)
    many = CameraFactory.create_batch(3, installed_month=RECENT)
    project_of(*many)
    alone = CameraFactory(installed_month=RECENT)
    assert covered("resolution") == {camera.number for camera in many}
    assert alone.number not in covered("resolution")
