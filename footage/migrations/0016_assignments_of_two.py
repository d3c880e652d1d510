"""Earlier assignments stay as they were; a destruction that no second person put on record waits for one."""

from typing import Any

from django.db import migrations
from django.db.models import F


def settle(apps: Any, schema_editor: Any) -> None:
    folders = apps.get_model("footage", "UnclaimedFolder").objects
    folders.filter(decision="assigned").update(confirmed_at=F("decided_at"))
    folders.filter(decision="destroy", confirmed_by=None).update(confirmed_at=None)


class Migration(migrations.Migration):
    dependencies = [("footage", "0015_copies_that_leave")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
