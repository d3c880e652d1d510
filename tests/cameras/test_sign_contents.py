"""What a sign says, by both layers and by version of the law; and whether it agrees with the register."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.designations import designate
from accounts.models import Institution
from cameras.entrustment import key_of
from cameras.enums import STANDING, CameraState, InstallPurpose, LinkStatus
from cameras.models import Camera, Contractor, Sign, SignCamera, Site
from cameras.signs import making, overview, substitutes
from cameras.signs.agreement import agreeing_lines
from cameras.signs.contents import Law, NothingToSay, public_address, thaw, with_named_cameras
from cameras.signs.overview import SignState
from ledger.models import Entry
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.contracts import entered, entrusted_now
from tests.cameras.situations_of_signs import a_camera, a_sign, a_site

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)
GONE = "철거·이전·제외되었거나 아직 설치되지 않은 카메라"


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
    Camera.objects.filter(site=site).update(link_status=LinkStatus.LINKED)
    entrusted_now(coverage="linked")
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


@pytest.mark.parametrize("state", [s for s in CameraState if s not in STANDING])
def test_only_what_stands_is_named_and_a_sign_that_names_more_differs(state):
    site = a_site(cameras=2)
    sign = a_sign(site)
    removed_on = dt.date(2026, 1, 1) if state == CameraState.REMOVED else None
    Camera.objects.filter(site=site, ordinal=2).update(state=state, removed_on=removed_on)
    assert contents(site).cameras == (1,)
    assert overview.differences([sign]) == {sign.pk: [GONE]}
    assert agreeing_lines().count() == 0
    assert state_of(site) == SignState.DIFFERS
    a_sign(site)
    assert agreeing_lines().count() == 1
    assert thaw(Sign.objects.get(pk=sign.pk).contents).cameras == (1, 2)


def test_a_place_where_nothing_stands_yet_needs_no_sign():
    site = a_site(state=CameraState.APPROVED)
    assert not overview.sites_with_state().filter(pk=site.pk).exists()
    with pytest.raises(NothingToSay, match="설치된 카메라가 없거나"):
        contents(site)


def test_what_a_camera_serves_beyond_its_hours_stands_on_the_sign():
    site = a_site(cameras=2, operating_hours="08:00-20:00")
    sign = a_sign(site)
    assert [group.after_hours for group in contents(site).groups] == [""]
    Camera.objects.filter(site=site, ordinal=2).update(after_hours_purpose="방범")
    assert overview.differences([sign]) == {sign.pk: ["운영시간 외 활용목적"]}
    groups = contents(site).groups
    assert [(g.ordinals, g.after_hours, g.operating_hours) for g in groups] == [((1,), "", ""), ((2,), "방범", "08:00-20:00")]  # fmt: skip
    a_sign(site)
    assert agreeing_lines().count() == 2
    Camera.objects.filter(site=site).update(operating_hours="09:00-18:00")
    assert agreeing_lines().count() == 1


def test_values_are_said_in_english_where_they_are_known_and_frozen_so():
    site = a_site(filming_direction="360도 전방면", filming_range="반경 30m", link_status=LinkStatus.LINKED)
    Site.objects.filter(pk=site.pk).update(english_address="302, Hwagok-ro, Gangseo-gu, Seoul")
    found = contents(site)
    assert found.groups[0].english_range == "all directions (360°), within 30 m"
    assert found.english_address.startswith("302, Hwagok-ro")
    assert "control center" in found.english_integrated
    old = {k: v for k, v in found.frozen.items() if not k.startswith("english")}
    assert thaw(old).english_address == ""
    Camera.objects.filter(site=site).update(filming_range="어느 골목")
    assert contents(site).groups[0].english_range == ""


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
    entrusted_now(*site.cameras.all())
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
    contract = entrusted_now(coverage="all")
    sign = a_sign(site)
    Contractor.objects.filter(pk=contract.contractor_id).update(phone="02-2")
    Site.objects.filter(pk=site.pk).update(road_address="새 주소")
    Institution.objects.update(phone="02-3")
    assert overview.differences([sign])[sign.pk] == ["수탁자", "설치장소", "관리책임자 연락처·법정 기재사항"]


def test_every_contractor_of_the_day_stands_on_the_sign_with_its_work():
    site = a_site(cameras=2)
    first = site.cameras.get(ordinal=1)
    entrusted_now(first, name="유지", phone="02-1")
    entrusted_now(name="저장", phone="02-2", coverage="all", scopes=["installation", "maintenance"])
    found = contents(site).contractors
    assert [(one.name, one.phone, one.work, one.ordinals) for one in found] == [
        ("유지", "02-1", "유지보수", (1,)),
        ("저장", "02-2", "설치, 유지보수", (1, 2)),
    ]


def test_a_contract_that_begins_or_ends_makes_the_signs_of_its_cameras_differ():
    site, other = a_site(), a_site()
    contract = entrusted_now(*site.cameras.all())
    sign, others = a_sign(site), a_sign(other)
    assert overview.differences([sign, others]) == {}
    assert agreeing_lines().count() == 2
    assert agreeing_lines(contract.ends_on + dt.timedelta(days=1)).get().sign == others
    renewal = {"contractor": contract.contractor, "starts_on": contract.ends_on + dt.timedelta(days=1)}
    entered(**renewal, coverage="all", title="다음", ends_on=contract.ends_on + dt.timedelta(days=90))
    assert agreeing_lines(contract.ends_on + dt.timedelta(days=1)).get().sign == sign
    entrusted_now(*other.cameras.all())
    assert overview.differences([sign, others]) == {others.pk: ["수탁자"]}


def test_a_sign_from_before_the_work_was_told_agrees_as_long_as_it_names_the_right_ones():
    site = a_site()
    contract = entrusted_now(*site.cameras.all(), name="한빛", phone="02-1")
    a_sign(site)
    SignCamera.objects.update(entrusted=key_of([("한빛", "02-1")]))
    assert agreeing_lines().count() == 1
    entrusted_now(name="늘푸른", coverage="all")
    assert agreeing_lines().count() == 0
    assert contract.contractor.name == "한빛"


def test_a_new_and_a_removed_camera_are_differences():
    site = a_site(cameras=2)
    sign = a_sign(site)
    a_camera(site, state=CameraState.OPERATING)
    Camera.objects.filter(site=site, ordinal=1).update(
        state=CameraState.REMOVED, removed_on=dt.date(2026, 1, 1)
    )
    assert overview.differences([sign])[sign.pk] == ["카메라 추가", GONE]


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
