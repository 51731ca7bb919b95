"""Staff accounts are made by the centre's administrator; nobody signs up. The sign-in form says so in plain words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest

from glidepath.record.staff.first_page import first_page
from glidepath.record.staff.queries import account_named
from glidepath.record.staff.signing import signed_in


class StaffAccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "That name and password do not fit together. Check both; capitals count.",
        "too_many_login_attempts": "Too many tries for this name. Wait five minutes, or ask your administrator.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """The page itself shows who is signed in; a greeting on top of it would be one more thing to read."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong tries are counted for an account and its present password, by whatever name the server is asked: a new
        first password from the administrator opens the way at once."""
        username = str(credentials.get("username", "")).lower()
        found = account_named(username)
        return f"{username}:{found.get_session_auth_hash()}" if found else username

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who works shifts and is on none starts at the shift page."""
        return first_page(signed_in(request))


class SignInForm(LoginForm):
    """A name and a password: nothing in the boxes that looks like an answer, nothing to remember on a shared tablet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = "Name"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
