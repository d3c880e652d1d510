"""The page above all others bears a Korean name: officials read it in the portal, nobody on the site."""

from django.db import migrations


def name_it(apps, schema_editor):
    pages = apps.get_model("wagtailcore", "Page").objects.using(schema_editor.connection.alias)
    pages.filter(depth=1, title="Root").update(title="누리집", draft_title="누리집")


class Migration(migrations.Migration):
    dependencies = [("website", "0015_who_asks_for_another")]

    operations = [migrations.RunPython(name_it, migrations.RunPython.noop)]
