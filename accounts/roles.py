"""역할: who may do what, in one table.

A role is a group named by its Korean label. The table is the only source: after every migration each role's
group holds exactly these permissions, so that a right withdrawn here is withdrawn everywhere, and what an
inspector reads here is what is in force (docs/decisions/0002-roles-in-code.md). Permissions are named as text,
since they belong to apps that stand above this one.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed_apps
from django.apps.config import AppConfig
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS, models, transaction

from accounts.models import Officer


class Role(models.TextChoices):
    SYSTEM_ADMINISTRATOR = "system_administrator", "시스템 관리자"
    CCTV_MANAGER = "cctv_manager", "관리책임자"
    OFFICIAL = "official", "운영담당자"
    MONITORING_AGENT = "monitoring_agent", "관제요원"
    AUDITOR = "auditor", "감사 담당자"
    COMMITTEE_SECRETARY = "committee_secretary", "간사"


def _permissions(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Whoever has an account may be asked about what was looked at with it (`records.access_log`).
ENTER_PORTAL = _permissions("wagtailadmin.access_admin records.explain_accessfinding")

SEE_REGISTER = _permissions("""
    cameras.view_site cameras.view_camera cameras.view_landmark cameras.view_contractor cameras.view_purposemapping cameras.view_operationpolicy
    casework.view_privacypolicy
    accounts.view_institution accounts.view_department accounts.view_responsibledesignation
""")
SEE_LAW = _permissions("""
    ordinance.view_ordinance ordinance.view_article ordinance.view_parameter ordinance.view_ground
    ordinance.view_holiday ordinance.view_law ordinance.view_lawversion ordinance.view_parameterdefinition
    ordinance.view_signcontent ordinance.view_duedate ordinance.view_earlierduedate
""")
SEE_FOOTAGE_RECORDS = _permissions("""
    footage.view_storage footage.view_footageday footage.view_hold footage.view_sweep
    footage.view_unclaimedfolder footage.view_dailyproof footage.view_deletionconfirmation
    footage.view_scan footage.view_manifestblock footage.view_cameraclaim footage.view_capacityreading
    footage.view_clockconfirmation
""")
SEE_REPORTS = _permissions("reports.view_issuedreport reports.view_report reports.view_yearlypaper")
SEE_LEDGER = _permissions("ledger.view_entry ledger.view_signedhead")
# From plan to removal: projects, papers with their files, prior consultations, acts.
SEE_CAMERA_LIVES = _permissions("""
    cameras.view_installationproject cameras.view_paper cameras.view_lifecycleact casework.view_attachment
    cameras.view_priorconsultation cameras.view_consultationcondition
""")
SEE_OFFICERS = _permissions("accounts.view_officer")
# What is met and what not; exceptions take the manager.
SEE_ASSESSMENT = _permissions("""
    ordinance.view_finding ordinance.view_findingcare ordinance.view_assessment ordinance.view_ruleexception
""")
# 자체점검 (Guideline art. 48). The result goes to the PIPC in the district's name: the manager signs it off.
SEE_SELF_INSPECTIONS = _permissions("records.view_selfinspection")
KEEP_SELF_INSPECTIONS = _permissions("records.change_selfinspection")
SIGN_OFF_SELF_INSPECTIONS = _permissions("records.sign_off_selfinspection")
# 내부 관리계획 (Safety Standard art. 4): one writes it, another approves it and looks each year whether it is carried out.
SEE_INTERNAL_PLAN = _permissions("records.view_internalplan")
CHANGE_INTERNAL_PLAN = _permissions("records.change_internalplan")
APPROVE_INTERNAL_PLAN = _permissions("records.approve_internalplan")
SEE_EVERYTHING = (
    ENTER_PORTAL
    | SEE_REGISTER
    | SEE_CAMERA_LIVES
    | SEE_LAW
    | SEE_ASSESSMENT
    | SEE_SELF_INSPECTIONS
    | SEE_INTERNAL_PLAN
    | SEE_FOOTAGE_RECORDS
    | SEE_REPORTS
    | SEE_LEDGER
)
KEEP_ASSESSMENT = _permissions("ordinance.run_assessment ordinance.care_for_finding")
KEEP_CAMERA_LIVES = _permissions("""
    cameras.add_installationproject cameras.change_installationproject cameras.file_paper cameras.move_camera
    cameras.add_priorconsultation cameras.change_priorconsultation
