"""A session that waits for the second factor says so itself; until then it is nobody's (`portal.second_factor`)."""

from django.http import HttpRequest

# What a session waits for: a code, or that a second factor is registered.
WAITS = "second_factor"
CODE, REGISTRATION = "code", "registration"


def waits_for(request: HttpRequest) -> str:
    return str(request.session.get(WAITS, "")) if request.user.is_authenticated else ""
