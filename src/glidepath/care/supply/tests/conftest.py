from __future__ import annotations

import pytest

from tests.cast import Cast, make_centre


@pytest.fixture
def cast(frozen_clock) -> Cast:
    return make_centre()
