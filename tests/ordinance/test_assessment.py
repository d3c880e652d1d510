"""The assessment: what it counts, how findings open and close, and that nothing is ever deleted."""

import datetime as dt
import json
import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.longrun import AlreadyRunning, RunState
from cameras.enums import LinkStatus, PaperKind
from cameras.models import Camera
from cameras.register import import_file
from ledger.models import Entry
from ordinance import articles as ordinance_articles
from ordinance import assessment, assessment_run, exceptions, findings, rules, unruled
from ordinance.citations import LawOfDay
from ordinance.models import (
    AssessedRule,
    Assessment,
    EarlierEvidence,
    Finding,
    FindingCare,
    NeverDeleted,
    RuleException,
)
from tests.accounts.factories import OfficerFactory
from tests.cameras.factories import CameraFactory, as_csv, row
from tests.cameras.test_rules import paper
from tests.ordinance.duties import assess, excuse, open_findings, today

CODES = {
    "purpose",
    "place",
    "installation_checklist",
    "registered_builder",
    "prior_consultation",
    "consultation_conditions",
    "public_consultation",
    "resolution",
    "sign",
    "audio_off",
    "contract",
    "centre_link",
    "monitoring_scope",
    "retention_limit",
    "footage_overdue",
    "daily_proof",
    "nothing_stored",
    "self_inspection",
    "internal_plan",
    "held_footage",
    "vault_intact",
    "playback_reason",
    "access_reviewed",
    "look_explained",
    "masking_checked",
    "operation_policy",
    "necessity_review",
    "responsible_department",
    "deletion_confirmed",
    "ledger_witnessed",
    "request_answered",
    "request_identity",
    "training_current",
    "pledge_signed",
    "permission_reviewed",
    "provision_approved",
    "mayor_approval",
    "provision_restrictions",
    "provision_ended",
    "copy_ended",
    "copy_masked",
    "release_deliberated",
    "duty_covered",
    "handover_done",
    "incident_reported",
    "ptz_reason",
    "visit_approved",
    "provision_published",
    "committee_composed",
    "minutes_published",
    "allowance_paid",
    "condition_fulfilled",
    "meeting_notice",
    "member_term",
    "subject_notice",
    "particular_person",
}
# What cameras without any paper lack, counted with plain SQL.
PLAIN = {
    "purpose": "SELECT count(*) FROM cameras_camera WHERE state <> 'removed' AND (install_purpose NOT IN "
    "('crime_prevention', 'illegal_dumping', 'parking_management', 'traffic_information', 'illegal_parking', "
    "'disaster_prevention', 'other_public') OR pipa25_ground NOT IN (1, 2, 3, 4, 5, 6) "
    "OR (pipa25_ground = 1 AND special_law_basis = '') "
    "OR (install_purpose = 'other_public' AND purpose_detail = ''))",
    "place": "SELECT count(*) FROM cameras_camera WHERE state <> 'removed' AND place_kind = 'privacy'",
    "retention_limit": "SELECT count(*) FROM cameras_camera WHERE state <> 'removed' AND retention_days > 30 "
    "AND retention_law = ''",
    "installation_checklist": "SELECT count(*) FROM cameras_camera c WHERE installed_month >= '2023-05-01' AND state IN "
    "('deliberated', 'approved', 'installed', 'operating', 'suspended') AND NOT EXISTS (SELECT 1 FROM cameras_paper p "
    "JOIN cameras_papercamera l ON l.paper_id = p.id WHERE p.kind = 'installation_checklist' AND p.withdrawn_at IS NULL "
    "AND l.camera_id = c.id AND l.installation = c.installation)",
    "registered_builder": "SELECT count(*) FROM cameras_camera c WHERE installed_month >= '2023-05-01' AND state IN "
    "('installed', 'operating', 'suspended')",
    "public_consultation": "SELECT count(*) FROM cameras_camera c WHERE installed_month >= '2023-05-01' AND state IN "
    "('deliberated', 'approved', 'installed', 'operating', 'suspended') AND NOT EXISTS (SELECT 1 FROM cameras_paper p "
    "JOIN cameras_papercamera l ON l.paper_id = p.id WHERE p.kind IN ('public_consultation', 'consultation_exemption') "
    "AND p.withdrawn_at IS NULL AND l.camera_id = c.id AND l.installation = c.installation)",
    "sign": "SELECT count(*) FROM cameras_camera c WHERE state IN ('installed', 'operating', 'suspended') "
    "AND NOT is_sign_exempt AND NOT EXISTS (SELECT 1 FROM cameras_sign s WHERE s.site_id = c.site_id)",
    "audio_off": "SELECT count(*) FROM cameras_camera WHERE state IN ('installed', 'operating', 'suspended') "
    "AND (audio_checked_on IS NULL OR NOT audio_disabled OR audio_checked_on < '{year_ago}')",
    "necessity_review": "SELECT count(*) FROM cameras_camera c WHERE state IN ('operating', 'suspended') AND NOT EXISTS "
    "(SELECT 1 FROM cameras_paper p JOIN cameras_papercamera l ON l.paper_id = p.id WHERE p.kind = 'necessity_review' "
    "AND p.on_day >= '{year_ago}' AND l.camera_id = c.id)",
    "centre_link": "SELECT count(*) FROM cameras_camera WHERE state IN ('installed', 'operating', 'suspended') AND "
    "link_status <> 'linked' AND (link_status = 'unknown' OR link_exemption_reason = '' OR link_exemption_document = '')",
    "monitoring_scope": "SELECT count(*) FROM cameras_camera WHERE state IN ('operating', 'suspended') AND "
    "(monitoring_scope = 'unknown' OR (monitoring_scope = 'excluded' AND monitoring_document = ''))",
    "prior_consultation": "SELECT count(*) FROM cameras_camera WHERE installing_department_id IS NOT NULL",
    # Nobody was asked about an imported camera.
    "consultation_conditions": "SELECT 0",
    "resolution": "SELECT 0",
    "contract": "SELECT count(*) FROM cameras_entrustmentcontract",
    "footage_overdue": "SELECT count(*) FROM footage_footageday WHERE segments > 0",
    "daily_proof": "SELECT count(*) FROM footage_footageday WHERE segments > 0",
    "held_footage": "SELECT count(*) FROM footage_hold",
    "playback_reason": "SELECT count(DISTINCT camera_id) FROM records_footagelook WHERE case_kind = 'hold'",
    # Nothing came in and nobody looked: no month is owed.
    "access_reviewed": "SELECT count(*) FROM records_accesslogfile",
    "look_explained": "SELECT count(*) FROM records_accessfinding",
    "masking_checked": "SELECT count(*) FROM records_redaction",
    "vault_intact": "SELECT count(*) FROM footage_vaultintake",
    "deletion_confirmed": "SELECT count(*) FROM footage_storage",
    "request_answered": "SELECT count(*) FROM records_viewingrequest",
    "request_identity": "SELECT count(*) FROM records_viewingrequest",
    "training_current": "SELECT count(*) FROM records_staffmember",
    "pledge_signed": "SELECT count(*) FROM records_staffmember",
    "permission_reviewed": "SELECT count(*) FROM records_permissionreview",
    "provision_approved": "SELECT count(*) FROM records_provision",
    "mayor_approval": "SELECT count(*) FROM records_provision",
    "provision_restrictions": "SELECT count(*) FROM records_provision",
    "provision_ended": "SELECT count(*) FROM records_provision",
    "copy_ended": "SELECT count(*) FROM records_casecopy",
    "copy_masked": "SELECT count(*) FROM records_copyleaving",
    "release_deliberated": "SELECT count(*) FROM records_provision",
    # Nobody stands on a roster, which is the district's one finding; where there is none nothing is handed over.
    "duty_covered": "SELECT CASE WHEN count(*) = 0 THEN 1 ELSE 0 END FROM records_dutyshift",
    "handover_done": "SELECT count(*) FROM records_dutyshift",
    "incident_reported": "SELECT count(*) FROM records_incident",
    "ptz_reason": "SELECT count(*) FROM records_cameraturn",
    "visit_approved": "SELECT count(*) FROM records_visit",
    # Nobody sits on a committee here.
    "condition_fulfilled": "SELECT count(*) FROM committee_resolution",
    "meeting_notice": "SELECT count(*) FROM committee_meeting",
    "minutes_published": "SELECT count(*) FROM committee_meeting",
    "allowance_paid": "SELECT count(*) FROM committee_meeting",
    "committee_composed": "SELECT count(*) FROM committee_term",
    "member_term": "SELECT count(*) FROM committee_term",
    "provision_published": "SELECT count(*) FROM records_provision",
    "subject_notice": "SELECT count(*) FROM records_provision",
    "particular_person": "SELECT count(*) FROM records_provision",
    "ledger_witnessed": "SELECT 0",
    "nothing_stored": "SELECT count(*) FROM cameras_camera WHERE pipa25_ground = 6",
    "internal_plan": "SELECT 1 - count(*) FROM records_internalplan",
    "self_inspection": "SELECT count(*) FROM records_selfinspection",
    "operation_policy": "SELECT 1 - count(*) FROM cameras_operationpolicy WHERE version IS NOT NULL",
    "responsible_department": "SELECT 1 - count(*) FROM accounts_responsibledesignation",
}


