"""The guides lead to the on-line forms; a sentence that officials changed stays."""

from django.db import migrations

REWORDED = {
    "<li>‘개인영상정보(존재확인, 열람) 청구서’에 촬영된 날짜·시각·장소와 목적을 적습니다.</li><li>신분을 확인할 수 있는 증명서를 가지고 담당 부서에 제출합니다. 대리인은 위임장과 두 사람의 신분증을 함께 냅니다.</li>": (
        '<li><a href="/viewing-request/">영상 열람 청구</a>에서 장소를 찾아 촬영된 날짜·시각과 목적을 적어 바로 청구합니다. ‘개인영상정보(존재확인, 열람) 청구서’를 담당 부서에 직접 내셔도 됩니다.</li><li>영상을 보실 때에는 신분을 확인할 수 있는 증명서를 가지고 오십시오. 대리인은 위임장과 두 사람의 신분증을 함께 가지고 오십시오.</li>'
    ),
    "Search by road name under “CCTV 찾기”, or use the map under “CCTV 지도”.": (
        '<a href="/en/cameras/">Search by where you were</a>, or use the <a href="/en/cameras/map/">map</a>.'
    ),
    "Please ask early, and state date, time and place. Bring proof of identity.": (
        '<a href="/en/viewing-request/">Ask on line</a> early, and state date, time and place. Bring proof of identity when you come to see it.'
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
    dependencies = [("website", "0010_what_happens_to_files")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