""")
# Art. 7: the head of the responsible department replies. The department itself is looked at when it happens.
REPLY_CONSULTATIONS = _permissions("cameras.reply_consultation")

KEEP_REGISTER = _permissions("""
    cameras.add_site cameras.change_site cameras.add_camera cameras.change_camera
    cameras.add_landmark cameras.change_landmark cameras.delete_landmark
    cameras.add_contractor cameras.change_contractor
    cameras.import_register cameras.bulk_edit_camera cameras.view_importrun cameras.change_operationpolicy
""")
# Opinions may tell of a person even without a name: they are for those who deal with them and those who check.
SEE_CONSULTATIONS = _permissions("cameras.view_publicconsultation cameras.view_opinion")
KEEP_CONSULTATIONS = SEE_CONSULTATIONS | _permissions("""
    cameras.add_publicconsultation cameras.change_publicconsultation cameras.add_opinion cameras.change_opinion
    cameras.read_opinion_person
""")
KEEP_HOLIDAYS = _permissions("ordinance.add_holiday ordinance.change_holiday ordinance.delete_holiday")
KEEP_FOOTAGE = _permissions("""
    footage.scan_storage footage.run_sweep footage.place_hold footage.confirm_deletion footage.confirm_destroying
""")
# Whatever lets footage be destroyed that was safe so far, or goes out in the district's name, takes the manager.
APPROVE = _permissions("""
    ordinance.grant_exception ordinance.decide_parameter
    records.approve_visit
    footage.release_hold footage.confirm_clock footage.decide_folder cameras.publish_policy cameras.publish_consultation
    casework.publish_privacypolicy
    accounts.cancel_run ledger.confirm_loss
""")
KEEP_STORAGES = _permissions("footage.add_storage footage.change_storage footage.scan_storage")
KEEP_ORGANISATION = _permissions("""
    accounts.add_institution accounts.change_institution accounts.add_department accounts.change_department
    accounts.add_responsibledesignation accounts.change_responsibledesignation
""")
KEEP_ACCOUNTS = SEE_OFFICERS | _permissions(
    "accounts.add_officer accounts.change_officer accounts.cancel_run auth.view_group"
)
# The second person where rights are given (`casework.role_changes`): who keeps accounts, and who answers for the cameras.
CONFIRM_ROLES = _permissions("casework.confirm_rolechange")
ISSUE_REPORTS = _permissions("reports.issue_report reports.change_yearlypaper")

# Entrustment (ordinance art. 11). Consent to re-entrustment binds the district: the manager.
SEE_CONTRACTS = _permissions("cameras.view_entrustmentcontract")
KEEP_CONTRACTS = _permissions("""
    cameras.add_entrustmentcontract cameras.change_entrustmentcontract
    cameras.add_inspectionitem cameras.change_inspectionitem
""")
DECIDE_REENTRUSTMENT = _permissions("cameras.change_reentrustment")

# The committee (ordinance art. 26 to 30): its secretary keeps the records and calls its members.
SEE_COMMITTEE = _permissions("committee.view_meeting committee.view_resolution committee.view_member")
KEEP_COMMITTEE = _permissions("""
    committee.add_meeting committee.change_meeting committee.add_resolution
    committee.change_member committee.read_member_contact
""")

# What citizens report about signs; a contact is read to answer it, and each look is in the ledger.
SEE_SIGN_REPORTS = _permissions("cameras.view_signreport")
HANDLE_SIGN_REPORTS = SEE_SIGN_REPORTS | _permissions("""
    cameras.close_signreport cameras.read_signreport_contact
""")

# 안내판 (art. 9). That the website stands in for a sign goes out in the district's name: the manager decides.
SEE_SIGNS = _permissions("""
    cameras.view_sign cameras.view_signcheck cameras.view_signsubstitute cameras.view_signbatch
""")
KEEP_SIGNS = SEE_SIGNS | _permissions("cameras.add_sign cameras.change_sign cameras.check_sign")
DECIDE_SIGN_SUBSTITUTES = _permissions("cameras.decide_signsubstitute")

# Requests to see footage (ordinance art. 22). Deciding goes out in the district's name: the manager.
SEE_VIEWING_REQUESTS = _permissions("records.view_viewingrequest")
HANDLE_VIEWING_REQUESTS = SEE_VIEWING_REQUESTS | _permissions("records.read_viewing_person")
DECIDE_VIEWING_REQUESTS = _permissions("records.decide_viewingrequest")

# Use and provision (art. 20, 21): who handles it does not approve it; publishing and recalling go out in the district's name.
SEE_PROVISIONS = _permissions("""
    records.view_provision records.view_provisionrestriction records.view_handover records.view_copyending
    records.view_agency records.view_approvalauthority
