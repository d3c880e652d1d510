"""기재사항: what the sign of a site says, from the register, with the provision that asks for each line.

Two layers ask: the ordinance (art. 9) and national law (PIPA art. 25(4), Decree art. 26(2), Guideline art. 39); the
sign carries what either wants. Cameras that differ in purpose, range or hours stand in groups.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from accounts.designations import responsible_on
from accounts.models import Department, Institution, Officer
from accounts.roles import Role
from cameras import entrustment
from cameras.entrustment import Entrustment
from cameras.enums import STANDING, InstallPurpose, LinkStatus
from cameras.models import Camera, Site
from cameras.signs import english
from ordinance import grounds, parameters
from ordinance.models import SignContent

# An item that says more covers one that says less: a name and contact is also a contact.
COVERS = {
    "manager_name_and_contact": ("manager_and_contact", "manager_contact"),
    "manager_and_contact": ("manager_contact",),
}
# The register names no range and no direction: the sign says the least that is true, and lacks the item.
RANGE_UNKNOWN = "설치장소 주변"


NOT_STORED_ON_SIGN = "영상을 저장하지 않고 통계만 냄"

# Not a line of the law, but missing all the same: the address in the QR code cannot be reached from the street.
ADDRESS = "public_address"
ADDRESS_WARNING = (
    "누리집 주소(PUBLIC_URL)가 설정되지 않아 QR 코드가 이 컴퓨터({address})를 가리킵니다. "
    "이대로 인쇄하면 주민이 열 수 없습니다."
)


class NothingToSay(ValueError):
    """No sign can be made for the site; the message says why."""


@dataclass(frozen=True)
class Manager:
    """관리책임자 of an institution's signs: a post and its telephone, and the name where the law of the day asks.

    Where neither department nor institution has a telephone on record, the cameras' own (관리기관전화번호) stands there.
    """

    title: str
    phone: str
    name: str = ""
    is_cameras_phone: bool = False


@dataclass(frozen=True)
class Group:
    """Cameras of the site that have purpose, range and hours in common. `ordinals` are their running numbers."""

    purpose: str
    purpose_label: str
    detail: str
    range: str
    hours: str
    ordinals: tuple[int, ...]
    # 운영시간 외 활용목적 (ordinance art. 14(2)), and the hours beyond which it holds.
    after_hours: str = ""
    operating_hours: str = ""
    # What is known of the range in English.
    english_range: str = ""


@dataclass(frozen=True)
class Entrusted:
    """수탁자 of some of the cameras."""

    name: str
    phone: str
    ordinals: tuple[int, ...]
    # 위탁 업무; signs that were made before it was told have none.
    work: str = ""


@dataclass(frozen=True)
class Required:
    """One line that the sign must carry, and who asks for it."""

    code: str
    label: str
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """Everything that a sign says. `missing` are codes of required lines for which the register has no value."""

    site: str
    address: str
    public_address: str
    office: str
    manager: Manager
    groups: tuple[Group, ...]
    contractors: tuple[Entrusted, ...]
    integrated: str
    required: tuple[Required, ...]
    missing: tuple[str, ...]
    cameras: tuple[int, ...]
    english_address: str = ""
    english_integrated: str = ""

    @property
    def codes(self) -> list[str]:
        """Codes of `SignContent` that the sign covers, those that another covers included."""
        shown = [item.code for item in self.required if item.code not in self.missing]
        return list(dict.fromkeys([*shown, *(lesser for code in shown for lesser in COVERS.get(code, ()))]))

    @cached_property
    def frozen(self) -> dict[str, Any]:
        """As it is stored with the sign, and read back by `thaw`."""
        return {**asdict(self), "codes": self.codes}

    @property
    def texts(self) -> list[str]:
        """Every text that the sign may print."""
        return list(_texts(self.frozen))

    @cached_property
    def digest(self) -> str:
        """The same for the same sign: two signs with one digest can hang in each other's place."""
        return digest_of(self.frozen)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def thaw(frozen: Mapping[str, Any]) -> Contents:
    """The contents of a sign that was made earlier, for printing it again as it was."""
    groups = (Group(**{**group, "ordinals": tuple(group["ordinals"])}) for group in frozen["groups"])
    contractors = (Entrusted(**{**one, "ordinals": tuple(one["ordinals"])}) for one in frozen["contractors"])
    required = (Required(**{**one, "citations": tuple(one["citations"])}) for one in frozen["required"])
    plain = {key: frozen[key] for key in ("site", "address", "public_address", "office", "integrated")}
    # Signs that were made before this was told say nothing of it.
    plain |= {key: frozen.get(key, "") for key in ("english_address", "english_integrated")}
    return Contents(
        **plain,
        manager=Manager(**frozen["manager"]),
        groups=tuple(groups),
        contractors=tuple(contractors),
        required=tuple(required),
        missing=tuple(frozen["missing"]),
        cameras=tuple(frozen["cameras"]),
    )


