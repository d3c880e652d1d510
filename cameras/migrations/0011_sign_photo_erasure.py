from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cameras", "0010_shortest_period"),
    ]

    operations = [
        migrations.AddField(
            model_name="signcheck",
            name="photo_erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="사진 파기 시각"),
        ),
    ]
