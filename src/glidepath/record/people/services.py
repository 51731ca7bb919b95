"""Entering people, their allergies and the contacts they name."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.history import refuse_if_changed, save_as
from glidepath.record.people.fold import fold
from glidepath.record.people.locking import lock_person
from glidepath.record.people.models import AllergyStatement, Contact, Person
from glidepath.record.people.queries import allergies, find_known
from glidepath.record.staff.permissions import require
from glidepath.record.times import when

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff

FIRST_NUMBER = 1001
OLDEST_YEARS = 120
STILL_RIGHT = "asked again: still right"


@transaction.atomic
def register(
    *,
    preferred_name: str,
    legal_name: str,
    birth_date: dt.date,
    by: Staff,
    pronouns: str = "",
    phone: str = "",
    not_the_same: bool = False,
    once: str = "",
) -> Person:
    """A new person with the centre's next number.

    Raises BadInput when somebody of the same legal name and birth date is here already; `not_the_same` says that a
    human looked and it is another person.
    """
    earlier = repeated.found(once, "person.registered")
    if earlier:
        return Person.objects.get(pk=earlier)
    require(by, "person.register")
    assert by.centre_id is not None
    centre = Centre.objects.select_for_update().get(pk=by.centre_id)  # decides the number, and who is first
    person = Person(centre=centre, number=_next_number(centre), opened_at=clock.now())
    _describe(person, preferred_name, legal_name, birth_date, pronouns, phone)
    if not not_the_same:
        _refuse_the_known(person)
    save_as(person, by)
    repeated.remember(once, "person.registered", person.pk)
    audit.write("person.registered", by=by, centre=centre, person=person, about=person)
    return person


@transaction.atomic
def edit(
    *,
    person: Person,
    preferred_name: str,
    legal_name: str,
    birth_date: dt.date,
    by: Staff,
    pronouns: str = "",
    phone: str = "",
    seen: int | None = None,
) -> Person:
    """Who somebody is, set right; the history keeps what stood there. Raises ChangedMeanwhile."""
    require(by, "person.edit")
    _same_centre(by, person)
    locked = lock_person(person.pk)
    refuse_if_changed(locked, seen, "This person's data")
    _describe(locked, preferred_name, legal_name, birth_date, pronouns, phone)
    save_as(locked, by)
    audit.write("person.edited", by=by, centre=locked.centre, person=locked, about=locked)
    return locked


@transaction.atomic
def record_allergy(
    *,
    person: Person,
    substance: str,
    by: Staff,
    reaction: str = "",
    corrects: AllergyStatement | None = None,
    reason: str = "",
    happened_at: dt.datetime | None = None,
    once: str = "",
) -> AllergyStatement:
    """An allergy, with its reaction where known. It supersedes the statement it corrects, or that none was known."""
    earlier = repeated.found(once, "allergy.recorded")
    if earlier:
        return AllergyStatement.objects.get(pk=earlier)
    _may_state(by, person)
    substance = " ".join(substance.split())
    if not substance or len(substance) > 120:
        raise BadInput(
            "Name the substance, in up to 120 letters; or record that no allergy is known.", field="substance"
        )
    standing = allergies(person)
    if any(fold(row.substance) == fold(substance) and row != corrects for row in standing.known):
        raise BadInput(f"{substance} stands among the allergies already. Correct that line instead.", field="substance")
    replaced = corrects
    if replaced is None and standing.state == "none_known":
        replaced, reason = standing.statements[0], "an allergy became known"
    statement = _stated(
        person, by, happened_at, replaced, reason, substance=substance, reaction=" ".join(reaction.split())
    )
    repeated.remember(once, "allergy.recorded", statement.pk)
    audit.write("allergy.recorded", by=by, centre=person.centre, person=person, about=statement)
    return statement


@transaction.atomic
def no_known_allergies(
    *, person: Person, by: Staff, happened_at: dt.datetime | None = None, once: str = ""
) -> AllergyStatement:
    """Asked, and none is known. Raises BadInput while an allergy stands: take that back first, with its reason."""
    earlier = repeated.found(once, "allergy.none_known")
    if earlier:
        return AllergyStatement.objects.get(pk=earlier)
    _may_state(by, person)
    standing = allergies(person)
    if standing.state == "known":
        listed = ", ".join(row.substance for row in standing.known)
        raise BadInput(f"Recorded: {listed}. Take these back first, each with its reason, if none is true.")
    earlier_answer = standing.statements[0] if standing.state == "none_known" else None
    statement = _stated(
        person, by, happened_at, earlier_answer, "asked again" if earlier_answer else "", none_known=True
    )
    repeated.remember(once, "allergy.none_known", statement.pk)
    audit.write("allergy.none_known", by=by, centre=person.centre, person=person, about=statement)
    return statement


@transaction.atomic
def confirm_allergies(*, person: Person, by: Staff, once: str = "") -> tuple[AllergyStatement, ...]:
    """Asked again: what stands is still right. Each statement is made anew today; the old one stays readable.

    Raises BadInput where nobody has asked yet.
    """
    earlier = repeated.found(once, "allergy.confirmed")
    if earlier:
        return allergies(person).statements
    _may_state(by, person)
    standing = allergies(person)
    if standing.state == "not_asked":
        raise BadInput("Nobody has asked about allergies yet: ask, and record what is told.")
    rows = tuple(
        _stated(
            person, by, None, one, STILL_RIGHT, substance=one.substance, reaction=one.reaction,
            none_known=one.none_known,
        )
        for one in standing.statements
    )  # fmt: skip
    repeated.remember(once, "allergy.confirmed", rows[0].pk)
    audit.write("allergy.confirmed", by=by, centre=person.centre, person=person, about=rows[0], code=str(len(rows)))
    return rows


@transaction.atomic
def take_back_allergy(*, statement: AllergyStatement, reason: str, by: Staff, once: str = "") -> AllergyStatement:
    """The statement was wrong: a new row without a substance supersedes it, and both can be read."""
    earlier = repeated.found(once, "allergy.taken_back")
    if earlier:
        return AllergyStatement.objects.get(pk=earlier)
    _may_state(by, statement.person)
    taken_back = _stated(statement.person, by, None, statement, reason)
    repeated.remember(once, "allergy.taken_back", taken_back.pk)
    audit.write("allergy.taken_back", by=by, centre=statement.centre, person=statement.person, about=taken_back)
    return taken_back


@transaction.atomic
def add_contact(
    *,
    person: Person,
    name: str,
    relation: str,
    by: Staff,
    phone: str = "",
    is_emergency_contact: bool = False,
    may_be_told: str = "",
    once: str = "",
) -> Contact:
    """Somebody the person named. `may_be_told`: in the person's words; empty means nothing."""
    earlier = repeated.found(once, "contact.added")
    if earlier:
        return Contact.objects.get(pk=earlier)
    _may_edit_contacts(by, person)
    contact = Contact(centre_id=person.centre_id, person=person)
    _name_contact(contact, name, relation, phone, is_emergency_contact, may_be_told)
    save_as(contact, by)
    repeated.remember(once, "contact.added", contact.pk)
    audit.write("contact.added", by=by, centre=person.centre, person=person, about=contact)
    return contact


