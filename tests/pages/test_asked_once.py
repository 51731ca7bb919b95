"""One fact is asked once: over all forms of a stay, no fact has two inputs that do not show each other's value."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from glidepath.care.assessment import services
from glidepath.care.assessment.asking import FORM, AskedBy, facts_asked
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.instruments import services as filling
from glidepath.care.instruments.models import Form
from glidepath.care.monitoring.services import record_ciwa_b, record_observation, record_sleep
from glidepath.care.monitoring.tests.looks import awake
from glidepath.clinical.facts.instruments import Item
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.guidelines.domains import asked_question, domains
from glidepath.clinical.guidelines.questions import FactKind
from glidepath.clinical.guidelines.vocabulary import VOCABULARY
from glidepath.record import clock
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.services import change_stage
from glidepath.record.people.models import Person
from glidepath.record.staff.services import start_shift
from tests.cast import Cast, admitted_person, client_for, enquiring_person, episode_of, make_centre

pytestmark = pytest.mark.django_db
NIGHT = "the night"  # the hours that staff saw, on the page of observations
SOMETHING = {FactKind.YES_NO: "no", FactKind.DATE: "2026-05-31", FactKind.NUMBER: "7", FactKind.TEXT: "as it is"}


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T10:00")
    return make_centre()


@pytest.fixture
def caller(cast):
    return enquiring_person(cast)


def address(form: str, person: Person) -> str:
    """Where a form of the register stands. A new form is one line here."""
    if form.startswith("assessment: "):
        return reverse("assessment:domain", args=[person.public_id, form.removeprefix("assessment: ")])
    pages = {
        "facts": "assessment:facts", "a medicine": "assessment:use", "a call": "flow:call", "the screen": "flow:screen",
        "admission": "flow:admission",
    }  # fmt: skip
    return reverse(pages[form], args=[person.public_id])


def asks_questions(form: str) -> bool:
    """Whether a form of the register asks facts in their own words; the others are instruments and the night."""
    return form != NIGHT and not form.startswith(FORM)


def asked_by_questions() -> list[AskedBy]:
    return [one for one in facts_asked() if asks_questions(one.form)]


def asked_more_than_once() -> Mapping[str, list[tuple[str, str]]]:
    by_fact = defaultdict(list)
    for one in asked_by_questions():
        by_fact[one.fact].append((one.form, one.input))
    return {fact: inputs for fact, inputs in by_fact.items() if len(inputs) > 1}


def value_for(fact: str) -> str:
    question = asked_question(fact)
    return SOMETHING.get(question.kind) or next(iter(question.answers))


def piece(page: str, fact: str) -> str:
    """The part of a page that asks one fact."""
    found = re.search(rf'id="ask-{fact}".*?(?=id="ask-|</main>|\Z)', page, re.DOTALL)
    assert found, f"no part of the page asks {fact}"
    return found.group()


def shows(piece_of_page: str, value: str) -> bool:
    """Whether an input stands at this value: a pressed button, a checked radio, or a box that holds it."""
    quoted = re.escape(f'value="{value}"')
    return bool(
        re.search(rf"{quoted}[^>]*(checked|aria-pressed=\"true\")", piece_of_page)
        or re.search(rf"<input(?![^>]*type=\"(radio|hidden)\")[^>]*{quoted}", piece_of_page)
        or f">{value}</textarea>" in piece_of_page
    )


def test_facts_are_asked_by_several_forms_and_the_register_knows_them():
    twice = asked_more_than_once()
    assert {form for form, _ in twice["past_seizure"]} == {
        "facts", "the screen", "admission", "assessment: benzodiazepines",
    }  # fmt: skip
    assert "a call" in {form for form, _ in twice["pregnant"]}
    assert len(twice) > 40


def test_no_fact_has_two_inputs_that_do_not_show_each_others_value(cast, caller):
    """Each fact is answered once, by whichever form; then every input that asks it stands at that answer."""
    facts = asked_more_than_once()
    calling = {"suicidality_voiced", "new_hallucination"}
    values = {fact: "no" if fact in calling else value_for(fact) for fact in facts}
    services.record_facts(person=caller, answers=values, by=cast.nurse)
    client = client_for(cast.nurse)
    forms = {one.form for one in asked_by_questions()}
    pages = {form: unescape(client.get(address(form, caller)).text) for form in forms}
    silent = [
        (fact, form) for fact, inputs in facts.items() for form, _ in inputs
        if not shows(piece(pages[form], fact), values[fact])
    ]  # fmt: skip
    assert silent == []


def test_every_input_of_these_pages_that_asks_a_fact_is_in_the_register(cast, caller):
    client = client_for(cast.nurse)
    known = {(one.form, one.fact) for one in facts_asked()}
    for form in {one.form for one in asked_by_questions()} - {"a medicine"}:
        page = client.get(address(form, caller)).text
        on_it = set(re.findall(r'id="ask-([a-z0-9_]+)"', page))
        assert on_it == {fact for of, fact in known if of == form}, form


# --- Instruments, the night and the round -----------------------------------------------------------------------------

ROUND = f"{FORM}ciwa_b"
TOLD = {"prescribed_as_directed": "yes, says the person"}  # by question; else what a form says, by its name
GIVEN = {"bed": "23:10", "rise": "06:30", "latency": "35", "pulse": "1"}  # every other item is answered with 1
SAYS = {"bed": "went to bed at: 23:10", "rise": "got up at: 06:30", "latency": "minutes until asleep: 35 min"}


def item_of(one: AskedBy) -> Item:
    return instrument(one.form.removeprefix(FORM)).item(one.input)


def mark(one: AskedBy) -> str:
    """What the other forms say of the answer that this input took."""
    if one.form == NIGHT:
        return "5 h 30 min, as staff saw it; Marta Lindqvist"
    if one.form == ROUND:
        return {"hours_slept": "hours of sleep: 6 h (CIWA-B", "minutes_until_asleep": "minutes to fall asleep: 40 min"}[
            one.fact
        ]
    if asks_questions(one.form):
        return TOLD[one.fact]
    item = item_of(one)
    return SAYS.get(item.key) or f"{item.label}: {item.anchors.get(1, '1')} ({instrument_name(one)}, 17 Nov 10:00)"


def instrument_name(one: AskedBy) -> str:
    return instrument(one.form.removeprefix(FORM)).name


def fill_everything(cast: Cast, person: Person, forms: set[str]) -> None:
    """Each fact is given another answer by each form that asks it."""
    services.record_facts(person=person, answers=dict.fromkeys(TOLD, "yes"), by=cast.nurse)
    record_observation(person=person, bedside=awake(pulse=83), by=cast.nurse, once="look")
    record_ciwa_b(person=person, items=[*([0] * 20), 6, 40], oriented=True, by=cast.nurse, once="score")
    record_sleep(person=person, night_of=clock.today(person.centre), minutes=330, by=cast.nurse, once="night")
    for form in forms:
        row = open_one(cast, person, form)
        for item in instrument(form.removeprefix(FORM)).items:
            if item.fact is not None:
                given = GIVEN.get(item.key, "1")
                filling.answer(form=row, item=item.key, given=given, client_key=f"tapped-{item.key}", by=cast.nurse)


def open_one(cast: Cast, person: Person, form: str) -> Form:
    asked = instrument(form.removeprefix(FORM))
    return filling.open_form(person=person, instrument=asked.key, filled_by=asked.filled_by[0], by=cast.nurse)


def part_of_page(page: str, one: AskedBy) -> str:
    """The part of a form's page around one input."""
    if asks_questions(one.form):
        return piece(page, one.fact)
    begins = 'for="id_hours"' if one.form == NIGHT else f'id="item-{one.input}"'
    if one.form == ROUND:
        begins = f'for="id_c{item_of(one).number}"'
    found = page.index(begins)
    return page[found : found + 2500]


