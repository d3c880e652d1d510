"""공문 문안: the words of a kind of letter, which officials change in versions; a letter keeps the version it was written from.

A text is plain: each line is an item, and the mark that it begins with (1. 가. 1) 가)) says how deep it stands; marks are
counted anew when it is set. `{이름}` stands for what is known of the matter; a line whose placeholders are all empty is
left out. Nothing else means anything: no markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from accounts.models import Officer
from casework import acts
from casework.refusals import Refusal, unwritten
from reports.letters.kinds import KINDS, Kind
from reports.models import LetterTemplate
from reports.official import Item

CHANGED = "reports.letter_template_changed"
LONGEST = 6_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Depth by mark: 1. · 가. · 1) · 가) · (1) · (가)
_MARKS = (r"\d{1,2}\.", r"[가-힣]\.", r"\d+\)", r"[가-힣]\)", r"\(\d+\)", r"\([가-힣]\)")
# A line that begins with a day, 12. 1. or 2026. 12. 1., begins with no mark.
_MARKED = tuple(re.compile(rf"\s*(?:{mark})\s+(?!\d{{1,2}}\.)") for mark in _MARKS)
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]")


@dataclass(frozen=True)
class Words:
    """What a letter is written from; version 0 comes with the program."""

    subject: str
    body: str
    version: int = 0


def current(kind: str) -> Words:
    kept = LetterTemplate.objects.filter(kind=kind).order_by("-version").first()
    if kept is None:
        return Words(KINDS[kind].subject, KINDS[kind].body)
    return Words(kept.subject, kept.body, kept.version)


def versions() -> dict[str, int]:
    """The version in force of each kind that was changed; one query."""
    found: dict[str, int] = {}
    for kind, version in LetterTemplate.objects.order_by("version").values_list("kind", "version"):
        found[kind] = version
    return found


def change(kind: str, subject: str, body: str, *, reason: str, by: Officer) -> LetterTemplate:
    """The next version; letters that have their number stay as they are."""
    row = LetterTemplate(kind=kind)
    with acts.begin(CHANGED, row, by=by) as act:
        act.refuse(
            [*check(KINDS[kind], subject, body), *unwritten(reason, "reason", "바꾼 까닭을 적으십시오.")]
        )
        # Of two at once the second is refused by the constraint.
        version = current(kind).version + 1
        act.write(version=version, subject=subject, body=_clean(body), made_at=act.at, made_by=by, why=reason)
        act.payload |= {"letter_kind": kind, "version": version}
    return act.row


def check(kind: Kind, subject: str, body: str) -> list[Refusal]:
    """Why these are no words for such a letter."""
    found: list[Refusal] = []
    for field, text, name in (("subject", subject, "제목"), ("body", body, "본문")):
        found += unwritten(text, field, f"{name}을 적으십시오.")
        known = ", ".join(f"{{{each}}}" for each in kind.placeholders)
        found += [
            Refusal(
                "unknown", f"모르는 자리표입니다: {{{each}}}.", "", f"쓸 수 있는 것: {known}", field=field
            )
            for each in unknown(kind, text)
        ]
        if _has_lone_brace(text):
            found.append(Refusal("brace", "중괄호는 {이름}의 꼴로만 씁니다.", field=field))
        if _MARKUP.search(text):
            found.append(Refusal("markup", "HTML 태그는 쓸 수 없습니다. 글만 적으십시오.", field=field))
    if len(body) > LONGEST:
        found.append(Refusal("long", f"본문은 {LONGEST:,}자까지 적습니다.", field="body"))
    if missing := [each for each in kind.required if f"{{{each}}}" not in body]:
        names = ", ".join(f"{{{each}}}" for each in missing)
        found.append(
            Refusal("missing", f"이 공문에 반드시 있어야 합니다: {names}.", kind.article, field="body")
        )
    return found


def _has_lone_brace(text: str) -> bool:
    left = _PLACEHOLDER.sub("", text)
    return "{" in left or "}" in left


def unknown(kind: Kind, text: str) -> list[str]:
    return sorted({name for name in _PLACEHOLDER.findall(text) if name not in kind.placeholders})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; a line of nothing but empty ones is left out. What is filled in is never read again."""
    lines = []
    for line in text.splitlines():
        names = _PLACEHOLDER.findall(line)
        if names and not any(values.get(name) for name in names):
            continue
        lines.append(_PLACEHOLDER.sub(lambda match: values.get(match[1], ""), line))
    return "\n".join(lines)


def items(text: str, values: Mapping[str, str]) -> tuple[Item, ...]:
    """The items of a text. The lines of a value that is a line of its own stand beside each other, by their own marks;
    of one within a sentence they stand below it."""
    rows: list[tuple[int, str]] = []
    for line in text.splitlines():
        names = _PLACEHOLDER.findall(line)
        if not line.strip() or (names and not any(values.get(name) for name in names)):
            continue
        depth, bare = _depth(line)
        lines = _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), bare).strip().splitlines()
        if _PLACEHOLDER.fullmatch(bare.strip()):
            marked = [_depth(each) for each in lines if each.strip()]
            rows += [(depth + below, each.strip()) for below, each in marked]
        else:
            first, *more = lines or [""]
            rows += [(depth, first), *((depth + 1, each.strip()) for each in more if each.strip())]
    return _nested(rows)


def outline(text: str) -> tuple[Item, ...]:
    """Items of a text that was written as a list: what has a mark of its own stands below the line that introduces it."""
    rows = []
    for line in filter(str.strip, text.splitlines()):
        depth, bare = _depth(line)
        rows.append((0 if bare == line else depth + 1, bare.strip()))
    return _nested(rows)


def _depth(line: str) -> tuple[int, str]:
    for depth, mark in enumerate(_MARKED):
        if found := mark.match(line):
            return depth, line[found.end() :]
    return 0, line


def _nested(rows: Iterable[tuple[int, str]]) -> tuple[Item, ...]:
    """Depths that skip a level stand one below what is above them."""
    return tuple(_children(list(rows)))


def _children(rows: list[tuple[int, str]]) -> Iterator[Item]:
    while rows:
        depth, text = rows.pop(0)
        below = []
        while rows and rows[0][0] > depth:
            below.append(rows.pop(0))
        yield Item(text, _nested(below))


def _clean(body: str) -> str:
    return "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").strip().splitlines())
