"""What stands in a person's banner, from every room that knows a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from glidepath.care.taper import queries as taper
from glidepath.care.taper.queries import Running
from glidepath.clinical.amounts import plain
from glidepath.faces.shell.banner import Banner, Fact, Flag, bare
from glidepath.faces.ward.about import Chart
from glidepath.faces.ward.flags import flags_of
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import InBed, bed_of, current_episode
from glidepath.record.people import queries as people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may


def banner(request: HttpRequest, person: Person, read: Mapping[str, Any]) -> Banner:
    """read: `running`, the step in force or None, `episode`, the current one or None, and `values`, the newest of
    monitoring, where a page has them."""
    running = read["running"] if "running" in read else taper.running([person]).get(person.pk)
    episode = read["episode"] if "episode" in read else current_episode(person)
    facts = _facts(person, bed_of(person), episode, running)
    flags = flags_of([person], seen=read.get("values"), episodes=_by_person(episode))[person.pk]
    return bare(person, facts=facts, allergies=_allergies(person), flags=_with_address(request, person, flags))


def banner_of(request: HttpRequest, chart: Chart) -> Banner:
    """The same banner, of a person whose chart is read already."""
    person = chart.person
    facts = _facts(person, chart.bed, chart.episode, chart.running)
    flags = flags_of([person], seen=chart.seen, episodes=chart.episodes)[person.pk]
    return bare(person, facts=facts, allergies=_allergies(person), flags=_with_address(request, person, flags))


def _with_address(request: HttpRequest, person: Person, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """The flag of suicide leads to its page, for whom it is open."""
    if not isinstance(request.user, Staff) or not may(request.user, "safety.read"):
        return flags
    there = reverse("safety:person", args=[person.public_id])
    return tuple(replace(one, address=there) if one.name == "suicide" else one for one in flags)


def _by_person(episode: Episode | None) -> dict[int, Episode]:
    return {episode.person_id: episode} if episode else {}


def _facts(person: Person, bed: InBed | None, episode: Episode | None, running: Running | None) -> tuple[Fact, ...]:
    found = [Fact("Bed", str(bed.bed) if bed else "none")]
    if episode is not None and episode.admitted_at is not None and episode.left_at is None:
        days = (clock.today(person.centre) - clock.local(person.centre, episode.admitted_at).date()).days
        found.append(Fact("Day of stay", str(days)))
    elif episode is not None:
        found.append(Fact("Stage", episode.get_stage_display()))
    found.append(Fact("Taper", daily_in_words(running)))
    if running is not None:
        found.append(Fact("Step", step_in_words(running)))
    return tuple(found)


def daily_in_words(running: Running | None) -> str:
    """ "20 mg a day, diazepam"."""
    if running is None:
        return "no plan yet"
    doses = running.daily.values()
    return " + ".join(f"{plain(dose.mg)} mg a day, {dose.medicine}" for dose in doses) or "zero"


def step_in_words(running: Running) -> str:
    if running.on_hold:
        return f"{running.step.number}, on hold"
    if running.following is None:
        return f"{running.step.number}, the last"
    when = f"{running.following.start.day} {running.following.start:%b}"
    if running.following_released:
        return f"{running.step.number}, next from {when}"
    return f"{running.step.number}, review before {when}"


def _allergies(person: Person) -> tuple[str, ...] | None:
    known = people.allergies(person)
    if known.state == "not_asked":
        return None
    return tuple(f"{one.substance}: {one.reaction}" if one.reaction else one.substance for one in known.known)
