"""The first pages no longer promise more than happens to files; a sentence that officials changed stays."""

from django.db import migrations

REWORDED = {
    "보관기간(최대 30일, 조례 제24조제1항)이 지나면 복구할 수 없게 파기됩니다.": (
        "보관기간(최대 30일, 조례 제24조제1항)이 지나면 파일이 자동으로 지워집니다."
    ),
    "After that it is destroyed so that it cannot be recovered.": (
        "After that the files are deleted automatically."
    ),
}


def reword(apps, schema_editor):
    ContentPage = apps.get_model("website", "ContentPage")
    for page in ContentPage.objects.all():
        blocks = list(page.body.raw_data)
        reworded = [_reworded(block) for block in blocks]
        if reworded != blocks:
            page.body = reworded
            page.save(update_fields=["body"])


def _reworded(value):
    """Every text within a block, however the block holds it."""
    if isinstance(value, dict):
        return {name: _reworded(each) for name, each in value.items()}
    if isinstance(value, str):
        for before, after in REWORDED.items():
            value = value.replace(before, after)
    return value


class Migration(migrations.Migration):
    dependencies = [("website", "0009_no_consent_for_a_right")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
