"""Write the certificate of destruction of a camera."""

import hashlib
import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cameras.models import Camera
from ledger.errors import BrokenLedger
from ordinance.parameters import UnknownParameter
from reports import outputs
from reports.documents import destruction_certificate as certificate
from reports.fonts import FontMissing
from reports.pdf import TypesettingFailed


class Command(BaseCommand):
    help = "영상정보 파기 확인서를 만듭니다: 한 카메라의 한 기간 영상이 언제 어떻게 파기되었는지 파기 목록에서 옮겨 적습니다."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--camera", required=True, metavar="NO", help="카메라 번호")
        parser.add_argument(
            "--from", dest="from_on", required=True, metavar="YYYY-MM-DD", help="영상의 첫 날"
        )
        parser.add_argument(
            "--until", dest="until_on", required=True, metavar="YYYY-MM-DD", help="영상의 마지막 날"
        )
        parser.add_argument(
            "--recipient", default="", metavar="TEXT", help="수신 (인쇄만 하고 저장하지 않음)"
        )
        parser.add_argument("--use", default="", metavar="TEXT", help="용도 (인쇄만 하고 저장하지 않음)")
        parser.add_argument("--output", required=True, metavar="FILE.pdf", help="확인서를 쓸 파일")
        parser.add_argument("--json", action="store_true", help="마지막 줄에 결과를 JSON으로 출력")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            place = outputs.prepare(options["output"], None)
            from_on, until_on = _day(options["from_on"]), _day(options["until_on"])
            issued = certificate.issue(
                _camera(options["camera"]),
                from_on,
                until_on,
                recipient=options["recipient"],
                use=options["use"],
                file_name=place.path.name if place else "",
            )
            outputs.write(options["output"], issued.content)
        except (certificate.UnusableRange, outputs.UnusableOutput, FontMissing, UnknownParameter) as error:
            raise CommandError(str(error), returncode=2) from error
        except (TypesettingFailed, BrokenLedger, certificate.ManifestBroken) as error:
            raise CommandError(str(error), returncode=1) from error
        self.stderr.write(
            f"영상정보 파기 확인서를 만들었습니다: {place.path if place else options['output']}"
        )
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "number": issued.number,
                        "sha256": hashlib.sha256(issued.content).hexdigest(),
                        "bytes": len(issued.content),
                    }
                )
            )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise certificate.UnusableRange(f"날짜는 2026-09-30과 같이 적어야 합니다: {text!r}") from error


def _camera(number: str) -> Camera:
    found = Camera.objects.select_related("site").filter(number=number).first()
    if found is None:
        raise certificate.UnusableRange(f"그런 카메라가 없습니다: {number!r}")
    return found
