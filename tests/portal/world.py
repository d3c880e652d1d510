"""One of everything that an address below /portal/ can name, so that a view is asked about something that exists."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site

from accounts.models import Department, Officer, ResponsibleDesignation
from accounts.roles import Role
from cameras import papers, sign_reports
from cameras.bulk_change import bulk_change
from cameras.enums import SubstituteReason
from cameras.models import Camera, ImportRun, Landmark, LifecycleAct, PublicConsultation, SignBatch
from cameras.signs import substitutes
from casework import attachments, privacy, role_changes
from casework.models import RoleChange
from committee import allowances, attendance, ballots, membership, minutes, recordings, recusals
from committee.enums import BallotChoice, MeetingKind, RecusalKind
from footage.models import Scan, Shortening, Storage, Sweep, UnclaimedFolder
from ledger import append, seal
from ordinance.models import Holiday
from portal.models import LedgerVerification, ReminderMail
from records.competence import courses, sessions, wall_codes
from records.internal_plan import checking
from records.internal_plan import writing as internal_plan
from records.models import (
    ApprovalAuthority,
    CaseCopy,
    CopyLeaving,
    EmergencyContact,
    HandoverCheck,
    ItemResult,
    PermissionReview,
    Redaction,
    StaffMember,
    Training,
    ViewingRequest,
)
from records.models import FootageLook as Look
from records.permissions import granting
from records.provision import refusing
from records.self_inspection import inspecting
from records.viewing import notices, objections, postponement, routes, supplement, talking
from reports.letters import outgoing
from reports.letters.kinds import KINDS
from reports.models import IssuedReport
from reports.yearly import papers as yearly_papers
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.cameras import consultations, situations_of_signs
from tests.cameras.contracts import a_contractors_world
from tests.cameras.life import CONTENTS, FILED_ON, ProjectFactory, asked_and_answered, fleet, join, upload
from tests.committee.factories import MeetingFactory, audio, planned, recorded, scan, seated
from tests.footage.factories import CameraFactory, HoldFactory
from tests.ordinance.duties import a_duties_world
from tests.records import access_reviews, people, provisions
from tests.records.centre import a_centre, a_visit
from tests.records.looks import opened
from tests.records.situations import confirmed, decided, letter, received, told_about


@dataclass
class World:
    officers: dict[Role, Officer]
    media: str = ""
    # Values of an address's parts: by view, else by namespace, else for all.
    by_view: dict[str, dict[str, Any]] = field(default_factory=dict)
    # Whole addresses at which a view shows something else, by view (tests.portal.content).
    further: dict[str, list[str]] = field(default_factory=dict)

    def values(self, name: str) -> Mapping[str, Any]:
        namespace = name.rpartition(":")[0]
        return {**self.by_view.get("", {}), **self.by_view.get(namespace, {}), **self.by_view.get(name, {})}


def designation(department: Department, on: date) -> ResponsibleDesignation:
    """The one in force, with the post that the policy has to name."""
    made, _ = ResponsibleDesignation.objects.get_or_create(
        until_on=None, defaults={"department": department, "from_on": on}
    )
    made.manager_post = "안전관리과장"
    made.save()
    return made


def build() -> World:
    """Everything through the domain's own functions, where there are some."""
    officers = {role: OfficerFactory(username=role.value, role=role) for role in Role}
    world = World(officers)
    someone = OfficerFactory()
    department = DepartmentFactory()
    home = Page.objects.get(depth=2).specific
    revision = home.save_revision()
    document = Document.objects.create(title="문서", file=ContentFile(b"text", name="a.txt"))
    image = Image.objects.create(title="그림", file=get_test_image_file())
    collection = Collection.get_first_root_node().add_child(name="모음")
    with transaction.atomic():
        entry = append.record("portal.exported", actor="system:test", subject="list:x", payload={"rows": 1})
    head = seal.seal()
    report = issued_report(someone)
    camera = CameraFactory()
    changed = bulk_change(
        Camera.objects.filter(pk=camera.pk), {"filming_range": "교차로"}, by=someone, reason="현장 확인"
    )
    storage = Storage.objects.create(name="본관", root="/nowhere/recorder", layout="frigate")
    now = timezone.now()
    consultation = ended_consultation()
    opinion = consultation.opinions.get()
    lives = _lives(someone, camera)
    world.by_view = {
        "consultation:expert_remove": {"pk": consultations.hear_expert(consultation).pk},
        "tell": {"label": "cameras.publicconsultation", "pk": consultation.pk},
        "filter_forget": {"pk": 1},
        "consultation": {"pk": consultation.pk, "part": "question", "number": 1, "kind": "xlsx"},
        **_for_all(_OPINION_VIEWS, opinion.pk),
        "cameras": {"pk": camera.pk, "group": changed.group},
        **_for_all(_SITE_VIEWS, camera.site_id),
        **_for_all(_IMPORT_VIEWS, _import_run(someone).pk),
        **_for_all(
            ("cameras:landmark_edit", "cameras:landmark_delete"),
            Landmark.objects.create(
                name="우장산역", kind="station", latitude="37.5488", longitude="126.8363"
            ).pk,
        ),
        "footage": {"pk": storage.pk},
        **_for_all(_SCAN_VIEWS, Scan.objects.create(storage=storage, requested_by=someone).pk),
        **_for_all(_SWEEP_VIEWS, Sweep.objects.create(at=now, requested_by=someone).pk),
        **a_duties_world(someone),
        **_for_all(_HOLD_VIEWS, HoldFactory(camera=camera).pk),
        "footage:shortening_confirm": {"pk": Shortening.objects.create(at=now, by=someone).pk},
        **_for_all(
            ("footage:folder", "footage:folder_confirm"),
            UnclaimedFolder.objects.create(
                storage=storage, key="unknown", first_seen_at=now, last_seen_at=now
            ).pk,
        ),
        "": {
            "app_label": "website",
            "model_name": "contentpage",
            "app_name": "website",
            "pk": home.pk,
            "page_id": home.pk,
            "parent_page_id": home.pk,
            "content_type_app_name": "website",
            "content_type_model_name": "contentpage",
            "page_to_move_id": home.pk,
            "destination_id": Page.get_first_root_node().pk,
            "revision_id": revision.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "action_name": "approve",
            "task_state_id": 1,
            "task_id": 1,
            "workflow_state_id": 1,
            "workflow_pk": 1,
            "page_pk": home.pk,
            "collection_id": collection.pk,
            "action": "delete",
            "object_id": home.pk,
            "session_id": 1,
            "document_id": document.pk,
            "doc_id": document.pk,
            "image_id": image.pk,
            "uploaded_file_id": 1,
            "filter_spec": "original",
            "uidb64": "MQ",
            "token": "abc-def",
            "number": 1,
            "sequence": entry.sequence,
        },
        "wagtail_bulk_action": {"app_label": "wagtailcore", "model_name": "page"},
        "wagtailadmin_api:pages": {"action_name": "copy"},
        "wagtailadmin_api:documents": {"pk": document.pk},
        "wagtailadmin_api:images": {"pk": image.pk},
        "wagtailadmin_collections": {"pk": collection.pk},
        "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
        "wagtaildocs_chooser": {"pk": document.pk},
        "wagtailimages_chooser": {"pk": image.pk},
        "wagtailsites": {"pk": Site.objects.get().pk},
        "wagtailsettings": {
            "app_name": "website",
            "model_name": "officedetails",
            "pk": Site.objects.get().pk,
        },
        "wagtailusers_users": {"pk": someone.pk},
        "wagtailusers_groups": {"pk": Group.objects.first().pk},
        "agenda": {"pk": someone.pk},
        "agenda:mail_retry": {
            "pk": ReminderMail.objects.create(officer=someone, on=now.date(), state="failed").pk
        },
        **entrustment_and_committee(),
        "people": {"pk": someone.pk},
        **_for_all(_ROLE_CHANGE_VIEWS, waiting_role_change(someone).pk),
        "people:department_edit": {"pk": department.pk},
        "people:designation_post": {"pk": designation(department, now.date()).pk},
        "people:institution_edit": {"pk": department.institution.pk},
        "ordinance": {"pk": Holiday.objects.first().pk},
        **lives,
        "ledger:head_file": {"pk": head.pk},
        "ledger": {"pk": LedgerVerification.objects.create(requested_by=someone).pk},
        "reports": {"pk": report.pk},
        "yearly": {"year": now.year - 1, "kind": "council"},
        "yearly:send": {
            "pk": yearly_papers.finish(
                "council", now.year - 1, words="회의를 열었다.", by=officers[Role.CCTV_MANAGER]
            ).pk
        },
        **_centre(camera, officers),
        **_internal_plan(officers[Role.OFFICIAL], officers[Role.CCTV_MANAGER]),
        "self_inspection": {
            "pk": inspecting.begin(now.year - 1, by=officers[Role.CCTV_MANAGER]).pk,
            "code": "policy",
            "kind": "xlsx",
        },
    }
    world.by_view |= _access_log(officers[Role.CCTV_MANAGER])
    world.by_view |= _signs(camera, officers[Role.CCTV_MANAGER])
    world.by_view |= _from_citizens(camera, officers[Role.CCTV_MANAGER])
    world.by_view |= _letters(officers[Role.CCTV_MANAGER])
    world.by_view |= trained_and_permitted(officers, world.by_view["looks"])
    return world


