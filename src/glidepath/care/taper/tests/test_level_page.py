"""The predicted level of one person in plasma, the band of people around it, and what was measured."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse

from glidepath.care.assessment import queries as assessment
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.monitoring.services import Measured
from glidepath.care.taper import level_shown, measured
from glidepath.care.taper.doses_known import known_doses
from glidepath.care.taper.own_level import PEOPLE, SEED, looks, own_level
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.fitting import PlasmaLevel, own_clearance
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.population import population_bands
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import client_for, enquiring_person
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)


def page(person, name="level", *rows):
    return reverse(f"taper:{name}", args=[person.public_id, *(row.public_id for row in rows)])


def typed(**more):
    begin = {
        "once": uuid4().hex, "substance": "diazepam > diazepam", "value": "700", "unit": "ng/mL",
        "drawn_at": "2026-11-17T07:30", "laboratory": "St Anne", "words": "before the dose",
    }  # fmt: skip
    return begin | more


def recorded(cast, person, value, at=None, **more):
    found = Measured("diazepam", Decimal(value), "St Anne")
    return measured.record(person=person, measured=found, drawn_at=at or clock.now(), by=cast.nurse, once="", **more)


@pytest.fixture
def living(cast, person, frozen_clock):
    """Danilo at 10:00 of his first day: reported 10 mg twice a day, 10 mg given at 08:00, a plan signed."""
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    ward.sign(cast, person, ward.draft(start=DAY))
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    frozen_clock.set("2026-11-17T10:00")
    return person


@pytest.fixture
def physician(cast):
    return client_for(cast.physician)


# --- What is known to be taken ---------------------------------------------------------------------------------------
def test_what_was_reported_given_and_planned_is_one_history_and_no_dose_counts_twice(living):
    known = known_doses(living)
    history = known.histories["diazepam"]
    assert history.assumed.doses == ((8.0, 10.0), (22.0, 10.0))
    assert history.times_h[0] == pytest.approx(8 + 5 / 60)  # when it was given, not when it was due
    assert len(known.given) == 1
    assert [known.date(one.at) for one in known.ahead if one.at < clock.now() + dt.timedelta(hours=14)] == [DAY]
    assert known.ahead[0].at > clock.now()
    assert sum(one.dose.mg for one in known.ahead if known.date(one.at) == DAY + dt.timedelta(days=1)) == 20
    assert known.ahead[-1].at < known.origin + dt.timedelta(days=known.last)


def test_ahead_lies_the_plan_until_four_weeks_after_its_last_step(living):
    known = known_doses(living)
    stretches = level_shown.dose_stretches(known, "diazepam")
    daily = [one.mg for one in stretches if one.kind == "projected"]
    assert daily[0] == 20
    assert daily == sorted(daily, reverse=True)
    assert daily[-1] == 0
    assert stretches[-1].end == pytest.approx(known.last, abs=0.05)  # the clock is put back or forward an hour
    assert stretches[-1].end - stretches[-1].start == 28


def test_a_medicine_that_is_exchanged_is_drawn_until_it_is_gone(cast, frozen_clock, physician):
    person = ward.person_with_history(cast, "lorazepam 1 mg 08:00 20:00", preferred_name="Noor")
    ward.order(cast, person, "lorazepam", "1", "08:00", "20:00")
    ward.order(cast, person, "diazepam", "5", "22:00")
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    known = known_doses(person)
    plan = replace(known, last=300.0)
    assert plan.drawn_for("lorazepam").last == 1 + 28  # its last dose is that of this evening
    assert known.drawn_for("lorazepam").last == known.last == 1
    for name in ("lorazepam", "diazepam"):
        assert f'<span class="quiet">{name}</span>' in physician.get(page(person), {"medicine": name}).text


def test_without_a_plan_nothing_is_drawn_beyond_today(cast, person, physician):
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    answer = physician.get(page(person))
    assert "No plan is signed, so nothing is drawn beyond today." in answer.text
    assert known_doses(person).last == 1


# --- The band --------------------------------------------------------------------------------------------------------
def test_the_looks_are_even_and_four_in_a_row_are_one_at_each_quarter_of_the_day():
    for days in (30, 168, 400, 1000, 3000):
        hours = looks(-7.0, float(days))
        assert len(set(np.diff(hours))) == 1
        assert len(hours) % 4 == 0
        assert len(hours) <= 724
        assert hours[0] == -168
        assert hours[-1] <= days * 24 + 4 * np.diff(hours)[0]
        assert sorted(hours[4:8] % 24) == [0, 6, 12, 18]


def by_hand(known, ratio=1.0):
    """The same doses put to the core one by one: what was told as steady, then each dose; its mean of four looks."""
    model = model_of(formulary().medicines["diazepam"])
    doses = [(known.hour(one.at), one.dose.mg) for one in (*known.given, *known.ahead)]
    history = DoseHistory.of(doses, assumed_steady({8.0: 10, 22.0: 10}, min(hour for hour, _ in doses)))
    times = looks(known.first, known.last)
    curve = concentration(history, times, model).ng_per_ml
    bands = population_bands({"diazepam": model}, {"diazepam": history}, people=PEOPLE, seed=SEED, times_h=times)
    means = [values.reshape(*values.shape[:-1], -1, 4).mean(axis=-1) for values in (curve, bands.of("diazepam"))]
    return model, history, *means


def test_the_page_shows_what_the_core_says_of_the_same_doses(living, physician):
    known = known_doses(living)
    _, _, curve, band = by_hand(known)
    found = own_level(known, "diazepam", [], assessment.facts(living))
    assert found.own == pytest.approx(curve)
    assert found.band[0] == pytest.approx(band)
    assert (found.band[:, 0] < found.band[:, 1]).all()
    text = physician.get(page(living)).text
    table = text[text.index("Daily dose and predicted level") :]
    row = re.search(r'<th scope="row" class="nowrap">(.*?)</tr>', table, re.S)[1]
    low, middle, high = (level_shown.figure(band[i][0]) for i in range(3))
    own = level_shown.figure(curve[0][0])
    assert f'<td class="n">20</td><td class="n">{own}</td><td class="n">{middle}</td>' in row
    assert f"{low} to {high}" in row


def test_the_same_doses_give_the_same_band_each_time(living):
    known, facts = known_doses(living), assessment.facts(living)
    one, other = (own_level(known, "diazepam", [], facts) for _ in range(2))
    assert (one.band == other.band).all()


def test_the_page_says_that_it_is_predicted_whom_the_band_holds_and_what_is_assumed(living, physician):
    text = physician.get(page(living)).text
    for words in (
        "Predicted, not measured",
        "It never drives a dose",
        "of 1000 virtual people one in twenty lies below it",
        "people differ in absorption, metabolite clearance, metabolite volume: it is assumed, as 40 %.",
        "Temazepam is not drawn",
    ):
        assert words in text, words
    assert AuditLine.objects.filter(action="level.read", person_id=living.pk, kind="read").count() == 1


def test_an_older_person_is_drawn_as_older_where_a_source_has_a_figure(cast, physician, frozen_clock):
    old = ward.person_with_history(cast, preferred_name="Ilse", birth_date=dt.date(1940, 1, 1))
    ward.order(cast, old, "diazepam", "10", "08:00", "22:00")
    found = own_level(known_doses(old), "diazepam", [], assessment.facts(old))
    assert found.adjusted.made or found.adjusted.not_found
    assert "older people" in physician.get(page(old)).text


def test_nothing_is_drawn_for_a_medicine_without_parameters_and_the_reason_stands(cast, physician):
    unsure = next(
        one for one in formulary().medicines.values()
        if not hasattr(model_of(one), "half_life_h") and one.usable_equivalents() and not one.is_designer
    )  # fmt: skip
    person = ward.person_with_history(cast, f"{unsure.name} 5 mg 08:00", preferred_name="Mika")
    ward.order(cast, person, unsure.name, "5", "22:00")
    answer = physician.get(page(person))
    assert answer.status_code == 200
    assert re.search(r"<h2 id=.lv.>.*?</h2>", answer.text)[0] == f'<h2 id="lv">Nothing is drawn for {unsure.name}</h2>'
    assert "Draw no curve: judge by what you see." in answer.text
    assert "drawn</h2>" not in answer.text
    assert 'class="plot' not in answer.text


def test_a_dose_reported_without_its_time_is_no_level(cast, person, physician):
    assert "No dose with a known time is recorded or reported." in physician.get(page(person)).text


def test_nothing_is_drawn_for_somebody_who_is_not_here(cast, physician):
    caller = enquiring_person(cast, preferred_name="Elif")
    text = physician.get(page(caller)).text
    assert "Elif is not here, and what is taken elsewhere is not recorded" in text
    assert 'class="plot' not in text


def test_an_unknown_medicine_in_the_address_shows_the_one_that_is_taken(living, physician):
    for name in ("sugar", "lorazepam", "<b>", "x" * 3000):
        answer = physician.get(page(living), {"medicine": name})
        assert answer.status_code == 200
        assert 'Predicted level <span class="quiet">diazepam</span>' in answer.text


def test_the_queries_are_the_same_after_one_dose_and_after_many(
    living, cast, frozen_clock, physician, django_assert_num_queries, django_assert_max_num_queries
):
    physician.get(page(living))
    with django_assert_max_num_queries(42) as seen:
        physician.get(page(living))
        few = len(seen)
    for day in range(18, 24):
        for hour in ("08:05", "22:05"):
            frozen_clock.set(f"2026-11-{day}T{hour}")
            for one in (cast.physician, cast.nurse):
                staff.start_shift(unit=cast.unit, by=one)
            ward.give_due(cast, living)
    assert len(known_doses(living).given) > 10
    recorded(cast, living, "450")
    physician = client_for(cast.physician)
    physician.get(page(living))
    with django_assert_num_queries(few):
        physician.get(page(living))


# --- Measured levels -------------------------------------------------------------------------------------------------
def test_a_level_moves_the_line_by_the_clearance_the_core_finds(living, cast, physician):
    at = dt.datetime(2026, 11, 17, 7, 30, tzinfo=living.centre.zone)
    recorded(cast, living, "700", at)
    known = known_doses(living)
    model, history, curve, _ = by_hand(known)
    fit = own_clearance(model, history, [PlasmaLevel(7.5, 700.0)])
    found = own_level(known, "diazepam", monitoring.measured_levels(living), assessment.facts(living))
    assert found.fit.clearance_ratio == pytest.approx(fit.clearance_ratio)
    assert (found.own[0] > curve[0]).all()
    low, high = fit.clearance_interval()
    text = physician.get(page(living)).text
    assert f"<b>{fit.clearance_ratio:.2f}</b>, in 19 of 20 cases between {low:.2f} and {high:.2f}" in text
    assert f"{fit.after.half_life_h:.0f} h, typical {fit.before.half_life_h:.0f} h" in text
    assert level_shown.figure(fit.expected_before[0]) in text
    assert "measured levels within 20 % (coefficient of variation) of the curve" in text
    assert text.count('class="c-symdot"') == 3 + 1  # one on each drawing, one in the key


def test_a_nurse_records_a_level_on_the_page_and_a_doubt_about_it_is_said(living, cast):
    answer = client_for(cast.nurse).post(page(living), typed(drawn_at="2026-11-17T08:20", value="500"), follow=True)
    assert "The level is recorded." in answer.text
    assert "The level on 17 Nov at 08:20 was taken 0.2 h after a dose" in answer.text
    row = MeasuredLevel.objects.get()
    assert (row.pg_per_ml, row.laboratory, row.words) == (500_000, "St Anne", "before the dose")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "0"}, "is not a level"),
        ({"value": "-5"}, "is not a level"),
        ({"value": "90000"}, "90000 ng/mL on 17 Nov at 07:30: with a clearance within 3 standard deviations"),
        ({"value": "0.7", "unit": "ng/mL"}, "Look at the doses really taken, the unit"),
        ({"value": "much"}, "A number, such as 412"),
        ({"value": "9" * 40}, "16 digits"),
        ({"unit": "nmol/L"}, "nmol/L"),
        ({"substance": "lorazepam > lorazepam"}, "Choose one."),
        ({"drawn_at": "2026-11-18T07:30"}, "still to come"),
        ({"drawn_at": ""}, "Say when the blood was drawn"),
        ({"laboratory": ""}, "Say which laboratory"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_nothing_typed_is_lost(wrong, words, living, physician):
    sent = typed(**wrong)
    answer = physician.post(page(living), sent)
    assert answer.status_code == 422
    assert words in answer.text.replace("&gt;", ">")
    assert not MeasuredLevel.objects.exists()
    for kept in (sent["value"], sent["laboratory"], sent["drawn_at"], sent["words"]):
        assert kept in answer.text


def test_a_level_before_any_dose_is_refused(cast, person, frozen_clock):
    """Somebody of whom nothing is reported: the first dose is given at 08:05."""
    person = ward.person_with_history(cast, "lorazepam 1 mg 08:00", preferred_name="Noor")
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    frozen_clock.set("2026-11-17T10:00")
    with pytest.raises(BadInput, match="lies before any dose recorded"):
        recorded(cast, person, "300", clock.now() - dt.timedelta(hours=2))


def test_a_level_of_what_nobody_took_is_refused(living, cast):
    found = Measured("lorazepam", Decimal(20), "St Anne")
    with pytest.raises(BadInput, match="No dose of lorazepam is recorded or reported"):
        measured.record(person=living, measured=found, drawn_at=clock.now(), by=cast.nurse, once="")


def test_an_implausible_level_is_kept_by_saying_so_and_moves_nothing(living, cast, physician):
    before = own_level(known_doses(living), "diazepam", [], assessment.facts(living)).own
    refused = physician.post(page(living), typed(value="90000"))
    assert 'name="keep"' in refused.text
    physician.post(page(living), typed(value="90000", keep="on"))
    assert not MeasuredLevel.objects.get().is_plausible
    found = own_level(known_doses(living), "diazepam", monitoring.measured_levels(living), assessment.facts(living))
    assert found.fit is None
    assert (found.own == before).all()
    text = physician.get(page(living)).text
    assert "the doses recorded cannot explain it" in text
    assert "c-symopen" in text
    recorded(cast, living, "700", dt.datetime(2026, 11, 17, 7, 40, tzinfo=living.centre.zone))
    both = own_level(known_doses(living), "diazepam", monitoring.measured_levels(living), assessment.facts(living))
    assert [one.value for one in both.fit.measured] == [700]


def test_who_reads_the_page_but_may_not_record_sees_no_form_and_is_refused(living, cast):
    pharmacist = client_for(cast.pharmacist)
    answer = pharmacist.get(page(living))
    assert answer.status_code == 200
    assert "Record a measured level" not in answer.text
    assert pharmacist.post(page(living), typed()).status_code in (403, 404)
    for outside in (cast.auditor, cast.manager, cast.stranger):
        assert client_for(outside).get(page(living)).status_code in (403, 404)
    with pytest.raises(NotAllowed):
        measured.record(person=living, measured=Measured("diazepam", Decimal(700), "St Anne"), drawn_at=clock.now(),
                        by=cast.counsellor, once="")  # fmt: skip
    assert not MeasuredLevel.objects.exists()


def test_a_level_is_corrected_on_its_page_and_taken_back(living, cast, physician):
    wrong = recorded(cast, living, "700", clock.now() - dt.timedelta(hours=2, minutes=30))
    form = physician.get(page(living, "correct_level", wrong)).text
    assert 'value="700"' in form
    absurd = physician.post(page(living, "correct_level", wrong), typed(value="70000", reason="a digit"))
    assert absurd.status_code == 422
    assert "70000 ng/mL on 17 Nov" in absurd.text
    physician.post(page(living, "correct_level", wrong), typed(value="650", reason="another line of the sheet"))
    (right,) = monitoring.measured_levels(living)
    assert (right.pg_per_ml, right.happened_at) == (650_000, wrong.happened_at)
    assert "In place of an earlier entry: another line of the sheet" in physician.get(page(living)).text
    physician.post(page(living, "correct_level", right), typed(take_back="on", reason="another person’s"))
    assert monitoring.measured_levels(living) == []
    assert physician.get(page(living, "correct_level", wrong)).text.count("has corrected this entry already") == 1


def test_a_level_changes_no_dose_and_no_plan(living, cast):
    before = known_doses(living)
    recorded(cast, living, "700", clock.now() - dt.timedelta(hours=2, minutes=30))
    after = known_doses(living)
    assert (before.given, list(before.ahead)) == (after.given, list(after.ahead))
