"""Whatever is typed ends in a regimen or in one clear sentence; what is written back reads the same."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal

from hypothesis import given, strategies as st

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import PlannedDose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import RegimenError, parse_goal, parse_regimen, regimen_of
from tests.clinical.dosing.shelf import TIMES
from tests.properties.how_many import examples

NAMES = sorted(medicine.name for medicine in formulary().medicines.values())
LIKELY = st.text(alphabet="dazepm 0123456789.,:+x×µmgat-\n", max_size=40)


@examples(300)
@given(st.one_of(st.text(max_size=60), LIKELY, LIKELY.map(lambda text: f"diazepam {text}")))
def test_any_text_is_a_regimen_or_one_clear_sentence(text: str) -> None:
    for read in (_regimen, _goal):
        with contextlib.suppress(RegimenError):
            read(text)


def _regimen(text: str) -> object:
    return parse_regimen(text, formulary=formulary(), default_times=TIMES)


def _goal(text: str) -> object:
    return parse_goal(text, formulary=formulary())


@examples(150)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(NAMES), st.times().map(lambda time: dt.time(time.hour, time.minute))),
        st.decimals("0.000001", "4", places=6),
        min_size=1,
        max_size=6,
    )
)
def test_a_regimen_written_back_reads_the_same(given_doses: dict[tuple[str, dt.time], Decimal]) -> None:
    regimen = regimen_of([PlannedDose(time, Dose(mg, name)) for (name, time), mg in given_doses.items()])
    again = parse_regimen(regimen.text(), formulary=formulary(), default_times=TIMES)
    assert again == regimen
    assert again.text() == regimen.text()
