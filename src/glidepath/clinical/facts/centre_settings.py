"""What a centre has set for itself, instead of our own reading: read, held against its range, and said in words.

A cited limit is no setting: there is no name here by which the ceiling of two weeks could be moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from glidepath.clinical.amounts import plain
from glidepath.clinical.facts.load import clinical_settings, facts
from glidepath.clinical.facts.settings import BadSetting, ClinicalSettings, SettingFact

__all__ = ["BadSetting", "UnknownSetting", "changed", "of_the_centre", "setting_facts", "settings_with"]


class UnknownSetting(KeyError):
    """There is no setting of that name."""

    def __str__(self) -> str:
        near = get_close_matches(str(self.args[0]), setting_facts(), n=1)
        meant = f" Did you mean “{near[0]}”?" if near else " Their names stand in docs/reference/rules.md."
        return f"There is no setting “{self.args[0]}”.{meant}"


def setting_facts() -> Mapping[str, SettingFact]:
    """Every number a centre may set, by name, with its default, range and the reason for the range."""
    return facts().setting_facts


def settings_with(values: Mapping[str, object]) -> ClinicalSettings:
    """The defaults of the facts with these numbers instead, by name. Raises UnknownSetting and BadSetting."""
    known, given = setting_facts(), dict[str, Any]()
    for name, value in values.items():
        if name not in known:
            raise UnknownSetting(name)
        number = known[name].read(value)
        given[name] = int(number) if known[name].whole else number
    return replace(clinical_settings(), **given) if given else clinical_settings()


def changed(settings: ClinicalSettings) -> Mapping[str, Decimal]:
    """The numbers that are not our default, by name."""
    ours = clinical_settings()
    if settings is ours:
        return {}
    names = [field.name for field in fields(settings) if field.name in setting_facts()]
    return {name: Decimal(getattr(settings, name)) for name in names if getattr(settings, name) != getattr(ours, name)}


def of_the_centre(settings: ClinicalSettings, *names: str) -> str:
    """What a finding adds where the centre has changed a number it rests on, with a space before; else nothing."""
    here, known = changed(settings), setting_facts()
    return "".join(f" {_said(known[name], here[name])}" for name in names if name in here)


def _said(fact: SettingFact, value: Decimal) -> str:
    number = f"{plain(value)} {fact.unit_in_words}".rstrip()
    return f"{fact.label}: {number}, the centre's setting (default {plain(fact.default)})."
