"""안내판 as PDF at true size, in Korean and English, one sheet a sign.

`issue` prints and records a site's sign in one go: nothing is recorded when the file cannot be made or written, and no
file appears when recording fails. `compose` and `cameras.signs.making` are its two halves, for a batch.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from cameras.enums import InstallPurpose, SignSize
from cameras.models import Sign, Site
from cameras.signs import english, making
from cameras.signs.contents import Contents, Entrusted, Group, NothingToSay, leads_nowhere
from reports import outputs, pdf, standby
from reports.documents.sign_code import Code, code
from reports.documents.sign_layout import LAYOUTS, Layout, Row, Value, clip, fit

LONGEST_ADDRESS = 160


class UnusableSign(ValueError):
    """The sign cannot be made of what was given; the message says why."""


@dataclass(frozen=True)
class Sheet:
    """What one printed sign says: contents, version and the day of making."""

    contents: Contents
    version: int
    made_on: dt.date


@dataclass(frozen=True)
class Issued:
    """What came of issuing one sign."""

    sign: Sign
    content: bytes
    pages: int
    left_out: Sequence[str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def size_of(text: str) -> SignSize:
    """The size that a person named, whatever the case and the sign between the figures."""
    plain = text.strip().upper().replace("×", "X").replace("*", "X").replace(" ", "").removesuffix("MM")
    for size in SignSize:
        if plain == size.value.upper():
            return size
    raise UnusableSign(f"그런 크기가 없습니다: {text!r} (가능: {', '.join(SignSize.values)})")


def issue(
    number: str, *, size: str = SignSize.A4, output: Path | str | None = None, by: Officer | None = None
) -> Issued:
    """Make the sign of a site, record its version and, where asked, write the file."""
    if output is not None:
        outputs.prepare(output, None)
    found = making.plan(Site.objects.filter(number=number.strip()))
    if found.left_out:
        raise UnusableSign(found.left_out[0][1])
    if not found.plans:
        raise UnusableSign(f"대장에 없는 관리번호입니다: {number!r}")
    (plan,) = found.plans
    content, pages = render([Sheet(plan.contents, plan.version, plan.made_on)], SignSize(size))
    with transaction.atomic():
        (sign,) = making.record([plan], size=size, by=by)
        if output is not None:
            outputs.write(output, content)
    return Issued(sign, content, pages, plan.missing)


def preview(site: Site, size: str) -> bytes:
    """The sign as it would be printed today; nothing is recorded."""
    found = making.plan(Site.objects.filter(pk=site.pk))
    if found.left_out:
        raise NothingToSay(found.left_out[0][1])
    (plan,) = found.plans
    content, _ = render([Sheet(plan.contents, plan.version, plan.made_on)], SignSize(size), is_draft=True)
    return content


def render(sheets: Sequence[Sheet], size: SignSize, *, is_draft: bool = False) -> tuple[bytes, int]:
    """The sheets in one PDF, and its number of pages: as many as sheets."""
    with tempfile.TemporaryDirectory(prefix="sign-") as folder:
        target = Path(folder) / "sign.pdf"
        printed = standby.print_one(compose(sheets, size, target, is_draft=is_draft))
        return target.read_bytes(), printed.pages


def title_of(sites: Sequence[str]) -> str:
    others = f" 외 {len(sites) - 1}곳" if len(sites) > 1 else ""
    return f"CCTV 설치 안내판 {sites[0]}{others}"


def compose(
    sheets: Sequence[Sheet],
    size: SignSize,
    target: Path,
    *,
    is_draft: bool = False,
    title: str = "",
    total: int = 0,
) -> pdf.Job:
    """The print job of some sheets of one size; as a part of a larger file it bears that file's title."""
    layout = LAYOUTS[size.value]
    context = {
        "title": title or title_of([sheet.contents.site for sheet in sheets]),
        "author": sheets[0].contents.office,
        "description": f"고정형 영상정보처리기기 안내판 {total or len(sheets)}장, {size.label}",
        "keywords": "CCTV, 안내판, 개인정보 보호법 제25조제4항",
        "layout": layout,
        "page": f"{layout.width:g}mm {layout.height:g}mm",
        "unit": f"{layout.unit:.4f}mm",
        "sheet_style": f"width:{layout.width:g}mm;height:{layout.height:g}mm",
        "orientation": "wide" if layout.width > layout.height else "tall",
        "sheets": [_sheet(sheet, layout) for sheet in sheets],
        "is_draft": is_draft,
        "leads_nowhere": leads_nowhere(),
    }
    html = pdf.compose("reports/sign.html", context, ["sign.css"])
    return pdf.Job(html, target, _created(sheets))


def _created(sheets: Sequence[Sheet]) -> dt.datetime:
    """Of the newest sheet: the same signs give the same bytes."""
    newest = max(sheet.made_on for sheet in sheets)
    return dt.datetime.combine(newest, dt.time(12), tzinfo=timezone.get_default_timezone())


