"""To write a treatment plan: the draft that the team works on, the signed version, a review with the person, and by one
tap what serves which objective.

Locks are taken in the house's order: person, plan. The draft is one a person, so the person's lock is its lock too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from glidepath.care.planning import queries
from glidepath.care.planning.evidence import record_of
from glidepath.care.planning.models import Draft, Plan, PlanObjective, Review, Serves, Version
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planning.difference import difference
from glidepath.clinical.planning.plain import as_plain, digest
from glidepath.clinical.planning.unfinished import lacking
from glidepath.clinical.planning.values import CarePlan, Progress
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import refuse_if_changed, save_as
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import Proof, require_proof

LONGEST = 400  # characters of a reason, of the person's words and of a review


@dataclass(frozen=True, slots=True)
class Agreed:
    """How the person stands to the plan: signed, agreed aloud, or did not sign; how or why not, in their words."""

    agreement: str
    words: str


@transaction.atomic
def write_draft(*, person: Person, plan: CarePlan, by: Staff, seen: int, once: str = "") -> Draft:
    """What the team has written so far; it may be unfinished.

    seen: what the form was made from (queries.seen_of). Raises ChangedMeanwhile, naming who was first: what was typed
    stays in the form.
    """
    earlier = submits.found(once, "care_plan.draft")
    if earlier is not None:
        return queries.draft_under(earlier, person)
    require(by, "plan.write")
    _lock(person, by)
    draft = queries.draft_row(person)
    if draft is None:
        _refuse_if_signed_meanwhile(person, seen)
        draft = Draft(centre_id=person.centre_id, person=person)
    else:
        refuse_if_changed(draft, seen, "The draft’s parts")
    draft.content = as_plain(plan)
    save_as(draft, by)
    submits.remember(once, "care_plan.draft", draft.pk)
    audit.write("care_plan.draft", by=by, centre=person.centre, person=person, about=draft)
    return draft


@transaction.atomic
def discard_draft(*, person: Person, by: Staff, seen: int) -> None:
    """The draft is put away; its history stays, and the signed plan is as it was."""
    require(by, "plan.write")
    _lock(person, by)
    draft = queries.draft_row(person)
    if draft is None:
        return
    refuse_if_changed(draft, seen, "The draft’s parts")
    key = draft.pk
    _put_away(draft, by)
    audit.write("care_plan.draft_discarded", by=by, centre=person.centre, person=person, code=f"draft-{key}")


@transaction.atomic
def sign_plan(
    *, person: Person, by: Staff, proof: Proof, seen: int, agreed: Agreed, reason: str = "", once: str = ""
) -> Version:
    """The draft becomes the next version; the one before stays as it was. From the second on it needs its reason.

    seen: the draft's version that was shown. Raises BadInput for what the draft lacks, ChangedMeanwhile.
    """
    earlier = submits.found(once, "care_plan.signed")
    if earlier is not None:
        return Version.objects.get(pk=earlier, plan__person=person)
    require(by, "plan.sign")
    require_proof(by, proof)
    _lock(person, by)
    draft = queries.draft_row(person)
    if draft is None:
        raise BadInput("There is no draft to sign. Write one first, or look whether a colleague has signed it.")
    refuse_if_changed(draft, seen, "The draft’s parts")
    content = queries.plan_of(draft.content)
    _refuse_unfinished(person, content)
    plan = queries.active(person) or _open(person)
    before = queries.newest(plan)
    words = _reason(before, content, reason)
    version = _save(plan, content, words, agreed, by)
    _put_away(draft, by)
    submits.remember(once, "care_plan.signed", version.pk)
    audit.write(
        "care_plan.signed",
        by=by,
        centre=person.centre,
        kind="sign",
        person=person,
        about=version,
        code=version.agreement,
        digest=version.digest,
    )
    return version


@transaction.atomic
def record_review(
    *,
    person: Person,
    progress: Mapping[str, Progress],
    persons_view: str,
    by: Staff,
    seen: int,
    words: str = "",
    once: str = "",
) -> Review:
    """One look at the plan with the person. progress: by the key of each objective of the version that was shown.

    seen: that version's number. Raises BadInput (fields `persons_view`, or an objective's key), ChangedMeanwhile.
    """
    earlier = submits.found(once, "care_plan.review")
    if earlier is not None:
        return Review.objects.get(pk=earlier, plan__person=person)
    require(by, "plan.write")
    _lock(person, by)
    plan = queries.active(person)
    version = queries.newest(plan) if plan else None
    if plan is None or version is None:
        raise BadInput("There is no signed plan to review. Write one and sign it first.")
    _refuse_other_version(version, seen)
    row = Review(
        centre_id=plan.centre_id,
        plan=plan,
        version=version,
        progress=_progress(queries.plan_of(version.content), progress),
        persons_view=_words(persons_view, "persons_view", "Ask how the person sees it, and write down their words."),
        words=_short(words, "words"),
        happened_at=clock.now(),
        recorded_at=clock.now(),
        recorded_by=by,
    )
    row.save(force_insert=True)
    submits.remember(once, "care_plan.review", row.pk)
    audit.write("care_plan.review", by=by, centre=person.centre, person=person, about=row)
    return row


@transaction.atomic
def link(*, person: Person, objective: UUID, kind: str, evidence: UUID, by: Staff, once: str = "") -> Serves:
    """This record of this person serves this objective of theirs. A second tap does nothing twice.

    Raises BadInput where either is not this person's: a record of somebody else is never linked.
    """
    earlier = submits.found(once, "care_plan.link")
    if earlier is not None:
        return Serves.objects.get(pk=earlier, objective__plan__person=person)
    require(by, "plan.write")
    _lock(person, by)
    aim = _objective(person, objective)
    if (kind, evidence) not in record_of(person, queries.evidence_since(aim.plan)):
        raise BadInput("This record is not in this person’s chart, or was set right since. Open the page again.")
    newest = queries.newest_link(aim, kind, evidence)
    if newest is not None and not newest.taken_back:
        return newest
    row = _save_link(aim, kind, evidence, by, before=newest, reason="linked again" if newest else "")
    submits.remember(once, "care_plan.link", row.pk)
    audit.write("care_plan.linked", by=by, centre=person.centre, person=person, about=row, code=kind)
    return row


@transaction.atomic
def unlink(*, person: Person, objective: UUID, kind: str, evidence: UUID, by: Staff, reason: str) -> Serves:
    """The record does not serve the objective after all. Both rows stay. Raises BadInput without a link or a reason."""
    require(by, "plan.write")
    _lock(person, by)
    aim = _objective(person, objective)
    newest = queries.newest_link(aim, kind, evidence)
    if newest is None:
        raise BadInput("Nobody linked this record to this objective.")
    if newest.taken_back:
        return newest
    said = _words(reason, "reason", "Say why the link is taken back; both stay readable.")[:300]
    row = _save_link(aim, kind, evidence, by, before=newest, reason=said, taken_back=True)
    audit.write("care_plan.unlinked", by=by, centre=person.centre, person=person, about=row, code=kind)
    return row


@transaction.atomic
def end_plan(*, person: Person, by: Staff) -> None:
    """Our part of the plan ends: somebody else carries it on. It stays readable, and nothing of it falls due. Who may
    close a discharge ends it with that, also where they write no plan."""
    if not may(by, "discharge.close"):
        require(by, "plan.write")
    _lock(person, by)
    plan = queries.active(person)
    if plan is None:
        return
    plan.ended_at = clock.now()
    plan.save(update_fields=["ended_at"])
    audit.write("care_plan.ended", by=by, centre=person.centre, person=person, about=plan)


# --- Parts -----------------------------------------------------------------------------------------------------------
def _lock(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)


def _refuse_if_signed_meanwhile(person: Person, seen: int) -> None:
    """A form made from a draft that is gone, or from the version before: a colleague signed meanwhile."""
    if seen == queries.seen_of(person, None):
        return
    newest = queries.newest_of(person)
    who = newest.recorded_by.name if newest else "a colleague"
    raise ChangedMeanwhile(
        f"{who} has signed or put away this draft since you opened the page. Look at the plan as it stands, then save "
        "again: what you typed is still here.",
        by=who,
        at=newest.recorded_at if newest else clock.now(),
    )


def _refuse_other_version(version: Version, seen: int) -> None:
    if version.number != seen:
        raise ChangedMeanwhile(
            f"{version.recorded_by.name} signed version {version.number} since you opened the page. Look at it, then "
            "record the review again: what you typed is still here.",
            by=version.recorded_by.name,
            at=version.recorded_at,
        )


def _refuse_unfinished(person: Person, content: CarePlan) -> None:
    lacks = lacking(content, today=clock.today(person.centre))
    if lacks:
        raise BadInput("The plan is not signed yet. " + " ".join(dict.fromkeys(one.words for one in lacks)))


def _reason(before: Version | None, content: CarePlan, reason: str) -> str:
    if before is None:
        return _short(reason, "reason").strip() or "the first plan"
    if not difference(queries.plan_of(before.content), content):
        raise BadInput("Nothing differs from the version before: there is nothing to sign.")
    return _words(reason, "reason", "Say why the plan changes.")


def _open(person: Person) -> Plan:
    episode = current_episode(person)
    if episode is None:
        raise BadInput("There is no episode of care: open an enquiry or admit the person first.")
    return Plan.objects.create(centre_id=person.centre_id, person=person, episode=episode, opened_at=clock.now())


def _save(plan: Plan, content: CarePlan, reason: str, agreed: Agreed, by: Staff) -> Version:
    if agreed.agreement not in Version.Agreement.values:
        raise BadInput("Choose how the person agreed: one tap.", field="agreement")
    ask = "Write how they agreed, or why they did not sign, in their words."
    said = _words(agreed.words, "persons_words", ask)
    plan.latest += 1
    plan.save(update_fields=["latest"])
    now = clock.now()
    version = Version.objects.create(
        centre_id=plan.centre_id,
        plan=plan,
        number=plan.latest,
        content=as_plain(content),
        reason=reason,
        agreement=agreed.agreement,
        persons_words=said,
        facts_version=formulary().version,
        digest=digest(content, reason, agreed.agreement, said),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    known = queries.objective_keys(plan)
    for _, objective in content.objectives():
        if UUID(objective.key) not in known:
            PlanObjective.objects.create(
                public_id=UUID(objective.key), centre_id=plan.centre_id, plan=plan, first_version=version
            )
    return version


def _put_away(draft: Draft, by: Staff) -> None:
    draft._history_user = by  # type: ignore[attr-defined]  # who put it away stands in its history
    draft.delete()


def _progress(content: CarePlan, given: Mapping[str, Progress]) -> dict[str, str]:
    """What was said of every objective; one that was not looked at says so, and none is left out."""
    keys = [objective.key for _, objective in content.objectives()]
    for key in keys:
        if key not in given:
            raise BadInput("Say how this objective stands, or that it was not looked at.", field=f"progress-{key}")
    return {key: Progress(given[key]).value for key in keys}


def _objective(person: Person, public_id: UUID) -> PlanObjective:
    found = queries.objective_row(person, public_id)
    if found is None:
        raise BadInput("This objective is not in this person’s plan. Open the page again.")
    return found


def _save_link(
    aim: PlanObjective,
    kind: str,
    evidence: UUID,
    by: Staff,
    *,
    before: Serves | None,
    reason: str,
    taken_back: bool = False,
) -> Serves:
    now = clock.now()
    return Serves.objects.create(
        centre_id=aim.centre_id,
        objective=aim,
        kind=kind,
        evidence_id=evidence,
        taken_back=taken_back,
        supersedes=before,
        correction_reason=reason,
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )


def _words(given: str, field: str, ask: str) -> str:
    if not given.strip():
        raise BadInput(ask, field=field)
    return _short(given, field).strip()


def _short(given: str, field: str) -> str:
    if len(given) > LONGEST:
        raise BadInput(f"This is {len(given)} characters; {LONGEST} fit. Shorten it.", field=field)
    return given
