"""Entrustment (ordinance art. 11, PIPA art. 26, Decree art. 26)."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cameras import contract_reminders, contractor_supervision, contracts, reentrustment
from cameras.contractor_supervision import Answer, Result
from cameras.entrustment import Entrustment, cameras_of, key_of, lapsed
from cameras.enums import CameraState, LinkStatus
from cameras.models import Camera, ContractCamera, ContractorInspection, EntrustmentContract, Reentrustment
from ledger.models import Entry
from ordinance.periods import SEOUL
from tests.accounts.factories import InstitutionFactory, OfficerFactory
from tests.cameras.contracts import TODAY, asked, entered, inspected, named, trained
from tests.cameras.factories import CameraFactory, ContractorFactory
from tests.cameras.life import ProjectFactory, join

pytestmark = pytest.mark.django_db


def test_a_complete_contract_lacks_nothing_and_is_in_the_ledger():
    contract = entered()
    assert contracts.missing_contents(contract) == []
    entry = Entry.objects.get(kind="cameras.contract_entered")
    assert entry.content["contract"] == contract.number
    assert contract.contractor.name not in entry.payload
    assert contract.history.get().history_change_reason == "위탁 계약 등록"


def test_what_a_contract_lacks_is_named_and_it_is_stored_all_the_same():
    contract = entered(liability="", safety_measures="  ", scopes=[])
    assert contracts.missing_contents(contract) == [
        "위탁 업무",
        "접근 제한 등 안전성 확보 조치",
        "의무 위반 시 책임에 관한 사항",
    ]


def test_the_operation_of_the_whole_centre_is_refused_by_the_domain():
    with pytest.raises(ValidationError, match="제11조제1항"):
        entered(is_whole_centre_operation=True)
    assert not EntrustmentContract.objects.exists()


def test_the_operation_of_the_whole_centre_is_refused_by_the_database():
    contract = entered()
    with pytest.raises(IntegrityError), transaction.atomic():
        EntrustmentContract.objects.filter(pk=contract.pk).update(is_whole_centre_operation=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scopes": ["everything"]}, "위탁할 수 있는 업무가 아닙니다"),
        ({"ends_on": dt.date(2025, 12, 31)}, "앞설 수 없습니다"),
        ({"signed_on": TODAY + dt.timedelta(days=1)}, "오늘보다 뒤"),
        ({"signed_on": dt.date(2026, 6, 2), "ends_on": dt.date(2026, 6, 1)}, "종료일보다 뒤"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        entered(**changes)
    assert not EntrustmentContract.objects.exists()


def test_the_same_contract_twice_is_refused_but_next_years_is_not():
    first = entered(title="유지보수")
    same = {"contractor": first.contractor, "title": "유지보수"}
    with pytest.raises(ValidationError, match="겹치는"):
        entered(**same, starts_on=dt.date(2026, 12, 31), ends_on=dt.date(2027, 12, 31))
    entered(**same, starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 12, 31))
    entered(title="유지보수")


def test_a_change_needs_a_reason_and_keeps_contractor_and_records():
    contract = entered()
    trained(contract)
    officer = OfficerFactory()
    with pytest.raises(ValidationError, match="변경 사유"):
        contracts.change(contract, {"liability": "바꿈"}, by=officer, reason=" ", today=TODAY)
    with pytest.raises(ValidationError, match="새 계약"):
        contracts.change(contract, {"contractor": ContractorFactory()}, by=officer, reason="x", today=TODAY)
    with pytest.raises(ValidationError, match="기간 밖"):
        contracts.change(contract, {"starts_on": dt.date(2026, 6, 1)}, by=officer, reason="x", today=TODAY)
    contracts.change(contract, {"liability": "바꿈"}, by=officer, reason="변경 계약", today=TODAY)
    contract.refresh_from_db()
    assert (contract.liability, contract.starts_on) == ("바꿈", dt.date(2026, 1, 1))
    assert contract.history.count() == 2


def test_contracts_in_force_end_with_their_last_day_or_early():
    contract = entered()

    def in_force(on):
        return EntrustmentContract.objects.in_force(on).exists()

    days = (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert [in_force(day) for day in days] == [False, True, True, False]
    waiting = asked(contract)
    contracts.end_early(
        contract, on=dt.date(2026, 5, 1), reason="계약 위반", by=OfficerFactory(), today=TODAY
    )
    assert [in_force(dt.date(2026, 4, 30)), in_force(dt.date(2026, 5, 1))] == [True, False]
    waiting.refresh_from_db()
    assert (waiting.ended_on, waiting.state) == (dt.date(2026, 5, 1), "ended")
    assert waiting.moves.last().reason == "계약 위반"


@pytest.mark.parametrize("on", [dt.date(2025, 12, 31), dt.date(2027, 1, 1), TODAY + dt.timedelta(days=1)])
def test_a_contract_ends_early_within_its_period_and_not_in_the_future(on):
    contract = entered()
    with pytest.raises(ValidationError):
        contracts.end_early(contract, on=on, reason="해지", by=OfficerFactory(), today=TODAY)
    contract.refresh_from_db()
    assert contract.ended_early_on is None


def test_a_contract_ends_early_once():
    contract = entered()
    facts = {"reason": "해지", "by": OfficerFactory(), "today": TODAY}
    contracts.end_early(contract, on=dt.date(2026, 5, 1), **facts)
    with pytest.raises(ValidationError, match="이미 2026-05-01"):
        contracts.end_early(contract, on=dt.date(2026, 6, 1), **facts)


# -- re-entrustment


def test_consent_needs_a_document():
    with pytest.raises(ValidationError, match="문서번호"):
        reentrustment.consent(asked(entered()), on=TODAY, document=" ", by=OfficerFactory(), today=TODAY)


def test_nobody_consents_after_a_refusal():
    request = asked(entered())
    officer = OfficerFactory()
    reentrustment.refuse(request, on=TODAY, reason="실적 없음", by=officer, today=TODAY)
    with pytest.raises(ValidationError, match=r"‘거부’ 상태에서는.*새로 요청을 받아"):
        reentrustment.consent(request, on=TODAY, document="안전-1", by=officer, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reentrustment.objects.update(consented_on=TODAY, consent_document="안전-1")
    request.refresh_from_db()
    assert (request.consented_on, request.ended_on) == (None, TODAY)


def test_nobody_refuses_what_was_consented_to():
    request = asked(entered())
    officer = OfficerFactory()
    reentrustment.consent(request, on=TODAY, document="안전-1", by=officer, today=TODAY)
    with pytest.raises(ValidationError, match="‘동의’ 상태에서는"):
        reentrustment.refuse(request, on=TODAY, reason="x", by=officer, today=TODAY)
    ended = reentrustment.end(request, on=TODAY, by=officer, today=TODAY)
    assert not ended.is_in_effect
    assert [(move.event, move.on, move.by, move.document_number) for move in request.moves.all()[1:]] == [
        ("consent", TODAY, officer, "안전-1"),
        ("end", TODAY, officer, ""),
    ]
    assert Entry.objects.get(kind="cameras.contract_reentrustment_ended").content["reentrustment"] == ended.pk


@pytest.mark.parametrize("on", [dt.date(2026, 3, 31), TODAY + dt.timedelta(days=1)])
def test_an_answer_comes_after_the_request_and_not_in_the_future(on):
    with pytest.raises(ValidationError, match="결정일"):
        reentrustment.consent(asked(entered()), on=on, document="안전-1", by=OfficerFactory(), today=TODAY)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"asked_on": dt.date(2025, 12, 31)}, "효력이 없는"),
        ({"asked_on": TODAY + dt.timedelta(days=1)}, "오늘보다 뒤"),
        ({"scope": " "}, "이 필드"),
    ],
)
def test_a_request_that_cannot_be_is_refused(facts, said):
    with pytest.raises(ValidationError, match=said):
        asked(entered(), **facts)


def test_requests_of_before_get_a_state_and_a_row_for_each_step():
    """The migration, on data as an upgraded office has it."""
    contract = entered()
    days = {"asked_on": dt.date(2026, 4, 1), "scope": "작업"}
    for name, facts in {
        "consented": {"consented_on": dt.date(2026, 4, 2), "consent_document": "안전-1"},
        "refused": {"refused_on": dt.date(2026, 4, 3), "ended_on": dt.date(2026, 4, 3)},
        "ended": {"consented_on": dt.date(2026, 4, 2), "consent_document": "1", "ended_on": TODAY},
        "asked": {},
    }.items():
        Reentrustment.objects.create(contract=contract, contractor_name=name, **days, **facts)
    migration = importlib.import_module("cameras.migrations.0027_moves_of_reentrustment")
    migration.carry_over(apps, None)
    for request in Reentrustment.objects.all():
        assert request.state == request.contractor_name
        assert request.moves.last().to_state == request.state
    steps = Reentrustment.objects.get(state="ended").moves.values_list("event", "on", "document_number")
    assert list(steps) == [
        ("ask", dt.date(2026, 4, 1), ""),
        ("consent", dt.date(2026, 4, 2), "1"),
        ("end", TODAY, ""),
    ]


# -- training and inspection


@pytest.mark.parametrize("on", [dt.date(2025, 12, 31), dt.date(2027, 1, 1), TODAY + dt.timedelta(days=1)])
def test_training_and_inspection_lie_within_the_contract_and_are_past(on):
    contract = entered()
    for record in (trained, inspected):
        with pytest.raises(ValidationError):
            record(contract, on=on)


def test_a_training_without_anybody_is_none():
    with pytest.raises(ValidationError, match="1명 이상"):
        trained(entered(), attendees=0)


def test_an_inspection_keeps_the_words_of_its_day():
    contract = entered()
    item = contractor_supervision.items_in_use()[0]
    old = item.label
    inspection = inspected(contract)
    item.label, item.is_in_use = "바뀐 문구", False
    item.save()
    assert (
        contractor_supervision.in_words(ContractorInspection.objects.get(pk=inspection.pk))[0]["label"] == old
    )
    assert item not in contractor_supervision.items_in_use()


def test_a_bad_item_needs_a_note_and_makes_the_inspection_bad():
    contract = entered()
    item = contractor_supervision.items_in_use()[0]
    facts = {"on": dt.date(2026, 3, 2), "by": OfficerFactory(), "today": TODAY}
    with pytest.raises(ValidationError, match="까닭"):
        contractor_supervision.record_inspection(contract, [Answer(item, Result.BAD)], **facts)
    made = contractor_supervision.record_inspection(contract, [Answer(item, Result.BAD, "미비")], **facts)
    assert not made.is_satisfactory


@pytest.mark.parametrize("answers", ["none", "all_none"])
def test_an_inspection_that_looked_at_nothing_is_refused(answers):
    items = contractor_supervision.items_in_use()
    given = [] if answers == "none" else [Answer(item, Result.NONE) for item in items]
    with pytest.raises(ValidationError):
        contractor_supervision.record_inspection(
            entered(), given, on=dt.date(2026, 3, 2), by=OfficerFactory(), today=TODAY
        )


def test_a_fault_is_remedied_once_and_after_it_was_found():
    inspection = inspected(entered(), bad=2)
    facts = {"by": OfficerFactory(), "today": TODAY}
    with pytest.raises(ValidationError, match="시정일"):
        contractor_supervision.record_remedy(inspection, on=dt.date(2026, 3, 1), remedy="고침", **facts)
    with pytest.raises(ValidationError, match="내용"):
        contractor_supervision.record_remedy(inspection, on=TODAY, remedy=" ", **facts)
    contractor_supervision.record_remedy(inspection, on=TODAY, remedy="고침", **facts)
    with pytest.raises(ValidationError, match="이미"):
        contractor_supervision.record_remedy(inspection, on=TODAY, remedy="또", **facts)
    with pytest.raises(ValidationError, match="지적 사항이 없는"):
        contractor_supervision.record_remedy(inspected(entered()), on=TODAY, remedy="고침", **facts)


# -- cameras


def test_cameras_are_named_once_and_released_with_a_reason():
    first, second = CameraFactory(), CameraFactory()
    contract = named(entered(), first)
    facts = {"by": OfficerFactory(), "reason": "계약 변경", "today": TODAY}
    assert contracts.name_cameras(contract, Camera.objects.all(), **facts) == 1
    assert set(cameras_of(contract)) == {first, second}
    assert contracts.release_cameras(contract, Camera.objects.filter(pk=first.pk), **facts) == 1
    assert set(cameras_of(contract)) == {second}
    line = ContractCamera.objects.get(camera=first)
    assert (line.released_on, line.released_reason) == (TODAY, "계약 변경")
    kinds = Entry.objects.filter(kind__startswith="cameras.contract_cameras").order_by("sequence")
    assert [entry.content["cameras"] for entry in kinds] == [1, 1, 1]
    with pytest.raises(ValidationError, match="사유"):
        contracts.name_cameras(contract, Camera.objects.all(), **{**facts, "reason": " "})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2026, 11, 19)}, "끝난 계약"),
        ({"coverage": "all"}, "모든 카메라"),
    ],
)
def test_no_camera_is_named_for_a_contract_that_is_over_or_about_all(changes, said):
    CameraFactory()
    contract = entered(**changes)
    with pytest.raises(ValidationError, match=said):
        contracts.name_cameras(contract, Camera.objects.all(), by=OfficerFactory(), reason="x", today=TODAY)
    assert not ContractCamera.objects.exists()


def names_on(day, camera):
    return [(one.name, one.work) for one in Entrustment(day).of([camera])[camera.pk]]


def test_a_camera_has_every_contractor_whose_contract_is_in_force_and_about_it():
    camera = CameraFactory(link_status=LinkStatus.LINKED)
    other = CameraFactory(link_status=LinkStatus.NOT_LINKED)
    named(entered(contractor=ContractorFactory(name="유지")), camera)
    entered(contractor=ContractorFactory(name="관제"), coverage="linked", scopes=["monitoring"])
    entered(contractor=ContractorFactory(name="저장"), coverage="all", scopes=["installation"])
    entered(contractor=ContractorFactory(name="저장"), coverage="all", title="둘", scopes=["maintenance"])
    entered(
        contractor=ContractorFactory(name="다른기관"),
        coverage="all",
        institution=InstitutionFactory(name="양천구청"),
    )
    entered(contractor=ContractorFactory(name="끝남"), coverage="all", ends_on=dt.date(2026, 11, 19))
    assert names_on(TODAY, camera) == [
        ("관제", "관제 업무"),
        ("유지", "유지보수"),
        ("저장", "설치, 유지보수"),
    ]
    assert names_on(TODAY, other) == [("저장", "설치, 유지보수")]
    assert "끝남" in dict(names_on(dt.date(2026, 11, 19), other))
    assert names_on(dt.date(2027, 1, 1), camera) == []


def test_the_contract_of_a_project_is_about_its_cameras_as_long_as_they_belong_to_it():
    camera = CameraFactory(planned=True)
    join(ProjectFactory(contract=entered(contractor=ContractorFactory(name="시공"))), camera)
    camera.refresh_from_db()
    assert names_on(TODAY, camera) == [("시공", "유지보수")]
    assert set(Camera.objects.filter(Entrustment(TODAY).covered())) == {camera}
    Camera.objects.update(project=None)
    camera.refresh_from_db()
    assert names_on(TODAY, camera) == []


@pytest.mark.parametrize("cameras", [1, 7])
def test_asking_for_many_cameras_takes_no_more_queries(cameras, django_assert_num_queries):
    made = [CameraFactory() for _ in range(cameras)]
    named(entered(), *made)
    entered(coverage="all")
    with django_assert_num_queries(3):
        assert all(len(found) == 2 for found in Entrustment(TODAY).of(made).values())


def test_work_that_was_taken_over_or_only_installed_has_not_lapsed():
    camera = CameraFactory()
    over = {
        "starts_on": dt.date(2025, 1, 1),
        "ends_on": dt.date(2026, 11, 1),
        "signed_on": dt.date(2025, 1, 1),
    }
    entered(coverage="all", scopes=["installation"], **over)
    left = entered(coverage="all", **over)
    assert lapsed(TODAY) == [left]
    entered(coverage="all", scopes=["monitoring"])
    assert lapsed(TODAY) == [left]
    follower = entered()
    assert lapsed(TODAY) == [left]
    named(follower, camera)
    assert lapsed(TODAY) == []
    CameraFactory()
    assert lapsed(TODAY) == [left]


def test_what_the_register_named_until_now_becomes_lines_of_contracts():
    """The migration, on data as an upgraded office has it."""
    one, other = ContractorFactory(), ContractorFactory()
    signed = {"signed_on": dt.date(2023, 12, 1)}
    running = entered(contractor=one)
    entered(
        contractor=other, **signed, title="옛", starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2024, 12, 31)
    )
    last = entered(contractor=other, **signed, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
    mine, yours = CameraFactory(contractor=one), CameraFactory(contractor=other)
    CameraFactory(contractor=one, project=ProjectFactory(contract=running))
    CameraFactory()
    migration = importlib.import_module("cameras.migrations.0020_cameras_named_for_contracts")
    migration.name_cameras(apps, None)
    lines = ContractCamera.objects.values_list("contract", "camera")
    assert set(lines) == {(running.pk, mine.pk), (last.pk, yours.pk)}
    assert migration._key("한빛", "02-1") == key_of([("한빛", "02-1")])


# -- reminders


def remind(on):
    now = dt.datetime.combine(on, dt.time(9), tzinfo=SEOUL)
    return {item.code: item for item in contract_reminders.reminders(now)}


@pytest.mark.parametrize(
    ("days_before", "severity"), [(91, None), (90, "info"), (31, "info"), (30, "due"), (0, "due")]
)
def test_a_contract_is_announced_before_it_runs_out(days_before, severity):
    contract = entered()
    found = remind(contract.ends_on - dt.timedelta(days=days_before))
    item = found.get("cameras.contract_expires")
    assert (item.severity if item else None) == severity
    if item:
        assert item.due_on == contract.ends_on
        assert item.href.endswith(f"/contracts/{contract.pk}/")


def test_a_contract_that_is_over_is_told_while_cameras_name_its_contractor():
    contract = entered()
    after = contract.ends_on + dt.timedelta(days=1)
    assert remind(after) == {}
    named(contract, CameraFactory(state=CameraState.OPERATING))
    assert remind(after)["cameras.contract_over"].severity == "overdue"
    entered(contractor=contract.contractor, coverage="all", starts_on=after, ends_on=dt.date(2027, 12, 31))
    assert "cameras.contract_over" not in remind(after)


def test_open_requests_and_faults_are_told_until_they_are_dealt_with():
    contract = entered()
    request, inspection = asked(contract), inspected(contract, bad=1)
    facts = {"on": dt.date(2026, 6, 2), "by": OfficerFactory(), "today": TODAY}
    assert set(remind(dt.date(2026, 6, 1))) == {"cameras.reentrustment_waits", "cameras.contractor_fault"}
    reentrustment.refuse(request, reason="실적 없음", **facts)
    contractor_supervision.record_remedy(inspection, remedy="고침", **facts)
    assert remind(dt.date(2026, 6, 3)) == {}


def test_the_number_of_questions_does_not_grow_with_contracts(django_assert_max_num_queries):
    for _ in range(4):
        contract = entered()
        inspected(contract, bad=1)
        asked(contract)
    with django_assert_max_num_queries(8):
        remind(dt.date(2026, 12, 20))
