"""What a centre loads: the published words of a class B instrument once it confirmed the terms, and its own forms."""

from __future__ import annotations

from django.db import transaction

from glidepath.care.instruments.catalogue import ON_THE_ROUND, read_own
from glidepath.care.instruments.models import OwnInstrument, WordingPack
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.load import instruments
from glidepath.clinical.instruments.definition import DefinitionError
from glidepath.clinical.instruments.wording import with_wording
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require


@transaction.atomic
def load_pack(*, instrument: str, text: str, terms_confirmed: bool, by: Staff, once: str = "") -> WordingPack:
    """The words of a class B instrument, from now on. Raises BadInput: terms unconfirmed, unfitting words."""
    earlier = submits.found(once, "instrument.pack")
    if earlier is not None:
        return WordingPack.objects.get(pk=earlier)
    centre, one = _centre(by), _built_in(instrument)
    if not terms_confirmed:
        raise BadInput(f"Confirm the terms first: {one.terms}", field="terms_confirmed")
    try:
        with_wording(one, text, confirmed_by=by.name)
    except DefinitionError as wrong:
        raise BadInput(str(wrong), field="text") from wrong
    row = _keep_pack(centre, one, text, by)
    submits.remember(once, "instrument.pack", row.pk)
    return row


@transaction.atomic
def switch_pack_off(*, instrument: str, by: Staff, once: str = "") -> WordingPack:
    """Our labels are shown again in new forms; forms that are open keep their words."""
    earlier = submits.found(once, "instrument.pack_off")
    if earlier is not None:
        return WordingPack.objects.get(pk=earlier)
    row = _keep_pack(_centre(by), _built_in(instrument), "", by)
    submits.remember(once, "instrument.pack_off", row.pk)
    return row


@transaction.atomic
def define_instrument(*, key: str, text: str, terms_confirmed: bool, by: Staff, once: str = "") -> OwnInstrument:
    """An instrument under the centre's own licence, in the format of the facts or as a FHIR Questionnaire.

    Raises BadInput, saying where.
    """
    earlier = submits.found(once, "instrument.defined")
    if earlier is not None:
        return OwnInstrument.objects.get(pk=earlier)
    centre = _centre(by)
    try:
        found, _ = read_own(text, key)
    except DefinitionError as wrong:
        raise BadInput(str(wrong), field="text") from wrong
    if not terms_confirmed:
        raise BadInput(f"Confirm that the centre may use it: {found.terms}", field="terms_confirmed")
    _refuse_same_version(centre, found, text)
    now = clock.now()
    row = OwnInstrument.objects.create(
        centre=centre, happened_at=now, recorded_at=now, recorded_by=by,
        key=key, version=found.version, name=found.name, terms=found.terms, text=text,
    )  # fmt: skip
    submits.remember(once, "instrument.defined", row.pk)
    audit.write("instrument.defined", by=by, centre=centre, about=row, code=key)
    return row


def _refuse_same_version(centre: Centre, found: Instrument, text: str) -> None:
    """Another text under the same version would draw unlike scores on one line."""
    same = OwnInstrument.objects.filter(centre=centre, key=found.key, version=found.version).exclude(text=text)
    if same.exists():
        raise BadInput(
            f"{found.name} {found.version} is defined already, in other words. Give the new one another version.",
            field="text",
        )


def _keep_pack(centre: Centre, one: Instrument, text: str, by: Staff) -> WordingPack:
    now = clock.now()
    row = WordingPack.objects.create(
        centre=centre, happened_at=now, recorded_at=now, recorded_by=by,
        instrument=one.key, version=one.version, terms=one.terms, text=text,
    )  # fmt: skip
    audit.write("instrument.pack", by=by, centre=centre, about=row, code=one.key)
    return row


def _built_in(key: str) -> Instrument:
    found = instruments().get(key)
    if found is None or key in ON_THE_ROUND:
        raise BadInput(f"“{key[:40]}” is no instrument that takes a wording pack here.", field="instrument")
    return found


def _centre(by: Staff) -> Centre:
    require(by, "instrument.change")
    if by.centre is None:
        raise NotAllowed("This account belongs to no centre.")
    return by.centre
