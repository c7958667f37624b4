import pytest

from desktop_app.domain.errors import InvalidInput
from desktop_app.sandbox.faults import NO_FAULT, Fault, FaultMode, RequestKind, choose_fault
from desktop_app.sandbox.prices import PriceBook
from desktop_app.sandbox.scenario import Scenario

# The document of the contract, word for word.
CONTRACT = {
    "currency": "EUR",
    "balance": "100",
    "prices": {"US": "0.062", "DE": "0.1234"},
    "latency_ms": 50,
    "delivery_ms": 200,
    "faults": [{"mode": "reset_after_accept", "rate": 0.05}],
    "seed": 1,
}


def test_the_contract_document_is_read() -> None:
    scenario = Scenario.from_json({**CONTRACT, "credentials": {"twilio": ["AC1", "secret"]}})

    assert (scenario.currency, scenario.balance, scenario.seed) == ("EUR", "100", 1)
    assert scenario.prices == {"US": "0.062", "DE": "0.1234"}
    assert (scenario.latency_ms, scenario.delivery_ms) == (50, 200)
    assert scenario.faults == (Fault(FaultMode.RESET_AFTER_ACCEPT, rate=0.05),)
    assert scenario.credentials == {"twilio": ("AC1", "secret")}


def test_an_empty_document_has_the_usual_values() -> None:
    scenario = Scenario.from_json({})

    assert scenario == Scenario()
    assert (scenario.latency_ms, scenario.delivery_ms, scenario.faults) == (5, 200, ())


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "scenario"),
        ({"colour": "red"}, "colour"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": 5}, "currency"),
        ({"balance": "a lot"}, "balance"),
        ({"balance": None}, "balance"),
        ({"balance": True}, "balance"),
        ({"balance": "1e5"}, "balance"),
        ({"prices": []}, "prices"),
        ({"prices": {"usa": "0.1"}}, "prices.usa"),
        ({"prices": {"US": "-0.1"}}, "prices.US"),
        ({"prices": {"US": "0,1"}}, "prices.US"),
        ({"prices": {"US": float("nan")}}, "prices.US"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"latency_ms": 1.5}, "latency_ms"),
        ({"delivery_ms": "200"}, "delivery_ms"),
        ({"delivery_ms": True}, "delivery_ms"),
        ({"seed": None}, "seed"),
        ({"credentials": {"twilio": "AC1"}}, "credentials.twilio"),
        ({"credentials": {"twilio": ["AC1", ""]}}, "credentials.twilio"),
        ({"faults": {}}, "faults"),
        ({"faults": ["hang"]}, "faults[0]"),
        ({"faults": [{"rate": 1}]}, "faults[0].mode"),
        ({"faults": [{"mode": "hang"}, {"mode": "explode"}]}, "faults[1].mode"),
        ({"faults": [{"mode": ["hang"]}]}, "faults[0].mode"),
        ({"faults": [{"mode": "hang", "rate": 1.5}]}, "faults[0].rate"),
        ({"faults": [{"mode": "hang", "rate": "1"}]}, "faults[0].rate"),
        ({"faults": [{"mode": "hang", "rate": float("inf")}]}, "faults[0].rate"),
        ({"faults": [{"mode": "hang", "on": "monday"}]}, "faults[0].on"),
        ({"faults": [{"mode": "hang", "on": []}]}, "faults[0].on"),
        ({"faults": [{"mode": "hang", "seconds": -1}]}, "faults[0].seconds"),
        ({"faults": [{"mode": "hang", "often": True}]}, "faults[0].often"),
        ({"faults": [{"mode": "too_many_requests", "retry_after": "1\r\nX: y"}]}, "faults[0].retry_after"),
        ({"faults": [{"mode": "lookup_stale", "on": "send"}]}, "faults[0].on"),
    ],
)
def test_what_cannot_be_used_is_named(document: object, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scenario.from_json(document)

    assert list(caught.value.fields) == [field]
    assert caught.value.user_message


def test_numbers_are_taken_as_they_are_spelt() -> None:
    scenario = Scenario.from_json({"balance": -12.5, "prices": {"US": 0.062, "DE": 1}})

    assert (scenario.balance, scenario.prices) == ("-12.5", {"US": "0.062", "DE": "1"})


def test_merging_replaces_values_and_merges_tables() -> None:
    before = Scenario.from_json({**CONTRACT, "credentials": {"twilio": ["AC1", "one"], "other": ["x", "two"]}})

    after = before.merge(
        {"balance": "5", "prices": {"US": None, "FR": "0.07"}, "credentials": {"other": None}, "faults": []}
    )

    assert (after.balance, after.currency, after.faults) == ("5", "EUR", ())
    assert after.prices == {"DE": "0.1234", "FR": "0.07"}
    assert after.credentials == {"twilio": ("AC1", "one")}
    assert before.prices == {"US": "0.062", "DE": "0.1234"}


def test_a_scenario_survives_its_own_document_and_tells_no_secret() -> None:
    scenario = Scenario.from_json({**CONTRACT, "credentials": {"twilio": ["AC1", "secret"]}})
    document = scenario.to_json()

    assert Scenario.from_json(document) == Scenario.from_json(CONTRACT)
    assert "secret" not in repr(document)
    assert "secret" not in repr(scenario)


def test_a_price_for_a_country_without_networks_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        PriceBook().check(Scenario.from_json({"prices": {"US": "0.1", "XX": "0.1"}}))

    assert list(caught.value.fields) == ["prices.XX"]


def test_rates_are_shares_of_all_requests_of_their_kind() -> None:
    faults = Scenario.from_json(
        {
            "faults": [
                {"mode": "hang", "rate": 0.25},
                {"mode": "unauthorized", "rate": 0.25},
                {"mode": "lookup_down"},
                {"mode": "slow_body", "on": "account"},
            ]
        }
    ).faults

    chosen = [choose_fault(faults, RequestKind.SEND, draw).mode for draw in (0.0, 0.249, 0.25, 0.499, 0.5, 0.999)]
    assert chosen == ["hang", "hang", "unauthorized", "unauthorized", "ok", "ok"]
    assert choose_fault(faults, RequestKind.LOOKUP, 0.999).mode is FaultMode.LOOKUP_DOWN
    assert choose_fault(faults, RequestKind.ACCOUNT, 0.999).mode is FaultMode.SLOW_BODY
    assert choose_fault((), RequestKind.SEND, 0.0) is NO_FAULT


@pytest.mark.parametrize(
    ("literal", "mode"),
    [
        ("later_than_timeout_but_accepted", FaultMode.LATE_ACCEPT),
        ("503_accepted", FaultMode.UNAVAILABLE_ACCEPTED),
        ("201_gzip_bomb", FaultMode.GZIP_BOMB),
        ("1xx_flood", FaultMode.INFORMATIONAL_FLOOD),
    ],
)
def test_the_literal_names_of_the_list_are_understood_too(literal: str, mode: FaultMode) -> None:
    assert Scenario.from_json({"faults": [{"mode": literal}]}).faults[0].mode is mode


@pytest.mark.parametrize("mode", list(FaultMode))
def test_every_mode_explains_itself_and_can_be_asked_for(mode: FaultMode) -> None:
    fault = Scenario.from_json({"faults": [{"mode": mode.value}]}).faults[0]

    assert fault.mode is mode
    assert fault.on is (RequestKind.LOOKUP if mode.startswith("lookup_") else RequestKind.SEND)
    assert len(mode.doc) > 10
