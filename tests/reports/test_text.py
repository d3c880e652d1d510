"""Text stays text: nothing that anybody writes into any field changes how a document is built, or stops it."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from itertools import cycle
from xml.etree.ElementTree import Element

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from hypothesis import example, given, settings
from hypothesis import strategies as st
from weasyprint.urls import FatalURLFetchingError

from accounts.roles import Role
from cameras.consultation import answers
from cameras.consultation.opinions import Answer
from cameras.enums import CameraState
from cameras.models import Camera, InstallationProject
from committee import agenda, allowances, attendance, conditions, meetings, minutes, recusals, resolutions
from committee.agenda import ItemFacts
from committee.enums import MeetingKind, RecusalKind
from committee.meetings import MeetingFacts
from committee.models import Meeting, ResolutionCondition, Term
from footage.manifests import DestroyedFile
from records.access_log import judging, monthly
from records.competence import courses
from records.competence.figures import KindLine, SessionLine, Year
from records.internal_plan import checking
from records.internal_plan import writing as plans
from records.models import CaseCopy, CopyPart, ItemResult, Judgement, Provision, TrainingPlan, Visit
from records.people import visits
from records.provision import handover, restrictions
from records.self_inspection import inspecting, items
from reports import fonts, issue, packet, pdf, sealing, typesetter
from reports.documents import access_review as review_paper
from reports.documents import (
    committee_papers,
    consultation_result,
    copy_sheet,
    internal_plan,
    official_ledger,
    prior_consultation_reply,
    provision_letter,
    self_inspection,
    sign,
    training,
    visit_log,
    yearly_paper,
)
from reports.documents import destruction_certificate as certificate
from reports.documents.official_ledger import Name
from reports.inspection import index
from reports.inspection.listed import Listed
from reports.inspection.tables import Span
from reports.models import YearlyKind, YearlyPaper
from reports.tabulation import Column, Section, Table
from reports.typography import WORD_JOINER
from tests.accounts.factories import OfficerFactory
from tests.cameras import consultations, life
from tests.cameras.factories import CameraFactory
from tests.cameras.situations_of_signs import a_site
from tests.committee.factories import HELD_ON, of_item, seated
from tests.records import access_reviews, provisions
from tests.records.centre import a_visit
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

# Text is text whatever keeps it.
pytestmark = pytest.mark.once
PLACEHOLDER = "QQQ"
NOW = seoul(2026, 10, 2, 9)
# Each was or could have been markup: what composes with `>`, what becomes ASCII, what no parser or file takes.
HOSTILE = (
    "\u0338 style=position:fixed;left:0;top:6cm;width:17cm;background:#fff x=",
    "\u0338 style=background:url(http://127.0.0.1:9/x) x=",
    "\u037e\u1fef\u212a",
    "<script>alert(1)</script> & \"'`",
    "\x00\x07\x0c\x1b\x85\u2028",
    "\ud800 \udfff \ufffe \U0001ffff",
    "\u202e\u2066\u200b\u2060\ufeff",
    "\u0301\u1161\u11a8",
    "url(x) style= --> ]]> </style></title></td>",
)
TEXTS = st.text(st.characters(exclude_characters="\r\n"), min_size=1).filter(str.strip)


@pytest.fixture
def rendered(db, monkeypatch):
    """What the templates make of documents whose every text is the placeholder, before anything else is done to it."""
    seen: dict[str, str] = {}

    def watch(template, context):
        html = render_to_string(template, context)
        # Of two editions the first one, which is for the committee, holds everything.
        return seen.setdefault(template.removeprefix("reports/"), html) and html

    monkeypatch.setattr(pdf, "render_to_string", watch)
    _name_everything()

    def render(templates: tuple[str, ...], make: Callable[[], object]) -> list[str]:
        make()
        assert seen.keys() - WITHOUT_WORDS == set(templates)
        return [seen[name] for name in templates]

    return render


def _name_everything() -> None:
    camera = situations.camera("S-1", purpose_detail=PLACEHOLDER, filming_direction=PLACEHOLDER)
    camera.site.road_address = PLACEHOLDER
    camera.site.save()
    camera.installing_department.name = PLACEHOLDER
    camera.installing_department.save()
    situations.storage(PLACEHOLDER)
    situations.footage([camera], date(2026, 9, 1), 1)
    situations.proofs([camera], date(2026, 9, 27), 1, wrong=1, reason=PLACEHOLDER)
    situations.hold(camera, seoul(2026, 9, 3, 10), reason=PLACEHOLDER, article=PLACEHOLDER)
    situations.folder(PLACEHOLDER, seoul(2026, 9, 2, 4), storage=situations.storage(PLACEHOLDER))
    situations.sweep(seoul(2026, 9, 21, 3), state="failed", error=PLACEHOLDER, errors=1)


def _report() -> None:
    issue.committee_report("2026Q3")


def _certificate() -> None:
    """Of a file whose every word is the placeholder: a certificate is only of what is gone."""
    at = seoul(2026, 9, 2)
    gone = DestroyedFile(PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, 1, at, at, None)
    certificate._document(
        Camera.objects.get(number="S-1-1"),
        date(2026, 9, 1),
        date(2026, 9, 3),
        certificate._account([gone]),
        sealing.seal(),
        {"number": PLACEHOLDER, "recipient": PLACEHOLDER, "use": PLACEHOLDER},
        situations.officer(),
        NOW,
        "F.pdf",
    )


def _consultation() -> None:
    held = consultations.make_survey()
    held.title = held.text = held.places = PLACEHOLDER
    choice, _, free = held.questions.order_by("position")
    given = {choice.pk: Answer(chosen=(1,)), free.pk: Answer(text=PLACEHOLDER)}
    one = consultations.make_opinion(held, PLACEHOLDER, answers=given)
    answers.answer(held, [one.pk], decision="noted", text=PLACEHOLDER, by=held.made_by)
    held.result_text = PLACEHOLDER
    held.save()
    consultation_result.pdf_of(held, NOW)


def _reply() -> None:
    project = life.ProjectFactory(title=PLACEHOLDER)
    life.join(project, CameraFactory(state=CameraState.PLANNED, site__road_address=PLACEHOLDER))
    replied = life.asked_and_answered(project)
    replied.reply_text = replied.request_document = PLACEHOLDER
    prior_consultation_reply.render(replied)


def _sign() -> None:
    sign.preview(a_site(filming_direction=PLACEHOLDER, filming_hours=PLACEHOLDER), "A4")


def _self_inspection() -> None:
    by = situations.officer()
    inspection = inspecting.begin(2025, by=by)
    for item in items.ITEMS:
        inspecting.finish_item(
            inspection, item.code, result=ItemResult.NOT_IN_ORDER, words=PLACEHOLDER, by=by
        )
    self_inspection.pdf_of(inspecting.sign_off(inspection, opinion=PLACEHOLDER, by=by))


def _internal_plan() -> None:
    """The plan with what is different in it, and its check."""
    by, other = situations.officer(), OfficerFactory(role=Role.CCTV_MANAGER)
    for text in ("앞의 글", PLACEHOLDER):
        plan = plans.begin(by=by)
        plans.write(plan, "risk", title=PLACEHOLDER, text=text, by=by)
        plans.compare(plan, source=PLACEHOLDER, by=by)
        plans.ask(plan, why=PLACEHOLDER, by=by)
        plan = plans.approve(plan, effective_on=timezone.localdate(), document_number=PLACEHOLDER, by=other)
    internal_plan.pdf_of(plan)
    found = {row["code"]: (ItemResult.NOT_IN_ORDER, PLACEHOLDER) for row in plan.contents}
    internal_plan.check_pdf_of(checking.check(plan, found, opinion=PLACEHOLDER, by=other))


def _visit_log() -> None:
    by = OfficerFactory(role=Role.OFFICIAL)
    said = dict.fromkeys(("organisation", "name", "purpose", "equipment"), PLACEHOLDER)
    row = a_visit(by=by, **said)
    entered = {"in_at": timezone.now(), "has_pledged": True, "is_sealed": True, "carried_in": PLACEHOLDER}
    visits.admit(row, entered, reason=PLACEHOLDER, by=by)
    said = dict.fromkeys(("carried_out", "equipment_used", "seen", "remark"), PLACEHOLDER)
    visits.leave(row, {**said, "out_at": timezone.now()}, by=by)
    visit_log.pdf_of(Visit.objects.all())


def _access_review() -> None:
    """Judged and signed: account, reason and opinion are what others wrote."""
    by = OfficerFactory(role=Role.CCTV_MANAGER)
    _, review, finding = access_reviews.asked_world(by, account=PLACEHOLDER)
    finding.why = PLACEHOLDER
    finding.save()
    judging.judge(finding, judgement=Judgement.DOUBTFUL, words=PLACEHOLDER, by=by)
    review_paper.pdf_of(monthly.sign(review, opinion=PLACEHOLDER, by=by))


def _yearly_paper() -> None:
    row = {"key": "1", "label": PLACEHOLDER, "title": PLACEHOLDER}
    columns = [Column("label", "의결번호"), Column("title", "안건")]
    section = Section("council", "", "", tables=[Table("council", "의결", columns, [row], "", "")])
    paper = YearlyPaper(
        kind="council",
        year=2025,
        finished_at=NOW,
        digest="0" * 64,
        contents={"words": PLACEHOLDER, "reason": PLACEHOLDER, "district": PLACEHOLDER},
    )
    yearly_paper.pdf_of(YearlyKind.COUNCIL, 2025, section, paper)


def _handed_over() -> Provision:
    by = provisions.official()
    case = provisions.approved(CameraFactory(), by, purpose=PLACEHOLDER, number=PLACEHOLDER)
    restrictions.ask(case, text=PLACEHOLDER, document_number=PLACEHOLDER, on=timezone.localdate(), by=by)
    handover.hand_over(case, provisions.given(file_name=PLACEHOLDER, receiver_name=PLACEHOLDER), by=by)
    return case


def _official() -> None:
    """Letters with items, with tables and annexes, and the one that is signed by hand."""
    _reply()
    given = _handed_over()
    provision_letter.render(given, "restriction")
    provision_letter.receipt(given.hand_overs.get())


def _copy_sheet() -> None:
    """What travels with a copy for an agency: purpose and restrictions are its words, problems those of the worker."""
    by = provisions.official()
    case = provisions.approved(CameraFactory(), by, purpose=PLACEHOLDER, number=PLACEHOLDER)
    restrictions.ask(case, text=PLACEHOLDER, document_number=PLACEHOLDER, on=timezone.localdate(), by=by)
    copy = CaseCopy.objects.create(
        number=PLACEHOLDER,
        provision=case,
        source="original",
        ground="purpose",
        why=PLACEHOLDER,
        mark=PLACEHOLDER,
        on=timezone.localdate(),
        requested_by=by,
    )
    camera = Camera.objects.get(number="S-1-1")
    camera.number = PLACEHOLDER
    part = CopyPart(copy=copy, camera=camera, from_at=NOW, until_at=NOW, name=PLACEHOLDER, recipe=PLACEHOLDER)
    copy_sheet.render(copy, [part], key_id=PLACEHOLDER, at=NOW)


def _official_ledger() -> None:
    _handed_over()
    today = timezone.localdate()
    official_ledger.make(Name.OUT_OF_PURPOSE, today, today, ".pdf", actor="command:test")


def _committee() -> tuple[Meeting, list[Term]]:
    """A meeting of members, with an item to decide and one that was dropped."""
    by = situations.officer()
    terms = seated(by)
    for term in terms:
        term.member.name = term.member.affiliation = PLACEHOLDER
        term.member.save()
    facts = MeetingFacts(MeetingKind.MEETING, HELD_ON, place=PLACEHOLDER, starts_at=time(14))
    meeting = meetings.record(facts, by=by, today=HELD_ON)
    project = life.ProjectFactory(title=PLACEHOLDER)
    given = provisions.approved(CameraFactory(), by, purpose=PLACEHOLDER, number=PLACEHOLDER)
    agenda.add(meeting, ItemFacts(1, PLACEHOLDER, PLACEHOLDER, projects=[project], provisions=[given]), by=by)
    agenda.drop(agenda.add(meeting, ItemFacts(2, PLACEHOLDER, PLACEHOLDER), by=by), reason=PLACEHOLDER, by=by)
    return meeting, terms


def _held() -> tuple[Meeting, list[Term]]:
    """All but one attend, one steps aside, somebody is heard; the item is carried on conditions."""
    by = situations.officer()
    meeting, terms = _committee()
    there = [term.pk for term in terms[1:]]
    meeting = attendance.record(meeting, there, by=by, today=HELD_ON)
    attendance.hear(
        meeting,
        name=PLACEHOLDER,
        affiliation=PLACEHOLDER,
        is_district_official=False,
        said=PLACEHOLDER,
        by=by,
    )
    item = meeting.items.earliest("position")
    recusals.declare(item, terms[1], RecusalKind.WITHDRAWAL, reason=PLACEHOLDER, by=by)
    decision = of_item(item, (5, 0, 0), text=PLACEHOLDER, conditions=f"{PLACEHOLDER}\n{PLACEHOLDER}")
    resolutions.record(meeting, decision, by=by, today=HELD_ON)
    return meeting, terms


def _minutes() -> None:
    """Confirmed by a member, locked, and corrected afterwards."""
    by = situations.officer()
    meeting, terms = _held()
    item = meeting.items.earliest("position")
    kept = minutes.begin(meeting, by=by)
    minutes.say(kept, text=PLACEHOLDER, item=item, term=terms[2], by=by)
    minutes.say(kept, text=PLACEHOLDER, item=None, speaker=PLACEHOLDER, by=by)
    kept = minutes.write(kept, other=PLACEHOLDER, by=by)
    for term in terms[1:]:
        minutes.confirm_on_paper(kept, term, on=HELD_ON, by=by, today=HELD_ON)
    kept = minutes.lock(kept, by=by)
    minutes.correct(kept, text=PLACEHOLDER, reason=PLACEHOLDER, by=by)
    committee_papers.minutes(kept)


def _resolution() -> None:
    meeting, _ = _held()
    committee_papers.resolution_sheet(meeting.resolutions.get())


def _allowance() -> None:
    meeting, _ = _held()
    by = situations.officer()
    sheet = allowances.make(meeting, budget_line=PLACEHOLDER, document_number=PLACEHOLDER, by=by)
    committee_papers.allowance_sheet(sheet)


def _packet() -> None:
    """A member's copy for the next meeting: a paper of words, one of no pages, conditions met and open."""
    by = situations.officer()
    _held()
    condition = ResolutionCondition.objects.earliest("position")
    conditions.fulfil(condition, on=HELD_ON, proof=PLACEHOLDER, by=by, today=HELD_ON)
    facts = MeetingFacts(MeetingKind.MEETING, date(2026, 12, 3), place=PLACEHOLDER)
    meeting = meetings.record(facts, by=by, today=HELD_ON)
    files = [
        SimpleUploadedFile(f"{PLACEHOLDER}.hwpx", _hwpx(PLACEHOLDER)),
        SimpleUploadedFile(f"{PLACEHOLDER}.csv", PLACEHOLDER.encode()),
    ]
    links = {"projects": InstallationProject.objects.all(), "provisions": Provision.objects.all()}
    agenda.add(meeting, ItemFacts(1, PLACEHOLDER, PLACEHOLDER, **links), by=by, files=files)
    packet.one_file(meeting, reader=PLACEHOLDER)


