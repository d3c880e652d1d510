"""Photographs of signs: what counts, what is refused and why, and what must never be told."""

import datetime as dt
import io
import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from cameras.models import Sign, SignCheck, SignSubstitute, Site
from cameras.signs import checking, hanging, photo, recognition, substitutes
from cameras.signs.contents import public_address
from cameras.signs.photo import Position
from ledger.models import Entry
from tests.accounts.factories import OfficerFactory
from tests.cameras.situations_of_signs import HERE, a_sign, a_site, jpeg, of_sign, photograph

pytestmark = pytest.mark.django_db
FAR = (37.5609, 126.8495)
READ, REFUSED = SignCheck.Outcome.READ, SignCheck.Outcome.REFUSED


@pytest.fixture
def by():
    return OfficerFactory()


@pytest.fixture
def site():
    return a_site()


def test_the_first_photograph_marks_the_sign_as_hanging_and_checked(site, by):
    sign = a_sign(site)
    check = checking.check(of_sign(site, taken_at=timezone.localtime(), position=HERE), by=by)
    sign.refresh_from_db()
    assert (check.outcome, check.site, check.distance_metres) == (READ, site, 0)
    assert sign.put_up_on == sign.last_checked_on == timezone.localdate()
    assert Entry.objects.get(kind="cameras.sign_checked").content["outcome"] == "read"


def test_another_signs_photograph_is_refused_and_kept(site, by):
    sign, other = a_sign(site), a_site()
    check = checking.check(of_sign(other), by=by, site=site)
    sign.refresh_from_db()
    assert check.outcome == REFUSED
    assert other.number in check.reason
    assert check.photo.size > 0
    assert (sign.put_up_on, sign.last_checked_on) == (None, None)


def side_by_side(*photographs, taken_at=None):
    pictures = [Image.open(io.BytesIO(content)) for content in photographs]
    joined = Image.new("RGB", (sum(each.width for each in pictures), pictures[0].height))
    left = 0
    for each in pictures:
        joined.paste(each, (left, 0))
        left += each.width
    return jpeg(joined, taken_at=taken_at)


def test_two_signs_in_one_photograph_are_told_apart_by_the_place_alone(site, by, tmp_path):
    """Which one was meant cannot be seen; whichever the finder read first used to count."""
    a_sign(site)
    other, third = a_site(), a_site()
    both = side_by_side(of_sign(other), of_sign(site))
    (tmp_path / "both.jpg").write_bytes(both)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_sign", str(tmp_path / "both.jpg"), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert refused.value.returncode == 1
    assert (answer["site"], answer["readable"]) == (None, True)
    assert site.number in answer["reason"]
    assert other.number in answer["reason"]
    with pytest.raises(checking.NoSite):
        checking.check(both, by=by)
    assert checking.check(both, by=by, site=third).outcome == REFUSED
    told = Position.of(*HERE)
    stamped = side_by_side(of_sign(other), of_sign(site), taken_at=timezone.localtime())
    assert checking.check(stamped, by=by, site=site, position=told).outcome == READ


def test_the_same_sign_twice_is_one(site, by):
    a_sign(site)
    twice = side_by_side(of_sign(site), of_sign(site), taken_at=timezone.localtime())
    assert checking.check(twice, by=by, position=Position.of(*HERE)).outcome == READ


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda site: of_sign(site, position=FAR), "떨어진 곳"),
        (lambda site: of_sign(site, taken_at=timezone.localtime() - dt.timedelta(days=9)), "9일 전"),
        (lambda site: photograph("https://example.org/menu"), "안내판의 것이 아닙니다"),
        (lambda site: photograph(f"https://elsewhere.kr/s/{site.number}/"), "다른 누리집(elsewhere.kr)"),
        (lambda site: jpeg(Image.new("RGB", (600, 400), "grey")), "찾지 못했습니다"),
    ],
)
def test_a_photograph_that_does_not_count_says_why(made, reason, site, by):
    a_sign(site)
    check = checking.check(made(site), by=by, site=site)
    assert check.outcome == REFUSED
    assert reason in check.reason
    assert Sign.objects.get().last_checked_on is None


def test_the_photographs_own_position_stands_before_the_telephones(site, by):
    a_sign(site)
    told = Position.of(*FAR)
    assert checking.check(of_sign(site, position=HERE), by=by, position=told).outcome == READ


