"""One assessment runs at a time."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ordinance", "0002_findings_and_exceptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("state",),
                name="assessment_one_at_a_time",
                violation_error_message="다른 점검이 진행 중입니다.",
            ),
        ),
    ]
