"""To open a form, answer it item by item, finish it or set it aside. All the doors to it meet here.

Links stand in links.py, what a centre loads in setup.py; both are reached from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from glidepath.care.instruments import queries
from glidepath.care.instruments.calls import called_for, raise_all
from glidepath.care.instruments.catalogue import IN_A_BED, Offered, one_offered, refuse_in_a_bed
from glidepath.care.instruments.kept import YES_NO, plain_about, plain_score, read_answer
from glidepath.care.instruments.links import link_at, make_link, open_by_link, withdraw_link
from glidepath.care.instruments.models import (
    AskedFor,
    Form,
    FormClosed,
    FormReviewed,
    FormSetAside,
    GivenAnswer,
    RaisedAlert,
    Way,
)
from glidepath.care.instruments.proving import (
    GATE,
    prove_opening,
    prove_who,
    readable,
    refuse_key,
    refuse_other_centre,
    tapped_at,
)
from glidepath.care.instruments.replay import filling
from glidepath.care.instruments.setup import define_instrument, load_pack, switch_pack_off
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.instruments.filling import Closed, Filling
from glidepath.clinical.instruments.score import About, BadAnswer
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import bed_of, current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.locking import lock_person
from glidepath.record.people.models import Person
from glidepath.record.people.queries import age_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

__all__ = [
    "GATE",
    "Answered",
    "answer",
    "answer_page",
    "ask_for",
    "close_form",
    "define_instrument",
    "link_at",
    "load_pack",
    "make_link",
    "open_by_link",
    "open_form",
    "review_form",
    "set_aside",
    "switch_pack_off",
    "withdraw_link",
]

MOST_ANSWERS = 5_000  # of one form: far above what a person can tap, below what would slow the page


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was taken, or was taken before. alerts: what it called for. late: the form was closed already."""

    answer: GivenAnswer
    alerts: tuple[RaisedAlert, ...]
    late: bool = False


@transaction.atomic
def open_form(
    *,
    person: Person,
    instrument: str,
    filled_by: str,
    by: Staff,
    once: str = "",
    sex: str = "",
    own_limits: Mapping[str, Decimal] | None = None,
    band_set: str = "",
    due: tuple[dt.date, dt.date] | None = None,
) -> Form:
    """A new form of this instrument. filled_by: "self", "interview", "observer" or "measured", as it allows.

    sex: "female" or "male" where the bands ask, empty where it is not known. own_limits: by item, what the person set
    for themselves; None keeps those of their last form of it. band_set: other bands than the usual.
    due: the window of the due list that it answers.
    Raises BadInput naming the field; NotAllowed.
    """
    earlier = submits.found(once, "form.open")
    if earlier is not None:
        return queries.form_of(earlier)
    require(by, "form.fill")
    episode = _episode(person, by)
    if instrument in IN_A_BED and bed_of(person) is not None:
        refuse_in_a_bed(instrument)
    found = one_offered(person.centre, instrument)
    limits = queries.own_limits(person, instrument) if own_limits is None else own_limits
    prove_opening(found.instrument, filled_by, sex, limits, band_set)
    lock_person(person.pk)
    now = clock.now()
    age = Decimal(age_on(person.birth_date, clock.today(person.centre)))
    form = Form.objects.create(
        **_common(person, by, now),
        person=person,
        episode=episode,
        **_which(found),
        filled_by=filled_by,
        band_set=band_set,
        about=plain_about(About(sex or None, age, limits)),
        due_first=due[0] if due else None,
        due_last=due[1] if due else None,
    )
    submits.remember(once, "form.open", form.pk)
    audit.write("form.opened", by=by, centre=person.centre, person=person, about=form, code=form.instrument)
    return form


@transaction.atomic
def answer(
    *,
    form: Form,
    item: str,
    given: str | None,
    client_key: str,
    by: Staff | None,
    way: Way = Way.STAFF,
    waited: dt.timedelta = dt.timedelta(0),
) -> Answered:
    """One answer, or (None) an earlier one taken back. item: its key, GATE for the question before the scale.

    given: as it was sent: "2", "22:30", words; "yes" or "no" before the scale. client_key: made where it was tapped;
    a second arrival of the same changes nothing. waited: how long it waited for a network. by: None where the person
    answers alone. What it calls for is raised in this transaction. Raises BadInput naming what is allowed.
    """
    prove_who(form, by, way)
    refuse_key(client_key)
    lock_person(form.person_id)
    form = queries.form_of(form.pk)
    earlier = GivenAnswer.objects.select_related("recorded_by").filter(form=form, client_key=client_key).first()
    if earlier is not None:
        return _again(earlier, item)
    now = clock.now()
    happened = tapped_at(form, now, waited)
    late = _refuse_ended(form, happened)
    before = queries.filling_of(form)
    text = readable(before.instrument, item, given)
    number = GivenAnswer.objects.filter(form=form).count() + 1
    if number > MOST_ANSWERS:
        raise BadInput("This form has more answers than anybody can tap. Open a new one.")
    row = GivenAnswer.objects.create(
        **_common(form.person, by, now, happened),
        form=form, number=number, item=item, answer=text, way=way, client_key=client_key,
    )  # fmt: skip
    after = _with(before, item, text)
    alerts = raise_all(form, row, called_for(before, after, item))
    audit.write("form.answered", by=by, centre=form.centre, person=form.person, about=row, code=_code(way, late))
    return Answered(row, alerts, late)


