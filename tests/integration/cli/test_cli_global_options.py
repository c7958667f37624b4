"""What stands before every command, and what holds for all of them."""

import os
import re
from pathlib import Path

import pytest

from tests.fixtures.command_line import CommandLine, finish, kept, start

GROUPS = {
    "db": ("upgrade", "backup", "restore", "check"),
    "service": ("on", "off", "api"),
    "providers": ("add", "list", "test", "balance", "sync-costs"),
    "rates": ("set",),
    "prices": ("list", "set", "reprice", "changes", "revert", "export", "import"),
    "clients": ("add", "list", "key"),
    "credit": ("topup", "adjust", "show", "statement", "verify"),
    "senders": ("request", "approve", "reject", "list"),
    "messages": ("list", "show", "poll"),
}
SINGLE = ("send", "worker", "sandbox", "headless")
LEAVES = [(group, name) for group, names in GROUPS.items() for name in names] + [(name,) for name in SINGLE]


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_every_command_explains_itself(desk: CommandLine, command: tuple[str, ...]) -> None:
    answer = desk.run(*command, "--help")

    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"Usage: sms-desk {' '.join(command)} ")
    assert len(answer.out.split("\n\n")[1].strip()) > 10, "a sentence says what it does"
    assert not re.search(r"--\S+ <(str|int|float|path)", answer.out), "a value is named for what it is"