""")
HANDLE_PROVISIONS = SEE_PROVISIONS | _permissions("records.handle_provision records.change_agency")
APPROVE_PROVISIONS = _permissions("""
    records.approve_provision records.publish_provision records.change_approvalauthority
""")

# 영상 재생 (art. 23): only who deals with the matters for which footage is looked at. Who looked when is for those who check.
SEE_LOOKS = _permissions("records.view_footagelook")
LOOK_AT_FOOTAGE = SEE_LOOKS | _permissions("records.look_at_footage")

# 접속기록의 점검 (art. 23): the manager judges and signs, never about himself; the auditor is the second person there.
SEE_ACCESS_REVIEWS = _permissions("records.view_accessreview")
IMPORT_ACCESS_LOGS = _permissions("records.import_accesslog")
SIGN_ACCESS_REVIEWS = _permissions("records.sign_accessreview")
COUNTERSIGN_ACCESS_REVIEWS = _permissions("records.countersign_accessreview")
# 교육과 서약 (art. 25): who keeps the list enters what happened; the plan and the words that are sworn take the manager.
SEE_COMPETENCE = _permissions("records.view_training records.view_pledge")
KEEP_COMPETENCE = SEE_COMPETENCE | _permissions(
    "records.change_training records.add_trainingcourse records.change_trainingcourse"
)
DECIDE_COMPETENCE = _permissions("records.approve_trainingplan records.change_pledgetext")
# 카메라 접근권한 (art. 23(1)): one asks, another decides; of the manager's own, whoever keeps accounts.
SEE_CAMERA_PERMISSIONS = _permissions("records.view_camerapermission")
ASK_CAMERA_PERMISSIONS = SEE_CAMERA_PERMISSIONS | _permissions("records.add_camerapermission")
DECIDE_CAMERA_PERMISSIONS = SEE_CAMERA_PERMISSIONS | _permissions("records.decide_camerapermission")
LIFT_GATES = _permissions("records.add_gatelift records.view_gatelift")

# 관제센터 (art. 16–19): agents see the roster, hand over and write down what they see; the office keeps staff and roster.
SEE_DUTY = _permissions("records.view_duty records.view_incident_log records.view_visit_log")
STAND_DUTY = SEE_DUTY | _permissions("records.stand_duty records.enter_incident records.keep_door")
SEE_STAFF = _permissions("records.view_staff")
KEEP_DUTY = STAND_DUTY | SEE_STAFF | _permissions("records.change_staff records.change_duty")

# 나가는 사본 (art. 24): who deals with the matter makes them; an original leaves by the manager's decision.
SEE_COPIES = _permissions("records.view_casecopy")
MAKE_COPIES = SEE_COPIES | _permissions("records.make_casecopy")
DECIDE_COPIES = _permissions("records.decide_casecopy")

# 공문. The register names nobody; a letter itself is for those who deal with its matter. Its words bind the district: the manager.
SEE_LETTERS = _permissions("reports.view_outgoingdocument reports.view_lettertemplate")
SEND_LETTERS = SEE_LETTERS | _permissions("reports.send_letter")
CHANGE_LETTER_WORDS = _permissions("reports.change_lettertemplate")
# Whoever answers what is held about a person opens every register: the manager alone.
ANSWER_OWN_DATA = _permissions("reports.answer_own_data")

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    # Runs the machine; the footage itself and what is reported about it are not this person's business.
    Role.SYSTEM_ADMINISTRATOR: SEE_EVERYTHING
    | SEE_CONTRACTS
    | SEE_COMMITTEE
    | SEE_SIGNS
    | KEEP_ACCOUNTS
    | CONFIRM_ROLES
    | KEEP_ORGANISATION
    | KEEP_STORAGES
    | KEEP_HOLIDAYS
    | SEE_COMPETENCE
    | DECIDE_CAMERA_PERMISSIONS
    | _permissions("""
        wagtailcore.add_site wagtailcore.change_site wagtailcore.view_site website.change_officedetails website.change_sitetexts
    """),
    # Answers for the cameras by law (PIPA art. 31; guideline art. 37): everything but accounts.
    Role.CCTV_MANAGER: SEE_EVERYTHING
    | SEE_CONTRACTS
    | KEEP_CONTRACTS
    | DECIDE_REENTRUSTMENT
    | SEE_COMMITTEE
    | KEEP_COMMITTEE
    | SEE_OFFICERS
    | CONFIRM_ROLES
    | KEEP_REGISTER
    | KEEP_ASSESSMENT
    | KEEP_SELF_INSPECTIONS
    | SIGN_OFF_SELF_INSPECTIONS
    | CHANGE_INTERNAL_PLAN
    | APPROVE_INTERNAL_PLAN
    | KEEP_CAMERA_LIVES
    | REPLY_CONSULTATIONS
    | KEEP_ORGANISATION
    | KEEP_HOLIDAYS
    | KEEP_FOOTAGE
    | KEEP_STORAGES
    | APPROVE
    | KEEP_CONSULTATIONS
    | ISSUE_REPORTS
    | HANDLE_SIGN_REPORTS
    | HANDLE_VIEWING_REQUESTS
    | DECIDE_VIEWING_REQUESTS
    | HANDLE_PROVISIONS
    | APPROVE_PROVISIONS
    | LOOK_AT_FOOTAGE
    | SEE_ACCESS_REVIEWS
    | IMPORT_ACCESS_LOGS
    | SIGN_ACCESS_REVIEWS
    | KEEP_COMPETENCE
    | DECIDE_COMPETENCE
    | ASK_CAMERA_PERMISSIONS
    | DECIDE_CAMERA_PERMISSIONS
    | LIFT_GATES
    | KEEP_DUTY
    | MAKE_COPIES
    | DECIDE_COPIES
    | SEND_LETTERS
    | CHANGE_LETTER_WORDS
    | ANSWER_OWN_DATA
    | KEEP_SIGNS
    | DECIDE_SIGN_SUBSTITUTES
    | _permissions("website.change_officedetails website.change_sitetexts"),
    Role.OFFICIAL: SEE_EVERYTHING
    | SEE_CONTRACTS
    | KEEP_CONTRACTS
    | SEE_COMMITTEE
    | KEEP_SIGNS
    | KEEP_CONSULTATIONS
    | HANDLE_SIGN_REPORTS
    | HANDLE_VIEWING_REQUESTS
    | HANDLE_PROVISIONS
    | LOOK_AT_FOOTAGE
    | IMPORT_ACCESS_LOGS
    | KEEP_COMPETENCE
    | ASK_CAMERA_PERMISSIONS
    | KEEP_DUTY
    | MAKE_COPIES
    | SEND_LETTERS
    | KEEP_ASSESSMENT
    | KEEP_SELF_INSPECTIONS
    | CHANGE_INTERNAL_PLAN
    | KEEP_REGISTER
    | KEEP_CAMERA_LIVES
    | KEEP_HOLIDAYS
    | KEEP_FOOTAGE,
    # Access to the fewest (ordinance art. 23(1)): agents see which cameras there are, nothing about files.
    Role.MONITORING_AGENT: ENTER_PORTAL | SEE_REGISTER | SEE_LAW | STAND_DUTY,
    # Sees all of it and changes none of it; the second person where the manager's own looks are judged.
    Role.AUDITOR: SEE_EVERYTHING
    | SEE_CONTRACTS
    | SEE_COMMITTEE
    | SEE_CONSULTATIONS
    | SEE_SIGN_REPORTS
    | SEE_SIGNS
    | SEE_VIEWING_REQUESTS
    | SEE_PROVISIONS
    | SEE_LOOKS
    | SEE_ACCESS_REVIEWS
    | COUNTERSIGN_ACCESS_REVIEWS
    | SEE_COMPETENCE
    | SEE_CAMERA_PERMISSIONS
    | _permissions("records.view_gatelift")
    | SEE_STAFF
    | SEE_DUTY
    | SEE_COPIES
    | SEE_LETTERS
    | SEE_OFFICERS
    | _permissions("cameras.view_importrun"),
    Role.COMMITTEE_SECRETARY: ENTER_PORTAL
    | SEE_CONTRACTS
    | SEE_COMMITTEE
    | KEEP_COMMITTEE
    | SEE_REGISTER
    | SEE_CAMERA_LIVES
    | SEE_LAW
    | SEE_ASSESSMENT
    | SEE_CONSULTATIONS
    | SEE_REPORTS
    | SEND_LETTERS
    | ISSUE_REPORTS,
}

# On Wagtail's page tree, and on its root collection of documents and images.
ROLE_PAGE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.SYSTEM_ADMINISTRATOR: _permissions("add_page change_page publish_page lock_page unlock_page"),
    Role.CCTV_MANAGER: _permissions("add_page change_page publish_page lock_page unlock_page"),
    Role.OFFICIAL: _permissions("add_page change_page publish_page"),
    Role.COMMITTEE_SECRETARY: _permissions("add_page change_page"),
}
ROLE_COLLECTION_PERMISSIONS: dict[Role, frozenset[str]] = dict.fromkeys(
    (Role.SYSTEM_ADMINISTRATOR, Role.CCTV_MANAGER, Role.OFFICIAL, Role.COMMITTEE_SECRETARY),
    _permissions("""
        wagtaildocs.add_document wagtaildocs.change_document wagtaildocs.choose_document
        wagtailimages.add_image wagtailimages.change_image wagtailimages.choose_image
    """),
)


def group_of(role: Role) -> Group:
    """The role's group; made at first use, so that a database without `post_migrate` works too."""
    group, _ = Group.objects.get_or_create(name=role.label)
    return group


