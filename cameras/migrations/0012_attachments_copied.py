"""Attachments get a home of their own, `casework`: first the rows, under the numbers that others know them by."""

from django.db import migrations

COLUMNS = "id, file, name, sha256, size, added_at, added_by_id"


def copy(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO casework_attachment ({COLUMNS}) SELECT {COLUMNS} FROM cameras_attachment"  # noqa: S608
        )
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('casework_attachment', 'id'), "
                "(SELECT COALESCE(MAX(id), 0) + 1 FROM casework_attachment), false)"
            )


class Migration(migrations.Migration):
    dependencies = [("cameras", "0011_sign_photo_erasure"), ("casework", "0001_attachments")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
