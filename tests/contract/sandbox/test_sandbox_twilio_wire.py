"""The Twilio face request by request: refusals, credentials, outcomes, paging."""

import re
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "4915112345670"}, 21211),
        ({"to": "+0915112345670"}, 21211),
        ({"to": "+49151"}, 21211),
        ({"to": "+4915112345670123"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "TWELVELETTER"}, 21212),
        ({"From": "1"}, 21212),
        ({"From": "Straße"}, 21212),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"ValidityPeriod": "0"}, 20422),
        ({"ValidityPeriod": "36001"}, 20422),
        ({"ValidityPeriod": "soon"}, 20422),
    ],
)
def test_what_cannot_be_sent_is_refused_in_twilios_words(client: Any, form: dict[str, str], code: int) -> None:
    reply = client.send(**form)

    assert (reply.status_code, reply.json()["code"], reply.json()["status"]) == (400, code, 400)
    assert reply.json()["more_info"].endswith(str(code))
    assert reply.json()["message"]
    assert client.accepted() == []


@pytest.mark.parametrize(
    "form",
    [
        {"From": "+15005550006"},
        {"From": "12345"},
        {"From": "ELEVENCHARS"},
        {"From": "A B"},
        {"Body": "x" * 1600},
        {"ValidityPeriod": "36000"},
    ],
)
def test_what_is_at_the_limit_is_taken(client: Any, form: dict[str, str]) -> None:
    reply = client.send(**form)

    assert reply.status_code == 201
    assert re.fullmatch(r"SM[0-9a-f]{32}", reply.json()["sid"])


def test_text_and_sender_arrive_unchanged(client: Any) -> None:
    body = 'Grüße, 1 €\n"ж" \\ 😀 & =%+'
    reply = client.send(From="A & B+C", Body=body)

    assert (reply.json()["body"], reply.json()["from"], reply.json()["num_segments"]) == (body, "A & B+C", "1")
    assert [(m["from"], m["body"], m["provider"], m["id"]) for m in client.accepted()] == [
        ("A & B+C", body, "twilio", reply.json()["sid"])
    ]


def test_repetitions_are_listed_as_often_as_they_were_accepted(client: Any) -> None:
    for _ in range(3):
        client.send()

    accepted = client.accepted()
    assert len(accepted) == len({message["id"] for message in accepted}) == 3
    assert accepted == sorted(accepted, key=lambda message: message["accepted_at"])
    assert accepted[0].keys() == {"provider", "id", "to", "from", "body", "accepted_at"}


@pytest.mark.parametrize(
    ("digit", "status", "error"),
    [(str(digit), "delivered", None) for digit in (0, 4, 5, 6, 7, 8, 9)]
    + [("1", "undelivered", 30003), ("2", "undelivered", 30036), ("3", "sent", None)],
)
def test_the_last_digit_decides_what_becomes_of_it(
    start: Any, clock: Any, digit: str, status: str, error: int | None
) -> None:
    client = start(clock)
    sid = client.send(to=f"+491511234567{digit}").json()["sid"]

    seen = []
    for _ in range(3):
        seen.append(client.fetch(sid)["status"])
        clock.advance(0.1)
    assert seen == ["queued", "sent", status]
    clock.advance(86400)
    message = client.fetch(sid)
    assert (message["status"], message["error_code"]) == (status, error)
    assert (message["error_message"] is None) == (error is None)


def test_a_create_is_answered_queued_even_without_a_delivery_time(start: Any) -> None:
    client = start(delivery_ms=0)
    reply = client.send().json()

    assert (reply["status"], reply["date_sent"]) == ("queued", None)
    assert client.fetch(reply["sid"])["status"] == "delivered"


@pytest.mark.parametrize(("to", "price"), [("+4915112345670", "-0.50"), ("+9991234567890", None)])
def test_the_price_is_known_once_it_was_sent_if_the_country_has_one(start: Any, to: str, price: str | None) -> None:
    client = start(delivery_ms=0, prices={"DE": "0.25"})
    sid = client.send(to=to, Body="x" * 161).json()["sid"]

    assert (client.fetch(sid)["price"], client.fetch(sid)["price_unit"]) == (price, "EUR")


def test_a_message_keeps_the_delivery_time_it_was_accepted_with(start: Any, clock: Any) -> None:
    client = start(clock, delivery_ms=1000)
    sid = client.send().json()["sid"]
    clock.advance(1)

    client.change(delivery_ms=60000)

    assert client.fetch(sid)["status"] == "delivered"


