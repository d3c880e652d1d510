"""The printed sign: true size, one page whatever it says, a code that leads to the site, all or nothing on disk."""

import json
import re
import subprocess
from io import BytesIO, StringIO
from pathlib import Path

import cv2
import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from cameras.enums import InstallPurpose, LinkStatus, SignSize
from cameras.models import Camera, Sign, SignBatch, Site
from cameras.signs import making, reading
from cameras.signs.contents import public_address
from ledger.models import Entry
from reports.documents import sign, sign_batch
from reports.documents.sign_code import SMALLEST_MODULE_MM, code
from reports.documents.sign_layout import LAYOUTS
from tests.accounts.factories import OfficerFactory
from tests.cameras.contracts import entrusted_now
from tests.cameras.sign_photos import CATEGORIES, shots, take
from tests.cameras.situations_of_signs import a_site
from tests.reports import pdf_checks

pytestmark = pytest.mark.django_db
SIZES = {"A4": (210, 297), "A3": (297, 420), "600x400": (600, 400)}


def pages_of(content):
    return PdfReader(BytesIO(content)).pages


def picture_of(path, dpi=100):
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(path), str(path)], check=True)
    return cv2.imread(f"{path}.png")


def hostile_site():
    """Forty cameras that all differ, a long address, a number in Korean with signs, a contractor without end."""
    site = a_site(cameras=40)
    entrusted_now(
        *site.cameras.exclude(ordinal__in=range(3, 41, 3)),
        name="주식회사 " + "세상에서가장긴이름" * 14,
        phone="02-1234-5678",
    )
    entrusted_now(name="관제하는 회사", coverage="all", scopes=["monitoring"])
    for camera in Camera.objects.filter(site=site):
        camera.install_purpose = list(InstallPurpose)[camera.ordinal % 7]
        camera.purpose_detail = "상세" * (camera.ordinal % 5)
        camera.filming_direction = f"{camera.ordinal}번 출구 방향 " + "도로 및 인도 전체 구간 " * 12
        camera.link_status = LinkStatus.LINKED
        camera.save()
    Site.objects.filter(pk=site.pk).update(
        road_address="서울특별시강서구매우긴도로명" * 18, number="가나다/특수#번호?"
    )
    return Site.objects.get(pk=site.pk)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [a_site, hostile_site], ids=["usual", "hostile"])
def test_one_page_of_true_size_with_a_code_that_leads_to_the_site(size, make, tmp_path):
    site = make()
    path = tmp_path / "sign.pdf"
    issued = sign.issue(site.number, size=size, output=path)
    (page,) = pages_of(path.read_bytes())
    assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == list(SIZES[size])
    assert issued.pages == 1
    gray = cv2.cvtColor(picture_of(path, 60), cv2.COLOR_BGR2GRAY)
    assert reading.read(gray, lambda text: True).wanted == public_address(site)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_drawn_over_the_edge_of_its_box(size, tmp_path):
    """Between the table and what stands below it the sheet is white, however much the register says."""
    path = tmp_path / "sign.pdf"
    sign.issue(hostile_site().number, size=size, output=path)
    picture = picture_of(path)
    layout, dots = LAYOUTS[size], 100 / 25.4
    below = layout.facts.y + layout.facts.height
    strip = picture[round((below + 0.6) * dots) : round((below + 1.6) * dots), round(layout.facts.x * dots) : round((layout.facts.x + layout.facts.width) * dots)]  # fmt: skip
    assert strip.min() > 240


def test_it_says_everything_in_both_languages(tmp_path):
    site = a_site()
    Camera.objects.filter(site=site).update(link_status=LinkStatus.LINKED)
    entrusted_now(name="한빛정보통신", phone="02-777-7777", coverage="linked")
    content = sign.issue(site.number).content
    text = pages_of(content)[0].extract_text().replace("\u2060", "")
    for words in ("설치목적", "Purpose", "방범", "Crime prevention", "화곡로 302", "24 hours", "02-2600-6114", "한빛정보통신", "02-777-7777", "통합관제센터", "제25조제4항제1호"):  # fmt: skip
        assert words in text, words


def test_english_words_are_marked_as_english():
    site = a_site(filming_direction="360도 전방면", after_hours_purpose="방범", operating_hours="08-20시")
    Site.objects.filter(pk=site.pk).update(english_address="302, Hwagok-ro")
    entrusted_now(name="한빛정보통신", phone="02-777-7777", coverage="all")
    plan = making.plan(Site.objects.filter(pk=site.pk)).plans[0]
    job = sign.compose([sign.Sheet(plan.contents, 1, plan.made_on)], SignSize.A4, Path("sign.pdf"))
    marked = re.findall(r'lang="en">([^<]+)<', job.html)
    for words in ("Crime prevention", "302, Hwagok-ro", "all directions (360°)", "24 hours", "After hours", "Contractor", "maintenance"):  # fmt: skip
        assert words in marked, words
    assert marked.count("Crime prevention") == 2
    assert "방범 (08-20시 외)" in job.html
    assert "한빛정보통신 02-777-7777 (유지보수)" in job.html


