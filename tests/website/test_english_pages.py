"""Under /en/ everything fixed is English; Korean is only what the district or a citizen wrote, and is marked so.

Three rules instead of a list of phrases: no page says Korean outside of what is marked (every public address is
visited, a new one without a visit fails); no template holds Korean but as the text to translate, so that nothing fixed
hides in a marked element; no text of the site's own code is without its English.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site as WebSite

from cameras.models import Camera, Opinion
from casework import attachments, pictures
from records.models import ViewingRequest
from tests.cameras.consultations import make_running
from tests.website.asking import form
from tests.website.district import SITE, District, whole_district
from tests.website.reading import texts, unmarked_korean
from tests.website.walking import walk
from website.languages import HANGUL
from website.models import FloodMark, SiteTexts
from website.urls import urlpatterns

ROOT = Path(settings.BASE_DIR)
PDF = b"%PDF-1.7 a plan"


@pytest.fixture
def district(db: Any) -> District:
    return whole_district()


def url(name: str, *arguments: Any) -> str:
    with translation.override("en"):
        return reverse(name, args=arguments)


# Every public address by its name; `None` where nobody reads what comes (JSON, files, what leads on).
VISITS: dict[str, Callable[[District], list[str]] | None] = {
    "website_consultations": lambda _: [url("website_consultations")],
    "website_own_opinion": lambda _: [url("website_own_opinion")],
    "website_consultation_preview": lambda d: [url("website_consultation_preview", d.draft.number)],
    "website_consultation_preview_points": None,
    "website_consultation_preview_file": None,
    "website_consultation": lambda d: [url("website_consultation", number) for number in d.notices],
    "website_consultation_points": None,
    "website_consultation_file": None,
    "website_cameras": lambda _: [
        url("website_cameras"),
        *(
            f"{url('website_cameras')}?q={words}"
            for words in (
                "nowhere",
                "Hwagok-ro 302",
                "Hwagok-ro 300",
                "화곡로",
                "화곡러 302",
                "양천구 목동",
                "07661",
                "화곡",
                "B-2",
            )
        ),
    ],
    "website_camera_map": lambda _: [url("website_camera_map")],
    "website_map_points": None,
    "website_map_outline": None,
    "website_site": lambda d: [
        *(url("website_site", number) for number in (SITE, "B-2")),
        *(url("website_site", camera.site.number) for camera in Camera.objects.filter(state="planned")[:1]),
    ],
    "website_sign_substitutes": lambda _: [url("website_sign_substitutes")],
    "website_provisions": lambda _: [url("website_provisions")],
    "website_visit_start": lambda _: [url("website_visit_start")],
    "website_visit_look_up": lambda _: [url("website_visit_look_up")],
    "website_visit_status": lambda _: [url("website_visit_look_up") + "?number=none"],
    "website_report_start": lambda _: [url("website_report_start")],
    "website_form_step": lambda _: ["/en/report-sign/"],
    "website_report_look_up": lambda _: [url("website_report_look_up")],
    "website_report_status": lambda _: [url("website_report_look_up") + "?number=none"],
    "website_report_calendar": None,
    "website_catalogue": None,
    "website_sites_data": None,
    "website_figures": lambda _: [url("website_figures")],
    "website_figures_of": None,
    "website_figures_summary": None,
    "website_figures_data": None,
    "website_figures_edition": None,
    "website_yearly_paper": None,
    "website_check": lambda _: [url("website_check")],
    "website_check_digest": None,
    "website_robots": None,
    "website_sitemap": None,
    "website_consultation_feed": None,
    "website_change_feed": None,
    "website_viewing_former": None,
    "website_viewing_around": lambda _: [url("website_viewing_around")],
    "website_viewing_start": lambda _: [url("website_viewing_start")],
    "website_report_sign": lambda _: [url("website_report_sign", SITE)],
    "website_viewing_letter": None,
    "website_viewing_act": None,
    "website_viewing_opened": None,
    "website_viewing_former_act": None,
    "website_viewing_copy": None,
    "website_viewing_status": lambda _: [url("website_viewing_status")],
    "website_privacy": lambda _: [url("website_privacy")],
    "website_privacy_version": lambda _: [url("website_privacy_version", number) for number in (1, 2)],
    "website_viewing_request": lambda _: [url("website_viewing_request", SITE)],
    "website_dataset": lambda _: [url("website_dataset")],
    "website_dataset_file": None,
    "website_certificate": lambda _: [url("website_certificate")],
    "website_contractors": lambda _: [url("website_contractors")],
    "website_records": lambda _: [url("website_records")],
    "website_checker": None,
    "website_committee": lambda _: [url("website_committee")],
    "website_committee_minutes": lambda d: [url("website_committee_minutes", d.sittings.published)],
    "website_committee_link": lambda d: [
        url("website_committee_link", secret) for secret in d.sittings.secrets
    ],
    "website_policy": lambda _: [url("website_policy")],
    "website_policy_version": lambda _: [url("website_policy_version", 1), url("website_policy_version", 2)],
    "website_search": lambda _: [
        url("website_search"),
        url("website_search") + "?q=1",
        "/en/search/?q=화곡로",
    ],
}
OTHERS = ["/en/", "/english/"]


def english(answer: Any) -> str:
    html: str = answer.content.decode()
    assert '<html lang="en">' in html
    return html


def test_every_public_address_has_a_visit() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(VISITS)


def test_no_page_says_korean_outside_of_what_is_marked(client: Client, district: District) -> None:
    client.force_login(district.officer)
    visited = [path for visit in VISITS.values() if visit for path in visit(district)] + OTHERS
    assert len(visited) > 25
    left = {}
    for path in visited:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if found := unmarked_korean(english(answer)):
            left[path] = found
    assert left == {}


def test_what_has_an_english_name_is_not_left_in_korean(client: Client, district: District) -> None:
    """The words of closed lists (purposes, methods, decisions) are not the district's own."""
    client.force_login(district.officer)
    left = {}
    for path in [path for visit in VISITS.values() if visit for path in visit(district)]:
        # Published policies are Korean as a whole, and the columns of the national file are called what they are.
        if "/policy/" in path or "/privacy/" in path or "/dataset/" in path:
            continue
        html = client.get(path).content.decode()
        with translation.override("en"):
            found = [
                text
                for language, text in texts(html)
                if language == "ko" and translation.gettext(text) != text
            ]
        if found:
            left[path] = found
    assert left == {}


