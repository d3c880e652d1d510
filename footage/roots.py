"""Where a recorder's folder may lie.

Whoever may register a storage decides what is listed and destroyed. So the machine's operator says in the environment
below which folders that may be (`STORAGE_ROOTS`), and some places are never a recorder's: the system's own folders, this
program's, and the folder that holds its database and keys (but for the sample's recorder).
"""

import os

from django.conf import settings

SYSTEM_FOLDERS = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/backups",
    "/var/cache",
    "/var/lib/dpkg",
    "/var/lib/postgresql",
    "/var/lib/systemd",
    "/var/log",
    "/var/mail",
    "/var/spool",
)
# The recorder of the sample district, below DATA_DIR.
SAMPLE = "sample/recorder"
# Disks that are plugged in, and memory used as a disk.
NOT_SYSTEM = ("/run/media", "/dev/shm")  # noqa: S108 - a place to allow, not to write


def refusal(real: str) -> str:
    """Why a real path may not be a storage's root, or nothing."""
    if real == "/":
        return "'/'는 저장소로 등록할 수 없습니다."
    data = str(settings.DATA_DIR)
    if is_inside(real, f"{data}/{SAMPLE}"):
        return ""
    if is_inside(data, real) or is_inside(real, data):
        return f"이 시스템의 자료(데이터베이스, 열쇠)가 든 폴더는 등록할 수 없습니다: {real}"
    program = str(settings.BASE_DIR)
    if is_inside(program, real) or is_inside(real, program):
        return f"이 시스템의 프로그램이 든 폴더는 등록할 수 없습니다: {real}"
    if not any(is_inside(real, folder) for folder in NOT_SYSTEM) and any(
        is_inside(real, folder) or is_inside(folder, real) for folder in SYSTEM_FOLDERS
    ):
        return f"운영체제의 폴더는 등록할 수 없습니다: {real}"
    allowed = settings.STORAGE_ROOTS
    if allowed is not None and not any(is_inside(real, os.path.realpath(root)) for root in allowed):
        return f"운영자가 허용한 폴더(STORAGE_ROOTS) 아래가 아닙니다: {real}"
    return ""


def is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
