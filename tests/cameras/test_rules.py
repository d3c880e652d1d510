"""Each duty of the register: met, unmet, excepted, not applicable, and under the law of the day."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import ResponsibleDesignation
from cameras import policy
from cameras.enums import (
    CameraState,
    ConsultationMethod,
    ConsultationReply,
    LifecycleEvent,
    LinkStatus,
    MonitoringScope,
    PaperKind,
    PlaceKind,
    PriorConsultationState,
)
from cameras.models import (
    Camera,
    ConsultationCondition,
    ContractCamera,
    ContractorInspection,
    ContractorTraining,
    EntrustmentContract,
    InstallationProject,
    LifecycleAct,
    Move,
    Paper,
    PaperCamera,
    PriorConsultation,
    PublicConsultation,
    Reentrustment,
    Sign,
    SignCheck,
    SignSubstitute,
    Site,
)
from cameras.signs import making
from ordinance import findings, rules
from ordinance.models import Finding
from ordinance.rules import Context
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras.contracts import entrusted_now
from tests.cameras.contracts import values as contract_values
from tests.cameras.factories import CameraFactory
from tests.ordinance.duties import assess, covered, excuse, open_findings, today, unmet

pytestmark = pytest.mark.django_db

BEFORE = dt.date(2023, 9, 14)
AFTER = dt.date(2023, 9, 15)


def years_ago(years: float) -> dt.date:
    return today() - dt.timedelta(days=round(365 * years))


def paper(kind, *cameras, on=None, project=None, **facts) -> Paper:
    row = Paper.objects.create(
        kind=kind, on=on or today(), document_number="안전관리과-1", project=project, **facts
    )
    for camera in cameras:
        PaperCamera.objects.create(paper=row, camera=camera, installation=camera.installation)
    return row


def project_of(*cameras, department=None) -> InstallationProject:
    project = InstallationProject.objects.create(
        number=f"2026-{InstallationProject.objects.count() + 1}",
        title="골목길 방범",
        installing_department=department or DepartmentFactory(),
        opened_by=OfficerFactory(),
    )
    Camera.objects.filter(pk__in=[camera.pk for camera in cameras]).update(project=project)
    return project


def designated(name="안전관리과", from_on=dt.date(2020, 1, 1)):
    department = DepartmentFactory(name=name, phone="02-2600-1234")
    ResponsibleDesignation.objects.create(department=department, manager_post="안전관리과장", from_on=from_on)
    return department


# -- purpose (6) ------------------------------------------------------------------------------------------------


def test_an_imported_camera_has_a_lawful_purpose():
    camera = CameraFactory()
    assert camera.number in covered("purpose")
    assert unmet("purpose") == set()


def test_a_purpose_outside_the_seven_is_unmet():
    camera = CameraFactory()
    Camera.objects.filter(pk=camera.pk).update(install_purpose="advertising")
    assert unmet("purpose") == {camera.number}


def test_a_law_that_allows_it_has_to_be_named():
    named = CameraFactory(pipa25_ground=1, special_law_basis="도로법 제60조")
    unnamed = CameraFactory(pipa25_ground=1)
    assert unmet("purpose", named.number, unnamed.number) == {unnamed.number}


def test_momentary_statistics_are_a_ground_since_the_law_of_2023_09_15():
    camera = CameraFactory(
        pipa25_ground=6, install_purpose="other_public", purpose_detail="공원 방문객 수", retention_days=1
    )
    assert unmet("purpose", on=BEFORE) == {camera.number}
    assert unmet("purpose", on=AFTER) == set()


def test_a_removed_camera_needs_no_purpose():
    camera = CameraFactory(removed=True)
    assert camera.number not in covered("purpose")


def test_an_excepted_purpose_is_not_unmet():
    camera = CameraFactory(pipa25_ground=1)
    excuse("purpose", camera.number, by=OfficerFactory())
    assert unmet("purpose") == set()


# -- place (PIPA 25(2)) -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "is_met"),
    [
        (PlaceKind.OPEN, True),
        (PlaceKind.DETENTION, True),
        (PlaceKind.MENTAL_HEALTH, True),
        (PlaceKind.PRIVACY, False),
    ],
)
def test_places_where_people_undress_are_forbidden(kind, is_met):
    camera = CameraFactory(place_kind=kind)
    assert (unmet("place") == set()) is is_met
    assert camera.number in covered("place")


def test_an_excepted_or_removed_camera_is_not_counted_for_its_place():
    excepted = CameraFactory(place_kind=PlaceKind.PRIVACY)
    CameraFactory(place_kind=PlaceKind.PRIVACY, removed=True)
    assert unmet("place") == {excepted.number}
    excuse("place", excepted.number, by=OfficerFactory())
    assert unmet("place") == set()


# -- installed before the ordinance (5, 7, 8): not applied, neither met nor unmet -----------------------------------

DUTIES_OF_INSTALLING = (
    "installation_checklist",
    "registered_builder",
    "prior_consultation",
    "public_consultation",
)


def installed(month, **facts) -> Camera:
    return CameraFactory(installed_month=month, installing_department=DepartmentFactory(), **facts)


@pytest.mark.parametrize("code", DUTIES_OF_INSTALLING)
def test_duties_of_installing_are_not_applied_to_what_was_installed_before_2023_05(code):
    old = installed(dt.date(2023, 4, 1))
    that_month, young, unknown = (installed(day) for day in (dt.date(2023, 5, 1), dt.date(2023, 6, 1), None))
    applied = {camera.number for camera in (that_month, young, unknown)}
    assert covered(code) == applied
    assert unmet(code) == applied
    figures = assess().result[code]
    assert (figures["subjects"], figures["unmet"], figures["met"]) == (3, 3, 0)
    assert figures["not_applicable"] == 1
    assert old.number not in open_findings(code)
    said = rules.get(code)
    assert "2023-05-10" in said.exclusion.reason(Context(today(), "gangseo"))
    assert "행정기본법 제14조제1항" in said.exclusion.reason(Context(today(), "gangseo"))


@pytest.mark.parametrize("code", DUTIES_OF_INSTALLING)
def test_who_does_not_know_the_month_is_told_so(code):
    camera = installed(None)
    assess()
    finding = Finding.objects.get(rule__code=code, number=camera.number)
    assert "설치연월을 알 수 없어" in findings.what(finding)


@pytest.mark.parametrize("code", DUTIES_OF_INSTALLING)
def test_an_old_camera_that_is_moved_or_joins_a_project_takes_up_the_duties(code):
    moved = installed(dt.date(2019, 1, 1), installation=2)
    joined = installed(dt.date(2019, 1, 1))
    project_of(joined)
    installed(dt.date(2019, 1, 1))
    assert covered(code) == {moved.number, joined.number}


def test_where_the_day_of_the_ordinance_is_not_on_record_the_duties_apply_to_everybody(settings):
    camera = installed(dt.date(2010, 1, 1))
    rule = rules.get("installation_checklist")
    assert not rule.subjects(Context(today(), "gangseo")).exists()
    assert set(rule.subjects(Context(today(), "mapo"))) == {camera}


def test_findings_of_older_cameras_close_with_the_reason():
    camera = installed(dt.date(2024, 1, 1))
    assess()
    Camera.objects.filter(pk=camera.pk).update(installed_month=dt.date(2020, 1, 1))
    assess()
    closed = Finding.objects.get(rule__code="installation_checklist", number=camera.number)
    assert closed.closing == Finding.Closing.NOT_COVERED
    assert "행정기본법 제14조제1항" in closed.closing_evidence


# -- the builder (5, item 4) ---------------------------------------------------------------------------------------


def test_a_checklist_before_the_deliberation_needs_no_builder_and_installing_does():
    assert rules.get("installation_checklist").gates == {LifecycleEvent.DELIBERATE}
    assert rules.get("registered_builder").gates == {LifecycleEvent.INSTALL}
    camera = CameraFactory(state=CameraState.APPROVED)
    paper(PaperKind.INSTALLATION_CHECKLIST, camera, contents={"standardised": "yes"})
    assert unmet("installation_checklist", ahead=True) == set()
    assert unmet("registered_builder", ahead=True) == {camera.number}
    paper(PaperKind.BUILDER_REGISTRATION, camera)
    assert unmet("registered_builder", ahead=True) == set()


def test_the_builder_of_a_former_checklist_or_of_the_project_counts():
    old, new, bare = CameraFactory.create_batch(3)
    paper(PaperKind.INSTALLATION_CHECKLIST, old, contents={"registered_builder": "yes"})
    project = project_of(new)
    InstallationProject.objects.filter(pk=project.pk).update(
        builder_name="한빛", builder_registration="제1호", builder_checked_on=today()
    )
    assert unmet("registered_builder") == {bare.number}


# -- papers in general, on the checklist (5) --------------------------------------------------------------------


def test_a_camera_without_a_checklist_is_unmet_and_one_with_it_is_met():
    with_paper, without = CameraFactory.create_batch(2)
    paper(PaperKind.INSTALLATION_CHECKLIST, with_paper)
    assert unmet("installation_checklist") == {without.number}


def test_a_paper_of_the_project_counts_for_its_cameras_only():
    inside, outside = CameraFactory.create_batch(2)
    project = project_of(inside)
    paper(PaperKind.INSTALLATION_CHECKLIST, project=project)
    assert unmet("installation_checklist") == {outside.number}


def test_a_withdrawn_paper_proves_nothing():
    camera = CameraFactory()
    paper(PaperKind.INSTALLATION_CHECKLIST, camera, withdrawn_at=timezone.now())
    assert unmet("installation_checklist") == {camera.number}


def test_a_paper_of_the_last_installation_proves_nothing_for_the_next():
    camera = CameraFactory()
    paper(PaperKind.INSTALLATION_CHECKLIST, camera)
    Camera.objects.filter(pk=camera.pk).update(installation=2)
    assert unmet("installation_checklist") == {camera.number}


def test_a_paper_that_is_younger_than_the_day_does_not_count_yet():
    camera = CameraFactory()
    paper(PaperKind.INSTALLATION_CHECKLIST, camera, on=today())
    assert unmet("installation_checklist", on=years_ago(1)) == {camera.number}


def test_planned_cameras_are_covered_ahead_of_the_step_only():
    camera = CameraFactory(planned=True)
    for code in ("installation_checklist", "public_consultation", "sign", "audio_off"):
        assert camera.number not in covered(code), code
        assert camera.number in covered(code, ahead=True), code


@pytest.mark.parametrize(
    "code", ["installation_checklist", "public_consultation", "sign", "audio_off", "necessity_review"]
)
def test_an_excepted_camera_is_not_unmet_and_a_removed_one_not_applicable(code):
    camera = CameraFactory()
    removed = CameraFactory(removed=True)
    assert unmet(code) == {camera.number}
    assert removed.number not in covered(code)
    excuse(code, camera.number, by=OfficerFactory())
    assert unmet(code) == set()


# -- prior consultation (7) -------------------------------------------------------------------------------------


def asked(project, **facts) -> PriorConsultation:
    return PriorConsultation.objects.create(
        number=f"협의-{PriorConsultation.objects.count() + 1}",
        project=project,
        requesting_department=project.installing_department,
        plan="3대",
        request_document="교통행정과-1",
        asked_on=years_ago(0.2),
        **facts,
    )


def test_a_camera_of_another_department_needs_the_consultation():
    designated()
    camera = CameraFactory(installing_department=DepartmentFactory(name="교통행정과"))
    assert unmet("prior_consultation") == {camera.number}
    paper(PaperKind.PRIOR_CONSULTATION, camera)
    assert unmet("prior_consultation") == set()


def test_the_responsible_department_need_not_consult_itself():
    CameraFactory(installing_department=designated())
    assert covered("prior_consultation") == set()


def test_a_camera_of_an_unknown_department_is_covered_ahead_of_the_step_only():
    designated()
    camera = CameraFactory(installing_department=None)
    assert covered("prior_consultation") == set()
    assert unmet("prior_consultation", ahead=True) == {camera.number}


@pytest.mark.parametrize(
    ("reply", "is_met"),
    [
        (ConsultationReply.AGREE, True),
        (ConsultationReply.CONDITIONS, True),
        (ConsultationReply.DECLINE, False),
        ("", False),
    ],
)
def test_only_an_agreeing_reply_counts(reply, is_met):
    designated()
    camera = CameraFactory()
    consultation = asked(project_of(camera), reply=reply, replied_on=today() if reply else None)
    assert (unmet("prior_consultation") == set()) is is_met
    consultation.state = PriorConsultationState.WITHDRAWN
    consultation.save()
    assert unmet("prior_consultation") == {camera.number}


def test_a_condition_counts_against_it_when_it_is_overdue_and_unfulfilled():
    designated()
    camera = CameraFactory()
    consultation = asked(project_of(camera), reply=ConsultationReply.CONDITIONS, replied_on=today())
    condition = ConsultationCondition.objects.create(
        consultation=consultation, position=1, text="야간 조명", due_on=today()
    )
    assert unmet("prior_consultation") == set()
    ConsultationCondition.objects.update(due_on=today() - dt.timedelta(days=1))
    assert unmet("prior_consultation") == {camera.number}
    excuse("prior_consultation", camera.number, by=OfficerFactory())
    assert unmet("prior_consultation") == set()
    ConsultationCondition.objects.filter(pk=condition.pk).update(fulfilled_on=today())
    assert unmet("prior_consultation") == set()


def test_a_condition_without_a_day_binds_from_operation():
    designated()
    camera = CameraFactory(state=CameraState.PLANNED)
    consultation = asked(project_of(camera), reply=ConsultationReply.CONDITIONS, replied_on=today())
    condition = ConsultationCondition.objects.create(
        consultation=consultation, position=1, text="관제센터 연계"
    )
    assert unmet("prior_consultation") == set()
    Camera.objects.update(state=CameraState.OPERATING)
    assert unmet("prior_consultation") == {camera.number}
    ConsultationCondition.objects.filter(pk=condition.pk).update(fulfilled_on=today())
    assert unmet("prior_consultation") == set()


# -- public consultation (8) ------------------------------------------------------------------------------------


def consultation_of(project, **facts) -> PublicConsultation:
    now = timezone.now()
    return PublicConsultation.objects.create(
        number=f"공고-{PublicConsultation.objects.count() + 1}",
        project=project,
        method=ConsultationMethod.ADMINISTRATIVE_NOTICE,
        title="설치 예고",
        text="설치합니다",
        **{
            "opens_at": now - dt.timedelta(days=30),
            "closes_at": now - dt.timedelta(days=5),
            "published_at": now - dt.timedelta(days=30),
            "result_published_at": now - dt.timedelta(days=1),
            **facts,
        },
    )


def test_a_consultation_with_its_result_published_meets_the_duty():
    camera = CameraFactory()
    consultation_of(project_of(camera))
    assert unmet("public_consultation") == set()


def test_a_consultation_without_result_or_cut_short_does_not():
    camera = CameraFactory()
    project = project_of(camera)
    consultation = consultation_of(project, result_published_at=None)
    assert unmet("public_consultation") == {camera.number}
    consultation.result_published_at = timezone.now()
    consultation.closes_at = timezone.now() + dt.timedelta(days=5)
    consultation.save()
    assert unmet("public_consultation") == {camera.number}
    consultation.closed_early_at = timezone.now() - dt.timedelta(minutes=5)
    consultation.closed_early_reason = "설치 취소"
    consultation.shortest_until = timezone.now() + dt.timedelta(days=1)
    consultation.save()
    assert unmet("public_consultation") == {camera.number}
    consultation.shortest_until = consultation.closed_early_at
    consultation.save()
    assert unmet("public_consultation") == set()


@pytest.mark.parametrize("kind", [PaperKind.PUBLIC_CONSULTATION, PaperKind.CONSULTATION_EXEMPTION])
def test_a_paper_of_the_consultation_or_of_its_exemption_meets_the_duty(kind):
    camera = CameraFactory()
    paper(kind, camera)
    assert unmet("public_consultation") == set()


# -- sign (9) ---------------------------------------------------------------------------------------------------


def signed(camera, *, put_up=True, checked_on=None, with_photo=True) -> Sign:
    """A sign of the camera's site, made from the register, put up, photographed and checked."""
    making.record(making.plan(Site.objects.filter(pk=camera.site_id)).plans, size="A4", by=OfficerFactory())
    sign = Sign.objects.get(site=camera.site_id, retired_on=None)
    sign.put_up_on = years_ago(3) if put_up else None
    sign.last_checked_on = checked_on or today()
    sign.save()
    if with_photo:
        SignCheck.objects.create(
            site_id=camera.site_id,
            sign=sign,
            outcome=SignCheck.Outcome.READ,
            taken_at=timezone.now(),
            photo=ContentFile(b"jpeg", name="sign.jpg"),
        )
    return sign


