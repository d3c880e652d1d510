"""Storages and folders from before a second person was asked stay as they were: swept."""

from typing import Any

from django.db import migrations
from django.db.models import F


def confirm(apps: Any, schema_editor: Any) -> None:
    apps.get_model("footage", "Storage").objects.update(confirmed_at=F("created_at"))
    apps.get_model("footage", "UnclaimedFolder").objects.filter(decision="destroy").update(
        confirmed_at=F("decided_at")
    )


class Migration(migrations.Migration):
    dependencies = [("footage", "0003_second_person")]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
