"""Twilio's own Python SDK as the client: what it reads is the provider's wire format."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client as TwilioClient

HOSTS = ("https://api.twilio.com", "https://pricing.twilio.com")


class ToSandbox(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """Takes the SDK, which insists on https and its own hosts, to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=10)
        self.url = url
        self.session.trust_env = False

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        for host in HOSTS:
            url = url.replace(host, f"{self.url}/twilio")
        return super().request(method, url, *args, **kwargs)


@pytest.fixture
def connect() -> Iterator[Callable[..., Any]]:
    """Return the SDK's client for a sandbox's client."""
    transports: list[ToSandbox] = []

    def run(client: Any, token: str | None = None) -> Any:
        transports.append(ToSandbox(client.sandbox.url))
        return TwilioClient(client.account, token or client.token, http_client=transports[-1])

    yield run
    for transport in transports:
        transport.session.close()


def test_a_message_is_created_and_followed_to_its_end(start: Any, clock: Any, connect: Any) -> None:
    client = start(clock, delivery_ms=2000, prices={"DE": "0.1234"}, currency="USD")
    sdk = connect(client)

    created = sdk.messages.create(to="+4915112345670", from_="AURORA", body="Grüße, " + "x" * 160)
    assert created.sid.startswith("SM")
    assert len(created.sid) == 34
    assert (created.status, created.direction, created.num_segments) == ("queued", "outbound-api", "2")
    assert (created.price, created.price_unit, created.error_code, created.date_sent) == (None, "USD", None, None)
    assert created.date_created == clock.now
    assert (created.account_sid, created.api_version, created.num_media) == (client.account, "2010-04-01", "0")
    assert created.uri == f"/2010-04-01/Accounts/{client.account}/Messages/{created.sid}.json"
    assert created.messaging_service_sid is None
    assert "media" in created.subresource_uris

    clock.advance(1)
    sent = created.fetch()
    assert (sent.status, sent.date_sent, sent.price) == ("sent", clock.now, "-0.2468")
    clock.advance(1)
    delivered = sdk.messages(created.sid).fetch()
    assert (delivered.status, delivered.date_updated, delivered.error_message) == ("delivered", clock.now, None)
    assert (delivered.to, delivered.from_, delivered.body) == (created.to, "AURORA", created.body)


def test_a_listing_is_read_page_by_page(client: Any, connect: Any) -> None:
    sdk = connect(client)
    sids = [client.send(to=f"+49151000000{n:02}").json()["sid"] for n in range(25)]

    assert [m.sid for m in sdk.messages.list(page_size=10)] == sids[::-1]
    assert [m.sid for m in sdk.messages.list(page_size=5, limit=7)] == sids[:-8:-1]
    assert [m.sid for m in sdk.messages.list(to="+4915100000003")] == [sids[3]]
    assert sdk.messages.list(from_="NOBODY") == []


def test_a_listing_by_date_shows_what_was_sent_by_then(start: Any, clock: Any, connect: Any) -> None:
    client = start(clock, delivery_ms=2000)
    sdk = connect(client)
    sent = client.send(to="+4915112345673").json()["sid"]
    clock.advance(3600)
    client.send()
    sent_at = clock.now - timedelta(seconds=3599)

    assert [m.sid for m in sdk.messages.list(date_sent_after=sent_at)] == [sent], "the queued one has no such date yet"
    assert [m.sid for m in sdk.messages.list(date_sent_before=sent_at)] == [sent]
    assert [m.sid for m in sdk.messages.list(date_sent=sent_at)] == [sent]
    assert sdk.messages.list(date_sent_after=sent_at + timedelta(seconds=1)) == []
    assert sdk.messages.list(date_sent_before=sent_at - timedelta(seconds=1)) == []
    assert sent_at.tzinfo is UTC


def test_the_balance_is_the_scenarios(start: Any, connect: Any) -> None:
    balance = connect(start(balance="123.45", currency="GBP")).balance.fetch()

    assert (balance.balance, balance.currency) == ("123.45", "GBP")


def test_all_countries_are_listed_over_pages(client: Any, connect: Any) -> None:
    countries = connect(client).pricing.v1.messaging.countries.list(page_size=60)

    assert len({country.iso_country for country in countries}) == len(countries) >= 200
    assert all(country.country and country.url.startswith(client.sandbox.url) for country in countries)


def test_a_countrys_prices_are_the_scenarios_to_the_letter(start: Any, connect: Any) -> None:
    sdk = connect(start(prices={"US": "0.0620"}))

    us = sdk.pricing.v1.messaging.countries("US").fetch()
    assert (us.iso_country, us.price_unit) == ("US", "EUR")
    assert len(us.outbound_sms_prices) > 100
    assert {price["current_price"] for row in us.outbound_sms_prices for price in row["prices"]} == {"0.0620"}
    assert us.inbound_sms_prices


def test_shapes_are_mixed_as_in_the_real_answers(client: Any, connect: Any) -> None:
    countries = connect(client).pricing.v1.messaging.countries
    rows = [
        row for iso in ("DE", "FR", "GB", "IT", "ES", "PL", "BR") for row in countries(iso).fetch().outbound_sms_prices
    ]
    prices = [price for row in rows for price in row["prices"]]

    assert {type(price["current_price"]) for price in prices} == {str, float}
    assert {price["number_type"] for price in prices} >= {"mobile", "local"}
    assert max(len(row["prices"]) for row in rows) > 1
    assert any(Decimal(str(p["current_price"])) < Decimal(str(p["base_price"])) for p in prices)
    assert all(Decimal(str(p["current_price"])) <= Decimal(str(p["base_price"])) for p in prices)
    for row in rows:
        current = {p["number_type"]: Decimal(str(p["current_price"])) for p in row["prices"]}
        assert current["mobile"] == max(current.values())


def test_errors_arrive_as_the_sdk_knows_them(start: Any, connect: Any) -> None:
    client = start(credentials={"twilio": ["AC" + "0123456789abcdef" * 2, "a token"]})

    with pytest.raises(TwilioRestException) as caught:
        connect(client, "wrong").balance.fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)
    with pytest.raises(TwilioRestException) as caught:
        connect(client).messages.create(to="12", from_="AURORA", body="x")
    assert (caught.value.status, caught.value.code) == (400, 21211)
    with pytest.raises(TwilioRestException) as caught:
        connect(client).messages("SM0").fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
