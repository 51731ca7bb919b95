"""A call: red flags, the advice to go on with the usual dose, and what was told, kept in one act or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.assessment import queries as assessment, services as assessing
from glidepath.care.assessment.models import BenzodiazepineUse, Mouth
from glidepath.care.flow.models import Enquiry
from glidepath.clinical.amounts import Dose
from glidepath.clinical.findings import Status
from glidepath.clinical.guidelines.first_call import ADVICE, ANSWERS, RED_FLAGS, check_red_flags
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people import services as registering
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require


@dataclass(frozen=True, slots=True)
class Identity:
    """A person who is not yet known here. `not_the_same`: somebody looked at those alike, and it is another."""

    legal_name: str
    birth_date: dt.date
    preferred_name: str = ""
    pronouns: str = ""
    phone: str = ""
    not_the_same: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was asked and told in a call, as far as it came.

    red_flags: by key, each yes, no, unknown or declined. advice: keys of what was said. facts: answers by the names of
    the rules' vocabulary. use: one medicine with its last dose. mouth: who tells it; None follows `agrees`.
    saw: the newest answer on the screen of whoever took the call.
    """

    agrees: str = ""
    place: str = ""
    red_flags: Mapping[str, str] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    handed_to: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    use: assessing.ReportedUse | None = None
    mouth: Mouth | None = None
    saw: int | None = None

    @property
    def said_by(self) -> Mouth:
        """Whose answers they are. Somebody who is asked whether the person agrees is not the person."""
        if self.mouth is not None:
            return self.mouth
        return Mouth.PERSON if self.agrees in ("", Enquiry.Agrees.SELF) else Mouth.FAMILY


NOTHING = Told()
TOLD_ON_THE_CALL = "as told on the call"


@transaction.atomic
def take_call(
    *,
    who: Identity,
    caller: str,
    told_not_to_stop: bool,
    by: Staff,
    once: str,
    words: str = "",
    told: Told = NOTHING,
) -> Person:
    """A first call about somebody who is not yet known here: registered and written down, or neither."""
    earlier = submits.found(once, "person.registered")
    if earlier is not None:  # the call was written down with the person, in one act
        return Person.objects.get(pk=earlier)
    with audit.together():
        person = register(who, by, once)
        enquire(person=person, caller=caller, told_not_to_stop=told_not_to_stop, words=words, by=by, told=told)
    return person


@transaction.atomic
def enquire(
    *,
    person: Person,
    caller: str,
    told_not_to_stop: bool,
    by: Staff,
    words: str = "",
    once: str = "",
    told: Told = NOTHING,
) -> Enquiry:
    """A call about somebody. The advice to go on with the usual dose is given before all else, and logged.

    A red flag that is answered with yes calls a clinician in the same act. Raises BadInput by field.
    """
    earlier = submits.found(once, "enquiry")
    if earlier is not None:
        return Enquiry.objects.get(pk=earlier)
    require(by, "episode.enquire")
    _refuse(person, caller, told_not_to_stop, told, by)
    with audit.together():
        episode = open_episode(person=person, by=by)
        now = clock.now()
        row = Enquiry.objects.create(
            centre_id=person.centre_id,
            episode=episode,
            caller=caller.strip(),
            words=words.strip(),
            told_not_to_stop=True,
            agrees=told.agrees,
            place=told.place.strip(),
            red_flags=dict(told.red_flags),
            advice=[key for key in ADVICE if key in told.advice],
            handed_to=told.handed_to.strip(),
            happened_at=now,
            recorded_at=now,
            recorded_by=by,
        )
        submits.remember(once, "enquiry", row.pk)
        audit.write("enquiry.taken", by=by, centre=person.centre, person=person, about=row)
        _keep(person, episode, told, by)
    return row


