"""What fills the portal's pages beyond `tests.portal.world`: rows, files, findings, footage, states of every kind.

Everything through the domain's own functions; where a page shows something else for another object or another
question in its address, `World.further` names it.
"""

import uuid
from datetime import timedelta
from pathlib import Path

from django.core.files import File
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from cameras import lifecycle, papers, policy, prior_consultation, projects, sign_reports
from cameras import tasks as camera_tasks
from cameras.consultation import answers, moderation, result
from cameras.consultation.opinions import Answer
from cameras.enums import LifecycleEvent, OpinionDecision, PaperKind, SignReportOutcome
from cameras.models import Camera, ImportRun, InstallationProject, PublicConsultation
from footage import confirmations, destruction, holds, proofs
from footage import tasks as footage_tasks
from footage.models import Scan, Sweep, UnclaimedFolder
from ordinance import assessment_run, findings
from ordinance.models import Finding
from portal import ledger_check, ledger_check_run
from tests.accounts.factories import DepartmentFactory
from tests.cameras import consultations
from tests.cameras.contracts import asked, entered, trained
from tests.cameras.factories import CameraFactory, SiteFactory, as_csv, row, rows
from tests.cameras.life import CONTENTS, fleet
from tests.cameras.situations_of_signs import a_sign, a_site
from tests.committee.factories import MeetingFactory, recorded
from tests.footage.factories import Recorder
from tests.portal.world import World
from tests.records.situations import received

LONG = (
    "범죄와 쓰레기 무단투기를 막고 어린이의 통학로를 지키기 위하여 설치하며, 주거지의 창문이 찍히지 않도록 방향을 "
    "맞추고 가림 처리를 합니다. 현장을 확인한 뒤 주민의 의견을 들어 위치를 조정하였습니다."
)


def fill(sample: World, folder: Path) -> None:
    """`folder` is for the recorder's files."""
    manager, official = sample.officers[Role.CCTV_MANAGER], sample.officers[Role.OFFICIAL]
    camera = Camera.objects.get(pk=sample.by_view["cameras"]["pk"])
    _describe(camera, manager)
    _footage(sample, folder, camera, manager)
    _projects(sample, camera, manager)
    _consultations(sample, manager)
    _contracts(sample, official)
    _committee(sample)
    _citizens(sample, camera, manager)
    _import(sample, folder, manager)
    _policy(sample, manager)
    _ledger(sample, manager)
    # Last: the findings are about all of that.
    _duties(sample, manager)
    _choices(sample, camera)


def _add(sample: World, name: str, *pks: int, query: str = "") -> None:
    """Further addresses of a view: of these objects, or its own with a question."""
    paths = [reverse(name, args=[pk]) for pk in pks] or [reverse(name)]
    sample.further.setdefault(name, []).extend(path + query for path in paths)


def _describe(camera: Camera, by: Officer) -> None:
    """The camera and its place with everything that their pages can show, and neighbours for the lists and the map."""
    for number in range(12):
        CameraFactory(
            with_papers=True, filming_direction=f"화곡로{number}길 골목 안쪽과 어린이공원 출입구 방향"
        )
    a_sign(a_site(cameras=3), by)
    papers.file(
        PaperKind.NECESSITY_REVIEW,
        on=timezone.localdate() - timedelta(days=30),
        document_number="안전관리과-2201",
        title="2026년 필요성 검토 결과 보고",
        cameras=fleet(camera),
        contents=CONTENTS[PaperKind.NECESSITY_REVIEW],
        by=by,
    )
    lifecycle.act(
        LifecycleEvent.SUSPEND,
        fleet(camera),
        on=timezone.localdate() - timedelta(days=2),
        by=by,
        reason="도로 굴착 공사로 전원이 끊겨 촬영을 멈춤",
        document_number="안전관리과-2415",
    )


