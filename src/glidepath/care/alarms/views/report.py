"""How often each kind of alarm fired, and what was done: as a page and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from glidepath.care.alarms.forms import PeriodForm
from glidepath.care.alarms.queries import KindOfAlarm, kinds_of_alarm
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Centre
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in

Days = tuple[dt.date, dt.date]
USUAL = dt.timedelta(days=27)
HEAD = (
    "code", "alarm", "fired", "triggers joined", "minutes to the first answer", "minutes to attendance",
    "a later rung called", "messages not sent", "closed by role", "still open",
)  # fmt: skip


@login_required
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The period in `first` and `last`, both days included; four weeks up to today where none is given."""
    centre = _centre(request)
    form, days = _period(request, centre)
    kinds = _kinds(centre, days) if days else ()
    context = {
        "form": form,
        "days": days,
        "kinds": kinds,
        "fired": sum(one.fired for one in kinds),
        "most": max((one.fired for one in kinds), default=0),
    }
    return pages.page(request, "alarms/report.html", context, action="alarm.report", status=200 if days else 422)


@login_required
@require_GET
def report_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers, one kind of alarm a line."""
    centre = _centre(request)
    _, days = _period(request, centre)
    if days is None:
        return HttpResponse(
            "This period cannot be read. Give first= and last= as 2026-11-01.\n", "text/plain", status=422
        )
    body = _as_csv(_kinds(centre, days))
    pages.note_read(request, action="alarm.report")
    name = f"alarms-{days[0]:%Y-%m-%d}-to-{days[1]:%Y-%m-%d}.csv"
    answer = HttpResponse(
        body, "text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _centre(request: HttpRequest) -> Centre:
    viewer = signed_in(request)
    require(viewer, "alarm.report")
    assert viewer.centre is not None
    return viewer.centre


def _period(request: HttpRequest, centre: Centre) -> tuple[PeriodForm, Days | None]:
    today = clock.today(centre)
    asked = request.GET if request.GET else {"first": str(today - USUAL), "last": str(today)}
    form = PeriodForm(asked)
    if not form.is_valid():
        return form, None
    return form, (form.cleaned_data["first"], form.cleaned_data["last"])


def _kinds(centre: Centre, days: Days) -> tuple[KindOfAlarm, ...]:
    begins, ends = (
        dt.datetime.combine(day, dt.time(), tzinfo=centre.zone) for day in (days[0], days[1] + dt.timedelta(days=1))
    )
    return kinds_of_alarm(centre, begins, ends)


def _as_csv(kinds: Sequence[KindOfAlarm]) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEAD)
    for one in kinds:
        table.writerow(
            (
                one.cause, one.title, one.fired, one.joined, one.answered.words, one.attended.words, one.called_on,
                one.not_sent, "; ".join(f"{role} {count}" for role, count in one.closed_by), one.still_open,
            )
        )  # fmt: skip
    return out.getvalue()
