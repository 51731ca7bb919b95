"""A level measured in plasma: copied from the laboratory's sheet, never changed, and set right by a further entry."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.monitoring.services import Measured
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed


def sheet(value="412", **more):
    begin = {"medicine": "diazepam", "value": Decimal(value), "laboratory": "St Anne, toxicology"}
    return Measured(**(begin | more))


def recorded(person, by, measured=None, *, once="", minutes_ago=60):
    at = clock.now() - dt.timedelta(minutes=minutes_ago)
    return services.record_measured_level(
        person=person, measured=measured or sheet(), drawn_at=at, by=by, once=once
    )  # fmt: skip


def corrected(level, by, measured, reason="another person's sheet", once=""):
    return services.correct_measured_level(level=level, measured=measured, reason=reason, by=by, once=once)


@pytest.fixture
def admitted(person, frozen_clock):
    """Danilo, three hours after he came."""
    frozen_clock.tick(minutes=180)
    return person


def test_a_nurse_and_a_physician_record_a_level_and_it_is_in_the_audit(admitted, cast):
    for by in (cast.nurse, cast.physician):
        row = recorded(admitted, by)
        assert (row.medicine, row.species, row.pg_per_ml, row.unit) == ("diazepam", "diazepam", 412_000, "ng/mL")
        assert row.laboratory == "St Anne, toxicology"
    assert AuditLine.objects.filter(action="level.recorded", person_id=admitted.pk).count() == 2


def test_units_of_a_mass_in_a_volume_come_to_the_same(admitted, cast):
    for unit, value in (("ng/mL", "412"), ("µg/L", "412"), ("mg/L", "0.412"), ("µg/mL", "0.412")):
        assert recorded(admitted, cast.nurse, sheet(value, unit=unit)).pg_per_ml == 412_000


def test_the_metabolite_is_measured_by_its_own_name(admitted, cast):
    row = recorded(admitted, cast.nurse, sheet("500", species="nordiazepam"))
    assert (row.medicine, row.species) == ("diazepam", "nordiazepam")


@pytest.mark.parametrize(
    ("measured", "field", "words"),
    [
        (sheet("0"), "value", "0 ng/mL is not a level"),
        (sheet("-3"), "value", "-3 ng/mL is not a level"),
        (sheet("NaN"), "value", "is not a level"),
        (sheet("2000000"), "value", "more than can be in plasma"),
        (sheet("0.0004"), "value", "finer than a thousandth"),
        (sheet(unit="nmol/L"), "unit", "nmol/L is not known: give one of ng/mL"),
        (sheet(medicine="sugar"), "substance", "sugar"),
        (sheet(species="ethanol"), "substance", "ethanol does not come from diazepam"),
        (sheet(laboratory=" "), "laboratory", "which laboratory"),
    ],
)
def test_what_cannot_be_a_level_is_refused_with_a_word_and_nothing_is_written(measured, field, words, admitted, cast):
    with pytest.raises(BadInput, match=words) as refused:
        recorded(admitted, cast.nurse, measured)
    assert refused.value.field == field
    assert not MeasuredLevel.objects.exists()


def test_blood_is_not_drawn_tomorrow_nor_before_the_stay(admitted, cast):
    with pytest.raises(BadInput, match="still to come"):
        recorded(admitted, cast.nurse, minutes_ago=-1)
    with pytest.raises(BadInput, match="before this stay"):
        recorded(admitted, cast.nurse, minutes_ago=60 * 24 * 400)


def test_who_may_not_is_refused(admitted, cast):
    for by in (cast.counsellor, cast.pharmacist, cast.manager, cast.auditor, cast.stranger):
        with pytest.raises(NotAllowed):
            recorded(admitted, by)
    assert not MeasuredLevel.objects.exists()


def test_the_same_submit_twice_writes_one_row(admitted, cast):
    first = recorded(admitted, cast.nurse, once="k")
    assert recorded(admitted, cast.nurse, once="k").pk == first.pk
    assert MeasuredLevel.objects.count() == 1


def test_a_correction_stands_in_place_and_the_old_one_stays(admitted, cast):
    wrong = recorded(admitted, cast.nurse)
    right = corrected(wrong, cast.physician, sheet("214"), once="c")
    assert corrected(wrong, cast.physician, sheet("214"), once="c").pk == right.pk
    assert queries.measured_levels(admitted) == [right]
    assert right.happened_at == wrong.happened_at
    assert MeasuredLevel.objects.get(pk=wrong.pk).pg_per_ml == 412_000
    with pytest.raises(ChangedMeanwhile, match="corrected this entry already"):
        corrected(wrong, cast.nurse, sheet("100"))
    with pytest.raises(BadInput, match="says why"):
        corrected(right, cast.nurse, sheet("100"), reason=" ")


def test_a_level_of_somebody_else_is_taken_back(admitted, cast):
    gone = corrected(recorded(admitted, cast.nurse), cast.nurse, None)
    assert gone.is_taken_back
    assert queries.measured_levels(admitted) == []


def test_the_database_itself_refuses_a_change_and_an_empty_level(admitted, cast):
    row = recorded(admitted, cast.nurse)
    with pytest.raises(DatabaseError), transaction.atomic():
        MeasuredLevel.objects.filter(pk=row.pk).update(pg_per_ml=1)
    row.pk, row.public_id, row.pg_per_ml = None, "00000000-0000-4000-8000-000000000001", None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