@transaction.atomic
def answer_page(
    *, form: Form, given: Mapping[str, str | None], key: str, by: Staff | None, way: Way = Way.STAFF
) -> dict[str, str]:
    """A whole page of answers in one act: each kept, and calling, as `answer` does it; by item, what cannot be read.

    given: by item, in the order of the page. key: made with the page; a second arrival of the same answers changes
    nothing. What can be read is kept, whatever else cannot.
    """
    prove_who(form, by, way)
    refuse_key(key)
    lock_person(form.person_id)
    form = queries.form_of(form.pk)
    now = clock.now()
    happened = tapped_at(form, now, dt.timedelta(0))
    late = _refuse_ended(form, happened)
    rows = queries.given_to(form)
    number, taken = len(rows), {row.client_key: row.answer for row in rows}
    standing = {row.item: row.answer for row in rows}
    if number + len(given) > MOST_ANSWERS:
        raise BadInput("This form has more answers than anybody can tap. Open a new one.")
    before, errors, fresh = filling(form, rows, queries.raised_in(form)), {}, []
    with audit.together():
        for item, said in given.items():
            try:
                text = readable(before.instrument, item, said)
            except BadInput as refused:
                errors[item] = refused.message
                continue
            tapped = f"{key}-{_place(before.instrument, item)}"
            if tapped in taken and text in (taken[tapped], standing.get(item)):
                continue  # it arrived before
            number += 1
            row = GivenAnswer(
                **_common(form.person, by, now, happened), form=form, number=number, item=item, answer=text, way=way,
                client_key=f"{tapped}.{number}" if tapped in taken else tapped,
            )  # fmt: skip
            after = _with(before, item, text)
            fresh.append((row, called_for(before, after, item)))
            before = after
        GivenAnswer.objects.bulk_create(row for row, _ in fresh)
        for row, called in fresh:
            raise_all(form, row, called)
            audit.write(
                "form.answered", by=by, centre=form.centre, person=form.person, about=row, code=_code(way, late)
            )
    return errors


@transaction.atomic
def close_form(
    *,
    form: Form,
    by: Staff | None,
    way: Way = Way.STAFF,
    once: str = "",
    covers: tuple[dt.date, dt.date] | None = None,
) -> FormClosed:
    """The form is done, whole or partial, with its score. Raises BadInput where its instrument takes no blank."""
    earlier = submits.found(once, "form.close")
    if earlier is not None:
        return FormClosed.objects.select_related("form").get(pk=earlier)
    prove_who(form, by, way)
    lock_person(form.person_id)
    form = queries.form_of(form.pk)
    now = clock.now()
    _refuse_ended(form, now)
    given = queries.given_to(form)
    filled = filling(form, given, queries.raised_in(form))
    if not filled.given:
        raise BadInput("Nothing is answered yet. Answer an item, or set the form aside.")
    closed = _closed(filled, form, now, covers)
    row = FormClosed.objects.create(
        **_common(form.person, by, now),
        form=form,
        way=way,
        last_number=len(given),
        total=closed.score.total,
        band=closed.score.band or "",
        complete=closed.score.complete,
        score=plain_score(closed.score),
        covers_first=covers[0] if covers else None,
        covers_last=covers[1] if covers else None,
        facts_version=formulary().version,
    )
    submits.remember(once, "form.close", row.pk)
    audit.write("form.closed", by=by, centre=form.centre, person=form.person, about=row, code=way.value)
    return row


@transaction.atomic
def review_form(*, form: Form, by: Staff, once: str = "") -> FormReviewed:
    """Somebody has read the result, and by name; a second time it stays as it was. Raises BadInput for an open form."""
    earlier = submits.found(once, "form.review")
    if earlier is not None:
        return FormReviewed.objects.get(pk=earlier)
    require(by, "form.review")
    refuse_other_centre(form.person, by)
    lock_person(form.person_id)
    if queries.set_aside_of(form) is not None:
        raise BadInput("This form was set aside and counts nowhere: there is no result to have read.")
    if queries.closing_of(form) is None:
        raise BadInput("This form is not finished: there is no result to have read yet.")
    already = FormReviewed.objects.filter(form=form, recorded_by=by).first()
    if already is not None:
        return already
    row = FormReviewed.objects.create(**_common(form.person, by, clock.now()), form=form)
    submits.remember(once, "form.review", row.pk)
    audit.write("form.reviewed", by=by, centre=form.centre, person=form.person, about=row, code=form.instrument)
    return row