def _hwpx(text: str) -> bytes:
    paragraph = f"<hp:p><hp:run><hp:t>{text}</hp:t></hp:run></hp:p>"
    section = f'<hs:sec xmlns:hs="s" xmlns:hp="p">{paragraph}</hs:sec>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", section)
    return out.getvalue()


def _competence() -> None:
    """The year's report: plan, sessions and kinds, every word the placeholder."""
    plan = TrainingPlan(year=2026, document_number=PLACEHOLDER)
    for name in courses.PLAN_TEXTS:
        setattr(plan, name, PLACEHOLDER)
    line = SessionLine(date(2026, 9, 1), PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, 1, 1)
    kinds = [KindLine(PLACEHOLDER, 1, 1, 1)]
    training.year_report(Year(2026, date(2026, 12, 31), plan, kinds, [line], 0, [(PLACEHOLDER, 1)]))


def _inspection() -> None:
    """The index names files, and what could not be put in with its reason."""
    file = Listed(f"reports/{PLACEHOLDER}.pdf", PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, 1, "0" * 64)
    span = Span(date(2026, 9, 1), date(2026, 9, 30), 1)
    index.paper(index.Contents(span, NOW, [file], [PLACEHOLDER], 1, has_names=True))


PACKET = ("front", "item", "text", "apart", "conditions", "stamp")
# Nobody writes a word into it: sentences of ours and figures.
WITHOUT_WORDS = {"summary.html"}
MAKERS = {
    ("committee.html", "annex.html"): _report,
    ("destruction_certificate.html",): _certificate,
    ("consultation_result.html",): _consultation,
    ("sign.html",): _sign,
    ("self_inspection.html",): _self_inspection,
    ("internal_plan.html",): _internal_plan,
    ("access_review.html",): _access_review,
    ("competence.html",): _competence,
    ("yearly_paper.html",): _yearly_paper,
    ("visit_log.html",): _visit_log,
    ("official.html",): _official,
    ("official_ledger.html",): _official_ledger,
    ("committee_minutes.html",): _minutes,
    ("committee_resolution.html",): _resolution,
    ("committee_allowance.html",): _allowance,
    tuple(f"packet_{name}.html" for name in PACKET): _packet,
    ("inspection.html",): _inspection,
}
# What is set like letters, and is none.
OF_A_COMMON_TEMPLATE = [(("official.html",), _copy_sheet)]


