"""Findings follow acts: whoever an act of this app touches is judged again, as part of the act.

Every function that changes what a rule looks at ends with one of these. Which duty looks at what is written here and
in docs/duties.md, and tests/portal/test_findings_follow.py does each act and asks whether the night would find more.
"""

from collections.abc import Collection, Iterable, Sequence

from cameras.enums import LifecycleEvent
from cameras.models import Camera, SignCamera
from cameras.querysets import InList
from ordinance import assessment
from ordinance.parameters import active_profile
from ordinance.rules import Subject

# Which cameras are in service, linked and in which project decides whether a lapsed contract still counts.
OF_CONTRACTS = frozenset({"state", "link_status", "project", "project_id"})
# What the operation policy prints of the register, and is compared with (`cameras.policy.has_other_figures`).
OF_POLICY = OF_CONTRACTS | {"retention_days", "is_sign_exempt", "pipa25_ground"}
# An import writes more at once than anybody else; a worker judges them beside it.
MOST_OF_AN_IMPORT = 1_000
# Events after which another number of cameras is in service.
CHANGING_SERVICE = frozenset(
    {
        LifecycleEvent.OPERATE,
        LifecycleEvent.RELOCATE,
        LifecycleEvent.CHANGE_PURPOSE,
        LifecycleEvent.REMOVE,
    }
)


def follow(
    cameras: Sequence[int],
    *,
    codes: Iterable[str] | None = None,
    fields: Collection[str] = (),
    formerly: Iterable[str] = (),
) -> None:
    """These cameras (primary keys) changed, in these fields; `formerly` are numbers that they bore until now."""
    if not cameras:
        return
    numbers = Camera.objects.among(cameras).values_list("number", flat=True)
    assessment.follow({*numbers, *formerly}, codes=codes)
    if OF_CONTRACTS.intersection(fields):
        follow_contracts()
    elif OF_POLICY.intersection(fields):
        follow_policy()


def follow_import(cameras: Collection[int], sites: Collection[int]) -> None:
    """What an import of the dataset wrote: a few cameras or a whole register."""
    if len(cameras) + len(sites) > MOST_OF_AN_IMPORT:
        assessment.request()
        return
    follow(sorted(cameras), fields={"state"})
    follow_sites(sites)


def follow_event(cameras: Sequence[int], event: str, formerly: Iterable[str]) -> None:
    """A step of their life was taken by these cameras."""
    follow(cameras, fields={"state"} if event in CHANGING_SERVICE else (), formerly=formerly)
    # Their neighbours' sign named them, and does not name them rightly any more.
    sites = set(Camera.objects.among(cameras).values_list("site", flat=True))
    follow_sites(
        sites | {*SignCamera.objects.filter(InList("camera", cameras)).values_list("sign__site", flat=True)}
    )


def follow_sites(sites: Iterable[int]) -> None:
    """Something happened to the signs of these sites, or to what they have to say of the place."""
    numbers = Camera.objects.filter(site__in=list(sites)).values_list("number", flat=True)
    assessment.follow(numbers, codes=["sign"])


def follow_contracts() -> None:
    """A contract, or what was done under it. All of them are judged, few as they are: one may end another's duty."""
    assessment.follow(None, kind=Subject.CONTRACT)
    follow_policy()


def follow_entrustment() -> None:
    """A contract began, ended or is about other work or cameras; or a contractor has another name or telephone: it
    stands on the signs of all cameras that any contract of it is about."""
    assessment.follow(None, codes=["sign"])
    follow_contracts()


def follow_policy() -> None:
    assessment.follow([active_profile()], kind=Subject.DISTRICT, codes=["operation_policy"])


def follow_office() -> None:
    """Who is responsible (art. 4), under which name and telephone: it stands on every sign, and decides whose plans
    need prior consultation."""
    assessment.follow(None, kind=Subject.DISTRICT)
    assessment.follow(None, codes=["sign", "prior_consultation"])
