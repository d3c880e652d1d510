"""Findings follow acts: after each act that changes what a rule looks at, the night finds nothing more to do."""

import datetime as dt
import shutil
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.longrun import RunState
from accounts.models import Department, Institution, ResponsibleDesignation
from accounts.roles import Role
from cameras import contracts, editing, lifecycle, papers, policy, prior_consultation, projects, reentrustment
from cameras.enums import CameraState, LifecycleEvent, PaperKind, SubstituteReason
from cameras.models import Camera, Contractor, Site
from cameras.register import bulk_change, import_file
from cameras.signs import checking, hanging, making, substitutes
from committee import agenda, attendance, meetings, membership, minutes, notices, resolutions
from committee.agenda import ItemFacts
from committee.enums import MeetingKind, NoticeWay
from committee.meetings import MeetingFacts
from committee.models import Meeting, Term
from committee.notices import NoticeFacts
from footage import confirmations, destruction, storages
from footage.models import FootageDay, Storage
from ordinance import assessment, exceptions
from ordinance.models import Finding, RuleException
from records.internal_plan import writing as internal_plan
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras import consultations as consultation_world
from tests.cameras import contracts as contract_world
from tests.cameras import life
from tests.cameras.factories import CameraFactory, ContractorFactory, SiteFactory, as_csv, row
from tests.cameras.situations_of_signs import a_sign, a_site, of_sign
from tests.cameras.test_rules import project_of
from tests.committee.factories import demand_resolutions, of_item, planned, recorded, seated, who
from tests.footage.factories import Recorder
from tests.ordinance.duties import assess, excuse, open_findings, today

pytestmark = pytest.mark.django_db

Act = Callable[[], object]


@pytest.fixture
def manager():
    return OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(name="안전관리과"))


