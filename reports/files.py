"""Opening issued files: only those that a row names, only below MEDIA, only as they were issued."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from reports.issue import digest
from reports.models import IssuedReport


class FileUnavailable(LookupError):
    """The file is missing or no longer what was issued; the message says which."""


def open_report(report: IssuedReport) -> BinaryIO:
    """The PDF of an issued report, checked against its digest."""
    if not report.is_issued:
        raise FileUnavailable("아직 발행되지 않은 보고서입니다.")
    return _open(str(report.file.name), report.sha256)


def open_volume(report: IssuedReport, number: int) -> BinaryIO:
    """One volume of its annex."""
    for volume in report.volumes:
        if volume["number"] == number:
            return _open(volume["path"], volume["sha256"])
    raise FileUnavailable(f"부록 {number}권은 이 보고서에 없습니다.")


def open_edition(report: IssuedReport, kind: str) -> BinaryIO:
    """What is for everybody: `public` or `summary`. Reports from before there were any have none."""
    for edition in report.editions:
        if edition["kind"] == kind:
            return _open(edition["path"], edition["sha256"])
    raise FileUnavailable("이 보고서에는 그 공개판이 없습니다.")


def download_name(report: IssuedReport, number: int | None = None) -> str:
    """The name a person saves it under."""
    stem = f"committee-{report.period}-v{report.version}"
    return f"{stem}.pdf" if number is None else f"{stem}-annex-{number}.pdf"


def _open(name: str, sha256: str) -> BinaryIO:
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise FileUnavailable("보존된 파일을 찾을 수 없습니다.")
    if digest(path) != sha256:
        raise FileUnavailable("보존된 파일이 발행 때와 다릅니다. 발행 때의 SHA-256과 일치하지 않습니다.")
    return path.open("rb")
