"""What beat asks of casework."""

from celery import shared_task

from casework import loose_files, persons, role_changes, witnessing


@shared_task(name="casework.erase_loose_files")
def erase_loose_files() -> int:
    """Uploads of previews that nobody confirmed; how many files."""
    return loose_files.erase_due().files


@shared_task(name="casework.erase_persons")
def erase_persons() -> dict[str, int]:
    """Persons whose period is over, of every matter; how many of each."""
    return persons.erase_due()


@shared_task(name="casework.expire_role_changes")
def expire_role_changes() -> int:
    """Rights that were asked for and confirmed by nobody in time; how many requests end."""
    return role_changes.expire_due()


@shared_task(name="casework.watch_witness")
def watch_witness() -> bool:
    """Whether the ledger's seals still reach their witness; whether the finding changed."""
    return witnessing.watch()