def a_signable_camera(**facts) -> Camera:
    return CameraFactory(**{"filming_hours": "24시간", "filming_range": "전방 50m", **facts})


@pytest.fixture
def responsible():
    return designated()


@pytest.mark.usefixtures("responsible")
def test_a_sign_that_was_put_up_photographed_and_checked_meets_the_duty():
    camera = a_signable_camera()
    assert unmet("sign") == {camera.number}
    signed(camera)
    assert unmet("sign") == set()


@pytest.mark.usefixtures("responsible")
@pytest.mark.parametrize(
    "lacking", [{"put_up": False}, {"with_photo": False}, {"checked_on": dt.date(2020, 1, 1)}]
)
def test_a_sign_that_lacks_one_of_these_does_not(lacking):
    camera = a_signable_camera()
    signed(camera, **lacking)
    assert unmet("sign") == {camera.number}


@pytest.mark.usefixtures("responsible")
@pytest.mark.parametrize(
    "change",
    [
        {"install_purpose": "parking_management"},
        {"filming_range": "전방 100m"},
        {"filming_hours": "08:00-20:00"},
        {"link_status": LinkStatus.LINKED},
    ],
)
def test_a_difference_between_sign_and_register_is_unmet(change):
    camera = a_signable_camera()
    signed(camera)
    Camera.objects.filter(pk=camera.pk).update(**change)
    assert unmet("sign") == {camera.number}


