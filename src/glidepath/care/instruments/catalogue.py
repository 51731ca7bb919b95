"""Which instruments a centre has, and in whose words: those of the facts, with its wording packs, and its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet

from glidepath.care.instruments.models import Form, OwnInstrument, WordingPack
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.load import instrument, instruments
from glidepath.clinical.instruments.definition import DefinitionError, read_definition
from glidepath.clinical.instruments.fhir.foreign import read_questionnaire
from glidepath.clinical.instruments.fhir.names import QuestionnaireError
from glidepath.clinical.instruments.wording import with_wording
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput
from glidepath.record.prepared import prepared

# What is taken at the bedside on the observation round stays there: one door for each score.
ON_THE_ROUND: Mapping[str, str] = {"ciwa_b": "CIWA-B", "news2": "NEWS2", "rass": "RASS"}
# Of somebody in a bed these are taken there too; before admission and after discharge the form is their door.
IN_A_BED: Mapping[str, str] = {"ciwa_ar": "CIWA-Ar", "cows": "COWS"}

Row = TypeVar("Row", WordingPack, OwnInstrument)


@dataclass(frozen=True, slots=True)
class Offered:
    """An instrument as a centre has it, with the rows its words or its definition come from."""

    instrument: Instrument
    pack: WordingPack | None = None
    own: OwnInstrument | None = None


def offered(centre: Centre) -> dict[str, Offered]:
    """Every instrument that can be filled in here, by key, in two queries. What goes on the round is not among them."""
    packs, own = packs_of(centre), own_of(centre)
    found = {
        key: Offered(_worded(one, packs.get(key)), packs.get(key))
        for key, one in instruments().items()
        if key not in ON_THE_ROUND and key not in own
    }
    found |= {key: Offered(defined(row), own=row) for key, row in own.items()}
    return dict(sorted(found.items(), key=lambda one: one[1].instrument.name.casefold()))


def one_offered(centre: Centre, key: str) -> Offered:
    """The instrument of this key. Raises BadInput where there is none, or where it belongs on the round."""
    if key in ON_THE_ROUND:
        raise BadInput(
            f"{ON_THE_ROUND[key]} is taken on the observation round, with the vital signs beside it. Record it there.",
            field="instrument",
        )
    found = _known(centre, key)
    if found is None:
        raise BadInput(f"There is no instrument “{key[:40]}” here. Choose one of the list.", field="instrument")
    return found


def _known(centre: Centre, key: str) -> Offered | None:
    """One of `offered`, without the others."""
    for own in _own_of_key(centre, key):
        return Offered(defined(own), own=own)
    if key not in instruments():
        return None
    pack = next((row for row in _pack_of_key(centre, key) if row.text), None)
    return Offered(_worded(instrument(key), pack), pack)


@prepared
def _own_of_key(centre: Centre, key: str) -> QuerySet[OwnInstrument]:
    """The newest alone."""
    rows = OwnInstrument.objects.filter(centre=centre, key=key).select_related("recorded_by")
    return rows.order_by("-recorded_at", "-pk")[:1]


@prepared
def _pack_of_key(centre: Centre, key: str) -> QuerySet[WordingPack]:
    """The newest alone, on or off."""
    rows = WordingPack.objects.filter(centre=centre, instrument=key).select_related("recorded_by")
    return rows.order_by("-recorded_at", "-pk")[:1]


def refuse_in_a_bed(key: str) -> None:
    """Raises BadInput for what is taken on the round of somebody who lies in a bed."""
    if key in IN_A_BED:
        raise BadInput(
            f"{IN_A_BED[key]} of somebody in a bed is taken on the observation round, with the vital signs beside it. "
            "Record it there: it then counts as done here.",
            field="instrument",
        )


def packs_of(centre: Centre) -> dict[str, WordingPack]:
    """The wording packs that are on, by instrument: the newest of each."""
    newest = {row.instrument: row for row in _newest_last(WordingPack, centre)}
    return {key: row for key, row in newest.items() if row.text}


def own_of(centre: Centre) -> dict[str, OwnInstrument]:
    """The instruments the centre defined, by key: the newest of each."""
    return {row.key: row for row in _newest_last(OwnInstrument, centre)}


def instrument_of(form: Form) -> Instrument:
    """The instrument as it was when the form was opened. The form comes with its pack and its definition."""
    if form.own is not None:
        return defined(form.own)
    return _worded(instrument(form.instrument), form.pack)


def defined(row: OwnInstrument) -> Instrument:
    return _defined(row.text, row.key)


def _worded(one: Instrument, pack: WordingPack | None) -> Instrument:
    if pack is None or pack.version != one.version:  # words of another version are not shown with this one
        return one
    return _with_words(one.key, pack.text, pack.recorded_by.name)


@lru_cache(maxsize=200)
def _defined(text: str, key: str) -> Instrument:
    return read_own(text, key)[0]


def read_own(text: str, key: str) -> tuple[Instrument, tuple[str, ...]]:
    """A centre's definition, in the format of the facts (TOML) or as a FHIR R4 Questionnaire (JSON), and in words what
    of the latter could not be read. Raises DefinitionError, saying where.
    """
    if not text.lstrip().startswith("{"):
        return read_definition(text, key), ()
    try:
        found = read_questionnaire(json.loads(text), key)
    except json.JSONDecodeError as wrong:
        raise DefinitionError(f"This begins like a FHIR Questionnaire and is no JSON: {wrong}.") from wrong
    except QuestionnaireError as wrong:
        raise DefinitionError(str(wrong)) from wrong
    return found.instrument, found.not_read


@lru_cache(maxsize=200)
def _with_words(key: str, text: str, confirmed_by: str) -> Instrument:
    return with_wording(instrument(key), text, confirmed_by=confirmed_by)


def _newest_last(model: type[Row], centre: Centre) -> list[Row]:
    rows = model.objects.filter(centre=centre).select_related("recorded_by")
    return list(rows.order_by("recorded_at", "pk"))
