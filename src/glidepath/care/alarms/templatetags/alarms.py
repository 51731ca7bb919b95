"""The list of open alarms, for the board, the round and the home page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import template
from django.template import Context

from glidepath.care.alarms.queries import OpenAlarm, called_elsewhere

register = template.Library()


@register.inclusion_tag("alarms/list.html", takes_context=True)
def alarm_list(context: Context, alarms: Iterable[OpenAlarm], beds: Mapping[int, int] | None = None) -> dict[str, Any]:
    """{% alarm_list alarms beds %}: most urgent first, only the first filled. beds: bed number by person id."""
    numbers = beds or {}
    rows = [{"each": each, "key": uuid4().hex, "bed": numbers.get(each.alarm.person_id)} for each in alarms]
    request = context["request"]
    return {"rows": rows, "back": request.get_full_path(), "request": request, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("alarms/called_elsewhere.html", takes_context=True)
def you_are_called(context: Context, shown: Iterable[OpenAlarm]) -> dict[str, Any]:
    """{% you_are_called home.alarms %}: what calls the viewer and is not among `shown`; no name, no word of health."""
    request = context["request"]
    return {"calls": called_elsewhere(request.user, shown), "request": request}
