"""Reads of forms: what is open, what was filled in, what it said. A form that was set aside counts nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404

from glidepath.care.alarms.models import Alarm
from glidepath.care.instruments.catalogue import instrument_of, offered, own_of, packs_of
from glidepath.care.instruments.kept import about_of, score_of
from glidepath.care.instruments.models import (
    AskedFor,
    Form,
    FormClosed,
    FormLink,
    FormReviewed,
    FormSetAside,
    GivenAnswer,
    RaisedAlert,
)
from glidepath.care.instruments.replay import filling
from glidepath.clinical.instruments.filling import Filling
from glidepath.clinical.instruments.score import Score
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.models import Episode, Stage, StageChange
from glidepath.record.episodes.queries import current_episode, current_episodes
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared

__all__ = [
    "Finished",
    "Result",
    "answers_to",
    "asked_for",
    "changed_since",
    "closing_of",
    "ending_of",
    "filling_of",
    "finished",
    "form_for",
    "form_of",
    "given_to",
    "history",
    "known_sex",
    "last_answers",
    "level_changes",
    "links_of",
    "offered",
    "open_forms",
    "own_limits",
    "raised_by",
    "raised_for",
    "raised_in",
    "result_of",
    "results",
    "set_aside_of",
    "switched_on",
]

LEVELS = (Stage.ADMITTED, Stage.DISCHARGED, Stage.AFTERCARE)  # to enter one changes the level of care

LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)  # before any record


@dataclass(frozen=True, slots=True)
class Result:
    """A form that is done. at: when it was finished; day: the centre's calendar day of that."""

    form: Form
    closing: FormClosed
    score: Score
    day: dt.date

    @property
    def instrument(self) -> str:
        return self.form.instrument

    @property
    def version(self) -> str:
        return self.form.version

    @property
    def at(self) -> dt.datetime:
        return self.closing.happened_at

    @property
    def reviews(self) -> list[FormReviewed]:
        """Who has read it, the first first."""
        return sorted(self.form.reviews.all(), key=lambda one: one.pk)


def form_of(pk: int) -> Form:
    """The form with what it takes to read it, and how it ended. Raises Form.DoesNotExist."""
    for form in _form_of(pk):
        return form
    raise Form.DoesNotExist(f"There is no form {pk}.")


@prepared
def _form_of(pk: int) -> QuerySet[Form]:
    return _forms().select_related("closing__recorded_by", "set_aside__recorded_by").filter(pk=pk)


def form_for(person: Person, public_id: UUID | str) -> Form:
    """This person's form under this address. Raises Http404."""
    form = _forms().filter(person=person, public_id=public_id).first()
    if form is None:
        raise Http404("this person has no such form")
    return form


def filling_of(form: Form, *, closed_at: int | None = None) -> Filling:
    """The form with every answer, and all that was ever called for. closed_at: only answers up to this number."""
    given = given_to(form)
    rows = given if closed_at is None else [row for row in given if row.number <= closed_at]
    return filling(form, rows, raised_in(form))


def given_to(form: Form) -> list[GivenAnswer]:
    """Each answer as it was given, the oldest first."""
    return _given_to(form)


@prepared
def _given_to(form: Form) -> QuerySet[GivenAnswer]:
    return GivenAnswer.objects.filter(form=form).select_related("recorded_by").order_by("number")


def raised_in(form: Form) -> list[RaisedAlert]:
    """Everything that was called for while this form was filled, the oldest first."""
    if not instrument_of(form).alerts:
        return []
    return _raised_in(form)


@prepared
def _raised_in(form: Form) -> QuerySet[RaisedAlert]:
    return RaisedAlert.objects.filter(form=form).select_related("alarm", "answer").order_by("pk")


def raised_by(answer: GivenAnswer) -> tuple[RaisedAlert, ...]:
    return tuple(RaisedAlert.objects.filter(answer=answer).select_related("alarm").order_by("pk"))


def raised_for(alarm: Alarm) -> list[RaisedAlert]:
    """Every answer that this alarm came from or that joined it, the oldest first, with its form and who wrote it."""
    rows = RaisedAlert.objects.filter(alarm=alarm).select_related("form", "answer__recorded_by", "answer__form")
    return list(rows.order_by("answer__happened_at", "pk"))


