from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_requests_of_before")]

    operations = [
        migrations.RemoveField(model_name="viewingdecision", name="how_to_object"),
        migrations.RemoveField(model_name="viewingdecision", name="reply"),
        migrations.RemoveField(model_name="viewingrequest", name="submission"),
        migrations.AlterField(
            model_name="viewingrequest",
            name="submission_digest",
            field=models.CharField(editable=False, max_length=64, unique=True, verbose_name="양식 식별값"),
        ),
    ]
