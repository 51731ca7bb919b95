"""The inventory of the register as files: PDF for the folder and the inspector, CSV for a machine."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.supply.days import asked_day
from glidepath.care.supply.queries import held, inventory, location_at
from glidepath.faces.printing.inventory_pdf import InventoryPrint, inventory_csv, inventory_pdf
from glidepath.faces.printing.labels_pdf import batch_label_of, labels_pdf
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.shell import errors
from glidepath.record import clock
from glidepath.record.audit.pages import note_read
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in

KINDS = {"daily": "Daily inventory", "biennial": "Biennial inventory"}


@login_required
@require_GET
def inventory_as_pdf(request: HttpRequest) -> HttpResponse:
    found = _asked(request)
    if isinstance(found, HttpResponse):
        return found
    centre = found.report.centre
    body = inventory_pdf(found, paper=Paper.LETTER if centre.region == "us" else Paper.A4)
    note_read(request, action="register.inventory_pdf")
    return _file(body, "application/pdf", f'inline; filename="inventory-{found.report.day}.pdf"')


@login_required
@require_GET
def inventory_as_csv(request: HttpRequest) -> HttpResponse:
    found = _asked(request)
    if isinstance(found, HttpResponse):
        return found
    note_read(request, action="register.inventory_csv")
    body = inventory_csv(found.report)
    return _file(body.encode(), "text/csv; charset=utf-8", f'attachment; filename="inventory-{found.report.day}.csv"')


@login_required
@require_GET
def batch_labels_as_pdf(request: HttpRequest, location: UUID) -> HttpResponse:
    """A sheet with the label of every batch that lies at this location. It is about nobody."""
    viewer = signed_in(request)
    require(viewer, "register.read")
    assert viewer.centre is not None
    where = location_at(viewer.centre, location)
    if where is None:
        raise Http404("no such location here")
    labels = [batch_label_of(line.batch) for product in held(where) for line in product.lines if not line.barred]
    if not labels:
        return errors.page(request, 404, "Nothing lies here", "No batch lies here, so there is no label to print.")
    paper = Paper.LETTER if viewer.centre.region == "us" else Paper.A4
    body = labels_pdf(labels, "shelf", paper=paper, made_at=clock.local(viewer.centre, clock.now()))
    note_read(request, action="register.labels_pdf")
    return _file(body, "application/pdf", 'inline; filename="batch-labels.pdf"')


def _asked(request: HttpRequest) -> InventoryPrint | HttpResponse:
    """The inventory that was asked for, or the page that says what is wrong with the address."""
    viewer = signed_in(request)
    require(viewer, "register.read")
    assert viewer.centre is not None
    centre = viewer.centre
    day = asked_day(request.GET.get("day", ""), clock.today(centre))
    kind = request.GET.get("kind", "daily")
    if day is None or kind not in KINDS:
        words = "Ask for a day up to today, such as 2026-11-17, and for a daily or a biennial inventory."
        return errors.page(request, 404, "No such inventory", words)
    report = inventory(centre, day)
    check = doses_against_register(centre, report.since, report.until)
    apart = len(check.apart) + len(check.leaves_apart)
    return InventoryPrint(report, KINDS[kind], clock.local(centre, clock.now()), check.issued, apart)


def _file(body: bytes, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})
    patch_cache_control(response, no_store=True, private=True)
    return response
