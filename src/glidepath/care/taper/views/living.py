"""The page of a taper that runs: what to do with it, its steps, what is said about it, and the symptom review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from glidepath.care.taper import batch_queries, batches, day_reviews, planning, protocols, queries, shown
from glidepath.care.taper.batch_queries import BatchNow
from glidepath.care.taper.forms import ReviewForm
from glidepath.care.taper.models import Plan, SymptomReview, Version
from glidepath.care.taper.queries import Running
from glidepath.care.taper.rows import chosen_of, findings_of
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with the taper; `why_not` says why it cannot be done now."""

    key: str
    title: str
    words: str
    icon: str
    address: str
    why_not: str = ""


def living_page(request: HttpRequest, person: Person, plan: Plan, *, form: ReviewForm | None = None) -> HttpResponse:
    viewer = signed_in(request)
    versions = queries.versions(plan)
    newest = versions[0]
    known = queries.tapers([person])
    running = queries.running([person], known=known).get(person.pk)
    whole = as_plan(newest, [one.step_number for one in newest.releases.all()])
    batch = batch_queries.batch_now(person, running) if newest.protocol else None
    context: dict[str, Any] = {
        "person": person,
        "plan": plan,
        "newest": newest,
        "versions": versions,
        "running": running,
        "read": {"running": running},
        "awaited": newest.effective_at > clock.now(),
        "acts": acts(viewer, person, newest, running, batch),
        "other_acts": other_acts(viewer, person, running),
        "protocol": protocols.name_of(newest.protocol) if newest.protocol else "",
        "batch": batch,
        "conditions": shown.conditions(batch.conditions) if batch else (),
        "days": batch_queries.day_reviews(plan)[:5] if batch else (),
        "why_not_today": day_reviews.why_not_today(person, batch, running) if batch else "",
        "table": shown.step_table(
            whole,
            now=running.step.number if running else None,
            on_hold=newest.on_hold,
            history=planning.history_of(person, known),
        ),
        "end": whole.steps[-1].start if whole.complete else None,
        "supply": shown.pieces(supply_needed(whole, clock.today(person.centre), planning.SUPPLY_DAYS)),
        "chosen": chosen_of(newest),
        "findings": findings_of(newest.findings),
        "tables": shown.equivalences(whole.steps[0].daily(), named=newest.table),
        "reviews": queries.reviews(plan)[:5],
        "form": form or ReviewForm(initial={"once": uuid4().hex}),
    }
    status = 422 if form is not None and form.errors else 200
    return pages.page(request, "taper/plan.html", context, action="taper.read", person=person, status=status)


def acts(
    viewer: Staff, person: Person, newest: Version, running: Running | None, batch: BatchNow | None = None
) -> tuple[Act, ...]:
    """Everything that can be done with a running taper, each with the reason why not, where it cannot be done now."""
    present = "the present dose goes on, no cuts"
    not_by = "" if may(viewer, "taper.change") else "a prescriber does this"
    early = "" if running else "the plan begins with its first dose"
    held = "on hold: resume it instead" if newest.on_hold else ""
    turn = (
        Act("resume", "Resume", "go on, more slowly than before", "release", "", not_by or early)
        if newest.on_hold
        else Act("hold", "Hold", present, "pause", "", not_by or early)
    )
    done = "nothing is taken any more" if running and not running.daily else ""
    first = "no earlier dose to go back to" if running and running.step.number == 1 else ""
    listed = (
        turn,
        Act("slow", "Slow", "smaller or later steps", "slow", "", not_by or early or held),
        Act("step_back", "Step back", "to the last dose that was borne well", "back", "", not_by or early or first),
        Act("switch", "Switch", "to a longer-acting medicine, dose by dose", "right", "", not_by or early or done),
        Act("amend", "Amend", "goal, pace, table, times, steps", "pen", "", not_by or early or done),
        _by_protocol(viewer, person, newest, running, batch)
        if newest.protocol and not newest.on_hold
        else _release(viewer, newest, running),
    )
    return tuple(_addressed(one, person) for one in listed)


def other_acts(viewer: Staff, person: Person, running: Running | None) -> tuple[Act, ...]:
    """What is seldom done with a running taper; nothing for who may not, or while nothing is taken."""
    if not may(viewer, "taper.change") or running is None or not running.daily:
        return ()
    listed = (
        Act("return", "Return after absence", "", "back", ""),
        Act("supply", "Change of product supply", "", "pill", ""),
        Act("bridge", "Bridging plan", "", "door", ""),
    )
    return tuple(_addressed(one, person) for one in listed)


def _addressed(act: Act, person: Person) -> Act:
    address = reverse(f"taper:{act.key}", args=[person.public_id])
    return Act(act.key, act.title, act.words, act.icon, address, act.why_not)


def _release(viewer: Staff, newest: Version, running: Running | None) -> Act:
    following = running.following if running else None
    title = f"Release step {following.number}" if following else "Release"
    words = f"from {shown.day(following.start)}" if following else ""
    return Act("release", title, words, "release", "", why_not_release(viewer, newest, running))


def _by_protocol(
    viewer: Staff, person: Person, newest: Version, running: Running | None, batch: BatchNow | None
) -> Act:
    """In place of the release: the batch that two sign, then each day's review."""
    if batch is None or batch.ended:
        not_by = "" if may(viewer, "taper.release") else "a prescriber does this, with a second signature"
        why = batches.why_not_batch(person, newest, running)
        return Act("batch", "Sign a batch", "of daily cuts, by two", "release", "", not_by or why)
    not_by = "" if may(viewer, "taper.day_review") else "a physician or a nurse does this"
    step = batch.following.number if batch.following else ""
    why = day_reviews.why_not_today(person, batch, running)
    return Act("day", "Today’s review", f"then step {step} begins", "release", "", not_by or why)


def why_not_release(viewer: Staff, newest: Version, running: Running | None) -> str:
    if not may(viewer, "taper.release"):
        return "a prescriber does this"
    if running is None:
        return "the plan begins with its first dose"
    if newest.on_hold:
        return "on hold: resume first"
    if newest.protocol:
        return "by a rapid protocol: its batch and each day’s review release its steps"
    if running.following is None:
        return "there is no step left"
    if running.following_released:
        return f"released already, begins {shown.day(running.following.start)}"
    if running.review is None:
        since = clock.local(newest.plan.person.centre, running.since).date()
        return f"needs a symptom review since {shown.day(since)}"
    if running.review.decision != SymptomReview.Decision.GO_ON:
        return f"the last review decided: {running.review.get_decision_display()}"
    return ""