@pytest.mark.usefixtures("responsible")
@pytest.mark.parametrize(
    "lacking", ["sign_exemption_ground", "sign_exemption_document", "sign_exemption_approver"]
)
def test_an_exemption_without_ground_document_or_approver_is_unmet(lacking):
    exempt = CameraFactory(exempt=True)
    assert exempt.number not in covered("sign")
    Camera.objects.filter(pk=exempt.pk).update(**{lacking: ""})
    assert unmet("sign") == {exempt.number}
    SignSubstitute.objects.create(
        site=exempt.site, reason="impossible", explanation="x", document_number="1", from_on=years_ago(1)
    )
    assert unmet("sign") == {exempt.number}


@pytest.mark.usefixtures("responsible")
def test_a_contractor_that_the_sign_does_not_name_is_unmet():
    camera = a_signable_camera()
    signed(camera)
    contract = entrusted_now(camera, phone="02-1")
    assert unmet("sign") == {camera.number}
    signed(camera)
    assert unmet("sign") == set()
    EntrustmentContract.objects.filter(pk=contract.pk).update(ends_on=today() - dt.timedelta(days=1))
    assert unmet("sign") == {camera.number}


@pytest.mark.usefixtures("responsible")
def test_a_camera_that_came_after_the_sign_is_unmet_and_the_others_are_not():
    camera = a_signable_camera()
    signed(camera)
    late = a_signable_camera(site=camera.site)
    assert unmet("sign") == {late.number}


