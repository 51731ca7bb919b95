"""The schedule's questionnaires of the demo: answered by most people when they were due, by a seed that is the same at
every loading, and a few missed. What tells a story of its own stands in scores.py and risks.py.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

from glidepath.care.instruments import services
from glidepath.care.instruments.kept import read_answer
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import Stay, key
from glidepath.centre.demo.people import Story
from glidepath.clinical.facts.instruments import Item, Kind
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.conditions import Reading
from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.people.queries import age_on

# On the day of admission and the two after it: what the day asks, a few forms at a time. The BAM and the form after the
# first week stay missed by all: the loading would take longer than it may.
AT_ADMISSION: Mapping[int, tuple[str, ...]] = {
    0: ("c_ssrs", "c_ssrs_since", "falls_checklist"),
    1: ("phq_9", "gad_7", "who_5", "pc_ptsd_5", "dsm_sedative"),
    2: ("barc_10",),
}
EVERY_DAY = ("craving", "sleep_log")
LOGS_LATELY = 7  # days before the newest of which everybody has their logs: those that are listed when they are missed
SKIPPED = 0.05  # of what is due: asleep, on leave, or nobody asked
OWN_STORY = frozenset({("Marta", "phq_9"), ("Marta", "gad_7"), ("Marta", "who_5"), ("Marta", "pc_ptsd_5"),
                       ("Ruth", "phq_9"), ("Ruth", "gad_7"), ("Ruth", "dsm_sedative"), ("Danilo", "dsm_sedative"),
                       ("Greta", "falls_checklist"), ("Greta", "phq_9"), ("Priya", "phq_9")})  # fmt: skip
OLDER = 65  # years: as the falls list asks
SAFETY = frozenset({"c_ssrs", "c_ssrs_since"})


def live(house: House, one: Stay) -> None:
    """What is filled in on this day of their stay."""
    for name in _due(one):
        chance = random.Random(f"{one.person.number}-{name}-{one.day}")
        if (one.story.name, name) not in OWN_STORY and chance.random() > SKIPPED:
            _fill(house, one, name, chance)


def _due(one: Stay) -> tuple[str, ...]:
    found = AT_ADMISSION.get(one.day, ())
    return found + EVERY_DAY if one.story.came - one.day <= LOGS_LATELY else found


def _fill(house: House, one: Stay, name: str, chance: random.Random) -> None:
    """A whole page at once, as on a tablet whose answers are sent by its button."""
    asked = instrument(name)
    once = key("asked", name, one.person.number, one.day)
    given: dict[str, str] = {}
    for item in asked.items:
        if Reading(asked, {name: read_answer(asked.item(name), text) for name, text in given.items()}).asks(item):
            given[item.key] = _answer(item, name, one, chance)
    with audit.together():
        form = services.open_form(
            person=one.person, instrument=name, filled_by=asked.filled_by[0], by=house.nurse, once=once
        )
        services.answer_page(form=form, given=given, key=once[:50], by=house.nurse)
        services.close_form(form=form, by=house.nurse, once=f"{once}-end"[:64])


def _answer(item: Item, name: str, one: Stay, chance: random.Random) -> str:
    """Near to how hard this stay is. Nobody answers a question about suicide with yes here: see risks.py."""
    if name in SAFETY or item.key == "self_harm":
        return "0"
    if item.fact == "age":
        return str(int(age_on(one.story.born, clock.today(one.person.centre)) >= OLDER))
    if name == "sleep_log":
        return NIGHT[item.key](one.story, chance)
    if not item.allowed:
        return "" if item.kind is Kind.TEXT else str(chance.randint(0, one.story.misery))
    most = min(len(item.allowed), 2 + one.story.misery // 10)
    return str(item.allowed[chance.randrange(most)])


def _bed(story: Story, chance: random.Random) -> str:
    return f"22:{chance.choice((15, 30, 45, 50))}"


def _rise(story: Story, chance: random.Random) -> str:
    up = dt.datetime.combine(clock.now(), dt.time(22, 45)) + dt.timedelta(hours=story.nights + 1)
    return f"{up:%H}:{chance.choice((5, 20, 35, 50)):02d}"


NIGHT: Mapping[str, Callable[[Story, random.Random], str]] = {
    "bed": _bed,
    "rise": _rise,
    "latency": lambda story, chance: str(5 * chance.randint(2, 4 + story.misery // 4)),
    "wakings": lambda story, chance: str(chance.randint(0, 1 + story.misery // 8)),
    "quality": lambda story, chance: str(max(1, 9 - story.misery // 4 + chance.randint(-1, 1))),
}
