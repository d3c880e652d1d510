"""무게: what is graver than what, for the page on which a committee decides.

A table, not a count: one held file that is gone outweighs a thousand cameras whose link nobody has noted. Each figure
that should be zero stands beside the figure that it is a part of; a part of nothing says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.tabulation import Figure, Figures, Value

# Figures that should be zero, the gravest first, with what each is counted out of.
FIGURES: dict[str, str] = {
    "footage_vanished_held": "",
    "kept_unlawfully": "destroyed_files",
    "beyond_margin": "destroyed_files",
    "proofs_wrong": "proofs_due",
    "proofs_other_wrong": "proofs_other",
    "footage_vanished": "",
    "requests_overdue": "",
    "looks_without_matter": "looks",
    "log_improper": "log_asked",
    "visits_unapproved": "visits_entered",
    "incidents_untold": "incidents",
    "copies_overdue": "copies_out",
    "requests_decided_late": "requests_decided",
    "requests_written_late": "requests_decided",
    "incidents_late": "incidents",
    "staff_untrained": "staff",
    "staff_unsworn": "staff",
    "log_unjudged": "log_asked",
    "gates_lifted": "",
    "turns_late": "turns",
    "contractor_faults": "",
    "sign_checks_failed": "",
    "cameras_beyond_without_reason": "cameras_beyond_maximum",
    "cameras_audio_on": "cameras",
    "sweeps_refused": "",
    "sweeps_failed": "",
    "confirmations_failed": "confirmations",
    "destroyed_late": "destroyed_files",
    "destroyed_unknown": "destroyed_files",
    "proofs_unseen": "proofs_due",
    "proofs_missing": "proofs_due",
    "holds_without_ground": "holds_in_force",
    "consultations_without_result": "",
    "unclaimed_open": "",
    "unrecognised": "",
    "footage_silent": "cameras_operating",
    "cameras_audio_unchecked": "cameras",
    "cameras_link_unknown": "cameras",
    "duties_unmet": "duties_judged",
}
# Duties, the gravest first; one that is not named stands behind those that are.
RULES = (
    "held_footage",
    "vault_intact",
    "footage_overdue",
    "retention_limit",
    "audio_off",
    "place",
    "purpose",
    "resolution",
    "release_deliberated",
    "public_consultation",
    "prior_consultation",
    "contract",
    "operation_policy",
    "internal_plan",
    "responsible_department",
    "daily_proof",
    "deletion_confirmed",
    "sign",
    "monitoring_scope",
    "centre_link",
    "installation_checklist",
    "registered_builder",
    "necessity_review",
)


@dataclass(frozen=True)
class Weighed:
    """A figure that should be zero, with the whole that it is a part of."""

    figure: Figure
    whole: Value
    # The same whole the time before.
    whole_before: Value = None

    @property
    def is_share(self) -> bool:
        """Whether both times are parts of a known whole."""
        return bool(self.whole) and bool(self.whole_before)

    @property
    def is_worse(self) -> bool:
        """More than the time before: as a share where there is one. False where nothing is known to compare with."""
        now, before = self.figure.value, self.figure.previous
        if not isinstance(now, int | float) or not isinstance(before, int | float):
            return False
        if (
            isinstance(self.whole, int | float)
            and isinstance(self.whole_before, int | float)
            and self.is_share
        ):
            return now * self.whole_before > before * self.whole
        return now > before

    @property
    def is_about_something(self) -> bool:
        """Zero of zero is neither kept nor broken."""
        return self.whole != 0 or bool(self.figure.value)


def weighed(figures: Figures) -> list[Weighed]:
    """The gravest first. Of a quarter that is over only what belongs to it: today's state is no matter of its page one."""
    found = {figure.code: figure for _, figure in figures.figures()}
    order = {code: place for place, code in enumerate(FIGURES)}
    asked = [
        figure for figure in found.values() if figure.is_shortfall and (figure.is_flow or figures.is_interim)
    ]
    asked.sort(key=lambda figure: order.get(figure.code, len(order)))
    wholes = {figure.code: found.get(FIGURES.get(figure.code, "")) for figure in asked}
    parts = [
        Weighed(figure, whole.value if whole else None, whole.previous if whole else None)
        for figure in asked
        for whole in (wholes[figure.code],)
    ]
    return [one for one in parts if one.is_about_something]


def rules_in_order(codes: Iterable[str]) -> list[str]:
    order = {code: place for place, code in enumerate(RULES)}
    return sorted(codes, key=lambda code: (order.get(code, len(order)), code))