def plain_count(code: str) -> int:
    year_ago = timezone.localdate().replace(year=timezone.localdate().year - 1)
    sql = PLAIN[code].format(year_ago=year_ago.isoformat()).replace("p.on_day", 'p."on"')
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.fixture
def imported(db, tmp_path, monkeypatch):
    """A district as the national dataset describes it, with one camera that is removed and one with some papers.

    Imported as a large file is: nobody has judged it yet.
    """
    monkeypatch.setattr("cameras.findings.MOST_OF_AN_IMPORT", 0)
    table = [
        row(
            관리번호=f"20263150000001{n:04d}",
            소재지도로명주소=f"서울특별시 강서구 화곡로 {n}",
            설치목적구분=("생활방범", "쓰레기단속", "교통단속", "기타")[n % 4],
            카메라대수=str(1 + n % 3),
            설치연월=("201905", "202403")[n % 2],
        )
        for n in range(1, 21)
    ]
    import_file(as_csv(tmp_path / "dataset.csv", table))
    first, second = Camera.objects.order_by("pk")[:2]
    Camera.objects.filter(pk=first.pk).update(state="removed", removed_on=today())
    paper(PaperKind.INSTALLATION_CHECKLIST, second)
    paper(PaperKind.NECESSITY_REVIEW, second)
    Camera.objects.filter(pk=second.pk).update(
        audio_checked_on=today(), link_status=LinkStatus.LINKED, monitoring_scope="live"
    )
    return list(Camera.objects.exclude(state="removed"))


