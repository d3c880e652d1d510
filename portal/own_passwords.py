"""Only the person sets the own password: an administrator makes an address that works once and for a day.

Who made it, for whom, is in the ledger, and so is that a password was set by it. The person is told by mail that an
address was made and that a role was changed, and so are the auditors: nobody becomes somebody else unseen.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts import second_factor
from accounts.models import Officer
from accounts.roles import Role
from casework.account_holders import HAD_FACTOR, SET_AT_ADDRESS
from casework.second_person import PASSWORD_CHANGED, PASSWORD_LINK_MADE
from ledger import append

LINK_MADE = PASSWORD_LINK_MADE
KINDS = {
    LINK_MADE: "비밀번호 설정 주소 만들기",
    SET_AT_ADDRESS: "비밀번호 설정",
    PASSWORD_CHANGED: "비밀번호 바꿈 (본인)",
}
logger = logging.getLogger(__name__)


def make_link(officer: Officer, *, actor: str) -> str:
    """The address, shown to whoever asked for it, once; whoever opens it sets the password."""
    key = urlsafe_base64_encode(force_bytes(officer.pk))
    path = reverse("own_password", args=[key, default_token_generator.make_token(officer)])
    with transaction.atomic():
        append.record(LINK_MADE, actor=actor, subject=f"officer:{officer.pk}", payload={})
    tell(
        officer,
        "비밀번호 설정 주소가 만들어졌습니다",
        f"{officer.username} 계정의 비밀번호를 정할 수 있는 주소를 시스템 관리자가 만들었습니다. 요청하지 않았다면 감사 담당자에게 알리십시오.",
    )
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def officer_of(key: str, token: str) -> Officer | None:
    """Whose password that address sets; None when it was used, is older than a day, or never was one."""
    try:
        officer = Officer.objects.filter(
            pk=int(force_str(urlsafe_base64_decode(key))), is_active=True
        ).first()
    except (ValueError, OverflowError):
        return None
    return officer if officer and default_token_generator.check_token(officer, token) else None


def put_on_record(officer: Officer) -> None:
    """A password was set by an address; without a second factor it may be its maker's (`casework.account_holders`)."""
    facts = {HAD_FACTOR: second_factor.has(officer)}
    person = f"officer:{officer.pk}"
    with transaction.atomic():
        append.record(SET_AT_ADDRESS, actor=person, subject=person, payload=facts)


def put_change_on_record(officer: Officer) -> None:
    """The person logged in and chose another password."""
    person = f"officer:{officer.pk}"
    append.record(PASSWORD_CHANGED, actor=person, subject=person, payload={})


def tell_of_factor(officer: Officer, what: str) -> None:
    tell(
        officer,
        "두 번째 인증이 바뀌었습니다",
        f"{officer.username} 계정: {what}. 본인이 하지 않았다면 감사 담당자에게 알리십시오.",
    )


def tell(officer: Officer, subject: str, text: str, *, former_address: str = "") -> None:
    """The person and the auditors; a mail server that is down stops nothing, the ledger has it.

    `former_address`: of before a change of it, where alone the person may read that somebody else made it.
    """
    auditors = Officer.objects.filter(is_active=True, groups__name=Role.AUDITOR.label).exclude(pk=officer.pk)
    addresses = [
        each for each in {officer.email, former_address, *auditors.values_list("email", flat=True)} if each
    ]
    for address in addresses:
        try:
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
        except (OSError, SMTPException):
            logger.exception("could not tell of a change of account %s", officer.pk)