def changed_since(raised: Sequence[RaisedAlert]) -> dict[int, GivenAnswer]:
    """The newest later answer to the same item, by the id of what was raised; unchanged: left out. One query."""
    rows = GivenAnswer.objects.filter(form__in={one.form_id for one in raised}).select_related("recorded_by")
    newest = {(row.form_id, row.item): row for row in rows.order_by("number")}
    later = {one.pk: newest[one.form_id, one.answer.item] for one in raised}
    return {one.pk: later[one.pk] for one in raised if later[one.pk].number > one.answer.number}


def ending_of(form: Form) -> tuple[FormSetAside | None, FormClosed | None]:
    """How a form that was just read by `form_of` ended: set aside, and done; no query of its own."""
    return getattr(form, "set_aside", None), getattr(form, "closing", None)


def closing_of(form: Form) -> FormClosed | None:
    return FormClosed.objects.filter(form=form).select_related("recorded_by").first()


def set_aside_of(form: Form) -> FormSetAside | None:
    return FormSetAside.objects.filter(form=form).select_related("recorded_by").first()


def own_limits(person: Person, instrument: str) -> dict[str, Decimal]:
    """The limits the person set for themselves, by item, as their last form of this instrument had them."""
    last = next(iter(_last_form(person, instrument)), None)
    return {} if last is None else dict(about_of(last.about).own_limits)


@prepared
def _last_form(person: Person, instrument: str) -> QuerySet[Form]:
    rows = Form.objects.filter(person=person, instrument=instrument, set_aside__isnull=True)
    return rows.order_by("-happened_at", "-pk")[:1]


def known_sex(person: Person) -> str:
    """The sex an earlier form's bands were read with: asked once, then proposed; empty where nobody said."""
    kept = Form.objects.filter(person=person, set_aside__isnull=True, about__has_key="sex")
    last = kept.order_by("-happened_at", "-pk").first()
    return "" if last is None else str(last.about["sex"])


def result_of(form: Form) -> Result | None:
    """The result of a form that is done; None while it is open."""
    closing = closing_of(form)
    return None if closing is None else _result(form, closing)


def open_forms(person: Person) -> list[Form]:
    """Forms that are neither done nor set aside, the newest first, each with `answers`: how many were given."""
    rows = _forms().filter(person=person, closing__isnull=True, set_aside__isnull=True)
    return list(rows.annotate(answers=Count("given")).order_by("-happened_at", "-pk"))


def results(
    people: Sequence[Person], *, instruments: Sequence[str] = (), since: dt.datetime | None = None
) -> dict[int, list[Result]]:
    """What was filled in, by person id, the oldest first, in one query; who has none is missing.

    Whole and partial ones: ask `score.complete`. Never compare two of another version or language.
    """
    asked = {one.pk: one for one in people}
    from_when = since or LONG_AGO
    rows = _closed_of(asked, instruments, from_when) if instruments else _all_closed(asked, from_when)
    found: dict[int, list[Result]] = {}
    for row in rows:
        row.form.person = asked[row.form.person_id]
        row.form.centre = row.form.person.centre
        found.setdefault(row.form.person_id, []).append(_result(row.form, row))
    return found


@prepared
def _all_closed(people: Many[int], since: dt.datetime) -> QuerySet[FormClosed]:
    return _closed().filter(form__person__in=people, happened_at__gte=since)


@prepared
def _closed_of(people: Many[int], instruments: Many[str], since: dt.datetime) -> QuerySet[FormClosed]:
    return _closed().filter(form__person__in=people, form__instrument__in=instruments, happened_at__gte=since)


def _closed() -> QuerySet[FormClosed]:
    related = ("recorded_by", "form__recorded_by", "form__own", "form__pack__recorded_by")
    rows = FormClosed.objects.filter(form__set_aside__isnull=True)
    return rows.select_related(*related).prefetch_related("form__reviews__recorded_by").order_by("happened_at", "pk")


def history(person: Person) -> list[Result]:
    """Everything this person's forms say, the newest first."""
    return results([person]).get(person.pk, [])[::-1]


def last_answers(form: Form) -> dict[str, GivenAnswer]:
    """What stood at the end of this person's last form of the same instrument, version and language, by item."""
    earlier = (
        Form.objects.filter(
            person_id=form.person_id, instrument=form.instrument, version=form.version, language=form.language,
            closing__isnull=False, set_aside__isnull=True, closing__happened_at__lte=form.happened_at,
        )
        .exclude(pk=form.pk)
        .select_related("closing")
        .order_by("-closing__happened_at", "-pk")
        .first()
    )  # fmt: skip
    if earlier is None:
        return {}
    rows = [row for row in given_to(earlier) if row.number <= earlier.closing.last_number]
    return {row.item: row for row in rows}