# -- what is counted --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_rules_are_registered():
    assert {rule.code for rule in rules.all_rules()} == CODES


def test_each_rule_s_count_is_that_of_a_plain_query(imported):
    run = assess()
    assert {code: found["unmet"] for code, found in run.result.items()} == {
        code: plain_count(code) for code in CODES
    }


def test_a_camera_without_any_paper_lacks_what_an_import_lacks(imported):
    bare = CameraFactory()
    assess()
    lacking = {finding.rule.code for finding in findings.open_of("camera", bare.number)}
    assert {
        "sign",
        "audio_off",
        "public_consultation",
        "installation_checklist",
        "necessity_review",
    } <= lacking
    assert not {"purpose", "place", "retention_limit"} & lacking


def test_subjects_are_met_unmet_or_excepted(imported):
    excuse("sign", imported[0].number, imported[1].number, by=OfficerFactory())
    found = assess().result["sign"]
    assert found["subjects"] == len(imported)
    assert found["excepted"] == 2
    assert found["met"] + found["unmet"] + found["excepted"] == found["subjects"]


def test_the_command_prints_one_object_and_ends_well_although_duties_are_unmet(imported, capsys):
    call_command("assess", "--json")
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(said) == CODES
    assert said["sign"] == {
        "article": 9,
        "place": "제9조",
        "subjects": len(imported),
        "unmet": len(imported),
        "excepted": 0,
        "met": 0,
        "not_applicable": 0,
        "opened": len(imported),
        "closed": 0,
    }


# -- opening, staying, closing ----------------------------------------------------------------------------------


def test_a_finding_opens_once_stays_and_closes_with_evidence(imported):
    camera = imported[0]
    Camera.objects.filter(pk=camera.pk).update(audio_checked_on=None)
    first = assess(today() - dt.timedelta(days=2))
    finding = Finding.objects.get(rule__code="audio_off", number=camera.number)
    assert (finding.opened_on, finding.opened_by_id) == (first.on, first.pk)
    assert findings.what(finding) == "녹음기능을 쓰지 않는지 확인한 기록이 없습니다."

    second = assess(today() - dt.timedelta(days=1))
    assert second.result["audio_off"]["opened"] == second.result["audio_off"]["closed"] == 0
    assert Finding.objects.get(rule__code="audio_off", number=camera.number).pk == finding.pk

    Camera.objects.filter(pk=camera.pk).update(audio_checked_on=today())
    assert assess().result["audio_off"]["closed"] == 1
    finding.refresh_from_db()
    assert (finding.closed_on, finding.closing) == (today(), Finding.Closing.MET)
    assert finding.closing_evidence == today().isoformat()
    assert finding.evidence == "never"


