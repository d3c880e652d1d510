"""People who log in as people do: with their own password, and with the code of their app."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor as factors
from accounts.models import Officer
from accounts.roles import Role
from tests.accounts.factories import OfficerFactory

PASSWORD = "correct horse battery"


def somebody(**more: Any) -> Officer:
    officer = OfficerFactory(role=Role.OFFICIAL, **more)
    officer.set_password(PASSWORD)
    officer.save()
    return officer


def logged_in(officer: Officer, **browser: Any) -> Client:
    client = Client(**browser)
    client.post(reverse("wagtailadmin_login"), {"username": officer.username, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    """What the app shows now."""
    return factors._totp(secret.replace(" ", "")).generate(int(timezone.now().timestamp())).decode()
