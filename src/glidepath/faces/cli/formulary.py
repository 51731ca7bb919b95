"""`glidepath formulary`: medicines with their brands, marketed products and what may be divided."""

from __future__ import annotations

import re
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.plan import Kind
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import formulary as load, source
from glidepath.clinical.facts.medicines import MarketedForm, Medicine
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.planfile.exact import exact_text
from glidepath.clinical.planfile.values import Region
from glidepath.faces.cli.reading import medicine_named
from glidepath.faces.cli.show import console, print_json, table

_KEY = r"[a-z]+(?:_[a-z0-9]+)+"
_KEY_IN_BRACKETS = re.compile(rf" \({_KEY}(?:, {_KEY})*\)")  # " (dzp_uk_leaf2)"
_BARE_KEY = re.compile(rf"\b{_KEY}\b")


@click.command()
@click.argument("name", required=False)
@click.option(
    "--region",
    type=click.Choice([one.value for one in Region], case_sensitive=False),
    help="Only what is marketed there. Default: both.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it for programs.")
def formulary(name: str | None, region: str | None, as_json: bool) -> None:
    """Look up medicines: all of them, or one by its generic or brand name.

    \b
    Examples:
      glidepath formulary
      glidepath formulary Xanax --region us
      glidepath formulary diazepam --json
    """
    facts = load()
    regions = [Region(region)] if region is not None else list(Region)
    if name is not None:
        found = [facts.find(medicine_named(name, facts))]
    else:
        medicines = sorted(facts.medicines.values(), key=lambda one: one.name)
        found = [one for one in medicines if region is None or _forms(one, regions)]
    if as_json:
        listed = [_object(one, regions, facts) for one in found]
        print_json(listed[0] if name is not None else listed)
    elif name is not None:
        _show_one(console(), found[0], regions, facts)
    else:
        _show_all(console(), found, regions)


def _forms(medicine: Medicine, regions: list[Region]) -> list[MarketedForm]:
    """What is marketed; an unverified form is kept in the facts and never shown."""
    return [form for one in regions for form in medicine.marketed_in(one.value) if form.seen is not Seen.UNVERIFIED]


def _object(medicine: Medicine, regions: list[Region], facts: Formulary) -> dict[str, Any]:
    return {
        "name": medicine.name,
        "group": medicine.group.value,
        "acting": medicine.acting.value,
        "brands": {one.value: list(medicine.brands.get(one.value, ())) for one in regions},
        "products": [_product(form) for form in _forms(medicine, regions)],
        "mg_equal_to_diazepam_10_mg": {
            facts.table(key).name: plain(one.low)
            if one.low == one.high
            else {"low": plain(one.low), "high": plain(one.high)}
            for key, one in medicine.usable_equivalents().items()
        },
        "facts_version": facts.version,
    }


def _product(form: MarketedForm) -> dict[str, Any]:
    liquid = form.kind is Kind.LIQUID
    return {
        "region": form.market,
        "form": form.form,
        "kind": form.kind.value,
        "strengths_mg": [plain(one) for one in form.strengths_mg],
        **({"unit": "mL"} if liquid else {"smallest": None if form.smallest is None else exact_text(form.smallest)}),
        "note": _note(form) or None,
        "seen": form.seen.value,
    }


def _show_all(out: Console, medicines: list[Medicine], regions: list[Region]) -> None:
    rows = table("Medicine", "Brands", "Acts", "Marketed strengths, mg")
    for one in medicines:
        brands = dict.fromkeys(brand for region in regions for brand in one.brands.get(region.value, ()))
        strengths = sorted({mg for form in _forms(one, regions) if form.kind is Kind.SOLID for mg in form.strengths_mg})
        listed = ", ".join(map(plain, strengths)) or "none"
        rows.add_row(*(escape(cell) for cell in (one.name, ", ".join(brands), one.acting.value, listed)))
    out.print(rows)
    out.print("Products, divisions and equivalents of one: glidepath formulary NAME", style="dim")


def _show_one(out: Console, medicine: Medicine, regions: list[Region], facts: Formulary) -> None:
    out.print(f"[bold]{escape(medicine.name)}[/] · {medicine.group.value}, acting: {medicine.acting.value}")
    for region in regions:
        brands = ", ".join(medicine.brands.get(region.value, ()))
        out.print(escape(f"{region.value}: {brands or 'no brand'}"))
    rows = table("Region", "Form", "Strengths", "May be given as", "Note")
    for form in _forms(medicine, regions):
        unit = "mg/mL" if form.kind is Kind.LIQUID else "mg"
        strengths = ", ".join(plain(one) for one in form.strengths_mg)
        rows.add_row(*map(escape, (form.market, form.form, f"{strengths} {unit}", _division(form), _note(form))))
    out.print(rows if rows.row_count else "No product is marketed there.")
    figures = table("Table", "mg equal to diazepam 10 mg")
    for key, one in medicine.usable_equivalents().items():
        high = "" if one.low == one.high else f" to {plain(one.high)}"
        figures.add_row(escape(facts.table(key).name), f"{plain(one.low)}{high}")
    out.print(figures if figures.row_count else "No table gives a figure for it: it is not converted.")


def _note(form: MarketedForm) -> str:
    """What the facts note about its pieces, with the titles of its sources in place of their keys."""
    return _BARE_KEY.sub(_title, _KEY_IN_BRACKETS.sub("", form.note or ""))


def _title(key: re.Match[str]) -> str:
    try:
        return source(key[0]).title
    except KeyError:
        return key[0]


def _division(form: MarketedForm) -> str:
    if form.kind is Kind.LIQUID:
        return "by syringe"
    words = {None: "whole (dividing not confirmed)", 1: "whole", 0.5: "halves", 0.25: "quarters"}
    return words[None if form.smallest is None else float(form.smallest)]
