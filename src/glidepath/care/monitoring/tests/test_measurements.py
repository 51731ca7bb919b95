"""Weight, glucose, fluids, ECG and laboratory values: by hand and from a file, in the unit they came in."""

import datetime as dt
import json
from contextlib import suppress
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as some

from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.laboratory import Line, Value, read_csv, read_file
from glidepath.care.monitoring.models import Measurement
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed

LONDON = ZoneInfo("Europe/London")
HEAD = "date,time,name,value,unit,low,high,laboratory\n"
POTASSIUM = Value("potassium", Decimal("4.2"), "mmol/L", low=Decimal("3.5"), high=Decimal("5.1"), laboratory="St Anne")


def measured(person, by, value=POTASSIUM, **given):
    once = given.pop("once", uuid4().hex)
    return services.record_measurement(person=person, value=value, by=by, once=once, **given)


def standing(person):
    return queries.measurements(person, clock.now() - dt.timedelta(days=30), clock.now() + dt.timedelta(seconds=1))


def test_a_value_keeps_its_unit_its_range_and_both_its_times(person, cast, frozen_clock):
    drawn = clock.now()
    frozen_clock.tick(hours=3)
    row = measured(person, cast.nurse, happened_at=drawn)
    assert (row.value, row.unit, row.low, row.high) == (Decimal("4.200"), "mmol/L", Decimal("3.5"), Decimal("5.1"))
    assert (row.happened_at, row.recorded_at) == (drawn, clock.now())
    assert row.kind == Measurement.Kind.LABORATORY


@pytest.mark.parametrize(("value", "outside"), [("3.4", "below"), ("3.5", ""), ("5.1", ""), ("5.2", "above")])
def test_outside_the_laboratorys_own_range_is_said(value, outside, person, cast):
    row = measured(
        person, cast.nurse, Value("potassium", Decimal(value), "mmol/L", low=POTASSIUM.low, high=POTASSIUM.high)
    )
    assert row.outside == outside


def test_without_a_range_nothing_is_said_to_be_outside(person, cast):
    assert measured(person, cast.nurse, Value("CRP", Decimal(90), "mg/L")).outside == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Value("weight", Decimal(700), "kg"), "cannot be meant: 20 to 350"),
        (Value("weight", Decimal(70), "lb"), "Weight is given in kg, not in lb"),
        (Value("Glucose", Decimal(5), ""), "mmol/L or mg/dL, not in no unit"),
        (Value("potassium", Decimal("4.2"), ""), "needs its unit"),
        (Value("", Decimal("4.2"), "mmol/L"), "what was measured"),
        (Value("x", Decimal("4.2345"), "g"), "more than 3 places"),
        (Value("x", Decimal("NaN"), "g"), "cannot be kept"),
        (Value("x", Decimal(4), "g", low=Decimal(5), high=Decimal(3)), "ends are swapped"),
        (Value("x" * 61, Decimal(4), "g"), "at most 60"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(value, said, person, cast):
    with pytest.raises(BadInput, match=said):
        measured(person, cast.nurse, value)
    assert not Measurement.objects.exists()


def test_unlike_units_never_share_a_line(person, cast, frozen_clock):
    measured(person, cast.nurse, Value("glucose", Decimal("5.5"), "mmol/L"))
    measured(person, cast.nurse, Value("glucose", Decimal(99), "mg/dL"))
    assert set(standing(person)) == {("glucose", "mmol/L"), ("glucose", "mg/dL")}


def test_a_wrong_value_is_corrected_by_a_further_row_or_taken_back(person, cast):
    row = measured(person, cast.nurse)
    better = services.correct_measurement(
        measurement=row, value=Value("potassium", Decimal("2.4"), "mmol/L"), reason="misread", by=cast.nurse, once="a"
    )
    assert standing(person) == {("potassium", "mmol/L"): (better,)}
    with pytest.raises(ChangedMeanwhile):
        services.correct_measurement(measurement=row, value=None, reason="x", by=cast.nurse, once="b")
    services.correct_measurement(measurement=better, value=None, reason="another's", by=cast.nurse, once="c")
    assert standing(person) == {}
    assert len(queries.measurement_entries(person)) == 3


def test_a_value_to_come_is_refused(person, cast):
    with pytest.raises(BadInput, match="still to come"):
        measured(person, cast.nurse, happened_at=clock.now() + dt.timedelta(minutes=1))


def test_who_may_write_values(person, cast):
    measured(person, cast.physician)
    with pytest.raises(NotAllowed):
        measured(person, cast.counsellor)


def test_a_double_submit_writes_one_value(person, cast):
    assert measured(person, cast.nurse, once="k") == measured(person, cast.nurse, once="k")


# --- From a file ------------------------------------------------------------------------------------------------------


def test_a_csv_is_read_line_by_line():
    lines = read_csv(HEAD + "2026-11-17,07:30,potassium,4.2,mmol/L,3.5,5.1,St Anne\n", LONDON)
    at = dt.datetime(2026, 11, 17, 7, 30, tzinfo=dt.UTC)
    assert lines == (Line(at, POTASSIUM),)


def test_semicolons_and_decimal_commas_and_a_byte_mark_are_understood():
    text = "\ufeffDate;Time;Name;Value;Unit\n2026-06-01;07:30;CRP;<1,5;mg/L\n"
    (line,) = read_file(text, LONDON)
    assert (line.value.sign, line.value.value) == ("<", Decimal("1.5"))
    assert line.at == dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC), "the laboratory's clock is the centre's"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("17.11.2026,07:30,K,4.2,mmol/L", "Line 2: date '17.11.2026' is no day"),
        ("2026-11-17,7.30,K,4.2,mmol/L", "Line 2: time '7.30' is no time"),
        ("2026-11-17,07:30,K,high,mmol/L", "Line 2: value 'high' is no number"),
        ("2026-11-17,07:30,,4.2,mmol/L", "Line 2: the name is missing"),
        ("2026-11-17,07:30,K,4.2,", "Line 2: the unit is missing"),
        ("2026-11-17,07:30,K,4.2,mmol/L,a", "Line 2: low 'a' is no number"),
        ("2026-11-17,07:30,K,4.2,mmol/L,1,2,lab,more", "Line 2: it has more cells"),
    ],
)
def test_each_bad_line_is_said_with_its_number(line, said):
    with pytest.raises(BadInput) as refused:
        read_csv(HEAD + line + "\n", LONDON)
    assert said in refused.value.message
    assert "Nothing was saved" in refused.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is empty"),
        ("date,value\n1,2\n", "lacks the column time, name, unit"),
        (HEAD, "holds no value"),
        ("{", "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"resourceType": "Patient"}', "Entry 1: it is no Observation"),
        (HEAD + "2026-11-17,07:30,K,4.2,mmol/L\n" * 501, "at most 500"),
    ],
)
def test_a_file_that_is_none_says_why(text, said):
    with pytest.raises(BadInput, match=said):
        read_file(text, LONDON)


