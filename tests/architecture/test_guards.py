"""The guards around every test bite: each is shown a test that misbehaves."""

import logging
import os
import random
import socket
import threading
from pathlib import Path

import keyring
import pytest
from keyring.errors import NoKeyringError

from tests.fixtures.guards import TrafficBlocked

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = "192.0.2.1"  # reserved for documentation (RFC 5737)

MISBEHAVING = {
    "left threads running: sleeper": """
        import threading
        def test_it(request):
            wake = threading.Event()
            thread = threading.Thread(target=wake.wait, args=(8,), name="sleeper", daemon=True)
            thread.start()
    """,
    "Unexpected log": """
        import logging
        def test_it():
            logger = logging.getLogger("some.part")
            logger.propagate = False
            logger.warning("a warning")
    """,
    "Qt messages": """
        from PySide6.QtCore import qWarning
        def test_it():
            qWarning("a warning of Qt")
    """,
    "DeprecationWarning": """
        import warnings
        def test_it():
            warnings.warn("old", DeprecationWarning)
    """,
    "PytestUnhandledThreadExceptionWarning": """
        import threading
        def test_it():
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    """,
    "unclosed file": """
        def test_it(tmp_path):
            (tmp_path / "file").open("w")
    """,
}


@pytest.mark.parametrize("complaint", MISBEHAVING)
def test_a_test_that_misbehaves_fails(
    complaint: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(MISBEHAVING[complaint])

    plugins = ("-p", "tests.fixtures.seeds", "-p", "tests.fixtures.guards")
    result = pytester.runpytest_subprocess("-c", str(ROOT / "pyproject.toml"), *plugins, str(pytester.path))

    assert result.ret != 0
    assert complaint in result.stdout.str() + result.stderr.str()
    assert "seed: " in result.stdout.str()


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as probe, pytest.raises(TrafficBlocked, match="only loopback"):
        probe.connect((ELSEWHERE, 80))
    with socket.socket() as probe, pytest.raises(TrafficBlocked):
        probe.connect_ex((ELSEWHERE, 80))
    with socket.socket(type=socket.SOCK_DGRAM) as probe, pytest.raises(TrafficBlocked):
        probe.sendto(b"x", (ELSEWHERE, 53))


def test_another_machine_cannot_be_looked_up() -> None:
    with pytest.raises(TrafficBlocked, match=r"sms\.example"):
        socket.getaddrinfo("sms.example", 443)
    with pytest.raises(TrafficBlocked):
        socket.gethostbyname("sms.example")


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    assert socket.getaddrinfo("localhost", 80)


def test_an_expected_log_is_handed_over(expected_log: list[logging.LogRecord]) -> None:
    logging.getLogger("some.part").error("a %s", "failure")

    assert [record.getMessage() for record in expected_log] == ["a failure"]


def test_a_thread_that_ends_by_itself_is_fine() -> None:
    threading.Thread(target=threading.Event().wait, args=(0.05,)).start()


def test_the_environment_is_the_tests_own() -> None:
    home = Path.home()

    assert "sms-desk-home-" in home.name
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "SMS_DESK_PROFILE"):
        assert Path(os.environ[name]).is_relative_to(home)
    assert not [name for name in os.environ if name.startswith("SMS_DESK_") and name != "SMS_DESK_PROFILE"]


def test_no_keyring_answers_unless_a_test_asks_for_one() -> None:
    with pytest.raises(NoKeyringError):
        keyring.get_password("sms-desk", "account")


def test_each_test_has_a_seed_of_its_own(seed: random.Random, run_seed: str, request: pytest.FixtureRequest) -> None:
    own = random.Random(f"{run_seed}:{request.node.nodeid}")

    assert seed.random() == own.random()
