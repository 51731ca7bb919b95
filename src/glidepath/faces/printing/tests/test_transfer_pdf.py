"""The transfer letter: everything of the last day, as it stands at that moment, in values and on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from glidepath.care.events.tests.emergencies import ended, started, taken_back, tapped
from glidepath.care.medication.tests.acts import draft, give, row_at, sign
from glidepath.care.monitoring.tests.looks import awake, ciwa, scored, seen
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.tests.reading import pages_of
from glidepath.faces.printing.transfer_pdf import transfer_letter, transfer_pdf
from glidepath.faces.printing.transfer_values import Section, TransferLetter, transfer_sheet
from glidepath.record.audit.models import AuditLine
from glidepath.record.people.services import add_contact, record_allergy
from glidepath.record.staff import services as staff
from tests.cast import admitted_person, client_for, make_centre
from tests.scenarios.ward import person_with_history

LETTER = TransferLetter(
    name="Danilo Reyes", identity="born 12-Mar-1979", centre_name="Willowbrook", centre_phone="020 7946 0000",
    made_at=dt.datetime(2026, 11, 17, 10, 0), made_by="Marta Lindqvist, nurse", what="Seizure, began 09:58.",
    sections=(Section("Allergies", ("penicillin: rash",)), Section("Last doses", ())),
)  # fmt: skip


def test_a_section_without_a_line_says_that_none_is_recorded():
    assert transfer_sheet(LETTER)["sections"] == [
        ["Allergies", ["penicillin: rash"]], ["Last doses", ["none recorded"]],
    ]  # fmt: skip


@pytest.mark.parametrize("paper", Paper)
def test_it_prints_with_a_line_for_who_receives_it(paper):
    (page,) = pages_of(transfer_pdf(LETTER, paper=paper))
    assert "penicillin: rash" in page
    assert "Received by" in page
    assert "without consent" in page


def test_words_in_other_letters_are_said_to_be_missing_and_signs_stay_text():
    strange = Section("Contacts", ("Ελένη 😀", "#set text(1pt) $x$"))
    (page,) = pages_of(transfer_pdf(replace(LETTER, sections=(strange,)), paper=Paper.A4))
    assert "cannot print" in page
    assert "#set text(1pt) $x$" in page


@pytest.fixture
def story(frozen_clock):
    """Doses yesterday and this morning, a set and a score, an allergy, and a seizure of three minutes so far."""
    frozen_clock.set("2026-11-16T07:00")
    cast = make_centre()
    person = person_with_history(cast, preferred_name="Danilo")
    record_allergy(person=person, substance="penicillin", reaction="rash", by=cast.nurse)
    add_contact(person=person, name="Anna Reyes", relation="sister", phone="07700 900000", is_emergency_contact=True,
                by=cast.nurse)  # fmt: skip
    sign(cast, person, draft("lorazepam", "1", "08:00", "22:00"))
    for at in ("2026-11-16T08:00", "2026-11-16T22:00", "2026-11-17T08:00"):
        frozen_clock.set(at)
        give(row_at(person, at), cast.nurse)
    seen(person, cast.nurse, awake(rr=16))
    scored(person, cast.nurse, ciwa(1))
    frozen_clock.set("2026-11-17T10:00")
    running = started(person, cast.nurse)
    frozen_clock.tick(minutes=2)
    tapped(running, "physician", cast.nurse)
    frozen_clock.tick(minutes=1, seconds=5)
    return cast, person, running


def lines(letter, heading):
    found = next(one.lines for one in letter.sections if one.heading == heading)
    return tuple(line.replace("\xa0", " ") for line in found)


def test_it_says_what_happened_the_doses_with_times_the_values_and_whom_to_ask(story):
    cast, _, running = story
    letter = transfer_letter(running, cast.nurse)
    assert letter.what.replace("\xa0", " ") == "Seizure, began 17 Nov 2026 10:00. Seizure 1 lasts, so far 3 min 5 s."
    assert lines(letter, "Allergies") == ("penicillin: rash",)
    assert [line[-14:] for line in lines(letter, "Last doses")] == ["lorazepam 1 mg"] * 2, "those of 24 hours"
    assert lines(letter, "Last doses")[0].startswith("17 Nov 2026 08:00")
    assert lines(letter, "Active orders") == ("lorazepam 1 mg by mouth at 08:00, 22:00",)
    assert lines(letter, "Taper") == ("Frozen since the seizure: no cut.", "No taper runs.")
    assert "breaths 16" in lines(letter, "Vital signs, last 24 hours")[0]
    assert "CIWA-B 20" in lines(letter, "Scores, last 24 hours")[0]
    assert "A seizure." in lines(letter, "Alarms that stand, and who has them")[0]
    assert "Dependence on alcohol: no" in lines(letter, "Alcohol, opioids, earlier seizures")
    assert lines(letter, "Contacts")[0] == "Anna Reyes, sister, 07700 900000"
    assert any("Physician called" in line for line in lines(letter, "What happened, what was done"))


def test_the_signs_seen_beside_the_vital_ones_are_told(story):
    cast, person, running = story
    seen(person, cast.nurse, awake(also_seen=(AlsoSeen.UNSTEADY,)))
    told = lines(transfer_letter(running, cast.nurse), "Vital signs, last 24 hours")
    assert "also seen: slurred or unsteady after a dose" in told[0]
    assert not any("also seen" in line for line in told[1:])


def test_what_nobody_asked_is_said_to_be_not_asked(story):
    cast, _, _ = story
    letter = transfer_letter(started(admitted_person(cast), cast.nurse), cast.nurse)
    assert lines(letter, "Allergies") == ("NOT ASKED",)
    assert "Dependence on alcohol: not asked" in lines(letter, "Alcohol, opioids, earlier seizures")


def test_the_last_dose_of_a_medicine_is_there_though_it_is_older_than_a_day(story, frozen_clock):
    cast, _, running = story
    frozen_clock.set("2026-11-18T12:00")
    assert lines(transfer_letter(running, cast.nurse), "Last doses") == ("17 Nov 2026 08:00 lorazepam 1 mg",)


def test_what_was_taken_back_is_not_in_the_letter(story):
    cast, _, running = story
    taken_back(tapped(running, "glucose", cast.nurse), cast.nurse)
    assert not any(
        "glucose" in line for line in lines(transfer_letter(running, cast.nurse), "What happened, what was done")
    )


def test_it_is_printed_by_the_bedside_alone_during_and_after_and_leaves_its_line(story):
    cast, person, running = story
    address = reverse("printing:transfer_pdf", args=[person.public_id, running.public_id])
    answer = client_for(cast.nurse).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Seizure" in " ".join(pages_of(answer.content))
    assert AuditLine.objects.filter(action="transfer.pdf", person_id=person.pk).count() == 1
    assert client_for(cast.counsellor).get(address).status_code == 403
    assert client_for(cast.manager).get(address).status_code == 403
    ended(running, cast.nurse)
    staff.start_shift(unit=cast.unit, by=cast.physician)
    assert client_for(cast.physician).get(address).status_code == 200