def fhir(**changed):
    return {
        "resourceType": "Observation", "status": "final", "code": {"text": "potassium"},
        "effectiveDateTime": "2026-11-17T07:30:00Z", "valueQuantity": {"value": 4.2, "unit": "mmol/L"},
        "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}], "performer": [{"display": "St Anne"}],
    } | changed  # fmt: skip


def test_fhir_observations_are_read_one_a_list_or_a_bundle():
    bundle = {"resourceType": "Bundle", "entry": [{"resource": fhir()}]}
    for given_ in (fhir(), [fhir()], bundle):
        (line,) = read_file(json.dumps(given_), LONDON)
        assert line.value == POTASSIUM


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": "preliminary"}, "preliminary"),
        ({"valueQuantity": {"value": "4.2"}}, "no valueQuantity with a number"),
        ({"effectiveDateTime": "2026-11-17"}, "names no time of day"),
        ({"effectiveDateTime": "soon"}, "is no moment"),
        ({"code": {}}, "code.text is missing"),
    ],
)
def test_an_observation_that_cannot_be_read_says_why(changed, said):
    with pytest.raises(BadInput, match=said):
        read_file(json.dumps(fhir(**changed)), LONDON)


@settings(max_examples=80)
@given(some.text(max_size=120) | some.text(alphabet='{}[]":,0123456789.eE-+abcnulltrue', max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_words(text):
    for given_ in (text, HEAD + text):
        with suppress(BadInput):
            assert read_file(given_, LONDON)


def test_one_bad_value_saves_nothing(person, cast):
    at = clock.now()
    lines = [Line(at, POTASSIUM), Line(at, Value("weight", Decimal(900), "kg"))]
    with pytest.raises(BadInput, match=r"Nothing was saved. Value 2 \(weight\)"):
        services.import_measurements(person=person, lines=lines, by=cast.nurse, once="f")
    assert not Measurement.objects.exists()


def test_the_same_file_twice_writes_each_value_once(person, cast):
    lines = [Line(clock.now(), POTASSIUM)]
    for once in ("f", "g", "g"):
        services.import_measurements(person=person, lines=lines, by=cast.nurse, once=once)
    assert Measurement.objects.filter(imported=True).count() == 1
