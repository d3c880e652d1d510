"""수탁: who is entrusted with which camera on a day, and with what (PIPA art. 26(2), Decree art. 26(2)).

The one source is the contracts in force on that day. A contract says whose cameras it is about (`ContractCoverage`):
all of them, those linked to the control centre, or the cameras and projects that were named for it; of one institution
where it says so. A camera has as many contractors as contracts cover it. Contracts are few and are read once; cameras
are many and are compared in SQL (`Entrustment.agreeing`) or asked for together (`Entrustment.of`).
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from cameras.enums import ContractCoverage, ContractScope, LinkStatus
from cameras.models import Camera, ContractCamera, EntrustmentContract
from cameras.querysets import CameraQuerySet, InList


@dataclass(frozen=True)
class Entrusted:
    """A contractor as sign, policy and site page name it: with the work of all its contracts that are meant."""

    contractor: int
    name: str
    phone: str
    works: tuple[str, ...]

    @property
    def work(self) -> str:
        return ", ".join(self.works)


def entrusted(contracts: Iterable[EntrustmentContract]) -> tuple[Entrusted, ...]:
    """The contractors of these contracts, by name, each once with all its work in the order of the scopes."""
    scopes: defaultdict[int, set[str]] = defaultdict(set)
    contractors = {}
    for contract in contracts:
        contractors[contract.contractor_id] = contract.contractor
        scopes[contract.contractor_id].update(contract.scopes)
    return tuple(
        Entrusted(one.pk, one.name, one.phone, works_in_words(scopes[one.pk]))
        for one in sorted(contractors.values(), key=lambda one: (one.name, one.pk))
    )


def works_in_words(scopes: Iterable[str]) -> tuple[str, ...]:
    """What is entrusted, in Korean; a value that is no scope is said as it is stored."""
    given = set(scopes)
    known = [str(scope.label) for scope in ContractScope if scope.value in given]
    return (*known, *sorted(given - set(ContractScope.values)))


def key_of(named: Iterable[tuple[str, ...]]) -> str:
    """Of what a sign says of a camera's contractors: equal keys say the same; empty where there is none."""
    lines = sorted(list(line) for line in named)
    if not lines:
        return ""
    canonical = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def full_key(named: Iterable[Entrusted]) -> str:
    return key_of((one.name, one.phone, one.work) for one in named)


def covered_by(contract: EntrustmentContract) -> Q:
    """Condition on `Camera`: the contract is about it, whether or not the contract is in force."""
    # Never an empty condition: that would vanish beside another one.
    condition = Q(pk__isnull=False)
    if contract.institution_id is not None:
        condition &= Q(site__institution=contract.institution_id)
    if contract.coverage == ContractCoverage.ALL:
        return condition
    if contract.coverage == ContractCoverage.LINKED:
        return condition & Q(link_status=LinkStatus.LINKED)
    lines = ContractCamera.objects.filter(contract=contract, released_on__isnull=True, camera=OuterRef("pk"))
    return condition & (Q(project__contract=contract.pk) | Q(Exists(lines)))


def cameras_of(contract: EntrustmentContract) -> CameraQuerySet:
    cameras: CameraQuerySet = Camera.objects.filter(covered_by(contract))
    return cameras


