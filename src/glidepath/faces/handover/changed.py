"""What changed about one person since the last handover, in the order in which a nurse tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glidepath.care.alarms.models import AlarmAct
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.queries import DoneSince
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.queries import SeenSince
from glidepath.care.taper.queries import DecidedSince
from glidepath.faces.handover.lines import Line
from glidepath.faces.shell import words
from glidepath.record import clock
from glidepath.record.centres.models import Centre


def lines(
    acts: Sequence[AlarmAct], seen: SeenSince, done: DoneSince, decided: DecidedSince, centre: Centre
) -> list[Line]:
    """Events and alarms, what was decided, what was seen, what was given and what was not."""
    return [
        *(Line(f"{one.get_kind_display()}: {one.words}" if one.words else one.get_kind_display(), one.happened_at,
               "overdue") for one in seen.events),
        *_alarms(acts),
        *_taper(decided),
        *_orders(done),
        *_seen(seen, centre),
        *_doses(done.answers),
    ]  # fmt: skip


def _alarms(acts: Sequence[AlarmAct]) -> list[Line]:
    """Those that were raised and closed meanwhile: what is still open stands at the top already."""
    closed = [act for act in acts if act.kind == AlarmAct.Kind.CLOSED]
    return [Line(f"alarm closed: {act.alarm.message} {_outcome(act)}", act.recorded_at) for act in closed]


def _outcome(act: AlarmAct) -> str:
    by = f" ({act.recorded_by.name})" if act.recorded_by else ""
    return f"Outcome: {act.words}{by}"


def _taper(decided: DecidedSince) -> Iterable[Line]:
    for version in decided.versions:
        reason = f": {version.reason}" if version.reason else ""
        what = version.get_kind_display()
        yield Line(f"taper, {what}, signed by {version.recorded_by.name}{reason}", version.recorded_at)
    for release in decided.releases:
        yield Line(f"step {release.step_number} released", release.recorded_at)
    for review in decided.reviews:
        said = f": {review.words}" if review.words else ""
        yield Line(f"symptom review, {review.get_decision_display()}{said}", review.recorded_at)


def _orders(done: DoneSince) -> Iterable[Line]:
    for order in done.ordered:
        yield Line(f"ordered: {order.dose}, {order.get_kind_display()}", order.recorded_at)
    for stop in done.stopped:
        yield Line(f"stopped: {stop.order.clinical_name}, {stop.reason}", stop.recorded_at)


def _seen(seen: SeenSince, centre: Centre) -> Iterable[Line]:
    scored = [one for one in seen.ciwa_b if one.total is not None]
    if scored:
        totals = " → ".join(str(one.total) for one in scored[-4:])
        yield Line(f"CIWA-B {totals} ({scored[-1].band_words})", scored[-1].happened_at)
    partial = [one for one in seen.ciwa_b if one.total is None]
    if partial and (not scored or partial[-1].happened_at > scored[-1].happened_at):
        yield Line(f"CIWA-B {partial[-1].label}: no total", partial[-1].happened_at)
    yield from _vitals(seen.observations, centre)
    for night in seen.sleep:
        yield Line(f"slept {words.exactly(night.minutes)} to {words.weekday(night.night_of)}")


def _vitals(observations: Sequence[Observation], centre: Centre) -> Iterable[Line]:
    totals = [one for one in observations if one.news2 is not None]
    if totals:
        last, worst = totals[-1], max(totals, key=lambda one: one.news2 or 0)
        highest = f", highest {worst.news2} at {_clock(worst, centre)}" if worst.news2 != last.news2 else ""
        yield Line(f"NEWS2 {last.news2}{highest}", last.happened_at)
    rass = [one for one in observations if one.rass is not None]
    lowest = min(rass, key=lambda one: one.rass or 0, default=None)
    if lowest is not None and lowest.rass is not None and lowest.rass < 0:
        yield Line(f"RASS lowest {words.MINUS}{-lowest.rass}, last {_signed(rass[-1].rass)}", lowest.happened_at)
    newest = {sign: one for one in observations for sign in one.also_seen}
    yield from (Line(f"also seen: {sign.words}", last.happened_at) for sign, last in newest.items())


def _signed(rass: int | None) -> str:
    return "0" if not rass else f"+{rass}" if rass > 0 else f"{words.MINUS}{-rass}"


def _clock(one: Observation, centre: Centre) -> str:
    return words.clock(clock.local(centre, one.happened_at))


def _doses(answers: Sequence[DoseAnswer]) -> Iterable[Line]:
    """What was given as needed, and each dose that was not given; the others as a number."""
    as_needed = [one for one in answers if one.was_given and one.order is not None and one.order.kind == "prn"]
    for one in as_needed:
        assert one.order is not None
        yield Line(f"as needed: {one.given} for {one.order.prn_reason}, {_helped(one)}", one.happened_at)
    for one in answers:
        if not one.was_given:
            why = f": {one.get_reason_display()}" if one.reason else ""
            yield Line(f"{one.get_outcome_display()}: {one.medicine_name}{why}", one.due_at, "late")
    regular = sum(one.was_given for one in answers) - len(as_needed)
    if regular:
        yield Line(f"{regular} regular {'dose' if regular == 1 else 'doses'} given")


def _helped(answer: DoseAnswer) -> str:
    return answer.recheck.get_helped_display() if hasattr(answer, "recheck") else "re-check not recorded yet"