def assign(officer: Officer, role: Role) -> None:
    """Give the officer this role, and only this one of the roles."""
    roles = Group.objects.filter(name__in=Role.labels)
    officer.groups.remove(*roles)
    officer.groups.add(group_of(role))


def gained(before: Role | None, after: Role) -> frozenset[str]:
    """The rights that a change of role brings, those on pages and collections included."""
    return _all_rights(after) - (_all_rights(before) if before else frozenset())


def reaches_persons(role: Role) -> bool:
    """Whether the role sees or does more than look up the register and the law: personal data, footage, records."""
    return bool(_all_rights(role) - ENTER_PORTAL - SEE_REGISTER - SEE_LAW)


def _all_rights(role: Role) -> frozenset[str]:
    return (
        ROLE_PERMISSIONS[role]
        | ROLE_PAGE_PERMISSIONS.get(role, frozenset())
        | ROLE_COLLECTION_PERMISSIONS.get(role, frozenset())
    )


def role_of(officer: Officer) -> Role | None:
    """The officer's role; None for an account without one."""
    names = set(officer.groups.values_list("name", flat=True))
    return next((role for role in Role if role.label in names), None)


def grant_after_migrate(
    sender: AppConfig, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:
    """Bring the groups in line with the table, once per `migrate`: after the last app's signal."""
    if sender.label != _last_app_with_models().label:
        return
    create_permissions(sender, verbosity=0, using=using)
    grant_all(using=using)


def _last_app_with_models() -> AppConfig:
    """`post_migrate` is sent for apps with models only, in the order of INSTALLED_APPS."""
    return [app for app in installed_apps.get_app_configs() if app.models_module is not None][-1]


@transaction.atomic
def grant_all(using: str = DEFAULT_DB_ALIAS) -> None:
    """Every role's group holds exactly what the tables above say."""
    known = _known_permissions(using)
    for role in Role:
        group, _ = Group.objects.using(using).get_or_create(name=role.label)
        wanted = [known[name] for name in ROLE_PERMISSIONS[role] if name in known]
        group.permissions.set(wanted)
        _grant_on_root(
            "GroupPagePermission",
            "page",
            group,
            (f"wagtailcore.{codename}" for codename in ROLE_PAGE_PERMISSIONS.get(role, ())),
            known,
        )
        _grant_on_root(
            "GroupCollectionPermission",
            "collection",
            group,
            ROLE_COLLECTION_PERMISSIONS.get(role, ()),
            known,
        )


def unknown_permissions(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Names in the table that no installed app declares: a spelling mistake, or a right that nobody has."""
    known = _known_permissions(using)
    named = set().union(*ROLE_PERMISSIONS.values(), *ROLE_COLLECTION_PERMISSIONS.values())
    named |= {f"wagtailcore.{codename}" for codename in set().union(*ROLE_PAGE_PERMISSIONS.values())}
    return named - known.keys()


def _known_permissions(using: str) -> dict[str, Permission]:
    rows = Permission.objects.using(using).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}


def _grant_on_root(
    model_name: str, parent: str, group: Group, names: Iterable[str], known: dict[str, Permission]
) -> None:
    """Permissions on the root of Wagtail's page or collection tree. By name: this app imports no screens."""
    grants = installed_apps.get_model("wagtailcore", model_name)._default_manager.using(group._state.db)
    trees = installed_apps.get_model("wagtailcore", parent)._default_manager.using(group._state.db)
    root = trees.filter(depth=1).first()
    if root is None:
        return
    wanted = {known[name].pk for name in names if name in known}
    own = grants.filter(**{"group": group, parent: root})
    own.exclude(permission__in=wanted).delete()
    for permission_id in wanted - set(own.values_list("permission_id", flat=True)):
        grants.create(**{"group": group, parent: root, "permission_id": permission_id})
