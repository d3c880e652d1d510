"""The public search on what set-up makes: nothing is indexed by hand, parts of Korean words are found."""

import pytest
from django.urls import reverse

from website.models import ContentPage

pytestmark = pytest.mark.django_db


def found(client, words):
    answer = client.get(reverse("website_search"), {"q": words})
    assert answer.status_code == 200
    return [page.title for page in answer.context["pages"]]


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
