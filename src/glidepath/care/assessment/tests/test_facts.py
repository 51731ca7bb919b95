"""Unknown is not no: what nobody asked, what nobody knows and what was denied stay three different things."""

from __future__ import annotations

import datetime as dt
import html
from decimal import Decimal

import pytest
from django.urls import reverse

from glidepath.care.assessment import queries
from glidepath.care.assessment.models import BenzodiazepineUse, PersonFact, Source
from glidepath.care.assessment.tests.told import answer, record, use
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.queries import age_on
from tests.cast import client_for, episode_of

pytestmark = pytest.mark.django_db


def test_not_asked_not_known_and_no_are_three_things(cast, person):
    assert "alcohol_dependent" not in queries.co_use([person]).get(person.pk, {})
    assert queries.facts(person).alcohol_dependent is None
    answer(person, cast.nurse, alcohol_dependent="unknown")
    assert queries.co_use([person])[person.pk]["alcohol_dependent"].value == "unknown"
    assert queries.facts(person).alcohol_dependent is None
    answer(person, cast.nurse, alcohol_dependent="no")
    assert queries.facts(person).alcohol_dependent is False


@pytest.mark.parametrize(("value", "known"), [("yes", True), ("no", False), ("unknown", None)])
def test_an_answer_about_alcohol_reaches_the_rules_as_it_was_given(cast, person, value, known):
    answer(person, cast.nurse, alcohol_dependent=value)
    assert queries.facts(person).alcohol_dependent is known
    assert queries.co_use([person])[person.pk]["alcohol_dependent"].is_yes is (value == "yes")


def test_the_newest_answer_counts_and_the_older_stays(cast, person, frozen_clock):
    answer(person, cast.nurse, opioid_active="no")
    frozen_clock.tick(hours=2)
    answer(person, cast.nurse, opioid_active="yes")
    assert queries.facts(person).opioid_active is True
    assert PersonFact.objects.filter(person=person, name="opioid_active").count() == 2


@pytest.mark.parametrize(
    ("name", "value"), [("alcohol_dependent", "perhaps"), ("alcoholl", "no"), ("oud_med", "aspirin")]
)
def test_one_answer_that_cannot_be_keeps_all_of_them_out(cast, person, name, value):
    with pytest.raises(BadInput) as refused:
        answer(person, cast.nurse, **{"pregnant": "no", name: value})
    assert refused.value.field == name
    assert not PersonFact.objects.exists()


def test_answers_sent_twice_are_kept_once(cast, person):
    for _ in range(2):
        answer(person, cast.nurse, once="b2", pregnant="no")
    assert PersonFact.objects.count() == 1


def test_age_comes_from_the_birth_date_and_turns_on_the_birthday():
    born = dt.date(1979, 3, 12)
    assert age_on(born, dt.date(2026, 3, 11)) == 46
    assert age_on(born, dt.date(2026, 3, 12)) == 47


def test_somebody_born_on_a_leap_day_turns_a_year_older_on_the_first_of_march():
    assert age_on(dt.date(1984, 2, 29), dt.date(2026, 2, 28)) == 41
    assert age_on(dt.date(1984, 2, 29), dt.date(2026, 3, 1)) == 42


def test_how_long_and_how_often_come_from_what_was_told(cast, person):
    record(person, cast.nurse, use(days_per_week=5, months=Decimal(18)))
    record(person, cast.nurse, use(medicine_name="diazepam", regimen="", days_per_week=7, months=Decimal(2)))
    known = queries.facts(person)
    assert (known.age, known.use_days_per_week, known.use_months) == (47, 7, 18)


def test_where_one_medicine_has_no_known_length_the_longest_is_not_known(cast, person):
    record(person, cast.nurse, use(months=Decimal(18)))
    record(person, cast.nurse, use(medicine_name="diazepam", regimen="", months=None))
    assert queries.facts(person).use_months is None