def test_any_credentials_open_the_door_unless_the_scenario_names_some(client: Any) -> None:
    client.session.auth = (client.account, "whatever")
    assert client.send().status_code == 201

    client.change(credentials={"twilio": [client.account, "only this"]})
    assert client.send().status_code == 401
    client.session.auth = (client.account, "only this")
    assert client.send().status_code == 201
    client.change(credentials={"twilio": None})
    client.session.auth = (client.account, "whatever")
    assert client.send().status_code == 201


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic /w==", "Bearer abc", "Basic QUM=", "Basic QUMyOng="],
    ids=["none", "empty", "no base64", "no utf-8", "bearer", "no colon", "another account"],
)
def test_who_does_not_show_credentials_of_the_account_gets_401(client: Any, authorization: str) -> None:
    client.session.auth = None
    client.session.headers["Authorization"] = authorization

    reply = client.send()

    assert (reply.status_code, reply.json()["code"]) == (401, 20003)
    assert reply.headers["WWW-Authenticate"].startswith("Basic")
    assert client.accepted() == []


def test_prices_need_credentials_too(client: Any) -> None:
    client.session.auth = None

    assert client.get("/v1/Messaging/Countries").json()["code"] == 20003
    assert client.get("/v1/Messaging/Countries/DE").json()["code"] == 20003


def test_an_api_key_stands_for_its_account(client: Any) -> None:
    client.session.auth = ("SK" + "0" * 32, "secret")

    assert client.send().json()["account_sid"] == client.account


def test_accounts_do_not_see_each_others_messages(client: Any) -> None:
    sid = client.send().json()["sid"]
    client.session.auth = ("AC2", "x")
    other = "/2010-04-01/Accounts/AC2/Messages"

    assert client.get(f"{other}/{sid}.json").status_code == 404
    assert client.get(f"{other}.json").json()["messages"] == []


@pytest.mark.parametrize(
    "path", ["/", "/2010-04-01/Accounts/AC1/Calls.json", "/v1/Messaging/Countries/XX", "/v2/Voice"]
)
def test_what_is_not_there_is_404_in_twilios_words(client: Any, path: str) -> None:
    reply = client.get(path)

    assert (reply.status_code, reply.json()["code"]) == (404, 20404)


def test_pages_stay_stable_while_new_messages_come_in(client: Any) -> None:
    sids = [client.send().json()["sid"] for _ in range(5)]
    page = client.listing(PageSize="2")
    assert [m["sid"] for m in page["messages"]] == [sids[4], sids[3]]
    client.send()

    seen = [m["sid"] for m in page["messages"]]
    while page["next_page_uri"]:
        page = client.get(page["next_page_uri"]).json()
        seen += [m["sid"] for m in page["messages"]]

    assert seen == sids[::-1]
    assert (page["page"], page["page_size"], page["start"], page["end"]) == (2, 2, 4, 4)
    assert page["previous_page_uri"]


def test_a_page_can_be_asked_for_by_number_and_keeps_the_filters(client: Any) -> None:
    sids = [client.send(to="+4915112345670").json()["sid"] for _ in range(3)]
    client.send(to="+4915112345674")

    page = client.listing(PageSize="2", Page="0", To="+4915112345670", From="AURORA")
    assert [m["sid"] for m in page["messages"]] == [sids[2], sids[1]]
    assert [m["sid"] for m in client.get(page["next_page_uri"]).json()["messages"]] == [sids[0]]
    second = client.listing(PageSize="2", Page="1", To="+4915112345670")
    assert [m["sid"] for m in second["messages"]] == [sids[0]]
    assert second["next_page_uri"] is None


@pytest.mark.parametrize(("asked", "size"), [("0", 1), ("7", 7), ("5000", 1000), ("many", 50), ("", 50)])
def test_page_sizes_are_brought_into_bounds(client: Any, asked: str, size: int) -> None:
    assert client.listing(PageSize=asked)["page_size"] == size


def test_a_date_that_is_none_matches_nothing(start: Any) -> None:
    client = start(delivery_ms=0)
    client.send()

    assert client.listing(**{"DateSent>": "yesterday"})["messages"] == []
    assert len(client.listing(**{"DateSent>": "2020-01-01"})["messages"]) == 1