@pytest.mark.parametrize("path", ["/en/no-such-page/", "/en/consultations/none/", "/en/s/none/"])
def test_a_page_that_is_not_there_says_so_in_english(client: Client, db: Any, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    html = english(answer)
    assert unmarked_korean(html) == []
    assert "There is no such page" in html
    assert 'href="/en/"' in html


def test_what_is_too_large_is_told_in_english(client: Client, db: Any) -> None:
    too_large = client.post(f"/en/consultations/{make_running().number}/", {"text": "x" * 4_000_000})
    assert (too_large.status_code, unmarked_korean(english(too_large))) == (413, [])
    assert "What you sent is too large" in too_large.content.decode()


def test_a_fault_of_ours_is_told_in_english(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.consultation.public.page_of", lambda *_: 1 / 0)
    answer = Client(raise_request_exception=False).get("/en/consultations/")
    assert (answer.status_code, unmarked_korean(english(answer))) == (500, [])
    assert "Something went wrong" in answer.content.decode()


# -- what citizens send ----------------------------------------------------------------------------------------


def refused(client: Client, path: str, sent: dict[str, Any]) -> str:
    """The page of a form that is not passed, English, with something to correct."""
    html = english(walk(client, path, sent))
    assert unmarked_korean(html) == []
    assert "Please correct the following" in html
    return html


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": ""}, "Please write your opinion."),
        ({"text": "a" * 10_001}, "At most 10000 characters"),
        ({"text": "my number is 900101-1234567"}, "resident or foreigner registration number"),
        ({"name": "Jane Doe"}, "need your consent"),
        ({"upload": SimpleUploadedFile("a.html", b"<p>")}, "of a kind that cannot be attached"),
        ({"upload": SimpleUploadedFile("a.pdf", b"MZ")}, "is not a PDF file inside"),
        ({"upload": SimpleUploadedFile("a.pdf", b"")}, "The file is empty."),
        ({"upload": SimpleUploadedFile("a.pdf", PDF + b"x" * attachments.MAX_BYTES)}, "is too large"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, str) else "-".join(value),
)
def test_an_opinion_is_refused_in_english(client: Client, db: Any, wrong: Any, message: str) -> None:
    number = make_running().number
    sent = {"text": "I like it.", **wrong}
    for value in sent.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    assert message in refused(client, f"/en/consultations/{number}/", sent)
    assert not Opinion.objects.exists()


def test_answers_are_refused_in_english_and_questions_stay_korean(client: Client, district: District) -> None:
    notice = district.open_notice
    one, many, free = notice.questions.all()
    sent = {
        "text": "",
        f"question_{one.pk}": "7",
        f"question_{many.pk}": ["9"],
        f"question_{free.pk}": "x" * 2_001,
    }
    html = refused(client, f"/en/consultations/{notice.number}/", sent)
    assert html.count("Select a valid choice") == 4, "above the form and at each field"
    assert '<span lang="ko">찬성하십니까?</span>' in html
    del sent[f"question_{one.pk}"]
    assert "Please choose." in refused(client, f"/en/consultations/{notice.number}/", sent)


def test_floods_are_told_in_english(client: Client, db: Any, settings: Any) -> None:
    number = make_running().number
    settings.OPINIONS_PER_10_MINUTES = 0
    path, sent = f"/en/consultations/{number}/", {"text": "x"}
    assert "So many opinions arrive now" in english(walk(client, path, sent))
    settings.OPINIONS_PER_10_MINUTES, settings.OPINIONS_PER_ADDRESS_10_MINUTES = 500, 1
    assert "has been received" in english(walk(client, path, sent))
    assert "Too much was received" in english(walk(client, path, sent))


def test_receipt_own_opinion_and_what_comes_too_late_are_english(client: Client, district: District) -> None:
    number = district.open_notice.number
    question = district.open_notice.questions.first()
    sent = {
        "text": "I like it.",
        f"question_{question.pk}": "0",
        "upload": SimpleUploadedFile("plan.pdf", PDF),
        "consent": "on",
    }
    check = walk(client, f"/en/consultations/{number}/", sent, until="check")
    assert unmarked_korean(english(check)) == []
    for _ in ("received", "received before"):
        answer = client.post(check.request["PATH_INFO"], follow=True)
        assert unmarked_korean(english(answer)) == []
    mine = Opinion.objects.get(text="I like it.")
    for opinion in (mine, *district.answered):
        numbers = {"receipt_number": opinion.receipt_number, "secret": opinion.receipt_secret}
        html = english(client.post("/en/consultations/my-opinion/", numbers))
        assert unmarked_korean(html) == []
        assert "Received at" in html
    wrong, blank = (
        {"receipt_number": mine.receipt_number, "secret": "x"},
        {"receipt_number": "", "secret": ""},
    )
    assert "No opinion has this receipt number" in refused(client, "/en/consultations/my-opinion/", wrong)
    assert "This field is required." in refused(client, "/en/consultations/my-opinion/", blank)
    for late in district.notices[1:4]:
        html = english(client.post(f"/en/consultations/{late}/", {"text": "x"}))
        assert unmarked_korean(html) == []
        assert re.search("Opinions were taken until|You can send yours from", html)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"problem": ""}, "Please choose."),
        ({"problem": "other", "text": ""}, "Please write what is different."),
        ({"text": "x" * 5_000}, "At most"),
        ({"text": "900101-1234567"}, "resident or foreigner registration number"),
        ({"contact": "02-123-4567"}, "A contact needs your consent."),
        ({"photo": SimpleUploadedFile("a.jpg", b"no picture")}, "cannot be read as a photograph"),
        ({"photo": SimpleUploadedFile("a.jpg", b"x" * (pictures.MAX_BYTES + 1))}, "photograph is too large"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "-".join(value),
)
def test_a_report_is_refused_in_english(client: Client, district: District, wrong: Any, message: str) -> None:
    answer = walk(client, url("website_report_sign", SITE), {"problem": "missing", **wrong})
    assert message in english(answer)
    assert unmarked_korean(english(answer)) == []


