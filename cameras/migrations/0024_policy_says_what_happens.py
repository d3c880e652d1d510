"""Drafts of the policy that still hold the words that we shipped get today's; published versions stay as they are."""

from django.db import migrations

REPLACED = {
    "number": (
        "설치 대수와 위치는 아래 표와 같으며, 촬영 범위는 설치 위치 주변의 도로, 공원, 주차장 등 공개된 장소입니다. 건물 내부나 개인의 사생활 공간은 촬영하지 않습니다.",
        "설치 대수와 설치 위치, 위치마다의 촬영 범위는 아래 표와 같습니다. 안내판을 설치하지 않는 시설(개인정보 보호법 제25조제4항 단서)의 카메라는 대수에 넣고 위치는 싣지 않습니다.",
    ),
    "manager": (
        "영상정보를 보호하고 개인영상정보와 관련한 불만을 처리하기 위하여 아래와 같이 관리책임 부서와 접근권한자를 두고 있습니다.",
        "영상정보를 보호하고 개인영상정보와 관련한 불만을 처리하기 위하여 아래와 같이 관리책임자와 담당 부서를 두고 있습니다. 촬영한 영상을 볼 수 있는 사람은 통합관제센터의 관제 담당자와 담당 부서가 지정한 사람으로 한정합니다.",
    ),
    "retention": (
        "촬영한 영상은 통합관제센터의 통제구역에 보관하며, 보관 기간이 끝나면 복구할 수 없는 방법으로 자동 파기합니다. 수사·재판 자료 제공, 정보주체의 열람 요구 등 법령이 정한 사유가 있는 영상은 그 사유가 끝날 때까지 따로 보관합니다.",
        "촬영한 영상은 통합관제센터의 통제구역에 보관하며, 보관 기간이 끝나면 시스템이 녹화 파일을 자동으로 지웁니다. 지운 파일의 자리는 새 영상이 기록되면서 덮어쓰입니다. 수사·재판 자료 제공, 정보주체의 열람 요구 등 법령이 정한 사유로 삭제를 유예한 영상은 그 사유가 끝날 때까지 저장된 자리에 그대로 두고 지우지 않습니다.",
    ),
}


def reword_drafts(apps, schema_editor):
    OperationPolicy = apps.get_model("cameras", "OperationPolicy")
    for draft in OperationPolicy.objects.filter(version__isnull=True):
        for code, (before, after) in REPLACED.items():
            if draft.texts.get(code) == before:
                draft.texts[code] = after
        draft.save(update_fields=["texts"])


class Migration(migrations.Migration):
    dependencies = [("cameras", "0023_exemption_from_the_sign")]

    operations = [migrations.RunPython(reword_drafts, migrations.RunPython.noop)]
