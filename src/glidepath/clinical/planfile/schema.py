"""The JSON Schema of a plan's file, for programs of others. docs/reference/plan.schema.json is made of it."""

from __future__ import annotations

import json
from enum import EnumMeta
from typing import Any

from glidepath.clinical.dosing.plan import Kind, Setting, Shape, StepState
from glidepath.clinical.findings import Severity, Status
from glidepath.clinical.guidelines.facts import VOCABULARY
from glidepath.clinical.planfile.exact import DECIMAL
from glidepath.clinical.planfile.values import FORMAT, Region, Split, Turned

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TRUTH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
DAYS: Schema = {"type": "integer", "minimum": 1}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TIME: Schema = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
MG: Schema = {"type": "string", "pattern": r"^\d+(\.\d{1,6})?$"}
SIGNED: Schema = {"type": "string", "pattern": f"^{DECIMAL}$"}
EXACT: Schema = {"type": "string", "pattern": r"^\d+(\.\d+)?$|^\d+/[1-9]\d*$"}

DOSE: Schema = {"type": "object", "properties": {"medicine": TEXT, "mg": MG}, "required": ["medicine", "mg"]}


def plan_schema() -> Schema:
    """The schema of everything that `write` writes."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A taper plan of Glidepath",
        "description": "Amounts are decimal strings, exact. Days are calendar days; times are clock times.",
        **_object(
            {
                "format": {"const": FORMAT},
                "start": DAY,
                "goal": _said(TEXT, "“0”, or the daily doses that stay, like “diazepam 5 mg”."),
                "complete": _said(TRUTH, "Whether the steps lead to the goal."),
                "on_hold": TRUTH,
                "blocked_by": _or_null(_ref("blocked")),
                "alternatives": _list(_ref("alternative")),
                "version": _said(DAYS, "Counts up with each turn of the plan."),
                "regimen": _said(TEXT, "What was taken when the plan was made, as it is typed."),
                "exchange_table": _said(_or_null(TEXT), "The table that set the exchange of a switch."),
                "steps": _list(_ref("step")),
                "findings": _list(_ref("finding")),
                "settings": _ref("settings"),
                "history": _list(_ref("turn")),
                "facts_version": TEXT,
                "difference": _ref("difference"),
            },
            optional=("difference",),
        ),
        "$defs": _definitions(),
    }


def schema_text() -> str:
    """The schema as its file holds it."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def _definitions() -> Schema:
    return {
        "made": _object(
            {
                "product": TEXT,
                "strength_mg": _said(MG, "Per piece; per mL where `unit` is mL."),
                "unit": {"const": "mL"},
                "count": EXACT,
                "key": TEXT,
            },
            optional=("unit", "key"),
        ),
        "dose": _object({"time": TIME, "medicine": TEXT, "mg": MG, "products": _list(_ref("made"))}),
        "step": _step(),
        "finding": _finding(),
        "blocked": _object({"code": TEXT, "at": _list(DOSE), "message": TEXT, "do": TEXT}),
        "product": _object(
            {
                "product": TEXT,
                "medicine": TEXT,
                "form": TEXT,
                "kind": _one_of(Kind),
                "strength_mg": MG,
                "smallest": _said(EXACT, "The smallest part that may be given: of a piece, or in mL."),
                "key": TEXT,
            }
        ),
        "settings": _settings(),
        "turn": _object(
            {
                "version": DAYS,
                "change": _one_of(Turned),
                "on": DAY,
                "time": _or_null(TIME),
                "reason": TEXT,
                "step_in_force": DAYS,
                "cut_percent_before": EXACT,
                "interval_days_before": DAYS,
            }
        ),
        "alternative": _object(
            {
                "kind": TEXT,
                "what": TEXT,
                "complete": TRUTH,
                "step_count": COUNT,
                "start": DAY,
                "end": _or_null(DAY),
                "goal": TEXT,
                "blocked_by": _or_null(_ref("blocked")),
                "exchange_table": _or_null(TEXT),
                "products": _list(_ref("product")),
                "steps": _list(_ref("step")),
            }
        ),
        "difference": _difference(),
    }


