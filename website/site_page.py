"""What the page of one site tells (ordinance art. 9, PIPA art. 25): cameras, who answers for them, why they may film.

A number of queries that does not depend on how many cameras the site has. Only `public()` cameras are told of, and of
planned ones no more than the running consultation about them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext

from cameras import sign_reports
from cameras.consultation import phase
from cameras.entrustment import Entrusted, Entrustment
from cameras.enums import CameraState, PaperKind
from cameras.models import Camera, Paper, PaperCamera, PublicConsultation, SignReport, Site
from cameras.whereabouts.words import bare_number
from committee.models import Resolution, ResolutionCamera
from ordinance.models import Article, Law
from ordinance.parameters import active_profile
from website import site_history
from website.figures import public_cameras
from website.site_history import SiteHistory

PURPOSE_ARTICLE = 6
FIGURES = frozenset("0123456789-")
QR_ADDRESS = re.compile(r"/s/([^?#]+?)/?(?:[?#].*)?$")
NOT_YET_STANDING = (
    CameraState.PLANNED,
    CameraState.CONSULTED,
    CameraState.DELIBERATED,
    CameraState.APPROVED,
    CameraState.INSTALLED,
)
# What the page tells of a camera itself.
TOLD = (
    "install_purpose",
    "purpose_detail",
    "filming_range",
    "filming_direction",
    "filming_hours",
    "operating_hours",
    "after_hours_purpose",
    "retention_days",
    "pipa25_ground",
    "special_law_basis",
)
DECIDED_BY = {PaperKind.PUBLIC_CONSULTATION: "consultation", PaperKind.RESOLUTION: "resolution"}


@dataclass(frozen=True, slots=True)
class Proof:
    """When something was done, and where it can be read: an empty address where there is no page."""

    on: date
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """Cameras of the site of which all that is told is the same; `camera` is the first of them."""

    camera: Camera
    numbers: list[str]
    # With the cameras that each looks after, where it is not all of them.
    contractors: dict[Entrusted, list[str]]
    consultation: Proof | None
    resolution: Proof | None


@dataclass(frozen=True, slots=True)
class SitePage:
    site: Site
    camera_count: int
    groups: list[CameraFacts]
    # Running consultations about cameras that are planned here.
    consultations: list[PublicConsultation]
    ordinance_url: str
    law_url: str
    # What filmed here and does not now: paused or removed, with how long footage of it can be left.
    former: list["FormerCamera"]
    # A camera of which nothing may be told (PIPA art. 25(4) proviso) films or filmed here.
    has_exempt: bool
    can_be_asked: bool
    # Reports about the sign, each with the day by which it is to be seen to.
    reports: list[tuple[SignReport, date]]
    # None where no camera may be told of.
    history: SiteHistory | None
    # Address and position are public.
    is_told: bool


@dataclass(frozen=True, slots=True)
class FormerCamera:
    """`kept_until`: the last day on which footage of a removed camera can still be there, holds apart."""

    camera: Camera
    number: str
    state: str
    # It stands, and has never operated.
    is_coming: bool
    retention_days: int
    removed_on: date | None
    kept_until: date | None
    stores_nothing: bool

    @property
    def is_over(self) -> bool:
        return self.kept_until is not None and self.kept_until < timezone.localdate()

    @property
    def may_be_left(self) -> bool:
        """Footage within its period, that has yet to be destroyed."""
        return not (self.is_over or self.is_coming or self.stores_nothing)


def of_number(number: str) -> SitePage | None:
    """The page of a site; None when the number is unknown, or no camera ever filmed there and none is being planned.

    The sign's QR code leads here, so every place that ever had a sign has its page, whatever became of it.
    """
    site = Site.objects.filter(number=number).select_related("institution").first()
    if site is None:
        return None
    cameras = list(public_cameras().filter(site=site).select_related("site").order_by("ordinal"))
    consultations = _running_about(site)
    filmed = list(Camera.objects.that_filmed_at(site))
    told = [camera for camera in filmed if not camera.is_sign_exempt]
    # Of an exempt place nothing is told, not even that it is one, unless a sign once said so.
    if not told and not consultations and not (filmed and site.signs.exists()):
        return None
    standing = [camera for camera in told if camera.site_id == site.pk]
    known = {camera.pk for camera in cameras}
    former = [_former(camera, site) for camera in told if camera.pk not in known]
    proofs = _Proofs(cameras)
    article = Article.objects.in_force(timezone.localdate(), active_profile()).filter(number=PURPOSE_ARTICLE)
    return SitePage(
        site=site,
        camera_count=len(cameras),
        groups=_grouped(cameras, proofs),
        consultations=consultations,
        ordinance_url=article.values_list("source_url", flat=True).first() or "",
        law_url=Law.objects.filter(code="pipa").values_list("source_url", flat=True).first() or "",
        former=former,
        is_told=bool(told or consultations),
        has_exempt=any(camera.is_sign_exempt for camera in filmed),
        can_be_asked=bool(filmed),
        reports=[
            (report, sign_reports.due_on(report)) for report in sign_reports.told_of(site, timezone.now())
        ]
        if told
        else [],
        history=site_history.of(
            site, standing, [*cameras, *(each.camera for each in former if each.may_be_left)]
        )
        if standing
        else None,
    )


def number_of_an_address(words: str) -> str:
    """Of a place that has a page, out of the address that a sign's QR code holds, pasted as a whole; else empty."""
    found = QR_ADDRESS.search(words.strip())
    number = unquote(found[1]) if found else ""
    return number if number and "\x00" not in number and of_number(number) is not None else ""


