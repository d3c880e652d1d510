"""What a sweep that died left open: which of its lines are gone, still due, or to be struck.

Part of the design that `footage.destruction` opens with. Nothing is unlinked here; `Remains.unlink` hands the lines
that are still due back to `Sweeper.unlink`.
"""

import errno
import os

from footage import manifests
from footage.blocks import Batch, Bundle, Outcome, as_64_bits
from footage.layouts import microseconds
from footage.models import ManifestBlock
from footage.retention import Claim, Policy, claimant, is_due, is_implausible
from footage.unlinker import Sweeper


class Remains:
    """An open block of a sweep that died: what is gone, what is still due, what is struck."""

    def __init__(self, sweeper: Sweeper, policy: Policy, block: ManifestBlock) -> None:
        self.sweeper = sweeper
        self.policy = policy
        self.approved_us = microseconds(block.approved_at)
        self.batch = Batch(list(manifests.bundles(block)), block.count)
        self.skip: dict[int, str] = {}
        self.gone: set[int] = set()

    def ask(self, holds: dict[int, list[tuple[int, int]]]) -> None:
        """Each line again: is its file still there, the same, due and not held? Under the cameras' locks."""
        self.skip.clear()
        self.gone.clear()
        held = self.sweeper.recheck(self.batch, holds)
        number = 0
        for bundle in self.batch.bundles:
            self._ask_bundle(bundle, number, held)
            number += len(bundle)

    def _ask_bundle(self, bundle: Bundle, number: int, held: dict[int, str]) -> None:
        try:
            if bundle.descriptor < 0:
                bundle.descriptor = self.sweeper.tree.open(bundle.folder)
        except FileNotFoundError:
            self.gone.update(range(number, number + len(bundle)))
            return
        except OSError as error:
            why = errno.errorcode.get(error.errno or 0, "OSError")
            self.skip.update(dict.fromkeys(range(number, number + len(bundle)), why))
            return
        for line in bundle.lines():
            try:
                status = os.stat(line[0], dir_fd=bundle.descriptor, follow_symlinks=False)
            except FileNotFoundError:
                self.gone.add(number)
            else:
                if as_64_bits(status.st_ino) != line[4]:
                    # Another file lies there now, so the listed one is gone. This one is a matter of its own.
                    self.gone.add(number)
                elif (status.st_size, as_64_bits(status.st_mtime_ns)) != (line[1], line[3]):
                    self.skip[number] = "changed"
                elif number in held:
                    self.skip[number] = "held"
                elif not self._is_due(bundle, line[0], status.st_mtime_ns // 1000):
                    self.skip[number] = "not_due"
            number += 1

    def _is_due(self, bundle: Bundle, name: str, mtime_us: int) -> bool:
        """By today's layout and register, which may not be those of the sweep that wrote the line."""
        reading = self.sweeper.layout.parse(f"{bundle.folder}/{name}" if bundle.folder else name)
        if reading is None:
            return False
        claim = claimant(self.policy.claims_of(reading.keys), reading.last_us)
        return (
            isinstance(claim, Claim)
            and claim.camera == bundle.camera
            and is_due(claim, reading.last_us, self.policy.segment_us)
            and not is_implausible(self.policy, claim, reading.last_us, mtime_us, self.sweeper.now_us)
        )

    def unlink(self) -> Outcome:
        """Unlink what is left; lines that were gone count as destroyed when their block was approved."""
        mark = "gone"
        outcome = self.sweeper.unlink(self.batch, self.skip | dict.fromkeys(self.gone, mark))
        outcome.struck = [(number, why) for number, why in outcome.struck if why != mark]
        outcome.times = self._times(outcome.times)
        number = 0
        for bundle in self.batch.bundles:
            gone = bundle.only(index for index in range(len(bundle)) if number + index in self.gone)
            outcome.add(gone, self.policy.segment_us)
            number += len(bundle)
        return outcome

    def _times(self, times: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """When each line was unlinked: those found gone right after their block was approved."""
        found: list[tuple[int, int]] = []
        begin = 0
        for end, unlinked_us in times:
            for number in range(begin, end):
                at_us = self.approved_us if number in self.gone else unlinked_us
                if found and found[-1][1] == at_us:
                    found[-1] = (number + 1, at_us)
                else:
                    found.append((number + 1, at_us))
            begin = end
        return found
