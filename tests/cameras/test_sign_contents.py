"""What a sign says, by both layers and by version of the law; and whether it agrees with the register."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.designations import designate
from accounts.models import Institution
from cameras.enums import CameraState, InstallPurpose, LinkStatus
from cameras.models import Camera, Sign, Site
from cameras.signs import making, overview, substitutes
from cameras.signs.agreement import agreeing_lines
from cameras.signs.contents import Law, NothingToSay, public_address, thaw, with_named_cameras
from cameras.signs.overview import SignState
from ledger.models import Entry
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.factories import ContractorFactory
from tests.cameras.situations_of_signs import a_camera, a_sign, a_site

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


def contents(site, on=None):
    return Law(on).contents(with_named_cameras(Site.objects.filter(pk=site.pk)).get())


def state_of(site):
    return overview.sites_with_state().filter(pk=site.pk).values_list("sign_state", flat=True).get()


def test_both_layers_stand_beside_each_other_with_their_citations():
    required = {item.code: item.citations for item in contents(a_site()).required}
    assert required["purpose_and_place"] == ("개인정보 보호법 제25조제4항제1호", "조례 제9조제1호")
    assert set(required) == {"purpose_and_place", "range_and_time", "manager_contact", "manager_and_contact"}


def test_the_managers_name_was_asked_for_until_2023_09_14_only():
    site = a_site()
    before = {item.code for item in contents(site, dt.date(2023, 9, 14)).required}
    after = {item.code for item in contents(site, dt.date(2023, 9, 15)).required}
    assert before - after == {"manager_name_and_contact"}
    assert after - before == {"manager_contact"}
    assert "manager_name_and_contact" in contents(site, dt.date(2023, 9, 14)).missing  # nobody is designated


def test_contractor_and_integrated_control_only_where_there_are_some():
    site = a_site()
    Camera.objects.filter(site=site).update(
        contractor=ContractorFactory(phone="02-1"), link_status=LinkStatus.LINKED
    )
    codes = {item.code for item in contents(site).required}
    assert {"contractor", "integrated_management"} <= codes
    assert contents(site).integrated


def test_removed_and_exempt_cameras_are_not_named():
    site = a_site(cameras=3)
    Camera.objects.filter(site=site, ordinal=2).update(
        state=CameraState.REMOVED, removed_on=dt.date(2026, 1, 1)
    )
    Camera.objects.filter(site=site, ordinal=3).update(is_sign_exempt=True)
    assert contents(site).cameras == (1,)


def test_a_site_without_anything_to_name_gets_no_sign():
    site = a_site()
    Camera.objects.filter(site=site).update(is_sign_exempt=True)
    with pytest.raises(NothingToSay, match="단서"):
        contents(site)


def test_cameras_that_differ_stand_in_groups():
    site = a_site(cameras=3)
    Camera.objects.filter(site=site, ordinal=3).update(install_purpose=InstallPurpose.ILLEGAL_DUMPING)
    assert [group.ordinals for group in contents(site).groups] == [(1, 2), (3,)]


def test_what_the_register_does_not_know_is_missing_and_not_made_up():
    site = a_site()
    Camera.objects.filter(site=site).update(filming_direction="", filming_range="")
    found = contents(site)
    assert found.missing == ("range_and_time",)
    assert "range_and_time" not in found.codes


def test_the_responsible_department_stands_before_the_institution():
    site = a_site()
    designate(
        DepartmentFactory(institution=site.institution, name="스마트도시과", phone="02-2600-1"), from_on=TODAY
    )
    assert contents(site, TODAY).manager.phone == "02-2600-1"
    assert contents(site, TODAY - dt.timedelta(days=1)).manager.title == site.institution.name


def test_the_address_of_an_odd_number_is_percent_encoded(settings):
    settings.PUBLIC_URL = "https://cctv.example.kr"
    assert public_address(Site(number="가/나#1")) == "https://cctv.example.kr/s/%EA%B0%80%2F%EB%82%98%231/"


def test_frozen_contents_come_back_as_they_were():
    site = a_site(cameras=2)
    Camera.objects.filter(site=site).update(contractor=ContractorFactory(phone="02-1"))
    sign = a_sign(site)
    assert thaw(Sign.objects.get(pk=sign.pk).contents) == contents(site)


def test_the_same_contents_are_printed_again_under_the_same_version():
    site = a_site()
    assert a_sign(site).pk == a_sign(site).pk
    assert [entry.content["is_reprint"] for entry in Entry.objects.filter(kind="cameras.sign_made").order_by("sequence")] == [False, True]  # fmt: skip


def test_different_contents_take_the_place_of_the_sign_in_use():
    site = a_site()
    first = a_sign(site)
    Camera.objects.filter(site=site).update(filming_hours="09:00~18:00")
    second = a_sign(site)
    first.refresh_from_db()
    assert (second.version, first.retired_reason) == (2, making.REPLACED)


def test_a_plan_that_was_overtaken_stores_nothing():
    site = a_site()
    plans = making.plan(Site.objects.filter(pk=site.pk)).plans
    a_sign(site)
    Camera.objects.filter(site=site).update(filming_hours="야간")
    with pytest.raises(making.Overtaken):
        making.record(plans, size="A4", by=None)
    assert Sign.objects.count() == 1


def _other_contractor(camera):
    camera.contractor = ContractorFactory(phone="02-9")


DIFFERENCES = {
    "설치목적": {"install_purpose": InstallPurpose.PARKING_MANAGEMENT},
    "설치목적 상세": {"purpose_detail": "학교 앞"},
    "촬영범위": {"filming_range": "반경 50 m"},
    "촬영방면정보": {"filming_direction": "골목"},
    "촬영시간": {"filming_hours": "야간"},
    "통합관리": {"link_status": LinkStatus.LINKED},
}


@pytest.mark.parametrize("word", DIFFERENCES)
def test_a_changed_column_of_the_register_is_a_difference(word):
    site = a_site()
    sign = a_sign(site)
    assert agreeing_lines().count() == 1
    Camera.objects.filter(site=site).update(**DIFFERENCES[word])
    assert agreeing_lines().count() == 0
    assert overview.differences([sign]) == {sign.pk: [word]}
    assert state_of(site) == SignState.DIFFERS


def test_contractor_address_and_contact_are_compared_too():
    site = a_site()
    contractor = ContractorFactory(phone="02-1")
    Camera.objects.filter(site=site).update(contractor=contractor)
    sign = a_sign(site)
    contractor.phone = "02-2"
    contractor.save()
    Site.objects.filter(pk=site.pk).update(road_address="새 주소")
    Institution.objects.update(phone="02-3")
    assert overview.differences([sign])[sign.pk] == ["수탁자", "설치장소", "관리책임자 연락처·법정 기재사항"]


def test_a_new_and_a_removed_camera_are_differences():
    site = a_site(cameras=2)
    sign = a_sign(site)
    a_camera(site, state=CameraState.OPERATING)
    Camera.objects.filter(site=site, ordinal=1).update(
        state=CameraState.REMOVED, removed_on=dt.date(2026, 1, 1)
    )
    assert overview.differences([sign])[sign.pk] == ["카메라 추가", "철거·제외된 카메라"]


def test_a_sign_without_a_content_that_the_law_asks_for_does_not_agree():
    site = a_site()
    a_sign(site)
    assert agreeing_lines(dt.date(2023, 9, 14)).count() == 0  # the name was asked for then


def test_states_of_a_sign_in_their_order():
    site = a_site()
    assert state_of(site) == SignState.NONE
    sign = a_sign(site)
    assert state_of(site) == SignState.PRINTED
    today = timezone.localdate()
    Sign.objects.filter(pk=sign.pk).update(put_up_on=today)
    assert state_of(site) == SignState.PUT_UP
    Sign.objects.filter(pk=sign.pk).update(last_checked_on=today - dt.timedelta(days=400))
    assert state_of(site) == SignState.OVERDUE
    Sign.objects.filter(pk=sign.pk).update(last_checked_on=today)
    assert state_of(site) == SignState.CURRENT
    substitutes.decide(
        site, reason="impossible", explanation="산불 감시", document_number="1", from_on=today, until_on=None,
        by=OfficerFactory(),
    )  # fmt: skip
    assert state_of(site) == SignState.SUBSTITUTED


@pytest.mark.parametrize("sites", [1, 12])
def test_planning_many_takes_no_more_queries_than_one(sites, django_assert_max_num_queries):
    for _ in range(sites):
        a_site(cameras=2)
    with django_assert_max_num_queries(10):
        assert len(making.plan(Site.objects.all()).plans) == sites