def test_every_page_of_a_report_is_english(client: Client, district: District) -> None:
    for path in (url("website_report_sign", SITE), url("website_report_start")):
        sent = {"problem": "missing", "place": "Hwagok-ro 1, the pole"}
        for step in ("problem", "photo", "contact", "check", ""):
            html = english(walk(client, path, sent, until=step))
            assert unmarked_korean(html) == []
    assert "Your report has been received" in html


def test_a_request_is_refused_in_english_on_every_page(client: Client, district: District) -> None:
    before = ViewingRequest.objects.count()
    for wrong, message in (
        ({"cameras": [999_999]}, "Select a valid choice"),
        ({"from_at": ""}, "Write the date and the time"),
        ({"from_at": "yesterday"}, "Something is missing: Month, Day, Time (24 hours)"),
        ({"from_at": "2120-01-01 00:00"}, "has not come yet"),
        ({"length": "a while"}, "Write the length like"),
        ({"requester_role": "proxy"}, "This field is required."),
        ({"kinds": ["everything"]}, "Select a valid choice"),
        ({"purpose": ""}, "This field is required."),
        ({"purpose": "x" * 1_001}, "At most 1000 characters; you have written 1001."),
        ({"purpose": "900101-1234567"}, "resident or foreigner registration number"),
        ({"requester_phone": "x"}, "does not look like a telephone number"),
        ({"requester_birth_on": "1800-01-01"}, "Please check the date of birth."),
    ):
        sent = form(SITE, purpose="I lost my bag", requester_name="Jane Doe") | wrong
        html = english(walk(client, url("website_viewing_request", SITE), sent))
        assert unmarked_korean(html) == [], wrong
        assert "Please correct the following" in html, wrong
        assert message in html, wrong
        FloodMark.objects.all().delete()
    assert ViewingRequest.objects.count() == before


