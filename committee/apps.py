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
            ballot_proofs,
            ballots,
            cited,
            conditions,
            links,
            meetings,
            membership,
            minutes,
            next_steps,
            notices,
            persons,
            providers,
            recordings,
            recusals,
            resolutions,
            rules,
            searching,
        )
        from ledger import checks, kinds
        from ordinance import due
        from ordinance.rules import register
        from records.provision import review

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
            recordings,
            recusals,
            resolutions,
        ):
            for kind, label in module.LEDGER_KINDS.items():
                kinds.register(kind, label)
        for rule in rules.RULES:
            register(rule)
        persons.register()
        review.register_resolutions(cited.problem)
        checks.register("committee", "서면심의 의견과 의결", ballot_proofs.check_all)
        for code, verb, *needs in providers.DEEDS:
            due.declare(code, verb, *needs)
        for name, provider in providers.ALL.items():
            due.register(name, provider)
        next_steps.listen()
        searching.listen()
