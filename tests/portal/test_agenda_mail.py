"""The morning mail: once for a matter, again when it gets worse, to each what is theirs, and nobody's failure is
another's."""

import datetime
import json
import threading
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from config.mail import settings_of
from ordinance import due
from ordinance.due import DueItem, Severity
from ordinance.models import Holiday
from portal import reminders
from portal.models import Reminder, ReminderChoice, ReminderMail
from tests.accounts.factories import OfficerFactory

pytestmark = pytest.mark.django_db
SEOUL = timezone.get_default_timezone()
# A week without a holiday.
MONDAY = datetime.datetime(2026, 3, 9, 8, 0, tzinfo=SEOUL)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def items(monkeypatch):
    given: list[DueItem] = []
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(given)})
    return given


@pytest.fixture
def kim():
    return OfficerFactory(username="kim", email="kim@example.kr", role=Role.OFFICIAL)


def on(number: int) -> datetime.date:
    """So many days after Monday."""
    return MONDAY.date() + number * DAY


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


class RefusesOne(EmailBackend):
    """A server that does not take mail to `bad@…`; what it does take arrives."""

    refused = "bad@"

    def send_messages(self, messages):
        if any(address.startswith(self.refused) for each in messages for address in each.to):
            raise ConnectionRefusedError("이 주소는 받지 않습니다")
        return super().send_messages(messages)