def test_a_request_is_received_and_followed_up_in_english(client: Client, district: District) -> None:
    sent = form(SITE, purpose="I lost my bag", requester_name="Jane Doe") | {"requester_role": "proxy"}
    sent |= {"relation": "mother", "subject_name": "Kim", "subject_birth_on": "2018-03-04"}
    sent |= {"where": "Hwagok-ro 302", "radius": "50", "requester_address": "Hwagok-ro 1"}
    for path in (url("website_viewing_around"), url("website_viewing_request", SITE)):
        for step in ("when", "list", "who", "subject", "what", "contact", "check", ""):
            answer = walk(client, path, sent, until=step)
            assert unmarked_korean(english(answer)) == [], step
        assert "Your request has been received" in english(answer)
        FloodMark.objects.all().delete()
    html = english(answer)
    mine = (answer.context["received"].receipt_number, answer.context["code"])
    for number, code in (mine, (district.viewing.request.receipt_number, district.viewing.code)):
        numbers = {"receipt_number": number, "secret": code}
        html = english(client.post(url("website_viewing_status"), numbers, follow=True))
        assert unmarked_korean(html) == []
        assert number in html
    assert "How to object" in html
    wrong = {"receipt_number": "V-1", "secret": "x"}
    assert "No request has this receipt number" in refused(client, url("website_viewing_status"), wrong)


def test_a_member_of_the_committee_answers_in_english(client: Client, district: District) -> None:
    """What is refused, and what stands when it was answered."""
    sittings = district.sittings
    path = url("website_committee_link", sittings.ballot.secret)
    items = sittings.ballot.link.meeting.items.all()
    answers = {f"choice-{item.pk}": "abstain" for item in items}
    number = {f"opinion-{items[0].pk}": "900101-1234567"}
    for sent, message in (
        ({"code": ""}, "This field is required."),
        ({**answers, "code": "000000"}, "Tries left: 4."),
        ({**answers, **number, "code": sittings.ballot.code}, "Resident registration numbers are not taken."),
        ({**answers, "code": sittings.ballot.code}, "I abstain"),
    ):
        html = english(client.post(path, sent, follow=True))
        assert unmarked_korean(html) == []
        assert message in html
    path = url("website_committee_link", sittings.draft.secret)
    assert unmarked_korean(english(client.get(path))) == []
    seen = client.post(path, {"code": sittings.draft.code}).context["form"].initial["seen"]
    wrong = {"verdict": "wrong", "seen": seen, "code": sittings.draft.code}
    for sent, message in (
        ({"code": "000000"}, "Tries left: 4."),
        (wrong, "Please write what must be put right."),
        ({**wrong, "objection": "A word.", "seen": "another"}, "The draft changed while you were reading."),
        ({**wrong, "objection": "A word."}, "you answered that something must be put right"),
    ):
        html = english(client.post(path, sent, follow=True))
        assert unmarked_korean(html) == []
        assert message in html
    gone = client.get(url("website_committee_link", "none"))
    assert (gone.status_code, unmarked_korean(english(gone))) == (404, [])


