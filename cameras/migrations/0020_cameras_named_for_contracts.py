"""What stood in `Camera.contractor` becomes lines of the contracts of that contractor, and signs keep whom they name."""

import datetime as dt
import hashlib
import json

from django.db import migrations

REASON = "대장에 적혀 있던 수탁자에서 옮김"
BATCH = 2_000


def name_cameras(apps, schema_editor):
    """As the register read it until now: cameras that named the contractor outside of projects with a contract.

    Contracts in force and to come, and of those that are over the youngest one, which may have lapsed unfollowed.
    """
    Contract = apps.get_model("cameras", "EntrustmentContract")
    Camera = apps.get_model("cameras", "Camera")
    Line = apps.get_model("cameras", "ContractCamera")
    today = dt.date.today()  # noqa: DTZ011 - the office's day, to the day
    contracts = list(Contract.objects.order_by("starts_on", "pk"))
    youngest = {contract.contractor_id: contract.pk for contract in contracts}
    for contract in contracts:
        is_open = contract.ends_on >= today and contract.ended_early_on is None
        if not is_open and youngest[contract.contractor_id] != contract.pk:
            continue
        cameras = Camera.objects.filter(contractor=contract.contractor_id, project__contract__isnull=True)
        Line.objects.bulk_create(
            (
                Line(contract=contract, camera_id=key, named_on=today, named_reason=REASON)
                for key in cameras.order_by("pk").values_list("pk", flat=True).iterator()
            ),
            batch_size=BATCH,
        )


def keep_whom_signs_name(apps, schema_editor):
    Line = apps.get_model("cameras", "SignCamera")
    named = Line.objects.filter(contractor__isnull=False).order_by()
    for name, phone in named.values_list("contractor_name", "contractor_phone").distinct():
        same = named.filter(contractor_name=name, contractor_phone=phone)
        same.update(entrusted=_key(name, phone))


def _key(name, phone):
    """Of a line that names one contractor without its work, as the signs until now did."""
    canonical = json.dumps([[name, phone]], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("cameras", "0019_contractors_by_contract")]

    operations = [
        migrations.RunPython(name_cameras, migrations.RunPython.noop),
        migrations.RunPython(keep_whom_signs_name, migrations.RunPython.noop),
    ]
