"""Which withdrawal scales belong to a person: benzodiazepine, alcohol, opioid, unknown, or several at once.

CIWA-Ar is never scored for benzodiazepine withdrawal alone, COWS never where no opioid is in play: a number from the
wrong scale would look like a measurement. Unknown is asked about; a prescriber may name the scale meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.several_withdrawals import FIRST
from glidepath.clinical.guidelines.wording import listed


class Scale(StrEnum):
    """The withdrawal scales of the bedside, by their key in the facts."""

    CIWA_B = "ciwa_b"
    CIWA_AR = "ciwa_ar"
    COWS = "cows"


NAMES: Mapping[Scale, str] = {Scale.CIWA_B: "CIWA-B", Scale.CIWA_AR: "CIWA-Ar", Scale.COWS: "COWS"}
SUBSTANCE: Mapping[Scale, str] = {Scale.CIWA_AR: "alcohol", Scale.COWS: "opioid"}
PLAYS_A_PART: Mapping[Scale, str] = {Scale.CIWA_AR: "alcohol", Scale.COWS: "an opioid"}
# What settles whether a scale belongs to somebody; where none of it is known, this is what to ask.
ASKED: Mapping[Scale, tuple[str, ...]] = {
    Scale.CIWA_AR: ("alcohol_dependent", "alcohol_withdrawal"),
    Scale.COWS: ("opioid_active", "opioid_withdrawal"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """right: the scales that belong to the person. unsettled: those nobody can say of, each with what to ask.

    wrong: those that must not be scored, each with the reason in plain words. findings: POL-2 and POL-4 where two
    withdrawals meet, and what cannot be assessed.
    """

    right: tuple[Scale, ...]
    unsettled: Mapping[Scale, tuple[str, ...]]
    wrong: Mapping[Scale, str]
    findings: tuple[Finding, ...]

    @property
    def kind(self) -> str:
        """ "benzodiazepine", "benzodiazepine and alcohol", or with "unknown" where something is unsettled."""
        known = ["benzodiazepine", *(SUBSTANCE[scale] for scale in self.right if scale in SUBSTANCE)]
        return listed([*known, "unknown"] if self.unsettled else known)


def choose(facts: PersonFacts) -> Choice:
    """The scales for this person, from what was told at the intake. Every person here may withdraw from a
    benzodiazepine, so CIWA-B always belongs; whether it can be scored now is the question before it (DEL-2)."""
    present = {Scale.CIWA_AR: _alcohol(facts), Scale.COWS: _opioid(facts)}
    right = (Scale.CIWA_B, *(scale for scale, there in present.items() if there))
    unsettled = {scale: facts.unknown(*ASKED[scale]) for scale, there in present.items() if there is None}
    wrong = {scale: _why_wrong(scale) for scale, there in present.items() if there is False}
    return Choice(right, unsettled, wrong, _findings(right, unsettled))


def refusal(scale: Scale, facts: PersonFacts, *, named: bool) -> str:
    """Why `scale` may not be scored for this person now, in words; empty where it may.

    named: a prescriber's observation plan names it, which counts where nobody can say.
    """
    found = choose(facts)
    if scale in found.wrong:
        return found.wrong[scale]
    if scale in found.unsettled and not named:
        return (
            f"Whether {PLAYS_A_PART[scale]} plays a part has not been told, so {NAMES[scale]} may be the wrong scale. "
            "Ask and record it, or let a prescriber name the scale in the observation plan."
        )
    return ""


def inflated(facts: PersonFacts) -> Finding:
    """POL-2, before a CIWA-Ar is scored: here it never stands alone, since a benzodiazepine is in play."""
    beside = "an opioid and a benzodiazepine" if _opioid(facts) else "a benzodiazepine"
    return rule("POL-2").finding(
        message=f"CIWA-Ar beside withdrawal from {beside}: the score may be too high.",
        do="Read it with care. If it rises in spite of treatment, look at the diagnosis again.",
    )


def _alcohol(facts: PersonFacts) -> bool | None:
    return _there(facts.alcohol_withdrawal, facts.alcohol_dependent)


def _opioid(facts: PersonFacts) -> bool | None:
    return _there(facts.opioid_withdrawal, takes_opioid(facts))


def _there(withdrawal: bool | None, use: bool | None) -> bool | None:
    """Withdrawal now settles it; else the use does, and no withdrawal today says nothing of tomorrow."""
    return True if withdrawal else use


def _why_wrong(scale: Scale) -> str:
    if scale is Scale.CIWA_AR:
        return (
            "CIWA-Ar is for alcohol, and no dependence on alcohol was told: it is never scored for benzodiazepine "
            "withdrawal alone. Score CIWA-B; if alcohol plays a part after all, record that first."
        )
    return (
        "COWS is for opioids, and none was told. Score CIWA-B; if an opioid plays a part after all, record that first."
    )


def _findings(right: tuple[Scale, ...], unsettled: Mapping[Scale, tuple[str, ...]]) -> tuple[Finding, ...]:
    found: list[Finding] = []
    others = [SUBSTANCE[scale] for scale in right if scale in SUBSTANCE]
    if others:
        at_once = listed(["benzodiazepine", *others])
        found.append(rule("POL-4").finding(message=f"{at_once.capitalize()} withdrawal may come at once.", do=FIRST))
    elif unsettled:
        found.append(not_assessed("POL-4", tuple(name for names in unsettled.values() for name in names)))
    if Scale.CIWA_AR in right:
        found.append(inflated(PersonFacts(opioid_active=Scale.COWS in right)))
    return tuple(found)
