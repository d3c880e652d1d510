"""The ordinance's duties that the register can judge; `ready` registers them (see `ordinance.rules`)."""

from cameras.rules import contracts, district, installation, operation, signs

RULES = (*installation.RULES, *signs.RULES, *operation.RULES, *contracts.RULES, *district.RULES)
