"""What can go wrong with the ledger, each with a message for people in Korean."""


class LedgerError(Exception):
    """Base of all refusals of this app."""


class NotInTransaction(LedgerError):
    """An entry was to be recorded outside `transaction.atomic`."""


class RefusedEntry(LedgerError, ValueError):
    """An entry that has no canonical form, or holds what a ledger may not hold."""


class AppendOnly(LedgerError):
    """Someone tried to change or delete what may only be added to."""

    def __init__(self) -> None:
        super().__init__("원장은 고치거나 지울 수 없고, ledger.append로 더하기만 합니다.")


class BrokenLedger(LedgerError):
    """The sealer found the ledger altered and does not sign over it."""

    def __init__(self, message: str, first_bad: int | None = None) -> None:
        super().__init__(message)
        self.first_bad = first_bad


class NothingLost(LedgerError):
    """A loss was to be confirmed where there is none."""


class WitnessContradicts(LedgerError):
    """The witness's log holds a head that this ledger does not continue."""


class UnusableHead(LedgerError, ValueError):
    """A head file that is missing, unreadable or not a head at all."""