@pytest.mark.parametrize(
    ("sources", "shown"),
    [
        ([Source.PRESCRIBED], "prescribed"),
        ([Source.PRESCRIBED, Source.NONPRESCRIBED], "mixed"),
        ([Source.PRESCRIBED, Source.UNKNOWN], "unknown"),
        ([], None),
    ],
)
def test_where_it_all_comes_from_is_unknown_as_soon_as_one_is(cast, person, sources, shown):
    for source in sources:
        record(person, cast.nurse, use(source=source))
    assert queries.facts(person).use_source == shown


@pytest.mark.parametrize("role", ["case_manager", "peer_worker", "manager", "auditor", "administrator"])
def test_who_asks_no_questions_records_no_answers(cast, person, role):
    with pytest.raises(NotAllowed):
        answer(person, getattr(cast, role), pregnant="no")


def test_a_physician_of_another_centre_answers_nothing_here(cast, person):
    with pytest.raises(NotAllowed, match="another centre"):
        answer(person, cast.stranger, pregnant="no")


# --- The pages --------------------------------------------------------------------------------------------------------


def text(answered) -> str:
    return html.unescape(answered.content.decode())


def at(name, person) -> str:
    return reverse(name, args=[person.public_id])


def test_the_page_separates_what_was_asked_and_starts_from_the_answer_of_this_stay_alone(cast, person):
    answer(person, cast.nurse, pregnant="no")
    page = client_for(cast.nurse).get(at("assessment:facts", person))
    assert [row["field"].name for row in page.context["asked"]] == ["pregnant"]
    assert "alcohol_dependent" in [row["field"].name for row in page.context["not_asked"]]
    assert text(page).count(" checked") == 1
    assert 'name="pregnant" value="no" checked' in text(page)


def test_a_form_left_as_it_was_writes_nothing_anew(cast, person):
    answer(person, cast.nurse, pregnant="no")
    client = client_for(cast.nurse)
    saw = queries.newest_answer(person)
    client.post(at("assessment:facts", person), {"once": "s1", "saw": saw, "pregnant": "no", "falls_risk": "yes"})
    assert list(PersonFact.objects.order_by("pk").values_list("name", flat=True)) == ["pregnant", "falls_risk"]


def test_further_questions_are_folded_away_by_what_they_are_about(cast, person):
    page = client_for(cast.nurse).get(at("assessment:facts", person))
    in_the_open = [row["field"].name for row in page.context["not_asked"]]
    folded = {group["title"]: [row["field"].name for row in group["rows"]] for group in page.context["further"]}
    assert "infant_exposed" in folded["Pregnancy and the baby"]
    assert "rb_review_on" in folded["Reviews of risk and benefit"]
    assert not set(in_the_open) & {name for names in folded.values() for name in names}
    assert not any(group["open"] for group in page.context["further"])
    assert "rass" not in in_the_open, "what is measured is no question"


def test_a_further_answer_is_kept_and_then_stands_with_what_was_asked(cast, person):
    client = client_for(cast.nurse)
    client.post(at("assessment:facts", person), {"once": "c7", "infant_exposed": "yes", "rb_review_on": "2026-01-09"})
    page = client.get(at("assessment:facts", person))
    assert {row["field"].name for row in page.context["asked"]} == {"infant_exposed", "rb_review_on"}
    known = queries.facts(person)
    assert (known.infant_exposed, known.rb_review_on) == (True, dt.date(2026, 1, 9))


def test_a_further_answer_that_cannot_be_opens_its_group(cast, person):
    typed = {"once": "c8", "rb_review_every_days": "-3"}
    answered = client_for(cast.nurse).post(at("assessment:facts", person), typed)
    assert answered.status_code == 422
    assert [group["title"] for group in answered.context["further"] if group["open"]] == ["Reviews of risk and benefit"]
    assert not PersonFact.objects.exists()


def test_what_is_measured_on_a_round_is_not_told(cast, person):
    with pytest.raises(BadInput, match="RASS is measured on a round") as refused:
        answer(person, cast.nurse, rass="-3")
    assert refused.value.field == "rass"


