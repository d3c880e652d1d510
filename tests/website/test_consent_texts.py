"""What is said before a consent: officials change the words, the law's four things are always there (PIPA art. 15(2))."""

import datetime as dt
import importlib
from collections.abc import Callable
from typing import Any

import pytest
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Site as WebSite

from accounts.roles import Role
from ordinance.models import Parameter
from tests.accounts.factories import OfficerFactory
from tests.cameras.consultations import make_running
from tests.website import asking
from tests.website.situations import make_place
from tests.website.walking import walk
from website.models import SiteTexts
from website.models.settings import CONSENT_ITEMS

pytestmark = pytest.mark.django_db
FORMS = ("report", "opinion")
# Period of each form, its parameter, and the words around it.
PERIODS = {
    "report": ("sign_report_contact_days", "접수한 날부터 {}일"),
    "opinion": ("opinion_person_days", "끝난 날부터 {}일"),
}


@pytest.fixture
def site_texts() -> SiteTexts:
    found: SiteTexts = SiteTexts.for_site(WebSite.objects.get(is_default_site=True))
    return found


def page(client: Client, form: str) -> Callable[[str], str]:
    """The page where the form asks for consent, by the prefix of its language."""
    if form == "opinion":
        path = f"/consultations/{make_running().number}/"
        return lambda prefix="": walk(client, prefix + path, {"text": "글"}, until="person").content.decode()
    make_place("A", "화곡로 1")
    return lambda prefix="": walk(
        client, f"{prefix}/report-sign/A/", {"problem": "missing"}, until="contact"
    ).content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_period_and_right_to_refuse_stand_apart(client: Client, form: str) -> None:
    """개인정보 처리 방법에 관한 고시 제4조: larger, bold, underlined; purpose and items are not."""
    html = page(client, form)("")
    apart = [text.split("</strong>")[0] for text in html.split('<strong class="site-consent__apart">')[1:]]
    assert len(apart) == 2
    assert "파기합니다" in apart[0]
    assert "동의하지 않" in apart[1]


@pytest.mark.parametrize("form", FORMS)
def test_officials_change_the_words_and_the_period_stays_with_the_parameter(
    client: Client, site_texts: SiteTexts, form: str
) -> None:
    for item in CONSENT_ITEMS:
        setattr(site_texts, f"{form}_consent_{item}", f"고친 {item} <b>")
    setattr(site_texts, f"{form}_consent", "")
    site_texts.save()
    code, words = PERIODS[form]
    Parameter.objects.create(
        code=code, profile="gangseo", value=77, citation="방침", mark="D", effective_on=dt.date(2024, 1, 1)
    )
    html = page(client, form)("")
    for item in CONSENT_ITEMS:
        assert f"고친 {item} &lt;b&gt;" in html
    assert words.format(77) in html
    assert "기간이 지나면 자동으로 파기합니다." in html
    assert html.count('href="/privacy/"') == 2, "beside the form, and in the footer"


@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_was_lost_is_not_a_consent_without_it(
    client: Client, site_texts: SiteTexts, form: str
) -> None:
    """Emptied past the screen, in the database, the default is said again."""
    for item in CONSENT_ITEMS:
        setattr(site_texts, f"{form}_consent_{item}", " ")
        setattr(site_texts, f"{form}_consent_{item}_en", "")
    site_texts.save()
    for html in map(page(client, form), ("", "/en")):
        for item in CONSENT_ITEMS:
            assert SiteTexts._meta.get_field(f"{form}_consent_{item}").get_default() in html


def sent(site_texts: SiteTexts, **changes: Any) -> dict[str, Any]:
    """What the settings' screen would send; rich texts as the editor's own JSON."""
    names = [field.name for field in SiteTexts._meta.fields if field.name not in {"id", "site"}]
    rich = (
        '{"blocks": [{"key": "a", "text": "글", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], '
        '"entityRanges": []}], "entityMap": {}}'
    )
    plain = {f"{form}_consent_{item}{end}" for form in FORMS for item in CONSENT_ITEMS for end in ("", "_en")}
    return {name: "글" if name in plain else rich for name in names} | {"dataset_licence_type": ""} | changes


def test_the_screen_refuses_a_consent_without_purpose_items_or_refusal(
    client: Client, site_texts: SiteTexts
) -> None:
    client.force_login(OfficerFactory(role=Role.CCTV_MANAGER))
    path = reverse("wagtailsettings:edit", args=["website", "sitetexts", site_texts.site_id])
    html = client.get(path).content.decode()
    assert "보유기간은 조례·기한 → 기준값에서" in html
    for form in FORMS:
        for item in CONSENT_ITEMS:
            name = f"{form}_consent_{item}"
            answer = client.post(path, sent(site_texts, **{name: "  "}))
            assert answer.status_code == 200
            assert list(answer.context["form"].errors) == [name]
    site_texts.refresh_from_db()
    assert site_texts.opinion_consent_purpose != "글"
    answer = client.post(path, sent(site_texts, opinion_consent_purpose_en=""))
    assert answer.status_code == 302
    site_texts.refresh_from_db()
    assert (site_texts.opinion_consent_purpose, site_texts.opinion_consent_purpose_en) == ("글", "")


def test_every_text_can_be_changed_on_the_screen() -> None:
    form: type[ModelForm] = get_edit_handler(SiteTexts).get_form_class()
    stored = {field.name for field in SiteTexts._meta.fields if field.name not in {"id", "site"}}
    assert set(form.base_fields) == stored


def test_a_statutory_right_asks_for_no_consent_and_tells_its_ground(client: Client) -> None:
    make_place("A", "화곡로 1")
    html = walk(client, "/viewing-request/at/A/", asking.form(), until="contact").content.decode()
    assert "동의를 받지 않습니다" in html
    assert "제35조" in html
    assert "처리가 모두 끝난 날부터 1095일" in html
    assert "/privacy/" in html
    assert 'name="consent"' not in html


def test_the_wording_before_is_known_to_the_migration_letter_by_letter() -> None:
    """Else a text that nobody touched would be taken for one that was changed."""
    first = importlib.import_module("website.migrations.0003_texts_languages_and_floods").Migration
    created = next(each for each in first.operations if getattr(each, "name", "") == "SiteTexts")
    defaults = {name: field.default for name, field in created.fields}
    before = importlib.import_module("website.migrations.0007_shorter_consent_beside_items").BEFORE
    assert before == {name: strip_tags(defaults[name]) for name in before}
