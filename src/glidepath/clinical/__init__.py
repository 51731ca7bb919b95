"""What medicine knows, as a library: plan, check, turn and simulate a taper without a server.

    from glidepath.clinical import TaperRequest, formulary, parse_regimen, plan

Every name below is loaded when it is asked for, so that a script which scores a form does not wait for the curves.
Products, limits, kinetic models and facts may be one's own: everything is a value that is handed in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glidepath.clinical.amounts import AmountError, Dose
    from glidepath.clinical.dosing.alternatives import Alternative, Way, alternatives
    from glidepath.clinical.dosing.equivalence import Conversion, Equivalents, convert, equivalents
    from glidepath.clinical.dosing.errors import CannotBeMade, NoPublishedFigure, PlanError, RevisionError
    from glidepath.clinical.dosing.interrupted import Bridge, bridged, resupplied, returned
    from glidepath.clinical.dosing.limits import Limits
    from glidepath.clinical.dosing.plan import (
        Blocked,
        Goal,
        Kind,
        Made,
        PlannedDose,
        Product,
        Setting,
        Shape,
        Step,
        StepState,
        TaperPlan,
    )
    from glidepath.clinical.dosing.ratios import InForce, ratios
    from glidepath.clinical.dosing.redirect import redirect, switch
    from glidepath.clinical.dosing.request import Milestone, TaperRequest, TypedStep
    from glidepath.clinical.dosing.revise import (
        Difference,
        Pace,
        Revision,
        amend,
        hold,
        release,
        resume,
        slow,
        step_back,
    )
    from glidepath.clinical.dosing.schedule import DueDose, OrderInForce, OrderKind, PlanInForce, StepInForce, due
    from glidepath.clinical.dosing.supply import supply_needed
    from glidepath.clinical.dosing.tablets import make, makeable, split_day
    from glidepath.clinical.dosing.taper import plan
    from glidepath.clinical.facts.errors import UnknownMedicine
    from glidepath.clinical.facts.formulary import Formulary
    from glidepath.clinical.facts.load import clinical_settings, formulary, instrument, load_facts
    from glidepath.clinical.facts.medicines import Medicine
    from glidepath.clinical.findings import Finding, Severity, Status
    from glidepath.clinical.guidelines.case import Case, OtherMedicine, Planned
    from glidepath.clinical.guidelines.check_person import check_person
    from glidepath.clinical.guidelines.facts import BadFact, PersonFacts
    from glidepath.clinical.guidelines.missing import firing, group_by_subject, group_missing
    from glidepath.clinical.guidelines.pace_proposals import pace_proposals
    from glidepath.clinical.guidelines.person_factors import person_factors
    from glidepath.clinical.guidelines.release_check import ReleaseProposal, check_release
    from glidepath.clinical.guidelines.taper_check import TaperContext, check_taper
    from glidepath.clinical.instruments.definition import DefinitionError, read_definition
    from glidepath.clinical.instruments.fhir.foreign import Imported, read_questionnaire
    from glidepath.clinical.instruments.fhir.names import QuestionnaireError
    from glidepath.clinical.instruments.fhir.questionnaire import questionnaire
    from glidepath.clinical.instruments.fhir.response import read_response, response
    from glidepath.clinical.instruments.filling import Filling
    from glidepath.clinical.instruments.score import About, AnswersError, BadAnswer, Score
    from glidepath.clinical.instruments.scoring import score
    from glidepath.clinical.instruments.typed import Scored, score_typed
    from glidepath.clinical.monitoring.news2 import News2, news2
    from glidepath.clinical.monitoring.vitals import Vitals
    from glidepath.clinical.pharmacokinetics.adjustments import Adjusted, adjusted
    from glidepath.clinical.pharmacokinetics.concentration import Concentrations, concentration
    from glidepath.clinical.pharmacokinetics.cuts import arrival_of_cuts
    from glidepath.clinical.pharmacokinetics.exposure import DiazepamPerMg, sustained_equivalent
    from glidepath.clinical.pharmacokinetics.fitting import Fitted, ImplausibleLevel, PlasmaLevel, own_clearance
    from glidepath.clinical.pharmacokinetics.from_facts import diazepam_per_mg, model_of, models_of
    from glidepath.clinical.pharmacokinetics.history import AssumedSteady, DoseHistory, assumed_steady
    from glidepath.clinical.pharmacokinetics.illustration import illustrative_equal_occupancy_steps
    from glidepath.clinical.pharmacokinetics.model import Metabolite, NotModelled, OneCompartment, PharmacokineticsError
    from glidepath.clinical.pharmacokinetics.population import Bands, PersonBand, band_of_one, population_bands
    from glidepath.clinical.pharmacokinetics.two_compartments import two_compartments_of
    from glidepath.clinical.planfile.checking import Judged, check
    from glidepath.clinical.planfile.due import due_doses
    from glidepath.clinical.planfile.errors import PlanFileError
    from glidepath.clinical.planfile.facts_file import read_facts
    from glidepath.clinical.planfile.histories import histories_of_regimen, histories_of_steps
    from glidepath.clinical.planfile.making import plan_file
    from glidepath.clinical.planfile.read import Written, read, read_written
    from glidepath.clinical.planfile.saying import exit_code, said_of
    from glidepath.clinical.planfile.schedule_csv import read_csv, write_csv
    from glidepath.clinical.planfile.schema import plan_schema
    from glidepath.clinical.planfile.shelf import marketed, parse_stock
    from glidepath.clinical.planfile.turning import Turn, TurnedPlan, turn
    from glidepath.clinical.planfile.values import PlanFile, PlanSettings, Region, Split, Turned, request_of
    from glidepath.clinical.planfile.write import as_json, write
    from glidepath.clinical.regimen import Regimen, RegimenError, parse_goal, parse_regimen, regimen_of

_PLACES = {
    "dosing.interrupted": (
        "Bridge",
        "bridged",
        "resupplied",
        "returned",
    ),
    "pharmacokinetics.adjustments": (
        "Adjusted",
        "adjusted",
    ),
    "pharmacokinetics.cuts": ("arrival_of_cuts",),
    "pharmacokinetics.fitting": (
        "Fitted",
        "ImplausibleLevel",
        "PlasmaLevel",
        "own_clearance",
    ),
    "pharmacokinetics.illustration": ("illustrative_equal_occupancy_steps",),
    "pharmacokinetics.two_compartments": ("two_compartments_of",),
    "amounts": (
        "AmountError",
        "Dose",
    ),
    "dosing.equivalence": (
        "Conversion",
        "Equivalents",
        "convert",
        "equivalents",
    ),
    "dosing.errors": (
        "CannotBeMade",
        "NoPublishedFigure",
        "PlanError",
        "RevisionError",
    ),
    "dosing.limits": ("Limits",),
    "dosing.plan": (
        "Blocked",
        "Goal",
        "Kind",
        "Made",
        "PlannedDose",
        "Product",
        "Setting",
        "Shape",
        "Step",
        "StepState",
        "TaperPlan",
    ),
    "dosing.ratios": (
        "InForce",
        "ratios",
    ),
    "dosing.redirect": (
        "redirect",
        "switch",
    ),
    "dosing.request": (
        "Milestone",
        "TaperRequest",
        "TypedStep",
    ),
    "dosing.revise": (
        "Difference",
        "Pace",
        "Revision",
        "amend",
        "hold",
        "release",
        "resume",
        "slow",
        "step_back",
    ),
    "dosing.schedule": (
        "DueDose",
        "OrderInForce",
        "OrderKind",
        "PlanInForce",
        "StepInForce",
        "due",
    ),
    "dosing.supply": ("supply_needed",),
    "dosing.tablets": (
        "make",
        "makeable",
        "split_day",
    ),
    "dosing.taper": ("plan",),
    "facts.errors": ("UnknownMedicine",),
    "facts.formulary": ("Formulary",),
    "facts.load": (
        "clinical_settings",
        "formulary",
        "instrument",
        "load_facts",
    ),
    "facts.medicines": ("Medicine",),
    "findings": (
        "Finding",
        "Severity",
        "Status",
    ),
    "guidelines.facts": (
        "BadFact",
        "PersonFacts",
    ),
    "guidelines.missing": (
        "firing",
        "group_by_subject",
        "group_missing",
    ),
    "guidelines.case": (
        "Case",
        "OtherMedicine",
        "Planned",
    ),
    "guidelines.check_person": ("check_person",),
    "guidelines.person_factors": ("person_factors",),
    "guidelines.pace_proposals": ("pace_proposals",),
    "guidelines.release_check": (
        "ReleaseProposal",
        "check_release",
    ),
    "guidelines.taper_check": (
        "TaperContext",
        "check_taper",
    ),
    "instruments.definition": (
        "DefinitionError",
        "read_definition",
    ),
    "instruments.fhir.foreign": (
        "Imported",
        "read_questionnaire",
    ),
    "instruments.fhir.names": ("QuestionnaireError",),
    "instruments.fhir.questionnaire": ("questionnaire",),
    "instruments.fhir.response": (
        "read_response",
        "response",
    ),
    "instruments.filling": ("Filling",),
    "instruments.scoring": ("score",),
    "instruments.score": (
        "About",
        "AnswersError",
        "BadAnswer",
        "Score",
    ),
    "instruments.typed": (
        "Scored",
        "score_typed",
    ),
    "monitoring.news2": (
        "News2",
        "news2",
    ),
    "monitoring.vitals": ("Vitals",),
    "pharmacokinetics.concentration": (
        "Concentrations",
        "concentration",
    ),
    "pharmacokinetics.exposure": (
        "DiazepamPerMg",
        "sustained_equivalent",
    ),
    "pharmacokinetics.from_facts": (
        "diazepam_per_mg",
        "model_of",
        "models_of",
    ),
    "pharmacokinetics.history": (
        "AssumedSteady",
        "DoseHistory",
        "assumed_steady",
    ),
    "pharmacokinetics.population": (
        "Bands",
        "PersonBand",
        "band_of_one",
        "population_bands",
    ),
    "pharmacokinetics.model": (
        "Metabolite",
        "NotModelled",
        "OneCompartment",
        "PharmacokineticsError",
    ),
    "planfile.checking": (
        "Judged",
        "check",
    ),
    "planfile.due": ("due_doses",),
    "planfile.errors": ("PlanFileError",),
    "planfile.facts_file": ("read_facts",),
    "planfile.histories": (
        "histories_of_regimen",
        "histories_of_steps",
    ),
    "planfile.making": ("plan_file",),
    "planfile.read": (
        "Written",
        "read",
        "read_written",
    ),
    "planfile.saying": (
        "exit_code",
        "said_of",
    ),
    "planfile.schedule_csv": (
        "read_csv",
        "write_csv",
    ),
    "planfile.schema": ("plan_schema",),
    "planfile.shelf": (
        "marketed",
        "parse_stock",
    ),
    "planfile.turning": (
        "Turn",
        "TurnedPlan",
        "turn",
    ),
    "dosing.alternatives": (
        "Alternative",
        "Way",
        "alternatives",
    ),
    "planfile.values": (
        "PlanFile",
        "PlanSettings",
        "Region",
        "Split",
        "Turned",
        "request_of",
    ),
    "planfile.write": (
        "as_json",
        "write",
    ),
    "regimen": (
        "Regimen",
        "RegimenError",
        "parse_goal",
        "parse_regimen",
        "regimen_of",
    ),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "About",
    "Adjusted",
    "Alternative",
    "AmountError",
    "AnswersError",
    "AssumedSteady",
    "BadAnswer",
    "BadFact",
    "Bands",
    "Blocked",
    "Bridge",
    "CannotBeMade",
    "Case",
    "Concentrations",
    "Conversion",
    "DefinitionError",
    "DiazepamPerMg",
    "Difference",
    "Dose",
    "DoseHistory",
    "DueDose",
    "Equivalents",
    "Filling",
    "Finding",
    "Fitted",
    "Formulary",
    "Goal",
    "ImplausibleLevel",
    "Imported",
    "InForce",
    "Judged",
    "Kind",
    "Limits",
    "Made",
    "Medicine",
    "Metabolite",
    "Milestone",
    "News2",
    "NoPublishedFigure",
    "NotModelled",
    "OneCompartment",
    "OrderInForce",
    "OrderKind",
    "OtherMedicine",
    "Pace",
    "PersonBand",
    "PersonFacts",
    "PharmacokineticsError",
    "PlanError",
    "PlanFile",
    "PlanFileError",
    "PlanInForce",
    "PlanSettings",
    "Planned",
    "PlannedDose",
    "PlasmaLevel",
    "Product",
    "QuestionnaireError",
    "Regimen",
    "RegimenError",
    "Region",
    "ReleaseProposal",
    "Revision",
    "RevisionError",
    "Score",
    "Scored",
    "Setting",
    "Severity",
    "Shape",
    "Split",
    "Status",
    "Step",
    "StepInForce",
    "StepState",
    "TaperContext",
    "TaperPlan",
    "TaperRequest",
    "Turn",
    "Turned",
    "TurnedPlan",
    "TypedStep",
    "UnknownMedicine",
    "Vitals",
    "Way",
    "Written",
    "adjusted",
    "alternatives",
    "amend",
    "arrival_of_cuts",
    "as_json",
    "assumed_steady",
    "band_of_one",
    "bridged",
    "check",
    "check_person",
    "check_release",
    "check_taper",
    "clinical_settings",
    "concentration",
    "convert",
    "diazepam_per_mg",
    "due",
    "due_doses",
    "equivalents",
    "exit_code",
    "firing",
    "formulary",
    "group_by_subject",
    "group_missing",
    "histories_of_regimen",
    "histories_of_steps",
    "hold",
    "illustrative_equal_occupancy_steps",
    "instrument",
    "load_facts",
    "make",
    "makeable",
    "marketed",
    "model_of",
    "models_of",
    "news2",
    "own_clearance",
    "pace_proposals",
    "parse_goal",
    "parse_regimen",
    "parse_stock",
    "person_factors",
    "plan",
    "plan_file",
    "plan_schema",
    "population_bands",
    "questionnaire",
    "ratios",
    "read",
    "read_csv",
    "read_definition",
    "read_facts",
    "read_questionnaire",
    "read_response",
    "read_written",
    "redirect",
    "regimen_of",
    "release",
    "request_of",
    "response",
    "resume",
    "resupplied",
    "returned",
    "said_of",
    "score",
    "score_typed",
    "slow",
    "split_day",
    "step_back",
    "supply_needed",
    "sustained_equivalent",
    "switch",
    "turn",
    "two_compartments_of",
    "write",
    "write_csv",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
