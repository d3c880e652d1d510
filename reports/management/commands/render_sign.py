"""Make the sign of a site."""

import json
from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from cameras.signs.contents import address_warning
from cameras.signs.making import Overtaken
from ordinance.parameters import UnknownParameter
from reports.documents import sign
from reports.fonts import FontMissing
from reports.outputs import UnusableOutput
from reports.pdf import TypesettingFailed


class Command(BaseCommand):
    help = "설치장소의 안내판을 실제 크기의 PDF로 만들고, 무엇을 적었는지 판으로 남깁니다 (조례 제9조)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, metavar="NUMBER", help="관리번호")
        parser.add_argument("--size", default="A4", metavar="A4", help="크기: A3, A4, 600x400 (mm)")
        parser.add_argument("--output", required=True, metavar="FILE.pdf", help="안내판을 쓸 파일")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = sign.size_of(options["size"])
            issued = sign.issue(options["site"], size=size, output=options["output"])
        except (sign.UnusableSign, UnusableOutput, FontMissing, UnknownParameter) as error:
            self._give_up(error, 2, as_json=options["json"])
        except (TypesettingFailed, Overtaken) as error:
            self._give_up(error, 1, as_json=options["json"])
        number = issued.sign.contents["site"]
        self.stderr.write(
            f"{number} 안내판 제{issued.sign.version}판({size.label})을 만들었습니다: {options['output']}"
        )
        labels = {item["code"]: item["label"] for item in issued.sign.contents["required"]}
        if warning := address_warning():
            self.stderr.write(self.style.ERROR(f"경고: {warning}"))
        for code in issued.left_out:
            if code not in labels:
                continue
            self.stderr.write(
                f"대장에 값이 없어 안내판에 빠졌습니다: {labels[code]}. 대장을 고친 뒤 다시 만드십시오."
            )
        if options["json"]:
            answer = {
                "site": number,
                "sha256": issued.sha256,
                "pages": issued.pages,
                "version": issued.sign.version,
                "size": size.value,
                "missing": list(issued.left_out),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _give_up(self, error: Exception, status: int, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"error": str(error)}, ensure_ascii=False))
        raise CommandError(str(error), returncode=status) from error
