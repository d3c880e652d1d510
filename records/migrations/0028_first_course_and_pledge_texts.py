"""What an office needs on its first day: a course that everybody can take, and a text to swear in each case.

Neither law nor ordinance gives a form; both are the office's to change (another course, the next version of a text).
"""

import hashlib
from datetime import date

from django.db import migrations
from django.utils import timezone

KINDS = ["official", "monitoring_staff", "police_secondee", "contractor"]
COURSE = "영상정보 보호와 비밀유지 (기본)"
CONTENTS = (
    "개인정보 보호법과 조례의 의무, 영상을 볼 수 있는 경우와 없는 경우, 목적 밖의 조작·음성 녹음 금지, 비밀유지와 "
    "위반했을 때의 책임, 접속기록과 그 점검"
)
_SECRECY = """1. 업무로 알게 된 영상정보와 개인정보를 업무의 목적으로만 처리하고, 권한 없이 보거나 복제하거나 밖으로 내보내지 않겠습니다.
2. 알게 된 내용을 누설하거나 다른 사람이 이용하도록 제공하지 않겠습니다. 일을 그만둔 뒤에도 같습니다.
3. 카메라를 설치목적과 다르게 조작하거나 다른 곳을 비추지 않고, 소리를 녹음하지 않겠습니다.
4. 계정과 비밀번호를 다른 사람과 함께 쓰지 않고, 접속하고 열람한 기록이 남아 점검받는 것을 알고 있습니다.
5. 이를 어기면 관계 법령에 따라 책임을 지겠습니다."""
TEXTS = {
    "joining": "본인은 영상정보를 다루는 업무를 시작하면서 다음을 서약합니다.\n\n" + _SECRECY,
    "yearly": "본인은 영상정보를 다루는 업무를 계속하면서 다음을 다시 서약합니다.\n\n" + _SECRECY,
    "leaving": """본인은 영상정보를 다루는 업무를 마치면서 다음을 서약합니다.

1. 업무로 알게 된 영상정보와 개인정보를 누설하거나 다른 사람이 이용하도록 제공하지 않겠습니다.
2. 영상, 출력물, 저장매체, 출입증과 열쇠를 모두 반납했고 사본을 가지고 있지 않습니다.
3. 이를 어기면 관계 법령에 따라 책임을 지겠습니다.""",
    "visitor": """본인은 통합관제센터에 출입하면서 다음을 서약합니다.

1. 안내하는 사람의 지시에 따르고, 허가받은 곳에만 들어가겠습니다.
2. 촬영하거나 녹음하지 않고, 저장매체를 가지고 들어가거나 나오지 않겠습니다.
3. 보거나 들은 영상정보를 누설하지 않겠습니다.
4. 이를 어기면 관계 법령에 따라 책임을 지겠습니다.""",
    "recipient": """본인은 영상정보를 제공받으면서 다음을 서약합니다.

1. 제공받은 목적으로만 이용하고, 다른 사람에게 제공하지 않겠습니다.
2. 잃어버리거나 새어 나가지 않게 보관하고, 목적을 이루면 바로 파기하거나 반환하고 그 결과를 알리겠습니다.
3. 이를 어기면 관계 법령에 따라 책임을 지겠습니다.""",
}


def enter(apps, schema_editor):
    course = apps.get_model("records", "TrainingCourse")._default_manager.using(
        schema_editor.connection.alias
    )
    texts = apps.get_model("records", "PledgeText")._default_manager.using(schema_editor.connection.alias)
    if not course.exists():
        course.create(title=COURSE, kinds=KINDS, minutes=60, contents=CONTENTS)
    for kind, text in TEXTS.items():
        texts.get_or_create(
            kind=kind,
            version=1,
            defaults={
                "text": text,
                "digest": hashlib.sha256(text.encode()).hexdigest(),
                "effective_on": date(2011, 9, 30),
                "published_at": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0027_training_pledges_permissions")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop, elidable=False)]
