"""Asking the sandbox in this process: the same answers as over HTTP, the same messages."""

import base64

import requests

from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.server import Sandbox
from desktop_app.sandbox.wire import Request

ACCOUNT = "AC" + "5e" * 16
HEADERS = {"authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:secret".encode()).decode()}


def test_a_country_is_answered_alike_on_both_ways() -> None:
    with Sandbox() as sandbox, requests.Session() as web:
        web.trust_env = False
        path = "/twilio/v1/Messaging/Countries/DE"
        direct = sandbox.ask(Request("GET", path, headers={**HEADERS, "host": sandbox.url.removeprefix("http://")}))
        over_http = web.get(sandbox.url + path, headers=HEADERS, timeout=10)

    assert (direct.status, direct.body) == (200, over_http.content)


def test_a_message_accepted_directly_is_seen_over_http() -> None:
    with Sandbox() as sandbox, requests.Session() as web:
        web.trust_env = False
        path = f"/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        reply = sandbox.ask(Request("POST", path, headers=HEADERS, body=b"To=%2B4915112345678&From=AURORA&Body=Hi"))
        listed = web.get(f"{sandbox.url}/_sandbox/messages", timeout=10).json()

    assert reply.status == 201
    assert [(one["id"], one["to"]) for one in listed] == [(reply.message_id, "+4915112345678")]


def test_refusals_have_the_providers_words() -> None:
    assert b"21610" in Sandbox().refuse("twilio", 400).body


def test_a_country_without_networks_is_listed_and_not_sold() -> None:
    prices = PriceBook()
    germany = prices.countries["DE"]
    sandbox = Sandbox(prices=prices)
    closed = type(germany)("DE", germany.name, ())
    prices.countries = {**prices.countries, "DE": closed}

    reply = sandbox.ask(Request("GET", "/twilio/v1/Messaging/Countries/DE", headers=HEADERS))

    assert b'"outbound_sms_prices":[]' in reply.body
    assert prices.dearest("DE", sandbox._world.scenario) is None