def test_the_command_warns_of_a_code_that_leads_to_this_machine(settings, tmp_path, capsys):
    site = a_site()
    asked = ["render_sign", "--site", site.number, "--output", str(tmp_path / "a.pdf"), "--json"]
    settings.PUBLIC_URL = "http://localhost:8000"
    call_command(*asked)
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["missing"] == ["public_address"]
    assert "PUBLIC_URL" in said.err
    settings.PUBLIC_URL = "https://cctv.example.kr"
    call_command(*asked)
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["missing"] == []
    assert "PUBLIC_URL" not in said.err


def test_the_same_sign_gives_the_same_bytes():
    site = a_site()
    assert sign.issue(site.number).sha256 == sign.issue(site.number).sha256


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_modules_of_an_everyday_address_are_large_and_well_corrected(layout):
    made = code("https://cctv.gangseo.seoul.kr/s/202631500000000001/", layout.code.width)
    assert made.level == "H"
    assert made.module_mm(layout.code.width) >= SMALLEST_MODULE_MM * 1.4


def command(*args):
    out = StringIO()
    call_command("render_sign", *args, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_command_answers_with_what_it_made(tmp_path):
    site = a_site()
    answer = command("--site", site.number, "--size", "a3", "--output", str(tmp_path / "a.pdf"))
    assert (answer["site"], answer["version"], answer["pages"], answer["size"]) == (site.number, 1, 1, "A3")
    assert len(answer["sha256"]) == 64


@pytest.mark.parametrize("change", [{"--site": "none"}, {"--size": "A9"}, {"--output": "/no/folder/a.pdf"}])
def test_what_cannot_be_made_leaves_neither_file_nor_record(change, tmp_path):
    site = a_site()
    arguments = {"--site": site.number, "--size": "A4", "--output": str(tmp_path / "a.pdf"), **change}
    with pytest.raises(CommandError) as refused:
        command(*(part for pair in arguments.items() for part in pair))
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []
    assert not Sign.objects.exists()
    assert not Entry.objects.filter(kind="cameras.sign_made").exists()


def test_a_preview_records_nothing():
    assert pages_of(sign.preview(a_site(), "A4"))
    assert not Sign.objects.exists()


def test_a_batch_is_one_file_and_leaves_out_what_needs_no_sign(monkeypatch):
    monkeypatch.setattr(sign_batch, "SHEETS_IN_PART", 2)
    sites = [a_site() for _ in range(4)]
    Camera.objects.filter(site=sites[3]).update(is_sign_exempt=True)
    batch = sign_batch.request([site.pk for site in sites], title="묶음", size="A4", by=OfficerFactory())
    sign_batch.carry_out(batch)
    stored = SignBatch.objects.get()
    assert (stored.state, stored.pages, Sign.objects.count()) == ("succeeded", 3, 3)
    assert [number for number, _ in stored.left_out] == [sites[3].number]
    with stored.file.open("rb") as file:
        content = file.read()
    # Joined of two parts, and still all that one file is.
    reader = pdf_checks.read(content)
    assert len(reader.pages) == 3
    pdf_checks.assert_archivable(reader)
    pdf_checks.assert_everything_stands_somewhere(reader)
    assert reader.metadata.title == f"CCTV 설치 안내판 {sites[0].number} 외 2곳"
    figures = [one for one in pdf_checks.structure(reader) if one["/S"] == "/Figure"]
    assert len(figures) == 2 * 3


def test_a_cancelled_batch_leaves_no_sign(monkeypatch):
    batch = sign_batch.request([a_site().pk], title="묶음", size="A4", by=OfficerFactory())
    original = SignBatch.beat

    def cancelled_meanwhile(self, *args, **kwargs):
        SignBatch.objects.update(cancel_requested=True)
        self._beaten_at = float("-inf")
        original(self, *args, **kwargs)

    monkeypatch.setattr(SignBatch, "beat", cancelled_meanwhile)
    sign_batch.carry_out(batch)
    assert SignBatch.objects.get().state == "cancelled"
    assert not Sign.objects.exists()
    assert not SignBatch.objects.get().file


PER_CATEGORY = 6


@pytest.mark.once
def test_at_least_95_of_100_photographs_are_read(tmp_path, settings):
    """The set of docs/signs.md in small; every kind of picture must be read nearly always."""
    site = a_site()
    path = tmp_path / "sign.pdf"
    sign.issue(site.number, output=path)
    page = picture_of(path, 150)
    read = {
        category: sum(
            reading.read(
                cv2.cvtColor(take(page, shot), cv2.COLOR_BGR2GRAY), lambda text: text == public_address(site)
            ).wanted
            is not None
            for shot in shots(category, PER_CATEGORY, seed=5)
        )
        for category in CATEGORIES
    }
    assert sum(read.values()) >= 0.95 * PER_CATEGORY * len(CATEGORIES), read
    assert min(read.values()) >= PER_CATEGORY - 1, read


@pytest.mark.once
def test_pictures_without_a_sign_never_name_a_site(tmp_path):
    path = tmp_path / "sign.pdf"
    sign.issue(a_site().number, output=path)
    page = picture_of(path, 60)
    for shot in shots("plain", 3, seed=6):
        picture = take(page[: page.shape[0] // 2], shot)  # the upper half of a sign has no code
        found = reading.read(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), lambda text: True)
        assert found.texts == []