def _footage(sample: World, folder: Path, camera: Camera, by: Officer) -> None:
    """A recorder that was scanned and swept: kept, held, due, unclaimed and unreadable files."""
    now = timezone.now().replace(microsecond=0)
    recorder = Recorder(folder / "nvr")
    for days in (0.5, 1, 2, 29, 31, 33):
        for hour in range(3):
            recorder.write(camera.recording_key, now - timedelta(days=days, hours=hour))
    recorder.write("old-gate-test", now - timedelta(days=3))
    recorder.put(recorder.root / "recordings" / "점검 사본 (현장 확인용).mp4", mtime=now - timedelta(days=3))
    hold = holds.place(
        camera,
        now - timedelta(days=30),
        now - timedelta(days=28),
        reason="절도 사건 수사를 위한 영상 제공 요청 접수",
        by=by,
        article="제24조제1항제2호",
        case_reference="강서경찰서 2026-10482",
    )
    released = holds.place(
        camera, now - timedelta(days=20), now - timedelta(days=19), reason="수사 협조", by=by
    )
    holds.release(released, reason="수사가 끝났다는 통지를 받음", by=None, actor="command:release_hold")
    scan = Scan.objects.create(storage=recorder.storage, requested_by=by)
    footage_tasks.scan(scan.pk)
    swept = destruction.sweep(actor=f"officer:{by.pk}", storage=recorder.storage)
    assert swept.is_ok, swept
    rehearsal = Sweep.objects.create(at=now, is_dry_run=True, requested_by=by)
    footage_tasks.sweep(rehearsal.pk)
    for day in (timezone.localdate() - timedelta(days=1), timezone.localdate()):
        proofs.prove(day, now=now)
    today = timezone.localdate()
    confirmations.confirm(by=by, period_from=today - timedelta(days=30), period_until=today, is_working=True)
    confirmations.confirm(
        by=by,
        period_from=today - timedelta(days=60),
        period_until=today - timedelta(days=31),
        is_working=False,
        note="제2저장소의 연결이 하루 동안 끊겨 파기가 늦어졌음",
    )
    _add(sample, "footage:storage", recorder.storage.pk)
    _add(sample, "footage:scan", scan.pk)
    _add(sample, "footage:sweep", *Sweep.objects.values_list("pk", flat=True))
    _add(sample, "footage:hold", hold.pk, released.pk)
    _add(sample, "footage:folder", *UnclaimedFolder.objects.filter(files__gt=0).values_list("pk", flat=True))
    _add(sample, "footage:destroyed", query=f"?camera={camera.number}")


def _projects(sample: World, camera: Camera, by: Officer) -> None:
    """One that waits for a reply, one with its papers, and the moves of its cameras."""
    department = DepartmentFactory(name="공원녹지과")
    waiting, further = (
        projects.open_project(
            title, installing_department=department, by=by, summary=LONG, works_start_on=timezone.localdate()
        )
        for title in ("어린이공원 방범 카메라 설치", "상습 무단투기 지역 카메라 설치")
    )
    values = {
        "install_purpose": "crime_prevention",
        "dataset_purpose": "생활방범",
        "pipa25_ground": 2,
        "retention_days": 30,
    }
    for project in (waiting, further):
        for _ in range(3):
            projects.plan_camera(SiteFactory(), values, by=by, reason="새로 설치", project=project)
    asked_for = prior_consultation.ask(
        waiting, plan=LONG, request_document="공원녹지과-714", on=timezone.localdate(), by=by
    )
    _add(sample, "projects:page", waiting.pk, further.pk)
    _add(sample, "prior_consultation:page", asked_for.pk)
    _add(sample, "prior_consultation:reply", asked_for.pk)
    _add(sample, "lifecycle:page", *camera.moves.values_list("act_id", flat=True))


def _consultations(sample: World, by: Officer) -> None:
    """A draft, one that runs with a hidden and an answered opinion, and a survey with its answers."""
    draft = consultations.make_draft(**consultations.running_period())
    running = consultations.make_running(title="화곡동 안심귀갓길 방범 카메라 설치 행정예고", text=LONG)
    since = timezone.now() - timedelta(hours=2)
    opinions = [
        consultations.make_opinion(running, text=f"{number}번째 의견입니다. {LONG}", at=since)
        for number in range(3)
    ]
    moderation.hide(opinions[0], reason="타인의 개인정보", notice="이름을 빼고 다시 보내 주십시오.", by=by)
    answers.answer(running, [opinions[1].pk], decision=OpinionDecision.ACCEPTED, text=LONG, by=by)
    survey = consultations.make_survey()
    first = survey.questions.first()
    for choice in (0, 0, 1):
        consultations.make_opinion(survey, text="", answers={first.pk: Answer((choice,))})
    of_draft = ("page", "edit", "publish")
    for name in of_draft:
        _add(sample, f"consultation:{name}", draft.pk)
    for name in ("page", "opinions", "result"):
        _add(sample, f"consultation:{name}", running.pk)
    for name in ("page", "result"):
        _add(sample, f"consultation:{name}", survey.pk)
    _add(sample, "consultation:opinion", *(opinion.pk for opinion in opinions[:2]))
    ended = PublicConsultation.objects.get(pk=sample.by_view["consultation"]["pk"])
    answers.answer(ended, [ended.opinions.get().pk], decision=OpinionDecision.NOT_ACCEPTED, text=LONG, by=by)
    consultations.publish_result(ended)
    result.correct(ended, LONG, reason="집계를 다시 하였음", by=by)
    _add(sample, "consultation:result", ended.pk)
    _add(sample, "consultation:result_correct", ended.pk)


