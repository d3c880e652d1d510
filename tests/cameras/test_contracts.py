"""Entrustment (ordinance art. 11, PIPA art. 26, Decree art. 26)."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cameras import contract_reminders, contractor_supervision, contracts
from cameras.contractor_supervision import Answer, Result
from cameras.enums import CameraState
from cameras.models import Camera, ContractorInspection, EntrustmentContract, Reentrustment
from ledger.models import Entry
from ordinance.periods import SEOUL
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import TODAY, asked, entered, inspected, trained
from tests.cameras.factories import CameraFactory, ContractorFactory

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
    assert waiting.ended_on == dt.date(2026, 5, 1)


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
        contracts.consent(asked(entered()), on=TODAY, document=" ", by=OfficerFactory(), today=TODAY)


def test_nobody_consents_after_a_refusal():
    request = asked(entered())
    officer = OfficerFactory()
    contracts.refuse(request, on=TODAY, reason="실적 없음", by=officer, today=TODAY)
    with pytest.raises(ValidationError, match="거부한 재위탁"):
        contracts.consent(request, on=TODAY, document="안전-1", by=officer, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reentrustment.objects.update(consented_on=TODAY, consent_document="안전-1")
    request.refresh_from_db()
    assert (request.consented_on, request.ended_on) == (None, TODAY)


def test_nobody_refuses_what_was_consented_to():
    request = asked(entered())
    officer = OfficerFactory()
    contracts.consent(request, on=TODAY, document="안전-1", by=officer, today=TODAY)
    with pytest.raises(ValidationError, match="이미 2026-11-20에 동의"):
        contracts.refuse(request, on=TODAY, reason="x", by=officer, today=TODAY)
    ended = contracts.end_reentrustment(request, on=TODAY, today=TODAY)
    assert not ended.is_in_effect


@pytest.mark.parametrize("on", [dt.date(2026, 3, 31), TODAY + dt.timedelta(days=1)])
def test_an_answer_comes_after_the_request_and_not_in_the_future(on):
    with pytest.raises(ValidationError, match="결정일"):
        contracts.consent(asked(entered()), on=on, document="안전-1", by=OfficerFactory(), today=TODAY)


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


def test_naming_the_contractor_changes_each_camera_with_history():
    contract = entered()
    cameras = [CameraFactory(), CameraFactory(contractor=contract.contractor)]
    chosen = Camera.objects.filter(pk__in=[camera.pk for camera in cameras])
    done = contracts.name_contractor(contract, chosen, by=OfficerFactory(), reason="계약 체결", today=TODAY)
    assert (done.changed, done.unchanged) == (1, 1)
    assert set(contracts.cameras_of(contract)) == set(cameras)
    assert cameras[0].history.first().history_change_reason == "계약 체결"


def test_the_contractor_of_a_contract_that_is_over_is_not_named():
    contract = entered(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2026, 11, 19))
    CameraFactory()
    with pytest.raises(ValidationError, match="효력"):
        contracts.name_contractor(
            contract, Camera.objects.all(), by=OfficerFactory(), reason="x", today=TODAY
        )
    assert not Camera.objects.exclude(contractor=None).exists()


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
    CameraFactory(contractor=contract.contractor, state=CameraState.OPERATING)
    assert remind(after)["cameras.contract_over"].severity == "overdue"
    entered(contractor=contract.contractor, starts_on=after, ends_on=dt.date(2027, 12, 31))
    assert "cameras.contract_over" not in remind(after)


def test_open_requests_and_faults_are_told_until_they_are_dealt_with():
    contract = entered()
    request, inspection = asked(contract), inspected(contract, bad=1)
    facts = {"on": dt.date(2026, 6, 2), "by": OfficerFactory(), "today": TODAY}
    assert set(remind(dt.date(2026, 6, 1))) == {"cameras.reentrustment_waits", "cameras.contractor_fault"}
    contracts.refuse(request, reason="실적 없음", **facts)
    contractor_supervision.record_remedy(inspection, remedy="고침", **facts)
    assert remind(dt.date(2026, 6, 3)) == {}


def test_the_number_of_questions_does_not_grow_with_contracts(django_assert_max_num_queries):
    for _ in range(4):
        contract = entered()
        inspected(contract, bad=1)
        asked(contract)
    with django_assert_max_num_queries(8):
        remind(dt.date(2026, 12, 20))
