"""Who may open what below /portal/: the table that every view needs a line in.

A new view without a line fails the test run (tests/portal/test_permissions.py). To add one: write down which roles may
GET it, thinking of the fewest who need it (ordinance art. 23(1)); if sending (POST) needs more than reading, put it
into `MAY_SEND` as well. Wagtail's own screens stand here too; `portal.wagtail_gate` closes what nobody needs.
"""

from accounts.roles import Role

ADMINISTRATOR = Role.SYSTEM_ADMINISTRATOR
MANAGER = Role.CCTV_MANAGER
OFFICIAL = Role.OFFICIAL
AGENT = Role.MONITORING_AGENT
AUDITOR = Role.AUDITOR
SECRETARY = Role.COMMITTEE_SECRETARY
# A visitor who is not logged in.
ANONYMOUS = None

Roles = frozenset[Role | None]


def only(*roles: Role | None) -> Roles:
    return frozenset(roles)


NOBODY: Roles = frozenset()
EVERYONE: Roles = frozenset(Role)
PUBLIC: Roles = EVERYONE | {ANONYMOUS}
# Who keeps the public site; the agent and the auditor have no business there.
WEBSITE = only(ADMINISTRATOR, MANAGER, OFFICIAL, SECRETARY)
PUBLISHERS = only(ADMINISTRATOR, MANAGER, OFFICIAL)
# Footage, ledger and everything recorded about them.
RECORDS = only(ADMINISTRATOR, MANAGER, OFFICIAL, AUDITOR)
REPORTS = RECORDS | {SECRETARY}
ISSUERS = only(MANAGER, SECRETARY)
ORGANISERS = only(ADMINISTRATOR, MANAGER)
REGISTRARS = only(MANAGER, OFFICIAL)

OWN: dict[str, Roles] = {
    "ordinance:articles": EVERYONE,
    "ordinance:article": EVERYONE,
    "ordinance:parameters": EVERYONE,
    "ordinance:grounds": EVERYONE,
    "ordinance:holidays": EVERYONE,
    "ordinance:holiday_add": only(ADMINISTRATOR, MANAGER, OFFICIAL),
    "ordinance:holiday_import": only(ADMINISTRATOR, MANAGER, OFFICIAL),
    "ordinance:holiday_edit": only(ADMINISTRATOR, MANAGER, OFFICIAL),
    "ordinance:holiday_remove": only(ADMINISTRATOR, MANAGER, OFFICIAL),
    "ordinance:deadline": EVERYONE,
    "ordinance:due_dates": EVERYONE,
    "ledger:entries": RECORDS,
    "ledger:entry": RECORDS,
    "ledger:heads": RECORDS,
    "ledger:head_file": RECORDS,
    "ledger:bundle": RECORDS,
    "ledger:verifications": RECORDS,
    "ledger:verification": RECORDS,
    "ledger:verification_progress": RECORDS,
    "ledger:verification_cancel": RECORDS,
    "reports:list": REPORTS,
    "reports:issue": ISSUERS,
    "reports:report": REPORTS,
    "reports:progress": REPORTS,
    "reports:cancel": ISSUERS,
    "reports:file": REPORTS,
    "reports:volume": REPORTS,
    "reports:head_file": REPORTS,
    "reports:certificate": RECORDS | {SECRETARY},
    "people:departments": EVERYONE,
    "people:department_add": ORGANISERS,
    "people:department_edit": ORGANISERS,
    "people:institutions": EVERYONE,
    "people:institution_add": ORGANISERS,
    "people:institution_edit": ORGANISERS,
    "people:designations": EVERYONE,
    "people:designation_add": ORGANISERS,
    "people:roles": RECORDS,
    "people:officer_active": only(ADMINISTRATOR),
    "people:officer_unlock": only(ADMINISTRATOR),
    "wagtailusers_users:index": only(ADMINISTRATOR, MANAGER, AUDITOR),
    "wagtailusers_users:add": only(ADMINISTRATOR),
    "wagtailusers_users:edit": only(ADMINISTRATOR),
    "wagtailusers_users:history": only(ADMINISTRATOR, MANAGER, AUDITOR),
    "policy:overview": EVERYONE,
    "policy:edit": REGISTRARS,
    "policy:publish": only(MANAGER),
    "policy:version": EVERYONE,
}

