"""Requests of before named one place and one range for all of their cameras."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

CARRIED = ("site_id", "from_at", "until_at", "fits_until_at")


def carry_over(apps, schema_editor):
    of_request = (
        apps.get_model("records", "ViewingRequest").objects.filter(pk=OuterRef("request_id")).order_by()
    )
    apps.get_model("records", "RequestedCamera").objects.filter(from_at__isnull=True).update(
        **{name: Subquery(of_request.values(name)[:1]) for name in CARRIED}
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0011_requested_ranges")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