@pytest.mark.usefixtures("responsible")
def test_the_manager_s_name_was_asked_for_until_2023_09_14():
    """A sign of today bears the contact only: what is enough since the amendment was not before it."""
    camera = a_signable_camera()
    sign = signed(camera)
    Sign.objects.filter(pk=sign.pk).update(put_up_on=dt.date(2022, 1, 1), last_checked_on=BEFORE)
    assert unmet("sign", on=BEFORE) == {camera.number}
    assert unmet("sign", on=AFTER) == set()


@pytest.mark.usefixtures("responsible")
def test_exempt_facilities_are_not_applicable_and_a_substitute_meets_the_duty():
    exempt = CameraFactory(exempt=True)
    distant = CameraFactory()
    SignSubstitute.objects.create(
        site=distant.site,
        reason="long_range",
        explanation="과속 단속",
        document_number="1",
        from_on=years_ago(1),
        until_on=today(),
    )
    assert exempt.number not in covered("sign")
    assert unmet("sign") == set()
    SignSubstitute.objects.update(until_on=today() - dt.timedelta(days=1))
    assert unmet("sign") == {distant.number}


# -- sound (10) -------------------------------------------------------------------------------------------------


def test_the_microphone_is_checked_each_year():
    checked = CameraFactory(audio_checked_on=today())
    never = CameraFactory()
    lapsed = CameraFactory(audio_checked_on=years_ago(1.1))
    recording = CameraFactory(audio_checked_on=today(), audio_disabled=False)
    assert unmet("audio_off") == {never.number, lapsed.number, recording.number}
    assert checked.number in covered("audio_off")