# The camera and footage screens.
SCANNERS = only(ADMINISTRATOR, MANAGER, OFFICIAL)
IMPORTS = only(MANAGER, OFFICIAL, AUDITOR)
REGISTERS: dict[str, Roles] = {
    "cameras:list": EVERYONE,
    "cameras:columns": EVERYONE,
    "cameras:export": EVERYONE,
    "cameras:suggest": EVERYONE,
    "cameras:bulk": REGISTRARS,
    "cameras:change_group": EVERYONE,
    "cameras:map": EVERYONE,
    "cameras:map_points": EVERYONE,
    "cameras:outline": REGISTRARS,
    "cameras:outline_file": EVERYONE,
    "cameras:imports": IMPORTS,
    "cameras:import_add": REGISTRARS,
    "cameras:dataset": EVERYONE,
    "cameras:import": IMPORTS,
    "cameras:import_confirm": REGISTRARS,
    "cameras:import_progress": IMPORTS,
    "cameras:import_cancel": REGISTRARS,
    "cameras:import_run_here": REGISTRARS,
    "cameras:import_rejected": REGISTRARS,
    "cameras:add": REGISTRARS,
    "cameras:site": EVERYONE,
    "cameras:site_edit": REGISTRARS,
    "cameras:site_history": EVERYONE,
    "cameras:camera_add": REGISTRARS,
    "cameras:page": EVERYONE,
    "cameras:edit": REGISTRARS,
    "cameras:history": EVERYONE,
    "footage:storages": RECORDS,
    "footage:storage_add": ORGANISERS,
    "footage:storage": RECORDS,
    "footage:scan_now": SCANNERS,
    "footage:scan": RECORDS,
    "footage:scan_progress": RECORDS,
    "footage:scan_cancel": SCANNERS,
    "footage:scan_run_here": SCANNERS,
    "footage:unrecognised": RECORDS,
    "footage:days": RECORDS,
    "footage:destroyed": RECORDS,
    "footage:destroyed_export": RECORDS,
    "footage:proofs": RECORDS,
    "footage:confirmations": RECORDS,
    "footage:confirm": REGISTRARS,
    "footage:clock": RECORDS,
    "footage:sweeps": RECORDS,
    "footage:sweep_now": REGISTRARS,
    "footage:sweep": RECORDS,
    "footage:sweep_progress": RECORDS,
    "footage:sweep_cancel": REGISTRARS,
    "footage:sweep_run_here": REGISTRARS,
    "footage:holds": RECORDS,
    "footage:hold_place": REGISTRARS,
    "footage:hold": RECORDS,
    "footage:hold_release": only(MANAGER),
    "footage:folders": RECORDS,
    "footage:folder": RECORDS,
}

