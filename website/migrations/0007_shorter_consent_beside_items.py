"""The words beside the consent no longer repeat what now stands item by item; words that officials changed stay."""

from django.db import migrations
from django.utils.html import strip_tags

BEFORE = {
    "viewing_consent": "청구를 처리하기 위하여 성명, 연락처, 생년월일, 주소와 청구 내용을 수집합니다. 암호화하여 보관하고 처리 담당자만 볼 수 "
    "있으며, 정한 기간이 지나면 파기합니다. 동의하지 않으면 누리집으로 청구할 수 없고 방문·우편으로 청구할 수 있습니다. "
    "주민등록번호는 받지 않습니다.",
    "viewing_consent_en": "To handle your request we collect your name, contact, date of birth, address and what you "
    "ask for. They are stored encrypted, seen only by the staff in charge, and erased after the period stated here. "
    "Without consent you can still ask in person or by post. Do not enter a resident registration number.",
    "report_consent": "연락처는 선택입니다. 적으시면 처리 결과를 알리는 데에만 쓰고, 암호화하여 보관한 뒤 정한 기간이 지나면 파기합니다.",
    "report_consent_en": "A contact is optional. It is used only to tell you the result, stored encrypted, and erased "
    "after the period stated here.",
}


def shorten(apps, schema_editor):
    SiteTexts = apps.get_model("website", "SiteTexts")
    for texts in SiteTexts.objects.all():
        unchanged = [name for name, before in BEFORE.items() if strip_tags(getattr(texts, name)) == before]
        for name in unchanged:
            setattr(texts, name, SiteTexts._meta.get_field(name).get_default())
        texts.save(update_fields=unchanged)


class Migration(migrations.Migration):
    dependencies = [("website", "0006_consent_by_items")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop)]
