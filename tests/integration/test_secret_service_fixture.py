"""The private Secret Service of the tests is a real one: what one program writes, another reads."""

import subprocess
import sys

import keyring
from keyring.backend import KeyringBackend


def test_a_secret_is_written_and_read_back(secret_service: KeyringBackend) -> None:
    keyring.set_password("sms-desk", "account", "geheim-ş")

    assert secret_service.get_password("sms-desk", "account") == "geheim-ş"


def test_another_process_reads_it(secret_service: KeyringBackend) -> None:
    secret_service.set_password("sms-desk", "account", "first")

    program = "import keyring; print(keyring.get_password('sms-desk', 'account'))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "first"


def test_each_test_gets_an_empty_one(secret_service: KeyringBackend) -> None:
    assert secret_service.get_password("sms-desk", "account") is None
