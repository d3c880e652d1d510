"""서명 주소: one page for one member, without a login (docs/committee.md).

Address and code have nothing to do with each other and go different ways (mail and letter, or telephone), so that who
finds one of them can answer nothing. Both are kept as digests only. Five wrong codes end an address.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.encryption import keyed_digest
from casework import acts
from casework.refusals import Refusal, Refused
from committee.enums import LinkPurpose
from committee.models import Meeting, SignedLink, Term
from committee.voting import ARTICLE

if TYPE_CHECKING:
    from accounts.models import Officer

ISSUED = "committee.link_issued"
LEDGER_KINDS = {ISSUED: "운영위원 서명 주소 발급"}
SECRET_BYTES = 32
MOST_TRIES = 5
# No 0/O, 1/I/L: read out on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
SHOWN_AFTERWARDS = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Issued:
    """What nobody can find out again."""

    link: SignedLink
    secret: str
    code: str


def issue(meeting: Meeting, term: Term, purpose: LinkPurpose, *, until: dt.datetime, by: "Officer") -> Issued:
    """A new address and code; one that was not used yet ends."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with acts.begin(ISSUED, meeting, by=by) as act:
        if not term.is_on(act.row.on):
            act.refuse([Refusal("term", "회의 날에 임기 중인 위원이 아닙니다.", ARTICLE)])
        if until <= act.at:
            act.refuse([Refusal("until", "기한이 지나 주소를 만들 수 없습니다.", ARTICLE)])
        before = SignedLink.objects.filter(purpose=purpose, meeting=act.row, term=term, void_at=None)
        if before.filter(used_at__isnull=False).exists():
            act.refuse([Refusal("used", "이미 답한 위원입니다.", ARTICLE)])
        before.update(void_at=act.at)
        link = act.add(
            SignedLink(
                purpose=purpose,
                meeting=act.row,
                term=term,
                digest=digest(secret),
                code_digest=_code_digest(secret, code),
                made_at=act.at,
                made_by=by,
                expires_at=until,
            )
        )
        act.payload |= {
            "meeting": act.row.number,
            "term": term.number,
            "link_purpose": purpose.value,
            "until_at": until.isoformat(),
        }
    return Issued(link, secret, code)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _code_digest(secret: str, code: str) -> str:
    """Of six letters a plain digest would be guessed: it takes the key file and the address as well."""
    return keyed_digest("committee.links", f"{secret}\n{code}")


def find(secret: str) -> SignedLink | None:
    """The link of this address, also when it is used or over; None for one that never was."""
    rows = SignedLink.objects.select_related("meeting", "term__member")
    return rows.filter(digest=digest(secret)).first()


def note_opened(link: SignedLink) -> None:
    SignedLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())


def why_not(link: SignedLink) -> str:
    """Why nothing can be answered through it, for the member; empty when it can."""
    if link.used_at is not None:
        return "이미 답하셨습니다."
    if link.void_at is not None:
        return "새로 보낸 주소가 있거나 거둔 주소입니다. 간사에게 문의하십시오."
    if link.tries >= MOST_TRIES:
        return "확인번호를 여러 번 틀려 더 쓸 수 없습니다. 간사에게 새 주소를 요청하십시오."
    if timezone.now() > link.expires_at:
        return "기한이 지났습니다. 간사에게 문의하십시오."
    return ""


def is_shown(link: SignedLink) -> bool:
    """Whether the page still shows what it is about."""
    return link.void_at is None and timezone.now() <= link.expires_at + SHOWN_AFTERWARDS


def take(link: SignedLink, secret: str, code: str) -> SignedLink:
    """Hold the link for its one use; `Refused` for a wrong code, which is counted whatever becomes of the request.

    Inside the transaction of the answer.
    """
    held = SignedLink.objects.select_for_update().get(pk=link.pk)
    if sentence := why_not(held):
        raise Refused([Refusal("link", sentence)])
    if not hmac.compare_digest(held.code_digest, _code_digest(secret, code.strip().upper())):
        raise WrongCode([Refusal("code", _wrong(held.tries + 1), field="code")])
    held.used_at = timezone.now()
    held.save(update_fields=["used_at"])
    return held


class WrongCode(Refused):
    """The caller counts it (`note_wrong`), outside the transaction that ends with this."""


@transaction.atomic
def note_wrong(link: SignedLink) -> None:
    held = SignedLink.objects.select_for_update().get(pk=link.pk)
    held.tries += 1
    held.save(update_fields=["tries"])


def _wrong(tries: int) -> str:
    left = MOST_TRIES - tries
    if left <= 0:
        return "확인번호가 맞지 않습니다. 이 주소는 더 쓸 수 없습니다. 간사에게 새 주소를 요청하십시오."
    return gettext("확인번호가 맞지 않습니다. %(left)s번 더 적을 수 있습니다.") % {"left": left}
