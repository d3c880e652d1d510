"""Where the fonts of this machine lie."""

import functools
import subprocess


@functools.cache
def font_file(family: str) -> str | None:
    """The file of an installed family; None when fontconfig would give another family instead."""
    found = subprocess.run(  # noqa: S603 - a fixed program of the system, found by PATH
        ["fc-match", "--format=%{family}\t%{file}", family],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    families, _, path = found.stdout.partition("\t")
    return path if family in families.split(",") else None