def test_an_open_finding_says_todays_reason_with_the_earlier_ones_beside_it(imported):
    camera = imported[0]
    Camera.objects.filter(pk=camera.pk).update(audio_disabled=True, audio_checked_on=None)
    assess(today() - dt.timedelta(days=1))
    finding = Finding.objects.get(rule__code="audio_off", number=camera.number)
    Camera.objects.filter(pk=camera.pk).update(audio_disabled=False)
    of_the_rule = Finding.objects.filter(rule__code="audio_off").count()
    assess()
    finding.refresh_from_db()
    assert (finding.is_open, finding.evidence) == (True, "recording")
    assert finding.opened_on == today() - dt.timedelta(days=1)
    assert findings.what_before(finding) == [(today(), "녹음기능을 쓰지 않는지 확인한 기록이 없습니다.")]
    # One subject judged by itself says the same.
    Camera.objects.filter(pk=camera.pk).update(audio_disabled=True)
    assessment.rejudge([camera.number])
    finding.refresh_from_db()
    assert finding.evidence == "never"
    assert EarlierEvidence.objects.count() == 2
    assert Finding.objects.filter(rule__code="audio_off").count() == of_the_rule
    assess()
    assert EarlierEvidence.objects.count() == 2


def test_what_lapses_again_is_another_finding_and_the_old_one_stays(imported):
    camera = next(one for one in imported[1:] if one.installed_month.year == 2024)
    assess()
    paper_row = paper(PaperKind.INSTALLATION_CHECKLIST, camera)
    assessment.rejudge([camera.number])
    paper_row.withdrawn_at = timezone.now()
    paper_row.save()
    assessment.rejudge([camera.number])
    rows = Finding.objects.filter(rule__code="installation_checklist", number=camera.number).order_by("pk")
    assert [finding.is_open for finding in rows] == [False, True]
    assert rows[0].closing_evidence == f"안전관리과-1 ({today().isoformat()})"


def test_a_removed_camera_s_findings_close_as_not_covered(imported):
    camera = imported[0]
    assess()
    Camera.objects.filter(pk=camera.pk).update(state="removed", removed_on=today())
    assess()
    closings = set(Finding.objects.filter(number=camera.number).values_list("closing", flat=True))
    assert closings == {Finding.Closing.NOT_COVERED}


def test_a_rule_that_is_gone_closes_its_findings(imported):
    assess()
    gone = AssessedRule.objects.create(code="bygone", article=9, title="옛 의무", subject_kind="camera")
    Finding.objects.create(rule=gone, number=imported[0].number, opened_on=today())
    assess()
    assert Finding.objects.get(rule=gone).closing == Finding.Closing.RULE_GONE


def test_nothing_is_deleted(imported):
    assess()
    finding = Finding.objects.first()
    before = Finding.objects.count()
    Camera.objects.update(state="removed", removed_on=today())
    assess()
    assert Finding.objects.count() >= before
    with pytest.raises(NeverDeleted):
        finding.delete()
    with pytest.raises(NeverDeleted):
        Assessment.objects.first().delete()
    with pytest.raises(NotImplementedError):
        Finding.objects.all().delete()


def test_one_line_in_the_ledger_without_names(imported):
    assess()
    entries = Entry.objects.filter(kind="ordinance.assessed")
    assert entries.count() == 1
    said = json.loads(entries[0].payload)
    assert said["rules"]["sign"]["unmet"] == len(imported)
    assert imported[0].number not in entries[0].payload


# -- at once, for some ------------------------------------------------------------------------------------------


def test_rejudging_closes_and_opens_at_once_and_touches_nobody_else(imported):
    fixed, other = imported[2], imported[3]
    assess()
    Camera.objects.filter(pk__in=[fixed.pk, other.pk]).update(audio_checked_on=today())
    assert assessment.rejudge([fixed.number]) == (0, 1)
    assert fixed.number not in open_findings("audio_off")
    assert other.number in open_findings("audio_off")
    Camera.objects.filter(pk=fixed.pk).update(retention_days=60)
    assert assessment.rejudge([fixed.number], codes=["retention_limit"]) == (1, 0)
    assert open_findings("retention_limit") == {fixed.number}