def test_answers_sent_from_the_page_are_kept_and_empty_ones_stay_open(cast, person):
    client = client_for(cast.nurse)
    client.post(at("assessment:facts", person), {"once": "c3", "alcohol_dependent": "unknown", "opioid_active": ""})
    assert [(row.name, row.value) for row in PersonFact.objects.all()] == [("alcohol_dependent", "unknown")]


def test_a_form_that_came_twice_says_the_same_both_times(cast, person):
    client, typed = client_for(cast.nurse), {"once": "c4", "pregnant": "no"}
    pages = [text(client.post(at("assessment:facts", person), typed, follow=True)) for _ in range(2)]
    assert [page.count("1 answer recorded") for page in pages] == [1, 1]
    assert PersonFact.objects.count() == 1


def test_an_answer_that_cannot_be_comes_back_with_the_others(cast, person):
    typed = {"once": "c5", "pregnant": "no", "opioid_active": "perhaps"}
    answered = client_for(cast.nurse).post(at("assessment:facts", person), typed)
    assert answered.status_code == 422
    assert answered.context["form"]["pregnant"].value() == "no"
    assert not PersonFact.objects.exists()


def test_a_medicine_that_cannot_be_comes_back_with_what_was_typed(cast, person):
    typed = {
        "once": "c6", "medicine_name": "lorazepan", "regimen": "lorazepan 1 mg 08:00", "source": "prescribed",
        "beginning": "long_term", "first_reason": "sleep after a death",
    }  # fmt: skip
    answered = client_for(cast.nurse).post(at("assessment:use", person), typed)
    assert answered.status_code == 422
    assert "Did you mean lorazepam" in text(answered)
    assert 'value="sleep after a death"' in text(answered)
    assert not BenzodiazepineUse.objects.exists()


@pytest.mark.parametrize("name", ["assessment:facts", "assessment:use"])
def test_each_page_leaves_one_line(cast, person, name):
    client_for(cast.nurse).get(at(name, person))
    line = AuditLine.objects.get(action="assessment.read")
    assert (line.kind, line.actor_id, line.person_id) == ("read", cast.nurse.pk, person.pk)


@pytest.mark.parametrize("role", ["admissions", "manager", "peer_worker", "auditor", "administrator", "stranger"])
def test_who_reads_no_charts_sees_no_facts(cast, person, role):
    assert client_for(getattr(cast, role)).get(at("assessment:facts", person)).status_code in (403, 404)


def test_a_counsellor_reads_the_facts_and_records_no_medicine(cast, person):
    client = client_for(cast.counsellor)
    assert "Add a medicine" not in text(client.get(at("assessment:facts", person)))
    assert client.get(at("assessment:use", person)).status_code == 403


@pytest.mark.parametrize("earlier", [False, True], ids=["this stay", "an earlier stay"])
def test_some_facts_read_by_themselves_are_those_of_all_facts(cast, person, frozen_clock, earlier):
    """Said twice, from two mouths, not known, and of an earlier stay: each as `facts` has it, and no other fact."""
    answer(person, cast.nurse, pregnant="no", opioid_active="yes", oud_med="methadone", past_seizure="yes")
    frozen_clock.tick(hours=1)
    answer(person, cast.nurse, opioid_active="unknown")
    if earlier:
        frozen_clock.tick(days=1)
        stay = episode_of(person)
        episodes.change_stage(episode=stay, stage=Stage.DISCHARGED, by=cast.physician)
        frozen_clock.tick(days=1)
        episodes.open_enquiry(person=person, by=cast.admissions)
    names, whole = ("pregnant", "opioid_active", "oud_med"), queries.facts(person)
    some = queries.facts_told(person, names, episode=episode_of(person))
    assert [getattr(some, name) for name in names] == [getattr(whole, name) for name in names]
    assert queries.facts_told(person, names) == some
    assert some.past_seizure is None
    with pytest.raises(ValueError, match="past_seizure"):
        queries.facts_told(person, ("past_seizure",))