# -- contract (11) ----------------------------------------------------------------------------------------------


def contract(**changes) -> EntrustmentContract:
    facts = {"starts_on": years_ago(0.5), "ends_on": years_ago(-0.5), "coverage": "all", **changes}
    return EntrustmentContract.objects.create(**contract_values(**facts))


def trained(row, on=None):
    ContractorTraining.objects.create(contract=row, on=on or today(), subject="개인정보 보호", attendees=3)


def test_a_complete_contract_with_a_trained_contractor_meets_the_duty():
    row = contract()
    assert unmet("contract") == {row.number}
    trained(row)
    assert unmet("contract") == set()


@pytest.mark.parametrize("name", ["liability", "safety_measures", "supervision", "purpose_and_scope"])
def test_a_contract_without_one_of_the_five_contents_is_unmet(name):
    row = contract(**{name: ""})
    trained(row)
    assert unmet("contract") == {row.number}


def test_a_training_of_long_ago_is_not_enough():
    row = contract(starts_on=years_ago(3))
    trained(row, on=years_ago(1.2))
    ContractorInspection.objects.create(contract=row, on=today(), is_satisfactory=True)
    assert unmet("contract") == {row.number}


def test_the_first_inspection_is_due_after_a_period():
    row = contract(starts_on=years_ago(2))
    trained(row)
    assert unmet("contract") == {row.number}
    inspection = ContractorInspection.objects.create(contract=row, on=today(), is_satisfactory=False)
    assert unmet("contract") == {row.number}
    inspection.remedied_on = today()
    inspection.save()
    assert unmet("contract") == set()


