"""Which sign a photograph shows: the code's address is ours, and its number is in the register.

*Readable* means that a code of ours was read. The site is None unless the register knows the number, and where the
photograph shows the signs of two sites: which of them was meant, nobody can tell, unless one is that of the place at
which the photograph is said to have been taken.
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from cameras.models import Site
from cameras.signs import reading
from cameras.signs.reading import Gray

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Recognised:
    """`number` is what the code says, `site` the place in the register, `reason` a sentence for people."""

    is_readable: bool
    reason: str
    number: str = ""
    site: Site | None = None


def recognise(picture: Gray, *, place: Site | None = None) -> Recognised:
    """Read the picture and look the number up; `place` is where it is said to have been taken."""
    found = reading.read(picture, lambda text: number_in(text) is not None)
    numbers = list(dict.fromkeys(filter(None, map(number_in, found.texts))))
    if not numbers:
        return Recognised(False, _why_unreadable(found))
    if place is not None and place.number in numbers:
        return _looked_up(place.number)
    if len(numbers) > 1:
        shown = ", ".join(numbers)
        return Recognised(
            True, f"여러 곳의 안내판이 함께 찍혔습니다({shown}). 하나만 보이게 다시 찍으십시오.", numbers[0]
        )
    return _looked_up(numbers[0])


def _looked_up(number: str) -> Recognised:
    site = Site.objects.select_related("institution").filter(number=number).first()
    if site is None:
        return Recognised(True, f"QR 코드의 관리번호 {number!r}는 대장에 없습니다.", number)
    return Recognised(True, f"{site.number} 안내판의 QR 코드를 읽었습니다.", number, site)


def number_in(text: str) -> str | None:
    """The site's number in the address of a code of ours; None for any other text.

    Host and path must be those of PUBLIC_URL; http and https are alike, since an office moves to https once.
    """
    ours, theirs = urlsplit(settings.PUBLIC_URL), _split(text)
    if theirs is None or theirs.scheme not in _DEFAULT_PORTS:
        return None
    if _host(ours) != _host(theirs):
        return None
    prefix = f"{ours.path.rstrip('/')}/s/"
    if not theirs.path.startswith(prefix):
        return None
    return _number(theirs.path.removeprefix(prefix))


def _number(path: str) -> str | None:
    try:
        number = unquote(path.rstrip("/"), errors="strict")
    except UnicodeDecodeError:
        return None
    return number if number and "\0" not in number else None


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text.strip())
        parts.port  # noqa: B018 - a port that is no number is found out here
    except ValueError:
        return None
    return parts


def _host(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    # The default ports stand for each other as their schemes do.
    return (parts.hostname or "").lower(), None if port in _DEFAULT_PORTS.values() else port


def _why_unreadable(found: reading.Reading) -> str:
    for text in found.texts:
        parts = _split(text)
        if parts is not None and parts.scheme in _DEFAULT_PORTS and parts.path.startswith("/s/"):
            return f"다른 누리집({parts.hostname})의 안내판입니다. 이 시스템의 주소는 {settings.PUBLIC_URL}입니다."
    if found.texts:
        return "사진의 QR 코드는 안내판의 것이 아닙니다. 안내판의 QR 코드가 보이게 다시 찍으십시오."
    if found.found:
        return "QR 코드가 있으나 읽을 수 없습니다. 더 가까이에서, 흔들리지 않게 다시 찍으십시오."
    return "사진에서 QR 코드를 찾지 못했습니다. 안내판이 화면에 차도록 가까이에서 다시 찍으십시오."
