"""The harness stands in tests/harness.py, so that tests beside the rooms (src/) and those in tests/ share it."""

pytest_plugins = ["tests.harness"]
