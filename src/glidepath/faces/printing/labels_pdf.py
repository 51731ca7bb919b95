"""Wristbands, shelf labels and labels of batches, with a code that any scanner types: a random id and no name."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import segno
import typst

from glidepath.care.medication import codes
from glidepath.care.supply.models import Batch, StockedProduct
from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.load import formulary
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.faces.shell import words
from glidepath.record.people.models import Person
from glidepath.record.people.queries import Allergies

NOT_PRINTED = "these letters cannot be printed"


@dataclass(frozen=True, slots=True)
class Label:
    """One code with what a person reads beside it. name: the first line, large."""

    code: str
    name: str
    lines: tuple[str, ...]


def wristband_of(person: Person, told: Allergies) -> Label:
    """Two identifiers and the number; allergies as they were told, unknown said to be so."""
    allergies = {"not_asked": "Allergies not asked", "none_known": "No known allergies"}.get(told.state, "")
    named = ", ".join(one.substance for one in told.known)
    return Label(
        code=codes.wristband(person.public_id),
        name=person.preferred_name,
        lines=(
            f"{person.legal_name}, born {words.birth_date(person.birth_date)}, No. {person.number}",
            allergies or f"Allergies: {named}",
        ),
    )


def shelf_label_of(product: StockedProduct) -> Label:
    """Medicine, strength and form, as the round names them."""
    per = "mg/mL" if product.is_liquid else "mg"
    name = formulary().medicines[product.medicine].name
    return Label(codes.shelf_label(product.public_id), name, (f"{plain(product.strength_mg)} {per}", product.form))


def batch_label_of(batch: Batch) -> Label:
    """Of one batch: medicine, strength, lot and expiry."""
    product = shelf_label_of(batch.product)
    lines = (f"{product.lines[0]} {product.lines[1]}", f"Lot {batch.lot}", f"up to {words.day(batch.expires_on)}")
    return Label(codes.batch_label(batch.public_id), product.name, lines)


def labels_pdf(
    labels: Sequence[Label], kind: Literal["wristband", "shelf"], *, paper: Paper, made_at: dt.datetime
) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by a line that says so; the code never is.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(labels, kind, paper, made_at)
    except typst.TypstError:
        safe = [_printable(one, lambda text: is_printable(text, made_at)) for one in labels]
        if safe == list(labels):
            raise
        return _set(safe, kind, paper, made_at)


def qr_svg(text: str) -> str:
    """The code as a drawing: black on white with its quiet edge; a quarter of it may be worn away (level Q)."""
    drawn = io.BytesIO()
    segno.make(text, error="q", micro=False, boost_error=False).save(drawn, kind="svg", border=4, scale=4)
    return drawn.getvalue().decode()


def _set(labels: Sequence[Label], kind: str, paper: Paper, made_at: dt.datetime) -> bytes:
    day = made_at.date()
    data = {
        "kind": kind,
        "title": "Wristband" if kind == "wristband" else "Shelf labels",
        "date": [day.year, day.month, day.day],
        "paper": paper.value,
        "region": "US" if paper is Paper.LETTER else "GB",
        "labels": [{"svg": qr_svg(one.code), "name": one.name, "lines": list(one.lines)} for one in labels],
    }
    return compiled(HERE / "labels.typ", json.dumps(data), made_at)


def _printable(label: Label, can: Callable[[str], bool]) -> Label:
    lines = tuple(line if can(line) else NOT_PRINTED for line in label.lines)
    return replace(label, name=label.name if can(label.name) else NOT_PRINTED, lines=lines)
