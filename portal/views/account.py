"""An officer's own account: the password. Names are the administrator's to change, since the ledger's references are
shown by them; the portal has one appearance (portal.appearance)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.account import AccountView

from portal import open_sessions, own_passwords
from portal.access import officer
from portal.models import SessionEnd

OWN_PANELS = frozenset({"password"})


class OfficeAccountView(AccountView):
    page_title = "내 계정"

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if panel.name in OWN_PANELS]

    def post(self, request: HttpRequest) -> HttpResponse:
        """A changed password is a line of the ledger: from then on it is the person's own (`casework.second_person`)."""
        person = officer(request)
        before = person.password
        with transaction.atomic():
            answer: HttpResponse = super().post(request)
            if person.password != before:
                own_passwords.put_change_on_record(person)
                open_sessions.end_others(request, SessionEnd.PASSWORD)
        return answer
