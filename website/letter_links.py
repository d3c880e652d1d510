"""The letter of a notice for the one who was told by it: a link that the person's own page gives, good for half an hour."""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from records.models import ViewingNotice
from reports.letters import outgoing
from reports.models import OutgoingDocument, SendingWay

SALT = "website.letter"
GOOD_FOR = timedelta(minutes=30)
ENDINGS = ("pdf", "hwpx")
# Who was told on paper has the paper.
WAYS = (SendingWay.WEB, SendingWay.MAIL)


def of(notice: ViewingNotice) -> dict[str, str]:
    """Address by ending; empty where no letter of it was sent by the website."""
    row = (
        outgoing.of_source(notice).filter(way__in=WAYS, sent_at__isnull=False, erased_at__isnull=True).last()
    )
    if row is None:
        return {}
    token = signing.dumps(row.pk, salt=SALT)
    return {ending: reverse("website_viewing_letter", args=[token, ending]) for ending in ENDINGS}


def find(token: str) -> OutgoingDocument | None:
    """The letter of a link that is still good."""
    try:
        key = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    return OutgoingDocument.objects.filter(
        pk=key, way__in=WAYS, sent_at__isnull=False, erased_at__isnull=True
    ).first()
