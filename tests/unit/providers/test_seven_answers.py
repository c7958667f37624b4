"""Whatever seven.io answers to a send, reading it never fails, and an acceptance is never made up."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.providers.base import HTTPReply, HTTPRequest, OutgoingMessage, ProviderAccount, SendOutcome
from desktop_app.providers.drivers.seven import SevenProvider

NUMBERS = ("4915112345678", "4915112345679")
MESSAGES = [OutgoingMessage(f"+{number}", "ACME", "Hi", unicode=False, token="t" * 40) for number in NUMBERS]
LOOSE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
CODES = st.sampled_from(["100", "101", "201", "202", "402", "403", "500", "600", "900", 202, 402, 900])
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["77231715575", 77, "", None, 0]) | LOOSE,
        "recipient": st.sampled_from([*NUMBERS, "+" + NUMBERS[0], "00" + NUMBERS[0]]) | LOOSE,
        "success": st.booleans() | LOOSE,
        "error": st.none() | CODES | LOOSE,
        "error_text": LOOSE,
        "price": LOOSE,
    },
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "success": CODES | LOOSE,
        "code": CODES | LOOSE,
        "debug": st.sampled_from(["false", "true", False, True]) | LOOSE,
        "messages": st.lists(ROWS | LOOSE, max_size=4) | LOOSE,
    },
)
BODIES = st.one_of(ANSWERS, CODES, LOOSE, st.lists(ROWS)).map(lambda value: json.dumps(value).encode()) | st.binary()


def never(request: HTTPRequest) -> HTTPReply:
    raise AssertionError(request.url)


def rows_of(body: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    rows = document.get("messages") if isinstance(document, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


@given(status=st.sampled_from([200, 200, 200, 201, 302, 400, 401, 404, 408, 429, 500, 503]), body=BODIES)
def test_no_answer_is_too_strange_and_no_acceptance_is_made_up(status: int, body: bytes) -> None:
    driver = SevenProvider(ProviderAccount("main", "seven", "http://127.0.0.1:5/seven", {}, "key", "EUR"), never)
    results = driver.read_batch(MESSAGES, HTTPReply(status, {}, body))
    assert len(results) == len(MESSAGES)
    for message, result in zip(MESSAGES, results, strict=True):
        accepted = result.outcome is SendOutcome.ACCEPTED
        assert bool(result.parts) is accepted
        assert result.detail or accepted
        named = [row for row in rows_of(body) if message.to[1:] in str(row.get("recipient"))]
        if accepted:
            (row,) = named
            assert status in (200, 201)
            assert row["success"] is True
            assert result.parts[0].provider_message_id == str(row["id"])
        if any(row.get("success") is True and row.get("id") for row in named) and status not in (401, 429):
            assert result.outcome in (SendOutcome.ACCEPTED, SendOutcome.UNKNOWN)
        if status in (302, 408, 500, 503):
            assert result.outcome is SendOutcome.UNKNOWN


def test_what_was_told_of_some_is_kept_when_the_answer_about_others_is_unreadable() -> None:
    def answer(request: HTTPRequest) -> HTTPReply:
        asked = parse_qs(urlsplit(request.url).query)["msg_id"][0].split(",")
        rows = [{"id": one, "status": "DELIVERED"} for one in asked]
        unknown = b"901" if "12" in asked else b"{"
        return HTTPReply(200, {}, json.dumps(rows).encode() if asked == ["11"] else unknown)

    driver = SevenProvider(ProviderAccount("main", "seven", "http://127.0.0.1:5/seven", {}, "key", "EUR"), answer)
    found: list[str] = []
    with pytest.raises(ProviderAnswerError):
        found.extend(one.provider_message_id for one in driver.fetch_statuses(["11", "12", "13", "14"]))
    assert found == ["11"]
