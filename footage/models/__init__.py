"""The rows of footage, storages and proofs."""

from footage.models.conversions import Conversion
from footage.models.holds import Hold
from footage.models.proofs import DailyProof, DeletionConfirmation
from footage.models.runs import ClockConfirmation, ManifestBlock, Scan, Sweep
from footage.models.shortenings import ShortenedCamera, Shortening
from footage.models.storages import CameraClaim, CapacityReading, FootageDay, Storage, UnclaimedFolder
from footage.models.vault import VaultCase, VaultFile, VaultIntake

__all__ = [
    "CameraClaim",
    "CapacityReading",
    "ClockConfirmation",
    "Conversion",
    "DailyProof",
    "DeletionConfirmation",
    "FootageDay",
    "Hold",
    "ManifestBlock",
    "Scan",
    "ShortenedCamera",
    "Shortening",
    "Storage",
    "Sweep",
    "UnclaimedFolder",
    "VaultCase",
    "VaultFile",
    "VaultIntake",
]