def _step() -> Schema:
    equivalent = {"anyOf": [SIGNED, _object({"low": SIGNED, "high": SIGNED})]}
    return _object(
        {
            "number": DAYS,
            "start": DAY,
            "from_time": _said(_or_null(TIME), "From which dose of its first day; null: from the first."),
            "end": _said(_or_null(DAY), "Its last calendar day; null: until another step begins."),
            "state": _one_of(StepState),
            "doses": _list(_ref("dose")),
            "daily_mg": _map(MG),
            "diazepam_equivalent_mg": _said(_map(equivalent), "By the table's name; to six places."),
            "without_figure": _said(_map(_list(TEXT)), "Tables left out, with the medicines they say nothing of."),
            "cut_percent": _said(SIGNED, "Of the dose before; negative for a rise; to six places."),
            "cut_percent_14_days": _said(SIGNED, "Of the highest dose in the ceiling's calendar days."),
        }
    )


def _finding() -> Schema:
    return _object(
        {
            "code": TEXT,
            "severity": _one_of(Severity),
            "status": _one_of(Status),
            "missing": _list(TEXT),
            "overridable": TRUTH,
            "answered_by": _or_null(TEXT),
            "step": _or_null(COUNT),
            "message": TEXT,
            "do": TEXT,
            "source": TEXT,
            "strength": TEXT,
        }
    )


def _settings() -> Schema:
    limits = _object(
        {
            "usual_cut_percent": EXACT,
            "ceiling_percent": EXACT,
            "ceiling_days": DAYS,
            "ceiling_holds": TRUTH,
            "last_step_max_diazepam_mg": MG,
            "switch_days": DAYS,
            "settings": _said(_map(TEXT), "What a centre has set instead of our own reading, by name."),
        },
        optional=("settings",),
    )
    facts = {"type": "object", "propertyNames": {"enum": list(VOCABULARY)}}
    return _object(
        {
            "region": _one_of(Region),
            "setting": _one_of(Setting),
            "shape": _one_of(Shape),
            "cut_percent": EXACT,
            "interval_days": DAYS,
            "first_cut": _or_null(DAY),
            "table": _said(_or_null(TEXT), "The equivalence table the prescriber named."),
            "switch_to": _or_null(TEXT),
            "switch_every_days": _or_null(DAYS),
            "exchange": _list(TEXT),
            "cut_order": _list(TEXT),
            "milestones": _list(_object({"on": DAY, "medicine": TEXT, "mg": MG})),
            "over_ceiling": _said(
                _list(DOSE), "From these daily doses a prescriber lets the next step pass the ceiling."
            ),
            "times": _list(TIME),
            "split": _one_of(Split),
            "liquids": TRUTH,
            "limits": limits,
            "products": _list(_ref("product")),
            "earlier_products": _said(_list(_ref("product")), "In steps that have begun, and not used any more."),
            "before": _list(_object({"since": DAY, "daily_mg": _map(MG)})),
            "facts": _said(facts, "What is known of the person; what is not there is unknown."),
        }
    )


def _difference() -> Schema:
    short = _object({"start": DAY, "from_time": _or_null(TIME), "state": _one_of(StepState), "daily_mg": _map(MG)})
    changed = _object({"number": DAYS, "before": _or_null(short), "after": _or_null(short)})
    return _object(
        {
            "steps": _list(changed),
            "end_before": _or_null(DAY),
            "end_after": _or_null(DAY),
            "supply_days": DAYS,
            "needed_before": _list(_ref("made")),
            "needed_after": _list(_ref("made")),
        }
    )


def _object(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _map(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _one_of(kind: EnumMeta) -> Schema:
    members: list[Any] = list(kind)
    return {"enum": [str(one.value) for one in members]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _said(of: Schema, words: str) -> Schema:
    return {**of, "description": words}


if __name__ == "__main__":
    import sys

    sys.stdout.write(schema_text())