def number_of_a_sign(words: str) -> str:
    """The number of a place that has a page, out of the number on its sign or of one of its cameras; else empty."""
    typed = bare_number(words)
    if not typed:
        return ""
    of_camera = Camera.objects.filter(number=typed).values_list("site__number", flat=True)
    numbers = [typed, *of_camera]
    if set(typed) <= FIGURES:
        # 2026-3150-…: in groups, as people read them out.
        numbers.append(typed.replace("-", ""))
    for number in Site.objects.filter(number__in=numbers).values_list("number", flat=True):
        if of_number(number) is not None:
            return str(number)
    return ""


def _former(camera: Camera, site: Site) -> FormerCamera:
    has_moved = camera.site_id != site.pk
    removed_on = camera.removed_on if camera.state == CameraState.REMOVED else None
    return FormerCamera(
        camera,
        "" if has_moved else camera.number,
        gettext("다른 곳으로 옮김") if has_moved else gettext(camera.get_state_display()),
        camera.state == CameraState.INSTALLED and camera.installation == 1,
        camera.retention_days,
        removed_on,
        removed_on + timedelta(days=camera.retention_days) if removed_on else None,
        camera.stores_nothing,
    )


def _running_about(site: Site) -> list[PublicConsultation]:
    planned = Camera.objects.filter(site=site, state__in=NOT_YET_STANDING, is_sign_exempt=False)
    running = phase.running(timezone.now())
    return list(running.filter(project__in=planned.order_by().values("project")).order_by("closes_at", "pk"))


def consultation_url(consultation: PublicConsultation) -> str:
    try:
        return reverse("website_consultation", args=[consultation.number])
    except NoReverseMatch:
        return ""


def _grouped(cameras: list[Camera], proofs: "_Proofs") -> list[CameraFacts]:
    """In the order of the cameras; a pole with five like cameras is told of once."""
    groups: dict[Any, CameraFacts] = {}
    entrusted = Entrustment(timezone.localdate()).of(cameras)
    for camera in cameras:
        consultation, resolution = proofs.last("consultation", camera), proofs.last("resolution", camera)
        told = (*(getattr(camera, name) for name in TOLD), consultation, resolution)
        facts = groups.setdefault(told, CameraFacts(camera, [], {}, consultation, resolution))
        facts.numbers.append(camera.number)
        for one in entrusted[camera.pk]:
            facts.contractors.setdefault(one, []).append(camera.number)
    return list(groups.values())