@pytest.fixture
def refuses_one(settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOne"


def test_a_mail_says_what_is_due_with_links_and_without_details(kim, items, settings):
    settings.PUBLIC_URL = "https://cctv.example.kr"
    items += [
        DueItem("cameras.signs", "안내판 점검", "민원인 홍길동 010-1234-5678", due_on=on(3), article="조례 제9조",
                url_name="cameras:list", count=3),
        DueItem("b", "<b>늦은</b>\n일", due_on=on(-1)),
    ]  # fmt: skip
    outcome = reminders.send(MONDAY)

    assert (outcome.sent, outcome.items, outcome.failed) == (1, 2, 0)
    (message,) = mail.outbox
    assert message.to == ["kim@example.kr"]
    assert message.subject.endswith("할 일 2건 (기한 경과·위험 1건)")
    html = message.alternatives[0].content
    for body in (message.body, html):
        assert "안내판 점검 (3건)" in body
        assert f"https://cctv.example.kr{reverse('cameras:list')}" in body
        assert "조례 제9조" in body
        assert "3일 남음" in body
        assert "홍길동" not in body
        assert "010-1234" not in body
    assert message.body.index("기한 경과") < message.body.index("다가오는 기한")
    assert "<b>늦은</b> 일" in message.body
    assert "&lt;b&gt;늦은" in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    # What has been handed over is in the mailbox, not in the database.
    row = ReminderMail.objects.get()
    assert (row.state, row.text, row.html, row.told) == ("sent", "", "", [])


def test_nothing_is_told_twice(kim, items):
    items.append(DueItem("a", "할 일", severity=Severity.OVERDUE))
    assert reminders.send(MONDAY).sent == 1
    again = reminders.send(MONDAY)
    assert (again.sent, again.already) == (0, 1)
    for number in (1, 2, 3, 4):
        later = reminders.send(MONDAY + number * DAY)
        assert (later.sent, later.nothing) == (0, 1)
    assert len(mail.outbox) == 1


def test_rows_go_after_a_year(kim, items):
    old = timezone.localdate() - datetime.timedelta(days=366)
    ReminderMail.objects.create(officer=kim, on=old, state="sent")
    recent = ReminderMail.objects.create(officer=kim, on=old + 2 * DAY, state="sent")
    reminders.send(MONDAY)
    assert set(ReminderMail.objects.exclude(on=on(0))) == {recent}


def test_the_title_and_detail_of_the_same_matter_may_change(kim, items):
    items.append(DueItem("a", "확인할 폴더 3개", count=3))
    reminders.send(MONDAY)
    items[:] = [DueItem("a", "확인할 폴더 4개", "어제 하나 늘었습니다", count=4)]
    assert reminders.send(MONDAY + DAY).nothing == 1


def test_a_worse_stage_is_told_again_a_better_one_is_not(kim, items):
    items.append(DueItem("a", "할 일", due_on=on(2)))
    told = [reminders.send(MONDAY + number * DAY).sent for number in range(5)]
    # Soon on Monday, its day on Wednesday, over on Thursday.
    assert told == [1, 0, 1, 1, 0]
    items[:] = [DueItem("a", "할 일", severity=Severity.FAILED, due_on=on(2))]
    assert reminders.send(MONDAY + 7 * DAY).sent == 1
    items[:] = [DueItem("a", "할 일", severity=Severity.OVERDUE, due_on=on(2))]
    assert reminders.send(MONDAY + 8 * DAY).sent == 0
    items[:] = [DueItem("a", "할 일", severity=Severity.FAILED, due_on=on(2))]
    assert reminders.send(MONDAY + 9 * DAY).sent == 1


def test_a_moved_due_date_is_told_again(kim, items):
    items.append(DueItem("a", "할 일", due_on=on(20)))
    reminders.send(MONDAY)
    items[:] = [DueItem("a", "할 일", due_on=on(25))]
    assert reminders.send(MONDAY + DAY).sent == 1
    assert reminders.send(MONDAY + 2 * DAY).sent == 0


def test_a_matter_that_comes_back_is_another_one(kim, items):
    item = DueItem("storage", "저장소 연결 끊김", severity=Severity.FAILED)
    items.append(item)
    reminders.send(MONDAY)
    items.clear()
    reminders.send(MONDAY + DAY)
    assert not Reminder.objects.exists()
    items.append(item)
    assert reminders.send(MONDAY + 2 * DAY).sent == 1


def test_matters_of_a_failing_provider_are_not_taken_for_over(kim, monkeypatch, caplog):
    def sound(now, officer=None):
        return [DueItem("a", "할 일")]

    def broken(now, officer=None):
        raise ZeroDivisionError

    chief = OfficerFactory(email="chief@example.kr", role=Role.SYSTEM_ADMINISTRATOR)
    monkeypatch.setattr(due, "_providers", {"test": sound})
    assert reminders.send(MONDAY).sent == 2
    monkeypatch.setattr(due, "_providers", {"test": broken})
    mail.outbox.clear()
    reminders.send(MONDAY + DAY)
    # Those who can mend it are told, once; the others are not.
    assert [message.to for message in mail.outbox] == [[chief.email]]
    reminders.send(MONDAY + 2 * DAY)
    monkeypatch.setattr(due, "_providers", {"test": sound})
    assert reminders.send(MONDAY + 3 * DAY).sent == 0


def test_items_that_share_a_key_are_told_together(kim, items):
    items += [DueItem("a", "첫째", due_on=on(5)), DueItem("a", "둘째", due_on=on(2))]
    reminders.send(MONDAY)
    assert "첫째" in mail.outbox[0].body
    assert "둘째" in mail.outbox[0].body
    assert Reminder.objects.get().due_on == on(2)


def test_to_each_what_is_theirs(kim, items):
    agent = OfficerFactory(email="agent@example.kr", role=Role.MONITORING_AGENT)
    items += [
        DueItem("a", "파기 실패", url_name="footage:proofs"),
        DueItem("b", "관제요원의 일", officer_id=agent.pk),
    ]
    reminders.send(MONDAY)
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "파기 실패" in told["kim@example.kr"]
    assert "관제요원의 일" not in told["kim@example.kr"]
    assert "파기 실패" not in told["agent@example.kr"]
    assert "관제요원의 일" in told["agent@example.kr"]


def test_who_gets_none(items):
    items.append(DueItem("a", "할 일"))
    OfficerFactory(email="", role=Role.OFFICIAL)
    OfficerFactory(email="gone@example.kr", role=Role.OFFICIAL, is_active=False)
    OfficerFactory(email="norole@example.kr")
    off = OfficerFactory(email="off@example.kr", role=Role.OFFICIAL)
    ReminderChoice.objects.create(officer=off, is_on=False)
    outcome = reminders.send(MONDAY)
    # The ended account is not even looked at.
    assert (outcome.sent, outcome.skipped) == (0, 3)
    assert mail.outbox == []


def test_one_chooses_from_which_urgency_on(kim, items):
    ReminderChoice.objects.create(officer=kim, least_stage=3)
    items += [DueItem("a", "다가오는 일", due_on=on(1)), DueItem("b", "늦은 일", due_on=on(-1))]
    reminders.send(MONDAY)
    assert "늦은 일" in mail.outbox[0].body
    assert "다가오는 일" not in mail.outbox[0].body
    assert reminders.send(MONDAY + DAY).sent == 0
    assert reminders.send(MONDAY + 2 * DAY).sent == 1
    assert "다가오는 일" in mail.outbox[1].body


@pytest.mark.parametrize("offset", [-1, -2])
def test_weekends_send_nothing(kim, items, offset):
    items.append(DueItem("a", "할 일"))
    outcome = reminders.send(MONDAY + offset * DAY)
    assert not outcome.is_working_day
    assert mail.outbox == []
    assert not ReminderMail.objects.exists()


def test_a_holiday_morning_sends_nothing(kim, items):
    items.append(DueItem("a", "할 일"))
    Holiday.objects.create(on=on(0), name="임시공휴일", kind=Holiday.Kind.TEMPORARY, source="시험")
    assert not reminders.is_time(MONDAY)
    assert reminders.send(MONDAY).sent == 0
    assert reminders.send(MONDAY + DAY).sent == 1


def test_only_in_the_morning_and_for_some_hours(settings):
    settings.REMINDER_TIME = datetime.time(8, 0)
    minute = datetime.timedelta(minutes=1)
    assert not reminders.is_time(MONDAY - minute)
    assert reminders.is_time(MONDAY)
    assert reminders.is_time(MONDAY + datetime.timedelta(hours=3))
    assert not reminders.is_time(MONDAY + datetime.timedelta(hours=5))
    # Eight in the morning in Seoul, whatever zone the clock is read in.
    assert reminders.is_time(MONDAY.astimezone(datetime.UTC))


def test_one_failure_stops_nobody_and_is_tried_again(kim, items, refuses_one, settings, caplog):
    items.append(DueItem("a", "할 일"))
    bad = OfficerFactory(email="bad@example.kr", role=Role.OFFICIAL)
    last = OfficerFactory(email="last@example.kr", role=Role.OFFICIAL)
    outcome = reminders.send(MONDAY)

    assert (outcome.sent, outcome.failed) == (2, 1)
    assert sorted(message.to[0] for message in mail.outbox) == ["kim@example.kr", "last@example.kr"]
    row = ReminderMail.objects.get(officer=bad)
    assert (row.state, row.attempts) == ("failed", 1)
    assert "ConnectionRefusedError" in row.error
    assert not Reminder.objects.filter(officer=bad).exists()
    assert Reminder.objects.filter(officer=last).exists()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    again = reminders.send(MONDAY + datetime.timedelta(minutes=10))
    assert (again.sent, again.already, again.failed) == (1, 2, 0)
    assert mail.outbox[-1].to == ["bad@example.kr"]
    assert not reminders.failures(MONDAY).exists()


def test_an_address_that_never_works_is_given_up_for_the_day(items, refuses_one, caplog):
    items.append(DueItem("a", "할 일"))
    OfficerFactory(email="bad@example.kr", role=Role.OFFICIAL)
    for _ in range(reminders.MOST_ATTEMPTS + 3):
        assert reminders.send(MONDAY).failed == 1
    assert ReminderMail.objects.get().attempts == reminders.MOST_ATTEMPTS
    # The next day tells it as it stands then, and does not keep the old text.
    assert reminders.send(MONDAY + DAY).failed == 1
    first, second = ReminderMail.objects.order_by("on")
    assert first.text == ""
    assert "할 일" in second.text


def test_the_administrator_sees_the_failure_and_sends_again(
    client, items, refuses_one, settings, caplog, django_capture_on_commit_callbacks
):
    items.append(DueItem("a", "할 일"))
    bad = OfficerFactory(email="bad@example.kr", last_name="제갈", role=Role.OFFICIAL)
    now = timezone.now()
    row = ReminderMail.objects.create(
        officer=bad, on=timezone.localdate(now), state="failed", attempts=6, subject="할 일 1건", items=1,
        text="본문", html="<p>본문</p>", message_id="<1@x>", told=[{"key": "a", "stage": 2, "due_on": None}],
    )  # fmt: skip
    from portal.providers import unsent_reminders

    (item,) = unsent_reminders(now)
    assert (item.count, item.href) == (1, reverse("agenda:delivery"))
    client.force_login(OfficerFactory(role=Role.SYSTEM_ADMINISTRATOR))
    assert "제갈" in client.get(reverse("agenda:delivery")).content.decode()

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CELERY_TASK_ALWAYS_EAGER = True
    from config.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("agenda:mail_retry", args=[row.pk]))
    finally:
        app.conf.task_always_eager = False
    assert [message.to for message in mail.outbox] == [["bad@example.kr"]]
    assert list(unsent_reminders(now)) == []
    assert Reminder.objects.get(officer=bad).key == "a"