def test_who_is_engaged_anew_each_year_is_supervised_all_the_same():
    first = contract(starts_on=years_ago(1.4), ends_on=years_ago(0.4))
    second = contract(starts_on=years_ago(0.39), contractor=first.contractor)
    trained(second)
    assert unmet("contract") == {second.number}
    ContractorInspection.objects.create(contract=first, on=years_ago(0.6), is_satisfactory=True)
    assert unmet("contract") == set()


def test_who_came_back_after_years_begins_a_period_anew():
    first = contract(starts_on=years_ago(4), ends_on=years_ago(3))
    second = contract(starts_on=years_ago(0.3), contractor=first.contractor)
    trained(second)
    assert unmet("contract") == set()


def test_entrusting_on_needs_consent():
    row = contract()
    trained(row)
    other = Reentrustment.objects.create(contract=row, contractor_name="을정보", scope="점검")
    assert unmet("contract") == {row.number}
    other.consented_on, other.consent_document = today(), "안전관리과-9"
    other.save()
    assert unmet("contract") == set()


def test_lasting_work_that_is_about_no_camera_is_unmet():
    row = contract(coverage="named")
    installing = contract(coverage="named", scopes=["installation"])
    trained(row)
    trained(installing)
    assert unmet("contract") == {row.number}
    ContractCamera.objects.create(contract=row, camera=CameraFactory(), named_on=today(), named_reason="계약")
    assert unmet("contract") == set()


def test_a_contract_of_the_past_is_covered_only_while_its_cameras_serve():
    row = contract(starts_on=years_ago(2), ends_on=years_ago(1))
    assert covered("contract") == set()
    CameraFactory()
    assert unmet("contract") == {row.number}
    excuse("contract", row.number, by=OfficerFactory())
    assert unmet("contract") == set()


# -- link (13) and monitoring (14) ------------------------------------------------------------------------------


def test_every_camera_is_linked_or_exempted_on_paper():
    CameraFactory(link_status=LinkStatus.LINKED)
    unknown = CameraFactory()
    unlinked = CameraFactory(link_status=LinkStatus.NOT_LINKED)
    half = CameraFactory(link_status=LinkStatus.NOT_LINKED, link_exemption_reason="inefficient")
    CameraFactory(
        link_status=LinkStatus.NOT_LINKED, link_exemption_reason="security", link_exemption_document="문서-3"
    )
    removed = CameraFactory(removed=True)
    assert unmet("centre_link") == {unknown.number, unlinked.number, half.number}
    assert removed.number not in covered("centre_link")
    excuse("centre_link", unknown.number, by=OfficerFactory())
    assert unmet("centre_link") == {unlinked.number, half.number}


