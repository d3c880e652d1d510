"""Open findings on the first page: one line per rule, with the act that mends most of them at once."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min
from django.urls import reverse

from cameras import paper_contents
from cameras.enums import PaperKind
from ordinance import rules
from ordinance.due import DueItem, Severity
from ordinance.models import Finding
from ordinance.rules import Rule, Subject
from portal.remedies import WITH_CAMERAS, url_of

KIND = "조례 점검"
# A paper that only says why the duty is not done so (왜 연계하지 않는지): first it is seen which cameras they are.
ONE_WAY_OF_TWO = frozenset({PaperKind.LINK_EXEMPTION, PaperKind.MONITORING_SCOPE})


def items(now: datetime.datetime, officer: Any = None) -> Iterator[DueItem]:
    open_ones = Finding.objects.open().filter(care__due_on__isnull=True).order_by()
    counted = open_ones.values_list("rule__code").annotate(Count("pk"), Min("opened_on"), Min("evidence"))
    for code, count, since, evidence in sorted(counted, key=lambda row: -row[1]):
        try:
            rule = rules.get(code)
        except LookupError:
            continue
        url, verb, needs = _act(rule)
        yield DueItem(
            "portal.findings",
            rule.title,
            f"{since:%Y-%m-%d}부터 미이행. {_what(rule, evidence)}{rule.remedy}",
            Severity.DUE,
            url=url,
            count=count,
            article=rule.provision,
            key=f"portal.findings:{code}",
            kind=KIND,
            verb=verb,
            needs=needs,
        )


def _what(rule: Rule, evidence: str) -> str:
    """What the district lacks; of many subjects the list says it."""
    return f"{rule.says(evidence)} " if evidence and rule.subject == Subject.DISTRICT else ""


def _act(rule: Rule) -> tuple[str, str, tuple[str, ...]]:
    """Where most is mended at once: one document for all, the rule's own screen, or else the list of them; by whoever mends."""
    kind = next((kind for kind, asked in paper_contents.KINDS.items() if asked.rule == rule.code), "")
    if kind and kind not in ONE_WAY_OF_TWO and rule.remedy_url == "papers:file":
        query = urlencode({"extent": "all", "query": urlencode({"duty": rule.code}), "kind": kind})
        return f"{reverse('papers:file')}?{query}", "한 문서로 등록하기", (rule.mended_by,)
    # Of many subjects the rule's screen is the whole list; what lacks is told by the findings alone.
    is_list = rule.subject != Subject.DISTRICT or rule.remedy_url in WITH_CAMERAS | {"cameras:edit"}
    own = "" if is_list else url_of(rule.remedy_url, None)
    listed = f"{reverse('duties:findings')}?{urlencode({'rule': rule.code})}"
    return own or listed, "갖추기" if own else "조치하기", (rule.mended_by,)
