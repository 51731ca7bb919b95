"""Orders: any medicine, signed by who may, made exactly, with everything there is to say said first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import F

from glidepath.care.assessment import services as assessing
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.medication.tests.acts import MG, draft, once, outside, prn, row_at, sign, stop, utc
from glidepath.care.medication.tests.conftest import no_allergies
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.findings import Severity
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people.services import record_allergy
from tests.cast import admitted_person, episode_of, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db


def codes(prepared_or_stop):
    return {finding.code for finding in prepared_or_stop.findings}


# --- What is signed ---------------------------------------------------------------------------------------------------


def test_a_medicine_of_the_formulary_is_a_sedative_and_no_opioid_by_itself(cast, person):
    order = sign(cast, person, draft("Valium", "10", "08:00", "22:00"))
    assert (order.medicine, order.is_sedative, order.is_opioid) == ("diazepam", "yes", "no")
    assert order.is_benzodiazepine


def test_a_medicine_outside_the_formulary_is_what_the_prescriber_says(cast, person):
    order = sign(cast, person, outside("methadone", "40", "08:00", sedative="yes", opioid="yes"), overrides=ANSWERS)
    assert (order.medicine, order.medicine_name, order.is_sedative, order.is_opioid) == (
        "", "methadone", "yes", "yes",
    )  # fmt: skip
    assert not order.is_benzodiazepine


ANSWERS = {"JCG-17": "naloxone stands at the bedside", "JCG-2": "agreed with the person and the consultant"}


@pytest.mark.parametrize("mg", ["10", "7", "2.5", "1.7", "13.3"])
def test_one_dose_is_made_exactly_from_what_is_stocked(cast, person, mg):
    order = sign(cast, person, draft("diazepam", mg, "08:00"))
    assert sum(part.dose.ng for part in order.made) == order.ng == row_at(person, "2026-11-17T08:00").due.dose.ng


def test_a_dose_the_shelf_cannot_make_is_not_signed_and_the_nearest_are_named(cast, person):
    with pytest.raises(BadInput, match=r"0\.25|0\.5") as refused:
        sign(cast, person, draft("lorazepam", "0.3", "08:00"))
    assert refused.value.field == "amount"
    assert not Order.objects.exists()


def test_a_medicine_that_is_not_stocked_can_be_ordered_with_a_reason(cast, person):
    wanted = draft("temazepam", "10", "22:00")
    assert "ORD-3" in codes(services.prepare(person, wanted))
    with pytest.raises(BadInput, match="ORD-3"):
        sign(cast, person, wanted, acknowledged="")
    assert sign(cast, person, wanted, acknowledged="brought from home, sealed").made == ()


def test_what_a_product_contained_when_it_was_signed_stays_whatever_becomes_of_the_shelf(cast, person):
    order = sign(cast, person, draft("diazepam", "10", "08:00"))
    StockedProduct.objects.filter(medicine="diazepam").update(active=False, strength_ng=F("strength_ng") * 3)
    assert sum(part.dose.ng for part in Order.objects.get(pk=order.pk).made) == 10 * MG


def test_an_order_begins_when_it_is_signed_and_not_before(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:02")
    order = sign(cast, person, draft("diazepam", "10", "08:00", start_at=utc("2026-11-17T07:59")))
    assert order.start_at == utc("2026-11-17T08:02")
    with pytest.raises(BadInput, match="now or later"):
        sign(cast, person, draft("diazepam", "10", "08:00", start_at=utc("2026-11-17T07:00")))


# --- What cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"medicine": " "}, "medicine"),
        ({"ng": 0}, "amount"),
        ({"ng": -5}, "amount"),
        ({"times": ()}, "times"),
        ({"times": (dt.time(8), dt.time(8))}, "times"),
        ({"kind": Order.Kind.INTERVAL}, "every_hours"),
        ({"kind": Order.Kind.INTERVAL, "every_hours": 1000}, "every_hours"),
        ({"end_at": dt.datetime(2026, 11, 17, 6, tzinfo=dt.UTC)}, "end_at"),
        ({"end_at": dt.datetime(9999, 12, 31, tzinfo=dt.UTC)}, "end"),
        ({"kind": Order.Kind.PRN}, "prn_reason"),
        ({"kind": Order.Kind.PRN, "prn_reason": "panic"}, "min_interval_minutes"),
    ],
)
def test_what_cannot_be_ordered_is_said_at_its_field(cast, person, wanted, field):
    given = {"medicine": "diazepam", "ng": 5 * MG, "kind": Order.Kind.REGULAR, "times": (dt.time(8),)} | wanted
    with pytest.raises(BadInput) as refused:
        services.prepare(person, services.OrderDraft(start_at=clock.now(), **given))
    assert refused.value.field == field


def test_a_ceiling_below_one_dose_is_no_ceiling(cast, person):
    with pytest.raises(BadInput, match="below one dose"):
        services.prepare(person, prn("diazepam", "5", max_24h_ng=4 * MG))


def test_a_name_close_to_a_known_one_is_offered():
    assert "diazepam" in services.suggestions("diazapam")
    assert services.suggestions("diazepam") == ()


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["nurse", "pharmacist", "counsellor", "manager", "auditor", "administrator"])
def test_who_may_not_prescribe_signs_no_order(cast, person, role):
    who = getattr(cast, role)
    with pytest.raises(NotAllowed):
        services.sign_order(person=person, draft=draft("diazepam", "5", "08:00"), by=who, proof=proof(who), once=once())


def test_a_prescriber_of_another_centre_signs_none_here(cast, person):
    with pytest.raises(NotAllowed):
        services.sign_order(
            person=person, draft=draft("diazepam", "5", "08:00"), by=cast.stranger, proof=proof(cast.stranger)
        )


def test_a_proof_older_than_five_minutes_signs_nothing(cast, person, frozen_clock):
    old = proof(cast.physician)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="five minutes") as refused:
        services.sign_order(person=person, draft=draft("diazepam", "5", "08:00"), by=cast.physician, proof=old)
    assert refused.value.field == "pin"


def test_nobody_is_ordered_anything_before_admission(cast):
    from tests.cast import enquiring_person

    with pytest.raises(BadInput, match="not admitted"):
        sign(cast, enquiring_person(cast), draft("diazepam", "5", "08:00"))


def test_a_repeated_submit_signs_one_order(cast, person):
    key = once()
    wanted = draft("diazepam", "5", "08:00")
    first, second = (
        services.sign_order(person=person, draft=wanted, by=cast.physician, proof=proof(cast.physician), once=key)
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert Order.objects.count() == 1
    assert AuditLine.objects.filter(action="order.signed", about_id=first.pk, digest=first.digest).count() == 1


# --- What is said first -----------------------------------------------------------------------------------------------


def test_a_second_benzodiazepine_beside_one_is_a_warning(cast, person):
    sign(cast, person, draft("diazepam", "5", "08:00"))
    prepared = services.prepare(person, draft("lorazepam", "1", "22:00"))
    assert ("ORD-1", Severity.WARNING) in {(one.code, one.severity) for one in prepared.findings}


@pytest.mark.parametrize(
    ("allergy", "ordered"), [("Penicillin", "penicillin"), ("diazepam", "Valium"), ("valium", "diazepam")]
)
def test_a_name_among_the_allergies_is_a_warning_by_generic_and_brand_name(cast, allergy, ordered):
    person = ward.person_with_history(cast)
    record_allergy(person=person, substance=allergy, reaction="rash", by=cast.nurse)
    found = [one for one in services.prepare(person, draft(ordered, "5", "08:00")).findings if one.code == "ORD-2"]
    assert allergy in found[0].message


@pytest.mark.parametrize(
    ("allergy", "ordered", "kin"),
    [
        ("Valium", "temazepam", True),
        ("benzodiazepines", "lorazepam", True),
        ("zolpidem", "zopiclone", True),
        ("zolpidem", "diazepam", False),
        *((one, "diazepam", False) for one in ("Penicillin", "latex", "ibuprofen", "codeine", "nuts", "egg", "sulfa")),
    ],
)
def test_another_medicine_of_the_same_group_among_the_allergies_is_a_warning(cast, allergy, ordered, kin):
    person = ward.person_with_history(cast)
    record_allergy(person=person, substance=allergy, reaction="rash", by=cast.nurse)
    found = [one for one in services.prepare(person, draft(ordered, "5", "22:00")).findings if one.code == "ORD-2"]
    assert [f"and {ordered} is of the same group" in one.message for one in found] == ([True] if kin else [])


def test_allergies_nobody_asked_about_are_said(cast):
    person = ward.person_with_history(cast)
    prepared = services.prepare(person, draft("diazepam", "5", "08:00"))
    assert [one.missing for one in prepared.findings if one.code == "ORD-2"] == [("allergies",)]


def test_no_allergy_known_says_nothing(cast, person):
    assert "ORD-2" not in codes(services.prepare(person, draft("diazepam", "5", "08:00")))


@pytest.mark.parametrize(
    ("medicine", "code"), [("flumazenil", "JCG-14"), ("propofol", "JCG-15"), ("ketamine", "JCG-15")]
)
def test_what_is_never_used_to_taper_is_a_hard_stop(cast, person, medicine, code):
    assert code in codes(services.prepare(person, outside(medicine, "10", "08:00", for_taper=True)))
    assert code not in codes(services.prepare(person, outside(medicine, "10", "08:00", for_taper=False)))


def test_an_opioid_without_naloxone_is_a_hard_stop_until_a_reason_is_given(cast, person):
    assessing.record_facts(person=person, answers={"opioid_active": "yes", "naloxone_offered": "no"}, by=cast.nurse)
    wanted = draft("diazepam", "5", "08:00")
    with pytest.raises(HardStop) as stopped:
        sign(cast, person, wanted)
    assert "JCG-17" in {one.code for one in stopped.value.findings if one.stops}
    order = sign(cast, person, wanted, overrides={"JCG-17": "naloxone is being fetched"})
    assert ["JCG-17", "fires", "naloxone is being fetched"] in order.findings


def test_a_benzodiazepine_of_a_dependent_person_does_not_end_by_its_date(cast, person, frozen_clock):
    order = sign(cast, person, draft("diazepam", "10", "08:00", end_at=utc("2026-11-19T09:00")))
    assert order.asks_at_end
    assert "ORD-7" in {code for code, _, _ in order.findings}
    frozen_clock.set("2026-11-25T09:00")
    due = queries.due([person], utc("2026-11-17T00:00"), utc("2026-11-25T00:00"))
    assert [f"{row.due.due_at:%d}" for row in due] == ["17", "18", "19", "20", "21", "22", "23", "24"]


def test_who_is_known_not_to_be_dependent_ends_by_the_date(cast, frozen_clock):
    rarely = admitted_person(cast)
    assessing.record_use(
        person=rarely,
        episode=episode_of(rarely),
        use=assessing.ReportedUse(
            medicine_name="diazepam", source="prescribed", beginning="long_term", regimen="diazepam 5 mg 08:00",
            days_per_week=2, months=Decimal(3),
        ),
        by=cast.nurse,
    )  # fmt: skip
    no_allergies(cast, rarely)
    wanted = draft("diazepam", "5", "08:00", end_at=utc("2026-11-19T09:00"))
    found = services.prepare(rarely, wanted)
    assert not found.asks_at_end
    assert "JCG-3" in codes(found), "told which symptoms to report: asked as before"


def test_a_bridge_is_not_signed_once_a_plan_gives_the_doses(cast, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-17T09:00")
    with pytest.raises(BadInput, match="end at once"):
        sign(cast, person, draft("diazepam", "10", "08:00", until_plan=True))


# --- Stopping ---------------------------------------------------------------------------------------------------------


def test_a_dependent_persons_only_benzodiazepine_is_stopped_only_with_a_reason_by_name(cast, person):
    order = sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    with pytest.raises(HardStop) as stopped:
        stop(cast, order)
    assert "JCG-2" in {one.code for one in stopped.value.findings if one.stops}
    overrides = {one.code: "transfer tonight, the hospital gives it" for one in stopped.value.findings if one.stops}
    stop(cast, order, overrides=overrides)
    assert queries.orders(person) == []


def test_where_it_is_not_known_whether_somebody_is_dependent_it_is_no_less_a_stop(cast):
    person = admitted_person(cast)
    overrides = dict.fromkeys(("JCG-17", "POL-9"), "asked tonight")
    order = sign(cast, person, draft("diazepam", "10", "08:00"), overrides=overrides)
    with pytest.raises(HardStop) as stopped:
        stop(cast, order)
    assert "JCG-2" in {one.code for one in stopped.value.findings if one.stops}


def test_an_order_that_a_plan_has_taken_over_from_is_stopped_without_a_word(cast, person):
    order = sign(cast, person, draft("diazepam", "10", "08:00", "22:00", until_plan=True))
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    assert not [one for one in services.findings_on_stop(order, "the plan has it") if one.stops]
    stop(cast, order)


def test_a_person_who_takes_it_only_as_needed_is_asked_about_too(cast, person):
    order = sign(cast, person, prn())
    assert "JCG-2" in {one.code for one in services.findings_on_stop(order)}


def test_a_medicine_that_is_no_benzodiazepine_is_simply_stopped(cast, person, frozen_clock):
    order = sign(cast, person, outside("sertraline", "50", "08:00"))
    frozen_clock.set("2026-11-17T12:00")
    stop(cast, order)
    day = queries.due([person], utc("2026-11-17T00:00"), utc("2026-11-20T00:00"))
    assert [row.due.due_at for row in day] == [utc("2026-11-17T08:00")]


def test_treatment_for_opioid_use_is_not_stopped_because_of_a_benzodiazepine(cast, person):
    wanted = outside("methadone", "40", "08:00", sedative="yes", opioid="yes")
    order = sign(cast, person, wanted, overrides=ANSWERS)
    for because in (True, None):
        with pytest.raises(HardStop) as stopped:
            stop(cast, order, because_of_benzodiazepine=because, overrides={"JCG-21": "I want to"})
        assert "JCG-21" in {one.code for one in stopped.value.findings if one.stops}
    stop(cast, order, because_of_benzodiazepine=False, overrides=ANSWERS)


def test_two_who_stop_it_at_once_the_second_is_told_who_was_first(cast, person):
    order = sign(cast, person, outside("sertraline", "50", "08:00"))
    stop(cast, order)
    with pytest.raises(ChangedMeanwhile) as second:
        services.stop_order(
            order=order, reason="mine", by=cast.second_physician, proof=proof(cast.second_physician), once=once()
        )
    assert second.value.by == cast.physician.name


def test_a_stop_says_why(cast, person):
    order = sign(cast, person, outside("sertraline", "50", "08:00"))
    with pytest.raises(BadInput) as refused:
        stop(cast, order, reason=" ")
    assert refused.value.field == "reason"


def test_an_order_does_not_outlive_the_stay_it_was_signed_in(cast, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00"))
    frozen_clock.set("2026-11-19T12:00")
    episodes.change_stage(episode=episode_of(person), stage=Stage.AFTERCARE, by=cast.physician)
    frozen_clock.set("2026-12-19T12:00")
    due = queries.due([person], utc("2026-11-17T00:00"), utc("2026-12-20T00:00"))
    assert [f"{row.due.due_at:%d}" for row in due] == ["17", "18", "19"]
    assert queries.orders(person) == []


# --- A word on what nobody knows --------------------------------------------------------------------------------------


def test_a_prescribers_word_says_whether_an_unknown_medicine_sedates(cast, person):
    order = sign(cast, person, outside("kava", "100", "22:00", sedative="unknown"))
    assert queries.sedative_of(order) is YesNoUnknown.UNKNOWN
    services.say_whether_sedative(order=order, is_sedative=False, by=cast.physician, proof=proof(cast.physician))
    assert queries.sedative_of(order) is YesNoUnknown.NO
    services.say_whether_sedative(order=order, is_sedative=True, by=cast.physician, proof=proof(cast.physician))
    assert queries.sedative_of(order) is YesNoUnknown.YES


def test_a_nurse_gives_no_such_word_and_a_known_medicine_needs_none(cast, person):
    order = sign(cast, person, outside("kava", "100", "22:00", sedative="unknown"))
    with pytest.raises(NotAllowed):
        services.say_whether_sedative(order=order, is_sedative=False, by=cast.nurse, proof=proof(cast.nurse))
    known = sign(cast, person, draft("diazepam", "10", "08:00"))
    with pytest.raises(BadInput, match="is known"):
        services.say_whether_sedative(order=known, is_sedative=False, by=cast.physician, proof=proof(cast.physician))