def test_a_crash_before_sending_loses_nothing(kim, items, monkeypatch):
    items.append(DueItem("a", "할 일"))
    monkeypatch.setattr(reminders, "deliver", _dies)
    with pytest.raises(KeyboardInterrupt):
        reminders.send(MONDAY)
    assert ReminderMail.objects.get().state == "waiting"
    monkeypatch.undo()
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(items)})
    assert reminders.send(MONDAY).sent == 1
    assert len(mail.outbox) == 1


def test_a_crash_after_sending_leaves_one_mail_in_doubt_and_repeats_it_as_it_was(kim, items, monkeypatch):
    """Others have theirs; the one in doubt comes again with the same Message-ID, after a while, not at once."""
    OfficerFactory(email="lee@example.kr", role=Role.OFFICIAL)
    items.append(DueItem("a", "할 일"))
    monkeypatch.setattr(reminders, "_record", _dies)
    with pytest.raises(KeyboardInterrupt):
        reminders.send(MONDAY)
    assert len(mail.outbox) == 1
    monkeypatch.undo()
    monkeypatch.setattr(due, "_providers", {"test": lambda now, officer=None: iter(items)})

    at_once = reminders.send(MONDAY)
    assert (at_once.sent, at_once.already) == (1, 1)
    ReminderMail.objects.filter(state="sending").update(
        attempted_at=timezone.now() - reminders.CLAIM_LASTS * 2
    )
    assert reminders.failures(MONDAY).count() == 1
    assert reminders.send(MONDAY).sent == 1
    first, _, repeated = mail.outbox
    assert first.extra_headers["Message-ID"] == repeated.extra_headers["Message-ID"]
    assert first.body == repeated.body


