"""Where a duty is met: the address of a rule's screen, with what is known about the cameras filled in."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from cameras import paper_contents
from cameras.models import Camera, InstallationProject

# Longer lists are pasted on the screen itself.
MOST_NUMBERS = 100
# Screens that take the cameras from their address (`portal.camera_selection`).
WITH_CAMERAS = frozenset({"papers:file", "lifecycle:act"})


def url_of(
    url_name: str, project: InstallationProject | None, numbers: Sequence[str] = (), *, rule: str = ""
) -> str:
    """Empty where there is no screen for it in this installation. `rule` chooses the kind of paper."""
    if not url_name:
        return ""
    try:
        if url_name == "cameras:edit":
            return _edit(numbers)
        url = reverse(url_name)
    except NoReverseMatch:
        return ""
    if url_name not in WITH_CAMERAS:
        return url
    given: dict[str, object] = {}
    if kinds := [kind for kind, asked in paper_contents.KINDS.items() if asked.rule == rule]:
        given["kind"] = kinds[0]
    if project is not None:
        given["project"] = project.pk
    elif numbers:
        given["numbers"] = " ".join(numbers[:MOST_NUMBERS])
    return f"{url}?{urlencode(given)}" if given else url


def _edit(numbers: Sequence[str]) -> str:
    if len(numbers) != 1:
        return ""
    camera = Camera.objects.filter(number=numbers[0]).values_list("pk", flat=True).first()
    return reverse("cameras:edit", args=[camera]) if camera else ""