def test_every_document_is_among_them(project_folder):
    documents = {
        path.name
        for path in (project_folder / "templates" / "reports").glob("*.html")
        if 'extends "reports/base.html"' in path.read_text("utf-8")
    }
    assert documents == {name for names in MAKERS for name in names} | WITHOUT_WORDS


DOCUMENTS = [*MAKERS.items(), *OF_A_COMMON_TEMPLATE]


@pytest.mark.parametrize(("templates", "make"), DOCUMENTS, ids=[make.__name__[1:] for _, make in DOCUMENTS])
def test_any_text_in_any_field_leaves_the_document_as_it_is(templates, make, rendered):
    # The style sheet is long and ours.
    documents = [
        re.sub("<style>.*?</style>", "", html, flags=re.DOTALL) for html in rendered(templates, make)
    ]
    assert all(html.count(PLACEHOLDER) >= 2 for html in documents)
    expected = [typesetter.read(html).etree_element for html in documents]

    @settings(max_examples=5, deadline=None, database=None)
    @example(HOSTILE)
    @given(st.lists(TEXTS, min_size=4, max_size=20))
    def same(texts: Sequence[str]) -> None:
        for html, usual in zip(documents, expected, strict=True):
            found = _read(_filled(html, map(escape, cycle(texts))))
            assert list(map(_shape, found.iter())) == list(map(_shape, usual.iter()))
            left = cycle(texts)
            for said, meant in zip(_strings(found), _strings(usual), strict=True):
                if PLACEHOLDER in meant:
                    assert said == fonts.printable(_filled(meant, left))

    same()


