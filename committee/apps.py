from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """Members, meetings, resolutions."""

    name = "committee"
    verbose_name = "운영위원회"

    def ready(self) -> None:
        from committee import meetings, next_steps, resolutions, rules, searching
        from ledger import kinds
        from ordinance.rules import register

        for kind, label in (meetings.LEDGER_KINDS | resolutions.LEDGER_KINDS).items():
            kinds.register(kind, label)
        for rule in rules.RULES:
            register(rule)
        next_steps.listen()
        searching.listen()
