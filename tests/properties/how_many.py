"""How many examples a property is tried on: few enough for every run, and with THOROUGH=1 fifty times as many new ones.

THOROUGH=1 .venv/bin/python -m pytest tests/properties -n 2      (about an hour)
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import settings

Test = TypeVar("Test", bound=Callable[..., None])

THOROUGH = os.environ.get("THOROUGH") == "1"


def examples(count: int) -> Callable[[Test], Test]:
    """The settings of a property that every run tries on `count` examples."""
    return settings(max_examples=50 * count if THOROUGH else count, deadline=None)
