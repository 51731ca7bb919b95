"""The answer to who called: accepted for a day, or cared for elsewhere with the way there. Never just no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction

from glidepath.care.flow import queries
from glidepath.care.flow.models import BridgingContact, Decision, Preparation
from glidepath.care.flow.screen import Screen, screen_of
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.first_call import ADVICE
from glidepath.clinical.guidelines.suggested_level import Level
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

BEFORE_ADMISSION = (Stage.ENQUIRY, Stage.PRE_ADMISSION)
FARTHEST = dt.timedelta(days=366)  # ours: no day is planned beyond a year

# What a redirection cannot do without, and what to do about it. The first line is the bridging plan.
BRIDGING = (
    ("bridging", "Write how the person gets their usual dose until they are seen elsewhere."),
    ("bridging_by", "Write who makes sure of the usual dose until then."),
    ("next_contact_on", "Write the day on which we call next."),
)
ELSEWHERE = (
    ("why", "Choose the reason."),
    ("words", "Say the reason in words the person would understand."),
    ("elsewhere", "Name where the person goes instead: nobody is just sent away."),
    ("elsewhere_contact", "Write how that place is reached."),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision as it is prepared or signed; what is not arranged stays empty.

    level: where care begins, here or elsewhere. said: keys of the advice given with it. words: the reason; of an
    acceptance below the suggested level it is needed too.
    """

    kind: str = ""
    level: str = ""
    planned_on: dt.date | None = None
    why: str = ""
    words: str = ""
    elsewhere: str = ""
    elsewhere_contact: str = ""
    bridging: str = ""
    bridging_by: str = ""
    next_contact_on: dt.date | None = None
    said: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As a row keeps it."""
        given = asdict(self) | {"said": list(self.said)}
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in given.items()}


@transaction.atomic
def prepare(*, person: Person, answer: Answer, by: Staff, once: str = "") -> Preparation:
    """A decision made ready for the physician. It decides nothing, and may be incomplete."""
    earlier = submits.found(once, "decision.prepared")
    if earlier is not None:
        return Preparation.objects.get(pk=earlier)
    require(by, "screen.prepare")
    episode = _lock(person, by)
    now = clock.now()
    row = Preparation.objects.create(
        centre_id=person.centre_id,
        episode=episode,
        answer=answer.plain(),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    submits.remember(once, "decision.prepared", row.pk)
    audit.write("decision.prepared", by=by, centre=person.centre, person=person, about=row)
    return row


@transaction.atomic
def decide(
    *,
    person: Person,
    answer: Answer,
    by: Staff,
    proof: Proof,
    seen: int | None = None,
    correction_reason: str = "",
    once: str = "",
) -> Decision:
    """A physician's signed answer. A further one supersedes it with a reason; both stay readable.

    seen: id of the decision the page showed, None where it showed none. Raises BadInput by field (a redirection
    without its bridging among them), ChangedMeanwhile where a colleague decided meanwhile.
    """
    earlier = submits.found(once, "decision.signed")
    if earlier is not None:
        return Decision.objects.get(pk=earlier)
    require(by, "screen.decide")
    require_proof(by, proof)
    episode = _lock(person, by)
    standing = queries.decision_of(episode)
    _refuse_changed(standing, seen)
    if standing is not None and not correction_reason.strip():
        raise BadInput("Say why it is decided anew; both decisions stay readable.", field="correction_reason")
    screen = screen_of(person, queries.enquiries(episode))
    _refuse_incomplete(answer, screen, clock.today(person.centre))
    with audit.together():
        row = _signed(episode, answer, screen, standing, correction_reason, by)
        if answer.kind == Decision.Kind.ACCEPT and episode.stage == Stage.ENQUIRY:
            episodes.change_stage(episode=episode, stage=Stage.PRE_ADMISSION, by=by)
        submits.remember(once, "decision.signed", row.pk)
        audit.write(
            "decision.signed", by=by, centre=person.centre, kind="sign", person=person, about=row,
            code=f"{row.kind}-{row.level}",
        )  # fmt: skip
    return row


@transaction.atomic
def record_contact(
    *, person: Person, outcome: str, by: Staff, words: str = "", next_contact_on: dt.date | None = None, once: str = ""
) -> BridgingContact:
    """A contact after a redirection. Seen elsewhere ends this stretch of care; else there is a next day to call."""
    earlier = submits.found(once, "bridging.contact")
    if earlier is not None:
        return BridgingContact.objects.get(pk=earlier)
    require(by, "episode.enquire")
    episode = _lock(person, by)
    decision = queries.decision_of(episode)
    if decision is None or not decision.is_redirect:
        raise BadInput("Nobody was sent elsewhere here: there is no bridging to follow up.")
    seen = outcome == BridgingContact.Outcome.SEEN
    _refuse_contact(outcome, words, next_contact_on, clock.today(person.centre))
    with audit.together():
        now = clock.now()
        row = BridgingContact.objects.create(
            centre_id=person.centre_id, decision=decision, outcome=outcome, words=words.strip(),
            next_contact_on=None if seen else next_contact_on, happened_at=now, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        if seen:
            where = f"Seen at {decision.elsewhere}. {decision.get_why_display().capitalize()}."
            episodes.change_stage(episode=episode, stage=Stage.DISCHARGED, by=by, reason=where)
        submits.remember(once, "bridging.contact", row.pk)
        audit.write("bridging.contact", by=by, centre=person.centre, person=person, about=row, code=outcome)
    return row


def answer_of(preparation: Preparation) -> Answer:
    """A preparation as it was typed."""
    names = {one.name for one in fields(Answer)}
    given: dict[str, Any] = {name: value for name, value in preparation.answer.items() if name in names}
    for name in ("planned_on", "next_contact_on"):
        given[name] = dt.date.fromisoformat(given[name]) if given.get(name) else None
    return Answer(**given | {"said": tuple(given.get("said", ()))})


def _lock(person: Person, by: Staff) -> Episode:
    """The open stretch of care before admission. Raises BadInput where there is none, or somebody is admitted."""
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)
    episode = current_episode(person)
    if episode is None or episode.stage not in BEFORE_ADMISSION:
        where = "has no open enquiry" if episode is None else f"is in {episode.get_stage_display()}"
        raise BadInput(f"{person.preferred_name} {where}: record a call first, and a new enquiry opens.")
    return episode


def _refuse_changed(standing: Decision | None, seen: int | None) -> None:
    if standing is not None and standing.pk != seen:
        who = standing.recorded_by.name
        raise ChangedMeanwhile(
            f"{who} decided meanwhile: {standing.get_kind_display()}. Look at it, then decide again.",
            by=who,
            at=standing.recorded_at,
        )


def _refuse_incomplete(answer: Answer, screen: Screen, today: dt.date) -> None:
    if answer.kind not in Decision.Kind.values:
        raise BadInput("Choose: accept, or redirect.", field="kind")
    if answer.level not in list(Level):
        raise BadInput("Choose where care begins.", field="level")
    if unknown := [key for key in answer.said if key not in ADVICE]:
        raise BadInput(f"“{unknown[0]}” is no advice we keep. Choose from the list.", field="said")
    if answer.kind == Decision.Kind.REDIRECT:
        _refuse_just_no(answer, today)
    else:
        _refuse_unscreened(answer, screen, today)


def _refuse_just_no(answer: Answer, today: dt.date) -> None:
    """No redirection without the reason, the other place, and how the usual dose goes on until then."""
    if answer.why and answer.why not in Decision.Why.values:
        raise BadInput("Choose the reason from the list.", field="why")
    for name, message in (*ELSEWHERE, *BRIDGING):
        value = getattr(answer, name)
        if not (value.strip() if isinstance(value, str) else value):
            raise BadInput(message, field=name)
    _refuse_day(answer.next_contact_on, today, "next_contact_on")


def _refuse_unscreened(answer: Answer, screen: Screen, today: dt.date) -> None:
    if answer.level == Level.EMERGENCY:
        raise BadInput("Emergency care is not here: redirect, and say where to.", field="level")
    if screen.open:
        raise BadInput("Not yet: " + " ".join(screen.open))
    if answer.planned_on is None:
        raise BadInput("Write the day on which the person comes.", field="planned_on")
    _refuse_day(answer.planned_on, today, "planned_on")
    suggested = screen.suggestion.level
    if Level(answer.level).rank < suggested.rank and not answer.words.strip():
        raise BadInput(
            f"The rules suggest {suggested}, and {answer.level} is less watched. Say why it is safe here.",
            field="words",
        )


def _refuse_day(day: dt.date | None, today: dt.date, field: str) -> None:
    if day is None:
        return
    if day < today:
        raise BadInput(f"{day:%-d %b %Y} is past. Write today or a day to come.", field=field)
    if day - today > FARTHEST:
        raise BadInput(f"{day:%-d %b %Y} is more than a year away. Look at the year.", field=field)


def _refuse_contact(outcome: str, words: str, day: dt.date | None, today: dt.date) -> None:
    if outcome not in BridgingContact.Outcome.values:
        raise BadInput("Choose what came of the contact.", field="outcome")
    if outcome == BridgingContact.Outcome.NO_DOSE and not words.strip():
        raise BadInput("Write what is done now so that the usual dose goes on.", field="words")
    if outcome != BridgingContact.Outcome.SEEN and day is None:
        raise BadInput(
            "Write the day on which we call next: nobody is let go before they are seen.", field="next_contact_on"
        )
    _refuse_day(day, today, "next_contact_on")


def _signed(
    episode: Episode, answer: Answer, screen: Screen, standing: Decision | None, correction_reason: str, by: Staff
) -> Decision:
    """The row, with the suggestion and the seizure-risk list as they were shown."""
    now, redirects = clock.now(), answer.kind == Decision.Kind.REDIRECT
    return Decision.objects.create(
        centre_id=episode.centre_id,
        episode=episode,
        kind=answer.kind,
        level=answer.level,
        suggested=screen.suggestion.level,
        reasons=[_reason(one.level, one.finding.code, one.finding.message, one.finding.source)
                 for one in screen.suggestion.reasons],
        seizure_risks=[{"key": one.key, "answer": one.answer, "detail": one.detail} for one in screen.seizure_risks],
        facts_version=formulary().version,
        planned_on=None if redirects else answer.planned_on,
        why=answer.why if redirects else "",
        words=answer.words.strip(),
        elsewhere=answer.elsewhere.strip() if redirects else "",
        elsewhere_contact=answer.elsewhere_contact.strip() if redirects else "",
        bridging=answer.bridging.strip() if redirects else "",
        bridging_by=answer.bridging_by.strip() if redirects else "",
        next_contact_on=answer.next_contact_on if redirects else None,
        said=[key for key in ADVICE if key in answer.said],
        supersedes=standing,
        correction_reason=correction_reason.strip() if standing else "",
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )  # fmt: skip


def _reason(level: str, code: str, message: str, source: str) -> Mapping[str, str]:
    return {"level": str(level), "code": code, "message": message, "source": source}


def redirected_words(person: Person, decision: Decision) -> str:
    """Why nobody lies down here on a redirection: whose answer it was, where it led, and what to do now."""
    day = clock.local(person.centre, decision.recorded_at)
    return (
        f"{decision.recorded_by.name} redirected {person.preferred_name} to {decision.elsewhere} on {day:%-d %b %Y}. "
        "If they come here after all, a physician decides anew on the screen; then the beds open."
    )
