"""The centre's own numbers, as a file says them: TOML or JSON, by the names of the settings. What is absent is ours."""

from __future__ import annotations

from glidepath.clinical.facts.centre_settings import BadSetting, UnknownSetting, settings_with
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.facts_file import parsed


def read_settings_file(text: str) -> ClinicalSettings:
    """The defaults with the numbers of a file. Raises PlanFileError: an unknown name, a number outside its range."""
    try:
        return settings_with(parsed(text, "settings", "ciwa_b_rise = 8"))
    except (BadSetting, UnknownSetting) as wrong:
        raise PlanFileError(f"The settings cannot be read: {wrong}") from None
