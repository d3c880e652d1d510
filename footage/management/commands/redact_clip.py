"""Hide the people in one clip."""

import json
import os
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from footage.errors import UnusableInput
from footage.management.base import FootageCommand
from footage.redaction import run
from footage.redaction.cover import STYLES
from footage.redaction.detect import DETECTORS

REASONS = {
    "appeared": "화면 안에서 나타남: 그 앞에도 보이는지",
    "lost": "화면 안에서 놓침: 그 뒤에도 보이는지",
    "crossed": "다른 자취와 겹쳤다 갈라짐: 서로 바뀌지 않았는지",
    "shared": "한 자취에 얼굴이 둘: 남기면 둘 다 보입니다",
    "camera": "화면 대부분이 움직임: 카메라가 돌았거나 밝기가 크게 변함",
}
STAGES = {"survey": "1/3 읽기", "find": "2/3 찾기", "write": "3/3 가리기"}


class Command(FootageCommand):
    help = (
        "영상 하나에서 사람과 차량을 찾아 가린 H.264 MP4를 만듭니다. 원본은 바꾸지 않습니다. "
        "소리와 부가정보는 결과에 들어가지 않습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="IN", type=Path, help="원본 영상")
        parser.add_argument("target", metavar="OUT", type=Path, help="결과 (MP4)")
        parser.add_argument(
            "--detector",
            metavar="NAME",
            action="append",
            choices=list(DETECTORS),
            help=f"찾는 방법: {', '.join(DETECTORS)}. 여러 번 줄 수 있습니다. 없으면 모두.",
        )
        parser.add_argument(
            "--keep",
            metavar="TRACK",
            nargs="+",
            type=_track,
            action="extend",
            default=[],
            help="가리지 않을 자취의 번호",
        )
        parser.add_argument(
            "--cover", choices=STYLES, default="solid", help="단색(solid)이나 굵은 모자이크(mosaic)"
        )
        parser.add_argument(
            "--boxes", metavar="FILE", type=Path, help="장면마다 가린 곳을 쓸 파일 (JSON, 한 줄에 한 장)"
        )
        parser.add_argument("--recipe", metavar="FILE", type=Path, help="처리 기록을 쓸 파일 (JSON)")
        parser.add_argument(
            "--again", metavar="FILE", type=Path, help="이 처리 기록대로 다시 만듭니다. 찾지 않습니다."
        )

    def act(self, options: dict[str, Any]) -> int:
        source, target = options["source"], options["target"]
        began = time.monotonic()
        self._check_places(options)
        if options["again"] and (options["keep"] or options["detector"]):
            raise UnusableInput("--again은 처리 기록대로 만들므로 --keep, --detector와 함께 쓸 수 없습니다.")
        wishes = run.Wishes(
            detectors=[name for name in DETECTORS if name in (options["detector"] or DETECTORS)],
            keep=options["keep"],
            style=options["cover"],
            recipe=_text(options["again"]) if options["again"] else None,
        )
        result = run.redact(source, target, wishes, self._progress(options))
        if options["boxes"]:
            with run.replacing(options["boxes"]) as draft, draft.open("w", encoding="utf-8") as file:
                for number, boxes in enumerate(result.boxes()):
                    file.write(json.dumps({"frame": number, "boxes": boxes}) + "\n")
        if options["recipe"]:
            with run.replacing(options["recipe"]) as draft:
                draft.write_text(result.recipe, encoding="utf-8")
        self._report(result, time.monotonic() - began, options)
        return 0

    def _check_places(self, options: dict[str, Any]) -> None:
        """Each place is another: nothing that is read is written over."""
        source = options["source"]
        if not source.is_file():
            raise UnusableInput(f"없는 파일이거나 파일이 아닙니다: {source}")
        read = [path for path in (source, options["again"]) if path]
        written = [path for path in (options["target"], options["boxes"], options["recipe"]) if path]
        for place, path in enumerate(written):
            if not path.resolve().parent.is_dir():
                raise UnusableInput(f"없는 폴더입니다: {path.parent}")
            if path.is_dir():
                raise UnusableInput(f"파일이 아니라 폴더입니다: {path}")
            if path.exists() and not path.is_file():
                raise UnusableInput(f"보통 파일이 아니어서 바꾸지 않습니다: {path}")
            if any(_is_same(path, other) for other in [*read, *written[:place]]):
                raise UnusableInput(f"원본이나 다른 결과와 같은 파일입니다. 다른 이름을 주십시오: {path}")

    def _progress(self, options: dict[str, Any]) -> Any:
        if options["verbosity"] < 2:
            return None
        return lambda stage, frame, frames: self.say(
            f"{STAGES[stage]} {frame:,}" + (f"/{frames:,}장" if frames else "장")
        )

    def _report(self, result: run.Result, seconds: float, options: dict[str, Any]) -> None:
        for warning in result.warnings:
            self.say(f"주의: {warning}")
        if not result.is_same_build:
            self.say("주의: 처리 기록을 만든 판과 도구가 달라, 바이트까지 같지는 않을 수 있습니다.")
        for doubt in result.doubtful:
            track = f"자취 {doubt['track']}" if doubt["track"] else "화면 전체"
            self.say(f"확인할 곳: {doubt['at']:.1f}초, {track}: {REASONS[doubt['reason']]}")
        self.tell(
            {
                "frames": result.frames,
                "tracks": len(result.tracks),
                "doubtful": len(result.doubtful),
                "seconds": round(seconds, 3),
                "length": round(result.length, 3),
                "source_sha256": result.source_sha256,
                "sha256": result.sha256,
                "most_memory": result.most_memory,
                "warnings": result.warnings,
                "track_list": result.tracks,
                "doubtful_list": result.doubtful,
            },
            options,
            f"{result.frames:,}장을 {seconds:.1f}초에 처리했습니다. 자취 {len(result.tracks):,}개, "
            f"사람이 확인할 곳 {len(result.doubtful):,}군데. 확인하기 전에는 내보내지 마십시오.",
        )


def _track(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ArgumentTypeError(f"자취 번호가 아닙니다: {text}") from error


def _is_same(one: Path, other: Path) -> bool:
    if one.resolve() == other.resolve():
        return True
    return one.exists() and other.exists() and os.path.samefile(one, other)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInput(f"처리 기록을 읽을 수 없습니다: {path}") from error
