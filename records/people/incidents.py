"""상황: what the centre saw, from the situation system. The same number at another camera is another row."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils import timezone

from cameras.models import Camera, Site
from records.models import Incident
from records.people.importing import Change, Line, bring, staff_by_number
from records.tabular import Column, ImportResult, instant, needed, optional_instant, past, text

LEDGER_KIND = "records.incidents_imported"
COLUMNS = (
    Column("사건번호"),
    Column("인지시각"),
    Column("카메라"),
    Column("종류", is_required=False),
    Column("사번", is_required=False),
    Column("통보기관", is_required=False),
    Column("통보시각", is_required=False),
)


def import_file(
    path: str | Path, *, dry_run: bool = False, skip_invalid: bool = False, actor: str = "system:import"
) -> ImportResult:
    return bring(
        path,
        COLUMNS,
        _judge,
        kind=LEDGER_KIND,
        subject="incidents",
        actor=actor,
        dry_run=dry_run,
        skip_invalid=skip_invalid,
    )


def _judge(lines: Sequence[Line]) -> Iterable[tuple[Line, Change]]:
    read = [(line, _values(line)) for line in lines]
    staff = staff_by_number({number for line in lines if (number := line.cells.get("사번"))})
    cameras = camera_names({says["camera"] for _, says in read if says["camera"]})
    numbers = {says["number"] for _, says in read if says["number"]}
    standing = {
        (row.number, row.camera_id): row
        for row in Incident.objects.select_for_update().order_by("pk")
        if row.number in numbers
    }
    seen: dict[tuple[str, int | None], int] = {}
    for line, says in read:
        person, camera = line.cells.get("사번"), _camera(line, says.pop("camera"), cameras)
        if person and person not in staff:
            line.refuse("사번", "등록되지 않은 사번입니다. 인력을 먼저 가져오십시오.")
        if line.errors:
            continue
        key = says.pop("number"), camera
        if seen.setdefault(key, line.row) != line.row:
            line.refuse("사건번호", f"{seen[key]}행에 같은 사건과 카메라가 이미 있습니다.")
            continue
        if line.has("사번"):
            says["staff_id"] = staff[person].pk if person else None
        yield line, (standing.get(key) or Incident(number=key[0], camera_id=camera), says)


def _values(line: Line) -> dict[str, Any]:
    now = timezone.now()
    says: dict[str, Any] = {
        "number": line.take("사건번호", partial(needed, longest=60)),
        "noticed_at": line.take("인지시각", lambda cell: past(instant(needed(cell)), now)),
        "camera": line.take("카메라", text),
    }
    if line.has("종류"):
        says["kind"] = line.take("종류", partial(text, longest=100))
    if line.has("통보기관"):
        says["body_told"] = line.take("통보기관", partial(text, longest=100))
    if line.has("통보시각"):
        told = says["told_at"] = line.take("통보시각", optional_instant)
        if told and says["noticed_at"] and told < says["noticed_at"]:
            line.refuse("통보시각", "인지시각보다 앞선 시각입니다.")
    return says


def _camera(line: Line, name: str | None, known: dict[str, int | str]) -> int | None:
    if not name:
        return None
    found = known.get(name, "대장에 없는 카메라입니다.")
    if isinstance(found, str):
        line.refuse("카메라", found)
        return None
    return found


def camera_names(names: Iterable[str]) -> dict[str, int | str]:
    """Camera of each name (its number, the recorder's key, or the number of a place with one camera), or why not."""
    wanted = set(names)
    found: dict[str, int | str] = {}
    for name, count in Site.objects.annotate(count=Count("cameras")).values_list("number", "count"):
        if name in wanted and count > 1:
            found[name] = f"카메라가 {count}대인 곳입니다. 카메라 번호를 ‘{name}-1’ 꼴로 적으십시오."
    rows = Camera.objects.order_by("pk").values_list("pk", "number", "recording_key", "site__number")
    for pk, number, key, site in rows.iterator():
        for name in {number, key, site} & wanted:
            if name == number or name not in found:
                found[name] = pk
    return found
