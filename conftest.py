"""The harness stands in tests/harness.py, so that tests beside the rooms (src/) and those in tests/ share it."""

import pytest
from django.conf import settings

pytest_plugins = ["tests.harness"]


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """On SQLite the tables come straight from the models, which is seconds faster for every process of every run.

    The migrations are walked on PostgreSQL, and on SQLite by tests/architecture/test_migrations.py.
    """
    return "sqlite" not in settings.DATABASES["default"]["ENGINE"]
