"""The profile folder, its settings file and its log: whatever stands there, one sentence and no loss."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.config import load_settings
from desktop_app.domain.errors import InvalidInput
from desktop_app.log import log_file, redact, start_logging, stop_logging
from tests.fixtures.command_line import ROOT, CommandLine, finish, kept


@pytest.mark.parametrize(
    "content",
    [
        b"database_url = ",
        b'database_url = "sqlite:///x',
        b"\x00\x01\x02\xff",
        b"\xff\xfed\x00a\x00",
        b"<<<<<<< HEAD\nlanguage = 'en'\n=======\n",
        b"x = " + b"[" * 10_000,
        b"a" * 2_000_000,
        b"database_url = 5",
        b"language = ['en']",
        b"[database_url]\nx = 1",
    ],
    ids=["cut", "open text", "binary", "UTF-16", "merge conflict", "deep", "2 MB", "number", "list", "table"],
)
def test_a_settings_file_that_cannot_be_used_is_said(desk: CommandLine, content: bytes) -> None:
    desk.profile.mkdir()
    (desk.profile / "config.toml").write_bytes(content)

    error = desk.refused("clients", "list")

    assert error["code"] == "invalid_input"
    assert "config.toml" in error["message"]
    assert set(kept(desk.profile)) == {"config.toml"}


def test_a_settings_folder_and_a_pipe_are_said(desk: CommandLine) -> None:
    (desk.profile / "config.toml").mkdir(parents=True)
    assert "config.toml" in desk.refused("clients", "list")["message"]

    (desk.profile / "config.toml").rmdir()
    os.mkfifo(desk.profile / "config.toml")
    assert "config.toml" in desk.refused("clients", "list")["message"]


def test_settings_of_a_newer_program_are_left_alone(desk: CommandLine) -> None:
    desk.profile.mkdir()
    content = '﻿future = 1\nlanguage = "en"\n[more]\nx = [1, 2]\n'
    (desk.profile / "config.toml").write_text(content, "utf-8")

    assert desk.ok("clients", "list") == {"rows": []}
    assert (desk.profile / "config.toml").read_text("utf-8") == content


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:s3cret@host/name",
        "postgresql+psycopg://:s3cret@host/name",
        "postgresql://user@host/name?password=s3cret",
        "postgresql://user@host/name?sslpassword=s3cret",
        "mysql://user:s3cret@host/name",
        "postgresql:/user:s3cret@host/name",
        "user:s3cret@host/name",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(desk: CommandLine, url: str) -> None:
    answer = desk.json("--db", url, "clients", "list")

    assert "PGPASSWORD" in answer.error["message"]
    assert "s3cret" not in answer.out + answer.err
    assert all(b"s3cret" not in path.read_bytes() for path in desk.profile.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "mysql://host/name",
        "http://host/name",
        "postgres",
        "://",
    ],
)
def test_an_address_of_no_database_of_ours_is_refused(desk: CommandLine, url: str) -> None:
    error = desk.refused("--db", url, "clients", "list")

    assert error["code"] == "invalid_input"
    assert kept(desk.profile) == {}


def test_a_database_server_that_is_not_there_is_said(desk: CommandLine) -> None:
    error = desk.refused("--db", "postgresql://nobody@127.0.0.1:1/nothing", "clients", "list")

    assert error["code"] == "storage_unavailable"


@pytest.mark.parametrize("place", ["a file", "below a file", "a link in a circle", "too long"])
def test_a_profile_folder_that_cannot_be_made_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    folder = {"a file": "file", "below a file": "file/below", "a link in a circle": "circle", "too long": "n" * 300}[
        place
    ]

    error = CommandLine(tmp_path / folder).refused("clients", "list")

    assert error["code"] == "invalid_input"
    assert error["message"].startswith("The profile folder ")


def test_a_profile_that_may_not_be_written_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir(mode=0o500)

    error = finish(_without_overrides(tmp_path / "profile", "clients", "list")).error

    assert error["code"] == "storage_unavailable"
    assert list((tmp_path / "profile").iterdir()) == []


def _without_overrides(profile: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command line where access rights count, for root too."""
    mortal = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return subprocess.Popen(
        [*mortal, sys.executable, str(ROOT / "main.py"), "--profile", str(profile), "--json", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_database_that_may_not_be_written_is_said_and_stays(shop: CommandLine) -> None:
    before = kept(shop.profile)
    shop.database.chmod(0o400)
    try:
        error = finish(_without_overrides(shop.profile, "credit", "topup", "Acme", "1", "--reason", "first")).error
    finally:
        shop.database.chmod(0o600)

    assert error["code"] == "storage_unavailable"
    assert kept(shop.profile) == before


def test_a_log_that_may_not_be_written_costs_the_log_only(desk: CommandLine) -> None:
    desk.profile.mkdir()
    (desk.profile / "logs").touch()

    assert desk.ok("clients", "add", "Acme")["name"] == "Acme"


def test_a_home_that_is_nobodys_is_a_folder_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings({}, profile="~nobody-of-that-name/x", actor="test")

    assert settings.profile == tmp_path / "~nobody-of-that-name" / "x"


def test_the_name_of_the_os_user_must_be_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "a\x1bb")

    with pytest.raises(InvalidInput, match="person"):
        load_settings({}, profile=tmp_path)


def test_a_user_without_a_name_is_called_by_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.setattr("getpass.getuser", nobody)

    assert load_settings({}, profile=tmp_path).actor == f"uid-{os.getuid()}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to +4915112345678 now", "to +49…78 now"),
        ("To=%2B4915112345678&Body=Hello+there&From=ACME", "To=…&Body=…&From=…"),
        ("Basic QUM1NTU1NTU1NTU1NTU1NTU1NTU1NTU1", "Basic …"),
        ("token 5d41402abc4b2a76b9719d911017c592.", "token …."),
        ("a\r\nb\x1b[31m\u202e\x85", "a�\nb�[31m��"),
        ("batch 12 of 1234 at 2026-11-24T10:00:00", "batch 12 of 1234 at 2026-11-24T10:00:00"),
    ],
)
def test_the_log_shows_no_number_text_or_secret(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_log_lines_are_json_and_tracebacks_are_redacted(tmp_path: Path, expected_log: object) -> None:
    path = start_logging(tmp_path)
    try:
        assert log_file() == path
        try:
            raise ValueError("+4915112345678 5d41402abc4b2a76b9719d911017c592")
        except ValueError:
            logging.getLogger("test").exception("a message to %s\nforged line", "+4915112345678")
    finally:
        stop_logging()

    (line,) = path.read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["levelname"], entry["message"]) == ("ERROR", "a message to +49…78\nforged line")
    assert "15112345678" not in line
    assert "5d41402abc4b2a76b9719d911017c592" not in line
    assert log_file() is None


def test_each_command_closes_its_log(desk: CommandLine) -> None:
    before = list(logging.getLogger().handlers)

    desk.ok("clients", "list")
    desk.refused("credit", "show", "Nobody")
    desk.run("nonsense")

    assert logging.getLogger().handlers == before


def test_a_log_on_a_full_disk_disturbs_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "sms-desk.log").symlink_to("/dev/full")
    start_logging(tmp_path)
    try:
        logging.getLogger("test").info("lost")
    finally:
        stop_logging()

    assert capfd.readouterr() == ("", "")
