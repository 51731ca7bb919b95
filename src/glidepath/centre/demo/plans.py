"""The treatment plans of the demo: written with the person, signed, reviewed, and one whose review has come due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from uuid import NAMESPACE_OID, UUID, uuid5

from glidepath.care.assessment import services as assessing
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.planning import queries, services
from glidepath.care.planning.models import Version
from glidepath.care.planning.proposals import proposals
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import Stay, key, proof
from glidepath.clinical.planning.from_template import problem_from
from glidepath.clinical.planning.proposing import of_kind
from glidepath.clinical.planning.values import CarePlan, ProblemKind, Progress
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Told:
    """What a review said: how all objectives stand, the person's view, what the team adds."""

    progress: Progress
    view: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """One person's plan. on: the day of the stay. goals: in their words, by problem. weighed: risk and benefit too."""

    on: int
    by: str
    goals: Mapping[ProblemKind, str]
    agreement: Version.Agreement
    words: str
    reviews: Mapping[int, Told]
    weighed: bool = True


PLANS: Mapping[str, Written] = {
    "Marta": Written(
        on=7,
        by="lena.fischer",
        goals={
            ProblemKind.SEIZURE: "Never again wake up on the floor and not know what happened.",
            ProblemKind.SLEEP: "Sleep in my own bed without checking the clock.",
            ProblemKind.DEPENDENCE: "Come down, but at a speed I can say yes to.",
        },
        agreement=Version.Agreement.SIGNED,
        words="I want my sister to have a copy.",
        reviews={
            21: Told(Progress.SAME, "The nights are still the worst. The days are mine again."),
            48: Told(Progress.WORSE, "It went too fast for me. Going back a step was right.", "Stepped back together."),
        },
    ),
    "Ruth": Written(
        on=1,
        by="jun.park",
        goals={
            ProblemKind.DEPENDENCE: "Lift my grandson without planning my day around tablets.",
            ProblemKind.SOCIAL: "Go home to my garden before spring.",
        },
        agreement=Version.Agreement.ALOUD,
        words="Said: that is exactly what I meant.",
        reviews={},
        weighed=False,
    ),
    "Greta": Written(
        on=3,
        by="amara.okafor",
        goals={
            ProblemKind.FALLS: "Walk to the post box and back, alone.",
            ProblemKind.DEPENDENCE: "Take a little less, and keep what helps me.",
        },
        agreement=Version.Agreement.NOT,
        words="My hands shake today. I read it with my son on Sunday and sign then.",
        reviews={30: Told(Progress.BETTER, "I went twice this week.", "Her son walked behind her.")},
    ),
}


def live(house: House, one: Stay) -> None:
    """What is written into this person's plan on this day of their stay, if anything is."""
    written = PLANS.get(one.story.name)
    if written is None:
        return
    by = house.by_username[written.by]
    if one.day == written.on:
        _sign(one.person, written, by)
    if one.day in written.reviews:
        _review(one.person, written.reviews[one.day], by, one.day)


def _sign(person: Person, written: Written, by: Staff) -> None:
    today = clock.today(person.centre)
    if written.weighed:
        assessing.record_facts(
            person=person, answers={"rb_review_on": today.isoformat()}, by=by, once=key("weighed", person.number)
        )
    services.write_draft(
        person=person, plan=_plan(person, written, today), by=by, seen=0, once=key("draft", person.number)
    )
    version = services.sign_plan(
        person=person,
        by=by,
        proof=proof(by),
        seen=queries.seen_of(person, queries.draft_row(person)),
        agreed=services.Agreed(written.agreement, written.words),
        once=key("care-plan", person.number),
    )
    _link_what_happened(person, version, by)


def _plan(person: Person, written: Written, today: dt.date) -> CarePlan:
    found, numbers = proposals(person).proposed, count(1)

    def new_key() -> str:
        """The same in every loading."""
        return str(uuid5(NAMESPACE_OID, key(person.public_id, next(numbers))))

    made = [
        (problem_from(of_kind(found, kind), name=person.preferred_name, today=today, new_key=new_key), goal)
        for kind, goal in written.goals.items()
    ]
    return CarePlan(tuple(replace(one, goal=replace(one.goal, words=goal)) for one, goal in made))


def _link_what_happened(person: Person, version: Version, by: Staff) -> None:
    """A seizure serves the objective about seizures: by a tap, as somebody of the team would."""
    aims = [one for problem, one in queries.plan_of(version.content).objectives() if problem.kind == "seizure"]
    for event in monitoring.events(person):
        for aim in aims:
            services.link(
                person=person,
                objective=UUID(aim.key),
                kind="event",
                evidence=event.public_id,
                by=by,
                once=key("link", person.number, event.pk),
            )


def _review(person: Person, told: Told, by: Staff, day: int) -> None:
    version = queries.newest_of(person)
    assert version is not None
    keys = [objective.key for _, objective in queries.plan_of(version.content).objectives()]
    services.record_review(
        person=person,
        progress=dict.fromkeys(keys, told.progress),
        persons_view=told.view,
        words=told.words,
        by=by,
        seen=version.number,
        once=key("care-review", person.number, day),
    )
