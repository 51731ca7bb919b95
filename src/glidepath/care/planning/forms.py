"""The forms of the plan room. They check shape; what a plan may not be is said by the services and the core."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.core import signing
from django.forms import BoundField

from glidepath.care.planning.models import Version
from glidepath.care.planning.progress import WORDS_OF
from glidepath.care.planning.services import LONGEST, Agreed
from glidepath.clinical.planning.from_template import question_of_goal
from glidepath.clinical.planning.plain import as_plain, from_plain
from glidepath.clinical.planning.values import (
    CarePlan,
    Intervention,
    InterventionKind,
    Measure,
    Objective,
    Problem,
    Progress,
)
from glidepath.record.forms import OnceForm, SeenForm
from glidepath.record.people.models import Person

MEASURES = (
    (Measure.DAILY_DOSE.value, "daily dose of the taper"),
    (Measure.CIWA_B.value, "CIWA-B"),
    (Measure.SLEEP.value, "hours of sleep"),
    (Measure.REVIEW.value, "as the reviews say"),
)
KINDS = tuple((kind.value, kind.value) for kind in InterventionKind)
SEAL = "glidepath.care.planning.draft"  # what a form was made from comes back as it went out, or not at all


def sealed(person: Person, plan: CarePlan) -> str:
    """The plan a draft's form is made from, so that what was typed finds its parts again whatever a colleague did."""
    return signing.dumps({"person": str(person.public_id), **as_plain(plan)}, salt=SEAL, compress=True)


def unsealed(person: Person, text: str) -> CarePlan | None:
    """None where it is not what `sealed` gave for this person."""
    try:
        kept = signing.loads(text, salt=SEAL)
    except signing.BadSignature:
        return None
    return from_plain(kept) if kept.get("person") == str(person.public_id) else None