@transaction.atomic
def set_aside(*, form: Form, reason: str, by: Staff, once: str = "") -> FormSetAside:
    """The form counts nowhere from now on, and stays readable. What it called for stays open. Raises BadInput."""
    earlier = submits.found(once, "form.set_aside")
    if earlier is not None:
        return FormSetAside.objects.get(pk=earlier)
    require(by, "form.fill")
    if not reason.strip():
        raise BadInput("Say why this form is set aside: opened by mistake, for another person.", field="reason")
    lock_person(form.person_id)
    form = queries.form_of(form.pk)
    refuse_other_centre(form.person, by)
    ended = queries.set_aside_of(form)
    if ended is not None:
        raise ChangedMeanwhile(
            f"{ended.recorded_by.name} has set this form aside already.",
            by=ended.recorded_by.name,
            at=ended.recorded_at,
        )
    row = FormSetAside.objects.create(**_common(form.person, by, clock.now()), form=form, reason=reason.strip())
    submits.remember(once, "form.set_aside", row.pk)
    audit.write("form.set_aside", by=by, centre=form.centre, person=form.person, about=row)
    return row


@transaction.atomic
def ask_for(
    *, person: Person, instrument: str, by: Staff, wanted: bool = True, words: str = "", once: str = ""
) -> AskedFor:
    """A clinician asks for an instrument that is due only where somebody says so; `wanted` False takes it back."""
    earlier = submits.found(once, "form.ask_for")
    if earlier is not None:
        return AskedFor.objects.get(pk=earlier)
    require(by, "form.ask_for")
    episode = _episode(person, by)
    found = one_offered(person.centre, instrument)
    row = AskedFor.objects.create(
        **_common(person, by, clock.now()),
        person=person, episode=episode, instrument=found.instrument.key, wanted=wanted, words=words.strip(),
    )  # fmt: skip
    submits.remember(once, "form.ask_for", row.pk)
    audit.write("form.asked_for", by=by, centre=person.centre, person=person, about=row, code=row.instrument)
    return row


def _common(
    person: Person, by: Staff | None, now: dt.datetime, happened: dt.datetime | None = None
) -> dict[str, object]:
    return {"centre_id": person.centre_id, "happened_at": happened or now, "recorded_at": now, "recorded_by": by}


def _which(found: Offered) -> dict[str, object]:
    one = found.instrument
    return {
        "instrument": one.key,
        "version": one.version,
        "language": one.language,
        "wording_source": one.wording_source or "",
        "pack": found.pack if found.pack and found.pack.version == one.version else None,
        "own": found.own,
    }


def _episode(person: Person, by: Staff) -> Episode:
    refuse_other_centre(person, by)
    episode = current_episode(person)
    if episode is None:
        raise BadInput("There is no episode of care to write this into: open an enquiry or admit the person first.")
    return episode


def _again(earlier: GivenAnswer, item: str) -> Answered:
    if earlier.item != item:
        raise BadInput("This answer's key was used for another item. Open the page again.", field="client_key")
    return Answered(earlier, queries.raised_by(earlier))


def _refuse_ended(form: Form, happened: dt.datetime) -> bool:
    """Whether the form was closed already and the answer was tapped before that: it is kept, calls, and scores nothing.

    form: read under the person's lock.
    Raises ChangedMeanwhile for what came after the end.
    """
    aside, closing = queries.ending_of(form)
    if aside is not None:
        who = aside.recorded_by.name
        raise ChangedMeanwhile(f"{who} has set this form aside. Open a new one.", by=who, at=aside.recorded_at)
    if closing is None:
        return False
    if happened < closing.happened_at:
        return True
    who = closing.recorded_by.name if closing.recorded_by else form.person.preferred_name
    at = clock.local(form.centre, closing.recorded_at)
    raise ChangedMeanwhile(
        f"This form was finished by {who} at {at:%H:%M on %-d %b %Y}. Open a new one.", by=who, at=closing.recorded_at
    )


def _with(before: Filling, item: str, text: str) -> Filling:
    if item == GATE:
        return before.answer_gate(YES_NO.get(text))
    return before.answer(item, read_answer(before.instrument.item(item), text))


def _closed(filled: Filling, form: Form, now: dt.datetime, covers: tuple[dt.date, dt.date] | None) -> Closed:
    try:
        return filled.closed(filled_by=form.filled_by, at=now, covers=covers, band_set=form.band_set or None)
    except BadAnswer as wrong:
        raise BadInput(f"{wrong}.", field=wrong.item or "") from wrong
    except ValueError as wrong:
        raise BadInput(f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.", field="covers") from wrong


def _place(instrument: Instrument, item: str) -> int:
    """Where the item stands; the question before the scale stands before the first."""
    return next((place for place, one in enumerate(instrument.items, start=1) if one.key == item), 0)


def _code(way: Way, late: bool) -> str:
    return f"{way.value}.late" if late else way.value