@transaction.atomic
def last_dose_told(
    *, person: Person, use: BenzodiazepineUse, last_dose_at: dt.datetime, by: Staff, once: str = ""
) -> BenzodiazepineUse:
    """A later dose was told of: the same medicine as before with its new last dose. Both entries stay readable."""
    if use.person_id != person.pk:
        raise NotAllowed("This entry is about somebody else. Open the page again.")
    if use.last_dose_at is not None and last_dose_at < use.last_dose_at:
        raise BadInput(
            f"A later dose is known already ({clock.local(person.centre, use.last_dose_at):%-d %b %H:%M}). "
            "Write the newest one.",
            field="last_dose_at",
        )
    return assessing.record_use(
        person=person,
        episode=use.episode,
        use=_told_again(use, last_dose_at),
        by=by,
        once=once,
        supersedes=use,
        correction_reason="a later dose was told",
    )


def open_episode(*, person: Person, by: Staff) -> Episode:
    """The open episode, or a new one where the last is closed: a returning person begins again, with their history."""
    episode = current_episode(person)
    if episode is not None and episode.stage in (Stage.ENQUIRY, Stage.PRE_ADMISSION, Stage.ADMITTED):
        return episode
    return episodes.open_enquiry(person=person, by=by)


def register(who: Identity, by: Staff, once: str) -> Person:
    return registering.register(
        preferred_name=who.preferred_name.strip() or who.legal_name.strip().split(" ")[0],
        legal_name=who.legal_name,
        birth_date=who.birth_date,
        pronouns=who.pronouns,
        phone=who.phone,
        not_the_same=who.not_the_same,
        by=by,
        once=once,
    )


def _refuse(person: Person, caller: str, told_not_to_stop: bool, told: Told, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    if not caller.strip():
        raise BadInput("Write who called: the person, or who they are to them.", field="caller")
    if not told_not_to_stop:
        raise BadInput(
            "Tell the caller first: do not stop suddenly, keep taking the usual dose. Then tick that you did.",
            field="told_not_to_stop",
        )
    for key, answer in told.red_flags.items():
        if key not in RED_FLAGS or answer not in ANSWERS:
            raise BadInput(f"“{answer}” is no answer to “{key}”: yes, no, not known or declined.", field=key)
    if unknown := [key for key in told.advice if key not in ADVICE]:
        raise BadInput(f"“{unknown[0]}” is no advice we keep. Choose from the list.", field="advice")
    if told.agrees and told.agrees not in Enquiry.Agrees.values:
        raise BadInput("Say whether the person agrees: yes, no, not known, or it is they who call.", field="agrees")


def _keep(person: Person, episode: Episode, told: Told, by: Staff) -> None:
    """The answers where they belong: facts and medicine in the assessment, and whoever must be called is called."""
    facts = dict(told.facts)
    if told.red_flags.get("suicide_plan") == "yes":
        facts["suicidality_voiced"] = "yes"  # one fact, wherever it was heard
    if facts:
        assessing.record_facts(
            person=person, answers=facts, by=by, mouth=told.said_by, saw=told.saw,
            words=dict.fromkeys(facts, TOLD_ON_THE_CALL),
        )  # fmt: skip
    if told.use is not None:
        known = {use.medicine_name.casefold() for use in assessment.uses(person) if use.episode_id == episode.pk}
        if told.use.medicine_name.strip().casefold() in known:
            raise BadInput(
                f"{told.use.medicine_name} is recorded already. Write its newest dose on the screen's page.",
                field="medicine_name",
            )
        assessing.record_use(person=person, episode=episode, use=replace(told.use, mouth=told.said_by), by=by)
    for finding in check_red_flags(told.red_flags):
        if finding.status is Status.FIRES:
            raise_alarm(person=person, cause=finding.code, rank=Rank.NOW, message=finding.message, do=finding.do, by=by)


def _told_again(use: BenzodiazepineUse, last_dose_at: dt.datetime) -> assessing.ReportedUse:
    last = None if use.last_dose_ng is None else Dose.from_ng(use.last_dose_ng, use.medicine_name)
    names = [one.name for one in fields(assessing.ReportedUse)]
    kept = {name: getattr(use, name) for name in names if hasattr(use, name)}
    return assessing.ReportedUse(**kept | {"last_dose_at": last_dose_at, "last_dose": last})
