"""The rows of footage, storages and proofs."""

from footage.models.holds import Hold
from footage.models.proofs import DailyProof, DeletionConfirmation
from footage.models.runs import ClockConfirmation, ManifestBlock, Scan, Sweep
from footage.models.storages import CameraClaim, CapacityReading, FootageDay, Storage, UnclaimedFolder

__all__ = [
    "CameraClaim",
    "CapacityReading",
    "ClockConfirmation",
    "DailyProof",
    "DeletionConfirmation",
    "FootageDay",
    "Hold",
    "ManifestBlock",
    "Scan",
    "Storage",
    "Sweep",
    "UnclaimedFolder",
]
