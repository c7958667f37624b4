"""Every argument against the shared sets of bad input: one clear sentence, exit 1 or 2, and nothing stored."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fixtures.bad_input import (
    ADDRESSES,
    INVISIBLE,
    NO_NUMBERS,
    ODD,
    STRINGS,
    TOO_LONG,
    UNSTORABLE,
)
from tests.fixtures.command_line import Answer, CommandLine, kept

SEND = ("send", "--client", "Acme", "--sender", "ACME", "--text", "Hello", "--to", "+4915112345670")
NEW_CLIENT = ("clients", "add", "New")
TOPUP = ("credit", "topup", "Acme", "5", "--reason", "first")
ADJUST = ("credit", "adjust", "Acme", "--amount=5", "--reason", "a good reason")
REPRICE = ("prices", "reprice", "--countries", "DE")
ADD_PROVIDER = ("providers", "add", "new", "--kind", "twilio", "--set", f"account_sid=AC{'5' * 32}", "--secret-stdin")
LOSS = ("prices", "set", "DE", "0.01", "--loss-until", "2999-01-01")


def _problem(answer: Answer) -> str | None:
    """Return what is wrong with a refusal, None when it is as it should be."""
    lines = answer.err.splitlines()
    if answer.code not in (1, 2):
        return f"exit {answer.code}"
    if len(lines) != 1 or not lines[0].isprintable() or "Traceback" in answer.err:
        return f"stderr is not one clean line: {answer.err[:300]!r}"
    if len(lines[0]) > 400:
        return f"a sentence of {len(lines[0])} characters"
    error = answer.document["error"]
    if error["code"] in ("unexpected", "error"):
        return f"code {error['code']}"
    if not lines[0].endswith((".", "&")):
        return f"not a sentence: {lines[0]!r}"
    return None


def _check(desk: CommandLine, command: tuple[str, ...], values: Mapping[str, str], stdin: str = "any-token") -> None:
    """Put each value where the command has "{}" and require that all of them are refused and nothing is stored."""
    before = kept(desk.profile)
    problems = {}
    for name, value in values.items():
        answer = desk.json(*(word.replace("{}", value) for word in command), stdin=stdin.replace("{}", value))
        problem = _problem(answer)
        if kept(desk.profile) != before:
            problem = f"{problem or 'refused'}, but something was stored"
            before = kept(desk.profile)
        if problem is not None:
            problems[name] = problem
    assert problems == {}


def _without(values: Mapping[str, str], *names: str) -> dict[str, str]:
    assert set(names) <= set(values)
    return {name: value for name, value in values.items() if name not in names}


PERCENTS = {"above": "1000000.01", "three decimals": "12.345", "margin": "100", "empty": "", "sign": "%"}
# Notes may have several lines, and five hundred characters.
TEXTS = _without({**UNSTORABLE, **TOO_LONG}, "header injection", "257 bytes")
# Blanks around these are a slip of the hand, and are taken off.
BLANKED = _without(NO_NUMBERS, "line end")
NO_PERCENTS = _without({**STRINGS, **BLANKED, **PERCENTS}, "margin")
NO_NAMES = {**UNSTORABLE, **INVISIBLE, **_without(TOO_LONG)}
NO_CODES = {
    **STRINGS,
    **NO_NUMBERS,
    "three letters": "DEU",
    "unknown": "XX",
    "one": "D",
    "currency": "EUR",
    "reserved": "UK",
}
NO_CURRENCIES = {**STRINGS, **NO_NUMBERS, "two letters": "EU", "test code": "XXX", "old": "DEM", "sign": "€"}
NO_PRICES = {**STRINGS, **NO_NUMBERS, "zero": "0", "minus zero": "-0", "minus": "-1", "too high": "100000.000001"}
NO_TOPUPS = {
    **STRINGS, **NO_NUMBERS, "zero": "0", "minus zero": "-0", "minus": "-1", "ambiguous": "1.2345,6", "too large": "1000000000.01",
    "four groups": "1,23,456", "short group": "1.23.456", "one group of four": "1,2345",
}  # fmt: skip
# Who is looked up by name is not there; a name of every kind is enough.
STRANGERS = {
    **UNSTORABLE,
    "empty": "",
    "a megabyte": TOO_LONG["a megabyte"],
    **{k: ODD[k] for k in ("zalgo", "SQL", "LIKE", "template", "bold", "option")},
}
NO_DATES = {
    **STRINGS, **NO_NUMBERS, "compact": "20260301", "week": "2026-W09-7", "day 30": "2026-02-30", "time": "2026-03-01T00:00",
    "German": "01.03.2026", "year 0": "0000-01-01", "year 10000": "10000-01-01", "month 13": "2026-13-01",
}  # fmt: skip
NO_RATES = {
    **STRINGS,
    **_without(BLANKED, "seven decimals"),
    "zero": "0",
    "minus": "-1",
    "plus": "+1",
    "groups": "1,000.5",
    "too high": "1000000000.5",
}
NO_IDS = {
    **STRINGS,
    **_without(NO_NUMBERS, "Arabic digits", "fullwidth digits", "line end", "underscore"),
    "zero": "0",
    "minus": "-1",
}
NO_SENDERS = {
    **{name: value for name, value in STRINGS.items() if value not in ("null", "None", "undefined", "true", "CON", "nul.txt")},
    "12 characters": "ABCDEFGHIJKL", "16 digits": "+4912345678901234", "2 digits": "12", "leading zero": "0123456789",
    "leading space": " ACME", "trailing space": "ACME ", "Cyrillic": "АСМЕ", "umlaut": "ÄCME", "digits and space": "12 34",
    "accent": "ACMÉ", "slash": "A/B", "at": "a@b", "two signs": "++4915112345678",
}  # fmt: skip
NO_NUMBERS_TO_SEND_TO = {
    **STRINGS, **NO_NUMBERS, "national": "015112345670", "without plus": "4915112345670", "exit code of the US": "0114915112345670",
    "16 digits": "+4915112345678901", "5 digits": "+49151", "plus": "+", "two pluses": "++4915112345670", "plus zero": "+0151",
    "unknown code": "+99912345678", "letters": "1-800-FLOWERS", "sip": "sip:+4915112345670@example.com", "address": "a@example.com",
    "range": "+4915112345670-80", "glued": "+4915112345670+4915112345671", "formula": "=+4915112345670", "hex": "0x4915112345670",
    "emergency": "112", "two": "+4915112345670 +4915112345671",
}  # fmt: skip
NO_KINDS = {**STRINGS, "unknown": "telepathy", "upper": "Twilio"}
NO_ADDRESSES = {**_without(STRINGS, "empty"), **ADDRESSES}
NO_EMAILS = {
    **STRINGS, "no at": "example.com", "no domain": "a@", "no name": "@example.com", "two": "a@b@example.com", "space": "a b@example.com",
    "quotes": '"a"@example.com', "tag": "<a@example.com>", "list": "a@example.com,b@example.com", "no dot": "a@example",
    "hidden": "a\x00@example.com", "shown": "a\x1b@example.com", "half": "a\ud800@example.com", "long": "a" * 65 + "@example.com",
}  # fmt: skip


@pytest.mark.parametrize(
    ("command", "values"),
    [
        (("clients", "add", "{}"), NO_NAMES),
        ((*NEW_CLIENT, "--email={}"), NO_EMAILS),
        ((*NEW_CLIENT, "--currency={}"), NO_CURRENCIES),
        (("clients", "key", "{}"), STRANGERS),
        (("credit", "topup", "{}", "5", "--reason", "first"), STRANGERS),
        (("credit", "topup", "Acme", "{}", "--reason", "first"), NO_TOPUPS),
        ((*TOPUP[:-2], "--reason={}"), {**TEXTS, **{k: INVISIBLE[k] for k in ("empty", "space", "tab", "line end")}}),
        ((*ADJUST[:3], "--amount={}", *ADJUST[4:]), {k: v for k, v in NO_TOPUPS.items() if k != "minus"}),
        ((*ADJUST[:4], "--reason={}"), {**TEXTS, "four characters": "four", "blank": "    "}),
        (("credit", "show", "{}"), STRANGERS),
        (("credit", "statement", "{}"), STRANGERS),
        (("prices", "list", "--country={}"), NO_CODES),
        (("prices", "set", "{}", "0.5"), NO_CODES),
        (("prices", "set", "DE", "{}"), NO_PRICES),
        ((*LOSS[:4], "--loss-until={}", "--reason", "opening offer"), {**NO_DATES, "past": "2020-01-01"}),
        ((*LOSS, "--reason={}"), {**TEXTS, "empty": "", "four characters": "four"}),
        ((*REPRICE, "--markup={}"), NO_PERCENTS),
        ((*REPRICE, "--margin={}"), {**STRINGS, **BLANKED, **PERCENTS}),
        ((*REPRICE, "--change-amount={}"), {**STRINGS, **NO_NUMBERS}),
        ((*REPRICE, "--markup", "5", "--min-profit={}"), {**STRINGS, **NO_NUMBERS, "minus": "-1"}),
        ((*REPRICE, "--markup", "5", "--round={}"), {**STRINGS, **NO_NUMBERS, "zero": "0", "minus": "-1"}),
        ((*REPRICE, "--markup", "5", "--cap={}"), {**STRINGS, **BLANKED, "minus": "-1", "above": "10000.01"}),
        (("prices", "reprice", "--markup", "5", "--countries={}"), {**NO_CODES, "commas": ",,", "one of two": "DE,XX"}),
        (("prices", "reprice", "--markup", "5", "--region={}"), {**STRINGS, "unknown": "Atlantis", "two": "EU,EFTA"}),
        (("prices", "revert", "{}"), NO_IDS),
        (("prices", "export", "list.csv", "--format={}"), STRINGS),
        (("prices", "export", "list.csv", "--client={}"), STRANGERS),
        (("prices", "import", "list.csv", "--provider={}"), STRANGERS),
        (("rates", "set", "{}", "EUR", "0.9"), {**NO_CURRENCIES, "the same": "EUR"}),
        (("rates", "set", "USD", "{}", "0.9"), {**NO_CURRENCIES, "the same": "usd"}),
        (("rates", "set", "USD", "EUR", "{}"), NO_RATES),
        (("rates", "set", "USD", "EUR", "0.9", "--date={}"), NO_DATES),
        ((*ADD_PROVIDER[:2], "{}", *ADD_PROVIDER[3:]), {**NO_NAMES, "taken": "MAIN"}),
        ((*ADD_PROVIDER[:4], "{}", *ADD_PROVIDER[5:]), NO_KINDS),
        ((*ADD_PROVIDER, "--base-url={}"), NO_ADDRESSES),
        ((*ADD_PROVIDER, "--set={}"), STRINGS),
        ((*ADD_PROVIDER, "--set", "auth_token={}"), {"secret as a setting": "s3cret"}),
        ((*ADD_PROVIDER[:5], "--set", "account_sid={}", "--secret-stdin"), {**STRINGS, "short": "AC12", "other": "US" + "5" * 32}),
        (("providers", "test", "{}"), STRANGERS),
        (("providers", "sync-costs", "{}"), STRANGERS),
        (("senders", "request", "{}", "ACME"), STRANGERS),
        (("senders", "request", "Acme", "{}"), NO_SENDERS),
        (("senders", "request", "Acme", "NEW", "--countries={}"), {**NO_CODES, "commas": ",,", "one of two": "DE,XX"}),
        (("senders", "approve", "Acme", "ACME", "--countries={}"), NO_CODES),
        (("senders", "reject", "Acme", "ACME", "--countries", "TR", "--note={}"), STRINGS),
        (("senders", "list", "--client={}"), STRANGERS),
        ((*SEND[:2], "{}", *SEND[3:]), STRANGERS),
        ((*SEND[:4], "{}", *SEND[5:]), STRINGS),
        ((*SEND[:6], "{}", *SEND[7:]), {**{k: v for k, v in TEXTS.items() if k not in ("257 bytes", "header injection")}, "empty": ""}),
        ((*SEND[:7], "--to={}"), NO_NUMBERS_TO_SEND_TO),
        ((*SEND, "--reason={}"), TEXTS),
        ((*SEND, "--wait={}"), {**STRINGS, **{k: v for k, v in NO_NUMBERS.items() if k not in (
            "exponent", "small exponent", "underscore", "Arabic digits", "fullwidth digits", "line end", "seven decimals")}}),
        (("messages", "show", "{}"), NO_IDS),
        (("messages", "list", "--batch={}"), NO_IDS),
        (("sandbox", "--port={}"), {**STRINGS, "taken": "65536"}),
    ],
    ids=lambda value: " ".join(word[:20] for word in value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_bad_arguments_are_refused_and_store_nothing(
    shelf: CommandLine,
    command: tuple[str, ...],
    values: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text("country,mccmnc,network,price,currency\nDE,,,0.2,EUR\n", "utf-8")

    _check(shelf, command, values)

    assert shelf.ok("credit", "verify")["ok"]


def test_bad_secrets_are_refused_and_store_nothing(shelf: CommandLine) -> None:
    no_secrets = {
        **UNSTORABLE, "empty": "", "line end": "\n", "two lines": "a\nb", "long": "x" * 4001, "a megabyte": "x" * 1_000_000,
    }  # fmt: skip

    _check(shelf, ADD_PROVIDER, no_secrets, stdin="{}")


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_kept_as_they_are(desk: CommandLine, name: str) -> None:
    """What is only odd is text: it comes back letter by letter, and nothing reads meaning into it."""
    value = ODD[name]
    answer = desk.json("clients", "add", "--", value)

    if name == "family":
        assert answer.error["code"] == "invalid_input", "its joiners cannot be seen"
        return
    assert answer.code == 0, answer
    stored = desk.ok("clients", "list")["rows"][0]["name"]
    assert stored == {"decomposed": "Café"}.get(name, value) or name == "zalgo"
    desk.ok("credit", "topup", "--reason", value, "--", value, "5")
    assert desk.ok("credit", "statement", "--", value)["entries"][0]["reason"] == value
    assert desk.run("clients", "list").code == 0
    assert desk.ok("credit", "verify")["ok"]


def test_odd_texts_are_sent_letter_by_letter(shelf: CommandLine) -> None:
    for value in ODD.values():
        answer = shelf.ok(*SEND[:5], f"--text={value}", *SEND[7:], "--dry-run")
        assert answer["accepted"] == 1