def _filled(text: str, values: Iterator[str]) -> str:
    """The text with each placeholder replaced by the next value."""
    first, *rest = text.split(PLACEHOLDER)
    return first + "".join(next(values) + part for part in rest)


def _read(html: str) -> Element:
    written = fonts.readable(html).encode()
    return typesetter.read(written.decode()).etree_element


def _shape(element: Element) -> tuple[str, dict[str, str]]:
    return element.tag, {name: value for name, value in element.attrib.items() if name != "content"}


def _strings(element: Element) -> Iterator[str]:
    """Every text of a document in the order of its source, as people read it."""
    texts = (element.get("content"), element.text)
    yield from (_plain(text) for text in texts)
    for child in element:
        yield from _strings(child)
        yield _plain(child.tail)


def _plain(text: str | None) -> str:
    return (text or "").replace(WORD_JOINER, "")


def test_words_are_kept_whole_and_everything_else_untouched():
    html = '<title>가나다</title><p class="가나">영상정보 보관기간은 30일입니다.</p><pre>가나</pre>'
    root = typesetter.read(html).etree_element
    assert [one.text for name in ("title", "pre") for one in root.iter(name)] == ["가나다", "가나"]
    (paragraph,) = root.iter("p")
    assert paragraph.get("class") == "가나"
    words = str(paragraph.text).split(" ")
    assert words[0] == WORD_JOINER.join("영상정보")
    assert words[2] == "30" + WORD_JOINER + WORD_JOINER.join("일입니다") + WORD_JOINER + "."


