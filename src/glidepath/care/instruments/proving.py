"""What is refused before a form is opened or an answer is kept, each with what to do instead. Nothing is looked up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from glidepath.care.instruments.kept import YES_NO, read_answer, written
from glidepath.care.instruments.models import Form, Way
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.instruments.score import problem_with
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

GATE = ""  # the item name of the question before the scale
LONGEST_WAIT = dt.timedelta(days=7)  # an answer that waited longer for a network is kept as given that long ago
SEXES = ("female", "male")


def prove_who(form: Form, by: Staff | None, way: Way) -> None:
    """By staff somebody signed in answers, who may; on the tablet and by link nobody of the staff does."""
    if (by is None) is (way is Way.STAFF):
        raise ValueError(f"an answer {way.label} comes {'with' if by is None else 'without'} a member of staff")
    if by is not None:
        require(by, "form.fill")
        refuse_other_centre(form.person, by)
    elif form.filled_by != "self":
        raise NotAllowed("This form is filled in by staff, and not by the person alone.")


def refuse_other_centre(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")


def prove_opening(one: Instrument, filled_by: str, sex: str, own_limits: Mapping[str, Decimal], band_set: str) -> None:
    if filled_by not in one.filled_by:
        raise BadInput(
            f"{one.name} is filled in by {' or '.join(one.filled_by)}, not by “{filled_by[:20]}”.", field="filled_by"
        )
    if sex and sex not in SEXES:
        raise BadInput(f"“{sex[:20]}” is not female or male. Leave it empty where it is not known.", field="sex")
    if band_set and band_set not in [each.key for each in one.band_sets]:
        raise BadInput(f"{one.name} has no bands called “{band_set[:40]}”.", field="band_set")
    limited = {key for alert in one.alerts for key in alert.own_limit}
    for key, limit in own_limits.items():
        if key not in limited:
            raise BadInput(f"{one.name} takes no limit for “{key[:40]}”.", field="own_limits")
        problem = problem_with(one.item(key), limit)
        if problem:
            raise BadInput(f"{one.item(key).label}: {problem}.", field="own_limits")


def refuse_key(client_key: str) -> None:
    if not 8 <= len(client_key) <= 64:
        raise BadInput("This answer came without its key. Open the page again.", field="client_key")


def tapped_at(form: Form, now: dt.datetime, waited: dt.timedelta) -> dt.datetime:
    """When it was tapped: never ahead, never before the form was opened."""
    kept = min(max(waited, dt.timedelta(0)), LONGEST_WAIT)
    return max(form.happened_at, (now - kept).replace(microsecond=0))


def readable(instrument: Instrument, item: str, given: str | None) -> str:
    """The answer as its row keeps it. Raises BadInput for what the item does not take."""
    if item == GATE:
        return _gate(instrument, given)
    found = next((one for one in instrument.items if one.key == item), None)
    if found is None:
        raise BadInput(f"{instrument.name} has no item “{item[:40]}”. Open the page again.", field="item")
    answer = read_answer(found, given)
    problem = problem_with(found, answer)
    if problem:
        raise BadInput(f"{instrument.name}, item {found.number} ({found.label}): {problem}.", field=item)
    return written(answer)


def _gate(instrument: Instrument, given: str | None) -> str:
    if instrument.gate is None:
        raise BadInput(f"{instrument.name} has no question before its items.", field="item")
    if not given or given in YES_NO:
        return given or ""
    raise BadInput(f"“{given[:20]}” is no answer to “{instrument.gate.question}”: yes or no.", field="gate")