@pytest.mark.django_db
def test_rejudging_asks_as_many_questions_for_many_as_for_one():
    numbers = [camera.number for camera in CameraFactory.create_batch(12)]
    assess()

    def count(chosen) -> int:
        with CaptureQueriesContext(connection) as captured:
            assessment.rejudge(chosen)
        return len(captured)

    assert count(numbers[:1]) == count(numbers)


def test_an_assessment_asks_as_many_questions_for_many_as_for_one(db, monkeypatch):
    # How often it says how far it is depends on the machine, not on the rows.
    monkeypatch.setattr("accounts.longrun.HEARTBEAT_PERIOD", dt.timedelta(days=1))

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assess()
        return len(captured)

    CameraFactory()
    count()
    with_one = count()
    CameraFactory.create_batch(15)
    assess()
    assert count() == with_one


def test_where_nobody_is_concerned_nothing_is_compared(db):
    CameraFactory()
    with CaptureQueriesContext(connection) as captured:
        result = assess().result
    compared = sum("AS unmet" in query["sql"] for query in captured)
    assert 0 < compared == sum(found["subjects"] > 0 for found in result.values()) < len(result)


# -- exceptions -------------------------------------------------------------------------------------------------


def test_an_exception_closes_the_finding_and_its_end_opens_another(imported):
    camera = imported[0]
    assess(today() - dt.timedelta(days=1))
    row = excuse("sign", camera.number, by=OfficerFactory())[0]
    closed = Finding.objects.get(rule__code="sign", number=camera.number)
    assert closed.closing == Finding.Closing.EXCEPTED
    RuleException.objects.filter(pk=row.pk).update(
        from_on=today() - dt.timedelta(days=5), until_on=today() - dt.timedelta(days=1)
    )
    assess()
    assert camera.number in open_findings("sign")


def test_revoking_opens_the_finding_at_once(imported):
    camera, manager = imported[0], OfficerFactory()
    row = excuse("sign", camera.number, by=manager)[0]
    exceptions.revoke(row, reason="공사 종료", by=manager)
    assert camera.number in open_findings("sign")
    with pytest.raises(exceptions.Refused):
        exceptions.revoke(row, reason="다시", by=manager)
    assert set(
        Entry.objects.filter(kind__startswith="ordinance.exception").values_list("kind", flat=True)
    ) == {
        exceptions.GRANTED,
        exceptions.REVOKED,
    }


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"citation": ""}, {"approver": ""}, {"until_on": dt.date(2020, 1, 1)}, {"numbers": []}],
)
def test_an_exception_without_one_of_its_parts_is_refused(imported, wrong):
    facts = {
        "rule": rules.get("sign"),
        "numbers": [imported[0].number],
        "reason": "공사",
        "citation": "조례 제9조",
        "approver": "과장",
        "until_on": today(),
        **wrong,
    }
    with pytest.raises(exceptions.Refused):
        exceptions.grant(exceptions.Grant(**facts), by=OfficerFactory())
    assert not RuleException.objects.exists()


def test_two_exceptions_at_once_for_the_same_are_refused(imported):
    excuse("sign", imported[0].number, by=OfficerFactory())
    with pytest.raises(exceptions.Refused, match=imported[0].number):
        excuse("sign", imported[0].number, by=OfficerFactory())


# -- care -------------------------------------------------------------------------------------------------------


def test_many_findings_get_an_owner_and_keep_what_was_not_asked(imported):
    assess()
    owner, by = OfficerFactory(), OfficerFactory()
    chosen = list(Finding.objects.open().filter(rule__code="sign"))
    findings.care_for(chosen[:1], by=by, note="주민 민원", only=frozenset({"note"}))
    assert findings.care_for(chosen, by=by, owner=owner, only=frozenset({"owner"})) == len(chosen)
    assert FindingCare.objects.filter(owner=owner).count() == len(chosen)
    assert FindingCare.objects.get(pk=chosen[0].pk).note == "주민 민원"
    assert FindingCare.history.filter(finding=chosen[0].pk).count() == 2


# -- runs -------------------------------------------------------------------------------------------------------


