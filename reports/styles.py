"""The style sheets of documents, with the installed fonts named in them."""

from functools import cache
from pathlib import Path

from django.conf import settings

from reports import fonts


def sheet(*names: str) -> str:
    """The named sheets of templates/reports, in order, after the shared one."""
    text = "\n".join(_source(name) for name in ("document.css", *names))
    return text.replace("FAMILIES", fonts.family_list()).replace("MONO", fonts.mono_family_list())


@cache
def _source(name: str) -> str:
    return (Path(settings.BASE_DIR) / "templates" / "reports" / name).read_text("utf-8")
