from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """Members, meetings, resolutions."""

    name = "committee"
    verbose_name = "운영위원회"

    def ready(self) -> None:
        from committee import rules
        from committee.resolutions import LINE_KIND
        from ledger import kinds
        from ordinance.rules import register

        kinds.register(LINE_KIND, "운영위원회 의결 기록")
        for rule in rules.RULES:
            register(rule)
