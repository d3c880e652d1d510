"""Loads the proposal for the mapping of purposes. Lines that exist are the office's own and stay."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parents[1] / "data" / "purpose_mapping.json"


def load(apps, schema_editor):
    mapping = apps.get_model("cameras", "PurposeMapping")
    for line in json.loads(DATA.read_text(encoding="utf-8")):
        mapping.objects.get_or_create(dataset_purpose=line["dataset_purpose"], defaults=line)


class Migration(migrations.Migration):
    dependencies = [("cameras", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
