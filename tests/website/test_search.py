"""The public search on what set-up makes: nothing is indexed by hand, parts of Korean words are found."""

import pytest
from django.urls import reverse

from tests.cameras.consultations import make_draft, make_running
from tests.website.district import whole_district
from website.models import ContentPage

pytestmark = pytest.mark.django_db


def found(client, words):
    answer = client.get(reverse("website_search"), {"q": words})
    assert answer.status_code == 200
    return [page.title for page in answer.context["documents"].pages]


def test_every_page_of_set_up_is_found_by_its_title_and_by_parts_of_it(client):
    pages = list(ContentPage.objects.live())
    assert pages, "set-up makes pages of guidance"
    for page in pages:
        assert page.title in found(client, page.title)
        assert page.title in found(client, page.title[:2])


@pytest.mark.parametrize("word", ["청구", "보관", "열람"])
def test_a_part_of_a_word_in_the_text_is_found(client, word):
    assert found(client, word)


def test_all_words_must_stand_there(client):
    page = ContentPage.objects.live().first()
    assert page.title in found(client, f"{page.title} {page.title[:1]}")
    assert found(client, f"{page.title} 없는낱말쇼") == []


@pytest.mark.parametrize(
    "words", ['"', '"ab', "'", "a AND", "(", "*", "%", "_", "^", "낱 " * 5_000, "-", "NEAR("]
)
def test_no_sign_is_an_error(client, words):
    found(client, words)


@pytest.mark.parametrize(
    ("words", "url_name"),
    [
        ("청구", "website_viewing_start"),
        ("내 영상", "website_viewing_start"),
        ("신고", "website_report_start"),
        ("안내판", "website_report_start"),
        ("방침", "website_policy"),
        ("데이터", "website_dataset"),
        ("위탁", "website_contractors"),
        ("의견", "website_consultations"),
        ("dataset", "website_dataset"),
        ("ＣＳＶ", "website_dataset"),
    ],
)
def test_services_are_found_by_what_people_call_them(client, words, url_name):
    answer = client.get(reverse("website_search"), {"q": words})
    assert reverse(url_name) in [service.url for service in answer.context["documents"].services]
    assert f'href="{reverse(url_name)}"' in answer.content.decode()


def test_a_consultation_is_found_by_a_part_of_its_title_once_it_is_published(client):
    published = make_running(title="안심귀갓길 비상벨 설치")
    draft = make_draft(title="안심귀갓길 두 번째 계획")
    answer = client.get(reverse("website_search"), {"q": "심귀갓"})
    assert answer.context["documents"].consultations == [published]
    assert draft.title not in answer.content.decode()


def test_the_policy_in_force_is_found_by_its_text(client):
    whole_district()
    answer = client.get(reverse("website_search"), {"q": "안전관리과"})
    assert reverse("website_policy") in [url for _, url in answer.context["documents"].policies]
