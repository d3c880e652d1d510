"""The register's front door: import, export, bulk change, what changed."""

from cameras.bulk_change import bulk_change
from cameras.exporting import ExportResult, UnusableTarget, export_file
from cameras.importing import ImportResult, import_file
from cameras.standard_dataset import RowError, UnusableFile
from casework.field_history import FieldChange, changes

__all__ = [
    "ExportResult",
    "FieldChange",
    "ImportResult",
    "RowError",
    "UnusableFile",
    "UnusableTarget",
    "bulk_change",
    "changes",
    "export_file",
    "import_file",
]
