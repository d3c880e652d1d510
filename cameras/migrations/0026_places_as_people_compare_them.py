"""The key of a place is made of its addresses without what nobody sees; a clean address keeps its key.

A row without 관리번호 finds its site by this key, so what an earlier import stored with double blanks is found again.
"""

import hashlib
import re
import unicodedata

from django.db import migrations

_HIDDEN = re.compile("[\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f]+")
_BLANKS = re.compile(
    "[ \t\n\r\x0b\x0c\x85\u00a0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]+"
)
_NONE = frozenset(
    ("-", "--", "---", "없음", "해당없음", "해당사항없음", "주소없음", "미상", "불명", "모름", "알수없음", "확인불가",
     "정보없음", "미부여", "미등록", "미기재", "N/A", "n/a", "NA", "#N/A", "NULL", "null", "None", "none")
)  # fmt: skip
_BATCH = 2_000


def _address(text):
    text = unicodedata.normalize("NFC", _BLANKS.sub(" ", _HIDDEN.sub("", text)).strip())
    return "" if len(text) <= 12 and text.strip("()[]").replace(" ", "") in _NONE else text


def _position(value):
    return "" if value is None else f"{value:.9f}"


def make_keys(apps, schema_editor):
    site_model = apps.get_model("cameras", "Site")
    changed = []
    for site in site_model.objects.order_by("pk").iterator(chunk_size=_BATCH):
        road, lot = _address(site.road_address), _address(site.lot_address)
        if (road, lot) == (site.road_address, site.lot_address):
            continue
        position = f"{_position(site.latitude)}|{_position(site.longitude)}"
        text = f"{site.institution_id}|{road}|{lot}|{position}"
        site.place_key = hashlib.sha256(text.encode()).hexdigest()[:32]
        changed.append(site)
    site_model.objects.bulk_update(changed, ["place_key"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [("cameras", "0025_options_of_an_import")]

    operations = [migrations.RunPython(make_keys, migrations.RunPython.noop)]
