"""What everybody may have of a report: the same figures, without what stays with the committee."""

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from ledger.models import Entry
from reports import editions, files, issue
from reports.documents import committee, summary
from reports.figures import for_period
from reports.models import IssuedReport
from reports.tabulation import Column, Figure, Figures, Section, Table
from tests.reports import pdf_checks, situations
from tests.reports.situations import seoul

NOW = seoul(2026, 10, 2, 9)
OWNER = "홍길동"


def figures(values):
    found = [Figure(code, f"항목 {code}", value, is_flow=True) for code, value in values.items()]
    section = Section("s", "장", "", figures=found, tables=[Table("duties", "", [], [], "")])
    return Figures(
        "2026Q3", "2026년 3분기", "2026-07-01", "2026-09-30", NOW.isoformat(), False, "", "", [section]
    )


def answers(values):
    return [sentence for one in summary.questions(figures(values)) for sentence in one.answers]


def test_the_summary_says_nothing_of_what_nobody_counted():
    said = " ".join(answers({}))
    assert "0" not in said.replace("2026", "").replace("10. 2.", "")
    assert said.count("알 수 없") >= 8
    assert "늦은" in said


def test_the_summary_says_zero_where_zero_was_counted_and_tells_of_what_went_wrong():
    good = {
        "destroyed_files": 12,
        "kept_unlawfully": 0,
        "requests_overdue": 0,
        "requests_decided_late": 0,
        "copies_overdue": 0,
        "looks": 0,
    }
    good |= {"footage_vanished_held": 0}
    said = answers(good)
    assert "모두 정해진 때에 지웠습니다." in said
    assert "기한을 넘긴 청구는 없습니다." in said
    assert any("2026년 3분기에 이 시스템에서 저장된 영상을 재생한 일이 없습니다." in each for each in said)
    bad = {
        "destroyed_files": 12,
        "kept_unlawfully": 3,
        "requests_overdue": 2,
        "requests_decided_late": 1,
        "copies_overdue": 1,
    }
    said = answers(bad | {"footage_vanished_held": 4})
    assert "그 가운데 3개는 보관할 수 있는 때보다 오래 남아 있었습니다." in said
    assert "기한이 지나도록 답하지 못한 청구가 2건, 기한을 넘겨 답한 청구가 1건입니다." in said
    assert "남겨 두기로 한 영상 파일 4개가 사라졌습니다." in said
    # Nothing was destroyed: nothing was destroyed in time, either.
    assert "모두 정해진 때에 지웠습니다." not in answers({"destroyed_files": 0, "kept_unlawfully": 0})


@pytest.mark.django_db
def test_each_table_is_for_everybody_or_stays_with_the_committee():
    counted = for_period("2026Q3", now=NOW)
    assert {table.code for _, table in counted.tables()} == editions.PUBLIC | editions.WITHHELD
    counted.front = {
        "sentences": [{"label": "위원회가 정할 것", "text": "안건: 김씨의 청구", "public": "안건 1건"}],
        "matters": [{"title": "안내판", "owner": OWNER, "measure": "전화함"}],
    }
    told = json.dumps(editions.public(counted).to_json(), ensure_ascii=False)
    assert OWNER not in told
    assert "김씨" not in told
    assert "전화함" not in told
    # The frozen ones stay whole.
    assert counted.front["matters"][0]["owner"] == OWNER
    counted.sections[0].tables.append(Table("brand_new", "", [], [], ""))
    with pytest.raises(KeyError, match="brand_new"):
        editions.public(counted)


def test_a_row_of_few_points_at_nobody_and_the_total_stays():
    columns = [Column("label", "근거"), Column("agency", "받은 곳"), Column("given", "내보낸 것", "count")]
    rows = [
        {"key": ground, "label": ground, "agency": "경찰", "given": given}
        for ground, given in (("수사", 40), ("재판", 1), ("동의", 2), ("긴급", 3), ("그 밖", 0))
    ]
    table = Table(
        "given_by_ground", "", columns, rows, "", total={"key": "total", "label": "계", "given": 46}
    )
    counted = figures({})
    counted.sections[0].tables.append(table)
    shown = editions.public(counted).table("given_by_ground")
    told = [(row["label"], row["agency"], row["given"]) for row in shown.rows]
    assert told == [
        ("수사", "경찰", 40),
        ("긴급", "경찰", 3),
        ("그 밖", "경찰", 0),
        ("3건이 안 되는 것을 합침", "–", 3),
    ]
    assert sum(row["given"] for row in shown.rows) == shown.total["given"]
    # The committee has them as they are.
    assert counted.table("given_by_ground").rows == rows
    assert set(editions.OF_PERSONS) <= editions.PUBLIC


