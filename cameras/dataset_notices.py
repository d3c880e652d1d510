"""What somebody has to know of a file before it is stored, though no row of it is wrong."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from accounts.korean import josa
from cameras import purposes
from cameras.models import PurposeMapping
from cameras.purposes import Stated
from cameras.standard_dataset import Dataset
from ordinance.purposes import fits

SHOWN = 10
# Comparing each new name with all others costs: a first load of the nation names hundreds.
MOST_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Notice:
    code: str
    count: int
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of_file(dataset: Dataset) -> list[Notice]:
    found = [Notice(code, 1, message) for code, _, message in dataset.header.notes]
    found += _of_the_sheet(dataset)
    if dataset.sums:
        rows = _listed(map(str, dataset.sums), len(dataset.sums))
        found.append(Notice("sum_rows", len(dataset.sums), f"합계를 적은 행은 읽지 않았습니다: {rows}행."))
    if dataset.uploads.superseded:
        found.append(_older_uploads(dataset))
    if dataset.unknown_periods:
        found.append(_unknown_periods(dataset))
    return found


def _of_the_sheet(dataset: Dataset) -> list[Notice]:
    """What the person who looks at the sheet does not see as it is read."""
    look, header, found = dataset.table.look, dataset.header, []
    if rows := look["hidden_rows"]:
        text = f"숨겨진 행 {rows:,}개도 읽었습니다(필터로 가린 행 포함). 가져오지 않을 행이면 파일에서 지우고 다시 올리세요."
        found.append(Notice("hidden_rows", rows, text))
    width = len(header.cells)
    hidden = [
        header.cells[place] for place in look["hidden_columns"] if place < width and header.cells[place]
    ]
    if hidden:
        text = f"숨겨진 열도 읽었습니다: {', '.join(hidden)}. 그 값이 맞는지 숨기기를 풀고 확인하세요."
        found.append(Notice("hidden_columns", len(hidden), text))
    if merged := [first for first, last in look["merged"] if last > header.row and first != header.row]:
        text = (
            f"아래로 병합된 칸이 {len(merged):,}곳 있습니다({_listed((f'{row}행' for row in merged), len(merged))}). "
            "병합된 칸의 값은 맨 위 행에만 있고 아래 행은 빈칸으로 읽습니다. 병합을 풀고 행마다 값을 채우세요."
        )
        found.append(Notice("merged_cells", len(merged), text))
    return found


def _older_uploads(dataset: Dataset) -> Notice:
    superseded = dataset.uploads.superseded
    rows, cameras = len(superseded), sum(count for _, count in superseded.values())
    what = (
        "같은 장소·목적·촬영방면이 다른 행(관리번호)으로 되풀이되고 데이터기준일자가 더 오래된 행이 "
        f"{rows:,}개(카메라 {cameras:,}대) 있습니다"
    )
    if dataset.takes_newest_only:
        return Notice("older_uploads", rows, f"{what}. 이 행들을 빼고 장소마다 가장 새 자료만 읽었습니다.")
    return Notice(
        "older_uploads",
        rows,
        f"{what}. 해마다 새로 올린 자료가 한 파일에 있으면 같은 카메라가 여러 번 등록됩니다. "
        "장소마다 가장 새 자료만 가져오려면 ‘가장 새 자료만’(--newest-only)을 고르세요.",
    )


def _unknown_periods(dataset: Dataset) -> Notice:
    rows = dataset.unknown_periods
    if dataset.assumed_period is not None:
        message = (
            f"보관일수를 알 수 없는 행 {rows:,}개에 {dataset.assumed_period}일을 썼습니다. "
            "같은 카메라가 대장에 있으면 대장의 보관일수를 그대로 둡니다."
        )
    else:
        message = (
            f"보관일수를 알 수 없는 행(빈칸, 0, ‘없음’)이 {rows:,}개 있습니다. 카메라에는 보관일수가 있어야 합니다. "
            "그 행들에 쓸 값을 ‘모르는 보관일수’(--retention-if-unknown)로 줄 수 있습니다."
        )
    return Notice("retention_unknown", rows, message)


def of_institutions(new: list[str], known: Iterable[str]) -> Notice:
    """Institutions that the register did not have, beside those that they may have been meant to be."""
    others = list(known)
    named = []
    for name in new[:MOST_COMPARED]:
        alike = _alike(name, others)
        named.append(f"‘{name}’(‘{alike}’{josa(alike, '과/와')} 비슷함)" if alike else f"‘{name}’")
    more = f" 등 {len(new):,}곳" if len(new) > len(named) else ""
    return Notice(
        "new_institutions",
        len(new),
        f"대장에 없던 관리기관이 새로 생깁니다: {', '.join(named)}{more}. "
        "있는 기관을 다르게 적은 것이면 파일의 이름을 맞추세요. 그대로 두면 다른 기관의 다른 설치장소가 됩니다.",
    )


def _alike(name: str, others: list[str]) -> str:
    core = _core(name)
    for other in others:
        if other != name and (core in _core(other) or _core(other) in core):
            return other
    found = difflib.get_close_matches(name, [other for other in others if other != name], n=1, cutoff=0.8)
    return found[0] if found else ""


def _core(name: str) -> str:
    """A name as far as spellings of one office agree: 강서구, 강서구청, 서울특별시 강서구."""
    return "".join(name.split()).removesuffix("청")


def of_standing(sites: int) -> Notice:
    return Notice(
        "known_places",
        sites,
        f"새 관리번호의 설치장소 {sites:,}곳이 대장에 이미 있는 설치장소와 기관·주소·좌표·목적·촬영방면이 같습니다. "
        "지난해의 관리번호가 바뀐 것이면 같은 카메라가 두 번 등록됩니다.",
    )


def of_unnumbered(sites: int, beside: list[str]) -> Notice:
    """Places that the file gives no number get one of the system, which the same row gets in every register."""
    at = (
        f" 그 주소에는 이미 설치장소 {_listed(beside, len(beside))}{josa(beside[-1], '이/가')} 있습니다. 같은 곳이면 그 관리번호를 파일에 적어 다시 올리십시오."
        if beside
        else ""
    )
    return Notice(
        "unnumbered",
        sites,
        f"관리번호가 비어 있는 새 설치장소가 {sites:,}곳 있습니다. 저장하면 시스템이 L로 시작하는 긴 번호를 붙입니다. 쓰던 번호가 있으면 파일에 적으십시오.{at}",
    )


def of_purposes(rows: Mapping[str, int], mapping: Mapping[str, PurposeMapping]) -> list[Notice]:
    """Rows whose purpose and ground, by the office's own mapping, do not fit: told, since the cameras stand already.

    `rows` counts the file's rows by 설치목적구분. The register takes them, and the rule on purposes finds them.
    """
    table = fits()
    found: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for name, count in rows.items():
        line = mapping[name]
        for code in purposes.faults(Stated(line.install_purpose, line.pipa25_ground), table):
            found.setdefault(code, []).append(f"‘{name}’ {count:,}행")
            counts[code] += count
    return [
        Notice(
            f"purpose_{code}",
            counts[code],
            f"{', '.join(names)}: {purposes.WORDS[code]} 가져온 뒤 조례 점검(제6조)의 미이행으로 나옵니다.",
        )
        for code, names in found.items()
    ]


def _listed(names: Iterable[str], count: int) -> str:
    shown = [name for name, _ in zip(names, range(SHOWN), strict=False)]
    return ", ".join(shown) + (f" 등 {count:,}개 " if count > SHOWN else "")