def test_points_of_the_planned_places_name_the_purpose_in_english(client: Client, district: District) -> None:
    path = url("website_consultation_points", district.open_notice.number)
    sites = client.get(path, {"bbox": "124,33,132,43"}).json()["sites"]
    assert sites
    assert {HANGUL.search(site["detail"]) for site in sites} == {None}


# -- texts that officials change ---------------------------------------------------------------------------------


def test_an_english_text_that_was_emptied_shows_the_korean_as_korean(
    client: Client, district: District
) -> None:
    site_texts = SiteTexts.for_site(WebSite.objects.get(is_default_site=True))
    site_texts.viewing_guide_en = ""
    for kind in ("opinion", "report"):
        for name in (f"{kind}_guide_en", f"{kind}_consent_en", f"{kind}_consent_purpose_en"):
            setattr(site_texts, name, "")
    site_texts.save()
    notice, question = district.open_notice, district.open_notice.questions.first()
    answers = {f"question_{question.pk}": "0", "text": "Yes"}
    forms = {
        "opinion": lambda: walk(client, url("website_consultation", notice.number), answers, until="person"),
        "report": lambda: walk(
            client, url("website_report_sign", SITE), {"problem": "missing"}, until="contact"
        ),
    }
    for path, marked in (
        ("opinion", '<dd lang="ko">'),
        ("report", '<dd lang="ko">'),
        (url("website_viewing_request", SITE), '<div class="site-prose" lang="ko">'),
    ):
        html = english(forms[path]() if path in forms else client.get(path))
        assert unmarked_korean(html) == []
        assert marked in html


# -- nothing fixed hides ----------------------------------------------------------------------------------------

TO_TRANSLATE = re.compile(
    r"\{% translate .*?%\}"
    r"|\{% blocktranslate[^%]*%\}.*?\{% endblocktranslate %\}"
    r"|\{% comment %\}.*?\{% endcomment %\}"
    r'|_\("[^"]*"\)',
    re.S,
)
# The published policy is one document with its own headings; it is Korean as a whole, as it was published.
DOCUMENTS = {"policy_contents.html", "privacy_contents.html"}
# A value that is compared with, never shown.
COMPARED = re.compile(r'== "[^"]*"')
# Names of the one language and of the national file, the same for every reader.
NAMES = {"한국어", "전국CCTV표준데이터", "전국CCTV표준데이터_"}


def templates() -> Iterator[Path]:
    folder = ROOT / "templates"
    yield from (folder / "website").rglob("*.html")
    yield from folder.glob("*.html")
    yield from (folder / "errors" / name for name in ("base.html", "home_link.html"))


def test_templates_hold_korean_only_as_the_text_to_translate() -> None:
    left = {}
    for path in templates():
        if path.name in DOCUMENTS:
            continue
        rest = COMPARED.sub("", TO_TRANSLATE.sub("", path.read_text(encoding="utf-8")))
        if found := HANGUL.search(rest):
            left[str(path.relative_to(ROOT))] = rest[found.start() - 30 : found.start() + 30]
    assert left == {}


def said(tree: ast.AST) -> Iterator[str]:
    """Korean literals but docstrings and the reasons of 404s, which nobody is shown."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        is_404 = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Http404"
        if is_404 or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            silent |= {id(each) for each in ast.walk(node)}
        elif id(node) not in silent and isinstance(node, ast.Constant) and HANGUL.search(str(node.value)):
            yield str(node.value)


def test_texts_of_the_sites_code_have_their_english() -> None:
    """Dataset notes are left out: the columns and examples of the national file are what they are."""
    paths = [
        path
        for folder in ("forms", "views", "templatetags")
        for path in sorted((ROOT / "website" / folder).glob("*.py"))
    ]
    paths += [
        ROOT / "website" / name
        for name in (
            "floods.py",
            "places.py",
            "site_page.py",
            "figures.py",
            "page_search.py",
        )
    ]
    with translation.override("en"):
        left = {
            (path.name, text)
            for path in paths
            for text in said(ast.parse(path.read_text(encoding="utf-8")))
            if text not in NAMES and translation.gettext(text) == text
        }
    assert left == set()