def _internal_plan(official: Officer, manager: Officer) -> dict[str, dict[str, Any]]:
    """One version in force and checked, the next one as a draft whose approval was asked for."""
    plan = internal_plan.begin(by=official)
    internal_plan.ask(plan, why="처음 정함", by=official)
    plan = internal_plan.approve(
        plan, effective_on=timezone.localdate(), document_number="안전관리과-7", by=manager
    )
    found = {row["code"]: (ItemResult.IN_ORDER, "") for row in plan.contents}
    made = checking.check(plan, found, opinion="", by=manager)
    draft = internal_plan.begin(by=official)
    internal_plan.write(draft, "risk", title="위험의 분석과 관리", text="반기마다 한다.", by=official)
    internal_plan.ask(draft, why="주기를 줄임", by=official)
    return {"internal_plan": {"pk": made.pk, "code": "risk", "number": plan.version}}


def _access_log(manager: Officer) -> dict[str, dict[str, Any]]:
    """A log that came in by the portal, and the review of its month, with one thing that it asks about."""
    log, review, finding = access_reviews.asked_world(manager)
    return {
        "access_log": {"pk": review.pk},
        **_for_all(_ACCESS_IMPORT_VIEWS, log.pk),
        "access_log:log": {"pk": log.log_id},
        **_for_all(_ACCESS_FINDING_VIEWS, finding.pk),
    }


