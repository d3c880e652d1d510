"""The law that `migrate` brings, and reading it again from files, good and bad."""

import datetime
import io
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from ordinance import articles, grounds, loading, parameters, seeding
from ordinance.models import Article, Ground, Law, LawVersion, Ordinance, Parameter, ParameterDefinition
from tests.ordinance.factories import day

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> tuple[int, dict | None, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("load_ordinance", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
    lines = out.getvalue().splitlines()
    return code, json.loads(lines[-1]) if lines else None, err.getvalue()


# -- what is there after `migrate` --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "number"),
    [("2023-05-10", "1548"), ("2025-03-04", "1548"), ("2025-03-05", "1694"), ("2025-10-01", "1738")],
)
def test_each_version_has_its_31_articles(on, number):
    assert articles.version(day(on)).number == number
    rows = list(articles.current(day(on)))
    assert [row.number for row in rows] == list(range(1, 32))
    assert {row.ordinance.number for row in rows} == {number}
    assert all(
        row.title and row.summary and row.source_url.startswith("https://www.law.go.kr/") for row in rows
    )


def test_before_the_ordinance_there_are_no_articles():
    assert articles.version(day("2023-05-09")) is None
    assert not articles.current(day("2023-05-09")).exists()


def test_article_27_changed_on_2025_03_05_and_article_26_on_2025_10_01():
    def texts(on: str) -> dict[int, str]:
        return dict(articles.current(day(on)).values_list("number", "summary"))

    before, after, now = texts("2025-03-04"), texts("2025-03-05"), texts("2025-10-01")
    assert [number for number in before if before[number] != after[number]] == [27]
    assert "심신장애" in before[27]
    assert "심신장애" not in after[27]
    assert [number for number in after if after[number] != now[number]] == [26]
    assert "각종 위원회 구성 및 운영에 관한 조례 제14조" in now[26]
    assert "제14조" not in after[26]


# Of the official text (No. 1738).
TITLES = (
    "목적",
    "정의",
    "적용범위",
    "전담부서의 지정",
    "영상정보처리기기의 설치기준",
    "영상정보처리기기의 설치",
    "사전협의",
    "의견수렴",
    "안내판의 설치",
    "영상정보처리기기의 조작 및 기능",
    "영상정보처리기기 설치 및 유지보수업무 등의 위탁",
    "통합관제센터의 구축",
    "영상정보처리기기 및 관제시스템 연계",
    "관제의 범위",
    "통합관제센터의 역할",
    "통합관제센터의 운영",
    "인력 확보 등",
    "관제 전담요원의 근무",
    "출입자 통제 등",
    "수집의 제한",
    "영상정보의 이용 및 제공의 제한",
    "열람 등의 요청",
    "영상정보에 대한 보호조치 등",
    "영상정보의 보관 및 삭제",
    "교육 및 비밀유지 의무",
    "구성",
    "임기 및 해촉",
    "위원회의 기능",
    "위원회 운영 등",
    "수당",
    "시행규칙",
)
CHAPTERS = {
    "제1장 총 칙": range(1, 5),
    "제2장 영상정보처리기기의 설치ㆍ운영 등": range(5, 12),
    "제3장 통합관제센터의 구축ㆍ운영": range(12, 20),
    "제4장 영상정보의 수집ㆍ이용ㆍ제공": range(20, 26),
    "제5장 영상정보처리기기 운영위원회 설치ㆍ운영": range(26, 32),
}


@pytest.mark.parametrize("on", ["2023-05-10", "2025-03-05", "2025-10-01"])
def test_articles_and_chapters_have_their_official_titles(on):
    rows = list(articles.current(day(on)).values_list("number", "title", "chapter"))
    assert rows == [
        (number, title, next(name for name, numbers in CHAPTERS.items() if number in numbers))
        for number, title in enumerate(TITLES, start=1)
    ]


def test_the_words_of_the_law_are_those_of_the_text():
    texts = dict(articles.current(day("2026-11-29")).values_list("number", "summary"))
    assert "외부 전문요원에게 위탁" in texts[17]
    assert "다른 법령의 규정" in texts[24]
    assert "회의에 참석하는 경우" in texts[30]
    assert "설치" not in texts[28]


def test_marks_follow_the_check_of_2026_11_28():
    """행정기본법 6(1) refers to the Civil Act; 정보공개법 11 and 29, 민원처리법 시행령 15 were read."""
    snapshot = parameters.snapshot(day("2026-11-29"))
    read = (
        "counting_rule_pipa_viewing",
        "counting_rule_disclosure",
        "petition_answer_days",
        "disclosure_answer_days",
        "disclosure_extension_days",
    )
    assert all(snapshot[code].is_verified for code in read)
    assert "행정기본법 제6조제1항" in snapshot["counting_rule_pipa_viewing"].citation


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("gangseo", (30, "destroy", "urgent_mayor_after", True, 15, 2, "unlimited", None, False)),
        ("gangbuk", (30, "return", "mayor_all", True, 15, 2, "once", None, False)),
        ("nowon", (30, "return", "mayor_all", True, 20, None, "none", 10, True)),
        ("jongno", (30, "destroy_and_report", "mayor_all", False, 20, None, "none", None, True)),
        ("mapo", (30, "destroy", "mayor_all", True, 15, 2, "once", 20, False)),
        ("gangdong", (30, "destroy_and_report", "department_head", False, 13, 2, "once", None, False)),
    ],
)
def test_a_district_is_other_rows(settings, profile, expected):
    settings.ORDINANCE_PROFILE = profile
    codes = [
        "retention_max_days",
        "provided_copies",
        "release_approval_line",
        "investigation_notice_duty",
        "committee_max_size",
        "committee_term_years",
        "committee_renewal",
        "small_install_threshold",
        "committee_is_per_item",
    ]
    assert tuple(parameters.value(code).value for code in codes) == expected


