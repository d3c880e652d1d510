"""Requests of before: their decisions get notices, their steps get rows, their secrets become digests."""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import migrations
from django.utils import timezone
from django.utils.crypto import salted_hmac

OLD_CODE_LENGTH = 10
# The website was the only way in which a decision was told.
OLD_WAY = "web"


def _digest(purpose, text):
    """As `accounts.encryption.keyed_digest` does on the day of this migration."""
    key = settings.KEY_STORE.read("personal_digests", lambda: secrets.token_bytes(32))
    return hmac.new(key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def _code(submission):
    """The confirmation code as the citizen was given it."""
    digest = salted_hmac("records.viewing", str(submission), algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii")[:OLD_CODE_LENGTH]


def carry_over(apps, schema_editor):
    Request = apps.get_model("records", "ViewingRequest")
    for request in Request.objects.order_by("pk").iterator(chunk_size=500):
        request.submission_digest = _digest("viewing_form", str(request.submission))
        request.claim_digest = _digest("viewing_claim", _code(request.submission))
        _write_steps(apps, request)
        request.save(update_fields=["submission_digest", "claim_digest", "state"])


def _write_steps(apps, request):
    Decision = apps.get_model("records", "ViewingDecision")
    Notice = apps.get_model("records", "ViewingNotice")
    steps = [("receive", "", "received", request.received_at, None)]
    state = "received"
    for decision in Decision.objects.filter(request=request).order_by("decided_at", "pk"):
        at, by = decision.decided_at, decision.decided_by_id
        notice = Notice.objects.create(
            request=request,
            on=timezone.localdate(at),
            way=OLD_WAY,
            # The cell as it was encrypted before it was bound to its place; `accounts.resealing` binds it to this one.
            reply=decision.reply,
            how_to_object=decision.how_to_object,
            at=at,
            by_id=by,
        )
        Decision.objects.filter(pk=decision.pk).update(notice=notice)
        if decision.outcome == "postponed":
            steps.append(("postpone", state, "postponed", at, by))
            state = "postponed"
        else:
            steps += [("decide", state, "decided", at, by), ("notify", "decided", "notified", at, by)]
            state = "notified"
    if request.state == "decided":
        request.state = "notified"
    _store(apps, request, steps)


def _store(apps, request, steps):
    Move = apps.get_model("records", "ViewingMove")
    Move.objects.bulk_create(
        Move(
            request=request,
            event=event,
            from_state=before,
            to_state=after,
            on=timezone.localdate(at),
            at=at,
            by_id=by,
        )
        for event, before, after, at, by in steps
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0002_lawful_requests")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
