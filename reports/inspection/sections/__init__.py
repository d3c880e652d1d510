"""What an inspector gets, table by table. A table names its article; what it holds, and of when, is said with it."""

from reports.inspection.sections import (
    committee,
    competence,
    copies,
    duties,
    footage,
    people,
    provisions,
    register,
    reports,
    requests,
)

TABLES = (
    *register.TABLES,
    *duties.TABLES,
    *footage.TABLES,
    *requests.TABLES,
    *provisions.TABLES,
    *copies.TABLES,
    *people.TABLES,
    *competence.TABLES,
    *committee.TABLES,
    *reports.TABLES,
)
