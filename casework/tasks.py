"""What beat asks of casework every night."""

from celery import shared_task

from casework import loose_files, persons


@shared_task(name="casework.erase_loose_files")
def erase_loose_files() -> int:
    """Uploads of previews that nobody confirmed; how many files."""
    return loose_files.erase_due().files


@shared_task(name="casework.erase_persons")
def erase_persons() -> dict[str, int]:
    """Persons whose period is over, of every matter; how many of each."""
    return persons.erase_due()
