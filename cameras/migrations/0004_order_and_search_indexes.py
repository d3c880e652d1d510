"""The list in its order, with everything it filters by in one index; addresses and numbers by trigram.

A list page reads this index only and fetches its fifty rows afterwards, so that even a combination of filters
that matches nothing costs one pass over one index. What is asked for alone most often has its own index in the
list's order, so that a rare value need not be looked for among a million. Names and columns differ between the two databases, so the
indexes are not in the models. On SQLite a later change of these tables makes them anew without such indexes: a
migration that changes `Camera` or `Site` has to create them again.
"""

from django.db import migrations

LIST_COLUMNS = (
    "id, site_id, state, install_purpose, dataset_purpose, installing_department_id, contractor_id, link_status, "
    "link_exemption_reason, device_kind, has_ptz, lpr_enabled, retention_days, installed_month, audio_checked_on, audio_disabled, is_sign_exempt"
)

# name: columns before the order, condition
BY_FILTER = {
    "camera_by_state": ("state", ""),
    "camera_by_install_purpose": ("install_purpose", ""),
    "camera_by_dataset_purpose": ("dataset_purpose", ""),
    "camera_by_department": ("installing_department_id", ""),
    "camera_by_contractor": ("contractor_id", ""),
    "camera_by_link_status": ("link_status", ""),
    "camera_by_retention": ("retention_days", ""),
    "camera_by_month": ("installed_month", ""),
    "camera_by_device_kind": ("device_kind", ""),
    "camera_with_ptz": ("has_ptz", "WHERE has_ptz"),
    "camera_with_lpr": ("lpr_enabled", "WHERE lpr_enabled"),
    "camera_exempt": ("is_sign_exempt", "WHERE is_sign_exempt"),
}

POSTGRESQL = (
    'ALTER TABLE cameras_camera ALTER COLUMN sort_key TYPE varchar(120) COLLATE "C"',
    f"CREATE INDEX camera_list ON cameras_camera (sort_key) INCLUDE ({LIST_COLUMNS})",
    *(
        f"CREATE INDEX {name} ON cameras_camera ({column}, sort_key) INCLUDE (id) {condition}"
        for name, (column, condition) in BY_FILTER.items()
    ),
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """CREATE INDEX site_search ON cameras_site USING gin (
        (' ' || upper(number)) gin_trgm_ops,
        (' ' || upper(road_address)) gin_trgm_ops,
        (' ' || upper(lot_address)) gin_trgm_ops)""",
)
SQLITE = (
    f"CREATE INDEX camera_list ON cameras_camera (sort_key, {LIST_COLUMNS})",
    *(
        f"CREATE INDEX {name} ON cameras_camera ({column}, sort_key) {condition}"
        for name, (column, condition) in BY_FILTER.items()
    ),
)
DROP = tuple(f"DROP INDEX {name}" for name in ("camera_list", *BY_FILTER))


def create(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in (*DROP, "DROP INDEX site_search") if is_postgresql else DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("cameras", "0003_a_cameras_life")]

    operations = [migrations.RunPython(create, drop)]
