"""Who came in, who was refused: logins, failed logins and refused screens are lines in the ledger (Safety Standard 8).

By reference, without names. A name that nobody bears is not kept, since people type passwords there. Floods cannot
fill the ledger: failures are slowed down (`accounts.login_delays`), and a refusal is written once per person, screen
and day.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.backends import JUDGED
from accounts.models import Officer
from ledger import append
from ledger.models import Entry

LOGGED_IN, LOGGED_OUT, FAILED = "officer.logged_in", "officer.logged_out", "officer.login_failed"
REFUSED, ELSEWHERE = "officer.refused", "officer.refused_elsewhere"
KINDS = {
    LOGGED_IN: "로그인",
    LOGGED_OUT: "로그아웃",
    FAILED: "로그인 실패",
    REFUSED: "권한 없는 화면 요청",
    ELSEWHERE: "허용하지 않은 망에서의 요청",
}


def listen() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="portal.access_record.in")
    user_logged_out.connect(_logged_out, dispatch_uid="portal.access_record.out")
    user_login_failed.connect(_failed, dispatch_uid="portal.access_record.failed")


def _logged_in(user: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if getattr(request, JUDGED, False):
        _record(LOGGED_IN, f"officer:{user.pk}", f"officer:{user.pk}")


def _logged_out(user: Any, **kwargs: Any) -> None:
    if isinstance(user, Officer):
        _record(LOGGED_OUT, f"officer:{user.pk}", f"officer:{user.pk}")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if not getattr(request, JUDGED, False):
        return  # the password was not looked at
    officer = Officer.objects.filter(username=str(credentials.get("username", ""))).first()
    _record(FAILED, "system:login", f"officer:{officer.pk}" if officer else "officer:unknown")


def failed_with_passkey(officer: Officer | None) -> None:
    """An answer that was none, by somebody's key or by one that nobody has."""
    _record(FAILED, "system:login", f"officer:{officer.pk}" if officer else "officer:unknown")


def refused(officer: Officer, screen: str, permissions: tuple[str, ...]) -> None:
    """This person asked for a screen that the role does not open."""
    _once_a_day(REFUSED, officer, {"screen": screen, "permissions": list(permissions)})


def refused_elsewhere(officer: Officer, kind: str) -> None:
    """This person asked from a network that is not allowed for that kind of act."""
    _once_a_day(ELSEWHERE, officer, {"network_kind": str(kind)})


def _once_a_day(kind: str, officer: Officer, facts: dict[str, Any]) -> None:
    subject = f"officer:{officer.pk}"
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = Entry.objects.filter(kind=kind, subject=subject, at__gte=midnight)
    if not any(entry.content == facts for entry in known):
        _record(kind, subject, subject, facts)


def _record(kind: str, actor: str, subject: str, payload: dict[str, Any] | None = None) -> None:
    with transaction.atomic():
        append.record(kind, actor=actor, subject=subject, payload=payload or {})
