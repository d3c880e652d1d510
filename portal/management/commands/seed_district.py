"""Fill an empty database with the sample district."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Officer
from cameras import register as camera_register
from cameras.models import Camera
from ledger import append
from ledger.models import Entry
from ordinance import assessment
from portal.sample import (
    base_map,
    cases,
    centre,
    clips,
    committee,
    competence,
    consultations,
    entrustment,
    landmarks,
    lives,
    papers,
    people,
    recorder,
    signs,
)
from portal.sample import register as sample_register

ACTOR = "command:seed_district"
FILLED = ("cameras", "committee", "footage", "ordinance", "records")
BEGUN, COMPLETED = "sample.begun", "sample.completed"


class Command(BaseCommand):
    help = "표본 자치구(가상 자료)를 만듭니다. 빈 데이터베이스에서만 합니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="다른 자료가 있어도 표본을 더합니다")
        parser.add_argument(
            "--if-empty", action="store_true", help="다른 자료가 있으면 아무것도 하지 않고 정상 종료합니다"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        self.started = time.monotonic()
        if not settings.SAMPLE_ALLOWED:
            self.stderr.write(
                "운영 설정에서는 표본 자치구와 시범 계정을 만들지 않습니다. 빈 데이터베이스에서 시작하십시오 (docs/running.md)."
            )
            raise SystemExit(2)
        if has_happened(COMPLETED):
            self._answer(options, "표본 자치구가 이미 있습니다.", files=0)
            return
        if holds_other_data() and not options["force"]:
            self.stderr.write(
                "이 데이터베이스에는 표본이 아닌 자료가 있습니다. 표본을 만들지 않습니다 (--force)."
            )
            if not options["if_empty"]:
                raise SystemExit(2)
            return
        try:
            with assessment.all_at_the_end():
                files = self._seed()
            note(COMPLETED)
        except clips.CannotEncode as reason:
            self.stderr.write(str(reason))
            raise SystemExit(2) from reason
        self._answer(options, "표본 자치구를 만들었습니다.", files=files)

    def _seed(self) -> int:
        folder = Path(settings.DATA_DIR)
        note(BEGUN)
        self._say("기관·부서·계정을 만듭니다")
        institution = people.found_office()
        people.open_accounts(institution)
        official = people.official()
        self._say("카메라 대장을 가져옵니다")
        self._import_register(folder / "sample" / "전국CCTV표준데이터_강서구.csv", official)
        landmarks.enter()
        base_map.draw()
        self._say("대장을 정비합니다")
        papers.file_papers(official)
        entrustment.enter_contracts(official, timezone.localdate())
        committee.hold_meetings(people.manager(), timezone.localdate())
        consultations.hold(official, people.manager(), timezone.now())
        papers.publish_policy(people.manager())
        papers.plan_for_safety(official, people.manager())
        self._say("서류와 설치 사업을 등록합니다")
        lives.install(people.manager(), official)
        self._say("안내판을 만들어 설치하고 확인합니다")
        signs.hang(official, people.manager())
        self._say("인력을 등록하고 교육과 서약을 기록합니다")
        competence.teach(people.manager(), official)
        self._say("관제센터의 근무표를 짭니다")
        centre.stand_watch(official, people.manager(), timezone.now())
        self._say("녹화 영상을 만듭니다")
        now = timezone.now()
        files = recorder.install(folder / "sample" / "recorder", now)
        recorder.hold_a_range(now, official)
        self._say("청구와 공문을 접수합니다")
        cases.lie_on_the_desk(people.manager(), official, now)
        self._say("조례를 점검합니다")
        return files

    def _import_register(self, path: Path, official: Officer) -> None:
        sample_register.write(path)
        result = camera_register.import_file(
            path, dry_run=False, skip_invalid=False, actor=f"officer:{official.pk}"
        )
        if result.errors:
            raise RuntimeError(f"the sample file is refused: {result.errors[:3]}")

    def _say(self, step: str) -> None:
        count_again()
        self.stderr.write(f"  {step} ({time.monotonic() - self.started:.0f}초)")

    def _answer(self, options: dict[str, Any], message: str, *, files: int) -> None:
        self.stderr.write(message)
        if options["as_json"]:
            self.stdout.write(json.dumps({"cameras": Camera.objects.in_service().count(), "files": files}))


def count_again() -> None:
    """PostgreSQL plans by the sizes that it last counted; each step fills tables that the next one asks."""
    if connection.vendor == "postgresql":
        tables = [model._meta.db_table for app in FILLED for model in apps.get_app_config(app).get_models()]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables)}")


def has_happened(kind: str) -> bool:
    return Entry.objects.filter(kind=kind).exists()


def holds_other_data() -> bool:
    """Whether somebody works here: officers or cameras that did not come with a sample."""
    return not has_happened(BEGUN) and (Officer.objects.exists() or Camera.objects.exists())


def note(kind: str) -> None:
    """Sample data says of itself, where nobody can take it back, that it is one."""
    if not has_happened(kind):
        with transaction.atomic():
            append.record(kind, actor=ACTOR, subject="sample:gangseo", payload={})
