"""An officer's own account: the password. Names are the administrator's to change, since the ledger's references are
shown by them; the portal has one appearance (portal.appearance)."""

from typing import Any

from wagtail.admin.views.account import AccountView

OWN_PANELS = frozenset({"password"})


class OfficeAccountView(AccountView):
    page_title = "내 계정"

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if panel.name in OWN_PANELS]
