"""Stored proofs are read again: what was recorded as in order without any footage found was not seen.

Two kinds were not what they said. A camera of which nothing was found, and nothing destroyed that day, was recorded
as in order; and where the oldest file was held, nobody looked at those behind it. What failed for want of a storage
was not seen either. The facts of each row stay as they are.
"""

from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When

OVERDUE = "허용된 시각보다 오래된 영상이 있습니다"
NOTHING_FOUND = "이 카메라의 영상을 찾지 못해 살펴볼 것이 없었습니다."
BEHIND_A_HOLD = "가장 오래된 영상이 삭제 유예된 것이어서 그 뒤의 영상은 살피지 않았습니다."


def read_again(apps, schema_editor):
    proofs = apps.get_model("footage", "DailyProof").objects.using(schema_editor.connection.alias)
    nothing = Q(is_ok=True, oldest_found_at=None, destroyed_count=0)
    behind = Q(is_ok=True, oldest_found_at__lt=F("oldest_allowed_at")) & ~Q(hold_ids=[])
    proofs.update(
        result=Case(
            When(Q(is_ok=False, reason__startswith=OVERDUE), then=Value("not_in_order")),
            When(Q(is_ok=False) | nothing | behind, then=Value("not_seen")),
            default=Value("in_order"),
        ),
        reason=Case(
            When(nothing, then=Value(NOTHING_FOUND)),
            When(behind, then=Value(BEHIND_A_HOLD)),
            default=F("reason"),
        ),
    )


def scanned(apps, schema_editor):
    """A scan notes its instant in every day that it found; of an empty storage the run itself tells."""
    alias = schema_editor.connection.alias
    storages = apps.get_model("footage", "Storage").objects.using(alias)
    days = apps.get_model("footage", "FootageDay").objects.using(alias)
    scans = apps.get_model("footage", "Scan").objects.using(alias).filter(state="succeeded")
    for storage in storages.all():
        times = [
            days.filter(storage=storage).aggregate(last=models.Max("scanned_at"))["last"],
            scans.filter(Q(storage=storage) | Q(storage=None)).aggregate(last=models.Max("finished_at"))[
                "last"
            ],
        ]
        storages.filter(pk=storage.pk).update(scanned_at=max((at for at in times if at), default=None))


def unmeasured(apps, schema_editor):
    """A folder with files and no bytes was never measured: only sweeps saw it."""
    folders = apps.get_model("footage", "UnclaimedFolder").objects.using(schema_editor.connection.alias)
    folders.filter(bytes=0, files__gt=0).update(bytes=None)


def measured(apps, schema_editor):
    folders = apps.get_model("footage", "UnclaimedFolder").objects.using(schema_editor.connection.alias)
    folders.filter(bytes=None).update(bytes=0)


def one_word(apps, schema_editor):
    proofs = apps.get_model("footage", "DailyProof").objects.using(schema_editor.connection.alias)
    proofs.update(is_ok=Case(When(result="in_order", then=Value(True)), default=Value(False)))


class Migration(migrations.Migration):
    dependencies = [("footage", "0005_hold_salt")]

    operations = [
        migrations.AddField(
            "dailyproof",
            "result",
            models.CharField(
                "결과",
                max_length=12,
                choices=[("in_order", "적정"), ("not_in_order", "부적정"), ("not_seen", "확인 불가")],
                default="not_seen",
            ),
            preserve_default=False,
        ),
        migrations.AlterField("dailyproof", "is_ok", models.BooleanField("적정", default=False)),
        migrations.AddField(
            "dailyproof",
            "retention_days",
            models.PositiveSmallIntegerField("보관일수", null=True, blank=True),
        ),
        migrations.AddField(
            "footageday", "first_unheld_at", models.DateTimeField("유예되지 않은 처음", null=True, blank=True)
        ),
        migrations.AddField(
            "storage", "scanned_at", models.DateTimeField("최근 전체 확인 시각", null=True, blank=True)
        ),
        migrations.AddField(
            "storage", "returned_at", models.DateTimeField("다시 연결된 시각", null=True, blank=True)
        ),
        migrations.AlterField(
            "unclaimedfolder", "bytes", models.PositiveBigIntegerField("용량", null=True, blank=True)
        ),
        migrations.RunPython(read_again, one_word),
        migrations.RunPython(scanned, migrations.RunPython.noop),
        migrations.RunPython(unmeasured, measured),
    ]