def test_the_telephones_position_counts_where_the_photograph_has_none(site, by):
    a_sign(site)
    bare = of_sign(site, position=None)
    assert checking.check(bare, by=by, position=Position.of(*FAR)).outcome == REFUSED
    assert checking.check(bare, by=by, position=Position.of(*HERE)).outcome == READ


def test_what_the_photograph_does_not_say_is_a_persons_word(site, by):
    """A picture of our own PDF has the right code, and neither time nor place."""
    sign = a_sign(site)
    ahead = timezone.localtime() + dt.timedelta(days=2)
    for missing, words in (
        ({"taken_at": None}, "찍은 때가 없습니다"),
        ({"taken_at": ahead}, "찍은 때가 없습니다"),
        ({"position": None}, "찍은 곳이 없습니다"),
        ({"taken_at": None, "position": None}, "찍은 곳이 없습니다"),
    ):
        refused = checking.check(of_sign(site, **missing), by=by)
        assert (refused.outcome, words in refused.reason) == (REFUSED, True), missing
    sign.refresh_from_db()
    assert (refused.taken_at, refused.distance_metres, sign.last_checked_on) == (None, None, None)
    today = timezone.localdate()
    for day in (None, today + dt.timedelta(days=1), sign.made_on - dt.timedelta(days=1)):
        with pytest.raises(ValidationError):
            checking.confirm(refused, reason="현장에서 찍음", by=by, stated_on=day)
    confirmed = checking.confirm(refused, reason="현장에서 찍음", by=by, stated_on=today)
    sign.refresh_from_db()
    assert (confirmed.outcome, confirmed.taken_at, confirmed.seen_on) == (
        SignCheck.Outcome.BY_HAND,
        None,
        today,
    )
    assert sign.last_checked_on == today
    assert Entry.objects.filter(kind="cameras.sign_checked").last().content["stated_on"] == today.isoformat()


def test_a_site_without_coordinates_measures_nothing(site, by):
    a_sign(site)
    Site.objects.filter(pk=site.pk).update(latitude=None, longitude=None)
    assert "좌표가 대장에 없어" in checking.check(of_sign(site), by=by).reason


def test_the_same_photograph_counts_once(site, by):
    a_sign(site)
    content = of_sign(site)
    assert checking.check(content, by=by).outcome == READ
    assert "이미" in checking.check(content, by=by).reason


def test_a_site_without_a_sign_on_record_has_nothing_to_check(site, by):
    assert "쓰고 있는 안내판이 없습니다" in checking.check(of_sign(site), by=by).reason


def test_without_a_site_and_a_readable_code_nothing_is_kept(by):
    with pytest.raises(checking.NoSite):
        checking.check(jpeg(Image.new("RGB", (600, 400), "grey")), by=by)
    assert not SignCheck.objects.exists()


def test_by_hand_only_with_a_reason_and_only_once(site, by):
    sign = a_sign(site)
    refused = checking.check(of_sign(site, position=FAR), by=by)
    with pytest.raises(ValidationError):
        checking.confirm(refused, reason="  ", by=by)
    confirmed = checking.confirm(refused, reason="위성 신호가 약한 지하차도", by=by)
    sign.refresh_from_db()
    refused.refresh_from_db()
    assert (confirmed.outcome, refused.outcome) == (SignCheck.Outcome.BY_HAND, REFUSED)
    assert sign.last_checked_on == timezone.localdate()
    with pytest.raises(ValidationError, match="이미 확인"):
        checking.confirm(refused, reason="다시", by=by)


def test_the_public_copy_tells_neither_place_nor_device(site, by):
    a_sign(site)
    content = of_sign(site, taken_at=timezone.localtime(), position=HERE)
    assert b"Telephone GmbH" in content
    check = checking.check(content, by=by)
    with check.public_photo.open("rb") as file:
        copy = file.read()
    assert b"Telephone" not in copy
    assert dict(Image.open(io.BytesIO(copy)).getexif()) == {}
    with check.photo.open("rb") as file:
        assert file.read() == content


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photograph_is_laid_upright(orientation):
    opened = photo.open_photo(jpeg(Image.new("RGB", (300, 200)), orientation=orientation))
    assert opened.gray.shape == ((200, 300) if orientation in (1, 3) else (300, 200))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0" + b"\0" * 200, b"GIF89a"])
def test_what_is_no_photograph_is_refused(content):
    with pytest.raises(photo.NoPicture):
        photo.open_photo(content)


