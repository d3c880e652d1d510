"""Where each duty stands, for duties on record; and no resolution on an installation without a decision on paper.

Art. 28 lists what the committee deliberates on. The demand was on by default until now; it goes off where no document
of the mayor and no local rule stands behind it. The findings close at the next assessment, with that reason.
"""

from django.db import migrations
from django.utils import timezone

CODE = "install_resolution_required"
NOTE = "결정 문서 없이 켜져 있어 껐습니다. 요구하려면 구청장의 결정이나 규칙을 등록하십시오."
REASON = "결정 문서가 없음 (조례 제28조는 설치의 의결을 요구하지 않음)"


def say_where_duties_stand(apps, schema_editor):
    for row in apps.get_model("ordinance", "AssessedRule").objects.filter(place=""):
        row.place = f"제{row.article}조"
        row.save(update_fields=["place"])


def switch_off(apps, schema_editor):
    parameter = apps.get_model("ordinance", "Parameter")
    history = apps.get_model("ordinance", "HistoricalParameter")
    names = [field.name for field in parameter._meta.concrete_fields]
    for row in parameter.objects.filter(code=CODE, value=True, document_number=""):
        row.value, row.note = False, NOTE
        row.save(update_fields=["value", "note"])
        history.objects.create(
            **{name: getattr(row, name) for name in names},
            history_date=timezone.now(),
            history_type="~",
            history_change_reason=REASON,
        )


class Migration(migrations.Migration):
    dependencies = [("ordinance", "0004_rules_of_other_laws_and_decisions")]

    operations = [
        migrations.RunPython(say_where_duties_stand, migrations.RunPython.noop),
        migrations.RunPython(switch_off, migrations.RunPython.noop),
    ]