def test_every_profile_answers_for_every_parameter():
    local = set(Parameter.objects.filter(profile="gangseo").values_list("code", flat=True))
    national = set(Parameter.objects.filter(profile="").values_list("code", flat=True))
    assert local | national == set(ParameterDefinition.objects.values_list("code", flat=True))
    for profile in Ordinance.objects.values_list("profile", flat=True).distinct():
        assert set(parameters.snapshot(profile=profile)) == local | national


def test_a_parameter_says_where_it_comes_from():
    found = parameters.value("retention_max_days")
    assert (found.value, found.citation, found.is_verified) == (30, "조례 제24조제1항", True)
    assert (found.effective_on, found.article_number) == (day("2023-05-10"), 24)
    assert articles.current().get(number=found.article_number).title == "영상정보의 보관 및 삭제"
    assert not parameters.value("audio_check_months").is_verified
    assert parameters.value("audio_check_months").mark_label == "설정(법정 수치 아님)"
    national = parameters.value("destruction_margin_days")
    assert (national.value, national.is_national) == (5, True)
    assert "지침 제10조" in national.citation
    assert parameters.value("viewing_answer_days").value == 10


def test_the_value_of_the_day_and_the_districts_own_first(django_assert_num_queries):
    Parameter.objects.create(
        profile="gangseo",
        code="viewing_answer_days",
        value=7,
        effective_on=day("2027-01-01"),
        citation="조례 제22조",
    )
    assert parameters.value("viewing_answer_days", day("2026-12-31")).value == 10
    assert parameters.value("viewing_answer_days", day("2027-01-01")).value == 7
    assert parameters.value("viewing_answer_days", day("2027-01-01"), "gangbuk").value == 10
    with django_assert_num_queries(1):
        parameters.snapshot()


def test_a_change_holds_at_once_with_its_history():
    row = Parameter.objects.get(profile="gangseo", code="retention_max_days")
    row.value = 14
    row.save()
    assert parameters.value("retention_max_days").value == 14
    assert [each.value for each in row.history.all()] == [14, 30]


def test_an_unknown_parameter_is_named():
    with pytest.raises(parameters.UnknownParameter, match="no_such_code"):
        parameters.value("no_such_code")
    with pytest.raises(parameters.UnknownParameter, match="2011-01-01"):
        parameters.value("retention_max_days", day("2011-01-01"))


