"""Minutes: drafted, confirmed by members, locked, corrected beside, published without speakers; allowances (art. 29, 30)."""

import datetime as dt
import hashlib

import pytest
from django.db import connection
from django.urls import reverse

from accounts.roles import Role
from casework import next_steps
from casework.refusals import Refused
from committee import agenda, allowances, attendance, minutes, providers, recordings, recusals, resolutions
from committee.enums import LinkPurpose, MeetingKind, RecusalKind
from committee.models import Minutes, Recording
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.committee.factories import HELD_ON, audio, of_item, planned, scan, seated, sent_link
from tests.ordinance.duties import unmet

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def officer():
    return OfficerFactory()


@pytest.fixture
def held(officer):
    """Four of seven attend; one steps aside from the first item, which loses its quorum; the second is carried."""
    terms = seated(officer)
    there = [terms[0], terms[1], terms[3], terms[5]]
    meeting = planned(by=officer)
    meeting = attendance.record(meeting, [term.pk for term in there], by=officer, today=TODAY)
    first, second = meeting.items.all()
    recusals.declare(first, terms[0], RecusalKind.WITHDRAWAL, reason="가족의 업체", by=officer)
    resolutions.record(meeting, of_item(second, (3, 1, 0)), by=officer, today=TODAY)
    return terms, meeting


def confirmed(shown, terms, officer, *positions):
    for position in positions:
        minutes.confirm_on_paper(shown, terms[position], on=TODAY, by=officer, today=TODAY)


def test_the_draft_holds_the_five_contents(officer, held):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    item = meeting.items.last()
    minutes.say(shown, text="유지보수 비용을 물음", item=item, term=terms[5], by=officer)
    minutes.say(shown, text="매년 줄고 있음", item=item, speaker="안전관리과장", by=officer)
    told = minutes.draft(shown)
    assert (told["on"], told["place"], told["starts_at"]) == ("2026-11-05", "구청 대회의실", "14:00")
    assert [each["present"] for each in told["members"]].count(True) == 4
    lost, carried = told["items"]
    assert (lost["is_quorate"], lost["present"], lost["resolution"]) == (False, 3, "")
    assert (carried["outcome"], carried["votes"]) == ("원안 가결", [3, 1, 0])
    assert carried["statements"][0]["speaker"] == "김서연 위원"
    with pytest.raises(Refused, match="출석하지 않은"):
        minutes.say(shown, text="말함", item=item, term=terms[6], by=officer)
    with pytest.raises(Refused, match="이미 회의록"):
        minutes.begin(meeting, by=officer)


def test_an_item_that_was_not_put_to_the_committee_is_told_with_its_reason(officer):
    terms = seated(officer)
    meeting = planned(by=officer)
    agenda.drop(meeting.items.last(), reason="담당 부서가 거두어들임", by=officer)
    attendance.record(meeting, [term.pk for term in terms], by=officer, today=TODAY)
    told = minutes.draft(minutes.begin(meeting, by=officer))
    assert [item["dropped"] for item in told["items"]] == ["", "담당 부서가 거두어들임"]


def test_minutes_confirmed_by_nobody_are_not_locked_and_a_changed_draft_is_confirmed_anew(officer, held):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    with pytest.raises(Refused, match="지금 내용을 확인한 위원은 0명"):
        minutes.lock(shown, by=officer)
    with pytest.raises(Refused, match="출석하지 않은 위원은 회의록을 확인할 수"):
        confirmed(shown, terms, officer, 6)
    confirmed(shown, terms, officer, 0, 1)
    minutes.write(shown, other="다음 회의는 12월", by=officer)
    with pytest.raises(Refused, match="0명입니다"):
        minutes.lock(shown, by=officer)
    confirmed(shown, terms, officer, 0)
    minutes.confirm_on_paper(shown, terms[5], on=TODAY, objection="발언이 빠짐", by=officer, today=TODAY)
    with pytest.raises(Refused, match="고칠 것이 있다고 한"):
        minutes.lock(shown, by=officer)
    minutes.say(shown, text="빠진 발언", item=None, term=terms[5], by=officer)
    confirmed(shown, terms, officer, 0, 5)
    locked = minutes.lock(shown, by=officer)
    assert locked.sha256 == minutes.digest(locked.frozen)
    line = Entry.objects.get(kind="committee.minutes_locked")
    assert line.content["content_digest"] == locked.sha256


