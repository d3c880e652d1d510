"""The page in English and the guidance for viewing are the same matter in two languages; the front page gets its lead."""

from django.db import migrations

LEAD = "Type an address to see the public cameras there: what they are for, how long video is kept, and who is in charge."
GUIDE = "Guide"
WORDS = {"“CCTV 찾기”": "“Find cameras”", "“CCTV 지도”": "“Map”"}


def link_languages(apps, schema_editor):
    HomePage = apps.get_model("website", "HomePage")
    ContentPage = apps.get_model("website", "ContentPage")
    HomePage.objects.filter(lead_en="").update(lead_en=LEAD)
    korean = ContentPage.objects.filter(slug="viewing-guide", language="ko").first()
    english = ContentPage.objects.filter(slug="english", language="en").first()
    if korean is None or english is None:
        return
    ContentPage.objects.filter(pk=korean.pk, counterpart=None).update(counterpart=english)
    ContentPage.objects.filter(pk=english.pk, counterpart=None).update(counterpart=korean)
    speak_english_labels(english)


def speak_english_labels(page):
    """Names of menu entries in a text that nobody has touched; in an English menu "English" says nothing."""
    if page.title == "English":
        type(page).objects.filter(pk=page.pk).update(title=GUIDE, draft_title=GUIDE)
    changed = False
    for block in page.body.raw_data:
        text = block["value"]
        if isinstance(text, str) and any(word in text for word in WORDS):
            for korean, english in WORDS.items():
                text = text.replace(korean, english)
            block["value"] = text
            changed = True
    if changed:
        page.save(update_fields=["body"])


class Migration(migrations.Migration):
    dependencies = [("website", "0003_texts_languages_and_floods")]

    operations = [migrations.RunPython(link_languages, migrations.RunPython.noop)]