@pytest.mark.parametrize(
    ("code", "wrong", "message"),
    [
        ("retention_max_days", "30", "정수"),
        ("retention_max_days", True, "정수"),
        ("retention_max_days", 0, "1 이상"),
        ("retention_max_days", 99999, "3650 이하"),
        ("retention_max_days", None, "값이 필요"),
        ("provided_copies", "burn", "가운데 하나"),
        ("is_24_hours", "yes", "true"),
        ("self_inspection_report_by", "  ", "빈칸"),
        ("working_hours", ["18:00-09:00"], "시간대"),
        ("working_hours", ["09:00-12:00", "11:00-18:00"], "시간대"),
        ("working_hours", [], "시간대"),
        ("working_hours", "09:00-18:00", "시간대"),
        ("working_hours", ["9-18"], "시간대"),
        ("working_hours", ["09:00-25:00"], "시간대"),
        ("no_such_code", 1, "알 수 없는"),
    ],
)
def test_a_wrong_value_is_refused_when_typed(code, wrong, message):
    row = Parameter(profile="", code=code, value=wrong, effective_on=day("2026-01-01"), citation="시험")
    with pytest.raises(ValidationError, match=message):
        row.full_clean()


@pytest.mark.parametrize(
    ("code", "value"),
    [("committee_term_years", None), ("working_hours", ["00:00-24:00"]), ("is_24_hours", False)],
)
def test_a_right_value_is_taken(code, value):
    Parameter(
        profile="x", code=code, value=value, effective_on=day("2026-01-01"), citation="시험"
    ).full_clean()


# -- grounds -----------------------------------------------------------------------------------------------------------


def test_pipa_18_2_has_ten_items_and_never_publishes_1_and_7():
    rows = Ground.objects.layer(Ground.Layer.PIPA_PROVISION).order_by("position")
    assert [row.item for row in rows] == [str(n) for n in range(1, 11)]
    in_force = grounds.national_for_provision(day("2026-11-21"))
    assert [row.item for row in in_force] == ["1", "2", "3", "5", "6", "7", "8", "9", "10"]
    assert {row.item for row in in_force.to_publish()} == {"2", "3", "5", "6", "8", "9", "10"}
    assert {row.item for row in in_force if row.is_public_body_only} == {"5", "6", "7", "8", "9"}


@pytest.mark.parametrize(
    ("on", "items"),
    [
        ("2020-08-04", "1 2 3 4 5 6 7 8 9"),
        ("2020-08-05", "1 2 3 5 6 7 8 9"),
        ("2023-09-14", "1 2 3 5 6 7 8 9"),
        ("2023-09-15", "1 2 3 5 6 7 8 9 10"),
    ],
)
def test_the_list_is_that_of_its_day(on, items):
    assert [row.item for row in grounds.national_for_provision(day(on))] == items.split()


def test_the_ordinances_six_grounds_stand_beside_national_ones(django_assert_num_queries):
    with django_assert_num_queries(2):
        found = {
            row.code: (row.must_publish, [each.item for each in row.national.all()])
            for row in grounds.for_provision(day("2026-11-21"))
        }
    assert found == {
        "CONSENT": (False, ["1"]),
        "OTHER_LAW": (True, ["2"]),
        "INVESTIGATION": (False, ["7"]),
        "COURT": (True, ["8"]),
        "STATISTICS": (False, []),
        "URGENT_PUBLIC_INTEREST": (True, ["3", "10"]),
    }


def test_both_layers_agree_on_publication():
    for row in grounds.for_provision():
        assert {each.must_publish for each in row.national.all()} <= {row.must_publish}


def test_refusal_grounds_fit_footage_and_the_kind_of_request():
    """Taxes, grades, tests and compensation (35(4)3가-라) never refuse; who is missing is told so, not refused."""
    offered = {
        kind: (
            [row.item for row in grounds.national_for_refusal(kind)],
            [row.item for row in grounds.for_refusal(kind)],
        )
        for kind in ("existence", "viewing", "correction")
    }
    assert offered == {
        "existence": (["1", "2", "3마"], ["1", "5"]),
        "viewing": (["1", "2", "3마"], ["1", "4", "5"]),
        "correction": (["1", "1단서"], ["3"]),
    }
    (others,) = [row for row in grounds.for_refusal("viewing") if row.is_partial_only]
    (harm,) = [row for row in grounds.national_for_refusal("viewing") if row.is_partial_only]
    assert list(others.national.all()) == [harm]
    assert harm.item == "2"


