"""Split the kit's fonts by characters, so that a page loads only what it shows: static/website/fonts/.

    .venv/bin/python scripts/split_fonts.py

The first part holds what every page shows (frame and front page), the next two the rest of the site's own texts, then what
the sources know besides (addresses, names, the ordinance): each from the most frequent on, so that a page that shows one rare
character loads few others with it. The remaining characters follow in the order of their code. Run it again after a new
version of the kit or many new texts; what is in no part is in the next one, so old parts are never wrong, only less well cut.
Medium is not shipped: the kit uses it for small labels, which the regular one shows as well.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "node_modules/krds-uiux/resources/fonts"
TARGET = ROOT / "static/website/fonts"
WEIGHTS = {"Regular": "400 500", "Bold": "600 700"}
ALWAYS = set(range(0x20, 0x7F)) | {
    0xA0,
    0xB7,
    0xD7,
    0x2013,
    0x2018,
    0x2019,
    0x201C,
    0x201D,
    0x2026,
    0x2192,
    0x25CB,
    0x300C,
    0x300D,
}
FRAME = ("base.html", "home.html", "includes/where.html", "includes/place.html", "includes/contact.html")
# The texts of pages that are no templates: what officials' texts, policies and forms say.
SPOKEN = ("website", "cameras/data", "casework/data", "ordinance/data", "locale/en/LC_MESSAGES")
SOURCES_OF_WORDS = ("*.html", "*.py", "*.json", "*.po")
LEFT_OUT = {"node_modules", ".venv", "tests", "bench"}
A_PART, A_RARE_PART = 90, 220
HANGUL = re.compile("[가-힣]")


def characters_of(paths: Iterable[Path]) -> Counter[int]:
    """In how many of the files each stands."""
    found: Counter[int] = Counter()
    for path in paths:
        found.update({ord(letter) for letter in HANGUL.findall(path.read_text(encoding="utf-8"))})
    return found


def files(*folders: Path) -> list[Path]:
    found = [path for folder in folders for kind in SOURCES_OF_WORDS for path in sorted(folder.rglob(kind))]
    return [path for path in found if not LEFT_OUT & set(path.relative_to(ROOT).parts)]


def by_frequency(found: Counter[int], among: set[int]) -> list[int]:
    return sorted(among & set(found), key=lambda code: (-found[code], code))


def parts(known: set[int]) -> list[list[int]]:
    folder = ROOT / "templates/website"
    frame = known & (
        ALWAYS | set(characters_of([*(folder / name for name in FRAME), ROOT / "website/data/pages.json"]))
    )
    own = by_frequency(characters_of(files(folder, *(ROOT / name for name in SPOKEN))), known - frame)
    others = by_frequency(characters_of(files(ROOT)), known - frame - set(own))
    rest = sorted(known - frame - set(own) - set(others))
    return [
        sorted(frame),
        *_cut(own, A_PART),
        *_cut(others, A_PART),
        *_cut(rest, A_RARE_PART),
    ]


def _cut(codes: list[int], size: int) -> list[list[int]]:
    return [sorted(codes[start : start + size]) for start in range(0, len(codes), size)]


def ranges(codes: list[int]) -> str:
    """`U+20-7E, U+AC00`."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def cut(source: Path, codes: list[int], target: Path) -> None:
    options = subset.Options(
        flavor="woff2", layout_features=["kern", "ccmp", "calt", "tnum"], notdef_outline=True
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.woff2"):
        old.unlink()
    rules = [
        "/* Made by scripts/split_fonts.py out of the kit's Pretendard GOV (SIL Open Font License 1.1). */"
    ]
    for weight, covers in WEIGHTS.items():
        source = SOURCES / f"PretendardGOV-{weight}.subset.woff2"
        known = set(TTFont(source).getBestCmap())
        for number, codes in enumerate(parts(known)):
            name = f"{weight.lower()}-{number}.woff2"
            cut(source, codes, TARGET / name)
            sys.stderr.write(f"{name}: {len(codes)} characters, {(TARGET / name).stat().st_size:,} bytes\n")
            rules.append(
                f'@font-face {{ font-family: "Pretendard GOV"; font-weight: {covers}; font-display: optional; '
                f'src: url("{name}") format("woff2"); unicode-range: {ranges(codes)}; }}'
            )
    (TARGET / "fonts.css").write_text("\n".join(rules) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
