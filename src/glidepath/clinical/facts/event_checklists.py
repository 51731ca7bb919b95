"""What is done in an emergency, kind by kind: lines of one tap each, every one named by a rule."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule
from glidepath.clinical.facts.seizure_window import named_rule

KEY = re.compile(r"[a-z_]{1,20}")


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One line. at: asked for by time alone, so long after the event began; None: from the start.

    calls: a call to somebody, whose time a transfer letter says.
    """

    key: str
    words: str
    rule: str
    at: dt.timedelta | None
    calls: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """The lines of one kind of event, in the order of the page. left_out: what our sources do not say, in words."""

    kind: str
    title: str
    lines: tuple[ChecklistLine, ...]
    left_out: str

    def line(self, key: str) -> ChecklistLine | None:
        """The line of this key, None where there is none."""
        return next((one for one in self.lines if one.key == key), None)


def read_event_checklists(path: Path, rules: Mapping[str, Rule]) -> dict[str, Checklist]:
    """Every checklist by the kind of its event. Raises BrokenFact for an unknown rule, a key twice, an empty list."""
    kinds = read(path).table("kinds")
    return {kind: _checklist(kinds.table(kind), kind, rules) for kind in kinds.content}


def _checklist(table: Table, kind: str, rules: Mapping[str, Rule]) -> Checklist:
    lines = tuple(_line(entry, rules) for entry in table.list_of_tables("lines"))
    if not lines or len({one.key for one in lines}) != len(lines):
        raise table.broken("lines", "needs lines, each with a key of its own")
    return Checklist(kind, table.text("title"), lines, table.text("left_out"))


def _line(entry: Table, rules: Mapping[str, Rule]) -> ChecklistLine:
    key, code = entry.text("key"), named_rule(entry, rules)
    if not KEY.fullmatch(key):
        raise entry.broken("key", f"“{key}” is no key: lower-case letters and _, at most 20")
    return ChecklistLine(key, entry.text("words"), code, _at(entry, rules[code]), entry.yes("calls", default=False))


def _at(entry: Table, rule: Rule) -> dt.timedelta | None:
    name = entry.maybe_words("at")
    if name is None:
        return None
    if name not in rule.values or rule.values[name].unit != "min":
        raise entry.broken("at", f"“{name}” is no number of minutes of {rule.code}")
    return dt.timedelta(minutes=float(rule.value(name)))
