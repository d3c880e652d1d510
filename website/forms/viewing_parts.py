"""Where and when, as somebody types it: the places and times of one request.

The first one is of the site at which the form was opened, or of a place that is named. Each further one has fields of its
own, with the number in front (`p2_where`, `p2_from_at`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cameras.models import Site
from cameras.whereabouts import register
from cameras.whereabouts.gazetteer import Gazetteer
from records.viewing import asked, limits, named_places
from records.viewing.asked import AskedSite, Part
from records.viewing.named_places import Named
from website import site_page
from website.forms import moments
from website.forms.moments import LengthField, MomentField, MomentWidget
from website.places import public_sites

FIRST = 1
USUAL_RADIUS = 100
MAX_WORDS = 100


def moment(label: Any, help_text: Any = "", *, offers_days: bool = False) -> MomentField:
    return MomentField(label=label, help_text=help_text, widget=MomentWidget(offers_days=offers_days))


def prefix_of(number: int) -> str:
    return "" if number == FIRST else f"p{number}_"


def usual_radius() -> int:
    return min(USUAL_RADIUS, asked.longest_radius())


def place_fields(number: int) -> dict[str, forms.Field]:
    """Words and, for who does not know the camera, a radius in metres."""
    prefix = prefix_of(number)
    return {
        f"{prefix}where": forms.CharField(
            label=_("어디인가요?"),
            max_length=MAX_WORDS,
            help_text=_(
                "주소, 역이나 건물 이름. 안내판의 관리번호나 카메라 번호를 적으면 그 카메라만 청구합니다."
            ),
        ),
        f"{prefix}radius": forms.IntegerField(
            label=_("둘레 (m)"),
            min_value=1,
            max_value=asked.longest_radius(),
            initial=usual_radius(),
            help_text=_("주소나 이름을 적으면 이 거리 안의 카메라 모두를 청구합니다."),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": "6"}),
        ),
    }


def time_fields(number: int) -> dict[str, forms.Field]:
    prefix = prefix_of(number)
    return {
        f"{prefix}from_at": moment(
            _("언제부터인가요?"),
            _("되도록 좁혀 적어 주십시오. 한국 시각입니다. 18:00, 1800, 오후 6시처럼 적습니다."),
            offers_days=True,
        ),
        f"{prefix}length": LengthField(
            label=_("얼마 동안인가요?"), help_text=_("20분, 1시간 30분처럼 적습니다. 숫자만 적으면 분입니다.")
        ),
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """One place and time as far as they were understood; for the list and for the answers to check."""

    number: int
    place: str
    when: str
    # What should be known before it is sent: the time lies behind the period, the cameras were gone.
    hint: str = ""

    @property
    def code(self) -> str:
        """As it stands in an address."""
        return str(self.number)


class NamesParts(forms.Form):
    """The fields of each place and time become one part of the request."""

    # Where more than one place may be meant: words with their label, by field.
    choices: dict[str, tuple[tuple[str, str], ...]]
    site: Site | None
    numbers: tuple[int, ...]
    parts: list[Part]
    asked: list[Asked]

    @cached_property
    def known_places(self) -> Gazetteer:
        """All places of the district: read once for all parts."""
        return register.known_places(public_sites())

    def take_parts(self, given: Mapping[str, Any]) -> None:
        self.choices, self.parts, self.asked = {}, [], []
        for number in self.numbers:
            self._take(number, prefix_of(number), given)

    def _take(self, number: int, prefix: str, given: Mapping[str, Any]) -> None:
        site = self.site if number == FIRST else None
        named = Named(site=site) if site else self._named(f"{prefix}where", given)
        span = self._span(prefix, given)
        words, radius = given.get(f"{prefix}where", ""), given.get(f"{prefix}radius") or 0
        place = _place_in_words(named, words, radius)
        part = None
        if named is not None and span is not None and (named.position is None or radius):
            chosen = list(given.get("cameras") or ())
            part = AskedSite(site, *span, chosen) if site else named.part(words, radius, *span)
        hint = asked.hint(part, timezone.now()) if part else ""
        self.asked.append(Asked(number, place, moments.in_words(*span) if span else "", hint))
        if part:
            self.parts.append(part)

    def _named(self, name: str, given: Mapping[str, Any]) -> Named | None:
        words = given.get(name)
        if not words:
            return None
        named = named_places.find(words, lambda: self.known_places)
        if named.site is not None and site_page.asked_place(named.site.number) is None:
            self.add_error(name, gettext("카메라가 촬영한 적이 없는 곳입니다."))
            return None
        if named.site is None and named.position is None:
            self.choices[name] = named.choices
            self.add_error(name, _unclear(bool(named.choices)))
            return None
        return named

    def _span(self, prefix: str, given: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
        from_at: datetime | None = given.get(f"{prefix}from_at")
        length: timedelta | None = given.get(f"{prefix}length")
        if from_at is None or length is None:
            return None
        try:
            until_at = from_at + length
            wrong = limits.problems(from_at, until_at, timezone.now())
        except OverflowError:
            wrong = {"from_at": gettext("촬영된 때를 확인하여 주십시오.")}
        for name, words in wrong.items():
            is_of_end = name == "until_at" and from_at <= timezone.now()
            self.add_error(f"{prefix}{'length' if is_of_end else 'from_at'}", words)
        return None if wrong else (from_at, until_at)

    @property
    def picks(self) -> list[tuple[str, str]]:
        """The values and labels of the buttons for what may have been meant."""
        found = getattr(self, "choices", {}).items()
        return [(f"{name}|{words}", label) for name, choices in found for words, label in choices]

    @property
    def has_buttons(self) -> bool:
        """Besides the one that goes on."""
        return bool(self.picks) or any(isinstance(field, MomentField) for field in self.fields.values())


def _unclear(has_choices: bool) -> str:
    if has_choices:
        return gettext("한 곳으로 정해지지 않습니다. 아래에서 고르거나 더 자세히 적어 주십시오.")
    return gettext("어디인지 찾지 못했습니다. 도로명과 건물번호나 가까운 역·건물을 적어 주십시오.")


def _place_in_words(named: Named | None, words: str, radius: int) -> str:
    if named is None:
        return ""
    if named.site is None:
        return gettext("%(place)s, 둘레 %(metres)s m") % {"place": words, "metres": radius} if radius else ""
    place = site_page.asked_place(named.site.number)
    name = place.name if place else named.site.number
    number = named.camera.number if named.camera else named.site.number
    if named.camera and named.camera.is_sign_exempt:
        return number  # where it stands is told of none that is exempt
    return name if name == number else f"{name} ({number})"
