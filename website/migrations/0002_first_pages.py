"""Replaces Wagtail's welcome page with the first pages of the public site."""

import json
from pathlib import Path
from uuid import uuid4

from django.db import migrations

PAGES_FILE = Path(__file__).parents[1] / "data" / "pages.json"


def add_first_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    HomePage = apps.get_model("website", "HomePage")
    ContentPage = apps.get_model("website", "ContentPage")
    if HomePage.objects.exists():
        return
    data = json.loads(PAGES_FILE.read_text(encoding="utf-8"))
    locale, _ = Locale.objects.get_or_create(language_code="ko")
    Page.objects.filter(pk=1).update(locale=locale)
    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()

    def content_type(model):
        return ContentType.objects.get_or_create(app_label="website", model=model)[0]

    pages = data["pages"]
    home = HomePage.objects.create(
        slug="home",
        draft_title=data["home"]["title"],
        path="00010001",
        depth=2,
        numchild=len(pages),
        url_path="/home/",
        locale=locale,
        translation_key=uuid4(),
        content_type=content_type("homepage"),
        **data["home"],
    )
    Page.objects.filter(pk=1).update(numchild=1)
    for number, page in enumerate(pages, start=1):
        body = [{**block, "id": str(uuid4())} for block in page["body"]]
        ContentPage.objects.create(
            slug=page["slug"],
            title=page["title"],
            draft_title=page["title"],
            language=page["language"],
            lead=page["lead"],
            body=json.dumps(body),
            path=f"00010001{number:04d}",
            depth=3,
            url_path=f"/home/{page['slug']}/",
            show_in_menus=True,
            locale=locale,
            translation_key=uuid4(),
            content_type=content_type("contentpage"),
        )
    Site.objects.create(
        hostname="localhost", site_name=data["home"]["title"], root_page_id=home.pk, is_default_site=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(add_first_pages, migrations.RunPython.noop)]