def test_what_is_locked_changes_no_more_and_only_a_correction_sheet_stands_beside_it(officer, held):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    with pytest.raises(Refused, match="확정하기 전에는"):
        minutes.correct(shown, text="x", reason="y", by=officer)
    confirmed(shown, terms, officer, 0, 1)
    locked = minutes.lock(shown, by=officer)
    before = locked.contents
    for attempt in (
        lambda: minutes.write(locked, other="고침", by=officer),
        lambda: minutes.say(locked, text="더함", item=None, speaker="과장", by=officer),
        lambda: minutes.lock(locked, by=officer),
        lambda: confirmed(locked, terms, officer, 5),
    ):
        with pytest.raises(Refused, match="확정"):
            attempt()
    minutes.correct(locked, text="장소는 소회의실", reason="오기", by=officer)
    assert Minutes.objects.get().contents == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT contents FROM committee_minutes")
        assert "김서연" not in cursor.fetchone()[0]


def test_the_public_version_has_no_speaker_and_the_finding_lasts_until_it_is_published(officer, held, client):
    terms, meeting = held
    due_on = minutes.due_on(meeting)
    assert due_on >= HELD_ON + dt.timedelta(days=30)
    assert unmet("minutes_published", on=due_on) == set()
    late = due_on + dt.timedelta(days=1)
    assert unmet("minutes_published", on=late) == {meeting.number}
    shown = minutes.begin(meeting, by=officer)
    minutes.say(shown, text="비용을 물음", item=meeting.items.last(), term=terms[5], by=officer)
    attendance.hear(
        meeting, name="전문가", affiliation="연구원", is_district_official=False, said="설명함", by=officer
    )
    confirmed(shown, terms, officer, 0, 1)
    with pytest.raises(Refused, match="확정한 회의록만"):
        minutes.publish(shown, by=officer)
    minutes.lock(shown, by=officer)
    assert unmet("minutes_published", on=late) == {meeting.number}
    public = minutes.publish(Minutes.objects.get(), by=officer).public
    assert unmet("minutes_published", on=late) == set()
    # What came too late stays too late.
    kept, noon = Minutes.objects.filter(pk=shown.pk), dt.time(12, tzinfo=dt.UTC)
    kept.update(published_at=dt.datetime.combine(late, noon))
    assert unmet("minutes_published", on=late) == {meeting.number}
    kept.update(published_at=dt.datetime.combine(due_on, noon))
    assert unmet("minutes_published", on=late) == set()
    assert public["items"][1]["statements"] == [{"speaker": "", "text": "비용을 물음"}]
    assert public["items"][0]["aside"] == [{"name": "", "kind": "회피"}]
    assert public["experts"][0]["name"] == ""
    text = client.get(f"/committee/minutes/{meeting.number}/").content.decode()
    assert "비용을 물음" in text
    assert "의사정족수에 이르지 못하여" in text
    assert "전문가" not in text
    assert text.count("김서연") == 1  # in the list of those who attended, as the law wants it
    assert meeting.number in client.get("/committee/").content.decode()


