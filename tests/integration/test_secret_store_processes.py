"""Several processes using one vault at once."""

import os
import subprocess
import sys
from pathlib import Path

from desktop_app.secret_store import SecretStore

ENVIRONMENT = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "SMS_DESK_VAULT_PASSPHRASE": "pass phrase"}
ROOT = Path(__file__).parents[2]
WRITER = """
import itertools, os, sys
from pathlib import Path
from desktop_app.secret_store import SecretStore
profile, label, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = SecretStore(profile, os.environ)
print("ready", flush=True)
sys.stdin.readline()
for number in itertools.islice(itertools.count(), count or None):
    store.save(f"{label}/{number}", f"secret {number} of {label}")
    print(number, flush=True)
"""


def start(profile: Path, label: str, count: int) -> subprocess.Popen[str]:
    """Start a writer of ``count`` secrets (0: without end), which waits for a line before it begins."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(profile), label, str(count)],
        env={**os.environ, **ENVIRONMENT},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = {label: start(tmp_path, label, 20) for label in ("one", "two")}
    for process in writers.values():
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in writers.values():
        process.communicate()
        assert process.returncode == 0

    store = SecretStore(tmp_path, ENVIRONMENT)
    for label in writers:
        for number in range(20):
            assert store.load(f"{label}/{number}") == f"secret {number} of {label}"


def test_a_killed_writer_loses_nothing_it_reported(tmp_path: Path) -> None:
    process = start(tmp_path, "killed", 0)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    while int(process.stdout.readline()) < 5:
        pass
    process.kill()
    reported = 5 + len(process.communicate()[0].split())

    store = SecretStore(tmp_path, ENVIRONMENT)
    for number in range(reported + 1):
        assert store.load(f"killed/{number}") == f"secret {number} of killed"
    store.save("after", "all well")
    assert store.load("after") == "all well"
