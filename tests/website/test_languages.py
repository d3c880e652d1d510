"""English of the fixed texts: complete, at the same place, and never in the portal.

That the pages say it is in test_english_pages.py.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from cameras.consultation import notice
from cameras.consultation.phase import Phase
from cameras.enums import (
    CameraState,
    ConsultationMethod,
    ContractScope,
    InstallPurpose,
    OpinionChannel,
    OpinionDecision,
    Pipa25Ground,
    SignProblem,
    SubstituteReason,
)
from cameras.signs import substitutes
from cameras.signs.contents import RANGE_UNKNOWN
from casework import persons
from records.enums import (
    EXISTS,
    AppointmentResult,
    DecisionOutcome,
    NoticeKind,
    PostponeGround,
    RemedyAgainst,
    RemedyKind,
    RemedyOutcome,
    RequesterRole,
    RequestKind,
    RequestPaperKind,
    RequestState,
)
from records.viewing.persons import CODE
from tests.website.situations import make_place
from website.models import ContentPage, SiteTexts
from website.templatetags.site_frame import FOOTER, MENU

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES"
HANGUL = re.compile(r"[가-힣]")
PATHS = [
    "/",
    "/cameras/",
    "/cameras/map/",
    "/s/A/",
    "/dataset/",
    "/viewing-request/status/",
    "/search/?q=화곡로",
    "/consultations/",
    "/consultations/my-opinion/",
    "/signs/",
]


def said_in_templates() -> set[str]:
    found = set()
    folder = ROOT / "templates"
    for path in (
        *(folder / "website").rglob("*.html"),
        *folder.glob("*.html"),
        *(folder / "errors").glob("*.html"),
    ):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\{% translate "([^"]+)"', text))
        found |= set(re.findall(r'_\("([^"]+)"\)', text))
        for block in re.findall(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", text, re.S):
            found.add(re.sub(r"\{\{ ?(\w+) ?\}\}", r"%(\1)s", block))
    return found


def said_in_code() -> set[str]:
    """Texts given to gettext as one literal."""
    paths = [
        *(ROOT / "website").rglob("*.py"),
        *(ROOT / "records").rglob("*.py"),
        *(ROOT / "cameras").rglob("*.py"),
    ]
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"_", "gettext", "gettext_lazy"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return found


def said_by_lists() -> set[str]:
    lists = (
        InstallPurpose,
        Pipa25Ground,
        SignProblem,
        RequesterRole,
        RequestState,
        NoticeKind,
        DecisionOutcome,
        RequestKind,
        RequestPaperKind,
        PostponeGround,
        RemedyKind,
        RemedyAgainst,
        RemedyOutcome,
        AppointmentResult,
        CameraState,
        ConsultationMethod,
        Phase,
        OpinionChannel,
        OpinionDecision,
        SubstituteReason,
        ContractScope,
    )
    labels = {str(label) for each in lists for label in each.labels}
    # What is told on the form of a request, where no consent is asked.
    entry = persons.entry(CODE)
    labels |= {entry.purpose, entry.items, entry.ground, entry.kept_from, entry.recipients}
    citations = {*notice.GROUNDS, notice.METHOD_GROUND, substitutes.CITATION}
    return labels | citations | {EXISTS, RANGE_UNKNOWN} | {title for title, _ in (*MENU, *FOOTER)}


def test_every_fixed_text_has_its_english() -> None:
    wanted = said_in_templates() | said_in_code() | said_by_lists()
    assert len(wanted) > 200
    with translation.override("en"):
        missing = sorted(text for text in wanted if HANGUL.search(text) and translation.gettext(text) == text)
    assert missing == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    """`msgfmt -o django.mo django.po` was not forgotten."""
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.M)
    assert len(pairs) > 200
    with translation.override("en"):
        for korean, english in pairs:
            said = translation.gettext(korean.replace('\\"', '"').replace("\\\\", "\\"))
            assert said == english.replace('\\"', '"').replace("\\\\", "\\")


def test_placeholders_are_the_same_in_both_languages() -> None:
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    for korean, english in re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.M):
        for pattern in (r"%\(\w+\)[sd]", r"\{\w+\}"):
            assert sorted(re.findall(pattern, korean)) == sorted(re.findall(pattern, english))


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_the_switch_keeps_the_place(client: Client, path: str) -> None:
    make_place("A", "화곡로 1")
    korean = client.get(path).content.decode()
    switch = re.search(r'class="site-header__language" href="([^"]+)"', korean)
    assert switch
    there = switch[1].replace("&amp;", "&")
    assert there.startswith("/en/")
    english = client.get(there).content.decode()
    assert '<html lang="en">' in english
    back = re.search(r'class="site-header__language" href="([^"]+)"', english)
    assert back
    assert client.get(back[1]).status_code == 200
    assert '<html lang="ko">' in client.get(back[1]).content.decode()


@pytest.mark.django_db
def test_a_browser_that_wants_english_still_gets_the_portal_in_korean(client: Client) -> None:
    answer = client.get("/portal/login/", headers={"Accept-Language": "en"})
    assert '<html lang="ko"' in answer.content.decode()
    assert '<html lang="ko">' in client.get("/", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.django_db
def test_guidance_leads_to_its_counterpart(client: Client) -> None:
    english = client.get("/english/").content.decode()
    assert '<html lang="en">' in english
    assert "Find cameras" in english
    assert 'href="http://localhost/viewing-guide/"' in english or 'href="/viewing-guide/"' in english
    assert ContentPage.objects.get(slug="viewing-guide").counterpart.slug == "english"


@pytest.mark.django_db
def test_officials_change_the_texts_and_an_empty_one_leaves_nothing(client: Client) -> None:
    from wagtail.models import Site

    make_place("A", "화곡로 1")
    texts = SiteTexts.for_site(Site.objects.get(is_default_site=True))
    texts.site_intro, texts.site_intro_en = "<p>고친 설명</p>", ""
    texts.save()
    assert "고친 설명" in client.get("/s/A/").content.decode()
    assert (
        '<div class="site-prose" lang="ko"><p>고친 설명</p></div>' in client.get("/en/s/A/").content.decode()
    )
    texts.site_intro = ""
    texts.save()
    assert "고친 설명" not in client.get("/s/A/").content.decode()
