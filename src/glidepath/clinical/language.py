"""Person-first words: which ones to leave, which to write instead. It suggests and never blocks.

What a person says about themselves stays as they said it; a suggestion is only an offer to whoever is writing.
Sources: NIDA, Words Matter; ONDCP and Shatterproof on stigmatising language; ASAM joint guideline 2025 (dependence is
not addiction).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SUBSTANCE = r"(?:drug|substance|benzo|benzodiazepine|bzd|opioid|opiate|heroin|alcohol|cocaine|pill|polydrug)"


class Concern(StrEnum):
    """What a word gets wrong. BLAME is what a reason for a change of plan may never be (TPR-9)."""

    LABEL = "label"  # it makes the condition the person
    BLAME = "blame"  # it says the person failed, where something happened
    VERDICT = "verdict"  # it judges instead of describing
    VAGUE = "vague"  # it says less than the clinical word


@dataclass(frozen=True, slots=True)
class Wording:
    """One entry: what to look for (a regular expression, any case unless `exact_case`) and what to write instead."""

    avoid: str
    pattern: str
    use: str
    concern: Concern
    exact_case: bool = False

    @property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.pattern, 0 if self.exact_case else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`found` stands in the text from `start` to `end`; `use` is what to write instead."""

    found: str
    use: str
    start: int
    end: int
    concern: Concern


# Longer and more exact entries first: where two overlap, the first one found speaks.
WORDINGS: tuple[Wording, ...] = (
    Wording(
        "benzo addict",
        r"\b(?:benzo(?:diazepine)?|bzd)[ -]addicts?\b",
        "person with physical dependence on a prescribed medicine",
        Concern.LABEL,
    ),
    Wording(
        "addicted baby",
        r"\baddicted (?:baby|babies|infants?|newborns?)\b",
        "baby exposed to benzodiazepines; baby with withdrawal",
        Concern.LABEL,
    ),
    Wording(
        "ex-addict, reformed addict",
        r"\b(?:ex|former|reformed|recovering)[ -]addicts?\b",
        "person in recovery; person in long-term recovery",
        Concern.LABEL,
    ),
    Wording(
        "addict",
        r"\b(?:addicts?|junkies?|junky|druggies?|pill[ -]poppers?)\b",
        "person with a substance use disorder; person who takes benzodiazepines",
        Concern.LABEL,
    ),
    Wording("user", rf"\b{_SUBSTANCE}[ -]users?\b", "person who takes or uses (name the substance)", Concern.LABEL),
    Wording(
        "alcoholic",
        r"\balcoholics?\b(?! (?:drinks?|beverages?|hepatitis|liver|anonymous))",
        "person with alcohol use disorder",
        Concern.LABEL,
    ),
    Wording("substance abuse", r"\bsubstance abuse\b", "substance use disorder", Concern.VERDICT),
    Wording(
        "drug abuse",
        rf"\b{_SUBSTANCE}[ -]abus(?:e|er|ers|ing)\b|\babusers?\b",
        "use; misuse; harmful use; taken other than prescribed",
        Concern.VERDICT,
    ),
    Wording(
        "drug habit, drug problem",
        rf"\b{_SUBSTANCE} (?:habits?|problems?)\b",
        "substance use disorder; dependence",
        Concern.VAGUE,
    ),
    Wording(
        "clean urine, dirty urine",
        r"\b(?:clean|dirty) (?:urines?|tests?|screens?|samples?|UDS|UDT)\b",
        "test negative for …; test positive for … (name the substance)",
        Concern.VERDICT,
    ),
    Wording(
        "clean, dirty (of a person)",
        r"\b(?:(?:is|was|been|got|stay(?:s|ed|ing)?|kept|now) clean\b(?! (?:and dry|dressing|wound))"
        r"|clean (?:for|since)\b|clean and sober\b|clean time\b)",
        "in remission; not using; abstinent",
        Concern.VERDICT,
    ),
    Wording(
        "drug-seeking",
        rf"\b(?:drug|{_SUBSTANCE}|medication|attention)[ -]seeking\b|\bdrug[ -]seekers?\b",
        "asking for relief; reports unmanaged symptoms; describe behaviour and need",
        Concern.VERDICT,
    ),
    Wording("manipulative", r"\bmanipulat(?:ive|or|ors)\b", "describe behaviour and need", Concern.VERDICT),
    Wording(
        "non-compliant",
        r"\bnon[ -]?(?:complian(?:t|ce)|adheren(?:t|ce))\b",
        "did not take because …; unable because …",
        Concern.BLAME,
    ),
    Wording("refused", r"\brefus(?:ed|es|ing|al)\b(?! collection)", "declined; unable because …", Concern.BLAME),
    Wording(
        "failed taper",
        r"\b(?:failed|failing|failure of) (?:the |her |his |their |this )?(?:taper|detox|treatment|"
        r"withdrawal|reduction)\b|\b(?:taper|detox|treatment|reduction) fail(?:ed|ure)\b",
        "taper paused at … mg because …; stopped at … mg because …",
        Concern.BLAME,
    ),
    Wording(
        "uncooperative, unmotivated",
        r"\b(?:un-?cooperative|un-?motivated|lack of motivation)\b",
        "describe what happened and what the person said",
        Concern.BLAME,
    ),
    Wording(
        "relapse",
        r"\brelaps(?:e|es|ed|ing)\b(?! prevention)",
        "returned to use; return of symptoms (keep “relapse” for the meaning the team agreed on)",
        Concern.VAGUE,
    ),
    Wording(
        "opioid substitution",
        r"\bopioid (?:substitution|replacement)\b",
        "medication for opioid use disorder; methadone or buprenorphine treatment",
        Concern.VAGUE,
    ),
    Wording("detoxed (of a person)", r"\bdetox(?:ed|ing|er)?\b", "withdrawal management", Concern.VAGUE),
    Wording("AMA", r"\bAMA\b", "left before the planned date, because …", Concern.BLAME, exact_case=True),
    Wording(
        "absconded",
        r"\babscond(?:ed|s|ing)?\b|\bagainst medical advice\b",
        "left before the planned date, because …",
        Concern.BLAME,
    ),
    Wording(
        "suffers from, victim",
        r"\bsuffer(?:s|ed|ing)? (?:from|with)\b|\bvictims? of (?:addiction|dependence)\b",
        "has; lives with",
        Concern.LABEL,
    ),
    Wording("committed suicide", r"\bcommit(?:s|ted|ting)? suicide\b", "died by suicide", Concern.VERDICT),
    Wording("frequent flyer", r"\bfrequent[ -]fl[iy]ers?\b", "person who has come back", Concern.LABEL),
)


def suggestions(text: str) -> tuple[Suggestion, ...]:
    """What could be said better in `text`, in the order of the text; overlapping finds are reported once."""
    found: list[Suggestion] = []
    for wording in WORDINGS:
        for match in wording.expression.finditer(text):
            start, end = match.span()
            if all(end <= other.start or other.end <= start for other in found):
                found.append(Suggestion(match.group(), wording.use, start, end, wording.concern))
    return tuple(sorted(found, key=lambda suggestion: suggestion.start))


def blame(text: str) -> tuple[Suggestion, ...]:
    """The suggestions that say a person failed, where a reason should say what happened (TPR-9)."""
    return tuple(suggestion for suggestion in suggestions(text) if suggestion.concern is Concern.BLAME)
