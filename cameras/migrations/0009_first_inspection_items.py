"""What the office looks at when it inspects a contractor, to begin with; officials change it on a screen."""

from django.db import migrations

ITEMS = (
    ("staff", "수탁업무를 하는 사람이 계약에서 정한 사람과 같고 명단이 최신이다.", "시행령 제26조제1항"),
    ("pledge", "수탁업무를 하는 사람 모두 보안서약서를 냈다.", "조례 제25조제2항"),
    (
        "accounts",
        "계정을 사람마다 따로 쓰고, 일을 그만둔 사람의 접근 권한을 바로 없앴다.",
        "개인정보 보호법 제29조",
    ),
    (
        "remote",
        "원격 접속은 허가받은 경로와 기기로만 하고 접속 기록을 남긴다.",
        "개인정보 보호법 제29조",
    ),
    ("no_export", "영상을 저장매체나 메신저로 밖에 내보내지 않았다.", "조례 제23조제3항"),
    ("maintenance", "카메라와 저장장치를 계약에서 정한 대로 점검하고 기록하였다.", "조례 제11조제3항"),
    ("direction", "카메라의 방향과 배율을 설치 목적과 다르게 바꾸지 않았다.", "조례 제10조제1항"),
    ("audio", "녹음 기능이 꺼져 있다.", "조례 제10조제2항"),
    ("disposal", "교체하거나 폐기한 저장장치의 영상을 복원할 수 없게 지웠다.", "개인정보 보호법 제21조제2항"),
    ("reentrustment", "구의 동의 없이 다시 위탁한 업무가 없다.", "개인정보 보호법 제26조제6항"),
    ("incident", "사고가 나면 누구에게 어떻게 알릴지 알고 있다.", "조례 제11조제3항"),
)


def load(apps, schema_editor):
    item = apps.get_model("cameras", "InspectionItem")
    for position, (code, label, citation) in enumerate(ITEMS, start=1):
        item.objects.get_or_create(
            code=code, defaults={"label": label, "citation": citation, "position": position * 10}
        )


class Migration(migrations.Migration):
    dependencies = [("cameras", "0008_contract_checks")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