class Entrustment:
    """The contracts in force on one day, read once for any number of cameras."""

    def __init__(self, on: dt.date) -> None:
        self.on = on

    @cached_property
    def contracts(self) -> list[EntrustmentContract]:
        rows = EntrustmentContract.objects.in_force(self.on).select_related("contractor")
        return list(rows.order_by("contractor__name", "pk"))

    @cached_property
    def contractors(self) -> tuple[Entrusted, ...]:
        """Everybody who is entrusted with anything that day, cameras or none."""
        return entrusted(self.contracts)

    def of(self, cameras: Iterable[Camera]) -> dict[int, tuple[Entrusted, ...]]:
        """By primary key of the camera. `site` must be at hand; two queries however many cameras there are."""
        chosen = list(cameras)
        named = self._named(Camera.objects.among([camera.pk for camera in chosen])) if chosen else {}
        return {
            camera.pk: entrusted(
                self._meant(
                    named.get(camera.pk, frozenset()),
                    camera.site.institution_id,
                    is_linked=camera.link_status == LinkStatus.LINKED,
                )
            )
            for camera in chosen
        }

    def covered(self, *, contractor: int | None = None) -> Q:
        """Condition on `Camera`: a contract in force is about it, of that contractor where one is asked for."""
        condition = Q(pk__in=[])
        for contract in self.contracts:
            if contractor is None or contract.contractor_id == contractor:
                condition |= covered_by(contract)
        return condition

    def agreeing(self) -> Q:
        """Condition on `SignCamera`: it names exactly today's contractors of its camera, with today's telephones.

        A line that was made before signs told the work says less, and is right as long as the names are.
        """
        named = self._named(Camera.objects.all())
        groups: defaultdict[frozenset[int], list[int]] = defaultdict(list)
        for camera, contracts in named.items():
            groups[contracts].append(camera)
        condition = self._says(frozenset())
        if named:
            condition &= ~Q(InList("camera", named))
        for contracts, cameras in groups.items():
            condition |= Q(InList("camera", cameras)) & self._says(contracts)
        return condition

    def _says(self, named: frozenset[int]) -> Q:
        """For cameras that these contracts name: one comparison for each institution, linked and not."""
        apart = sorted({one.institution_id for one in self.contracts if one.institution_id is not None})
        condition = Q(pk__in=[])
        for institution in (*apart, None):
            of_institution = (
                ~Q(camera__site__institution__in=apart)
                if institution is None
                else Q(camera__site__institution=institution)
            )
            for is_linked in (True, False):
                linked = Q(camera__link_status=LinkStatus.LINKED)
                who = entrusted(self._meant(named, institution, is_linked=is_linked))
                keys = {full_key(who), key_of((one.name, one.phone) for one in who)}
                condition |= of_institution & (linked if is_linked else ~linked) & Q(entrusted__in=keys)
        return condition

    def _meant(
        self, named: frozenset[int], institution: int | None, *, is_linked: bool
    ) -> list[EntrustmentContract]:
        return [one for one in self.contracts if _is_meant(one, named, institution, is_linked=is_linked)]

    def _named(self, cameras: CameraQuerySet) -> Mapping[int, frozenset[int]]:
        """Which of the day's contracts name these cameras, by themselves or by their project."""
        by_name = [one.pk for one in self.contracts if one.coverage == ContractCoverage.NAMED]
        if not by_name:
            return {}
        found: defaultdict[int, set[int]] = defaultdict(set)
        lines = ContractCamera.objects.filter(contract__in=by_name, released_on__isnull=True)
        for camera, contract in lines.filter(camera__in=cameras.order_by().values("pk")).values_list(
            "camera", "contract"
        ):
            found[camera].add(contract)
        of_projects = cameras.order_by().filter(project__contract__in=by_name)
        for camera, contract in of_projects.values_list("pk", "project__contract"):
            found[camera].add(contract)
        return {camera: frozenset(contracts) for camera, contracts in found.items()}


def _is_meant(
    contract: EntrustmentContract, named: frozenset[int], institution: int | None, *, is_linked: bool
) -> bool:
    if contract.institution_id not in (None, institution):
        return False
    if contract.coverage == ContractCoverage.LINKED:
        return is_linked
    return contract.coverage == ContractCoverage.ALL or contract.pk in named


def lapsed(on: dt.date) -> list[EntrustmentContract]:
    """Contracts that are over, whose cameras still serve and whose work no contract in force goes on with.

    Who only installed has finished. A contract that a younger one of the same contractor followed is not asked again.
    """
    day = Entrustment(on)
    over = (
        EntrustmentContract.objects.filter(starts_on__lte=on)
        .exclude(pk__in=[one.pk for one in day.contracts])
        .order_by("starts_on", "pk")
    )
    found: list[EntrustmentContract] = []
    for contract in over:
        if not _lasting(contract):
            continue
        # A younger one of the same contractor and work takes its place.
        found = [
            one
            for one in found
            if not (one.contractor_id == contract.contractor_id and _share(one, contract))
        ]
        found.append(contract)
    return [contract for contract in found if _goes_on_unsaid(contract, day.contracts)]


def _lasting(contract: EntrustmentContract) -> set[str]:
    return set(contract.scopes or [""]) - {ContractScope.INSTALLATION.value}


def _share(one: EntrustmentContract, other: EntrustmentContract) -> bool:
    return bool(_lasting(one) & _lasting(other))


def _goes_on_unsaid(contract: EntrustmentContract, in_force: Iterable[EntrustmentContract]) -> bool:
    left = cameras_of(contract).in_service()
    for follower in in_force:
        if follower.contractor_id == contract.contractor_id or _share(contract, follower):
            left = left.exclude(covered_by(follower))
    return bool(left.exists())