def test_an_address_in_a_document_is_neither_read_nor_its_end(tmp_path):
    html = '<p style="background: url(http://127.0.0.1:9/x)">가나다<img alt="x" src="file:///etc/passwd"></p>'
    with pdf.Pressroom(1) as pressroom:
        (printed,) = pressroom.print_all([pdf.Job(html, tmp_path / "x.pdf", NOW)])
    assert printed.pages == 1
    assert sum("disallowed" in message for message in printed.messages) == 2
    assert "가나다" in pdf_checks.text(tmp_path / "x.pdf")[0]


def test_whatever_fails_is_the_error_of_its_document_only(monkeypatch, capsys, tmp_path):
    def typeset(job):
        raise {"fatal": FatalURLFetchingError, "stop": SystemExit, "none": MemoryError}[job["kind"]]("까닭")

    monkeypatch.setattr(typesetter, "typeset", typeset)
    orders = [json.dumps({"kind": kind}) for kind in ("fatal", "stop", "none")]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(orders)))
    assert typesetter.main() == 0
    answers = [json.loads(line)["error"] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["FatalURLFetchingError: 까닭", "SystemExit: 까닭", "메모리가 부족합니다."]


@pytest.mark.django_db
def test_no_opinion_writes_over_a_result_or_stops_it(tmp_path):
    held = consultations.make_published()
    usual = _result_pages(held, tmp_path)
    for text in HOSTILE[:2]:
        consultations.make_opinion(held, text)
    pages = _result_pages(held, tmp_path)
    assert len(pages) == len(usual)
    text = "".join("".join(pages).split())
    for opinion in HOSTILE[:2]:
        assert "".join(opinion.split()).replace("\u0338", "") in text.replace("[U+0338]", "").replace(
            "\u0338", ""
        )
    assert "공고할때확정한목록입니다" in text


def _result_pages(held, tmp_path):
    path = tmp_path / "result.pdf"
    path.write_bytes(consultation_result.pdf_of(held, NOW))
    return pdf_checks.text(path)