@transaction.atomic
def edit_contact(
    *,
    contact: Contact,
    name: str,
    relation: str,
    by: Staff,
    phone: str = "",
    is_emergency_contact: bool = False,
    may_be_told: str = "",
    seen: int | None = None,
) -> Contact:
    _may_edit_contacts(by, contact.person)
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    refuse_if_changed(locked, seen, "This contact's data")
    _name_contact(locked, name, relation, phone, is_emergency_contact, may_be_told)
    save_as(locked, by)
    audit.write("contact.edited", by=by, centre=locked.centre, person=locked.person, about=locked)
    return locked


def _next_number(centre: Centre) -> int:
    highest = Person.objects.filter(centre=centre).aggregate(highest=Max("number"))["highest"]
    return FIRST_NUMBER if highest is None else int(highest) + 1


def _describe(
    person: Person, preferred_name: str, legal_name: str, birth_date: dt.date, pronouns: str, phone: str
) -> None:
    person.legal_name = _needed(legal_name, "legal_name", "the legal name", 160)
    person.preferred_name = _needed(preferred_name or legal_name, "preferred_name", "the preferred name", 80)
    person.pronouns = _short(pronouns, "pronouns", 40)
    person.phone = _short(phone, "phone", 40)
    person.birth_date = _possible_birth_date(birth_date, clock.today(person.centre))
    person.folded = fold(f"{person.preferred_name} {person.legal_name}")


