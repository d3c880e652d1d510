"""Asks for footage on the website: page by page as a citizen, or at once by a form that was filled in before."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cameras.models import Camera
from website import drafts
from website.views.steps import SEEN
from website.views.viewing_request import FORM, FURTHER

SITE = "A"


def at(hours_ago: float) -> str:
    return f"{timezone.localtime() - timedelta(hours=hours_ago):%Y-%m-%d %H:%M}"


def form(site: str = SITE, **changes: Any) -> dict[str, Any]:
    """All answers to the pages of a request of one site."""
    first = Camera.objects.filter(site__number=site).order_by("ordinal").first()
    return {
        "cameras": [first.pk] if first else [],
        "from_at": at(26),
        "length": "60",
        "requester_role": "subject",
        "kinds": ["viewing"],
        "purpose": "가방을 잃어버렸습니다",
        "requester_name": "홍길동",
        "requester_phone": "010-1234-5678",
        "requester_birth_on": "1980-05-01",
        "requester_address": "화곡로 1",
        "answer_by": "web",
        **changes,
    }


def drafted(answers: dict[str, Any], *, site: str = SITE, further: Iterable[int] = ()) -> str:
    """The address of a form that was filled in and is still to be checked and sent."""
    kept = {
        name: [str(each) for each in value] if isinstance(value, list) else [str(value)]
        for name, value in answers.items()
    }
    kept |= {FURTHER: [str(number) for number in further], SEEN: []}
    key, _draft = drafts.begin(FORM, site, kept)
    return f"/form/{key}/"


def ask(client: Client, site: str = SITE, further: Iterable[int] = (), **changes: Any) -> Any:
    """The receipt, or what is refused."""
    return send(client, drafted(form(SITE, **changes), site=site, further=further))


def send(client: Client, address: str, **more: Any) -> Any:
    return client.post(f"{address}check/", follow=True, **more)
