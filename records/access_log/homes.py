"""Which cameras stand around whose home: the staff list's address against the addresses of the register.

No map service is asked. A home's position is that of the register's places at the same building, or of the nearest house
numbers of the same road or lot; cameras within `near_metres` of it are around. Without positions: those at the same
building or road number.
"""

import re

import numpy as np
import pandas as pd

from records.access_log.month import Frame, Month, metres

# 화곡로 302, 화곡로13길 5-2; 등촌동 520-3
_ROAD = re.compile(r"([가-힣A-Za-z0-9·.]+(?:대로|로|길))\s*(?:지하\s*)?(\d+)(?:-(\d+))?")
_LOT = re.compile(r"([가-힣0-9]+(?:동|읍|면|리|가))\s+(?:산\s*)?(\d+)(?:-(\d+))?")
NEAREST_NUMBERS = 20


def places_of(address: str) -> list[tuple[str, int, int]]:
    """Road or neighbourhood, main number, sub number; each way that the address says it."""
    compact = " ".join(address.split())
    found = []
    for pattern in (_ROAD, _LOT):
        for name, main, sub in pattern.findall(compact):
            found.append((name, int(main), int(sub or 0)))
    return found


def cameras_around(month: Month) -> dict[int, set[int]]:
    """Codes of cameras (as the log writes them) around the home of each account."""
    table = _gazetteer(month.register)
    if table.empty:
        return {}
    codes = {name: code for code, name in enumerate(month.cameras) if name}
    by_site = _codes_by_site(month, codes)
    found: dict[int, set[int]] = {}
    for account, name in enumerate(month.accounts):
        held = month.staff.get(name, [])
        sites = {site for staff in held for site in sites_around(staff.address, table, month)}
        cameras = {code for site in sites for code in by_site.get(site, ())}
        if cameras:
            found[account] = cameras
    return found


def _codes_by_site(month: Month, codes: dict[str, int]) -> dict[int, set[int]]:
    pairs = month.events.loc[month.events["site"] >= 0, ["site", "camera"]].drop_duplicates()
    return {int(site): set(rows) for site, rows in pairs.groupby("site")["camera"]}


def _gazetteer(register: Frame) -> Frame:
    sites = register.drop_duplicates("site")
    rows = [
        (site, name, main, sub, latitude, longitude)
        for site, road, lot, latitude, longitude in sites[
            ["site", "road", "lot", "latitude", "longitude"]
        ].itertuples(index=False)
        for name, main, sub in [*places_of(road), *places_of(lot)]
    ]
    return pd.DataFrame.from_records(rows, columns=["site", "name", "main", "sub", "latitude", "longitude"])


def sites_around(address: str, table: Frame, month: Month) -> set[int]:
    """Places of the register around an address; none where it names no road or lot that the register knows."""
    for name, main, sub in places_of(address) if address else ():
        same = table[table["name"] == name]
        if same.empty:
            continue
        exact = same[(same["main"] == main) & (same["sub"] == sub)]
        if exact.empty:
            exact = same[same["main"] == main]
        anchor = exact
        if exact.empty:
            away = (same["main"] - main).abs()
            anchor = same[away == away.min()]
            if away.min() > NEAREST_NUMBERS:
                continue
        sites = set(exact["site"])
        positions = anchor[["latitude", "longitude"]].dropna()
        if len(positions):
            here = positions.median()
            places = month.register.drop_duplicates("site").dropna(subset=["latitude"])
            around = metres(
                places["latitude"].to_numpy(),
                places["longitude"].to_numpy(),
                here["latitude"],
                here["longitude"],
            )
            sites |= set(places["site"].to_numpy()[np.asarray(around) <= month.figures.near_metres])
        return sites
    return set()