@pytest.mark.django_db
def test_each_column_that_decides_what_are_few_is_there():
    counted = for_period("2026Q3", now=NOW)
    for code, asked in editions.OF_PERSONS.items():
        assert set(asked) <= {column.code for column in counted.table(code).columns}, code


@pytest.fixture
def issued(db, tmp_path, settings):
    settings.PUBLIC_URL = "https://cctv.example.go.kr"
    with time_machine.travel(NOW, tick=True):
        situations.district(5)
        call_command(
            "issue_report", "committee", "--period", "2026Q3", "--output", str(tmp_path / "F.pdf"),
            "--without-annex", stderr=StringIO(),
        )  # fmt: skip
        yield IssuedReport.objects.get()


def test_the_editions_are_issued_with_the_report_and_stand_on_the_website(issued, tmp_path):
    entry = Entry.objects.get(kind="reports.issued")
    kept = {one["kind"]: one["sha256"] for one in issued.editions}
    assert [(one["kind"], one["sha256"]) for one in entry.content["editions"]] == list(kept.items())
    assert issue.is_untouched(issued)
    client = Client()
    for kind in (committee.PUBLIC, committee.RESIDENTS):
        content = b"".join(
            client.get(reverse("website_figures_edition", args=["2026Q3", kind])).streaming_content
        )
        with files.open_edition(issued, kind) as file:
            assert file.read() == content
        target = tmp_path / f"{kind}.pdf"
        target.write_bytes(content)
        reader = pdf_checks.read(target)
        pdf_checks.assert_archivable(reader)
        if kind == committee.PUBLIC:
            pdf_checks.assert_accessible(reader)
        else:  # without a table there is none to look at
            pdf_checks.assert_accessible(reader, has_tables=False)
        pdf_checks.assert_well_printed(target, tmp_path)
        if kind == committee.RESIDENTS:
            assert len(reader.pages) == 2
        else:
            # No folder of a recorder, no officer who confirmed.
            assert "뷁-unknown" not in "".join(pdf_checks.text(target))
            # Nothing that somebody would fill in by hand.
            first = pdf_checks.text(target)[0]
            assert not {word for word in ("문서번호", "회의·안건", "□") if word in first}
            assert "QR 코드" in "".join(str(one.get("/Alt")) for one in pdf_checks.structure(reader))
    data = client.get(reverse("website_figures_data", args=["2026Q3"])).content
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    (placed,) = [line for line in lines if ",새로 건 삭제 유예," in line]
    assert placed.startswith("삭제 유예,,새로 건 삭제 유예,,2,")
    page = client.get(reverse("website_figures_of", args=["2026Q3"])).content.decode()
    assert "출처" in page
    assert "다섯 가지 약속" in page
    # Each column says of which time it is.
    assert '<th scope="col" class="num">2026. 10. 2. 09:00 현재</th>' in page
    assert '<th scope="col" class="num">2026년 3분기</th>' in page
    assert "2026Q3</th>" not in page
    assert "뷁-unknown" not in page
    summed = client.get(reverse("website_figures_summary", args=["2026Q3"])).content.decode()
    assert "찍은 영상은 언제 지웁니까?" in summed


def test_a_file_is_known_by_its_digest_and_a_changed_one_is_not(issued):
    client, ask = Client(), "website_check_digest"
    said = client.get(reverse(ask, args=[issued.sha256])).json()
    assert said["is_found"]
    assert said["what"] == "운영위원회 보고서 2026Q3 제1판"
    assert said["entry"] == issued.ledger_entry
    # The entry of the issue lies behind the head that was printed.
    assert not said["is_sealed"]
    call_command("seal_ledger", stdout=StringIO(), stderr=StringIO())
    entry = Entry.objects.get(kind="reports.issued")
    for part, name in (("editions", "공개판"), ("enclosures", "첨부 파일")):
        answer = client.get(reverse(ask, args=[entry.content[part][0]["sha256"]])).json()
        assert answer["what"] == f"운영위원회 보고서 2026Q3 제1판 · {name}"
        assert answer["is_sealed"]
    changed = issued.sha256[:-1] + ("0" if issued.sha256[-1] != "0" else "1")
    assert client.get(reverse(ask, args=[changed])).json() == {"is_found": False}
    assert client.get(reverse(ask, args=["abc"])).status_code == 400
    typed = client.get(reverse("website_check"), {"sha256": issued.sha256.upper()})
    assert "발행한 그대로입니다." in typed.content.decode()
    assert client.get(reverse("website_check"), {"sha256": "nonsense"}).status_code == 400
