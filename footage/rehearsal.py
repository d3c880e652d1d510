"""A rehearsal as a row: the sweep's figures as they would be, for a person to look at before the real one."""

from typing import Any

from footage import destruction
from footage.models import Sweep

FIGURES = (
    "destroyed",
    "bytes",
    "held",
    "kept",
    "unrecognised",
    "unclaimed",
    "errors",
    "max_lateness_seconds",
)


def rehearse(run: Sweep) -> None:
    """Destroys nothing; a clock that the guard refuses does not matter for counting."""
    if not run.is_dry_run:
        raise ValueError("not a rehearsal")
    with run.running():
        result = destruction.sweep(run.at, dry_run=True, actor="system:rehearsal")
        figures: dict[str, Any] = result.as_json() | {"errors": result.errors}
        for name in FIGURES:
            setattr(run, name, figures.get(name) or 0)
        run.report = result.report
        run.save(update_fields=[*FIGURES, "report"])
