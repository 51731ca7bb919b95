"""The assessments of the demo: one whole, written by four professions; one where two mouths disagree; one person who
calls again, whose earlier answers wait to be confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import Mouth, Said
from glidepath.care.flow import services as flow
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import Stay, key, proof
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

CALLS_AGAIN = "Emil"  # left weeks ago, and calls
CALLED_DAYS_AGO = 2


@dataclass(frozen=True, slots=True)
class Wrote:
    """What one member of staff asked and wrote down in one part, and the summary they signed it with."""

    by: str
    part: str
    answers: Mapping[str, str]
    summary: str
    mouth: Mouth = Mouth.PERSON


RUTH = (
    Wrote("ines.ferreira", "benzodiazepines", {
        "past_withdrawal_complicated": "no", "interdose_withdrawal": "no", "prescribed_as_directed": "yes",
        "stable_long_term": "yes", "stopped_without_taper": "no", "missed_dose": "no",
        "own_view_of_dependence": "My body got used to it. I never asked for more.",
    }, "Eight years as prescribed, stable, one earlier taper stopped by back pain. Dependence, no disorder."),
    Wrote("amara.okafor", "substances", {
        "none_of_these": "no", "overdose_ever": "no", "injecting_ever": "no", "naloxone_held": "no",
    }, "No alcohol, no opioids, nothing else."),
    Wrote("ines.ferreira", "medical", {
        "kidney_severe": "no", "head_injury": "no", "pain": "yes", "palliative": "no", "lactating": "no",
        "pain_story": "Low back, worse when sitting. Warmth and walking help.",
        "nutrition": "Eats well; weight steady.",
    }, "Lasting back pain is what the medicine was for; physiotherapy asked for."),
    Wrote("lena.fischer", "psychiatric", {
        "self_harm_ever": "no", "dx_ptsd": "no", "dx_other_psych": "no", "panic_or_worry": "yes",
        "thinking_concern": "no", "past_treatment": "Six talks after her husband was ill; they helped.",
        "trauma_story": "declined",
    }, "Worry before each cut, none otherwise. Would take up talks again."),
    Wrote("jun.park", "person", {
        "wants": "To lift my grandson without planning my day around tablets.",
        "words_for_condition": "Used to it.", "language": "English; some German.",
        "reading": "written", "strengths": "My garden, and patience.", "readiness": "8",
        "worries": "That the back takes over again.",
    }, "Knows what she wants, and reads everything first."),
    Wrote("jun.park", "social", {
        "housing": "own", "lives_with": "Her husband; the daughter comes on Sundays.", "dependants": "no",
        "violence": "no", "work": "Retired from the post office.", "legal": "no", "money": "no", "driving": "no",
        "network": "Her daughter, at any hour.", "internet": "yes", "home_safe": "no",
    }, "A safe home. Leftover tablets in the bathroom: the daughter takes them to the pharmacy."),
    Wrote("hilde.vos", "medicines", {
        "takes_other_medicines": "yes", "medicine_help": "Her husband fills a weekly box.",
        "pdmp_checked": "none_exists",
    }, "Two other medicines, neither in our facts; asked the pharmacy by telephone."),
)  # fmt: skip


def live(house: House, one: Stay) -> None:
    """What is asked and written on this day of their stay, if anything is."""
    acts: Mapping[tuple[str, int], Callable[[House, Person], None]] = {
        ("Ruth", 2): _ruth, ("Danilo", 1): _danilo, ("Danilo", 2): _danilos_sister,
    }  # fmt: skip
    act = acts.get((one.story.name, one.day))
    if act is not None:
        act(house, one.person)


def call_again(house: House, people: Mapping[str, Person], days_ago: int) -> None:
    """Somebody of the past calls: of the answers of the first stay one is confirmed, and the rest wait."""
    person = people.get(CALLS_AGAIN)
    if person is None or days_ago != CALLED_DAYS_AGO:
        return
    flow.enquire(
        person=person, caller="Emil himself", told_not_to_stop=True, by=house.admissions,
        words="The panic is back since his doctor retired. Would like to come again.", once=key("calls-again"),
    )  # fmt: skip
    services.answer_again(person=person, name="past_seizure", holds=True, by=house.admissions, once=key("still-so"))


def _ruth(house: House, person: Person) -> None:
    services.record_past_taper(
        person=person, by=house.physician, once=key("taper", person.number),
        taper=services.Taper(
            "diazepam", Said.NO, when="2019", began_at="15 mg a day", speed="a fifth each month",
            stopped_at="12 mg a day", why="“My back would not let me sleep.”",
        ),
    )  # fmt: skip
    pharmacist = house.by_username["hilde.vos"]
    for name, dose, prescriber in (
        ("sertraline", "50 mg in the morning", "Dr Whitby"), ("omeprazole", "20 mg in the morning", "Dr Whitby"),
    ):  # fmt: skip
        line = services.record_medicine(
            person=person, by=pharmacist, once=key("line", name, person.number),
            medicine=services.Medicine(
                name, (Mouth.PERSON, Mouth.PHARMACY), dose_words=dose, prescriber=prescriber, pharmacy="Elm Street",
                is_opioid=Said.NO,
            ),
        )  # fmt: skip
        services.check_medicine(
            medicine=line, words="Dose as the pharmacy has it.", by=pharmacist, once=key("check", line.pk)
        )
        services.decide_medicine(
            medicine=line, decision="continue", reason="helps, and is changed at no other time", by=house.physician,
            proof=proof(house.physician), once=key("decide", line.pk),
        )  # fmt: skip
    for wrote in RUTH:
        _write(house, person, wrote)
    _sign_the_rest(house, person)


def _danilo(house: House, person: Person) -> None:
    services.record_substance(
        person=person, by=house.nurse, once=key("substance", person.number),
        substance=services.Substance(
            "opioids", name="heroin", amount="“Twice since spring.”", how_long="eleven years", route="smoked",
            treatment_wanted=Said.YES,
        ),
    )  # fmt: skip
    _write(house, person, Wrote("amara.okafor", "substances", {
        "overdose_ever": "no", "injecting_ever": "yes", "naloxone_held": "yes", "none_of_these": "no",
    }, "Methadone goes on; naloxone in his jacket."))  # fmt: skip


def _danilos_sister(house: House, person: Person) -> None:
    """His sister says otherwise about the overdose, and nobody has chosen yet."""
    answers = {"overdose_ever": "yes", "driving": "yes"}
    services.record_facts(
        person=person, answers=answers, by=house.by_username["jun.park"], mouth=Mouth.FAMILY,
        words={"overdose_ever": "Two years ago; the ambulance came."}, once=key("sister", person.number),
    )  # fmt: skip


def _write(house: House, person: Person, wrote: Wrote) -> None:
    by = house.by_username[wrote.by]
    services.record_facts(
        person=person, answers=wrote.answers, by=by, mouth=wrote.mouth, once=key("wrote", wrote.part, person.number)
    )
    _sign(person, wrote.part, wrote.summary, by)


def _sign_the_rest(house: House, person: Person) -> None:
    """What the nurse had asked at the admission in parts that others summed up."""
    for part in queries.parts(person):
        for own in part.waiting:
            _sign(person, part.key, "As told at the admission.", own.author)


def _sign(person: Person, part: str, summary: str, by: Staff) -> None:
    services.sign_part(
        person=person, domain=part, words=summary, by=by, proof=proof(by),
        shown=queries.part(person, part).own_of(by).digest, once=key("signed", part, by.username, person.number),
    )  # fmt: skip
