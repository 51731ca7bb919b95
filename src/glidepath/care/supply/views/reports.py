"""Stock against use, and the inventory of a day."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from glidepath.care.supply import queries
from glidepath.care.supply.days import asked_day
from glidepath.care.supply.views.shared import page, reader
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of, units

DAY_PX = 20  # of the drawing


@login_required
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """Days of cover as bars, what to order, and what drifts."""
    _, centre = reader(request)
    here = units(centre)
    asked = request.GET.get("unit", "")
    keeps = [one.unit_id for one in queries.locations(centre) if one.unit_id]
    usual = next((one for one in here if one.pk in keeps), here[0] if here else None)
    unit = next((one for one in here if str(one.public_id) == asked), usual)
    lines = queries.covered(unit) if unit else None
    settings = clinical_settings_of(centre)
    horizon = settings.cover_horizon_days
    context = {
        "units": here, "unit": unit, "lines": lines, "horizon": horizon,
        "order_days": settings.cover_order_up_to_days,
        "drift_percent": settings.register_drift_percent, "width": horizon * DAY_PX,
        "weeks": [(week * 7 * DAY_PX, week * 7) for week in range(1, horizon // 7)],
        "target": settings.cover_order_up_to_days * DAY_PX,
        "bars": [(line, (horizon if line.days is None else line.days) * DAY_PX) for line in lines or ()],
    }  # fmt: skip
    return page(request, "supply/stock.html", context)


@login_required
@require_GET
def inventory(request: HttpRequest) -> HttpResponse:
    """What the register held at the close of a day, as a page; as PDF and CSV beside it."""
    _, centre = reader(request)
    today = clock.today(centre)
    day = asked_day(request.GET.get("day", ""), today)
    shown = day or today
    context = {
        "report": queries.inventory(centre, shown),
        "day": shown,
        "asked": request.GET.get("day", ""),
        "not_a_day": day is None,
        "before": shown - dt.timedelta(days=1),
        "after": shown + dt.timedelta(days=1) if shown < today else None,
        "biennial": queries.next_biennial(centre),
    }
    return page(request, "supply/inventory.html", context)