def test_a_reason_not_to_publish_ends_the_finding_and_a_draft_is_never_shown(officer, held, client):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    assert client.get(f"/committee/minutes/{meeting.number}/").status_code == 404
    confirmed(shown, terms, officer, 0, 1)
    minutes.lock(shown, by=officer)
    with pytest.raises(Refused, match="조문을 적으십시오"):
        minutes.withhold(Minutes.objects.get(), reason="바쁨", by=officer, today=TODAY)
    minutes.withhold(Minutes.objects.get(), reason="정보공개법 제9조제1항제5호", by=officer, today=TODAY)
    assert unmet("minutes_published", on=dt.date(2027, 6, 1)) == set()
    kept_back_on = Minutes.objects.get().withheld_on
    now = dt.datetime.combine(TODAY, dt.time(12), tzinfo=dt.UTC)
    client.force_login(OfficerFactory(role=Role.COMMITTEE_SECRETARY))
    for unfounded in ("바쁨", "제3조의2에 따른 사정"):
        Minutes.objects.update(withheld_reason=unfounded)
        assert unmet("minutes_published", on=dt.date(2027, 6, 1)) == {meeting.number}
        step = next_steps.of(Minutes.objects.get(), now)
        assert (step.verb, "공개하지 않음…" in step.note) == ("회의록 공개하기", True)
        assert step.matter in [item.title for item in providers.meetings(now)]
        actions = client.get(reverse("committee:minutes", args=[shown.pk])).context["page_actions"]
        assert "공개하지 않음…" in [action.label for action in actions]
        later = TODAY + dt.timedelta(days=200)
        minutes.withhold(Minutes.objects.get(), reason="정보공개법 제9조제1항제5호", by=officer, today=later)
        assert Minutes.objects.get().withheld_on == kept_back_on
        assert unmet("minutes_published", on=dt.date(2027, 6, 1)) == set()
        assert not list(providers.meetings(now))
    Minutes.objects.update(
        withheld_reason="정보공개법 제9조제1항제5호",
        withheld_on=minutes.due_on(meeting) + dt.timedelta(days=1),
    )
    assert unmet("minutes_published", on=dt.date(2027, 6, 1)) == {meeting.number}
    assert client.get(f"/committee/minutes/{meeting.number}/").status_code == 404
    # Kept back in time without an article, and published too late.
    published = dt.datetime.combine(
        minutes.due_on(meeting) + dt.timedelta(days=3), dt.time(12), tzinfo=dt.UTC
    )
    Minutes.objects.update(withheld_reason="바쁨", withheld_on=TODAY, published_at=published)
    assert unmet("minutes_published", on=dt.date(2027, 6, 1)) == {meeting.number}


def test_a_signed_link_confirms_the_draft_that_was_read(officer, held):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    sent = sent_link(meeting, terms[5], LinkPurpose.MINUTES, until=until)
    seen = minutes.digest(minutes.draft(shown))
    minutes.write(shown, other="바뀜", by=officer)
    with pytest.raises(minutes.Changed):
        minutes.confirm_by_link(sent.link, sent.secret, sent.code, seen=seen)
    now = minutes.digest(minutes.draft(Minutes.objects.get()))
    made = minutes.confirm_by_link(sent.link, sent.secret, sent.code, seen=now, objection="오자")
    assert (made.term, made.has_objection, made.objection) == (terms[5], True, "오자")
    with pytest.raises(Refused, match="이미 답하셨습니다"):
        minutes.confirm_by_link(sent.link, sent.secret, sent.code, seen=now)


def test_the_address_alone_shows_no_draft(client, officer, held):
    terms, meeting = held
    shown = minutes.begin(meeting, by=officer)
    minutes.say(shown, text="비밀스러운 발언", item=None, speaker="과장", by=officer)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    sent = sent_link(meeting, terms[5], LinkPurpose.MINUTES, until=until)
    page = reverse("website_committee_link", args=[sent.secret])
    seen = minutes.digest(minutes.draft(shown))
    for asked in (
        client.get(page),
        client.post(page, {"code": "000000"}),
        client.post(page, {"code": "000000", "verdict": "right", "seen": seen}),
    ):
        assert "비밀스러운 발언" not in asked.content.decode()
    sent.link.refresh_from_db()
    assert sent.link.tries == 2
    opened = client.post(page, {"code": sent.code})
    assert "비밀스러운 발언" in opened.content.decode()
    fields = {**opened.context["form"].initial, "verdict": "right"}
    assert client.post(page, fields).status_code == 302
    assert "비밀스러운 발언" not in client.get(page).content.decode()