class _Proofs:
    """The last consultation and resolution of each camera in its present installation (Guideline art. 38)."""

    def __init__(self, cameras: list[Camera]) -> None:
        self.cameras = cameras
        self.installations = {camera.pk: camera.installation for camera in cameras}
        self.projects = {camera.project_id for camera in cameras if camera.project_id}
        self.by_camera: dict[tuple[str, int], Proof] = {}
        self.by_project: dict[tuple[str, int], Proof] = {}
        self._read_papers()
        self._read_consultations(timezone.now())
        self._read_resolutions()

    def last(self, kind: str, camera: Camera) -> Proof | None:
        found = [self.by_camera.get((kind, camera.pk)), self.by_project.get((kind, camera.project_id or 0))]
        return max((proof for proof in found if proof), key=lambda proof: proof.on, default=None)

    def _read_papers(self) -> None:
        papers = Paper.objects.filter(kind__in=DECIDED_BY, withdrawn_at__isnull=True)
        lines = PaperCamera.objects.filter(paper__in=papers, camera__in=self.installations)
        for line in lines.select_related("paper"):
            if line.installation == self.installations[line.camera_id]:
                self._keep(self.by_camera, line.camera_id, line.paper)
        for paper in papers.filter(project__in=self.projects):
            self._keep(self.by_project, paper.project_id or 0, paper)

    def _keep(self, proofs: dict[tuple[str, int], Proof], key: int, paper: Paper) -> None:
        _keep_last(proofs, (DECIDED_BY[PaperKind(paper.kind)], key), Proof(_held_on(paper), paper.title))

    def _read_consultations(self, now: datetime) -> None:
        for consultation in phase.held(now).filter(project__in=self.projects):
            proof = Proof(
                timezone.localdate(phase.ended_at(consultation)),
                str(consultation.get_method_display()),
                consultation_url(consultation),
            )
            _keep_last(self.by_project, ("consultation", consultation.project_id), proof)

    def _read_resolutions(self) -> None:
        passed = Resolution.objects.passed()
        lines = ResolutionCamera.objects.filter(resolution__in=passed, camera__in=self.installations)
        for line in lines.select_related("resolution"):
            if line.installation == self.installations[line.camera_id]:
                proof = Proof(line.resolution.on, _resolution_title(line.resolution.number))
                _keep_last(self.by_camera, ("resolution", line.camera_id), proof)
        rows: Iterable[tuple[int, date, str]] = passed.filter(projects__in=self.projects).values_list(
            "projects", "on", "number"
        )
        for project, on, number in rows:
            _keep_last(self.by_project, ("resolution", project), Proof(on, _resolution_title(number)))


def _held_on(paper: Paper) -> date:
    """The day on which a consultation ended, and not the one on which its paper was written; else the paper's."""
    until = paper.contents.get("until_on", "") if paper.kind == PaperKind.PUBLIC_CONSULTATION else ""
    try:
        return date.fromisoformat(until) if until else paper.on
    except (TypeError, ValueError):
        return paper.on


def _resolution_title(number: str) -> str:
    return gettext("의결 %(number)s") % {"number": number}


def _keep_last(proofs: dict[tuple[str, int], Proof], key: tuple[str, int], proof: Proof) -> None:
    known = proofs.get(key)
    if known is None or known.on < proof.on:
        proofs[key] = proof


def place_of_a_sign(number: str) -> tuple[Site, str] | None:
    """A site whose sign can be reported, and its name: every one that has a page, also where a sign was left behind."""
    page = of_number(number)
    if page is None or not page.can_be_asked:
        return None
    return page.site, (page.site.address if page.is_told else "") or page.site.number


@dataclass(frozen=True, slots=True)
class AskedPlace:
    """A place whose footage can be asked for, with the cameras that may be told of: none of an exempt one."""

    site: Site
    cameras: list[Camera]
    longest_days: int | None
    # Its own number and no more, where all cameras are exempt.
    name: str
    # There is a page of it to go back to.
    has_page: bool

    @property
    def stores_nothing(self) -> bool:
        """Of what may be told of (PIPA art. 25(1) item 6)."""
        return bool(self.cameras) and self.longest_days is None


def asked_place(number: str) -> AskedPlace | None:
    """Every place where a camera ever filmed, whether it films today, is paused, removed or exempt (PIPA art. 35)."""
    site = Site.objects.filter(number=number).first()
    if site is None:
        return None
    cameras = list(Camera.objects.that_filmed_at(site))
    if not cameras:
        return None
    told = [camera for camera in cameras if not camera.is_sign_exempt]
    return AskedPlace(
        site,
        told,
        max((camera.retention_days for camera in told if not camera.stores_nothing), default=None),
        (site.address if told else "") or site.number,
        bool(told) or site.signs.exists(),
    )
