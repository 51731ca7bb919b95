"""What a person takes is kept as they told it; what nobody can say stays unknown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from glidepath.care.assessment import queries
from glidepath.care.assessment.models import BenzodiazepineUse, Source
from glidepath.care.assessment.tests.told import record, use
from glidepath.clinical.amounts import Dose
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import episode_of

pytestmark = pytest.mark.django_db
MG = 1_000_000  # nanograms


def test_a_regimen_is_read_and_its_day_added_up(cast, person):
    row = record(person, cast.nurse, use(regimen="lorazepam 1 mg 08:00 20:00"))
    assert (row.medicine, row.daily_ng, row.months) == ("lorazepam", 2 * MG, Decimal(72))
    assert AuditLine.objects.filter(action="assessment.use", person_id=person.pk).count() == 1


def test_a_brand_name_is_kept_under_the_generic_one(cast, person):
    row = record(person, cast.nurse, use(medicine_name="Ativan", regimen="Ativan 1 mg 08:00"))
    assert (row.medicine, row.medicine_name, row.daily_ng) == ("lorazepam", "lorazepam", MG)


def test_a_medicine_whose_name_is_not_its_key_can_be_recorded(cast, person):
    row = record(person, cast.nurse, use(medicine_name="alprazolam XR", regimen="alprazolam XR 1 mg 08:00"))
    assert (row.medicine, row.medicine_name, row.daily_ng) == ("alprazolam_xr", "alprazolam XR", MG)


def test_three_times_a_day_fall_on_the_centres_usual_times(cast, person):
    row = record(person, cast.nurse, use(regimen="lorazepam 0.5 mg x3"))
    assert row.daily_ng == MG * 3 // 2


def test_an_amount_nobody_can_say_is_unknown_and_not_zero(cast, person):
    row = record(person, cast.nurse, use(regimen="", days_per_week=None, months=None))
    assert (row.daily_ng, row.days_per_week, row.months) == (None, None, None)
    assert queries.reported_daily([row]) == {}


def test_a_product_outside_the_facts_keeps_its_name_and_has_no_amount(cast, person):
    row = record(person, cast.nurse, use(medicine_name="  blue pills ", regimen=""))
    assert (row.medicine, row.medicine_name, row.daily_ng) == ("", "blue pills", None)


def test_two_entries_of_one_medicine_add_up(cast, person):
    record(person, cast.nurse, use(regimen="lorazepam 1 mg 08:00"))
    record(person, cast.nurse, use(regimen="lorazepam 0.5 mg 22:00", source=Source.NONPRESCRIBED))
    assert queries.reported_daily(queries.uses(person)) == {"lorazepam": Dose(Decimal("1.5"), "lorazepam")}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"medicine_name": " "}, "medicine_name", "Write the medicine's name"),
        ({"regimen": "lorazepan 1 mg 08:00"}, "regimen", "Did you mean lorazepam"),
        ({"regimen": "lorazepam 0 mg 08:00"}, "regimen", "dose of zero"),
        ({"regimen": "lorazepam -1 mg 08:00"}, "regimen", "zero or more"),
        ({"regimen": "lorazepam 9999 mg 08:00"}, "regimen", "Check the number and the unit"),
        ({"regimen": "diazepam 10 mg 08:00"}, "regimen", "one medicine a line"),
        ({"days_per_week": 0}, "days_per_week", "write 1 to 7"),
        ({"days_per_week": 8}, "days_per_week", "write 1 to 7"),
        ({"months": Decimal("-1")}, "months", "cannot be"),
        ({"months": Decimal(1201)}, "months", "cannot be"),
        ({"last_dose_at": dt.datetime(2026, 11, 17, 10, 1, tzinfo=dt.UTC)}, "last_dose_at", "cannot lie ahead"),
        ({"last_dose_at": dt.datetime(1, 1, 1, tzinfo=dt.UTC)}, "last_dose_at", "was born, on 12 Mar 1979"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(cast, person, wrong, field, said):
    with pytest.raises(BadInput, match=said) as refused:
        record(person, cast.nurse, use(**wrong))
    assert refused.value.field == field
    assert not BenzodiazepineUse.objects.exists()


def test_the_same_form_sent_twice_is_one_entry(cast, person):
    assert record(person, cast.nurse, once="a1") == record(person, cast.nurse, once="a1")
    assert BenzodiazepineUse.objects.count() == 1


def test_a_correction_needs_its_reason_and_replaces_what_counts(cast, person):
    wrong = record(person, cast.nurse, use(regimen="lorazepam 2 mg 08:00"))
    with pytest.raises(BadInput, match="Say why"):
        record(person, cast.nurse, supersedes=wrong)
    right = record(person, cast.nurse, supersedes=wrong, correction_reason="misheard by telephone")
    assert queries.uses(person) == [right]
    assert BenzodiazepineUse.objects.count() == 2


def test_after_a_return_only_what_is_told_now_counts(cast, person, frozen_clock):
    record(person, cast.nurse)
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    episodes.open_enquiry(person=person, by=cast.nurse)
    now = record(person, cast.nurse, use(regimen="lorazepam 0.5 mg 22:00"))
    assert queries.uses(person) == [now]


@pytest.mark.parametrize("role", ["counsellor", "case_manager", "peer_worker", "manager", "auditor", "administrator"])
def test_who_records_no_doses_is_refused(cast, person, role):
    with pytest.raises(NotAllowed):
        record(person, getattr(cast, role))
    assert not BenzodiazepineUse.objects.exists()


@pytest.mark.parametrize("role", ["physician", "nurse", "pharmacist", "psychologist", "admissions"])
def test_who_assesses_records_what_was_told(cast, person, role):
    assert record(person, getattr(cast, role)).recorded_by == getattr(cast, role)


def test_a_physician_of_another_centre_records_nothing_here(cast, person):
    with pytest.raises(NotAllowed, match="another centre"):
        record(person, cast.stranger)
