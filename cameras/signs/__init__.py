"""안내판 (ordinance art. 9, PIPA art. 25(4), Decree art. 24): what it must say, making, hanging and checking it.

A sign belongs to a site and names every camera of it that is neither removed nor exempt. What was printed is frozen
(`Sign`, `SignCamera`), so that a later difference to the register shows (`agreement`).
"""
