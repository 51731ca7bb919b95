"""The harness stands in tests/harness.py, so that tests beside the rooms (src/) and those in tests/ share it."""

import os

import hypothesis
import pytest

pytest_plugins = ["tests.harness"]

# A busy machine draws examples slowly, which says nothing about the code: tests assert what is right, never seconds.
# Every run tries the same examples, so that a change fails by what it changed; THOROUGH=1 goes looking for new ones.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("THOROUGH") != "1",
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """The tables come straight from the models, which is a minute faster for every process of every run.

    That the migrations make the same record, centre/tests/test_migrations.py shows on both databases.
    """
    return False