def _contracts(sample: World, by: Officer) -> None:
    """Contracts with gaps, with re-entrustments and with trainings."""
    gaps = entered(by, supervision="", liability="", title="주정차 단속 카메라 유지보수")
    full = entered(by, purpose_and_scope=LONG, title="방범용 CCTV 설치 및 유지보수 용역")
    trained(full)
    asked(full)
    _add(sample, "contracts:contract", gaps.pk, full.pk)


def _committee(sample: World) -> None:
    meeting = MeetingFactory()
    carried = recorded(meeting, conditions="연계를 마친 뒤 결과를 보고할 것", text=LONG)
    rejected = recorded(meeting, votes=(4, 8, 0), title="주민 참여 모니터링단 운영")
    _add(sample, "committee:meeting", meeting.pk)
    _add(sample, "committee:resolution", carried.pk, rejected.pk)


def _citizens(sample: World, camera: Camera, by: Officer) -> None:
    """A report that is closed; requests in every state have their pages too."""
    report = camera.site.sign_reports.get()
    other = sign_reports.receive(camera.site, "wrong_content", text=LONG, submission=uuid.uuid4())
    sign_reports.close(other, SignReportOutcome.values[0], note="현장에서 확인하고 바로잡음", by=by)
    _add(sample, "sign_reports:report", report.pk, other.pk)
    kept = received(camera, purpose=LONG[:200])
    states = [sample.by_view[name]["pk"] for name in ("viewing:resume", "viewing:release", "viewing:correct")]
    _add(sample, "viewing:request", kept.pk, *states)


def _import(sample: World, folder: Path, by: Officer) -> None:
    """A rehearsal of a file with good and wrong rows, and one that is no such file."""
    table = [
        *rows(3),
        row(설치목적구분="알 수 없음", 보관일수="90"),
        row(관리번호="X-9", WGS84위도="0", WGS84경도="0"),
    ]
    for path in (
        as_csv(folder / "전국CCTV표준데이터_강서구.csv", table),
        _nonsense(folder / "잘못된 파일.csv"),
    ):
        run = ImportRun(file_name=path.name, is_dry_run=True, skip_invalid=True, requested_by=by)
        with path.open("rb") as file:
            run.file.save("upload.csv", File(file), save=False)
        run.save()
        camera_tasks.run_here(run)
        _add(sample, "cameras:import", run.pk)


def _nonsense(path: Path) -> Path:
    path.write_text("가,나,다\n1,2,3\n", encoding="utf-8")
    return path


def _policy(sample: World, by: Officer) -> None:
    policy.publish(policy.draft(), by=by, effective_on=timezone.localdate())
    policy.draft()


def _ledger(sample: World, by: Officer) -> None:
    run = ledger_check.request(by)
    ledger_check_run.carry_out(run)
    _add(sample, "ledger:verification", run.pk)


def _duties(sample: World, by: Officer) -> None:
    run = assessment_run.assess()
    some = list(Finding.objects.open().order_by("pk")[:3])
    findings.care_for(some, by=by, owner=by, due_on=timezone.localdate() - timedelta(days=1), note=LONG[:100])
    _add(sample, "duties:assessment", run.pk)
    _add(sample, "duties:finding", some[0].pk)
    one = some[0]
    _add(sample, "duties:care", query=f"?ids={one.pk}")
    _add(sample, "duties:exception_grant", query=f"?ids={one.pk}")


def _choices(sample: World, camera: Camera) -> None:
    """Screens that ask first which cameras, which step, which paper."""
    ids = f"?ids={camera.pk}"
    _add(sample, "cameras:list", query="?q=화곡로")
    _add(sample, "cameras:list", query="?q=없는+곳")
    _add(sample, "cameras:bulk", query=ids)
    # Of forms that are made alike, those that differ most.
    for event in ("", LifecycleEvent.RELOCATE, LifecycleEvent.CHANGE_PURPOSE, LifecycleEvent.REMOVE):
        _add(sample, "lifecycle:act", query=f"{ids}&event={event}")
    for kind in (
        "",
        PaperKind.INSTALLATION_CHECKLIST,
        PaperKind.PUBLIC_CONSULTATION,
        PaperKind.NECESSITY_REVIEW,
    ):
        _add(sample, "papers:file", query=f"{ids}&kind={kind}")
    project = InstallationProject.objects.exclude(cameras=None).first()
    assert project is not None
    _add(sample, "papers:file", query=f"?project={project.pk}")
    _add(sample, "consultation:add", query=f"?project={project.pk}")
    _add(sample, "reports:certificate", query=f"?camera={camera.number}")
    _add(sample, "footage:hold_place", query=f"?camera={camera.number}")