class DraftForm(OnceForm, SeenForm):
    """The whole draft: a few boxes for each part, named by the part's key. Any may be left empty until it is signed."""

    base = forms.CharField(widget=forms.HiddenInput)
    act = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, plan: CarePlan, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.name = plan, name
        for problem in plan.problems:
            self._add_problem(problem)

    def written(self) -> CarePlan:
        """The plan with what was typed."""
        return CarePlan(tuple(self._problem(one) for one in self.plan.problems))

    def parts(self) -> list[dict[str, Any]]:
        """The boxes as the page shows them: problem, objectives, interventions."""
        return [
            {
                "problem": problem,
                "words": self[f"words-{problem.key}"],
                "goal": self[f"goal-{problem.key}"],
                "objectives": [self._shown(one) for one in problem.goal.objectives],
            }
            for problem in self.plan.problems
        ]

    def _shown(self, one: Objective) -> dict[str, Any]:
        return {
            "objective": one,
            "boxes": self._boxes(one.key, "words", "measure", "target", "by", "who"),
            "interventions": [
                {"intervention": each, "boxes": self._boxes(each.key, "words", "kind", "who", "often")}
                for each in one.interventions
            ],
        }

    def _boxes(self, key: str, *names: str) -> list[BoundField]:
        return [self[f"{name}-{key}"] for name in names]

    def _add_problem(self, one: Problem) -> None:
        self._text(f"words-{one.key}", "Problem", one.words, 200)
        question = question_of_goal(one.kind, self.name)
        goal = forms.CharField(
            label="Goal, in the person’s words", required=False, max_length=LONGEST, initial=one.goal.words,
            help_text=question, widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields[f"goal-{one.key}"] = goal
        for objective in one.goal.objectives:
            self._add_objective(objective)

    def _add_objective(self, one: Objective) -> None:
        self._text(f"words-{one.key}", "Objective", one.words, 300, rows=2)
        self._choice(f"measure-{one.key}", "Measured by", one.measure.value, MEASURES)
        self._text(f"target-{one.key}", "Target", one.target, 200, rows=2)
        self.fields[f"by-{one.key}"] = forms.DateField(
            label="By",
            required=False,
            initial=one.by,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self._text(f"who-{one.key}", "Who sees to it", one.who, 80)
        for each in one.interventions:
            self._add_intervention(each)

    def _add_intervention(self, one: Intervention) -> None:
        self._text(f"words-{one.key}", "What is done", one.words, 300, rows=2)
        self._choice(f"kind-{one.key}", "Kind", one.kind.value, KINDS)
        self._text(f"who-{one.key}", "By whom", one.who, 80)
        self._text(f"often-{one.key}", "How often", one.how_often, 120)

    def _text(self, name: str, label: str, initial: str, longest: int, *, rows: int = 0) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else None
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=longest, initial=initial, widget=widget
        )

    def _choice(self, name: str, label: str, initial: str, choices: tuple[tuple[str, str], ...]) -> None:
        self.fields[name] = forms.ChoiceField(label=label, initial=initial, choices=choices)

    def _problem(self, one: Problem) -> Problem:
        given = self.cleaned_data
        objectives = tuple(self._objective(each) for each in one.goal.objectives)
        goal = replace(one.goal, words=given[f"goal-{one.key}"], objectives=objectives)
        return replace(one, words=given[f"words-{one.key}"], goal=goal)

    def _objective(self, one: Objective) -> Objective:
        given = self.cleaned_data
        return replace(
            one,
            words=given[f"words-{one.key}"],
            measure=Measure(given[f"measure-{one.key}"]),
            target=given[f"target-{one.key}"],
            by=given[f"by-{one.key}"],
            who=given[f"who-{one.key}"],
            interventions=tuple(self._intervention(each) for each in one.interventions),
        )

    def _intervention(self, one: Intervention) -> Intervention:
        given = self.cleaned_data
        return replace(
            one,
            words=given[f"words-{one.key}"],
            kind=InterventionKind(given[f"kind-{one.key}"]),
            who=given[f"who-{one.key}"],
            how_often=given[f"often-{one.key}"],
        )


class DiscardForm(SeenForm):
    """To put a draft away."""


class SignForm(OnceForm, SeenForm):
    """How the person stands to the plan, why it changes, and the PIN."""

    agreement = forms.ChoiceField(label="The person", choices=Version.Agreement.choices, widget=forms.RadioSelect)
    persons_words = forms.CharField(
        label="How they agreed, or why they did not sign, in their words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(label="Why the plan changes", max_length=LONGEST, required=False)
    pin = forms.CharField(max_length=8, required=False)

    def agreed(self) -> Agreed:
        return Agreed(self.cleaned_data["agreement"], self.cleaned_data["persons_words"])


class ReviewForm(OnceForm, SeenForm):
    """How each objective stands, and what the person says of the plan."""

    persons_view = forms.CharField(
        label="How the person sees it, in their words", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    words = forms.CharField(
        label="What the team adds", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, objectives: Iterator[tuple[Problem, Objective]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.objectives = list(objectives)
        for _, objective in self.objectives:
            self.fields[f"progress-{objective.key}"] = forms.ChoiceField(
                label=objective.words,
                choices=[(one.value, WORDS_OF[one]) for one in Progress],
                widget=forms.RadioSelect,
                error_messages={"required": "Say how this objective stands, or that it was not looked at."},
            )

    def rows(self) -> list[tuple[Problem, Objective, BoundField]]:
        return [(problem, one, self[f"progress-{one.key}"]) for problem, one in self.objectives]

    def progress(self) -> dict[str, Progress]:
        return {one.key: Progress(self.cleaned_data[f"progress-{one.key}"]) for _, one in self.objectives}


class LinkForm(OnceForm):
    """One tap: this record serves this objective. `take_back`: it does not after all, with the reason."""

    record = forms.CharField(max_length=80)  # kind:public id
    take_back = forms.BooleanField(required=False)
    reason = forms.CharField(label="Why the link is taken back", max_length=300, required=False)