def digest_of(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def public_address(site: Site) -> str:
    """The page of the site that the QR code leads to; a number in Korean or with signs is percent-encoded."""
    return f"{settings.PUBLIC_URL}/s/{quote(site.number, safe='')}/"


def leads_nowhere() -> bool:
    """PUBLIC_URL names this machine, not an address that a citizen can open."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return not host or host in ("localhost", "0.0.0.0") or host.startswith("127.") or host == "::1"  # noqa: S104


def address_warning() -> str:
    """What to tell whoever makes a sign whose code leads nowhere; empty where it leads to the site."""
    return ADDRESS_WARNING.format(address=settings.PUBLIC_URL) if leads_nowhere() else ""


def named_cameras() -> "QuerySet[Camera]":
    """Cameras that a sign names: all that stand there, but those exempt for security.

    One that is planned, even approved, may never be put up: the sign would name a camera that does not exist.
    """
    cameras: QuerySet[Camera] = Camera.objects.standing().filter(is_sign_exempt=False).order_by("ordinal")
    return cameras


def with_named_cameras(sites: "QuerySet[Site]") -> "QuerySet[Site]":
    """The sites with the cameras that `Law.contents` reads, in three queries however many there are."""
    return sites.select_related("institution").prefetch_related(
        Prefetch("cameras", queryset=named_cameras(), to_attr="named")
    )


class Law:
    """What signs must say on one day, read once for any number of sites."""

    def __init__(self, on: dt.date | None = None, profile: str | None = None) -> None:
        self.on = on or timezone.localdate()
        self.profile = parameters.active_profile() if profile is None else profile
        self.integrated_text = self._text("sign_integrated_text")
        self.english_integrated_text = self._text("sign_integrated_text_english")
        self._required: dict[tuple[bool, bool], tuple[Required, ...]] = {}
        self._managers: dict[int, Manager] = {}
        self.entrustment = Entrustment(self.on)
        self._entrusted: dict[int, tuple[entrustment.Entrusted, ...]] = {}

    def _text(self, code: str) -> str:
        return str(parameters.value(code, self.on, self.profile).value).strip()

    def required(self, *, is_entrusted: bool, is_integrated: bool) -> tuple[Required, ...]:
        """Both layers, national law first; a line that both ask for stands once, with both citations."""
        key = (is_entrusted, is_integrated)
        if key not in self._required:
            national = grounds.sign_contents(self.on, is_entrusted=is_entrusted, is_integrated=is_integrated)
            local = grounds.sign_contents(
                self.on, self.profile, is_entrusted=is_entrusted, is_integrated=is_integrated
            )
            self._required[key] = _merge([*national, *(local if self.profile else ())])
        return self._required[key]

    def manager(self, institution: Institution) -> Manager:
        """The responsible department (ordinance art. 4), or the institution itself where none is designated."""
        if institution.pk not in self._managers:
            department = responsible_on(self.on, institution)
            wants_name = any(
                item.code == "manager_name_and_contact"
                for item in self.required(is_entrusted=False, is_integrated=False)
            )
            self._managers[institution.pk] = Manager(
                title=department.name if department else institution.name,
                phone=(department.phone if department else "") or institution.phone,
                name=_manager_name(department) if wants_name else "",
            )
        return self._managers[institution.pk]

    def shared_digest(self, institution: Institution, *, is_integrated: bool) -> str:
        """Of what every sign of the institution says alike; compared in SQL with `Sign.shared_digest`."""
        return digest_of([asdict(self.manager(institution)), self.integrated_text if is_integrated else ""])

    def look_up_contractors(self, cameras: Iterable[Camera]) -> None:
        """Of the cameras of many sites at once, so that `contents` need not ask for each."""
        self._entrusted |= self.entrustment.of(cameras)

    def entrusted(self, cameras: Sequence[Camera]) -> dict[int, tuple[entrustment.Entrusted, ...]]:
        unknown = [camera for camera in cameras if camera.pk not in self._entrusted]
        if unknown:
            self.look_up_contractors(unknown)
        return {camera.pk: self._entrusted[camera.pk] for camera in cameras}

    def contents(self, site: Site) -> Contents:
        """What the sign of a site from `with_named_cameras` says; raises `NothingToSay`."""
        cameras: list[Camera] = site.named  # type: ignore[attr-defined]
        if not cameras:
            raise NothingToSay(_why_nothing(site))
        is_integrated = any(is_integrated_camera(camera) for camera in cameras)
        contractors = _contractors(cameras, self.entrusted(cameras))
        required = self.required(is_entrusted=bool(contractors), is_integrated=is_integrated)
        manager = self.manager(site.institution)
        if not manager.phone:
            manager = Manager(manager.title, own_phone(cameras), manager.name, is_cameras_phone=True)
        return Contents(
            site=site.number,
            address=site.address,
            public_address=public_address(site),
            office=site.institution.name,
            manager=manager,
            groups=_groups(cameras),
            contractors=contractors,
            integrated=self.integrated_text if is_integrated else "",
            required=required,
            missing=tuple(_missing(required, site, cameras, contractors, manager)),
            cameras=tuple(camera.ordinal for camera in cameras),
            english_address=site.english_address,
            english_integrated=self.english_integrated_text if is_integrated else "",
        )


def is_integrated_camera(camera: Camera) -> bool:
    """Linked to the control centre, where cameras of several purposes are managed together (Guideline 39(3))."""
    return camera.link_status == LinkStatus.LINKED


def own_phone(cameras: Sequence[Camera]) -> str:
    """관리기관전화번호 of the dataset, for a site whose institution has no telephone on record."""
    return next((camera.phone for camera in cameras if camera.phone), "")


def range_in_words(direction: str, extent: str) -> str:
    """촬영범위 with 촬영방면정보 of the dataset, whichever are on record."""
    return ", ".join(dict.fromkeys(text for text in (direction, extent) if text))


def filming_range(camera: Camera) -> str:
    return range_in_words(camera.filming_direction, camera.filming_range)


def detail_of(camera: Camera) -> str:
    """설치목적 상세, and that nothing is stored where the ground holds only then (PIPA art. 25(1) item 6)."""
    told = (camera.purpose_detail, NOT_STORED_ON_SIGN if camera.stores_nothing else "")
    return ", ".join(text for text in told if text)


def _merge(items: Iterable[SignContent]) -> tuple[Required, ...]:
    """Lines in the order of the layers; a lesser line joins the greater one that covers it."""
    labels: dict[str, str] = {}
    citations: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        labels.setdefault(item.code, item.label)
        citations[item.code].append(item.citation)
    return tuple(Required(code, labels[code], tuple(citations[code])) for code in labels)


def _manager_name(department: Department | None) -> str:
    if department is None:
        return ""
    officer = Officer.objects.active().filter(department=department, groups__name=Role.CCTV_MANAGER.label)
    found = officer.order_by("pk").first()
    return found.get_full_name() if found else ""


def _why_nothing(site: Site) -> str:
    if site.cameras.filter(state__in=STANDING).exists():
        return f"{site.number}: 안내판을 설치하지 않는 시설입니다(개인정보 보호법 제25조제4항 단서)."
    return f"{site.number}: 안내판에 적을 카메라가 없습니다(설치된 카메라가 없거나 모두 철거되었습니다)."


def _groups(cameras: Sequence[Camera]) -> tuple[Group, ...]:
    found: dict[tuple[str, ...], list[int]] = {}
    for camera in cameras:
        key = (
            camera.install_purpose,
            detail_of(camera),
            filming_range(camera) or RANGE_UNKNOWN,
            camera.filming_hours,
            camera.after_hours_purpose,
            camera.operating_hours if camera.after_hours_purpose else "",
        )
        found.setdefault(key, []).append(camera.ordinal)
    return tuple(
        Group(
            purpose,
            str(InstallPurpose(purpose).label),
            detail,
            range_,
            hours,
            tuple(ordinals),
            after_hours,
            operating_hours,
            english.of_range(range_),
        )
        for (purpose, detail, range_, hours, after_hours, operating_hours), ordinals in found.items()
    )


def _contractors(
    cameras: Sequence[Camera], by_camera: Mapping[int, tuple[entrustment.Entrusted, ...]]
) -> tuple[Entrusted, ...]:
    """Everybody who is entrusted with one of the cameras, by name."""
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for camera in cameras:
        for one in by_camera[camera.pk]:
            found[one.name, one.phone, one.work].append(camera.ordinal)
    return tuple(
        Entrusted(name, phone, tuple(ordinals), work)
        for (name, phone, work), ordinals in sorted(found.items())
    )


def _missing(
    required: Iterable[Required],
    site: Site,
    cameras: Sequence[Camera],
    contractors: Sequence[Entrusted],
    manager: Manager,
) -> Iterable[str]:
    """Required lines that the register cannot fill."""
    has_range = all(filming_range(camera) and camera.filming_hours for camera in cameras)
    has_value = {
        "purpose_and_place": bool(site.address),
        "range_and_time": has_range,
        "manager_name_and_contact": bool(manager.name and manager.phone),
        "manager_and_contact": bool(manager.title and manager.phone),
        "manager_contact": bool(manager.phone),
        "contractor": all(one.phone for one in contractors),
    }
    return [item.code for item in required if not has_value.get(item.code, True)]
