"""Events by kind and month, and what was done: as a page and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from glidepath.care.alarms.forms import PeriodForm
from glidepath.care.events.models import Outcome
from glidepath.care.events.report import EventReport, KindOfEvent, event_report
from glidepath.drawing.bars import bars
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Centre
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in

MONTHS = 6  # the present one and those before it, where no period is asked for
AFTER = (
    "per 1000 person-days", "clock started", "ended", "minutes to the end", "debriefed", "review closed", "actions",
    "actions done",
)  # fmt: skip


@login_required
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The period in `first` and `last`, both days included; six months up to today where none is given."""
    centre = _centre(request)
    form, days = _period(request, centre)
    context: dict[str, Any] = {"form": form, "days": days}
    if days is not None:
        context |= _shown(event_report(centre, *days))
    return pages.page(request, "events/report.html", context, action="incident.report", status=200 if days else 422)


@login_required
@require_GET
def report_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers, one kind of event a line."""
    centre = _centre(request)
    _, days = _period(request, centre)
    if days is None:
        return HttpResponse(
            "This period cannot be read. Give first= and last= as 2026-11-01.\n", "text/plain", status=422
        )
    body = _as_csv(event_report(centre, *days))
    pages.note_read(request, action="incident.report")
    name = f"events-{days[0]:%Y-%m-%d}-to-{days[1]:%Y-%m-%d}.csv"
    answer = HttpResponse(
        body, "text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _shown(found: EventReport) -> dict[str, Any]:
    """The report with a drawing beside each kind."""
    return {
        "report": found,
        "rows": [(one, _drawn(one, found)) for one in found.kinds],
        "days_here": f"{float(found.outcomes.person_days):.0f}",
        "transferred": found.outcomes.rate(Outcome.TRANSFERRED),
        "died": found.outcomes.rate(Outcome.DIED),
    }


def _drawn(one: KindOfEvent, found: EventReport) -> SafeString:
    told = ", ".join(f"{number} in {month:%B}" for month, number in zip(found.months, one.by_month, strict=True))
    return mark_safe(bars(one.by_month, most=found.most, sentence=f"{one.label}: {told}"))  # numbers, and our words


def _centre(request: HttpRequest) -> Centre:
    viewer = signed_in(request)
    require(viewer, "incident.report")
    assert viewer.centre is not None
    return viewer.centre


def _period(request: HttpRequest, centre: Centre) -> tuple[PeriodForm, tuple[dt.date, dt.date] | None]:
    today = clock.today(centre)
    asked = request.GET if request.GET else {"first": str(_months_before(today)), "last": str(today)}
    form = PeriodForm(asked)
    if not form.is_valid():
        return form, None
    return form, (form.cleaned_data["first"], form.cleaned_data["last"])


def _months_before(today: dt.date) -> dt.date:
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    return dt.date(year, month + 1, 1)


def _as_csv(found: EventReport) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("event", *(f"{month:%Y-%m}" for month in found.months), *AFTER))
    for one in found.kinds:
        table.writerow(
            (
                one.label, *one.by_month, one.per_1000, one.ran, one.ended_in_words, one.minutes_in_words,
                one.debriefed, one.reviewed, one.actions, one.actions_done,
            )
        )  # fmt: skip
    return out.getvalue()
