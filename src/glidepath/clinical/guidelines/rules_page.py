"""The page of the documents that lists every rule, written from the facts and the code, so that it cannot lie."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping

from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.clinical.facts.load import Rule, Seen, rule
from glidepath.clinical.facts.settings import SettingFact
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.facts import VOCABULARY, FactQuestion
from glidepath.clinical.guidelines.index import HELD, IMPLEMENTED, LEFT_OUT
from glidepath.clinical.guidelines.questions import Asked, FactGroup

SEVERITIES = {Severity.HARD_STOP: "hard stop", Severity.WARNING: "warning", Severity.ADVICE: "advice"}
MARKS = {Seen.ORIGINAL: "", Seen.SECOND_HAND: " (second-hand)", Seen.UNVERIFIED: " (unverified)", Seen.OURS: ""}
WHERE_ASKED = {
    Asked.FIRST: "in the open",
    Asked.FURTHER: "folded away",
    Asked.WORKED_OUT: "worked out from what was told",
    Asked.MEASURED: "measured or scored, never asked",
}
RULES_HEAD = "| Code | Rule | Severity | Strength | Ours | Source | Facts it needs |\n|---|---|---|---|---|---|---|"
INTRODUCTION = """# Every rule

Written by `tools/write_rules_page.py` from the fact files and the code; the documents check fails when it is out of
date.

A rule informs and a prescriber decides: no rule starts, stops or changes a dose. A **hard stop** keeps a proposal
from being saved until a prescriber answers it with a reason; a few, marked "no override", take no reason. A
**warning** is acknowledged with a reason. **Advice** is shown. A rule that lacks a fact says "cannot be assessed"
and which fact; unknown is never "no".

**Strength** is the source's own grade: the first part says how certain it is (H high, M moderate, L low, VL very
low, CC clinical consensus), the second how strong (S strong, C conditional, W weak). KT is a key takeaway, n/g is
not graded, OP is our reading. Most rules rest on consensus and not on trials.

**Ours** marks what no source says in numbers or in words: our reading. Its numbers have defaults that a centre may
change; the column names the setting, and a table below says its range. A source marked "second-hand" was seen in
another document that quotes it.

What is said when a plan is signed, a step released, an order written or somebody discharged is gathered for that
moment alone (`taper_check.py`, `release_check.py`, `order_check.py`, `discharge.py`). Everything about a person at
once is `check_person.py`.
"""


def rules_page() -> str:
    """The page in Markdown, ending in a new line."""
    parts = [INTRODUCTION, *_questions(), *_held(), *_left_out(), *_settings(), *_facts()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _questions() -> Iterator[str]:
    for module, codes in _by_module().items():
        rows = "\n".join(_row(rule(code)) for code in codes)
        yield f"## {_question(module)}\n\n`{module.replace('.', '/')}.py`\n\n{RULES_HEAD}\n{rows}"


def _by_module() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, place in IMPLEMENTED.items():
        found.setdefault(place.split(":")[0], []).append(code)
    return found


def _question(module: str) -> str:
    """What a module asks: the first sentence of its own words, without the codes before it."""
    said = (importlib.import_module(f"glidepath.clinical.{module}").__doc__ or module).split("\n")[0]
    _, _, after = said.partition(": ")
    words = after if re.match(r"[A-Z]+-", said) else said
    sentence = re.split(r"(?<=[.?]) ", words)[0].rstrip(".")
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _row(one: Rule) -> str:
    severity = SEVERITIES[one.severity] + ("" if one.overridable else ", no override")
    note = f" {_sentence(one.note)}" if one.note else ""
    cells = (
        f"`{one.code}`",
        f"{_sentence(one.title)}{note}",
        severity,
        one.strength,
        _ours(one),
        f"{one.source}{MARKS[one.seen]}",
        ", ".join(_needs(one.code)),
    )
    return f"| {' | '.join(cells)} |"


def _ours(one: Rule) -> str:
    """Whether the rule is ours, and the settings by which a centre changes its numbers."""
    boxes = ", ".join(f"`{fact.name}`" for fact in setting_facts().values() if fact.rule == one.code)
    if not one.ours:
        return boxes and f"by setting: {boxes}"
    return f"yes, by setting: {boxes}" if boxes else "yes; it has no number"


def _settings() -> Iterator[str]:
    head = "| Setting | What it says | Default | Range | Why this range | Rule |\n|---|---|---|---|---|---|"
    rows = "\n".join(_setting_row(one) for one in setting_facts().values())
    yield (
        "## The centre's settings\n\nEvery number of our own reading, not from a guideline, and the range in which a "
        "centre may choose another: on its settings page, by `--settings` on the command line, or by `settings_with` "
        "in the library. No limit that a guideline gives itself is among them."
    )
    yield f"{head}\n{rows}"


def _setting_row(one: SettingFact) -> str:
    of = f"`{one.rule}`" if one.rule else ""
    span = f"{plain(one.low)} to {plain(one.high)}"
    return f"| `{one.name}` | {one.label} | {plain(one.default)} {one.unit} | {span} | {_sentence(one.why)} | {of} |"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _needs(code: str) -> Iterable[str]:
    return (f"`{name}`" for name, question in VOCABULARY.items() if code in question.rules)


def _held() -> Iterator[str]:
    rows = "\n".join(f"| `{code}` | {_sentence(rule(code).title)} | {where} |" for code, where in HELD.items())
    head = "| Code | Rule | Where it is held |\n|---|---|---|"
    yield "## Held by how the software is made\n\nRules about software, that no fact about a person trips."
    yield f"{head}\n{rows}"


def _left_out() -> Iterator[str]:
    rows = "\n".join(f"| `{code}` | {why} |" for code, why in LEFT_OUT.items())
    yield f"## Left out\n\n| Code | Why |\n|---|---|\n{rows}"


def _facts() -> Iterator[str]:
    yield (
        "## The facts\n\nWhat the rules ask, by name, as `--facts` and the page of facts understand it. A dot and an "
        "underscore are the same."
    )
    for group in FactGroup:
        rows = "\n".join(_fact_row(one) for one in VOCABULARY.values() if one.group is group)
        head = "| Fact | Question | Answer | On the page of facts |\n|---|---|---|---|"
        yield f"### {group.value[0].upper()}{group.value[1:]}\n\n{head}\n{rows}"


def _fact_row(one: FactQuestion) -> str:
    answer = one.kind.value.replace("_", "/")
    if one.answers:
        answer = ", ".join(one.answers)
    elif one.low is not None:
        answer = f"{one.low} to {one.high} {one.unit}".rstrip()
    return f"| `{one.name}` | {one.question} | {answer} | {WHERE_ASKED[one.asked]} |"
