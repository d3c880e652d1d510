"""접근권한 to cameras (ordinance art. 23(1), Safety Standard art. 5). docs/permissions.md.

`accounts.roles` says what a role may do in the portal; a permission says to which cameras a person may do it, for how long.
Asked for, granted by another, changed by another one that takes its place, revoked: each a move that is never changed. It
ends by itself when the person leaves, takes another post or does not log in (`ending`), and every half-year somebody looks
at each (`reviewing`). Whether footage asks for one is the profile's choice (`gate`).
"""
