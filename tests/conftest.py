"""What every test runs under: guards, seeds, and the fixtures that are shared by the whole suite."""

import os
import signal

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything can load Qt

pytest_plugins = [
    "pytester",
    "tests.fixtures.seeds",
    "tests.fixtures.guards",
    "tests.fixtures.postgres",
    "tests.fixtures.secret_service",
]

# A shell that starts a run in the background has it ignore Ctrl+C, and so every program that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