def test_a_day_to_come_and_one_before_the_last_assessment_are_refused(imported):
    with pytest.raises(assessment_run.Refused):
        assess(today() + dt.timedelta(days=1))
    assess()
    with pytest.raises(assessment_run.Refused):
        assess(today() - dt.timedelta(days=1))
    with pytest.raises(CommandError) as refused:
        call_command("assess", "--on", "2020-01-01")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("day", ["2020-01-01", "2999-12-31", "내일", "2026-02-30"])
def test_a_refused_day_is_said_as_json_too(imported, capsys, day):
    assess()
    with pytest.raises(CommandError) as refused:
        call_command("assess", "--on", day, "--json")
    assert refused.value.returncode == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"error": str(refused.value)}


def test_a_second_run_is_refused_while_one_is_under_way(imported):
    Assessment.objects.create(on=today(), state=RunState.RUNNING, heartbeat_at=timezone.now())
    with pytest.raises(AlreadyRunning):
        assess()
    assert Assessment.objects.order_by("-pk").first().state == RunState.FAILED
    assert not Finding.objects.exists()


def test_a_run_whose_process_died_does_not_keep_others_from_running(imported):
    long_ago = timezone.now() - dt.timedelta(hours=1)
    dead = Assessment.objects.create(on=today(), state=RunState.RUNNING, heartbeat_at=long_ago)
    assert assess().state == RunState.SUCCEEDED
    dead.refresh_from_db()
    assert dead.state == RunState.FAILED


def test_a_cancelled_run_keeps_what_it_judged_and_writes_no_line(imported, monkeypatch):
    run = Assessment.objects.create(on=today())
    seen = []

    def beat(self, done, total=None, step=""):
        seen.append(done)
        if done == 5:
            self.cancel_requested = True
            from accounts.longrun import Cancelled

            raise Cancelled

    monkeypatch.setattr(Assessment, "beat", beat)
    assessment_run.carry_out(run)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert Finding.objects.open().exists()
    assert not Entry.objects.filter(kind="ordinance.assessed").exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_open_each_finding_once():
    CameraFactory.create_batch(5)
    errors = []

    def run():
        try:
            assessment_run.assess(wait=True)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=run) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert errors == []
    assert Assessment.objects.filter(state=RunState.SUCCEEDED).count() == 2
    numbers = list(Finding.objects.open().filter(rule__code="sign").values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 5


@pytest.mark.django_db(transaction=True)
def test_a_large_register_has_the_same_result_over_two_connections_where_the_database_allows_them(
    monkeypatch,
):
    CameraFactory.create_batch(3)
    monkeypatch.setattr(assessment_run, "LARGE", -1)
    assert assessment_run._is_worth_two_connections() is (connection.vendor == "postgresql")
    run = assess()
    assert run.state == RunState.SUCCEEDED
    assert set(run.result) == CODES
    assert run.result["sign"]["opened"] == 3


# -- law --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_rule_cites_the_version_in_force_on_the_day():
    rule = rules.get("sign")
    before = [str(cited) for cited in LawOfDay(dt.date(2023, 9, 14)).cite(rule)]
    after = [str(cited) for cited in LawOfDay(dt.date(2023, 9, 15)).cite(rule)]
    assert before[0] == "조례 제9조 (2023-05-10 시행)"
    assert before[1] == "개인정보 보호법 제25조제4항 (2020-08-05 시행)"
    assert after[1] == "개인정보 보호법 제25조제4항 (2023-09-15 시행)"


@pytest.mark.django_db
def test_every_article_has_a_rule_or_says_why_not_and_none_has_both():
    ruled = {rule.article for rule in rules.all_rules() if rule.article is not None}
    explained = unruled.reasons("gangseo")
    numbers = set(ordinance_articles.current().values_list("number", flat=True))
    assert numbers == set(range(1, 32))
    assert ruled | set(explained) == numbers
    assert not ruled & set(explained)
    assert all(each.reason.strip() for each in explained.values())


@pytest.mark.django_db
def test_every_rule_says_what_it_covers_what_to_do_and_every_code_of_its_evidence():
    for rule in rules.all_rules():
        assert rule.covers, rule.code
        assert rule.message, rule.code
        assert rule.remedy, rule.code
        assert rule.citations, rule.code
        # What is found of the district as a whole is told in words that name the time; they are no codes.
        is_told_in_words = rule.subject == rules.Subject.DISTRICT and not rule.words
        assert bool(rule.evidence) == bool(rule.words) or is_told_in_words, rule.code
