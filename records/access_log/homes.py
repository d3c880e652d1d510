"""Which cameras stand around whose home: the staff list's address against the addresses of the register.

No map service is asked. A home's position is that of the register's places at the same building, or of the nearest house
numbers of the same road or lot; cameras within `near_metres` of it are around. Without positions: those at the same
building or road number.
"""

import re

import pandas as pd

from records.access_log.month import Frame, Month, metres

# 화곡로 302, 화곡로13길 5-2; 등촌동 520-3
_ROAD = re.compile(r"([가-힣A-Za-z0-9·.]+(?:대로|로|길))\s*(?:지하\s*)?(\d+)(?:-(\d+))?")
_LOT = re.compile(r"([가-힣0-9]+(?:동|읍|면|리|가))\s+(?:산\s*)?(\d+)(?:-(\d+))?")
_NEIGHBOURHOOD = re.compile(r"[가-힣]+[0-9]*동\b")
NEAREST_NUMBERS = 20
SHORT_ADDRESS = 8
# Of the distance that counts as around.
RINGS = (0.1, 0.25, 0.5, 1.0)


def places_of(address: str) -> list[tuple[str, int, int]]:
    """Road or neighbourhood, main number, sub number; each way that the address says it."""
    compact = " ".join(address.split())
    found = []
    for pattern in (_ROAD, _LOT):
        for name, main, sub in pattern.findall(compact):
            found.append((name, int(main), int(sub or 0)))
    return found


def cameras_around(month: Month) -> dict[int, list[set[int]]]:
    """Of each account with a home on record: codes of cameras (as the log writes them) in ever wider rings around it."""
    table = _gazetteer(month.register)
    by_site = _codes_by_site(month)
    found: dict[int, list[set[int]]] = {}
    for account, name in enumerate(month.accounts):
        for staff in month.staff.get(name, ()):
            rings = [
                {code for site in sites for code in by_site.get(site, ())}
                for sites in sites_around(staff.address, table, month)
            ]
            if kept := [ring for place, ring in enumerate(rings) if ring and ring not in rings[:place]]:
                found.setdefault(account, []).extend(kept)
    return found


def _codes_by_site(month: Month) -> dict[int, set[int]]:
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


def sites_around(address: str, table: Frame, month: Month) -> list[set[int]]:
    """Places of the register in ever wider rings around an address; none where it names nothing that the register knows."""
    sites = month.register.drop_duplicates("site")
    if not address or sites.empty:
        return []
    compact = address.replace(" ", "")
    named = [
        site
        for site, road, lot in sites[["site", "road", "lot"]].itertuples(index=False)
        if any(
            len(each) > SHORT_ADDRESS and compact.startswith(each.replace(" ", "")) for each in (road, lot)
        )
    ]
    house = sites["site"].isin(named)
    if not named:
        house = sites["site"].isin(_nearest(address, table))
    if not house.any():
        neighbourhood = _neighbourhood(address, table)
        return [neighbourhood] if neighbourhood else []
    rings = [set(sites.loc[house, "site"])]
    positions = sites.loc[house, ["latitude", "longitude"]].dropna()
    if len(positions):
        here = positions.median()
        placed = sites.dropna(subset=["latitude"])
        away = metres(
            placed["latitude"].to_numpy(), placed["longitude"].to_numpy(), here["latitude"], here["longitude"]
        )
        for part in RINGS:
            within = placed["site"].to_numpy()[away <= part * month.figures.near_metres]
            rings.append(rings[0] | {int(site) for site in within})
    return rings


def _nearest(address: str, table: Frame) -> set[int]:
    """Places at the same building, else at the nearest house numbers of that road or lot."""
    for name, main, sub in places_of(address):
        same = table[table["name"] == name]
        for exact in (same[(same["main"] == main) & (same["sub"] == sub)], same[same["main"] == main]):
            if len(exact):
                return set(exact["site"])
        away = (same["main"] - main).abs()
        if len(same) and away.min() <= NEAREST_NUMBERS:
            return set(same.loc[away == away.min(), "site"])
    return set()


def _neighbourhood(address: str, table: Frame) -> set[int]:
    """An address without a number: the places of its 동."""
    names = set(_NEIGHBOURHOOD.findall(address))
    return set(table.loc[table["name"].isin(names), "site"])
