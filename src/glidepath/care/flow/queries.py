"""Reads of the ways in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from glidepath.care.flow.models import BridgingContact, Decision, Discharge, Enquiry, Preparation
from glidepath.care.flow.next_dose import NextDose, next_doses
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.first_call import check_waiting
from glidepath.record import clock
from glidepath.record.centres.models import Bed, Centre
from glidepath.record.centres.queries import beds, clinical_settings_of
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import episodes_at, episodes_of, taken_beds
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may

COMING = (Stage.ENQUIRY, Stage.PRE_ADMISSION)


def free_beds(centre: Centre) -> list[Bed]:
    """Beds that are ready and empty, by unit and number."""
    taken = taken_beds(centre)
    return [bed for bed in beds(centre) if bed.state == Bed.State.READY and bed.pk not in taken]


def enquiries(episode: Episode) -> list[Enquiry]:
    """The calls of this stretch of care, the newest first."""
    rows = Enquiry.objects.filter(episode=episode, superseded_by__isnull=True)
    return list(rows.select_related("recorded_by").order_by("-happened_at", "-pk"))


def decisions(episode: Episode) -> list[Decision]:
    """Every decision about this enquiry, the one that stands first, those it replaced after it."""
    rows = Decision.objects.filter(episode=episode).select_related("recorded_by")
    return list(rows.order_by("-recorded_at", "-pk"))


def decision_of(episode: Episode) -> Decision | None:
    """The decision that stands."""
    rows = Decision.objects.filter(episode=episode, superseded_by__isnull=True).select_related("recorded_by")
    return rows.order_by("-recorded_at", "-pk").first()


def preparation_of(episode: Episode) -> Preparation | None:
    """The newest preparation, where nothing was decided since."""
    rows = Preparation.objects.filter(episode=episode).select_related("recorded_by")
    newest, standing = rows.order_by("-recorded_at", "-pk").first(), decision_of(episode)
    if newest is None or (standing is not None and standing.recorded_at >= newest.recorded_at):
        return None
    return newest


def contacts(decision: Decision) -> list[BridgingContact]:
    """What came of the contacts after a redirection, the newest first."""
    rows = BridgingContact.objects.filter(decision=decision).select_related("recorded_by")
    return list(rows.order_by("-recorded_at", "-pk"))


def discharge_of(episode: Episode) -> Discharge | None:
    return Discharge.objects.filter(episode=episode).select_related("recorded_by").first()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who called and is not here yet. `since`: the first call. late: CALL-2, where no answer came in time.

    dose_passed: a usual dose came due since we last heard; dose_silent: so long ago that somebody asks.
    dose_first: it is due before they come; None where that is not known, or no day is set.
    contact_on: of somebody redirected, the day we call next.
    """

    person: Person
    episode: Episode
    since: dt.datetime
    decision: Decision | None
    prepared: Preparation | None
    late: Finding | None
    next_dose: NextDose | None
    dose_passed: bool
    dose_silent: bool
    dose_first: bool | None
    contact_on: dt.date | None
    contact_due: bool

    @property
    def waits_for(self) -> str:
        if self.decision is not None:
            return self.decision.get_kind_display()
        return "a physician's decision" if self.prepared else "a screen"


def waiting(viewer: Staff, *, known: Sequence[Person] | None = None) -> tuple[Waiting, ...]:
    """Who is not here yet: who waits for an answer or a call from us, the longest first; then those who have both.

    known: those whose identity the viewer may see, where they were read already. The same queries for 3 people and
    for 60.
    """
    if not may(viewer, "episode.enquire"):
        return ()
    coming = episodes_at(viewer, COMING, action="identity.read") if known is None else episodes_of(known, COMING)
    if not coming:
        return ()
    now, called = clock.now(), _first_calls(coming)
    stands, prepared, doses = _standing(coming), _prepared(coming), next_doses([one.person for one in coming], now)
    contacted, settings = _next_contacts([*stands.values()]), clinical_settings_of(coming[0].person.centre)
    found = [
        _waiting(one, called.get(one.pk, one.opened_at), stands.get(one.pk), prepared.get(one.pk),
                 doses.get(one.person_id), contacted, now, settings)
        for one in coming
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.decision is not None and not one.contact_due, one.since)))


def _waiting(
    episode: Episode,
    since: dt.datetime,
    decision: Decision | None,
    prepared: Preparation | None,
    dose: NextDose | None,
    contacted: Mapping[int, dt.date],
    now: dt.datetime,
    settings: ClinicalSettings,
) -> Waiting:
    person, today = episode.person, clock.local(episode.person.centre, now).date()
    contact = contacted.get(decision.pk, decision.next_contact_on) if decision and decision.is_redirect else None
    comes = decision.planned_on if decision else None
    return Waiting(
        person=person,
        episode=episode,
        since=since,
        decision=decision,
        prepared=None if decision and prepared and prepared.recorded_at <= decision.recorded_at else prepared,
        late=next(iter(check_waiting(since=since, now=now, settings=settings)), None) if decision is None else None,
        next_dose=dose,
        dose_passed=dose is not None and dose.is_past(now),
        dose_silent=dose is not None and dose.is_silent(now),
        dose_first=dose.comes_before(comes, person.centre) if dose and comes else None,
        contact_on=contact,
        contact_due=contact is not None and contact <= today,
    )


def _first_calls(episodes: Sequence[Episode]) -> dict[int, dt.datetime]:
    return dict(_calls(episodes))


@prepared
def _calls(episodes: Many[Episode]) -> QuerySet[Enquiry, tuple[int, dt.datetime]]:
    rows = Enquiry.objects.filter(episode__in=episodes).order_by("-happened_at", "-pk")
    return rows.values_list("episode_id", "happened_at")


def _standing(episodes: Sequence[Episode]) -> dict[int, Decision]:
    return {row.episode_id: row for row in _decisions(episodes)}


@prepared
def _decisions(episodes: Many[Episode]) -> QuerySet[Decision]:
    rows = Decision.objects.filter(episode__in=episodes, superseded_by__isnull=True)
    return rows.order_by("recorded_at", "pk")


def _prepared(episodes: Sequence[Episode]) -> dict[int, Preparation]:
    return {row.episode_id: row for row in _preparations(episodes)}


@prepared
def _preparations(episodes: Many[Episode]) -> QuerySet[Preparation]:
    return Preparation.objects.filter(episode__in=episodes).order_by("recorded_at", "pk")


def _next_contacts(stands: Sequence[Decision]) -> dict[int, dt.date]:
    """The newest day agreed for the next contact, by decision id."""
    return {row.decision_id: row.next_contact_on for row in _agreed(stands) if row.next_contact_on}


@prepared
def _agreed(decisions: Many[Decision]) -> QuerySet[BridgingContact]:
    rows = BridgingContact.objects.filter(decision__in=decisions, next_contact_on__isnull=False)
    return rows.order_by("recorded_at", "pk")