def _dies(*args):
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_moment_send_one_mail(items):
    from django.db import connection

    OfficerFactory(email="kim@example.kr", role=Role.OFFICIAL)
    items.append(DueItem("a", "할 일"))
    barrier, outcomes = threading.Barrier(2), []

    def run():
        try:
            barrier.wait()
            outcomes.append(reminders.send(MONDAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1
    assert sorted(outcome.sent for outcome in outcomes) == [0, 1]
    assert [outcome.failed for outcome in outcomes] == [0, 0]


def test_many_items_take_no_more_queries_than_one(kim, items, django_assert_max_num_queries):
    items.append(DueItem("a", "하나"))
    lee = OfficerFactory(email="lee@example.kr", role=Role.OFFICIAL)
    with django_assert_max_num_queries(60) as few:
        reminders.send(MONDAY)
    Reminder.objects.all().delete()
    ReminderMail.objects.all().delete()
    items += [DueItem(f"b{number}", "여럿", url_name="cameras:list") for number in range(100)]
    with django_assert_max_num_queries(len(few)):
        assert reminders.send(MONDAY).items == 202
    assert Reminder.objects.filter(officer=lee).count() == 101


def run_command(*arguments) -> tuple[int, dict]:
    out, status = StringIO(), 0
    try:
        call_command("send_reminders", *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as end:
        status = end.code
    return status, json.loads(out.getvalue().splitlines()[-1])


def test_the_command_shows_before_it_sends(kim, items):
    items.append(DueItem("a", "할 일"))
    at = f"--at={MONDAY.isoformat()}"
    status, data = run_command(at, "--dry-run")
    assert (status, data["sent"], data["items"]) == (0, 1, 1)
    assert mail.outbox == []
    assert not ReminderMail.objects.exists()
    assert run_command(at)[1]["sent"] == 1
    assert run_command(at)[1] == {**data, "sent": 0, "already": 1, "items": 0}
    assert run_command(at, "--dry-run")[1]["already"] == 1


def test_the_command_says_what_it_cannot_use_or_do(kim, items, refuses_one, caplog):
    items.append(DueItem("a", "할 일"))
    assert run_command("--at=gestern")[0] == 2
    assert run_command("--at=2999-01-01")[0] == 2
    assert run_command("--at=2026-03-08T08:00+09:00")[1]["is_working_day"] is False
    Officer.objects.update(email="bad@example.kr")
    status, data = run_command(f"--at={MONDAY.isoformat()}")
    assert (status, data["failed"]) == (1, 1)


def test_everybody_sets_the_own_mail(client, kim):
    client.force_login(kim)
    url = reverse("agenda:settings")
    assert "kim@example.kr" in client.get(url).content.decode()
    assert client.post(url, {"least_stage": "2"}).status_code == 302
    choice = ReminderChoice.objects.get(officer=kim)
    assert (choice.is_on, choice.least_stage) == (False, 2)
    client.post(url, {"is_on": "on", "least_stage": "0"})
    choice.refresh_from_db()
    assert (choice.is_on, choice.least_stage) == (True, 0)
    assert "입력한 내용을 확인" in client.post(url, {"least_stage": "99"}).content.decode()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://a%40b:p%2Fw@mail.example.kr:587?tls=1",
            {"EMAIL_HOST": "mail.example.kr", "EMAIL_PORT": 587, "EMAIL_HOST_USER": "a@b",
             "EMAIL_HOST_PASSWORD": "p/w", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False},
        ),
        ("smtps://mail.example.kr", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
        ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
    ],
)  # fmt: skip
def test_the_mail_server_is_named_by_one_address(url, expected):
    assert expected.items() <= settings_of(url).items()


def test_files_are_the_default_place(tmp_path):
    found = settings_of(f"file://{tmp_path}")
    assert found["EMAIL_FILE_PATH"] == tmp_path
    assert "filebased" in found["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    "url", ["mail.example.kr", "smtp://", "http://x", "smtp://x:port", "file://", "smtp://u:secret@"]
)
def test_an_address_that_names_no_server_stops_the_start(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        settings_of(url)
    assert "secret" not in str(caught.value)
