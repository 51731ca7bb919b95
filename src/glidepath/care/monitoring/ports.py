"""What monitoring must know and cannot look up, because the rooms that know it stand after it.

How often a person is observed depends on the last change of dose; what their vital signs mean depends on what was told
at the assessment (pregnant, an opioid). The rooms that hold it hand a reader in when they start, in AppConfig.ready;
nothing is copied and nothing is written here. Without a reader the answer is unknown, which is never "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from glidepath.clinical.facts.medicines import Acting, watch_days
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.observation_plan import Cut
from glidepath.clinical.monitoring.seizure_window import SeizureWindow
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class DoseChange:
    """When the dose last changed, up or down; when it was last cut, and how long the medicines act that fell then."""

    at: dt.datetime
    cut_at: dt.datetime | None = None
    cut_acting: tuple[Acting, ...] = ()

    def cut(self, settings: ClinicalSettings) -> Cut | None:
        """The last cut with the longest watch that the centre sets for what fell."""
        if self.cut_at is None or not self.cut_acting:
            return None
        return Cut(self.cut_at, max(watch_days(acting, settings) for acting in self.cut_acting))


# People and the moment asked about; by person id, the last change before it. No entry: it did not change.
DoseChanges = Callable[[Sequence[Person], dt.datetime], Mapping[int, DoseChange]]

# The person; which facts are asked for, empty for every one; and their present episode where it was read already.
FactsOf = Callable[[Person, Collection[str], Episode | None], PersonFacts]

# People and the moment asked about; by person id, from when a seizure of withdrawal must be reckoned with. No entry:
# nothing is known to be taken.
SeizureWindows = Callable[[Sequence[Person], dt.datetime], Mapping[int, SeizureWindow]]

_reader: DoseChanges | None = None
_windows_of: SeizureWindows | None = None
_facts_of: FactsOf | None = None


def tell_dose_changes(reader: DoseChanges) -> None:
    """Hands in who knows when doses changed."""
    global _reader
    _reader = reader


def dose_changes(people: Sequence[Person], now: dt.datetime) -> Mapping[int, DoseChange] | None:
    """When the dose of each last changed, or None where nobody can say."""
    return None if _reader is None else _reader(people, now)


def tell_facts(reader: FactsOf) -> None:
    """Hands in who knows what was told at the assessment."""
    global _facts_of
    _facts_of = reader


def facts_of(person: Person, only: Collection[str] = (), *, episode: Episode | None = None) -> PersonFacts:
    """What is known about the person; everything unknown where nobody can say.

    only: names of facts, each as it was told; all others are then unknown, and less is read. episode: the present one.
    """
    return PersonFacts() if _facts_of is None else _facts_of(person, only, episode)


def tell_seizure_windows(reader: SeizureWindows) -> None:
    """Hands in who knows what was taken last."""
    global _windows_of
    _windows_of = reader


def seizure_windows(people: Sequence[Person], now: dt.datetime) -> Mapping[int, SeizureWindow]:
    """The window of each by person id; empty where nobody can say."""
    return {} if _windows_of is None else _windows_of(people, now)
