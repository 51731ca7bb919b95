"""Forms of the demo, filled in as the people themselves or their nurse would: scores that tell a story.

Marta's mood and worry are high in the first weeks and fall with the taper; Ruth's criteria are those of the body alone;
of Danilo more is met, and a physician confirms it; Greta may fall. Others have what was missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glidepath.care.assessment import diagnosing
from glidepath.care.instruments import services
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import Stay, key, proof
from glidepath.clinical.facts.load import instrument
from glidepath.record.people.models import Person

Filled = tuple[str, str, Sequence[int]]  # the instrument, who answers, its answers in the order of the items

FORMS: Mapping[tuple[str, int], tuple[Filled, ...]] = {
    ("Marta", 1): (
        ("phq_9", "self", (2, 2, 3, 3, 2, 2, 2, 2, 0, 2)), ("gad_7", "self", (3, 3, 2, 3, 2, 2, 2)),
        ("who_5", "self", (1, 1, 1, 0, 1)), ("pc_ptsd_5", "interview", (1, 0, 0, 1, 0, 0)),
    ),
    ("Marta", 20): (("phq_9", "self", (2, 2, 3, 2, 1, 2, 2, 0, 0, 2)), ("gad_7", "self", (2, 2, 2, 2, 1, 2, 2))),
    ("Marta", 50): (
        ("phq_9", "self", (1, 1, 2, 2, 1, 1, 1, 0, 0, 1)), ("gad_7", "self", (1, 2, 1, 1, 1, 1, 1)),
        ("who_5", "self", (2, 3, 2, 2, 3)),
    ),
    ("Marta", 54): (("craving", "self", (10, 30)),),
    ("Marta", 56): (("craving", "self", (5, 20)),),
    ("Ruth", 1): (
        ("phq_9", "self", (1, 0, 2, 1, 0, 0, 1, 0, 0, 0)), ("gad_7", "self", (2, 1, 2, 1, 1, 1, 2)),
        ("dsm_sedative", "interview", (1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1)),
    ),
    ("Ruth", 30): (("gad_7", "self", (1, 1, 1, 1, 0, 1, 1)),),
    ("Danilo", 2): (
        ("dsm_sedative", "interview", (0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1)), ("sds", "self", (2, 3, 2, 2, 2)),
    ),
    ("Greta", 1): (
        ("falls_checklist", "observer", (1, 1, 1, 0, 0, 1, 0)), ("phq_9", "self", (0, 0, 2, 1, 0, 0, 0, 0, 0, 0)),
    ),
}  # fmt: skip
STOPS_HALF_WAY = ("Priya", 11)  # called to the telephone: the form says partial


def live(house: House, one: Stay) -> None:
    """What is filled in on this day of their stay, if anything is."""
    for number, filled in enumerate(FORMS.get((one.story.name, one.day), ())):
        _fill(house, one, number, filled)
    if (one.story.name, one.day) == STOPS_HALF_WAY:
        _fill(house, one, 0, ("phq_9", "self", (1, 1, 2, 1)))
    if (one.story.name, one.day) == ("Danilo", 2):
        _confirm(house, one.person)


def _fill(house: House, one: Stay, number: int, filled: Filled) -> None:
    name, by_whom, answers = filled
    once = key("form", one.person.number, one.day, number)
    form = services.open_form(person=one.person, instrument=name, filled_by=by_whom, by=house.nurse, once=once)
    given = {item.key: str(answer) for item, answer in zip(instrument(name).items, answers, strict=False)}
    services.answer_page(form=form, given=given, key=once[:50], by=house.nurse)
    services.close_form(form=form, by=house.nurse, once=f"{once}-end")


def _confirm(house: House, person: Person) -> None:
    """A suggested code becomes a diagnosis by a physician's word alone."""
    found = diagnosing.suggested(person)
    for code in found.codes:
        diagnosing.confirm(
            person=person, code=code.code, words=code.words, because=found.because, by=house.physician,
            proof=proof(house.physician), once=key("code", person.number, code.code),
        )  # fmt: skip