def answers_to(person: Person, items: Collection[tuple[str, str]], *, but: Form | None = None) -> list[GivenAnswer]:
    """Of these items (instrument, item) the newest answer of the stay that goes on, the oldest first; in one query.

    A form that was set aside counts nowhere. but: the form that is being filled in.
    """
    episode = current_episode(person)
    rows = _answers_of(episode, {key for key, _ in items}) if episode is not None else []
    newest: dict[tuple[str, str], GivenAnswer] = {}
    for row in rows:
        if (row.form.instrument, row.item) in items and (but is None or row.form_id != but.pk):
            newest[row.form.instrument, row.item] = row
    return [row for row in newest.values() if row.answer]


@prepared
def _answers_of(episode: Episode, instruments: Many[str]) -> QuerySet[GivenAnswer]:
    rows = GivenAnswer.objects.filter(form__episode=episode, form__instrument__in=instruments)
    standing = rows.filter(form__set_aside__isnull=True)
    named = standing.select_related("form__centre", "form__own", "form__pack", "recorded_by")
    return named.order_by("happened_at", "pk")


@dataclass(frozen=True, slots=True)
class Finished:
    """A form that was filled in whole. day: the one it speaks for; at: when it was finished."""

    instrument: str
    day: dt.date
    band: str
    at: dt.datetime


def finished(people: Sequence[Person]) -> Mapping[int, Sequence[Finished]]:
    """Forms filled in whole, by person id, the oldest first, in one query and without their scores."""
    rows = FormClosed.objects.filter(form__person__in=people, form__set_aside__isnull=True, complete=True)
    values = rows.order_by("happened_at", "pk").values_list(
        "form__person_id", "form__instrument", "happened_at", "covers_last", "band"
    )
    centres = {person.pk: person.centre for person in people}
    found: dict[int, list[Finished]] = {}
    for person_id, key, at, covers_last, band in values:
        day = covers_last or clock.local(centres[person_id], at).date()
        found.setdefault(person_id, []).append(Finished(key, day, band, at))
    return found


def level_changes(episodes: Iterable[Episode]) -> Mapping[int, list[dt.datetime]]:
    """When each episode came to another level of care, by episode id."""
    rows = StageChange.objects.filter(episode__in=list(episodes), stage__in=LEVELS, superseded_by__isnull=True)
    found: dict[int, list[dt.datetime]] = {}
    for episode_id, at in rows.order_by("happened_at", "pk").values_list("episode_id", "happened_at"):
        found.setdefault(episode_id, []).append(at)
    return found


def asked_for(people: Sequence[Person]) -> dict[int, frozenset[str]]:
    """For the due list, by person id: what a clinician asks for in the episode that goes on, in two queries."""
    episodes = {one.pk for one in current_episodes(people).values()}
    newest: dict[tuple[int, str], bool] = {}
    for row in AskedFor.objects.filter(episode__in=episodes).order_by("recorded_at", "pk"):
        newest[row.person_id, row.instrument] = row.wanted
    found: dict[int, set[str]] = {}
    for (person_id, key), wanted in newest.items():
        if wanted:
            found.setdefault(person_id, set()).add(key)
    return {person_id: frozenset(keys) for person_id, keys in found.items()}


def switched_on(centre: Centre) -> frozenset[str]:
    """For the due list: the instruments whose terms the centre confirmed, or that it defined itself."""
    return frozenset(packs_of(centre)) | frozenset(own_of(centre))


def links_of(forms: Sequence[Form]) -> dict[int, FormLink]:
    """The newest link of each form, by form id."""
    rows = (
        FormLink.objects.filter(form__in=[one.pk for one in forms]).select_related("made_by").order_by("made_at", "pk")
    )
    return {row.form_id: row for row in rows}


@prebuilt
def _forms() -> QuerySet[Form]:
    return Form.objects.select_related("person__centre", "centre", "recorded_by", "own", "pack__recorded_by", "episode")


def _result(form: Form, closing: FormClosed) -> Result:
    return Result(form, closing, score_of(closing.score), clock.local(form.centre, closing.happened_at).date())
