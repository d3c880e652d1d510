from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class PortalConfig(AppConfig):
    """Officials' screens on the Wagtail admin."""

    name = "portal"
    verbose_name = "업무 포털"
    default = True

    def ready(self) -> None:
        from ledger import kinds
        from ordinance import due
        from portal import (
            access_record,
            appearance,
            camera_life,
            camera_sections,
            duty_badges,
            finding_lines,
            open_sessions,
            own_passwords,
            providers,
            row_keys,
            second_factor,
        )
        from portal.views import looks

        access_record.listen()
        second_factor.listen()
        open_sessions.listen()
        appearance.use_light()
        appearance.use_whole_names()
        row_keys.look_up_within_range()
        camera_sections.register("duties", duty_badges.section, order=10)
        camera_life.register()
        camera_sections.register("looks", looks.section, order=60)
        due.declare("portal.reminders", "다시 보내기", "accounts.change_officer")
        due.register("portal.reminders", providers.unsent_reminders)
        due.register("portal.findings", finding_lines.items)
        kinds.register("calendar_feed.made", "달력 주소 만들기")
        kinds.register("calendar_feed.revoked", "달력 주소 폐기")
        kinds.register("officer.created", "담당자 등록")
        kinds.register("officer.changed", "담당자·권한 변경")
        for kind, label in (
            access_record.KINDS | own_passwords.KINDS | second_factor.KINDS | open_sessions.KINDS
        ).items():
            kinds.register(kind, label)
        kinds.register("portal.exported", "목록 출력")
        kinds.register("sample.begun", "표본 자료 시작")
        kinds.register("sample.completed", "표본 자료 완료")


class OfficeUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user screens with what an officer has (department, position, one role) and without deletion."""

    verbose_name = "담당자 화면"
    user_viewset = "portal.viewsets.officers.OfficerViewSet"
    default = False
