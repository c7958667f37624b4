"""What every test runs under: guards, seeds, and the fixtures that are shared by the whole suite."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything can load Qt

pytest_plugins = [
    "pytester",
    "tests.fixtures.seeds",
    "tests.fixtures.guards",
    "tests.fixtures.postgres",
    "tests.fixtures.secret_service",
]
