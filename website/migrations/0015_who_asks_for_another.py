import wagtail.fields
from django.db import migrations

# The form asks for these only of who asks for another; texts that officials changed stay as they are.
WORDS = {
    "viewing_agent": (
        "본인이 청구하면 비워 둡니다. 대리인이면 적어 주시고, 방문하실 때",
        "영상에 찍힌 분에 대하여 적어 주십시오. 방문하실 때",
    ),
    "viewing_agent_en": (
        "Leave this empty if you ask for yourself. If you act for somebody else, fill it in, and bring a power of",
        "Please tell us about the person in the picture, and bring a power of",
    ),
}


def ask_of_the_person(apps, schema_editor):
    for texts in apps.get_model("website", "SiteTexts").objects.all():
        for name, (old, new) in WORDS.items():
            setattr(texts, name, getattr(texts, name).replace(old, new))
        texts.save(update_fields=list(WORDS))


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0014_texts_that_agree"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sitetexts",
            name="viewing_agent",
            field=wagtail.fields.RichTextField(
                blank=True,
                default="<p>영상에 찍힌 분에 대하여 적어 주십시오. 방문하실 때 위임장이나 관계를 확인할 서류를 가져오십시오.</p>",
                verbose_name="한국어",
            ),
        ),
        migrations.AlterField(
            model_name="sitetexts",
            name="viewing_agent_en",
            field=wagtail.fields.RichTextField(
                blank=True,
                default="<p>Please tell us about the person in the picture, and bring a power of attorney or proof of your relation when you come.</p>",
                verbose_name="English",
            ),
        ),
        migrations.RunPython(ask_of_the_person, migrations.RunPython.noop),
    ]
