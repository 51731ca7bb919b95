"""The list of open alarms, for the board, the round and the home page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import template
from django.template import Context

from glidepath.care.alarms.models import AlarmAct
from glidepath.care.alarms.queries import OpenAlarm, called_elsewhere

register = template.Library()


@register.inclusion_tag("alarms/list.html", takes_context=True)
def alarm_list(
    context: Context, alarms: Iterable[OpenAlarm], beds: Mapping[int, int] | None = None, *, fold: bool = False
) -> dict[str, Any]:
    """{% alarm_list alarms beds %}: most urgent first, only the first filled. beds: bed number by person id.

    fold=True, on a round: those that call nobody now, because somebody is with the person, are one line that opens.
    """
    numbers = beds or {}
    rows: list[dict[str, Any]] = [
        {"each": each, "key": uuid4().hex, "bed": numbers.get(each.alarm.person_id)} for each in alarms
    ]
    request = context["request"]
    return {
        "rows": [row for row in rows if not (fold and _is_seen_to(row["each"]))],
        "folded": [row for row in rows if fold and _is_seen_to(row["each"])],
        "back": request.get_full_path(),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


def _is_seen_to(one: OpenAlarm) -> bool:
    attended = one.answer is not None and one.answer.kind == AlarmAct.Kind.ATTENDED
    return attended and not one.calling.goes_on and not one.calling.standing.is_late


@register.inclusion_tag("alarms/called_elsewhere.html", takes_context=True)
def you_are_called(context: Context, shown: Iterable[OpenAlarm]) -> dict[str, Any]:
    """{% you_are_called home.alarms %}: what calls the viewer and is not among `shown`; no name, no word of health."""
    request = context["request"]
    return {"calls": called_elsewhere(request.user, shown), "request": request}
