"""Each fault mode as the wire shows it, and whether the message went out."""

import json
import zlib
from typing import Any

import pytest

from desktop_app.sandbox.faults import LOOKUP_MODES, FaultMode

SEND_MODES = [mode for mode in FaultMode if mode not in LOOKUP_MODES]
NEVER = 3600  # seconds: a fault that would take this long is observed before it ends
MEGABYTE = 1024 * 1024


def with_fault(start: Any, mode: FaultMode, **more: object) -> Any:
    """Return the client of a sandbox where ``mode`` hits every request it can."""
    return start(faults=[{"mode": mode.value, **more}])


def nothing_comes(connection: Any) -> bool:
    """Return whether nothing is there to be read just now, not even the end."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    return False


@pytest.mark.parametrize("mode", SEND_MODES)
def test_a_message_is_accepted_or_not_as_the_mode_says(start: Any, mode: FaultMode) -> None:
    client = with_fault(start, mode)
    connection = client.raw(client.send_bytes())
    if mode.accepts:
        client.wait_for_accepted(1)
    elif mode is not FaultMode.HANG:
        assert client.end_of(connection)

    # Stopping waits for the end of whatever is still going on, and what was accepted stays.
    client.sandbox.stop()
    client.sandbox.start()

    assert len(client.accepted()) == int(mode.accepts)


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        (FaultMode.TOO_MANY_REQUESTS, 429, 20429),
        (FaultMode.UNAVAILABLE_NOT_ACCEPTED, 503, 20503),
        (FaultMode.UNAVAILABLE_ACCEPTED, 503, 20503),
        (FaultMode.SERVER_ERROR_ACCEPTED, 500, 20500),
        (FaultMode.UNAUTHORIZED, 401, 20003),
        (FaultMode.BAD_REQUEST, 400, 21610),
    ],
)
def test_refusals_are_in_the_providers_words(start: Any, mode: FaultMode, status: int, code: int) -> None:
    client = with_fault(start, mode)
    reply = client.send()

    assert (reply.status_code, reply.json()["code"], reply.json()["status"]) == (status, code, status)
    assert "Retry-After" not in reply.headers
    assert len(client.accepted()) == int(mode.accepts)


@pytest.mark.parametrize(
    ("mode", "retry_after", "header"),
    [
        (FaultMode.TOO_MANY_REQUESTS_RETRY_AFTER, None, "2"),
        (FaultMode.TOO_MANY_REQUESTS_INSANE, None, "1000000000"),
        (FaultMode.TOO_MANY_REQUESTS, "NaN", "NaN"),
        (FaultMode.TOO_MANY_REQUESTS, "-5", "-5"),
        (FaultMode.TOO_MANY_REQUESTS_INSANE, "Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 21 Oct 2099 07:28:00 GMT"),
        (FaultMode.UNAVAILABLE_NOT_ACCEPTED, "30", "30"),
    ],
)
def test_retry_after_is_sent_as_it_was_asked_for(
    start: Any, mode: FaultMode, retry_after: str | None, header: str
) -> None:
    more = {} if retry_after is None else {"retry_after": retry_after}

    assert with_fault(start, mode, **more).send().headers["Retry-After"] == header


@pytest.mark.parametrize("mode", [FaultMode.RESET_BEFORE_ACCEPT, FaultMode.RESET_AFTER_ACCEPT])
def test_a_reset_is_a_reset(start: Any, mode: FaultMode) -> None:
    client = with_fault(start, mode)
    connection = client.raw(client.send_bytes())

    with pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert len(client.accepted()) == int(mode.accepts)


@pytest.mark.parametrize("mode", [FaultMode.CLOSE_BEFORE_ACCEPT, FaultMode.CLOSE_AFTER_ACCEPT])
def test_a_close_is_an_orderly_end(start: Any, mode: FaultMode) -> None:
    client = with_fault(start, mode)

    assert client.raw(client.send_bytes()).recv(1) == b""
    assert len(client.accepted()) == int(mode.accepts)


def test_a_reset_can_come_on_a_connection_that_was_used_before(start: Any) -> None:
    client = start()
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    client.read_exactly(connection, content_length(head))
    client.change(faults=[{"mode": "reset_after_accept"}])

    connection.sendall(client.send_bytes())

    with pytest.raises(ConnectionResetError):
        connection.recv(1)
    assert len(client.accepted()) == 2


def test_half_close_ends_one_direction_only(start: Any) -> None:
    client = with_fault(start, FaultMode.HALF_CLOSE)
    connection = client.raw(client.send_bytes())

    assert connection.recv(1) == b""
    connection.sendall(b"still listening?")
    assert len(client.accepted()) == 1


def test_hang_says_nothing(start: Any) -> None:
    client = with_fault(start, FaultMode.HANG)
    connection = client.raw(client.send_bytes())

    assert client.accepted() == []
    assert nothing_comes(connection)


def test_a_late_answer_comes_after_acceptance(start: Any) -> None:
    client = with_fault(start, FaultMode.LATE_ACCEPT, seconds=NEVER)
    connection = client.raw(client.send_bytes())
    client.wait_for_accepted(1)
    assert nothing_comes(connection)

    client.change(faults=[{"mode": "late_accept", "seconds": 0.01}])
    assert client.send().status_code == 201


def test_latency_is_only_that(start: Any) -> None:
    client = with_fault(start, FaultMode.LATENCY, seconds=0.01)

    assert [client.send().status_code for _ in range(5)] == [201] * 5


def test_the_head_comes_byte_by_byte(start: Any) -> None:
    client = with_fault(start, FaultMode.SLOW_LORIS_HEADERS, seconds=NEVER)
    connection = client.raw(client.send_bytes())

    assert connection.recv(100) == b"H"
    assert nothing_comes(connection)
    client.change(faults=[{"mode": "slow_loris_headers", "seconds": 0}])
    assert client.send().json()["status"] == "queued"


def test_the_body_comes_byte_by_byte(start: Any) -> None:
    client = with_fault(start, FaultMode.SLOW_BODY, seconds=NEVER)
    connection = client.raw(client.send_bytes())

    assert client.read_head(connection).startswith(b"HTTP/1.1 201 Created\r\n")
    assert connection.recv(100) == b"{"
    assert nothing_comes(connection)
    client.change(faults=[{"mode": "slow_body", "seconds": 0}])
    assert client.send().json()["status"] == "queued"


@pytest.mark.parametrize(
    ("mode", "status", "kind", "body"),
    [
        (FaultMode.BAD_GATEWAY_HTML, 502, "text/html; charset=utf-8", b"<!doctype html>"),
        (FaultMode.CREATED_NOT_JSON, 201, "text/html; charset=utf-8", b"<!doctype html>"),
        (FaultMode.CREATED_EMPTY, 201, "application/json; charset=utf-8", b""),
        (FaultMode.CREATED_EMPTY_OBJECT, 201, "application/json; charset=utf-8", b"{}"),
        (FaultMode.MIXED_PARTS, 200, "application/json; charset=utf-8", b'{"messages":['),
    ],
)
def test_answers_without_a_usable_id(start: Any, mode: FaultMode, status: int, kind: str, body: bytes) -> None:
    client = with_fault(start, mode)
    reply = client.send()

    assert (reply.status_code, reply.headers["Content-Type"]) == (status, kind)
    assert reply.content.startswith(body)
    assert bool(reply.content) == bool(body)
    assert len(client.accepted()) == 1


def test_mixed_parts_is_json_of_another_shape(start: Any) -> None:
    assert "sid" not in with_fault(start, FaultMode.MIXED_PARTS).send().json()


def test_a_foreign_id_is_that_of_the_message_before(start: Any) -> None:
    client = start()
    first = client.send().json()["sid"]
    client.change(faults=[{"mode": "created_foreign_id"}])
    reply = client.send(to="+4915112345674").json()

    assert (reply["sid"], reply["to"]) == (first, "+4915112345674")
    assert reply["uri"].endswith(f"{first}.json")
    assert client.accepted()[1]["id"] != first


def test_a_truncated_answer_announces_more_than_it_has(start: Any) -> None:
    client = with_fault(start, FaultMode.CREATED_TRUNCATED)
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    body = client.read_all(connection)

    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert len(body) == content_length(head) // 2


def test_a_huge_body_goes_on_until_the_client_leaves(start: Any) -> None:
    client = with_fault(start, FaultMode.HUGE_BODY)
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    body = client.read_exactly(connection, 5 * MEGABYTE)

    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert b"Content-Length" not in head
    assert len(body) == 5 * MEGABYTE
    connection.close()
    client.sandbox.stop()


def test_the_bomb_is_small_on_the_wire_and_300_mb_unpacked(start: Any) -> None:
    client = with_fault(start, FaultMode.GZIP_BOMB)
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    packed = client.read_exactly(connection, content_length(head))
    unpacker, size = zlib.decompressobj(wbits=31), 0
    while packed:
        size += len(unpacker.decompress(packed, MEGABYTE))
        packed = unpacker.unconsumed_tail

    assert b"\r\nContent-Encoding: gzip\r\n" in head
    assert (size, unpacker.eof) == (300 * MEGABYTE, True)
    assert content_length(head) < MEGABYTE


def test_a_temporary_redirect_makes_who_follows_it_send_twice(start: Any) -> None:
    client = with_fault(start, FaultMode.TEMPORARY_REDIRECT)
    reply = client.send()
    assert (reply.status_code, reply.content) == (307, b"")
    client.change(faults=[])

    again = client.session.post(
        client.sandbox.url + reply.headers["Location"],
        data={"To": "+4915112345670", "From": "AURORA", "Body": "Hello"},
        timeout=10,
    )

    assert again.status_code == 201
    assert len(client.accepted()) == 2


def test_a_redirect_leads_to_another_host(start: Any) -> None:
    reply = with_fault(start, FaultMode.REDIRECT_OTHER_HOST).send()
    assert (reply.status_code, reply.headers["Location"]) == (302, "http://other-host.invalid/")

    reply = with_fault(start, FaultMode.REDIRECT_OTHER_HOST, location="http://127.0.0.1:9/trap").send()
    assert reply.headers["Location"] == "http://127.0.0.1:9/trap"


def test_the_informational_flood_does_not_end(start: Any) -> None:
    client = with_fault(start, FaultMode.INFORMATIONAL_FLOOD)
    connection = client.raw(client.send_bytes())

    assert client.read_exactly(connection, 25 * 1000) == b"HTTP/1.1 100 Continue\r\n\r\n" * 1000


def test_a_wrong_content_length_leaves_bytes_on_the_line(start: Any) -> None:
    client = with_fault(start, FaultMode.WRONG_CONTENT_LENGTH)
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    announced = client.read_exactly(connection, content_length(head))

    with pytest.raises(json.JSONDecodeError):
        json.loads(announced)
    client.sandbox.stop()
    assert json.loads(announced + client.read_all(connection))["status"] == "queued"


def test_both_lengths_contradict_each_other(start: Any) -> None:
    client = with_fault(start, FaultMode.BOTH_CL_AND_TE)
    connection = client.raw(client.send_bytes())
    head = client.read_head(connection)
    size = int(client.read_exactly(connection, 3), 16)
    connection.recv(2)

    assert b"\r\nTransfer-Encoding: chunked\r\n" in head
    assert content_length(head) == size // 2
    assert json.loads(client.read_exactly(connection, size))["status"] == "queued"
    assert client.read_exactly(connection, 7) == b"\r\n0\r\n\r\n"


def test_invalid_utf8_is_json_in_no_encoding(start: Any) -> None:
    reply = with_fault(start, FaultMode.INVALID_UTF8).send()

    assert reply.status_code == 201
    with pytest.raises(UnicodeDecodeError):
        reply.content.decode()
    assert json.loads(reply.content.decode("latin-1"))["status"] == "queued"


def test_lookups_can_be_down_while_sending_works(start: Any) -> None:
    client = with_fault(start, FaultMode.LOOKUP_DOWN)
    sid = client.send().json()["sid"]

    assert client.listing()["code"] == 20503
    assert client.fetch(sid)["code"] == 20503
    assert client.get(f"/2010-04-01/Accounts/{client.account}/Balance.json").status_code == 200


def test_stale_lookups_show_a_message_after_the_lag(start: Any, clock: Any) -> None:
    client = start(clock, faults=[{"mode": "lookup_stale", "seconds": 30}])
    old = client.send().json()["sid"]
    clock.advance(29)
    new = client.send().json()["sid"]
    assert client.listing()["messages"] == []
    assert client.fetch(old)["code"] == 20404

    clock.advance(1)
    assert [m["sid"] for m in client.listing()["messages"]] == [old]
    assert client.fetch(old)["sid"] == old
    assert client.fetch(new)["code"] == 20404


def test_a_page_can_be_missing_without_a_word(start: Any) -> None:
    client = with_fault(start, FaultMode.LOOKUP_MISSING_PAGE)
    sids = [client.send().json()["sid"] for _ in range(5)]

    page = client.listing(PageSize="2")
    assert [m["sid"] for m in page["messages"]] == [sids[2], sids[1]]
    rest = client.get(page["next_page_uri"]).json()
    assert ([m["sid"] for m in rest["messages"]], rest["next_page_uri"]) == ([sids[0]], None)


def test_foreign_rows_are_in_the_listing_and_nobodys(start: Any) -> None:
    client = with_fault(start, FaultMode.LOOKUP_FOREIGN_ROWS)
    sid = client.send().json()["sid"]

    pages = [client.listing(To="+4915112345670", PageSize="1")]
    while pages[-1]["next_page_uri"]:
        pages.append(client.get(pages[-1]["next_page_uri"]).json())

    rows = [row for page in pages for row in page["messages"]]
    assert [row["to"] for row in rows] == ["+4915112345670", "+15005550006", "+4915112345670"]
    assert rows[2]["sid"] == sid
    assert {rows[0]["body"], rows[1]["body"]}.isdisjoint({"Hello"})
    assert [m["id"] for m in client.accepted()] == [sid]


@pytest.mark.parametrize("kind", ["lookup", "account"])
def test_other_requests_can_be_hit_too(start: Any, kind: str) -> None:
    client = start(faults=[{"mode": "unavailable_not_accepted", "on": kind}])
    lookup = client.get(f"/2010-04-01/Accounts/{client.account}/Messages.json").status_code
    account = client.get("/v1/Messaging/Countries").status_code

    assert client.send().status_code == 201
    assert (lookup, account) == ((503, 200) if kind == "lookup" else (200, 503))


def test_the_seed_repeats_the_same_run_of_faults(start: Any) -> None:
    scenario = {"faults": [{"mode": "bad_request", "rate": 0.3}], "seed": 7}
    first, second = start(**scenario), start(**scenario)
    statuses = [first.send().status_code for _ in range(200)]

    assert statuses == [second.send().status_code for _ in range(200)]
    assert 40 <= statuses.count(400) <= 80
    assert len(first.accepted()) == statuses.count(201)


def content_length(head: bytes) -> int:
    """Return what the head of an answer announces."""
    return int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