@pytest.fixture
def client(manager):
    client = Client()
    client.force_login(OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    return client


def what_the_night_would_do() -> dict[str, tuple[int, int]]:
    """By rule, what opens and what closes when everything is judged."""
    result = assess().result
    return {
        code: (found["opened"], found["closed"])
        for code, found in result.items()
        if found["opened"] or found["closed"]
    }


def check_that_findings_follow(
    act: Act, *, opens: set[str] = frozenset(), closes: set[str] = frozenset()
) -> None:
    """The act opens and closes findings of at least these rules at once, and leaves nothing for the night."""
    assess()
    assert not what_the_night_would_do()
    before = set(Finding.objects.open().values_list("rule__code", "number"))
    act()
    after = set(Finding.objects.open().values_list("rule__code", "number"))
    assert opens <= {code for code, _ in after - before}
    assert closes <= {code for code, _ in before - after}
    assert opens or closes
    assert not what_the_night_would_do()


def designated(department: Department) -> ResponsibleDesignation:
    return ResponsibleDesignation.objects.create(
        department=department, manager_post="안전관리과장", from_on=dt.date(2025, 1, 1)
    )


def a_good_sign(by, cameras: int = 1, **fields) -> Site:
    """A site whose sign hangs and was photographed today."""
    site = a_site(cameras, **fields)
    a_sign(site, by)
    check = checking.check(of_sign(site, taken_at=timezone.localtime()), by=by, site=site)
    assert check.outcome == check.Outcome.READ
    return site


# -- the register -----------------------------------------------------------------------------------------------


def test_an_import_opens_what_its_cameras_lack(tmp_path):
    file = as_csv(tmp_path / "a.csv", [row(카메라대수="3")])
    check_that_findings_follow(lambda: import_file(file), opens={"sign", "audio_off", "necessity_review"})
    assert len(open_findings("sign")) == 3


def test_an_import_closes_what_concerned_removed_cameras(tmp_path):
    import_file(as_csv(tmp_path / "a.csv", [row(카메라대수="3")]))
    fewer = as_csv(tmp_path / "b.csv", [row(카메라대수="1")])
    check_that_findings_follow(lambda: import_file(fewer), closes={"sign"})
    assert len(open_findings("sign")) == 1


def test_an_import_that_moves_a_site_makes_its_sign_wrong(tmp_path, manager):
    site = a_good_sign(manager, phone="02-2600-6114", filming_direction="360도 전방면")
    moved = row(관리번호=site.number, 카메라대수="1", 소재지도로명주소="서울특별시 강서구 공항대로 1")
    check_that_findings_follow(lambda: import_file(as_csv(tmp_path / "a.csv", [moved])), opens={"sign"})


def test_a_rehearsed_import_changes_no_finding(tmp_path):
    import_file(as_csv(tmp_path / "a.csv", [row()]), dry_run=True)
    assert not Finding.objects.exists()


def test_a_camera_entered_by_hand(manager):
    site = SiteFactory()
    values = {
        "install_purpose": "crime_prevention", "dataset_purpose": "생활방범", "pipa25_ground": 2,
        "retention_days": 30, "place_kind": "privacy",
    }  # fmt: skip
    check_that_findings_follow(
        lambda: editing.add_camera(site, values, by=manager, reason="신설"), opens={"place"}
    )


def test_a_camera_changed_by_hand(manager):
    published_policy(manager)
    camera = CameraFactory(retention_days=20)
    republish(manager)
    check_that_findings_follow(
        lambda: editing.change_camera(
            camera, {"retention_days": 10, "audio_checked_on": today()}, by=manager, reason="확인"
        ),
        opens={"operation_policy"},
        closes={"audio_off"},
    )


def test_a_site_with_another_address(manager):
    site = a_good_sign(manager)
    check_that_findings_follow(
        lambda: editing.change_site(site, {"road_address": "강서로 1"}, by=manager, reason="도로명 변경"),
        opens={"sign"},
    )


def test_many_cameras_changed_together(manager):
    CameraFactory.create_batch(3)
    check_that_findings_follow(
        lambda: bulk_change(
            Camera.objects.all(),
            {"audio_checked_on": today(), "link_status": "linked"},
            by=manager,
            reason="점검",
        ),
        closes={"audio_off", "centre_link"},
    )
    assert not open_findings("audio_off")


def test_papers_filed_and_withdrawn(manager):
    camera = CameraFactory()
    filed = []
    check_that_findings_follow(
        lambda: filed.append(
            papers.file(
                PaperKind.AUDIO_CHECK,
                on=today(),
                document_number="안전관리과-7",
                by=manager,
                cameras=life.fleet(camera),
                contents=life.CONTENTS[PaperKind.AUDIO_CHECK],
            )
        ),
        closes={"audio_off"},
    )
    check_that_findings_follow(
        lambda: papers.withdraw(filed[0], reason="잘못 등록", by=manager), opens={"audio_off"}
    )


# -- its life ---------------------------------------------------------------------------------------------------


def test_a_camera_that_moves_leaves_no_finding_under_its_former_number(manager):
    camera, elsewhere = CameraFactory(), SiteFactory()

    def move() -> None:
        lifecycle.act(
            LifecycleEvent.RELOCATE,
            life.fleet(camera),
            on=today(),
            by=manager,
            reason="도로 확장",
            changes={"site": elsewhere},
        )

    check_that_findings_follow(move, closes={"sign"})
    assert not Finding.objects.open().filter(number=camera.number).exists()


def test_removing_the_last_camera_of_a_contractor_ends_the_duty_of_its_lapsed_contract(manager):
    contract_world.entered(coverage="all", ends_on=today() - dt.timedelta(days=5))
    camera = CameraFactory()
    published_policy(manager)

    def remove() -> None:
        lifecycle.act(LifecycleEvent.REMOVE, life.fleet(camera), on=today(), by=manager, reason="철거")

    check_that_findings_follow(remove, closes={"contract", "sign"}, opens={"operation_policy"})


def test_the_department_of_a_project_decides_whether_it_has_to_consult(manager):
    designated(manager.department)
    camera = CameraFactory(state=CameraState.CONSULTED)
    project = project_of(camera)
    check_that_findings_follow(
        lambda: projects.change_project(
            project, {"installing_department": manager.department}, by=manager, reason="주관 변경"
        ),
        closes={"prior_consultation"},
    )


def test_a_reply_to_a_prior_consultation():
    life.responsible_manager()
    camera = CameraFactory(planned=True)
    project = life.ProjectFactory()
    life.join(project, camera)
    Camera.objects.filter(pk=camera.pk).update(state=CameraState.CONSULTED)
    check_that_findings_follow(
        lambda: life.asked_and_answered(project, "agree"), closes={"prior_consultation"}
    )


def test_an_overdue_condition_that_is_fulfilled(manager):
    life.responsible_manager()
    camera = CameraFactory(planned=True)
    project = life.ProjectFactory()
    life.join(project, camera)
    consultation = life.asked_and_answered(project)
    Camera.objects.filter(pk=camera.pk).update(state=CameraState.CONSULTED)
    condition = consultation.conditions.get()
    condition.due_on = today() - dt.timedelta(days=1)
    condition.save()
    check_that_findings_follow(
        lambda: prior_consultation.fulfil(condition, on=today(), note="낮춤", by=manager),
        closes={"prior_consultation"},
    )


def test_the_result_of_a_public_consultation():
    began = timezone.now() - dt.timedelta(days=60)
    consultation = consultation_world.make_published(
        now=began, opens_at=began, closes_at=timezone.now() - dt.timedelta(days=20)
    )
    Camera.objects.update(state=CameraState.DELIBERATED)
    check_that_findings_follow(
        lambda: consultation_world.publish_result(consultation), closes={"public_consultation"}
    )


def test_a_resolution_of_the_committee():
    demand_resolutions()
    camera = CameraFactory(installed_month=dt.date(2026, 1, 1))
    check_that_findings_follow(lambda: recorded(cameras=[camera]), closes={"resolution"})


def test_the_notice_of_a_meeting(manager):
    soon = MeetingFacts(MeetingKind.MEETING, today() + dt.timedelta(days=2), "구청 대회의실")
    check_that_findings_follow(
        lambda: meetings.record(soon, by=manager, today=today()), opens={"meeting_notice"}
    )
    meeting = Meeting.objects.get()
    agenda.add(meeting, ItemFacts(1, "방범용 CCTV 통합관리 계획", "계획을 심의한다."), by=manager)
    late = NoticeFacts(today(), NoticeWay.BOTH, "안전관리과-300", "urgent", "폭우 대비")
    check_that_findings_follow(
        lambda: notices.send(meeting, late, by=manager, today=today()), closes={"meeting_notice"}
    )
    more = ItemFacts(2, "공원 CCTV의 연계 계획", "계획을 심의한다.")
    check_that_findings_follow(lambda: agenda.add(meeting, more, by=manager), opens={"meeting_notice"})
    check_that_findings_follow(
        lambda: attendance.cancel(meeting, reason="안건 없음", by=manager, today=today()),
        closes={"meeting_notice"},
    )


def met(manager, *seats: int) -> tuple[list[Term], Meeting, Act]:
    """A committee, its meeting of two months ago, and the act that records who of these seats was there."""
    on = today() - dt.timedelta(days=60)
    terms = seated(manager, from_on=on - dt.timedelta(days=30))
    meeting = planned(on, by=manager)
    there = [terms[seat].pk for seat in seats]
    return terms, meeting, lambda: attendance.record(meeting, there, by=manager, today=today())


def test_minutes_that_are_published_too_late(manager):
    terms, meeting, record = met(manager, *range(7))
    check_that_findings_follow(record, opens={"minutes_published", "allowance_paid"})
    meeting.refresh_from_db()
    for item in meeting.items.all():
        resolutions.record(meeting, of_item(item, (7, 0, 0)), by=manager, today=today())
    draft = minutes.begin(meeting, by=manager)
    for term in terms[: minutes.needed(meeting)]:
        minutes.confirm_on_paper(draft, term, on=today(), by=manager, today=today())
    locked = minutes.lock(draft, by=manager)
    minutes.publish(locked, by=manager)
    assert not what_the_night_would_do()
    assert len(open_findings("minutes_published")) == 1, "what came too late stays too late"


def test_a_member_who_turns_out_to_be_paid_by_the_district(manager):
    terms, _, record = met(manager, 5)
    check_that_findings_follow(record, opens={"allowance_paid"})
    official = who(is_district_official=True)
    check_that_findings_follow(
        lambda: membership.change(terms[5].member, official, reason="소속 확인", by=manager),
        closes={"allowance_paid"},
    )


# -- signs ------------------------------------------------------------------------------------------------------


def test_a_new_sign_in_the_place_of_a_checked_one(manager):
    site = a_good_sign(manager)
    Site.objects.update(english_address="302, Hwagok-ro")
    check_that_findings_follow(
        lambda: making.record(making.plan(Site.objects.filter(pk=site.pk)).plans, size="A4", by=manager),
        opens={"sign"},
    )


def test_a_sign_is_checked_and_taken_down(manager):
    site = a_site()
    sign = a_sign(site, manager)
    photo = of_sign(site, taken_at=timezone.localtime())
    check_that_findings_follow(lambda: checking.check(photo, by=manager, site=site), closes={"sign"})
    check_that_findings_follow(
        lambda: hanging.retire(sign, on=today(), reason="훼손", by=manager), opens={"sign"}
    )


def test_the_website_stands_in_for_a_sign(manager):
    site = a_site()

    def decide() -> None:
        substitutes.decide(
            site,
            reason=SubstituteReason.values[0],
            explanation="원거리 촬영",
            document_number="안전관리과-3",
            from_on=today(),
            until_on=None,
            by=manager,
        )

    check_that_findings_follow(decide, closes={"sign"})


# -- the office -------------------------------------------------------------------------------------------------


def test_a_designation(client, manager):
    CameraFactory(state=CameraState.CONSULTED, installing_department=manager.department)

    def designate() -> None:
        answer = client.post(
            reverse("people:designation_add"),
            {
                "department": manager.department_id,
                "from_on": "2025-01-01",
                "document_number": "총무과-1",
                "manager_post": "안전관리과장",
            },
        )
        assert answer.status_code == 302

    check_that_findings_follow(designate, closes={"responsible_department", "prior_consultation"})


def test_a_department_with_another_telephone(client, manager):
    designated(manager.department)
    site = a_good_sign(manager)

    def change() -> None:
        answer = client.post(
            reverse("people:department_edit", args=[manager.department_id]),
            {"institution": manager.department.institution_id, "name": "안전관리과", "phone": "02-120"},
        )
        assert answer.status_code == 302

    check_that_findings_follow(change, opens={"sign"})
    assert {f"{site.number}-1"} == open_findings("sign")


def test_an_institution_with_another_telephone(client, manager):
    site = a_good_sign(manager)

    def change() -> None:
        institution = Institution.objects.get(pk=site.institution_id)
        answer = client.post(
            reverse("people:institution_edit", args=[institution.pk]),
            {"name": institution.name, "code": institution.code, "phone": "02-120"},
        )
        assert answer.status_code == 302

    check_that_findings_follow(change, opens={"sign"})


def published_policy(manager) -> None:
    if not ResponsibleDesignation.objects.exists():
        designated(manager.department)
    republish(manager)


def republish(manager) -> None:
    policy.publish(policy.draft(), by=manager, effective_on=today())


def test_publishing_the_operation_policy(manager):
    designated(manager.department)
    check_that_findings_follow(lambda: republish(manager), closes={"operation_policy"})


def test_approving_the_internal_plan(manager):
    official = OfficerFactory(role=Role.OFFICIAL)
    plan = internal_plan.begin(by=official)
    internal_plan.ask(plan, why="처음 정함", by=official)
    check_that_findings_follow(
        lambda: internal_plan.approve(plan, effective_on=today(), document_number="안전관리과-7", by=manager),
        closes={"internal_plan"},
    )


# -- entrustment ------------------------------------------------------------------------------------------------


def test_the_next_contract_ends_the_duty_of_the_one_that_lapsed(manager):
    published_policy(manager)
    lapsed = contract_world.entered(ends_on=today() - dt.timedelta(days=5), title="지난 계약", coverage="all")
    CameraFactory()
    check_that_findings_follow(
        lambda: contract_world.entered(
            contractor=lapsed.contractor,
            coverage="all",
            starts_on=today() - dt.timedelta(days=4),
            signed_on=today() - dt.timedelta(days=9),
            today=today(),
        ),
        closes={"contract"},
        opens={"contract"},
    )
    assert open_findings("contract") == {
        contracts.EntrustmentContract.objects.exclude(pk=lapsed.pk).get().number
    }


def test_a_contract_with_another_number_keeps_no_finding_under_the_old_one(manager):
    contract = contract_world.entered()
    old = contract.number
    check_that_findings_follow(
        lambda: contracts.change(contract, {"number": "새-1"}, by=manager, reason="번호 정정", today=today()),
        closes={"contract"},
    )
    assert open_findings("contract") == {"새-1"}
    assert old != "새-1"


def test_training_ends_the_duty(manager):
    contract = contract_world.entered(coverage="all")
    check_that_findings_follow(lambda: contract_world.trained(contract), closes={"contract"})
    check_that_findings_follow(lambda: contract_world.inspected(contract, bad=1), opens={"contract"})


def test_reentrustment_asked_for_and_refused(manager):
    contract = contract_world.entered(coverage="all")
    contract_world.trained(contract)
    asked = []
    check_that_findings_follow(lambda: asked.append(contract_world.asked(contract)), opens={"contract"})
    check_that_findings_follow(
        lambda: reentrustment.refuse(asked[0], on=today(), reason="불필요", by=manager, today=today()),
        closes={"contract"},
    )


def test_a_contract_ended_early_while_its_cameras_still_name_the_contractor(manager):
    contract = contract_world.entered(coverage="all")
    contract_world.trained(contract)
    CameraFactory()
    published_policy(manager)
    check_that_findings_follow(
        lambda: contracts.end_early(contract, on=today(), reason="부도", by=manager, today=today()),
        opens={"contract", "operation_policy"},
    )


def test_a_contract_that_begins_makes_signs_stale_and_naming_its_cameras_does_too(manager):
    camera = a_good_sign(manager)
    check_that_findings_follow(lambda: contract_world.entered(), opens={"contract"})
    contract = contracts.EntrustmentContract.objects.get()
    check_that_findings_follow(lambda: contract_world.named(contract, *camera.cameras.all()), opens={"sign"})
    check_that_findings_follow(
        lambda: contracts.release_cameras(
            contract, Camera.objects.all(), by=manager, reason="계약 변경", today=today()
        ),
        closes={"sign"},
    )
    check_that_findings_follow(
        lambda: contract_world.entered(coverage="all", title="저장장치"), opens={"sign", "contract"}
    )


def test_a_contractor_with_another_telephone(client, manager):
    client.force_login(manager)
    contractor = contract_world.entered(contractor=ContractorFactory(phone="02-1"), coverage="all").contractor
    a_good_sign(manager)
    published_policy(manager)
    # The designation came after the sign was made.
    a_sign(Site.objects.get(), manager)
    site = Site.objects.get()
    checking.check(of_sign(site, taken_at=timezone.localtime(), shade=180), by=manager, site=site)

    def change() -> None:
        answer = client.post(
            reverse("contracts:contractor_edit", args=[contractor.pk]),
            {"name": contractor.name, "phone": "02-2", "registration_number": "", "address": ""},
        )
        assert answer.status_code == 302, answer.context["form"].errors
        assert Contractor.objects.get().phone == "02-2"

    check_that_findings_follow(change, opens={"sign", "operation_policy"})


# -- footage ----------------------------------------------------------------------------------------------------


@pytest.fixture
def overdue(tmp_path):
    """A recorder with one file that is too old, read by a scan."""
    recorder = Recorder(tmp_path / "nvr")
    camera = CameraFactory(retention_days=3)
    recorder.write(camera.recording_key, timezone.now() - dt.timedelta(days=5))
    return recorder, camera


def test_a_scan_by_a_person_and_a_sweep(overdue):
    recorder, _camera = overdue
    check_that_findings_follow(lambda: call_command("scan_footage"), opens={"footage_overdue"})
    check_that_findings_follow(lambda: destruction.sweep(actor="system:test"), closes={"footage_overdue"})
    assert not recorder.files()


def test_automatic_deletion_is_confirmed(overdue, manager):
    Storage.objects.update(created_at=timezone.now() - dt.timedelta(days=90))
    day = timezone.localdate()
    check_that_findings_follow(
        lambda: confirmations.confirm(by=manager, period_from=day, period_until=day, is_working=True),
        closes={"deletion_confirmed"},
    )


def test_footage_that_a_person_confirms_to_be_lost(overdue, manager):
    recorder, camera = overdue
    call_command("scan_footage")
    assert FootageDay.objects.filter(camera=camera, segments__gt=0).exists()
    shutil.rmtree(recorder.root)
    check_that_findings_follow(
        lambda: storages.confirm_empty(recorder.storage, by=manager, reason="디스크 고장"),
        closes={"footage_overdue"},
    )


def test_a_sweep_has_done_its_work_even_where_judging_fails(overdue, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("no judge")

    _recorder, camera = overdue
    call_command("scan_footage")
    monkeypatch.setattr(assessment, "rejudge", fail)
    result = destruction.sweep(actor="system:test")
    assert result.destroyed == 1
    assert result.is_ok
    assert result.sweep.state == RunState.SUCCEEDED
    assert open_findings("footage_overdue") == {camera.number}
    assert "1 swept cameras" in caplog.text


# -- exceptions -------------------------------------------------------------------------------------------------


def test_an_exception_granted_and_revoked(manager):
    camera = CameraFactory()
    check_that_findings_follow(lambda: excuse("sign", camera.number, by=manager), closes={"sign"})
    row_ = RuleException.objects.get()
    check_that_findings_follow(lambda: exceptions.revoke(row_, reason="끝", by=manager), opens={"sign"})
