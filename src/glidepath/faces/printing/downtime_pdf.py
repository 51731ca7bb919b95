"""The downtime pack on paper, on demand and kept ready: the newest of each unit lies in a folder of its own.

A file is written beside its place and then put there, so that a reader finds the old one or the new one, whole.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import typst
from django.db import transaction

from glidepath.faces.printing.downtime import pack_of
from glidepath.faces.printing.downtime_values import Pack, downtime_sheet, printable
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import units
from glidepath.record.episodes.queries import all_in_beds

EVERY_SECONDS = 3600
OWNER_ALONE = 0o700


def downtime_pdf(pack: Pack, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by words that say so; no dose is left out.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(pack, paper)
    except typst.TypstError:
        safe = printable(pack, lambda text: is_printable(text, pack.made_at))
        if safe == pack:
            raise
        return _set(safe, paper)


def keep_packs(centre: Centre, folder: Path) -> int:
    """The newest pack of each unit into `folder`, where the one there is an hour old or missing. Returns how many were
    made. Each leaves a line of whom it lists."""
    made = 0
    for unit in units(centre):
        place = folder / f"{unit.public_id}.pdf"
        if _is_fresh(place):
            continue
        keep_pack(unit, place)
        made += 1
    return made


@transaction.atomic
def keep_pack(unit: Unit, place: Path) -> None:
    """The pack of one unit as it stands now, put in its place as a whole, with its line."""
    here = all_in_beds(unit)
    body = downtime_pdf(pack_of(unit, here), paper=paper_of(unit.centre))
    audit.write(
        "downtime.kept", by=None, centre=unit.centre, kind="read", about=unit, people=[one.person for one in here]
    )
    _put(body, place)


def paper_of(centre: Centre) -> Paper:
    """The paper of the centre's country."""
    return Paper.LETTER if centre.region == "us" else Paper.A4


def _set(pack: Pack, paper: Paper) -> bytes:
    data = {**downtime_sheet(pack), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "downtime.typ", json.dumps(data), pack.made_at)


def _is_fresh(place: Path) -> bool:
    """Whether it was put there within the hour; one from the future (a clock that was set back) is made again."""
    if not place.exists():
        return False
    age = clock.now().timestamp() - place.stat().st_mtime
    return 0 <= age < EVERY_SECONDS


def _put(body: bytes, place: Path) -> None:
    """Whole, or not at all: written beside it, flushed, renamed over it. Only its owner may read it."""
    place.parent.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=place.parent, prefix=".making-", suffix=".pdf")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        now = clock.now().timestamp()
        os.utime(beside, (now, now))
        Path(beside).replace(place)
    finally:
        Path(beside).unlink(missing_ok=True)  # gone already where it was put in its place
