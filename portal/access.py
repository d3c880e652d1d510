"""Who may open a screen of the portal, and what a person reads who may not.

Every view of ours names its permission once, with `requires`. Three places read it from there: the view itself
(403 with a Korean page that names the missing right, the roles that have it and whom to ask), the menu (an item
is shown to those who may open its page) and the permission table of the tests.

Wagtail turns `PermissionDenied` into a redirect to the home page, so our refusal is a response, not an exception.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Permission
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from accounts.models import Officer
from accounts.roles import ROLE_PERMISSIONS, Role
from portal import access_record

View = Callable[..., HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ACTIONS = {"view": "보기", "add": "등록", "change": "변경", "delete": "삭제"}


def requires(permission: str, *alternatives: str, post: str | Iterable[str] = ()) -> Callable[[View], View]:
    """The right that a view needs: one of these to read it, and one of `post` (default: the same) to send it.

    Use it on the finished view: `path("holds/", requires("footage.view_hold")(HoldList.as_view()))` or as a
    decorator of a function.
    """
    to_read = (permission, *alternatives)
    to_send = ((post,) if isinstance(post, str) else tuple(post)) or to_read

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
            needed = to_read if request.method in SAFE_METHODS else to_send
            if not may(request.user, needed):
                return refuse(request, needed)
            return view(request, *args, **kwargs)

        mark(guarded, required_permissions=to_read, required_to_send=to_send)
        return guarded

    return decorate


def mark(view: View, **said: object) -> None:
    """What a view says of itself, for the menu and the tests; whoever wraps it with `wraps` hands it on."""
    vars(view).update(said)


def is_portal(request: HttpRequest) -> bool:
    """Whether the address is one of the officials' screens, Wagtail's among them."""
    return request.path.startswith(reverse("wagtailadmin_home"))


def officer(request: HttpRequest) -> Officer:
    """Who sends this request; every view of the portal has made sure that it is somebody."""
    if isinstance(request.user, Officer):
        return request.user
    raise TypeError("a view of the portal without `requires`")


def may(user: AbstractBaseUser | AnonymousUser, permissions: Iterable[str]) -> bool:
    return any(user.has_perm(permission) for permission in permissions)  # type: ignore[union-attr]


def may_open(user: AbstractBaseUser | AnonymousUser, url_name: str, *args: Any) -> bool:
    """Whether this person may open that screen; a screen that does not exist is not offered."""
    permissions = permissions_of(url_name, *args)
    return permissions is not None and may(user, permissions)


# A row's screen is asked for by its key: what is kept has an end.
@lru_cache(maxsize=2_048)
def permissions_of(url_name: str, *args: Any) -> tuple[str, ...] | None:
    """What the view behind a name asks for. Kept, since the menu asks for every screen at every request."""
    try:
        view = resolve(reverse(url_name, args=args)).func
    except (NoReverseMatch, Resolver404):
        return None
    return getattr(view, "required_permissions", ("wagtailadmin.access_admin",))


def refuse(request: HttpRequest, permissions: Iterable[str]) -> HttpResponse:
    """403, saying which right is missing, which roles have it and who can give it."""
    names = tuple(permissions)
    if isinstance(request.user, Officer):
        match = request.resolver_match
        access_record.refused(request.user, match.view_name if match else "", names)
    labels = list(permission_labels(names).values())
    if _wants_json(request):
        return JsonResponse({"error": f"권한이 없습니다: {', '.join(labels)}"}, status=403)
    context = {
        "title": "이 화면을 볼 권한이 없습니다"
        if request.method in SAFE_METHODS
        else "이 일을 할 권한이 없습니다",
        "permissions": labels,
        "roles": [role.label for role in roles_with(names)],
        "administrators": administrators(),
    }
    return render(request, "portal/refused.html", context, status=403)


def roles_with(permissions: Iterable[str]) -> list[Role]:
    wanted = frozenset(permissions)
    return [role for role in Role if ROLE_PERMISSIONS[role] & wanted]


def administrators() -> list[Officer]:
    """The people who give roles, for "ask …"."""
    active = Officer.objects.filter(is_active=True, groups__name=Role.SYSTEM_ADMINISTRATOR.label)
    return list(active.select_related("department").order_by("last_name", "first_name")[:5])


def permission_labels(names: Iterable[str]) -> dict[str, str]:
    """Rights in Korean: our own permissions bear their Korean name, Django's are put together. All are asked for at once."""
    labels = {name: name for name in names}
    codenames = {name.partition(".")[2] for name in labels}
    for found in Permission.objects.filter(codename__in=codenames).select_related("content_type"):
        name = f"{found.content_type.app_label}.{found.codename}"
        if name in labels:
            labels[name] = _label(found)
    return labels


def _label(permission: Permission) -> str:
    action, _, model_name = permission.codename.partition("_")
    model = permission.content_type.model_class()
    if model is not None and model_name == model._meta.model_name and action in _ACTIONS:
        return f"{model._meta.verbose_name} {_ACTIONS[action]}"
    return permission.name


def _wants_json(request: HttpRequest) -> bool:
    return (
        request.headers.get("x-requested-with") == "XMLHttpRequest" or request.accepts("text/html") is False
    )