def test_the_help_lists_every_command_and_says_what_happens_without_one(desk: CommandLine) -> None:
    out = desk.run("--help").out

    assert [name for name in (*GROUPS, *SINGLE) if not re.search(rf"^  {name} ", out, re.MULTILINE)] == []
    assert "Without a command the window opens" in " ".join(out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("clients",),
        ("clients", "nonsense"),
        ("clients", "add"),
        ("clients", "add", "A", "B"),
        ("clients", "add", "A", "--nonsense"),
        ("clients", "list", "--json"),
        ("clients", "list", "--as", "Ayşe"),
        ("credit", "topup", "Acme", "5"),
        ("credit", "adjust", "Acme", "--reason", "a good reason"),
        ("providers", "add", "main"),
        ("prices", "reprice"),
        ("prices", "reprice", "--markup", "5", "--margin", "5"),
        ("prices", "reprice", "--markup", "5", "--rounding", "sideways"),
        ("prices", "revert", "one"),
        ("prices", "revert", "0"),
        ("prices", "revert", str(2**63)),
        ("messages", "show", "1.5"),
        ("messages", "list", "--batch", str(2**63)),
        ("messages", "poll", "--wait", "nan"),
        ("messages", "poll", "--wait", "inf"),
        ("messages", "poll", "--wait", "1e999"),
        ("messages", "poll", "--wait", "soon"),
        ("messages", "poll", "--wait", "-1"),
        ("sandbox", "--port", "65536"),
        ("sandbox", "--port", "-1"),
        ("--nonsense",),
        ("--db",),
        ("--demo", "clients", "list"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_with_one_line_and_a_way_out(desk: CommandLine, arguments: tuple[str, ...]) -> None:
    for_a_person = desk.run(*arguments)
    for_a_program = desk.json(*arguments)

    assert (for_a_person.code, for_a_person.out) == (2, "")
    assert re.fullmatch(r"[^\n]+ See sms-desk[a-z -]* --help\.\n", for_a_person.err)
    assert for_a_program.code == 2
    assert for_a_program.document == {"error": {"code": "usage", "message": for_a_person.err.strip()}}
    assert not desk.database.exists()


def test_global_options_come_in_any_order(desk: CommandLine, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"

    first = desk.run("--db", url, "--as", "Ayşe", "--json", "clients", "add", "First")
    second = desk.run("--json", f"--db={url}", "--as", "Ayşe", "clients", "add", "Second")

    assert (first.code, second.code) == (0, 0)
    assert [row["name"] for row in desk.ok("--db", url, "clients", "list")["rows"]] == ["First", "Second"]
    assert not desk.database.exists()


@pytest.mark.parametrize("option", ["--db", "--profile", "--as"])
def test_an_empty_global_option_is_refused(desk: CommandLine, option: str) -> None:
    """An unset variable of a script must not lead to another database or name."""
    error = desk.refused(option, "", "clients", "list")

    assert error["code"] == "invalid_input"
    assert "empty" in error["message"]
    assert kept(desk.profile) == {}


def test_the_profile_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_DESK_PROFILE", str(tmp_path / "from-environment"))

    answer = finish(start("--json", "clients", "add", "Acme"))

    assert (answer.code, answer.err) == (0, "")
    assert (tmp_path / "from-environment" / "sms-desk.db").is_file()
    assert (tmp_path / "from-environment").stat().st_mode & 0o077 == 0
    assert (tmp_path / "from-environment" / "sms-desk.db").stat().st_mode & 0o077 == 0


def test_the_profile_option_goes_before_the_environment(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMS_DESK_PROFILE", str(tmp_path / "ignored"))

    desk.ok("db", "upgrade")

    assert desk.database.is_file()
    assert not (tmp_path / "ignored").exists()


def test_the_database_comes_from_the_environment_or_the_settings_file(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.profile.mkdir()
    (desk.profile / "config.toml").write_text(f'database_url = "sqlite:///{tmp_path / "stored.db"}"\n', "utf-8")
    desk.ok("db", "upgrade")
    assert (tmp_path / "stored.db").is_file()

    monkeypatch.setenv("SMS_DESK_DB", f"sqlite:///{tmp_path / 'environment.db'}")
    desk.ok("db", "upgrade")
    assert (tmp_path / "environment.db").is_file()


def test_who_acts_is_written_down(desk: CommandLine) -> None:
    desk.ok("clients", "add", "Acme")

    desk.ok("--as", "Ayşe Yılmaz", "credit", "topup", "Acme", "5", "--reason", "first")
    desk.ok("credit", "topup", "Acme", "5", "--reason", "second")

    actors = [entry["actor"] for entry in desk.ok("credit", "statement", "Acme")["entries"]]
    assert actors[0] == "Ayşe Yılmaz"
    assert actors[1]
    assert actors[1] != "Ayşe Yılmaz"


@pytest.mark.parametrize("name", ["\0", "a\nb", "\ud800", "\u202e", "x" * 121, "   "])
def test_a_name_that_cannot_be_shown_does_not_act(desk: CommandLine, name: str) -> None:
    assert desk.refused("--as", name, "clients", "add", "Acme")["code"] == "invalid_input"
    assert kept(desk.profile) == {}


def test_a_person_reads_lines_and_aligned_columns(shop: CommandLine) -> None:
    shop.ok("clients", "add", "Bravo & Sons", "--currency", "USD", "--email", "b@example.com")

    answer = shop.run("clients", "list")

    assert answer.err == ""
    header, first, second = answer.out.splitlines()
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", header)]
    assert [line[starts[1] : starts[2]].strip() for line in (header, first, second)] == ["name", "Acme", "Bravo & Sons"]
    assert second.split("  ")[-1].strip() == "no"
    assert "–" in first, "a missing value is a dash, not nothing"


def test_a_person_is_told_an_error_in_one_line(shop: CommandLine) -> None:
    answer = shop.run("credit", "show", "Nobody")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "There is no client named “Nobody”.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("db", "check"),
        ("service", "on"),
        ("providers", "list"),
        ("prices", "list", "--country", "DE", "--networks"),
        ("prices", "changes"),
        ("prices", "reprice", "--markup", "30", "--countries", "DE", "--preview"),
        ("credit", "show", "Acme"),
        ("credit", "statement", "Acme"),
        ("credit", "verify"),
        ("senders", "list"),
        ("send", "--client", "Acme", "--sender", "ACME", "--text", "Hi", "--to", "+4915112345670", "--dry-run"),
        ("messages", "list"),
        ("messages", "poll"),
    ],
    ids=" ".join,
)
def test_every_answer_has_a_form_for_a_person(shelf: CommandLine, arguments: tuple[str, ...]) -> None:
    answer = shelf.run(*arguments)

    assert (answer.code, answer.err) == (0, "")
    assert answer.out
    assert not re.search(r"[{}\[\]]|None|True|False|Traceback", answer.out)


def test_stdout_is_utf8_wherever_the_terminal_stands(desk: CommandLine) -> None:
    plain = {name: "" for name in os.environ if name.startswith("LC_")}
    profile = ("--profile", desk.profile)
    added = finish(start(*profile, "--json", "clients", "add", "Çelik Ökö 你好", environment=plain | {"LANG": "C"}))
    listed = finish(start(*profile, "clients", "list", environment=plain | {"PYTHONIOENCODING": "latin-1"}))

    assert (added.code, added.err, added.document["name"]) == (0, "", "Çelik Ökö 你好")
    assert "Çelik Ökö 你好" in listed.out


def test_bytes_that_are_no_text_are_refused_and_do_not_crash(desk: CommandLine) -> None:
    process = start("--profile", desk.profile, "--json", "clients", "add", os.fsdecode(b"Acme \xff\xfe"))

    assert finish(process).error["code"] == "invalid_input"
    assert desk.ok("clients", "list") == {"rows": []}


def test_a_full_disk_under_stdout_is_said(desk: CommandLine) -> None:
    with Path("/dev/full").open("wb") as full:
        process = start("--profile", desk.profile, "--json", "clients", "add", "Acme", stdout=full.fileno())
        answer = finish(process)

    assert answer.code == 1
    assert answer.err == "The command was done, but its answer could not be written: No space left on device.\n"
    assert [row["name"] for row in desk.ok("clients", "list")["rows"]] == ["Acme"]


def test_a_reader_that_leaves_is_no_error_on_screen(shop: CommandLine) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start("--profile", shop.profile, "prices", "list", "--networks", stdout=writing)
    os.close(writing)
    answer = finish(process)

    assert (answer.code, answer.err) == (1, "")


def test_two_commands_at_once_both_get_done(shop: CommandLine) -> None:
    """Two processes write to one database: neither is turned away, and no booking is lost."""
    many = [
        start("--profile", shop.profile, "--json", "credit", "topup", "Acme", "1.25", "--reason", "one of many")
        for _ in range(3)
    ]

    answers = [finish(process) for process in many]

    assert [(answer.code, answer.err) for answer in answers] == [(0, "")] * 3
    assert len({answer.document["entry_id"] for answer in answers}) == 3
    assert shop.ok("credit", "show", "Acme")["available"] == "53.750000"
    assert shop.ok("credit", "verify")["ok"]


def test_two_first_starts_at_once_make_one_database(desk: CommandLine) -> None:
    many = [start("--profile", desk.profile, "--json", "clients", "add", f"Client {n}") for n in range(2)]

    assert [(answer.code, answer.err) for answer in map(finish, many)] == [(0, "")] * 2
    assert len(desk.ok("clients", "list")["rows"]) == 2


def test_without_a_command_and_a_display_the_main_job_runs_in_a_profile_of_its_own(desk: CommandLine) -> None:
    answer = desk.run()

    assert (answer.code, answer.err) == (
        0,
        "There is no display: the main job runs without a window, on demo data that is thrown away.\n",
    )
    steps = [line.split("  ")[0].strip() for line in answer.out.splitlines()]
    assert steps == [
        "provider",
        "costs",
        "prices",
        "client",
        "queued",
        "sent",
        "status",
        "price list",
        "price list",
        "price list",
        "audit",
    ]
    assert not desk.database.exists()
    assert set(desk.json().document) == set(steps)