def _sheet(sheet: Sheet, layout: Layout) -> dict[str, Any]:
    contents = sheet.contents
    drawn: Code = code(contents.public_address, layout.code.width)
    fitted = fit(rows(contents), layout)
    return {
        "contents": contents,
        "office": clip(contents.office, 40),
        "rows": fitted.rows,
        "text": f"{fitted.text:.3f}mm",
        "row_height": f"{fitted.row_height:.2f}mm",
        "label_width": f"{layout.label_width:.2f}mm",
        "code": drawn,
        "cameras": len(contents.cameras),
        "phone": clip(contents.manager.phone, 30),
        "manager": clip(contents.manager.title, 40),
        "site": clip(contents.site, 40),
        "address_text": clip(contents.public_address, 90),
        "citations": ", ".join(dict.fromkeys(one for item in contents.required for one in item.citations)),
        "version": sheet.version,
        "made_on": sheet.made_on,
    }


def rows(contents: Contents) -> list[Row]:
    """The lines of the sign: each value once, with the cameras that it holds for where they differ."""
    groups = contents.groups
    found = [
        Row("설치목적", "Purpose", _by_camera([(_purpose(group), group.ordinals) for group in groups])),
        Row(
            "설치장소",
            "Place",
            (
                Value(
                    clip(contents.address, LONGEST_ADDRESS), clip(contents.english_address, LONGEST_ADDRESS)
                ),
            ),
        ),
        Row("카메라", "Cameras", (Value(_cameras(contents)),)),
        Row(
            "촬영범위",
            "Area filmed",
            _by_camera([(Value(group.range, group.english_range), group.ordinals) for group in groups]),
            is_cut_first=True,
        ),
        Row("촬영시간", "Hours", _by_camera([(_hours(group.hours), group.ordinals) for group in groups])),
    ]
    if after_hours := [(_after_hours(group), group.ordinals) for group in groups if group.after_hours]:
        found.append(Row("운영시간 외", "After hours", _of_some(after_hours, contents)))
    found.append(Row("관리책임자", "Person in charge", (Value(_manager(contents)),)))
    if contents.contractors:
        values = [(_contractor(one), one.ordinals) for one in contents.contractors]
        found.append(Row("수탁자", "Contractor", _of_some(values, contents)))
    if contents.integrated:
        shown = Value(clip(contents.integrated, 200), clip(contents.english_integrated, 200))
        found.append(Row("통합관리", "Integrated control", (shown,)))
    return found


Numbered = Sequence[tuple[Value, tuple[int, ...]]]


def _by_camera(values: Numbered) -> tuple[Value, ...]:
    """Each camera has one of the values: which has which is said where they differ."""
    merged: dict[Value, list[int]] = {}
    for value, ordinals in values:
        merged.setdefault(value, []).extend(ordinals)
    if len(merged) == 1:
        return tuple(merged)
    return tuple(replace(value, cameras=ordinal_text(ordinals)) for value, ordinals in merged.items())


def _of_some(values: Numbered, contents: Contents) -> tuple[Value, ...]:
    """A camera may have several of the values, or none: those that not all cameras have say which do."""
    merged: dict[Value, list[int]] = {}
    for value, ordinals in values:
        merged.setdefault(value, []).extend(ordinals)
    return tuple(
        value if set(ordinals) == set(contents.cameras) else replace(value, cameras=ordinal_text(ordinals))
        for value, ordinals in merged.items()
    )


def ordinal_text(ordinals: Sequence[int]) -> str:
    """Running numbers as people write them: `1~3, 5번`."""
    runs: list[list[int]] = []
    for number in sorted(ordinals):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}~{b}" for a, b in runs) + "번"


def _cameras(contents: Contents) -> str:
    return f"{len(contents.cameras)}대 ({contents.site}, {ordinal_text(contents.cameras)})"


def _purpose(group: Group) -> Value:
    detail = f" – {group.detail}" if group.detail else ""
    return Value(f"{group.purpose_label}{detail}", english.PURPOSES[InstallPurpose(group.purpose)])


def _hours(hours: str) -> Value:
    return Value(hours or "–", english.of_hours(hours))


def _after_hours(group: Group) -> Value:
    beyond = f" ({group.operating_hours} 외)" if group.operating_hours else ""
    return Value(f"{group.after_hours}{beyond}", english.of_purpose_in_words(group.after_hours))


def _manager(contents: Contents) -> str:
    manager = contents.manager
    return " ".join(part for part in (manager.title, manager.name, manager.phone) if part)


def _contractor(one: Entrusted) -> Value:
    work = f" ({one.work})" if one.work else ""
    return Value(f"{one.name} {one.phone}".strip() + work, english.of_works(one.work) if one.work else "")