@pytest.mark.parametrize(("on", "count", "word"), [("2023-09-14", 5, ""), ("2023-09-15", 6, "정당한 권한")])
def test_pipa_25_1_by_version(on, count, word):
    rows = list(grounds.current("pipa25", day(on)))
    assert [row.item for row in rows] == [str(n) for n in range(1, count + 1)]
    assert all(word in row.summary for row in rows if row.item in {"3", "4", "5"})


@pytest.mark.parametrize(
    ("on", "manager"),
    [("2023-09-14", "관리책임자 성명 및 연락처"), ("2023-09-15", "관리책임자의 연락처")],
)
def test_sign_contents_by_version_of_the_law(on, manager):
    plain = [row.label for row in grounds.sign_contents(day(on))]
    assert plain == ["설치 목적 및 장소", "촬영 범위 및 시간", manager]
    full = grounds.sign_contents(day(on), is_entrusted=True, is_integrated=True)
    assert [row.label for row in full][3:] == ["수탁자의 명칭 및 연락처", "통합관리에 관한 내용"]
    assert grounds.sign_contents(day("2026-01-01"), "gangseo").count() == 3


def test_national_laws_are_citable():
    assert (
        Law.objects.filter(source_url__startswith="https://www.law.go.kr/").count()
        == Law.objects.count()
        > 10
    )
    version = LawVersion.objects.get(law__code="pipa", effective_on="2023-09-15")
    assert version.mark == "V"


# -- loading again -----------------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing():
    code, result, _err = _run("--json")
    assert code == 0
    assert {(each["created"], each["updated"]) for each in result["files"]} == {(0, 0)}
    before = Parameter.history.count()
    seeding.after_migrate()
    assert Parameter.history.count() == before


def test_what_a_person_changed_is_kept_unless_told_otherwise():
    row = Parameter.objects.get(profile="gangseo", code="audio_check_months")
    row.value = 6
    row.save()
    seeding.after_migrate()
    code, result, err = _run("--profile", "gangseo", "--json")
    assert (code, result["files"][0]["kept"]) == (0, 1)
    assert "화면에서 고친 값" in err
    assert parameters.value("audio_check_months").value == 6
    _run("--profile", "gangseo", "--overwrite-edited")
    assert parameters.value("audio_check_months").value == 12


def test_a_lost_row_comes_back_with_migrate():
    Article.objects.filter(number=31).delete()
    seeding.after_migrate()
    assert Article.objects.filter(number=31).count() == 3


DISTRICT = """
profile = "songpa"
district = "송파구"
title = "송파구 조례"
source_url = "https://www.law.go.kr/자치법규/송파구조례"

[[ordinance]]
promulgated_on = 2026-01-01
effective_on = 2026-01-01

[[article]]
number = 1
title = "목적"
summary = "목적을 정한다."

[[parameter]]
code = "retention_max_days"
value = 14
effective_on = 2026-01-01
citation = "조례 제9조"
article_number = 9
mark = "V"

[[ground]]
layer = "ordinance21"
item = "1"
code = "COURT"
title = "재판"
citation = "조례 제8조제1호"
effective_on = 2026-01-01
must_publish = true
national = ["pipa18:8"]
"""


def _file(folder: Path, text: str | bytes) -> str:
    path = folder / "district.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_another_district_from_a_file(tmp_path, settings):
    path = _file(tmp_path, DISTRICT)
    code, result, _err = _run(path, "--dry-run", "--json")
    assert (code, result["files"][0]["created"]) == (0, 4)
    assert not Parameter.objects.filter(profile="songpa").exists()
    assert _run(path)[0] == 0
    settings.ORDINANCE_PROFILE = "songpa"
    assert parameters.value("retention_max_days").value == 14
    assert articles.current().count() == 1
    assert [each.item for each in grounds.for_provision().get().national.all()] == ["8"]
    assert _run(path, "--profile", "gwanak")[0] == 0
    assert parameters.value("retention_max_days", profile="gwanak").value == 14


