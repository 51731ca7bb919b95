"""Curves written down: as a table for spreadsheets, as Parquet for researchers, as JSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from glidepath.faces.cli.curves import UNIT, Curves
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.cli.reading import write_bytes

NEEDS_PARQUET = "Parquet needs the extra parquet. Install it: pip install 'glidepath[parquet]'; or write to a .csv."
FIRST = ("hours", "medicine", "species", "unit")


def write_curves(path: str, curves: Curves) -> None:
    """Writes F.csv or F.parquet. Raises WrongUse for another name, and where an extra is missing."""
    if path.lower().endswith(".csv"):
        write_bytes(path, as_csv(curves).encode())
    elif path.lower().endswith(".parquet"):
        write_bytes(path, _as_parquet(curves))
    else:
        raise WrongUse(f"“{path}” names no kind of file that is written here. Let it end with .csv or .parquet.")


def as_csv(curves: Curves) -> str:
    """One row for each hour and species, in the order of the medicines."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow((*FIRST, *curves.columns))
    table.writerows(_rows(curves))
    return out.getvalue()


def as_object(curves: Curves, not_drawn: Sequence[str]) -> dict[str, Any]:
    """The values by species, for programs. Concentrations are numbers, not amounts of a dose."""
    return {
        "hours": curves.times_h.tolist(),
        "people": curves.people,
        "seed": curves.seed,
        "curves": [
            {
                "medicine": one.medicine,
                "species": one.species,
                "unit": UNIT,
                **{name: one.values[name].tolist() for name in curves.columns},
            }
            for one in curves.curves
        ],
        "not_drawn": list(not_drawn),
        "notes": list(curves.notes),
    }


def _rows(curves: Curves) -> Iterator[tuple[object, ...]]:
    hours = [f"{hour:g}" for hour in curves.times_h.tolist()]
    for one in curves.curves:
        columns = [one.values[name].tolist() for name in curves.columns]
        for hour, *values in zip(hours, *columns, strict=True):
            yield hour, one.medicine, one.species, UNIT, *(repr(value) for value in values)


def _as_parquet(curves: Curves) -> bytes:
    try:
        pyarrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as missing:
        raise WrongUse(NEEDS_PARQUET) from missing
    tables = [
        pyarrow.table(
            {
                "hours": curves.times_h,
                "medicine": [one.medicine] * len(curves.times_h),
                "species": [one.species] * len(curves.times_h),
                "unit": [UNIT] * len(curves.times_h),
                **{name: one.values[name] for name in curves.columns},
            }
        )
        for one in curves.curves
    ]
    out = io.BytesIO()
    parquet.write_table(pyarrow.concat_tables(tables), out)
    return out.getvalue()