def _refuse_the_known(person: Person) -> None:
    for alike in find_known(person.centre, person.legal_name, person.birth_date):
        if alike.certain:
            raise BadInput(
                f"{alike.person.preferred_name} of the same legal name and birth date is here already, number "
                f"{alike.person.number}. Open that record; or confirm that this is another person.",
                field="legal_name",
            )


def _possible_birth_date(birth_date: dt.date, today: dt.date) -> dt.date:
    if birth_date > today:
        raise BadInput(f"{birth_date:%d %b %Y} lies ahead. Check the birth date.", field="birth_date")
    if today.year - birth_date.year > OLDEST_YEARS:
        raise BadInput(
            f"{birth_date:%d %b %Y} is more than {OLDEST_YEARS} years ago. Check the year.", field="birth_date"
        )
    return birth_date


def _stated(
    person: Person,
    by: Staff,
    happened_at: dt.datetime | None,
    replaced: AllergyStatement | None,
    reason: str,
    **what: object,
) -> AllergyStatement:
    if replaced is not None:
        _refuse_if_superseded(replaced)
        if not reason.strip():
            raise BadInput("Say why the earlier statement is corrected.", field="reason")
    true_at, written_at = when(happened_at)
    return AllergyStatement.objects.create(
        centre_id=person.centre_id,
        person=person,
        happened_at=true_at,
        recorded_at=written_at,
        recorded_by=by,
        supersedes=replaced,
        correction_reason=reason.strip()[:300] if replaced else "",
        **what,
    )


def _refuse_if_superseded(statement: AllergyStatement) -> None:
    newer = AllergyStatement.objects.filter(supersedes=statement).select_related("recorded_by").first()
    if newer is not None:
        raise BadInput(f"{newer.recorded_by.name} corrected this line already. Look at what stands there now.")


def _name_contact(
    contact: Contact, name: str, relation: str, phone: str, is_emergency_contact: bool, may_be_told: str
) -> None:
    contact.name = _needed(name, "name", "the contact's name", 120)
    contact.relation = _needed(relation, "relation", "how they belong to the person", 60)
    contact.phone = _short(phone, "phone", 40)
    contact.may_be_told = _short(may_be_told, "may_be_told", 200)
    contact.is_emergency_contact = is_emergency_contact


def _needed(text: str, field: str, what: str, most: int) -> str:
    text = " ".join(text.split())
    if not text:
        raise BadInput(f"Give {what}.", field=field)
    return _short(text, field, most)


def _short(text: str, field: str, most: int) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise BadInput(f"This is {len(text)} letters long; {most} fit.", field=field)
    return text


def _may_state(by: Staff, person: Person) -> None:
    require(by, "allergy.record")
    _same_centre(by, person)
    lock_person(person.pk)


def _may_edit_contacts(by: Staff, person: Person) -> None:
    require(by, "contact.edit")
    _same_centre(by, person)
    lock_person(person.pk)


def _same_centre(by: Staff, person: Person) -> None:
    if by.centre_id != person.centre_id:
        raise NotAllowed("This person is in the care of another centre.")
