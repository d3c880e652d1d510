"""Who may be trusted with footage: taught and sworn in (ordinance art. 25, PIPA art. 28). docs/training.md.

A person is a row of the list of staff (`records.people`), contractor's workers included (art. 11(3)). What counts is the
day of the training and the day of the pledge, never the day on which somebody entered it; nothing is entered for a day
that has not come. `standing` answers who lacks what on a day, and everybody asks it: the gates of `records.access`, the
rules, the due items, the review of the access log.
"""
