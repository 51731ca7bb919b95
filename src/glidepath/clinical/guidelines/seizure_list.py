"""Who risks a seizure in withdrawal, factor by factor: yes, no or not known, with the person's numbers and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import Acting, Seen, dependence_table, rule, seizure_factors, source
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import any_of
from glidepath.clinical.guidelines.wording import listed, mg, months


@dataclass(frozen=True, slots=True)
class Reported:
    """What is taken as told. daily: mg a day by medicine, of those whose amount is known.

    names: every medicine told, by generic name or as it was called. complete: of each the amount is known, and at
    least one was told. Where it is not, `daily` is the least that can be: it may show a high dose, never a low one.
    """

    daily: Mapping[str, Dose]
    names: tuple[str, ...]
    complete: bool

    def diazepam(self, formulary: Formulary) -> Fraction | None:
        """mg of diazepam a day by the highest table, of what is known; None where no table covers it."""
        return dde_max(self.daily, formulary=formulary) if self.daily else None

    def over(self, limit: Fraction, formulary: Formulary) -> bool | None:
        """Whether more than `limit` mg of diazepam a day is taken; None where what is known cannot say."""
        found = self.diazepam(formulary)
        if found is not None and found > limit:
            return True
        return False if self.complete and found is not None else None


@dataclass(frozen=True, slots=True)
class SeizureRisk:
    """One line of the list. answer: None where it is not known. detail: the person's own numbers, or what is open."""

    key: str
    words: str
    answer: bool | None
    detail: str
    source: str
    note: str


Answer = tuple[bool | None, str]


def seizure_list(facts: PersonFacts, reported: Reported, *, formulary: Formulary) -> tuple[SeizureRisk, ...]:
    """Every factor that a source names, in the facts' order. What is unverified is not among them."""
    answers: Mapping[str, Callable[[], Answer]] = {
        "abrupt_stop": lambda: (facts.stopped_without_taper, ""),
        "high_dose": lambda: _dose(reported, formulary),
        "long_use": lambda: _long(facts.use_months),
        "short_acting": lambda: _short(reported.names, formulary),
        "past_seizure": lambda: (facts.past_seizure, ""),
        "past_withdrawal": lambda: (facts.past_withdrawal_complicated, ""),
        "alcohol_or_sedatives": lambda: _with_others(facts),
        "flumazenil": lambda: (facts.flumazenil_given, ""),
    }
    shown = [one for one in seizure_factors() if one.seen is not Seen.UNVERIFIED]
    found = {one.key: answers[one.key]() for one in shown}
    return tuple(
        SeizureRisk(
            key=one.key,
            words=one.words,
            answer=found[one.key][0],
            detail=found[one.key][1],
            source="; ".join(source(key).title for key in one.sources),
            note=one.note or "",
        )
        for one in shown
    )


def seizure_risk_high(risks: tuple[SeizureRisk, ...]) -> bool | None:
    """The flag: high where one factor is present; not known while one is open; else no."""
    return any_of(*(one.answer for one in risks))


def _dose(reported: Reported, formulary: Formulary) -> Answer:
    limit = Fraction(dependence_table().moderate_at_most_mg)
    found, over = reported.diazepam(formulary), reported.over(limit, formulary)
    if found is None:
        return None, "the daily dose, or its diazepam equivalent, is not known"
    least = "" if reported.complete else "at least "
    return over, f"{least}{mg(found, against=limit)} of diazepam equivalent a day; high is over {mg(limit)}"


def _long(used: Decimal | None) -> Answer:
    since = rule("FAC-LONG").value("months_from")
    if used is None:
        return None, ""
    return used >= since, f"{months(used)}; counted as long from {months(since)}"


def _short(names: tuple[str, ...], formulary: Formulary) -> Answer:
    acting = {name: _acting(name, formulary) for name in names}
    short = [name for name, found in acting.items() if found is Acting.SHORT]
    if short:
        return True, listed(short)
    unknown = [name for name, found in acting.items() if found is Acting.UNKNOWN]
    if unknown or not names:
        return None, f"how long {listed(unknown)} acts is not known" if unknown else "no medicine is recorded"
    return False, listed(tuple(acting))


def _acting(name: str, formulary: Formulary) -> Acting:
    try:
        return formulary.find(name).acting
    except UnknownMedicine:
        return Acting.UNKNOWN


def _with_others(facts: PersonFacts) -> Answer:
    present = {"dependence on alcohol": facts.alcohol_dependent, "other sedatives": facts.other_sedatives}
    return any_of(*present.values()), listed([words for words, is_so in present.items() if is_so])
