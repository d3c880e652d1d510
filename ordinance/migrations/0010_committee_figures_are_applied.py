"""The figures of the committee are applied: their definitions no longer say that they are not."""

from django.db import migrations

CODES = (
    "committee_is_mandatory",
    "committee_term_years",
    "committee_renewal",
    "committee_chair",
    "committee_gender_max_percent",
    "committee_person_max_years",
    "committee_person_max_seats",
    "committee_meeting_notice_days",
    "minutes_publication_days",
)
PER_ITEM = "안건마다 위촉하고 회의를 마친 날로 임기를 끝내는 일은 위원 명부에서 합니다. 따로 판정하는 규칙은 없습니다."


def applied(apps, schema_editor):
    definitions = apps.get_model("ordinance", "ParameterDefinition").objects
    definitions.filter(code__in=CODES).update(unused_because="")
    definitions.filter(code="committee_is_per_item").update(unused_because=PER_ITEM)


class Migration(migrations.Migration):
    dependencies = [("ordinance", "0009_which_ground_fits_which_purpose")]

    operations = [migrations.RunPython(applied, migrations.RunPython.noop)]
