from __future__ import annotations

import importlib

import pytest

from glidepath.clinical.facts.load import rules
from glidepath.clinical.guidelines.index import IMPLEMENTED
from tests.clinical.guidelines.proof import proofs


@pytest.mark.parametrize("code", sorted(IMPLEMENTED))
def test_every_rule_has_a_test_that_fires_and_one_just_short_of_it(code: str) -> None:
    firing, just_short = proofs()
    assert code in firing, f"no test sees {code} fire"
    assert code in just_short, f"no test sees {code} stay silent just short of its limit"


@pytest.mark.parametrize("code", sorted(IMPLEMENTED))
def test_every_rule_names_the_function_that_checks_it_and_stands_in_the_facts(code: str) -> None:
    module, function = IMPLEMENTED[code].split(":")
    assert callable(getattr(importlib.import_module(f"glidepath.clinical.{module}"), function))
    assert code in rules()


def test_no_test_is_about_a_rule_that_the_index_does_not_list() -> None:
    firing, just_short = proofs()
    assert firing | just_short <= set(IMPLEMENTED)
