"""Static files of our own and of the npm packages, under names that change with their content."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackagedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Survives packages that name files which they do not ship.

    Some packages leave source maps and sources out of what they publish. Such a reference is a dead link for
    a developer's debugger, not a reason to refuse the whole collection, so it stays as it is written.
    A file that one of OUR templates or style sheets names and that is missing still fails.
    """

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Any:
        convert = super().url_converter(name, hashed_files, template)

        def convert_unless_missing(match: Any) -> str:
            try:
                return convert(match)
            except ValueError:
                if not name.startswith("vendor/"):
                    raise
                return match["matched"]

        return convert_unless_missing