def trained_and_permitted(officers: dict[Role, Officer], look: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Everybody on the list; a session under way, a plan, pledges, permissions in each state, a review."""
    manager, official = officers[Role.CCTV_MANAGER], officers[Role.OFFICIAL]
    now = timezone.now()
    for officer in officers.values():
        people.competent(officer)
    staff = StaffMember.objects.get(officer=official)
    session = sessions.announce(
        people.course(),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        place="3층 회의실",
        trainer="김강사",
        by=manager,
    )
    sessions.sign_in(session, by=official, shown=wall_codes.shown(session, now))
    plan = courses.write_plan(
        now.year, dict.fromkeys(courses.PLAN_TEXTS, "영상정보를 다루는 사람 모두"), by=official
    )
    wish = granting.Wish("all", ["stored"], now.date(), now.date() + timedelta(days=90), "열람 청구 처리")
    asked, granted = (granting.ask(staff, wish, by=official) for _ in range(2))
    granting.grant(granted, by=manager)
    review = PermissionReview.objects.create(year=now.year, half=1, opened_by=manager, opened_at=now)
    line = review.lines.create(permission=granted)
    training = Training.objects.filter(staff=staff, certificate_number__isnull=False).get()
    return {
        "training": {
            "pk": session.pk,
            "code": session.code,
            "shown": wall_codes.shown(session, now),
            "year": now.year,
        },
        **_for_all(("training:person", "training:outside_add", "pledges:file_staff"), staff.pk),
        **_for_all(("training:withdraw", "training:certificate"), training.pk),
        "training:course_edit": {"pk": people.course().pk},
        **_for_all(("training:plan", "training:plan_approve"), plan.pk),
        "pledges": {"pk": staff.pledges.get().pk},
        "pledges:text": {"pk": staff.pledges.get().text_id},
        "permissions": {"pk": asked.pk, "year": now.year, "half": 1},
        **_for_all(("permissions:change", "permissions:revoke"), granted.pk),
        **_for_all(
            tuple(f"permissions:review{name}" for name in ("", "_keep_rest", "_sign", "_pdf")), review.pk
        ),
        "permissions:judge": {"pk": line.pk},
        "permissions:lift": {"kind": look["kind"], "pk": Look.objects.get(pk=look["pk"]).case_key},
    }


def _letters(manager: Officer) -> dict[str, dict[str, Any]]:
    """A letter that has its number and is not sent yet."""
    asked = {"수신": "강서경찰서장", "제목": "알림", "본문": "알립니다.", "붙임": ""}
    draft = outgoing.draft(KINDS["general"], None, asked, by=manager)
    row = outgoing.issue(draft, on=timezone.localdate(), by=manager)
    return {
        "official_ledgers": {"name": "personal-video"},
        "documents": {"pk": row.pk, "code": "general"},
        "documents:write": {"pk": 0, "code": "general"},
    }


def _centre(camera: Camera, officers: dict[Role, Officer]) -> dict[str, dict[str, Any]]:
    """Staff, a rota, shifts of yesterday and tomorrow, a swap that waits, a handover and an incident."""
    made = a_centre(camera, officers[Role.MONITORING_AGENT], officers[Role.OFFICIAL])
    return {
        "staff": {"pk": made.agent.pk},
        "duty": {"pk": made.shift.pk},
        **_for_all(("duty:rota_edit", "duty:generate"), made.rota.pk),
        **_for_all(("duty:swap_agree", "duty:swap_decline", "duty:swap_withdraw"), made.swap.pk),
        "handover": {"pk": made.handover.pk},
        "handover:check_edit": {"pk": HandoverCheck.objects.first().pk},
        "incidents": {"pk": made.incident.pk},
        "turns": {"pk": made.turn.pk},
        "emergency": {"pk": EmergencyContact.objects.create(post="당직 근무자", duty_line="02-2600-0000").pk},
        "visits": {"pk": a_visit(by=officers[Role.OFFICIAL]).pk, "kind": "xlsx"},
    }


def _signs(camera: Camera, manager: Officer) -> dict[str, dict[str, Any]]:
    """A sign with a refused photograph, a batch with its file, a decision that the website stands in."""
    sign, check = situations_of_signs.a_sign_with_a_refused_photograph(camera.site, manager)
    batch = SignBatch.objects.create(title="묶음", sites=[camera.site_id], requested_by=manager)
    batch.file.save("signs.pdf", ContentFile(b"%PDF-1.7"))
    other = CameraFactory()
    substitute = substitutes.decide(
        other.site,
        reason=SubstituteReason.IMPOSSIBLE,
        explanation="산불 감시",
        document_number="스마트도시과-1",
        from_on=timezone.localdate(),
        until_on=None,
        by=manager,
    )
    of_site = ("signs:site", "signs:make", "signs:preview", "signs:check", "signs:substitute")
    of_check = ("signs:outcome", "signs:picture", "signs:original")
    return {
        "signs": {"pk": sign.pk, "state": "none"},
        **_for_all(of_site, camera.site_id),
        **_for_all(of_check, check.pk),
        **_for_all(
            ("signs:batch", "signs:batch_progress", "signs:batch_cancel", "signs:batch_file"), batch.pk
        ),
        "signs:substitute_end": {"pk": substitute.pk},
    }


def _from_citizens(camera: Camera, manager: Officer) -> dict[str, dict[str, Any]]:
    """An open report with a photograph and a contact; requests in every state."""
    report = sign_reports.receive(
        camera.site,
        "missing",
        contact="010-0000-0000",
        photo=get_test_image_file().file.getvalue(),
        submission=uuid.uuid4(),
    )
    Department.objects.filter(pk=manager.department_id).update(phone="02-2600-1234")
    manager.refresh_from_db()
    fresh, frozen = received(camera), received(camera, channel="visit")
    held_over = received(camera)
    ViewingRequest.objects.filter(pk=held_over.pk).update(needs_hold=True)
    postponed, told = confirmed(camera, manager), told_about(camera, manager)
    postponement.postpone(
        postponed,
        letter(),
        ground="equipment",
        reason="화질 복원 중",
        until=timezone.localdate() + timedelta(days=5),
        by=manager,
    )
    ready, objected = decided(confirmed(camera, manager), manager), told_about(camera, manager)
    objection = objections.file(objected, on=timezone.localdate(), document_number="", by=manager)
    asked = confirmed(camera, manager, asks_viewing=False, asks_correction=True)
    to_correct = decided(asked, manager)
    notices.notify(to_correct, letter(), by=manager)
    appointment = told.appointments.get()
    waiting, covering = confirmed(camera, manager), confirmed(camera, manager)
    supplement.ask(waiting, letter(), until=timezone.localdate() + timedelta(days=20), by=manager)
    ViewingRequest.objects.filter(pk=covering.pk).update(state="masking")
    sent_on = received(camera)
    routes.transfer(sent_on, letter(), to="disclosure", new_number="공개-7", by=manager)
    said = talking.say(fresh, "붙임을 보십시오.", [upload()], by=manager)
    sent = talking.ask(fresh, "", [upload()])
    published = privacy.publish(
        privacy.OfficeFacts("행정국장", "위탁하지 않습니다."), effective_on=timezone.localdate(), by=manager
    )
    look = opened(manager, confirmed(camera, manager))
    covered = Redaction.objects.create(
        case_kind="viewing",
        case_key=told.pk,
        case_number=told.receipt_number,
        camera=camera,
        hold=told.cameras.get().hold,
        from_at=told.cameras.get().from_at,
        until_at=told.cameras.get().until_at,
        state="proposed",
        created_at=timezone.now(),
        created_by=manager,
    )
    run = covered.runs.create(work="find", state="failed", error="보관함에 이 구간의 영상이 없습니다.")
    return {
        "redaction": {"pk": covered.pk},
        "redaction:cancel": {"pk": run.pk},
        "redaction:propose": {"kind": "viewing", "pk": told.pk},
        "looks": {"group": look.group, "pk": look.pk, "kind": look.case_kind},
        "looks:ask": {"kind": look.case_kind, "pk": look.case_key},
        "sign_reports": {"pk": report.pk},
        "sign_reports:site": {"pk": camera.site_id},
        "viewing": {"pk": fresh.pk},
        "viewing:add_at": {"pk": camera.site_id},
        **_for_all(
            ("viewing:drop_range", "viewing:take_back_range", "viewing:release_range"),
            fresh.cameras.get().pk,
        ),
        "viewing:new_code": {"pk": told.pk},
        "viewing:arrive": {"pk": told.notices.get().pk},
        "viewing:secure": {"pk": frozen.cameras.get().pk},
        "viewing:not_freeze": {"pk": held_over.pk},
        "viewing:resume": {"pk": postponed.pk},
        **_for_all(("viewing:notify", "viewing:undecide"), ready.pk),
        **_for_all(
            ("viewing:release", "viewing:object", "viewing:waive", "viewing:remedy", "viewing:reopen"),
            told.pk,
        ),
        **_for_all(
            ("viewing:answer_objection", "viewing:extend_objection", "viewing:remedy_end"), objection.pk
        ),
        **_for_all(("viewing:shown", "viewing:missed", "viewing:reschedule"), appointment.pk),
        "viewing:correct": {"pk": to_correct.pk},
        **_for_all(("viewing:supplemented", "viewing:lapse"), waiting.pk),
        "viewing:masked": {"pk": covering.pk},
        **_for_all(("viewing:answer_route", "viewing:extend_route", "viewing:take_back"), sent_on.pk),
        "viewing:paper": {"pk": fresh.pk, "file": said.attachments.get().pk},
        "viewing:paper_sort": {"pk": fresh.pk, "file": sent.attachments.get().pk},
        "viewing:join": {"pk": fresh.pk, "other": frozen.pk},
        "privacy:version": {"number": published.version},
        **_provisions(camera),
        **_copies(told),
    }


def _copies(told: ViewingRequest) -> dict[str, dict[str, Any]]:
    """One that waits for a decision, of which nothing is to be had yet; one that was handed over."""
    officer, on = OfficerFactory(), timezone.localdate()
    given: dict[str, Any] = {"request": told, "mark": "표시", "on": on, "requested_by": officer}
    waiting = CaseCopy.objects.create(
        number="사본-2026-900", source="original", ground="consent", why="동의서", **given
    )
    left = CaseCopy.objects.create(number="사본-2026-901", source="masked", state="succeeded", **given)
    now = timezone.now()
    CopyLeaving.objects.create(
        copy=left, way="medium", at=now, by=officer, recorded_at=now, medium="usb", receiver_name="홍길동"
    )
    return {
        "copies": {"pk": waiting.pk},
        "copies:file_receipt": {"pk": left.pk},
        "copies:ask": {"kind": "viewing", "pk": told.pk},
    }


def _provisions(camera: Camera) -> dict[str, dict[str, Any]]:
    """One that went out, and one that waits for a signature."""
    officer = provisions.official()
    head = provisions.head()
    given = provisions.released(camera, officer)
    waiting = provisions.reviewed(camera, officer)
    refused = provisions.reviewed(camera, officer)
    refusing.refuse(refused, reason="근거 없음", document_number="안전-3", by=head)
    copy, line = given.hand_overs.get(), waiting.cameras.get()
    right = ApprovalAuthority.objects.get(officer=head)
    return {
        "provision": {"pk": given.pk, "kind": "restriction"},
        **_for_all(("provision:approve", "provision:send_back", "provision:add_cameras"), waiting.pk),
        "provision:release": {"pk": refused.pk},
        "provision:drop": {"pk": line.pk},
        "provision:secure": {"pk": line.pk},
        **_for_all(("provision:file_receipt", "provision:end_copy", "provision:receipt"), copy.pk),
        "provision:agency_edit": {"pk": given.unit_id},
        "provision:authority_end": {"pk": right.pk},
    }


def ended_consultation() -> PublicConsultation:
    """Over, with one opinion that has a person and a file."""
    consultation = consultations.make_published(
        now=consultations.seoul("2026-01-05T10:00:00"),
        opens_at=consultations.seoul("2026-01-05T10:00:00"),
        closes_at=consultations.seoul("2026-02-10T00:00:00"),
    )
    consultations.make_opinion(
        consultation,
        name="홍길동",
        contact="010-1234-5678",
        upload=consultations.upload(),
        at=consultations.seoul("2026-01-06T10:00:00"),
    )
    return consultation


_OPINION_VIEWS = (
    "consultation:opinion",
    "consultation:answer",
    "consultation:hide",
    "consultation:show",
    "consultation:person",
    "consultation:opinion_file",
)
_SITE_VIEWS = ("cameras:site", "cameras:site_edit", "cameras:site_history", "cameras:camera_add")
_IMPORT_VIEWS = (
    "cameras:import",
    "cameras:import_confirm",
    "cameras:import_progress",
    "cameras:import_cancel",
    "cameras:import_run_here",
    "cameras:import_rejected",
)
_SCAN_VIEWS = ("footage:scan", "footage:scan_progress", "footage:scan_cancel", "footage:scan_run_here")
_SWEEP_VIEWS = ("footage:sweep", "footage:sweep_progress", "footage:sweep_cancel", "footage:sweep_run_here")
_HOLD_VIEWS = ("footage:hold", "footage:hold_release", "footage:hold_release_ask")


def _lives(by: Officer, camera: Camera) -> dict[str, dict[str, Any]]:
    """A project that another department asked about and was answered with a condition; a paper, a file, an act."""
    project = ProjectFactory()
    join(project, CameraFactory(state="planned"))
    consultation = asked_and_answered(project)
    kept = attachments.keep(upload(), by=by)
    paper = papers.file(
        "monitoring_scope",
        on=FILED_ON,
        document_number="안전관리과-1",
        cameras=fleet(camera),
        contents=CONTENTS["monitoring_scope"],
        attachments=[kept],
        by=by,
    )
    act = LifecycleAct.objects.create(event="suspend", on=FILED_ON, reason="고장", by=by)
    condition = consultation.conditions.get()
    return {
        "projects": {"pk": project.pk},
        "lifecycle": {"pk": act.pk},
        "papers": {"pk": paper.pk},
        "prior_consultation": {"pk": consultation.pk},
        "prior_consultation:ask": {"pk": project.pk},
        "prior_consultation:fulfil": {"pk": condition.pk},
        "attachments": {"pk": kept.pk},
    }


def _for_all(views: tuple[str, ...], pk: int) -> dict[str, dict[str, Any]]:
    return {view: {"pk": pk} for view in views}


def _import_run(by: Officer) -> ImportRun:
    """An import that ended with rejected rows."""
    return ImportRun.objects.create(
        requested_by=by,
        file=ContentFile(b"x", name="cameras.csv"),
        file_name="cameras.csv",
        rejected_file=ContentFile(b"x", name="rejected.csv"),
        state="succeeded",
    )


def issued_report(by: Officer) -> IssuedReport:
    """A frozen report with files, as `reports.issue` leaves it; making a real PDF is tested there."""
    from django.core.files.storage import default_storage

    from ledger.models import SignedHead

    head, sha256 = SignedHead.objects.latest_head(), hashlib.sha256(b"%PDF-1.7").hexdigest()
    name = default_storage.save("reports/2026/committee-2026Q3-v1.pdf", ContentFile(b"%PDF-1.7"))
    annex = default_storage.save("reports/2026/committee-2026Q3-v1-annex-1.pdf", ContentFile(b"%PDF-1.7"))
    return IssuedReport.objects.create(
        period="2026Q3",
        version=1,
        file=name,
        volumes=[{"number": 1, "path": annex, "sha256": sha256, "pages": 1}],
        sha256=sha256,
        pages=1,
        ledger_size=head.size,
        ledger_root=head.root,
        issued_at=timezone.now(),
        issued_by=by,
        state="succeeded",
    )


_ACCESS_IMPORT_VIEWS = (
    "access_log:import_run",
    "access_log:import_progress",
    "access_log:import_cancel",
    "access_log:import_here",
)
_ACCESS_FINDING_VIEWS = (
    "access_log:finding",
    "access_log:explain",
    "access_log:judge",
    "access_log:measure",
)
_ROLE_CHANGE_VIEWS = (
    "people:role_change",
    "people:role_change_confirm",
    "people:role_change_refuse",
    "people:role_change_withdraw",
)


def waiting_role_change(by: Officer) -> RoleChange:
    """Rights for a new colleague that nobody has confirmed yet."""
    change = role_changes.change_role(
        OfficerFactory(username="new-colleague"), Role.OFFICIAL, by=by, is_new=True
    )
    assert change is not None
    return change


def entrustment_and_committee() -> dict[str, dict[str, Any]]:
    """A contract with everything that hangs on it, a meeting that may be changed, and a resolution."""
    made = a_contractors_world()
    meeting, resolution = MeetingFactory(), recorded()
    by_contractor = _for_all(("contracts:contractor", "contracts:contractor_edit"), made.contractor.pk)
    answered = _for_all(("contracts:reentrustment_answer", "contracts:reentrustment_end"), made.request.pk)
    decided = _for_all(("committee:resolution", "committee:correct", "committee:carry_out"), resolution.pk)
    return {
        "contracts": {"pk": made.contract.pk},
        "contracts:remedy": {"pk": made.inspection.pk},
        "contracts:item_edit": {"pk": made.item.pk},
        "committee": {"pk": meeting.pk},
        **_seats(),
        **by_contractor,
        **answered,
        **decided,
    }


def _seats() -> dict[str, dict[str, Any]]:
    """A committee, one of whose members left, so that a substitute may follow."""
    terms = seated()
    left = membership.end(
        terms[-1], on=terms[-1].from_on, ground="wish", document_number="안전관리과-9", by=OfficerFactory()
    )
    of_member = ("committee:member_change", "committee:member_contact", "committee:member_appoint")
    of_term = ("committee:term", "committee:term_renew", "committee:term_end")
    of_left = ("committee:term_substitute", "committee:term_vacant")
    planned_one, written = planned(), planned(kind=MeetingKind.WRITTEN)
    item = planned_one.items.first()
    asked = recusals.declare(item, terms[5], RecusalKind.CHALLENGE, reason="이해관계", by=OfficerFactory())
    answers = {each.pk: (BallotChoice.FOR, "") for each in written.items.all()}
    facts = {"on": written.on, "by": OfficerFactory(), "today": written.on, "files": [scan()]}
    paper = ballots.give_on_paper(written, terms[4], answers, **facts)[0].paper
    condition = recorded(conditions="결과를 보고할 것").follow_ups.get()
    of_item = ("item_change", "item_papers", "item_drop", "recuse", "item_resolve")
    return {
        **_for_all(
            ("committee:item_add", "committee:notice", "committee:notice_others", "committee:attend"),
            planned_one.pk,
        ),
        **_for_all([f"committee:{name}" for name in of_item], item.pk),
        **_for_all(("committee:condition_due", "committee:condition_fulfil"), condition.pk),
        "committee:challenge": {"pk": asked.pk},
        **_for_all(("committee:packet", "committee:packet_pdf", "committee:packet_zip"), planned_one.pk),
        "committee:packet_copy": {"pk": planned_one.pk, "term": terms[5].pk},
        **_minutes(terms),
        **_for_all(("committee:written_close", "committee:links"), written.pk),
        "committee:paper_ballot": {"pk": written.pk, "term": terms[5].pk},
        "committee:paper_confirm": {"pk": paper.pk},
        "committee:paper_reject": {"pk": paper.pk},
        "committee:issue_link": {"pk": written.pk, "term": terms[5].pk, "purpose": "ballot"},
        **_for_all(of_member, terms[5].member_id),
        **_for_all(of_term, terms[5].pk),
        **_for_all(of_left, left.pk),
    }


def _minutes(terms: list[Any]) -> dict[str, dict[str, Any]]:
    """Minutes in draft, with a statement, and a sheet of allowances; another meeting has neither."""
    by, today = OfficerFactory(), timezone.localdate()
    held, other = (
        attendance.record(planned(), [term.pk for term in terms[:6]], by=by, today=today) for _ in range(2)
    )
    written = minutes.begin(held, by=by)
    recording = recordings.keep(written, audio(), by=by)
    said = minutes.say(written, text="질의함", item=None, term=terms[5], by=by)
    sheet = allowances.make(held, budget_line="행사운영비", document_number="안전-1", by=by)
    of_minutes = "minutes minutes_pdf minutes_write statement_add minutes_lock minutes_correct minutes_publish minutes_withhold"
    of_sheet = ("committee:allowance", "committee:allowance_paid", "committee:allowance_pdf")
    return {
        **_for_all([f"committee:{name}" for name in of_minutes.split()], written.pk),
        **_for_all(of_sheet, sheet.pk),
        **_for_all(("committee:minutes_begin", "committee:allowance_make"), other.pk),
        "committee:statement_drop": {"pk": said.pk},
        "committee:recording": {"pk": recording.pk},
        "committee:minutes_confirm": {"pk": written.pk, "term": terms[5].pk},
        "committee:resolution_pdf": {"pk": recorded().pk},
    }
