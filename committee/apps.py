from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """Members, meetings, resolutions."""

    name = "committee"
    verbose_name = "운영위원회"

    def ready(self) -> None:
        from committee import (
            agenda,
            allowances,
            attendance,
            ballots,
            conditions,
            links,
            meetings,
            membership,
            minutes,
            next_steps,
            notices,
            persons,
            providers,
            recusals,
            resolutions,
            rules,
            searching,
        )
        from ledger import kinds
        from ordinance import due
        from ordinance.rules import register

        for module in (
            agenda,
            allowances,
            attendance,
            ballots,
            conditions,
            links,
            meetings,
            membership,
            minutes,
            notices,
            persons,
            recusals,
            resolutions,
        ):
            for kind, label in module.LEDGER_KINDS.items():
                kinds.register(kind, label)
        for rule in rules.RULES:
            register(rule)
        persons.register()
        for code, verb, *needs in providers.DEEDS:
            due.declare(code, verb, *needs)
        for name, provider in providers.ALL.items():
            due.register(name, provider)
        next_steps.listen()
        searching.listen()
