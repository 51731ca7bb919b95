"""After an act: on to a page by GET, so that going back or reloading does not act again."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    status_code = HTTPStatus.SEE_OTHER
