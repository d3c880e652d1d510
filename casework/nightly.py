"""The steps of a night's work: one that fails keeps none of the others waiting, and in the end it is told."""

import logging
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)


class Unfinished(RuntimeError):
    """Some steps failed; the others are done."""


def all_of(steps: Mapping[str, Callable[[], int]]) -> dict[str, int]:
    """How many each step did. `Unfinished` names those that failed, after all were tried."""
    done: dict[str, int] = {}
    failed: dict[str, Exception] = {}
    for name, step in steps.items():
        try:
            done[name] = step()
        except Exception as error:
            logger.exception("the step %s failed", name)
            failed[name] = error
    if failed:
        raise Unfinished(f"failed: {', '.join(failed)}") from next(iter(failed.values()))
    return done
