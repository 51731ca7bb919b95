"""What medicine knows, as a library: plan, check, turn and simulate a taper without a server.

    from glidepath.clinical import TaperRequest, formulary, parse_regimen, plan

Every name below is loaded when it is asked for, so that a script which scores a form does not wait for the curves.
Products, limits, kinetic models and facts may be one's own: everything is a value that is handed in.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glidepath.clinical.amounts import AmountError as AmountError, Dose as Dose
    from glidepath.clinical.dosing.alternatives import (
        Alternative as Alternative,
        Way as Way,
        alternatives as alternatives,
    )
    from glidepath.clinical.dosing.equivalence import (
        Conversion as Conversion,
        Equivalents as Equivalents,
        convert as convert,
        equivalents as equivalents,
    )
    from glidepath.clinical.dosing.errors import (
        CannotBeMade as CannotBeMade,
        NoPublishedFigure as NoPublishedFigure,
        PlanError as PlanError,
        RevisionError as RevisionError,
    )
    from glidepath.clinical.dosing.interrupted import (
        Bridge as Bridge,
        bridged as bridged,
        resupplied as resupplied,
        returned as returned,
    )
    from glidepath.clinical.dosing.limits import Limits as Limits
    from glidepath.clinical.dosing.plan import (
        Blocked as Blocked,
        Goal as Goal,
        Kind as Kind,
        Made as Made,
        PlannedDose as PlannedDose,
        Product as Product,
        Setting as Setting,
        Shape as Shape,
        Step as Step,
        StepState as StepState,
        TaperPlan as TaperPlan,
    )
    from glidepath.clinical.dosing.ratios import InForce as InForce, ratios as ratios
    from glidepath.clinical.dosing.redirect import redirect as redirect, switch as switch
    from glidepath.clinical.dosing.request import (
        Milestone as Milestone,
        TaperRequest as TaperRequest,
        TypedStep as TypedStep,
    )
    from glidepath.clinical.dosing.revise import (
        Difference as Difference,
        Pace as Pace,
        Revision as Revision,
        amend as amend,
        hold as hold,
        release as release,
        resume as resume,
        slow as slow,
        step_back as step_back,
    )
    from glidepath.clinical.dosing.schedule import (
        DueDose as DueDose,
        OrderInForce as OrderInForce,
        OrderKind as OrderKind,
        PlanInForce as PlanInForce,
        StepInForce as StepInForce,
        due as due,
    )
    from glidepath.clinical.dosing.supply import supply_needed as supply_needed
    from glidepath.clinical.dosing.tablets import make as make, makeable as makeable, split_day as split_day
    from glidepath.clinical.dosing.taper import plan as plan
    from glidepath.clinical.facts.errors import UnknownMedicine as UnknownMedicine
    from glidepath.clinical.facts.formulary import Formulary as Formulary
    from glidepath.clinical.facts.load import (
        clinical_settings as clinical_settings,
        formulary as formulary,
        instrument as instrument,
        load_facts as load_facts,
    )
    from glidepath.clinical.facts.medicines import Medicine as Medicine
    from glidepath.clinical.findings import Finding as Finding, Severity as Severity, Status as Status
    from glidepath.clinical.guidelines.case import Case as Case, OtherMedicine as OtherMedicine, Planned as Planned
    from glidepath.clinical.guidelines.check_person import check_person as check_person
    from glidepath.clinical.guidelines.facts import BadFact as BadFact, PersonFacts as PersonFacts
    from glidepath.clinical.guidelines.missing import (
        firing as firing,
        group_by_subject as group_by_subject,
        group_missing as group_missing,
    )
    from glidepath.clinical.guidelines.pace_proposals import pace_proposals as pace_proposals
    from glidepath.clinical.guidelines.person_factors import person_factors as person_factors
    from glidepath.clinical.guidelines.release_check import (
        ReleaseProposal as ReleaseProposal,
        check_release as check_release,
    )
    from glidepath.clinical.guidelines.taper_check import TaperContext as TaperContext, check_taper as check_taper
    from glidepath.clinical.instruments.definition import (
        DefinitionError as DefinitionError,
        read_definition as read_definition,
    )
    from glidepath.clinical.instruments.fhir.foreign import (
        Imported as Imported,
        read_questionnaire as read_questionnaire,
    )
    from glidepath.clinical.instruments.fhir.names import QuestionnaireError as QuestionnaireError
    from glidepath.clinical.instruments.fhir.questionnaire import questionnaire as questionnaire
    from glidepath.clinical.instruments.fhir.response import read_response as read_response, response as response
    from glidepath.clinical.instruments.filling import Filling as Filling
    from glidepath.clinical.instruments.score import (
        About as About,
        AnswersError as AnswersError,
        BadAnswer as BadAnswer,
        Score as Score,
    )
    from glidepath.clinical.instruments.scoring import score as score
    from glidepath.clinical.instruments.typed import Scored as Scored, score_typed as score_typed
    from glidepath.clinical.monitoring.news2 import News2 as News2, news2 as news2
    from glidepath.clinical.monitoring.vitals import Vitals as Vitals
    from glidepath.clinical.pharmacokinetics.adjustments import Adjusted as Adjusted, adjusted as adjusted
    from glidepath.clinical.pharmacokinetics.concentration import (
        Concentrations as Concentrations,
        concentration as concentration,
    )
    from glidepath.clinical.pharmacokinetics.cuts import arrival_of_cuts as arrival_of_cuts
    from glidepath.clinical.pharmacokinetics.exposure import (
        DiazepamPerMg as DiazepamPerMg,
        sustained_equivalent as sustained_equivalent,
    )
    from glidepath.clinical.pharmacokinetics.fitting import (
        Fitted as Fitted,
        ImplausibleLevel as ImplausibleLevel,
        PlasmaLevel as PlasmaLevel,
        own_clearance as own_clearance,
    )
    from glidepath.clinical.pharmacokinetics.from_facts import (
        diazepam_per_mg as diazepam_per_mg,
        model_of as model_of,
        models_of as models_of,
    )
    from glidepath.clinical.pharmacokinetics.history import (
        AssumedSteady as AssumedSteady,
        DoseHistory as DoseHistory,
        assumed_steady as assumed_steady,
    )
    from glidepath.clinical.pharmacokinetics.illustration import (
        illustrative_equal_occupancy_steps as illustrative_equal_occupancy_steps,
    )
    from glidepath.clinical.pharmacokinetics.model import (
        Metabolite as Metabolite,
        NotModelled as NotModelled,
        OneCompartment as OneCompartment,
        PharmacokineticsError as PharmacokineticsError,
    )
    from glidepath.clinical.pharmacokinetics.population import (
        Bands as Bands,
        PersonBand as PersonBand,
        band_of_one as band_of_one,
        population_bands as population_bands,
    )
    from glidepath.clinical.pharmacokinetics.steady import (
        accumulation_ratio as accumulation_ratio,
        arrived as arrived,
        average_at_steady_state as average_at_steady_state,
        level_after_cut as level_after_cut,
        remaining_after_stop as remaining_after_stop,
        time_to_fraction as time_to_fraction,
    )
    from glidepath.clinical.pharmacokinetics.two_compartments import (
        Route as Route,
        TwoCompartments as TwoCompartments,
        levels_by as levels_by,
        two_compartments_of as two_compartments_of,
    )
    from glidepath.clinical.planfile.checking import Judged as Judged, check as check
    from glidepath.clinical.planfile.due import due_doses as due_doses
    from glidepath.clinical.planfile.errors import PlanFileError as PlanFileError
    from glidepath.clinical.planfile.facts_file import read_facts as read_facts
    from glidepath.clinical.planfile.histories import (
        histories_of_regimen as histories_of_regimen,
        histories_of_steps as histories_of_steps,
    )
    from glidepath.clinical.planfile.making import plan_file as plan_file
    from glidepath.clinical.planfile.read import Written as Written, read as read, read_written as read_written
    from glidepath.clinical.planfile.saying import exit_code as exit_code, said_of as said_of
    from glidepath.clinical.planfile.schedule_csv import read_csv as read_csv, write_csv as write_csv
    from glidepath.clinical.planfile.schema import plan_schema as plan_schema
    from glidepath.clinical.planfile.shelf import marketed as marketed, parse_stock as parse_stock
    from glidepath.clinical.planfile.turning import Turn as Turn, TurnedPlan as TurnedPlan, turn as turn
    from glidepath.clinical.planfile.values import (
        PlanFile as PlanFile,
        PlanSettings as PlanSettings,
        Region as Region,
        Split as Split,
        Turned as Turned,
        request_of as request_of,
    )
    from glidepath.clinical.planfile.write import as_json as as_json, write as write
    from glidepath.clinical.regimen import (
        Regimen as Regimen,
        RegimenError as RegimenError,
        parse_goal as parse_goal,
        parse_regimen as parse_regimen,
        regimen_of as regimen_of,
    )

_PLACES = {
    "amounts": "AmountError Dose",
    "dosing.alternatives": "Alternative Way alternatives",
    "dosing.equivalence": "Conversion Equivalents convert equivalents",
    "dosing.errors": "CannotBeMade NoPublishedFigure PlanError RevisionError",
    "dosing.interrupted": "Bridge bridged resupplied returned",
    "dosing.limits": "Limits",
    "dosing.plan": "Blocked Goal Kind Made PlannedDose Product Setting Shape Step StepState TaperPlan",
    "dosing.ratios": "InForce ratios",
    "dosing.redirect": "redirect switch",
    "dosing.request": "Milestone TaperRequest TypedStep",
    "dosing.revise": "Difference Pace Revision amend hold release resume slow step_back",
    "dosing.schedule": "DueDose OrderInForce OrderKind PlanInForce StepInForce due",
    "dosing.supply": "supply_needed",
    "dosing.tablets": "make makeable split_day",
    "dosing.taper": "plan",
    "facts.errors": "UnknownMedicine",
    "facts.formulary": "Formulary",
    "facts.load": "clinical_settings formulary instrument load_facts",
    "facts.medicines": "Medicine",
    "findings": "Finding Severity Status",
    "guidelines.case": "Case OtherMedicine Planned",
    "guidelines.check_person": "check_person",
    "guidelines.facts": "BadFact PersonFacts",
    "guidelines.missing": "firing group_by_subject group_missing",
    "guidelines.pace_proposals": "pace_proposals",
    "guidelines.person_factors": "person_factors",
    "guidelines.release_check": "ReleaseProposal check_release",
    "guidelines.taper_check": "TaperContext check_taper",
    "instruments.definition": "DefinitionError read_definition",
    "instruments.fhir.foreign": "Imported read_questionnaire",
    "instruments.fhir.names": "QuestionnaireError",
    "instruments.fhir.questionnaire": "questionnaire",
    "instruments.fhir.response": "read_response response",
    "instruments.filling": "Filling",
    "instruments.score": "About AnswersError BadAnswer Score",
    "instruments.scoring": "score",
    "instruments.typed": "Scored score_typed",
    "monitoring.news2": "News2 news2",
    "monitoring.vitals": "Vitals",
    "pharmacokinetics.adjustments": "Adjusted adjusted",
    "pharmacokinetics.concentration": "Concentrations concentration",
    "pharmacokinetics.cuts": "arrival_of_cuts",
    "pharmacokinetics.exposure": "DiazepamPerMg sustained_equivalent",
    "pharmacokinetics.fitting": "Fitted ImplausibleLevel PlasmaLevel own_clearance",
    "pharmacokinetics.from_facts": "diazepam_per_mg model_of models_of",
    "pharmacokinetics.history": "AssumedSteady DoseHistory assumed_steady",
    "pharmacokinetics.illustration": "illustrative_equal_occupancy_steps",
    "pharmacokinetics.model": "Metabolite NotModelled OneCompartment PharmacokineticsError",
    "pharmacokinetics.population": "Bands PersonBand band_of_one population_bands",
    "pharmacokinetics.steady": (
        "accumulation_ratio arrived average_at_steady_state level_after_cut remaining_after_stop time_to_fraction"
    ),
    "pharmacokinetics.two_compartments": "Route TwoCompartments levels_by two_compartments_of",
    "planfile.checking": "Judged check",
    "planfile.due": "due_doses",
    "planfile.errors": "PlanFileError",
    "planfile.facts_file": "read_facts",
    "planfile.histories": "histories_of_regimen histories_of_steps",
    "planfile.making": "plan_file",
    "planfile.read": "Written read read_written",
    "planfile.saying": "exit_code said_of",
    "planfile.schedule_csv": "read_csv write_csv",
    "planfile.schema": "plan_schema",
    "planfile.shelf": "marketed parse_stock",
    "planfile.turning": "Turn TurnedPlan turn",
    "planfile.values": "PlanFile PlanSettings Region Split Turned request_of",
    "planfile.write": "as_json write",
    "regimen": "Regimen RegimenError parse_goal parse_regimen regimen_of",
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