def test_a_changed_file_updates_and_says_what(tmp_path):
    _run(_file(tmp_path, DISTRICT))
    code, result, err = _run(_file(tmp_path, DISTRICT.replace("value = 14", "value = 21")), "--json")
    assert (code, result["files"][0]["updated"], result["files"][0]["created"]) == (0, 1, 0)
    assert "value: 14 → 21" in err
    assert parameters.value("retention_max_days", profile="songpa").value == 21
    taken_out = DISTRICT.replace("must_publish = true\n", "").replace("article_number = 9\n", "")
    code, result, _err = _run(_file(tmp_path, taken_out), "--json")
    assert (code, result["files"][0]["updated"]) == (0, 2)
    assert not Ground.objects.get(profile="songpa").must_publish


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value = 14", 'value = "많이"', "정수여야 합니다"),
        ("value = 14", "value = 0", "1 이상"),
        ("value = 14", "value = 2026-01-01", "값이어야"),
        ('"retention_max_days"', '"no_such_thing"', "알 수 없는 설정 항목"),
        ("effective_on = 2026-01-01\ncitation", 'effective_on = "2026-01-01"\ncitation', "날짜이어야"),
        ('citation = "조례 제9조"\n', "", "citation: 값이 필요합니다"),
        ('mark = "V"', 'mark = "X"', "mark"),
        ("number = 1\n", "number = -1\n", "number"),
        ("number = 1\n", "number = 1\ncolour = 3\n", "알 수 없는 항목"),
        ('title = "목적"', 'title = "' + "가" * 101 + '"', "title"),
        ('"pipa18:8"', '"pipa18:88"', "없는 상위법 근거"),
        ('layer = "ordinance21"', 'layer = "nowhere"', "layer"),
        ('source_url = "https', 'source_url = "javascript:https', "source_url"),
        ('profile = "songpa"', 'profile = "송파"', "profile"),
        ('profile = "songpa"\n', "", "profile"),
        ('district = "송파구"\n', "", "district"),
        ("[[parameter]]", "[[parametre]]", "알 수 없는 표"),
        ("[[ordinance]]", "[ordinance]", "꼴의 표"),
        (
            "[[article]]",
            DISTRICT[DISTRICT.index("[[article]]") : DISTRICT.index("[[parameter]]")] + "[[article]]",
            "같은 행",
        ),
        ("must_publish = true", "must_publish = true\nuntil_on = 2020-01-01", "앞설 수 없습니다"),
        ("profile", "profile ==", "TOML 형식"),
    ],
)
def test_every_mistake_is_named_and_nothing_is_stored(tmp_path, old, new, message):
    assert old in DISTRICT
    code, result, err = _run(_file(tmp_path, DISTRICT.replace(old, new, 1)), "--json")
    assert code == 2
    assert message in err
    assert result["ok"] is False
    assert not Parameter.objects.filter(profile="songpa").exists()
    assert not Ordinance.objects.filter(district="송파구").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x = [" * 5000, b"[[law]]\n", b"profile = 3\n"])
def test_what_is_no_such_file_is_refused(tmp_path, content):
    code, _result, err = _run(_file(tmp_path, content))
    assert code == 2
    assert err


@pytest.mark.parametrize(
    "arguments", [["/no/such.toml"], ["/"], ["--profile", "atlantis"], ["--profile", "../x"]]
)
def test_what_is_not_there_is_refused(arguments):
    code, _result, err = _run(*arguments)
    assert code == 2
    assert err


def test_shipped_files_name_the_official_address_of_each_article():
    for row in Article.objects.select_related("ordinance"):
        assert row.source_url == row.ordinance.source_url
    assert loading.shipped_files()[0].name == loading.NATIONAL_FILE
    assert isinstance(Ordinance.objects.get(number="1738").promulgated_on, datetime.date)


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_is_complete_again():
    Parameter.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert parameters.value("retention_max_days").value == 30
