"""Marks a test as the proof that a rule fires, or that it stays silent just short of its limit, and collects them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

import tests.clinical.guidelines
import tests.clinical.instruments
import tests.clinical.monitoring
from glidepath.clinical.findings import Finding, Status

Test = TypeVar("Test", bound=Callable[..., Any])
PACKAGES = (tests.clinical.guidelines, tests.clinical.instruments, tests.clinical.monitoring)


def fires(*codes: str) -> Callable[[Test], Test]:
    """This test sees each of `codes` fire."""
    return _mark("rules_that_fire", codes)


def just_short(*codes: str) -> Callable[[Test], Test]:
    """This test sees each of `codes` stay silent just short of its limit."""
    return _mark("rules_just_short", codes)


def codes(findings: Iterable[Finding]) -> list[str]:
    """The codes that fire, unanswered ones and answered ones alike, in order."""
    return [finding.code for finding in findings if finding.status is Status.FIRES]


def unassessed(findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """What each rule that cannot be assessed is missing."""
    return {finding.code: finding.missing for finding in findings if finding.status is Status.CANNOT_BE_ASSESSED}


def proofs() -> tuple[set[str], set[str]]:
    """Codes with a test that fires, and codes with one just short, over all tests of the rules."""
    found = [test for module in _modules() for test in vars(module).values() if callable(test)]
    return _collected(found, "rules_that_fire"), _collected(found, "rules_just_short")


def _mark(name: str, marked: tuple[str, ...]) -> Callable[[Test], Test]:
    def mark(test: Test) -> Test:
        setattr(test, name, marked)
        return test

    return mark


def _modules() -> list[ModuleType]:
    names = [
        f"{package.__name__}.{found.name}"
        for package in PACKAGES
        for found in pkgutil.iter_modules(package.__path__)
        if found.name.startswith("test_")
    ]
    return [importlib.import_module(name) for name in names]


def _collected(tests: list[Any], name: str) -> set[str]:
    return {code for test in tests for code in getattr(test, name, ())}
