"""Where each room is found. A new room is one line here."""

from __future__ import annotations

from importlib.util import find_spec

from allauth.account import views as account
from allauth.decorators import rate_limit
from django.urls import URLResolver, include, path

from glidepath.centre import alive, demo_door, typed_too_late
from glidepath.record.staff import views as staff

ROOMS = (
    "faces.ward",
    "faces.handover",
    "faces.printing",
    "care.alarms",
    "care.notes",
    "care.instruments",
    "care.monitoring",
    "care.events",
    "care.assessment",
    "care.safety",
    "care.supply",
    "care.taper",
    "care.medication",
    "care.planning",
    "care.flow",
    "record.centres",
    "record.staff",
    "record.people",
    "record.episodes",
    "record.consent",
    "record.audit",
    "record.desk",
)


def rooms() -> list[URLResolver]:
    """The pages of each room that has some."""
    names = [f"glidepath.{room}.urls" for room in ROOMS]
    return [path("", include(name)) for name in names if find_spec(name)]


urlpatterns = [
    *rooms(),
    # Signing in and out. Names are allauth's own; nobody signs up, so that address only says so.
    path("sign-in/", demo_door.SignIn.as_view(), name="account_login"),
    path("sign-in/demo/", demo_door.sign_in, name="demo_sign_in"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/not-active/", account.account_inactive, name="account_inactive"),
    path("sign-up/", account.signup, name="account_signup"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", rate_limit(action="change_password")(staff.password), name="account_change_password"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    # The machine's own
    path("alive/", alive.alive, name="alive"),
    path("typed-too-late/", typed_too_late.typed_too_late, name="typed_too_late"),
    path("still-here/", alive.still_here, name="still_here"),
]

handler400 = "glidepath.faces.shell.errors.bad_request"
handler403 = "glidepath.faces.shell.errors.forbidden"
handler404 = "glidepath.faces.shell.errors.not_found"
handler500 = "glidepath.faces.shell.errors.server_error"