def test_the_scope_of_monitoring_is_set_and_hours_have_a_use_for_the_rest():
    CameraFactory(monitoring_scope=MonitoringScope.LIVE)
    CameraFactory(monitoring_scope=MonitoringScope.EXCLUDED, monitoring_document="협의-1")
    unknown = CameraFactory()
    no_paper = CameraFactory(monitoring_scope=MonitoringScope.EXCLUDED)
    hours = CameraFactory(monitoring_scope=MonitoringScope.LIVE, operating_hours="08:00-20:00")
    CameraFactory(
        monitoring_scope=MonitoringScope.LIVE, operating_hours="08:00-20:00", after_hours_purpose="방범"
    )
    planned = CameraFactory(planned=True)
    assert unmet("monitoring_scope") == {unknown.number, no_paper.number, hours.number}
    assert planned.number not in covered("monitoring_scope")
    excuse("monitoring_scope", hours.number, by=OfficerFactory())
    assert unmet("monitoring_scope") == {unknown.number, no_paper.number}


# -- retention (24) ---------------------------------------------------------------------------------------------


def test_a_longer_period_needs_a_reason():
    CameraFactory(retention_days=30)
    longer = CameraFactory(retention_days=31)
    CameraFactory(excepted=True)
    removed = CameraFactory(retention_days=31, removed=True)
    assert unmet("retention_limit") == {longer.number}
    assert removed.number not in covered("retention_limit")
    excuse("retention_limit", longer.number, by=OfficerFactory())
    assert unmet("retention_limit") == set()


# -- necessity (Guideline 48) -----------------------------------------------------------------------------------


def test_the_necessity_of_each_camera_is_reviewed_once_a_year():
    reviewed, lapsed, never = CameraFactory.create_batch(3)
    paper(PaperKind.NECESSITY_REVIEW, reviewed, on=years_ago(0.9))
    paper(PaperKind.NECESSITY_REVIEW, lapsed, on=years_ago(1.1))
    planned = CameraFactory(planned=True)
    assert unmet("necessity_review") == {lapsed.number, never.number}
    assert planned.number not in covered("necessity_review")


def test_a_camera_that_began_to_operate_this_year_need_not_be_reviewed_yet():
    camera = CameraFactory()
    act = LifecycleAct.objects.create(event=LifecycleEvent.OPERATE, on=years_ago(0.1), reason="개통")
    Move.objects.create(
        act=act, camera=camera, from_state=CameraState.INSTALLED, to_state=CameraState.OPERATING
    )
    assert unmet("necessity_review") == set()


# -- the district (4, Decree 25) --------------------------------------------------------------------------------


def test_one_department_is_responsible_on_any_day():
    assert unmet("responsible_department") == {"gangseo"}
    designated(from_on=dt.date(2024, 1, 1))
    assert unmet("responsible_department") == set()
    assert unmet("responsible_department", on=dt.date(2023, 12, 31)) == {"gangseo"}
    assert covered("responsible_department", on=dt.date(2023, 5, 9)) == set()


def test_an_excepted_district_is_not_unmet():
    excuse("responsible_department", "gangseo", by=OfficerFactory())
    assert unmet("responsible_department") == set()


def published(**facts):
    draft = policy.draft()
    return policy.publish(draft, by=OfficerFactory(), effective_on=today(), **facts)


def test_the_policy_is_published_and_says_what_the_register_says():
    designated()
    CameraFactory()
    assert unmet("operation_policy") == {"gangseo"}
    published()
    assert unmet("operation_policy") == set()
    CameraFactory()
    assert unmet("operation_policy") == {"gangseo"}


def test_a_policy_is_looked_at_again_each_year():
    designated()
    version = published()
    type(version).objects.filter(pk=version.pk).update(effective_on=years_ago(1.2))
    assert unmet("operation_policy") == {"gangseo"}
    excuse("operation_policy", "gangseo", by=OfficerFactory())
    assert unmet("operation_policy") == set()
