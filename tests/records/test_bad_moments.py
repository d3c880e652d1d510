"""Moments in which cases go wrong: two officials at once, a day off while twenty clocks run, a process that ends in the middle
of a letter. Nothing is half-done, nothing lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections
from django.utils import timezone

from accounts.roles import Role
from ledger.models import Entry
from ordinance import holidays
from ordinance.models import DueDate, EarlierDueDate, Holiday
from records.models import ViewingRequest
from records.provision import approval
from records.viewing import decisions, lateness
from records.viewing.decisions import Answer
from reports import official_pdf
from reports.letters import kinds, outgoing, viewing
from reports.models import OutgoingDocument
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.footage.factories import CameraFactory
from tests.records import provisions
from tests.records.people import competent
from tests.records.situations import confirmed, received, secured, told_about


def at_the_same_moment(*acts) -> list[str]:
    """Each in a thread of its own; what each was refused with, or "" where it was done."""
    start, said = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number, act):
        try:
            start.wait(30)
            act()
        except ValidationError as refused:
            said[number] = " ".join(refused.messages)
        except DatabaseError as error:
            said[number] = f"database: {error}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


@pytest.mark.django_db(transaction=True)
def test_two_officials_who_decide_at_the_same_moment_make_one_decision() -> None:
    department = DepartmentFactory(phone="02-2600-1234")
    first, second = (OfficerFactory(role=Role.CCTV_MANAGER, department=department) for _ in range(2))
    request = secured(confirmed(CameraFactory(), first), first)
    others = [ViewingRequest.objects.get(pk=request.pk) for _ in range(2)]
    said = at_the_same_moment(
        lambda: decisions.decide(others[0], [Answer("viewing", "granted")], by=first),
        lambda: decisions.decide(others[1], [Answer("viewing", "granted")], by=second),
    )
    assert sorted(map(bool, said)) == [False, True], said
    assert "할 수 없습니다" in "".join(said)
    assert request.decisions.count() == 1
    assert Entry.objects.filter(kind="records.viewing_decided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_approve_at_the_same_moment_sign_one_step() -> None:
    officer = provisions.official()
    case = provisions.reviewed(CameraFactory(), officer)
    heads = [provisions.head(), provisions.head()]
    said = at_the_same_moment(
        *(lambda head=head: approval.approve(case, by=head, position=1) for head in heads)
    )
    assert sorted(map(bool, said)) == [False, True], said
    assert "이미 결재한" in "".join(said)
    assert case.approvals.filter(outcome="approved").count() == 1


@pytest.mark.django_db
def test_a_day_off_moves_twenty_clocks_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [received(CameraFactory()) for _ in range(20)]
    on = DueDate.objects.open().first().due_on
    holidays.add(on, "임시공휴일", by="officer:1")
    after = set(DueDate.objects.open().values_list("due_on", flat=True))
    assert len(after) == 1
    assert after.pop() > on
    assert EarlierDueDate.objects.filter(due_on=on).count() == 20
    assert Entry.objects.filter(kind="due_date.moved").count() == 20
    assert all(lateness.of(request).due.due_on > on for request in requests)

    moved_on = DueDate.objects.open().first().due_on

    def breaks(*_given, **_more):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr(EarlierDueDate.objects, "bulk_create", breaks)
    with pytest.raises(RuntimeError):
        holidays.add(moved_on, "또 하루", by="officer:1")
    assert set(DueDate.objects.open().values_list("due_on", flat=True)) == {moved_on}
    assert not Holiday.objects.filter(on=moved_on).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("ended_by", [KeyboardInterrupt, MemoryError, SystemExit])
def test_a_process_that_ends_while_a_letter_is_made_leaves_it_waiting_under_its_number(
    monkeypatch: pytest.MonkeyPatch, ended_by: type[BaseException]
) -> None:
    manager = competent(
        OfficerFactory(
            role=Role.CCTV_MANAGER, department=DepartmentFactory(name="스마트도시과", phone="02-2600-1234")
        )
    )
    notice = told_about(CameraFactory(), manager).notices.get()
    kind, today = kinds.get(viewing.kind_of(notice)), timezone.localdate()
    row = outgoing.issue(outgoing.draft(kind, kind.get(notice.pk), {}, by=manager), on=today, by=manager)

    def ends(*_given, **_more):
        raise ended_by

    with monkeypatch.context() as patched:
        patched.setattr(official_pdf, "render", ends)
        with pytest.raises(ended_by):
            outgoing.send(row, way="hand", on=today, by=manager)
    waiting = OutgoingDocument.objects.get()
    assert waiting.is_waiting
    assert (waiting.number, waiting.pdf, waiting.sent_on) == ("스마트도시과-1", "", None)
    assert not Entry.objects.filter(kind=outgoing.SENT).exists()
    monkeypatch.setattr(official_pdf, "render", lambda *_given, **_more: b"%PDF-1.7")
    sent = outgoing.send(waiting, way="hand", on=today, by=manager)
    assert (sent.number, sent.is_waiting) == ("스마트도시과-1", False)
    assert Entry.objects.filter(kind=outgoing.SENT).count() == 1


@pytest.mark.django_db
def test_an_official_who_is_removed_in_the_middle_leaves_the_case_to_the_next() -> None:
    department = DepartmentFactory(phone="02-2600-1234")
    first, second = (OfficerFactory(role=Role.CCTV_MANAGER, department=department) for _ in range(2))
    request = secured(confirmed(CameraFactory(), first), first)
    first.deactivate()
    decisions.decide(request, [Answer("viewing", "granted")], by=second)
    steps = dict(request.moves.values_list("event", "by"))
    assert (steps["identify"], steps["decide"]) == (first.pk, second.pk), "who did it stays on record"