def test_a_bomb_is_refused_before_it_is_decoded():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(photo.NoPicture, match="지나치게"):
        photo.open_photo(out.getvalue())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("http://localhost:8000/s/A-1/", "A-1"),
        ("http://localhost:8000/s/A-1", "A-1"),
        ("http://LOCALHOST:8000/s/%EA%B0%80%2F%EB%82%98/", "가/나"),
        ("http://localhost:8000/", None),
        ("http://localhost:8000/s/", None),
        ("http://localhost:8000/s/%ff%fe/", None),
        ("http://localhost:8000.evil.kr/s/A-1/", None),
        ("http://localhost:8000@evil.kr/s/A-1/", None),
        ("http://localhost:9000/s/A-1/", None),
        ("ftp://localhost:8000/s/A-1/", None),
        ("http://[bad/s/A-1/", None),
        ("A-1", None),
    ],
)
def test_only_our_own_addresses_name_a_site(text, number, settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    assert recognition.number_in(text) == number


def test_put_up_marks_printed_signs_once(site, by):
    sign = a_sign(site)
    today = timezone.localdate()
    assert [one.pk for one in hanging.put_up([sign.pk], on=today, by=by, position="전주")] == [sign.pk]
    assert hanging.put_up([sign.pk], on=today, by=by) == []
    with pytest.raises(ValidationError):
        hanging.put_up([sign.pk], on=today + dt.timedelta(days=1), by=by)


def test_a_retired_sign_stays_retired(site, by):
    sign = a_sign(site)
    hanging.retire(sign, on=timezone.localdate(), reason="파손", by=by)
    with pytest.raises(ValidationError):
        hanging.retire(sign, on=timezone.localdate(), reason="파손", by=by)
    assert a_sign(site).version == 2


def test_one_decision_of_a_site_at_a_time(site, by):
    today = timezone.localdate()
    facts = {"reason": "impossible", "explanation": "산불 감시", "document_number": "1", "by": by}
    first = substitutes.decide(site, **facts, from_on=today, until_on=None)
    with pytest.raises(ValidationError):
        substitutes.decide(site, **facts, from_on=today + dt.timedelta(days=30), until_on=None)
    substitutes.end(first, on=today, by=by)
    substitutes.decide(site, **facts, from_on=today + dt.timedelta(days=1), until_on=None)
    assert SignSubstitute.objects.count() == 2


def command(*args):
    out = StringIO()
    try:
        call_command("check_sign", *args, "--json", stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, json.loads(out.getvalue().splitlines()[-1])
    return 0, json.loads(out.getvalue().splitlines()[-1])


def test_the_command_tells_the_site_and_records_nothing(site, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(of_sign(site))
    status, answer = command(str(path))
    assert (status, answer["site"], answer["readable"]) == (0, site.number, True)
    assert not SignCheck.objects.exists()


def test_the_command_fails_for_unknown_sites_and_other_pictures(site, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(photograph(public_address(site).replace(site.number, "unknown")))
    status, answer = command(str(path))
    assert (status, answer["site"], answer["readable"]) == (1, None, True)
    path.write_bytes(jpeg(Image.new("RGB", (600, 400), "grey")))
    assert command(str(path))[0] == 1
    path.write_bytes(b"text")
    assert command(str(path))[0] == 2
    assert command(str(tmp_path / "nothing.jpg"))[0] == 2


def test_a_wrong_day_of_hanging_is_corrected_and_both_days_stay(site, by):
    sign = a_sign(site)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="설치로 적기"):
        hanging.correct(sign, on=today, reason="오기", by=by)
    Sign.objects.update(made_on=today - dt.timedelta(days=9))
    hanging.put_up([sign.pk], on=today, by=by)
    right = today - dt.timedelta(days=3)
    for on, reason in (
        (today - dt.timedelta(days=10), "오기"),
        (today + dt.timedelta(days=1), "오기"),
        (today, "오기"),
        (right, ""),
    ):
        with pytest.raises(ValidationError):
            hanging.correct(sign, on=on, reason=reason, by=by)
    assert hanging.correct(sign, on=right, reason="작업일지의 날짜", by=by).put_up_on == right
    told = Entry.objects.get(kind=hanging.KIND_CORRECTED).content
    assert (told["was"], told["on"], told["reason"]) == (
        today.isoformat(),
        right.isoformat(),
        "작업일지의 날짜",
    )