WAGTAIL: dict[str, Roles] = {
    "wagtailadmin_home": EVERYONE,
    "portal_account": EVERYONE,
    "wagtailadmin_account": EVERYONE,
    "wagtailadmin_logout": EVERYONE,
    "wagtailadmin_dismissibles": EVERYONE,
    "wagtailadmin_login": PUBLIC,
    "wagtailadmin_sprite": PUBLIC,
    "wagtailadmin_javascript_catalog": PUBLIC,
    # Switched off: they answer "not found" to everyone.
    "wagtailadmin_password_reset": PUBLIC,
    "wagtailadmin_password_reset_done": PUBLIC,
    "wagtailadmin_password_reset_confirm": PUBLIC,
    "wagtailadmin_password_reset_complete": PUBLIC,
    # "Not found", for everyone who is logged in.
    "portal/test404/": EVERYONE,
    "portal/^.*/$": EVERYONE,
    "wagtailadmin_error_test": NOBODY,
    # The public site's pages.
    **dict.fromkeys(
        (
            "wagtailadmin_api:pages:listing",
            "wagtailadmin_api:pages:detail",
            "wagtailadmin_api:pages:find",
            "wagtailadmin_api:pages:action",
            "wagtailadmin_api:documents:listing",
            "wagtailadmin_api:documents:detail",
            "wagtailadmin_api:documents:find",
            "wagtailadmin_api:images:listing",
            "wagtailadmin_api:images:detail",
            "wagtailadmin_api:images:find",
            "wagtailadmin_explore_root",
            "wagtailadmin_explore",
            "wagtailadmin_explore_results",
            "wagtail_bulk_action",
            "wagtailadmin_pages:add",
            "wagtailadmin_pages:preview_on_add",
            "wagtailadmin_pages:type_use",
            "wagtailadmin_pages:type_use_results",
            "wagtailadmin_pages:choose_parent",
            "wagtailadmin_pages:usage",
            "wagtailadmin_pages:edit",
            "wagtailadmin_pages:preview_on_edit",
            "wagtailadmin_pages:view_draft",
            "wagtailadmin_pages:add_subpage",
            "wagtailadmin_pages:convert_alias",
            "wagtailadmin_pages:search",
            "wagtailadmin_pages:search_results",
            "wagtailadmin_pages:move_confirm",
            "wagtailadmin_pages:set_page_position",
            "wagtailadmin_pages:copy",
            "wagtailadmin_pages:workflow_action",
            "wagtailadmin_pages:collect_workflow_action_data",
            "wagtailadmin_pages:confirm_workflow_cancellation",
            "wagtailadmin_pages:workflow_history",
            "wagtailadmin_pages:workflow_history_detail",
            "wagtailadmin_pages:lock",
            "wagtailadmin_pages:unlock",
            "wagtailadmin_pages:revisions_index",
            "wagtailadmin_pages:revisions_view",
            "wagtailadmin_pages:revisions_revert",
            "wagtailadmin_pages:revisions_compare",
            "wagtailadmin_pages:history",
            "wagtailadmin_pages:history_results",
            "wagtailadmin_choose_page",
            "wagtailadmin_choose_page_child",
            "wagtailadmin_choose_page_search",
            "wagtailadmin_choose_page_chosen_multiple",
            "wagtailadmin_choose_page_external_link",
            "wagtailadmin_choose_page_email_link",
            "wagtailadmin_choose_page_phone_link",
            "wagtailadmin_choose_page_anchor_link",
            "wagtailadmin_tag_autocomplete",
            "wagtailadmin_tag_model_autocomplete",
            "wagtailadmin_editing_sessions:ping",
            "wagtailadmin_editing_sessions:release",
            "wagtailadmin_block_preview",
            "wagtailadmin_reports:site_history",
            "wagtailadmin_reports:site_history_results",
            "wagtailadmin_reports:aging_pages",
            "wagtailadmin_reports:aging_pages_results",
            "wagtailadmin_reports:page_types_usage",
            "wagtailadmin_reports:page_types_usage_results",
        ),
        WEBSITE,
    ),
    "wagtailadmin_pages:unpublish": PUBLISHERS,
    "wagtailadmin_pages:move": PUBLISHERS,
    "wagtailadmin_pages:set_privacy": PUBLISHERS,
    "wagtailadmin_pages:revisions_unschedule": PUBLISHERS,
    "wagtailadmin_reports:locked_pages": only(ADMINISTRATOR, MANAGER),
    "wagtailadmin_reports:locked_pages_results": only(ADMINISTRATOR, MANAGER),
    # The sample page is the site's first, which nobody may delete. Workflows are switched off.
    "wagtailadmin_pages:delete": NOBODY,
    "wagtailadmin_pages:workflow_preview": NOBODY,
    # Documents and images.
    **dict.fromkeys(
        (
            "wagtaildocs:index",
            "wagtaildocs:index_results",
            "wagtaildocs:add",
            "wagtaildocs:edit",
            "wagtaildocs:delete",
            "wagtaildocs:add_multiple",
            "wagtaildocs:edit_multiple",
            "wagtaildocs:create_multiple_from_uploaded_document",
            "wagtaildocs:delete_multiple",
            "wagtaildocs:delete_upload_multiple",
            "wagtaildocs:document_usage",
            "wagtaildocs_chooser:choose",
            "wagtaildocs_chooser:choose_results",
            "wagtaildocs_chooser:chosen",
            "wagtaildocs_chooser:chosen_multiple",
            "wagtaildocs_chooser:create",
            "wagtailimages:index",
            "wagtailimages:index_results",
            "wagtailimages:add",
            "wagtailimages:edit",
            "wagtailimages:delete",
            "wagtailimages:url_generator",
            "wagtailimages:url_generator_output",
            "wagtailimages:preview",
            "wagtailimages:image_usage",
            "wagtailimages:add_multiple",
            "wagtailimages:edit_multiple",
            "wagtailimages:create_multiple_from_uploaded_image",
            "wagtailimages:delete_multiple",
            "wagtailimages:delete_upload_multiple",
            "wagtailimages_chooser:choose",
            "wagtailimages_chooser:choose_results",
            "wagtailimages_chooser:chosen",
            "wagtailimages_chooser:chosen_multiple",
            "wagtailimages_chooser:create",
            "wagtailimages_chooser:select_format",
        ),
        WEBSITE,
    ),
    "wagtailadmin_collections:index": NOBODY,
    "wagtailadmin_collections:add": NOBODY,
    "wagtailadmin_collections:edit": NOBODY,
    # A collection that the person may not see is "not found".
    "wagtailadmin_collections:delete": WEBSITE,
    "wagtailadmin_collections:set_privacy": NOBODY,
    # Settings.
    "wagtailsettings:edit": only(ADMINISTRATOR, MANAGER),
    "wagtailsettings:preview_on_edit": only(ADMINISTRATOR, MANAGER),
    "wagtailsites:index": only(ADMINISTRATOR),
    "wagtailsites:index_results": only(ADMINISTRATOR),
    "wagtailsites:add": only(ADMINISTRATOR),
    "wagtailsites:edit": only(ADMINISTRATOR),
    "wagtailsites:delete": NOBODY,
    "wagtailsites:history": only(ADMINISTRATOR),
    "wagtailsites:history_results": only(ADMINISTRATOR),
    "wagtailsites:usage": only(ADMINISTRATOR),
    "wagtailsites:copy": only(ADMINISTRATOR),
    # What this office does not use.
    **dict.fromkeys(
        (
            "wagtailadmin_reports:workflow",
            "wagtailadmin_reports:workflow_results",
            "wagtailadmin_reports:workflow_tasks",
            "wagtailadmin_reports:workflow_tasks_results",
            "wagtailadmin_workflows:index",
            "wagtailadmin_workflows:index_results",
            "wagtailadmin_workflows:add",
            "wagtailadmin_workflows:enable",
            "wagtailadmin_workflows:disable",
            "wagtailadmin_workflows:edit",
            "wagtailadmin_workflows:usage",
            "wagtailadmin_workflows:usage_results",
            "wagtailadmin_workflows:remove",
            "wagtailadmin_workflows:add_task",
            "wagtailadmin_workflows:select_task_type",
            "wagtailadmin_workflows:task_index",
            "wagtailadmin_workflows:task_index_results",
            "wagtailadmin_workflows:edit_task",
            "wagtailadmin_workflows:disable_task",
            "wagtailadmin_workflows:enable_task",
            "wagtailadmin_workflows:task_chooser",
            "wagtailadmin_workflows:task_chooser_results",
            "wagtailadmin_workflows:task_chooser_create",
            "wagtailadmin_workflows:task_chosen",
            "wagtailsnippets:index",
            "wagtailusers_groups:index",
            "wagtailusers_groups:index_results",
            "wagtailusers_groups:add",
            "wagtailusers_groups:edit",
            "wagtailusers_groups:delete",
            "wagtailusers_groups:history",
            "wagtailusers_groups:history_results",
            "wagtailusers_groups:usage",
        ),
        NOBODY,
    ),
}

MAY_GET: dict[str, Roles] = {**OWN, **REGISTERS, **WAGTAIL}

# Where sending needs another right than reading. All other views of ours take both from the same roles.
MAY_SEND: dict[str, Roles] = {
    "footage:clock": only(MANAGER),
    "footage:folder": only(MANAGER),
}

# Views whose sample address answers "not found" to those who may ask: what they want is not in the sample world.
NOT_IN_THE_SAMPLE = frozenset(
    {
        "portal/^.*/$",
        "cameras:outline_file",
        "policy:version",
        "wagtail_bulk_action",
        "wagtailadmin_api:pages:find",
        "wagtailadmin_api:documents:find",
        "wagtailadmin_api:images:find",
        "wagtailadmin_block_preview",
        "wagtailadmin_collections:delete",
        "wagtailadmin_pages:collect_workflow_action_data",
        "wagtailadmin_pages:convert_alias",
        "wagtailadmin_pages:workflow_action",
        "wagtailadmin_pages:workflow_history_detail",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done",
        "wagtailimages:url_generator",
        "wagtailimages:url_generator_output",
        "wagtailsettings:preview_on_edit",
    }
)
