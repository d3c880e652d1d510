"""`review_access --month 2026-10`: prints what the review of a month found."""

import argparse
import json
import re
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from records.access_log import reviewing
from records.access_log.rules import catalogue

EXIT_NOTHING_SEEN, EXIT_UNUSABLE = 1, 2
SHOWN_EVENTS = 20


class Command(BaseCommand):
    help = "한 달의 접속기록을 사건·상황·근무와 대조하고, 설명되지 않는 것을 보여 줍니다. 아무것도 바꾸지 않습니다."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--month", required=True, metavar="YYYY-MM")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 씁니다.")

    def handle(self, *args: Any, **options: Any) -> None:
        match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", options["month"])
        if match is None:
            self._refuse(f"달을 2026-10 꼴로 적으십시오: {options['month']}", options["json"])
        today = timezone.localdate()
        year, month = map(int, match.groups())  # type: ignore[union-attr]
        if (year, month) > (today.year, today.month):
            self._refuse(f"아직 오지 않은 달입니다: {options['month']}", options["json"])
        if (year, month) == (today.year, today.month):
            self.stderr.write("알림: 아직 끝나지 않은 달입니다. 오늘까지의 기록만 봅니다.")
        found = reviewing.review(year, month)
        self._explain(found)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False))
        if not found.rows:
            # Nothing looked at is nothing in order.
            raise SystemExit(EXIT_NOTHING_SEEN)

    def _refuse(self, reason: str, as_json: bool) -> None:
        self.stderr.write(reason)
        if as_json:
            self.stdout.write(
                json.dumps({"rows": 0, "explained": 0, "findings": [], "error": reason}, ensure_ascii=False)
            )
        raise SystemExit(EXIT_UNUSABLE)

    def _explain(self, found: reviewing.Review) -> None:
        for finding in found.findings:
            numbers = found.numbers(finding)
            more = f" 외 {len(numbers) - SHOWN_EVENTS}건" if len(numbers) > SHOWN_EVENTS else ""
            who = finding.account or "(접속기록)"
            title = catalogue.get(finding.rule).title
            self.stderr.write(f"{title} [{who}] {finding.why}: {', '.join(numbers[:SHOWN_EVENTS])}{more}")
        for reason in found.month.not_known.values():
            self.stderr.write(f"알 수 없음: {reason}")
        if not found.rows:
            return
        rest = ", ".join(f"{label} {count:,}" for label, count in found.unexplained().items())
        self.stderr.write(
            f"접속기록 {found.rows:,}건 가운데 {found.explained:,}건을 사건·상황·근무로 설명했습니다. "
            f"점검할 것 {len(found.findings)}건. 설명되지 않은 기록: {rest or '없음'}"
        )