def test_every_input_of_an_instrument_that_asks_a_fact_shows_what_every_other_form_says_of_it(cast):
    """Of somebody in day care, who lies in no bed: in a bed CIWA-Ar and COWS have the round as their only door."""
    person = enquiring_person(cast, preferred_name="Danilo")
    change_stage(episode=episode_of(person), stage=Stage.ADMITTED, by=cast.physician)
    by_fact = defaultdict(list)
    for one in facts_asked():
        by_fact[one.fact].append(one)
    shared = {fact: asked for fact, asked in by_fact.items() if not all(asks_questions(one.form) for one in asked)}
    forms = {one.form for asked in shared.values() for one in asked if one.form.startswith(FORM)} - {ROUND}
    fill_everything(cast, person, forms)
    client = client_for(cast.nurse)
    addresses = {
        **{form: reverse("instruments:form", args=[person.public_id, open_one(cast, person, form).public_id])
           for form in forms},
        NIGHT: reverse("monitoring:person", args=[person.public_id]),
        ROUND: reverse("monitoring:new", args=[person.public_id]),
        **{one.form: address(one.form, person) for one in asked_by_questions() if one.fact in shared},
    }  # fmt: skip
    pages = {form: unescape(client.get(where).text) for form, where in addresses.items()}
    silent = [
        (one.form, fact, mark(other))
        for fact, asked in shared.items()
        for one in asked
        for other in asked
        if other.form != one.form
        and not (asks_questions(one.form) and asks_questions(other.form))
        and mark(other) not in part_of_page(pages[one.form], one)
    ]
    assert silent == []
    assert "by the birth date" in part_of_page(pages[f"{FORM}falls_checklist"], by_fact["age"][0])
    assert "83 a minute, measured by Marta Lindqvist" in part_of_page(pages[f"{FORM}cows"], by_fact["hr"][0])
    assert len(shared) >= 8


