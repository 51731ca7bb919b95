"""The sign-in page, and the demo's one-click door.

The door is open only when three things hold: the database was made as a demo, the browser sits on this machine (by the
connection's address and by the name it asked for), and nothing in between passed the request on.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff.first_page import first_page
from glidepath.record.staff.models import Role, Staff

PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
BACKEND = "django.contrib.auth.backends.ModelBackend"


def is_open(request: HttpRequest) -> bool:
    """Whether this request may use the demo's door. The database is asked last."""
    return from_this_machine(request) and database_is_demo()


def database_is_demo() -> bool:
    return DatabaseMark.objects.filter(is_demo=True).exists()


def accounts() -> list[Staff]:
    """The demo's staff, in the order of their roles."""
    order = list(Role)
    active = Staff.objects.filter(is_active=True, centre__isnull=False)
    return sorted(active, key=lambda one: (order.index(Role(one.role)), one.username))


def from_this_machine(request: HttpRequest) -> bool:
    if any(header in request.headers for header in PASSED_ON):
        return False
    name, _port = split_domain_port(request.get_host())
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and name in HERE


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["demo_accounts"] = accounts() if is_open(self.request) else ()
        return context


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's staff, by a click. Refused wherever the door is not open."""
    if not is_open(request):
        raise PermissionDenied("The one-click sign-in belongs to a demo on this machine alone.")
    account = Staff.objects.filter(username=request.POST.get("username", ""), is_active=True).first()
    if account is None:
        raise PermissionDenied("The demo has no such account. Go back and choose one of those shown.")
    login(request, account, backend=BACKEND)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if is_ours else first_page(account))
