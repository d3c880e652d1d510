from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cameras", "0013_attachments_of_casework")]

    operations = [migrations.DeleteModel(name="Attachment")]