def test_the_night_before_is_not_shown_as_last_night(cast, frozen_clock):
    person = admitted_person(cast, preferred_name="Danilo")
    fill_everything(cast, person, {f"{FORM}sleep_log"})
    form = open_one(cast, person, f"{FORM}sleep_log")
    addresses = (
        reverse("instruments:form", args=[person.public_id, form.public_id]),
        reverse("monitoring:person", args=[person.public_id]),
    )
    said = ("minutes to fall asleep: 40 min (CIWA-B", "minutes until asleep: 35 min (Sleep log, 17 Nov")
    for moment, is_shown in (("2026-11-17T23:50", True), ("2026-11-18T00:10", False)):
        frozen_clock.set(moment)
        start_shift(unit=cast.unit, by=cast.nurse)
        for where in addresses:
            page = client_for(cast.nurse).get(where)
            assert page.status_code == 200
            assert [words in unescape(page.text) for words in said] == [is_shown, is_shown], (moment, where)


def test_who_answers_alone_sees_nothing_of_the_chart(cast):
    person = admitted_person(cast, preferred_name="Danilo")
    fill_everything(cast, person, set())
    form = open_one(cast, person, f"{FORM}sleep_log")
    _, token = filling.make_link(form=form, ends_at=clock.now() + dt.timedelta(days=1), by=cast.nurse)
    door = Client()
    door.post(reverse("instruments:door", args=[token]), {"birth_date": person.birth_date.isoformat()})
    page = door.get(reverse("instruments:by_link", args=[token]))
    assert page.status_code == 200
    assert "minutes until asleep" in page.text
    assert "as staff saw it" not in unescape(page.text)


# --- What is worked out -----------------------------------------------------------------------------------------------


def test_what_is_worked_out_from_the_medicines_is_asked_by_no_other_form(cast, caller):
    asked = {one.fact for one in asked_by_questions() if one.form != "a medicine"}
    of_use = {one.fact for one in facts_asked() if one.form == "a medicine"}
    assert of_use == {"use_days_per_week", "use_months", "use_source"}
    assert not asked & of_use
    services.record_use(
        person=caller, episode=episode_of(caller), by=cast.nurse,
        use=services.ReportedUse("lorazepam", Source.PRESCRIBED, Beginning.LONG_TERM, "lorazepam 1 mg 08:00"),
    )  # fmt: skip
    assert "lorazepam" in client_for(cast.nurse).get(address("a medicine", caller)).text


def test_the_register_refuses_a_fact_that_nobody_knows(monkeypatch):
    from glidepath.care.assessment import asking

    wrong: Callable[[], Mapping[str, str]] = lambda: {"box": "moonbeams"}  # noqa: E731
    monkeypatch.setitem(asking._declared, "a stray form", wrong)
    with pytest.raises(Exception, match="moonbeams"):
        facts_asked()


def test_two_forms_at_once_lose_nothing(cast, caller):
    """A nurse at the admission and a psychologist at the assessment opened their pages before either answered."""
    nurse, psychologist = client_for(cast.nurse), client_for(cast.psychologist)
    at_the_door = nurse.get(reverse("flow:admission", args=[caller.public_id])).text
    saw = re.search(r'name="saw" value="(\d+)"', at_the_door).group(1)
    part = {"name": "dx_bipolar", "value": "yes", "mouth": "person", "saw": saw, "once": "p1"}
    psychologist.post(reverse("assessment:answer", args=[caller.public_id, "psychiatric"]), part)
    nurse.post(
        reverse("flow:admission", args=[caller.public_id]),
        {"part": "questions", "once": "n1", "saw": saw, "dx_bipolar": "no", "falls_risk": "no"},
    )
    page = unescape(psychologist.get(reverse("assessment:domain", args=[caller.public_id, "psychiatric"])).text)
    assert "They disagree" in piece(page, "dx_bipolar")
    assert cast.nurse.name in piece(page, "dx_bipolar")
    assert cast.psychologist.name in piece(page, "dx_bipolar")
    assert {"dx_bipolar", "falls_risk"} <= set(VOCABULARY) & {
        name for domain in domains().values() for name in domain.names
    }