def test_a_recording_is_kept_encrypted_and_goes_with_its_last_day(officer, held, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    _, meeting = held
    shown = minutes.begin(meeting, by=officer)
    with pytest.raises(Refused, match="녹음 파일"):
        minutes.write(shown, other="", audio=scan(), by=officer)
    sent = audio(2 * recordings.CHUNK)
    content = sent.read()
    sent.seek(0)
    minutes.write(shown, other="", audio=sent, by=officer)
    row = Recording.objects.get()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    (kept,) = (tmp_path / "recordings").iterdir()
    # Three letters stand somewhere in a megabyte of anything; with silence after them they do not.
    assert b"ID3" + bytes(16) not in kept.read_bytes()
    assert b"".join(recordings.take(row, by=officer)) == content
    with pytest.raises(Refused, match="이미 보관한"):
        minutes.write(shown, other="", audio=audio(), by=officer)
    whole = bytearray(kept.read_bytes())
    whole[recordings.CHUNK + 100] ^= 1
    kept.write_bytes(whole)
    with pytest.raises(recordings.Damaged):
        recordings.take(row, by=officer)
    last = dt.datetime.combine(row.erase_on, dt.time(12), dt.UTC)
    assert recordings.erase_due(last) == 0
    after = last + dt.timedelta(days=1)
    assert (recordings.erase_due(after), recordings.erase_due(after)) == (1, 0)
    row.refresh_from_db()
    assert (row.sealed_key, kept.exists()) == ("", False)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {recordings.KEPT, recordings.TAKEN, recordings.ERASED} <= kinds


# -- allowances


def test_allowances_are_for_who_attended_and_is_neither_official_nor_councillor(officer, held):
    _, meeting = held
    for is_official in (True, False):
        attendance.hear(
            meeting,
            name="이전문",
            affiliation="연구원",
            is_district_official=is_official,
            said="설명",
            by=officer,
        )
    sheet = allowances.make(meeting, budget_line="위원회 운영", document_number="안전-9", by=officer)
    paid = {
        line.term.member.name if line.term else "전문가": line.amount
        for line in sheet.lines.all()
        if line.amount
    }
    assert paid == {"김서연": 100_000, "전문가": 100_000}
    reasons = sorted(line.why_none for line in sheet.lines.all() if not line.amount)
    assert [reason.split("(")[0] for reason in reasons] == [
        "구 소속 공무원",
        "구 소속 공무원",
        "구 소속 공무원",
        "구의원의 직무로 참석",
    ]
    with pytest.raises(Refused, match="이미 조서"):
        allowances.make(meeting, budget_line="위원회 운영", document_number="안전-9", by=officer)


def test_the_rule_asks_for_the_payment_and_a_written_deliberation_pays_nothing(officer, held):
    _, meeting = held
    late = HELD_ON + dt.timedelta(days=31)
    assert unmet("allowance_paid", on=HELD_ON + dt.timedelta(days=30)) == set()
    assert unmet("allowance_paid", on=late) == {meeting.number}
    sheet = allowances.make(meeting, budget_line="위원회 운영", document_number="안전-9", by=officer)
    assert unmet("allowance_paid", on=late) == {meeting.number}
    allowances.pay(sheet, on=TODAY, by=officer, today=TODAY)
    assert unmet("allowance_paid", on=late) == set()
    written = planned(kind=MeetingKind.WRITTEN, by=officer)
    with pytest.raises(Refused, match="서면심의에는 없습니다"):
        allowances.make(written, budget_line="위원회 운영", document_number="안전-9", by=officer)


def test_papers_are_printed_with_their_figures(officer, held):
    import io

    from pypdf import PdfReader

    from committee.models import Resolution
    from reports.documents import committee_papers

    _, meeting = held
    shown = minutes.begin(meeting, by=officer)

    def text(content: bytes) -> str:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)

    draft = text(committee_papers.minutes(shown))
    assert "아직 확정하지 않은 초안" in draft
    assert "의사정족수에 이르지 못하여" in draft
    sheet = text(committee_papers.resolution_sheet(Resolution.objects.get()))
    assert "찬성 3명, 반대 1명, 기권 0명" in sheet
    assert "김서연" in sheet
    made = allowances.make(meeting, budget_line="위원회 운영", document_number="안전-9", by=officer)
    assert "100,000" in text(committee_papers.allowance_sheet(made))
