"""서류: what was shown or sent along with a request (Decree art. 45, 46), and that copies of identity cards go.

An office needs to have seen who asks; it does not need to keep the card. What was seen at the counter is ticked, without
a copy. A copy of an identity document that was sent is erased some days after the request was answered or closed, long
before the person's own data; the row stays and says that there was one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, persons, portions
from casework.acts import File
from casework.models import Attachment, Message
from casework.refusals import Refusal
from ledger.append import record
from ordinance import parameters
from records.enums import PaperWay, RequestEvent, RequestPaperKind
from records.models import RequestPaper, ViewingMove, ViewingRequest
from records.viewing.states import SUBJECT_KIND

ARTICLE = "시행령 제45조·제46조"
CODE, DAYS = "viewing_identity_copy", "viewing_identity_copy_days"
# After any of these nobody needs the copy: who asks was told, or the matter is closed.
ANSWERED = (
    RequestEvent.NOTIFY,
    RequestEvent.DISMISS,
    RequestEvent.LAPSE,
    RequestEvent.WITHDRAW,
    RequestEvent.TRANSFER,
)
ERASED_AT_ONCE = 200


def see(request: ViewingRequest, kinds: Iterable[str], *, by: Officer) -> list[RequestPaper]:
    """Ticked at the counter: the officer held these in the hand and gave them back. Raises `Refused`."""
    with acts.begin("records.viewing_papers_seen", request, by=by) as act:
        chosen = [kind for kind in RequestPaperKind.values if kind in set(kinds)]
        act.refuse(_refuse(act.row, chosen))
        act.payload |= {"request": act.row.receipt_number, "papers": chosen}
        return [
            act.add(RequestPaper(request=act.row, kind=kind, way=PaperWay.SEEN, at=act.at, by=by))
            for kind in chosen
        ]


def take_in(request: ViewingRequest, kind: str, files: Iterable[File], *, by: Officer) -> list[RequestPaper]:
    """Copies that came by post, by fax or at the counter. Raises `Refused`."""
    with acts.begin("records.viewing_papers_kept", request, by=by) as act:
        given = list(files)
        act.refuse(_refuse(act.row, [kind] if given else []))
        act.payload |= {"request": act.row.receipt_number, "papers": [kind]}
        return note_copies(act, kind, act.keep(given))


def sort_out(request: ViewingRequest, attachment: Attachment, kind: str, *, by: Officer) -> RequestPaper:
    """Say what a file is that the person sent; until then nobody knows that it is an identity card. Raises `Refused`."""
    with acts.begin("records.viewing_papers_kept", request, by=by) as act:
        act.refuse(_refuse(act.row, [kind]))
        mine = Message.objects.of(SUBJECT_KIND, act.row.receipt_number).filter(attachments=attachment)
        if not mine.exists() or RequestPaper.objects.filter(request=act.row, attachment=attachment).exists():
            act.refuse([Refusal("file", "이 청구의 대화에 있고 아직 나누지 않은 파일이 아닙니다.", ARTICLE)])
        act.payload |= {"request": act.row.receipt_number, "papers": [kind], "files": [attachment.sha256]}
        return note_copies(act, kind, [attachment])[0]


def note_copies(act: acts.Act[ViewingRequest], kind: str, kept: Iterable[Attachment]) -> list[RequestPaper]:
    """As part of an act that keeps them."""
    return [
        act.add(
            RequestPaper(
                request=act.row, kind=kind, way=PaperWay.COPY, attachment=attachment, at=act.at, by=act.by
            )
        )
        for attachment in kept
    ]


def _refuse(request: ViewingRequest, kinds: list[str]) -> list[Refusal]:
    if request.person_erased_at is not None:
        return [Refusal("over", "보관기간이 지나 인적사항을 파기한 청구입니다.")]
    if not kinds or not set(kinds) <= set(RequestPaperKind.values):
        return [Refusal("kinds", "어떤 서류인지 고르십시오.", ARTICLE, field="kinds")]
    return []


def unsorted(request: ViewingRequest) -> "QuerySet[Attachment]":
    """Files of the person in the thread of which nobody has said what they are."""
    sent = Message.objects.of(SUBJECT_KIND, request.receipt_number).filter(by__isnull=True)
    known = RequestPaper.objects.filter(request=request, attachment=OuterRef("pk"))
    return Attachment.objects.filter(messages__in=sent).exclude(Exists(known)).distinct().order_by("pk")


# ---------------------------------------------------------------- copies of identity cards go


def due(now: datetime) -> "QuerySet[RequestPaper]":
    """Copies of identity documents of requests that were answered or closed so many days ago."""
    days = int(parameters.value(DAYS, timezone.localdate(now)).value)
    answered = ViewingMove.objects.filter(
        request=OuterRef("request"), event__in=ANSWERED, at__lte=now - timedelta(days=days)
    )
    return RequestPaper.objects.filter(
        Exists(answered), kind=RequestPaperKind.IDENTITY, attachment__isnull=False
    ).order_by("pk")


def erase(now: datetime) -> int:
    """Erase one portion; how many copies. The file itself goes the next night, when nothing refers to it any more."""
    with transaction.atomic():
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        keys = [row.pk for row in rows]
        of_messages = Message.attachments.through.objects.filter(
            attachment__in=[row.attachment_id for row in rows],
            message__subject_kind=SUBJECT_KIND,
        )
        of_messages.delete()
        RequestPaper.objects.filter(pk__in=keys).update(attachment=None, erased_at=now)
        numbers = ViewingRequest.objects.filter(papers__in=keys).order_by("pk").distinct()
        record(
            "records.viewing_identity_copies_erased",
            actor="system:records",
            subject="viewing-requests",
            payload={"requests": list(numbers.values_list("receipt_number", flat=True)), "copies": len(keys)},
        )
    return len(rows)


def let_go(keys: list[int], now: datetime) -> None:
    """With the person goes every copy of whatever kind (`records.viewing.persons`)."""
    held = RequestPaper.objects.filter(request__in=keys, attachment__isnull=False)
    held.update(attachment=None, erased_at=now)


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="열람등 청구인의 신분증 사본",
            model=RequestPaper,
            columns=("attachment",),
            items="청구인이 보낸 신분증 사본",
            purpose="본인이나 정당한 대리인임을 확인하는 데 씁니다. 창구에서 원본을 보인 때에는 사본을 받지 않습니다.",
            ground="개인정보 보호법 제38조, 같은 법 시행령 제45조·제46조",
            days=DAYS,
            kept_from="청구에 답하거나 청구를 종결한 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
        )
    )
