"""서명 주소: one page for one member, without a login (docs/committee.md).

Address and code have nothing to do with each other and go different ways, so that who finds one of them can answer
nothing. The office sends the address; the code goes to the member's own mail address and is shown to nobody, so that whoever
makes an address cannot answer through it. Nor can who wrote that mail address into the record: somebody else makes the
link then, and sees whose address it is said to be. Both are kept as digests only. Five wrong codes end an address.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.designations import responsible_on
from accounts.encryption import keyed_digest
from casework import acts, second_person
from casework.refusals import Refusal, Refused
from committee.enums import LinkPurpose
from committee.membership import address_entered_by, composition
from committee.models import Ballot, Meeting, SignedLink, Term
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
    """What nobody can find out again. The code is on its way to the member."""

    link: SignedLink
    secret: str


def issue(meeting: Meeting, term: Term, purpose: LinkPurpose, *, until: dt.datetime, by: "Officer") -> Issued:
    """A new address and code; one that was not used yet ends. The code is mailed to the member, or nothing is made."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with acts.begin(ISSUED, meeting, by=by) as act:
        if not term.is_on(act.row.on):
            act.refuse([Refusal("term", "회의 날에 임기 중인 위원이 아닙니다.", ARTICLE)])
        if until <= act.at:
            act.refuse([Refusal("until", "기한이 지나 주소를 만들 수 없습니다.", ARTICLE)])
        act.refuse(against_mailing(term, by))
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
        act.afterwards(lambda: _mail_code(link, code))
    return Issued(link, secret)


def untold(meeting: Meeting) -> list[Term]:
    """Members of a written deliberation who have not answered and have no address to answer through."""
    told = set(meeting.links.filter(purpose=LinkPurpose.BALLOT, void_at=None).values_list("term", flat=True))
    answered = set(Ballot.objects.standing().filter(item__meeting=meeting).values_list("term", flat=True))
    return [term for term in composition(meeting.on) if term.pk not in told | answered]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An address for one of several members, or why there is none."""

    term: Term
    issued: Issued | None = None
    why_not: str = ""


def issue_all(meeting: Meeting, *, until: dt.datetime, by: "Officer") -> list[Attempt]:
    """An address for each member who has none: one that cannot be made keeps nobody else's from being made."""
    found = []
    for term in untold(meeting):
        try:
            found.append(Attempt(term, issue(meeting, term, LinkPurpose.BALLOT, until=until, by=by)))
        except Refused as refused:
            found.append(Attempt(term, why_not=" ".join(refused.messages)))
    return found


def against_mailing(term: Term, by: "Officer") -> Iterator[Refusal]:
    """Why no code can go to this member when `by` makes the address."""
    if not term.member.email:
        yield Refusal(
            "address",
            "전자우편 주소를 적어 두지 않은 위원이어서 확인번호를 보낼 수 없습니다.",
            ARTICLE,
            "위원의 연락처에 적거나 종이로 받으십시오.",
        )
    elif why := second_person.problem(
        address_entered_by(term.member), by, "위원의 전자우편 주소를 적은", does="발급"
    ):
        yield Refusal("second", why, ARTICLE)


def masked(address: str) -> str:
    """Enough of a mail address to see whose it is said to be: `m…@example.org`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}" if name else "주소 없음"


def _mail_code(link: SignedLink, code: str) -> None:
    """Refused when the mail cannot leave: an address without its code answers nothing."""
    office = responsible_on(timezone.localdate())
    lines = [
        f"{link.term.member.shown_name} 위원께",
        "",
        f"{link.meeting}의 {link.get_purpose_display()}에 쓸 확인번호입니다.",
        "",
        f"확인번호: {code}",
        f"쓸 수 있는 때: {timezone.localtime(link.expires_at):%Y-%m-%d %H:%M}까지 한 번",
        "",
        "주소는 담당자가 따로 보내 드립니다. 이 번호는 담당자도 모르며, 누구에게도 알려 주지 마십시오.",
        "답하신 뒤 그 주소를 다시 열면 무엇이라고 답한 것으로 되어 있는지 보입니다. 다르면 바로 알려 주십시오.",
        *([f"문의: {office.institution.name} {office.name} {office.phone}".rstrip()] if office else []),
    ]
    mail = EmailMessage(
        f"운영위원회 확인번호: {link.meeting}", "\n".join(lines), None, [link.term.member.email]
    )
    try:
        left = mail.send()
    except OSError:
        left = 0
    if not left:
        raise Refused(
            [
                Refusal(
                    "mail",
                    "확인번호를 위원의 전자우편으로 보내지 못해 주소를 만들지 않았습니다.",
                    ARTICLE,
                    "잠시 뒤 다시 하거나 종이로 받으십시오.",
                )
            ]
        )


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


def open_with(link: SignedLink, secret: str, code: str) -> None:
    """The code proves whose page it is, and what it is about may be shown; nothing is used up. `WrongCode` is counted
    by the caller."""
    if sentence := why_not(link):
        raise Refused([Refusal("link", sentence)])
    _check_code(link, secret, code)


def _check_code(link: SignedLink, secret: str, code: str) -> None:
    if not hmac.compare_digest(link.code_digest, _code_digest(secret, code.strip().upper())):
        raise WrongCode([Refusal("code", _wrong(link.tries + 1), field="code")])


def take(link: SignedLink, secret: str, code: str) -> SignedLink:
    """Hold the link for its one use; `Refused` for a wrong code, which is counted whatever becomes of the request.

    Inside the transaction of the answer.
    """
    held = SignedLink.objects.select_for_update().get(pk=link.pk)
    if sentence := why_not(held):
        raise Refused([Refusal("link", sentence)])
    _check_code(held, secret, code)
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
