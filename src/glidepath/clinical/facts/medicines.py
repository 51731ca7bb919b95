"""A medicine as the facts know it: names, marketed forms, half-lives, kinetics, equivalents, cautions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.dosing.plan import Kind
from glidepath.clinical.facts.equivalences import Equivalent
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.settings import ClinicalSettings


class Group(StrEnum):
    BENZODIAZEPINE = "benzodiazepine"
    Z_DRUG = "z-drug"
    DESIGNER = "designer"  # unapproved or illicit: content and potency unknown, never converted, never simulated


class Acting(StrEnum):
    """How long it acts, which sets the watch after a cut."""

    SHORT = "short"
    INTERMEDIATE = "intermediate"
    LONG = "long"
    UNKNOWN = "unknown"


WATCHES = ("watch_days_short", "watch_days_long", "watch_days_unknown")


def watch_days(acting: Acting, settings: ClinicalSettings) -> int:
    """Days of heightened observation after a cut or stop of a medicine that acts so long, as the centre sets them."""
    if acting is Acting.SHORT:
        return settings.watch_days_short
    return settings.watch_days_long if acting in (Acting.LONG, Acting.INTERMEDIATE) else settings.watch_days_unknown


def watches_of(days: int, settings: ClinicalSettings) -> tuple[str, ...]:
    """The names of the settings that say so many days."""
    return tuple(name for name in WATCHES if getattr(settings, name) == days)


@dataclass(frozen=True, slots=True)
class MarketedForm:
    """One form on one market. `strengths_mg`: mg per piece of a solid, or the one mg/mL of a liquid.

    `smallest`: the smallest part of a piece that the label supports (1, 1/2, 1/4); None = not known: whole only until
    the centre's pharmacist allows it by name. For a liquid it is None: the syringe's graduation decides.
    """

    key: str  # stable within the facts: "diazepam/uk/tablet/2"
    medicine: str
    market: str  # "us", "uk", "australia", "canada" ...
    form: str
    kind: Kind
    strengths_mg: tuple[Decimal, ...]
    smallest: Fraction | None
    scored: bool | str | None  # None = not known; text where makers differ
    release: str | None  # "extended", "orally disintegrating", "sublingual" or None for plain
    label_expression: str | None
    note: str | None
    source: str
    seen: Seen
    off_label_division: bool = False
    counted_in_drops: bool = False  # measured as drops only: a syringe does not apply

    @property
    def whole_only(self) -> bool:
        """Whether pieces are given whole: because the label says so, or because nobody knows better."""
        return self.kind is Kind.SOLID and self.smallest in (None, Fraction(1))


@dataclass(frozen=True, slots=True)
class Metabolite:
    """An active metabolite. Figures are None where none was found; `modelled` ones have what a simulation needs."""

    name: str
    half_life_low_h: Decimal | None
    half_life_high_h: Decimal | None
    molar_ratio: Fraction | None  # metabolite to parent
    potency_low: Decimal | None  # effect per ng/mL of plasma, parent = 1
    potency_high: Decimal | None
    note: str | None
    seen: Seen
    fraction: Decimal | None = None  # apparent fraction formed (`fm_apparent`)
    fraction_low: Decimal | None = None
    fraction_high: Decimal | None = None
    clearance_l_h: Decimal | None = None
    half_life_h: Decimal | None = None

    @property
    def modelled(self) -> bool:
        return None not in (self.fraction, self.molar_ratio, self.clearance_l_h, self.half_life_h)


@dataclass(frozen=True, slots=True)
class PKParameters:
    """One consistent one-compartment set for a 70 kg adult, for drawing exposure, never for dosing.

    When `simulated_as` is set the parent is not in the blood: the dose times `prodrug_factor` is given as that species,
    and the figures below are that species' own.
    `clearance_l_h` None: only relative curves are possible (half-life and absorption alone).
    """

    clearance_l_h: Decimal | None  # CL/F
    volume_l: Decimal | None  # V/F as printed; use `volume` for arithmetic
    half_life_h: Decimal
    ka_per_h: Decimal
    lag_h: Decimal
    weight_kg: Decimal
    confidence: str
    basis: str
    source: str
    seen: Seen
    contains_assumption: bool
    volume_is_derived: bool  # V/F follows from CL/F and half-life, or else the half-life from V/F and CL/F
    simulated_as: str | None
    prodrug_factor: Decimal | None
    metabolites: tuple[Metabolite, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SecondCompartment:
    """A published distribution into tissue, for the first hours: per kg of body weight, and the two half-lives in h.

    `bioavailability`: share of a dose by mouth that reaches the blood, the middle of what is published; None = unknown.
    """

    clearance_l_h_kg: Decimal
    central_volume_l_kg: Decimal
    fast_half_life_h: Decimal
    slow_half_life_h: Decimal
    bioavailability: Decimal | None
    source: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Caution:
    """A caution, an interaction or a special population: about whom or what, the finding, its source."""

    about: str
    text: str
    source: str | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Schedule:
    """Controlled-drug class in one country. `value` None = not found."""

    country: str  # "us", "uk"
    value: str | None
    source: str | None
    seen: Seen
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Medicine:
    key: str  # "midazolam_oral": file name and stable id
    name: str  # as shown and as a Dose carries it: "midazolam (oral)"
    generic_name: str  # as the source writes it, salt included
    group: Group
    chemical_class: str
    therapeutic_class: str
    brands: Mapping[str, tuple[str, ...]]  # by region: "us", "uk", "other"
    forms: tuple[MarketedForm, ...]
    half_life_low_h: Decimal | None  # the drug itself, over all figures that are not unverified
    half_life_high_h: Decimal | None
    active_half_life_low_h: Decimal | None  # with its active metabolites
    active_half_life_high_h: Decimal | None
    acting: Acting
    acting_source: str
    acting_seen: Seen
    watch_days: int  # days of heightened observation after a cut or stop, by the facts' defaults
    metabolites: tuple[Metabolite, ...]
    pk: PKParameters | None  # None: must not be simulated
    second_compartment: SecondCompartment | None  # None: its peak must not be shown
    cautions: tuple[Caution, ...]
    controlled: tuple[Schedule, ...]
    equivalents: Mapping[str, Equivalent]  # by table key; empty = no published figure: refuse to convert
    max_daily_mg: tuple[tuple[Decimal, str | None, str | None], ...]  # (mg, note, source) as labels print them
    notes: tuple[str, ...]

    @property
    def is_z_drug(self) -> bool:
        return self.group is Group.Z_DRUG

    @property
    def is_designer(self) -> bool:
        return self.group is Group.DESIGNER

    def usable_equivalents(self) -> Mapping[str, Equivalent]:
        """The figures that may be calculated with, by table key."""
        return {key: figure for key, figure in self.equivalents.items() if figure.usable}

    def marketed_in(self, market: str) -> tuple[MarketedForm, ...]:
        return tuple(form for form in self.forms if form.market == market.lower())
