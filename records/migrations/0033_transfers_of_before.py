"""Requests that were sent on before have a row of it, as the ledger says; no clock is made up for them. Those that were
taken up again here since are no more there."""

import json

from django.db import migrations

TRANSFERRED = "records.viewing_transferred"


def write(apps, schema_editor):
    entries = apps.get_model("ledger", "Entry").objects.filter(kind=TRANSFERRED).order_by("sequence")
    requests = apps.get_model("records", "ViewingRequest").objects
    transfers = apps.get_model("records", "ViewingTransfer").objects
    for entry in entries.iterator(chunk_size=200):
        request = requests.filter(receipt_number=entry.subject.removeprefix("viewing:")).only("pk").first()
        told = _content(entry.payload)
        if request is None or not told.get("transfer_to"):
            continue
        move = request.moves.filter(event="transfer", on=told["on"]).order_by("at", "pk").first()
        again = request.moves.filter(event="reopen", at__gt=move.at).first() if move else None
        transfers.create(
            request=request,
            to=told["transfer_to"],
            number=told.get("new_number", ""),
            on=told["on"],
            by=move.by if move else None,
            ended_on=again.on if again else None,
            outcome="taken_back" if again else "",
        )


def _content(payload):
    try:
        data = json.loads(payload)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_confirm_loss"),
        ("records", "0032_transfers_have_days"),
    ]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
