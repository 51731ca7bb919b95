"""FAC-TOGETHER, FAC-CHANGE, FAC-UNKNOWN: other medicines that move the level of what the person takes.

Starting what lowers a level, or stopping what raises it, is a hidden cut; the reverse is a hidden rise. What nobody has
on file is said to be so, and is never read as "no interaction".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import Interaction, Level, interactions, rule, source
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.case import Change, OtherMedicine
from glidepath.clinical.guidelines.wording import listed

MOVES = {
    Level.RAISES: "raises the level",
    Level.LOWERS: "lowers the level",
    Level.BOTH: "first raises and later lowers the level",
}
HAPPENS = {Change.TAKEN: "", Change.STARTS: ", and it starts", Change.STOPS: ", and it stops"}


def check_other_medicines(
    others: Sequence[OtherMedicine], *, daily: Mapping[str, Dose] | None, formulary: Formulary
) -> tuple[Finding, ...]:
    """Every interaction on file between `others` and what is taken. `daily`: mg a calendar day, None: not known."""
    taken = tuple(daily or ())
    known = [
        _finding(other, medicine, found)
        for other in others
        for medicine in taken
        for found in _between(other, formulary.find(medicine).key)
    ]
    return (*known, *_nothing_on_file(others, taken, formulary))


def raises_level(others: Iterable[OtherMedicine], *, of: Iterable[str], formulary: Formulary) -> bool:
    """Whether one of `others` that is not stopping is known to raise the level of a medicine in `of` (names)."""
    going_on = [other for other in others if other.change is not Change.STOPS]
    return any(
        found.level is not Level.LOWERS
        for medicine in of
        for other in going_on
        for found in _between(other, formulary.find(medicine).key)
    )


def _between(other: OtherMedicine, medicine: str) -> Iterator[Interaction]:
    name = other.name.strip().lower()
    return (found for found in interactions(medicine) if name in found.agents)


def _finding(other: OtherMedicine, medicine: str, found: Interaction) -> Finding:
    code, do = _what_to_do(other, found)
    name = other.name.strip()
    said = rule(code).finding(
        message=f"{name[:1].upper()}{name[1:]} {MOVES[found.level]} of {medicine} ({found.effect})"
        f"{HAPPENS[other.change]}.",
        do=do,
    )
    return replace(said, source=f"{said.source}: {source(found.source).title}")


def _what_to_do(other: OtherMedicine, found: Interaction) -> tuple[str, str]:
    """The rule that speaks, and its advice."""
    if other.change is Change.TAKEN:
        return "FAC-TOGETHER", "Keep it as it is during the taper; starting or stopping it is a hidden change of dose."
    if found.level is Level.BOTH:
        return "FAC-CHANGE", "A hidden change of dose, first one way, then the other. Make no cut meanwhile, and watch."
    is_a_cut = (found.level is Level.LOWERS) == (other.change is Change.STARTS)
    what = "A hidden cut: make no other at the same time, and look for withdrawal."
    if not is_a_cut:
        what = "A hidden rise: look for drowsiness before each dose."
    return "FAC-CHANGE", f"{what} When it has arrived in full is not known."


def _nothing_on_file(
    others: Sequence[OtherMedicine], taken: tuple[str, ...], formulary: Formulary
) -> tuple[Finding, ...]:
    named = [other for other in others if not _is_one_of_ours(other.name, formulary)]
    pairs = []
    for medicine in taken:
        key = formulary.find(medicine).key
        unknown = [other.name.strip() for other in named if not any(_between(other, key))]
        if unknown:
            pairs.append(f"{medicine} with {listed(list(dict.fromkeys(unknown)))}")
    if not pairs:
        return ()
    return (
        rule("FAC-UNKNOWN").finding(
            message=f"Nothing verified is on file about {'; nor about '.join(pairs)}.",
            do="That does not mean there is no interaction: ask the pharmacist.",
        ),
    )


def _is_one_of_ours(name: str, formulary: Formulary) -> bool:
    """Another benzodiazepine or Z-drug: counted in the sedative load, not here."""
    try:
        formulary.find(name)
    except UnknownMedicine:
        return False
    return True
