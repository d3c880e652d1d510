"""같은 청구: one person who asks for the same footage twice. Shown to the officer, handled together if he says so.

Told by a keyed digest of name and birth date of who was filmed; it opens nothing and goes with the person. What was seen
of one request's identity says nothing about the other: each has its own.
"""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.encryption import keyed_digest
from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal
from ordinance.unchecked import cite
from records.models import PERSONAL, RequestedCamera, ViewingRequest

ARTICLE = cite("민원 처리에 관한 법률 제23조")
LONGEST = 20


def digest_of(name: str, birth_date: str) -> str:
    """Of a person as the form names him: spaces and letter case tell nobody apart."""
    return keyed_digest("viewing_person", f"{''.join(name.split()).casefold()}\n{birth_date}")


def of(request: ViewingRequest) -> list[ViewingRequest]:
    """Other requests of the same person for a camera and a range that overlap, the newest first."""
    return list(same(request).defer(*PERSONAL).order_by("-received_at", "-pk")[:LONGEST])


def same(request: ViewingRequest) -> "QuerySet[ViewingRequest]":
    """Other requests of the same person for footage that overlaps."""
    if not request.person_digest:
        return ViewingRequest.objects.none()
    mine = RequestedCamera.objects.standing().filter(
        request=request,
        camera=OuterRef("camera"),
        from_at__lt=OuterRef("until_at"),
        until_at__gt=OuterRef("from_at"),
    )
    overlapping = RequestedCamera.objects.standing().filter(Exists(mine), request=OuterRef("pk"))
    others = ViewingRequest.objects.exclude(pk=request.pk).filter(person_digest=request.person_digest)
    return others.filter(Exists(overlapping))


def join(request: ViewingRequest, other: ViewingRequest, *, by: Officer) -> ViewingRequest:
    """From now on handled together with that one; each keeps its number, its days, its identity and its answer."""
    with acts.begin("records.viewing_joined", request, by=by) as act:
        held = act.hold(other)
        found = []
        if not same(act.row).filter(pk=held.pk).exists():
            text = "같은 사람이 같은 영상을 청구한 것이 아닙니다."
            found.append(Refusal("other", text, ARTICLE))
        if not (act.row.is_undecided and held.is_undecided):
            text = "결정하지 않은 청구만 함께 처리할 수 있습니다."
            found.append(Refusal("decided", text, ARTICLE))
        if held.joined_to_id is not None:
            text = "이미 다른 청구와 함께 처리하는 청구입니다."
            found.append(Refusal("joined", text, ARTICLE, "그 청구와 함께 처리하십시오."))
        act.refuse(found)
        act.row.joined_to = held
        act.row.save(update_fields=["joined_to"])
        # Whatever was handled with this one is handled with that one.
        ViewingRequest.objects.filter(joined_to=act.row).update(joined_to=held)
        act.payload |= {"request": act.row.receipt_number, "joined_to": held.receipt_number}
    request.joined_to = act.row.joined_to
    return act.row
