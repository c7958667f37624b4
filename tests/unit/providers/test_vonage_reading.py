"""Whatever Vonage answers: reading a send never raises, certainty is never wrong, and no cost is made up."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.destinations import PrefixTable
from desktop_app.domain.errors import ProviderAnswerError
from desktop_app.providers.base import HTTPReply, HTTPRequest, OutgoingMessage, ProviderAccount, SendOutcome
from desktop_app.providers.drivers.vonage import VonageProvider
from desktop_app.providers.drivers.vonage.prices import read_countries

MESSAGE = OutgoingMessage("+4915112345670", "ACME", "Hello", unicode=False, token="t" * 40)
# Codes that prove that nothing of the account, or nothing of this message, was sent.
CERTAIN = {"1", "2", "3", "4", "6", "7", "8", "9", "10", "11", "12", "14", "15", "22", "23", "29", "32", "33"}
ANYTHING = (
    st.none() | st.booleans() | st.integers(-5, 50) | st.sampled_from(["0", "5", "9", "", "x", "0.05", "EUR", "-1"])
)
IDS = st.sampled_from(["0A0000000123ABC1", "0A0000000123ABC2", "", "x", None])


def _no_call(request: HTTPRequest) -> HTTPReply:
    raise AssertionError(request)


ACCOUNT = ProviderAccount("main", "vonage", "http://127.0.0.1:5/vonage", {"api_key": "abcd1234"}, "s")
PROVIDER = VonageProvider(ACCOUNT, _no_call)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"status": st.integers(0, 40).map(str) | ANYTHING, "message-id": IDS}, optional={"message-price": ANYTHING}
        ),
        max_size=4,
    ),
    st.sampled_from([200, 200, 201, 302, 408, 500]),
)
def test_an_answer_is_certain_only_when_every_segment_is(rows: list[dict[str, Any]], status: int) -> None:
    reply = HTTPReply(status, {}, json.dumps({"messages": rows}).encode())
    result = PROVIDER.read_send(MESSAGE, reply)
    accepted = {row["message-id"] for row in rows if str(row["status"]) == "0" and row["status"] is not False}
    usable = {one for one in accepted if one in ("0A0000000123ABC1", "0A0000000123ABC2")}
    if status in (200, 201) and usable:
        assert result.outcome is SendOutcome.ACCEPTED
        assert {part.provider_message_id for part in result.parts} == usable
    elif status in (200, 201) and rows and {str(row["status"]) for row in rows} <= CERTAIN:
        assert result.outcome in (SendOutcome.REJECTED, SendOutcome.NOT_SENT)
    else:
        assert result.outcome is SendOutcome.UNKNOWN


def test_one_unreadable_report_does_not_keep_the_others_back() -> None:
    ids = [f"{number:016X}" for number in range(200)]

    def answer(request: HTTPRequest) -> HTTPReply:
        asked = parse_qs(urlsplit(request.url).query)["id"][0].split(",")
        rows = [{"message_id": one, "status": "delivered"} for one in asked]
        return HTTPReply(200, {}, json.dumps({"records": "lost" if ids[100] in asked else rows}).encode())

    provider = VonageProvider(ACCOUNT, answer)
    found: list[str] = []
    with pytest.raises(ProviderAnswerError):
        found.extend(one.provider_message_id for one in provider.fetch_statuses(ids))
    assert (len(found), ids[0] in found, ids[199] in found, ids[100] in found) == (110, True, True, False)


NETWORK = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["mobile", "landline", None]), "price": ANYTHING, "currency": ANYTHING,
        "mcc": st.sampled_from(["262", 262, None]), "mnc": st.sampled_from(["01", "001", 1, None]),
        "networkCode": st.sampled_from(["26201", "DE-FIXED", None]), "networkName": ANYTHING,
        "ranges": st.lists(st.integers(4915, 4919) | st.sampled_from(["49151", "x", None]), max_size=4) | ANYTHING,
    },
)  # fmt: skip


@given(
    st.lists(
        st.fixed_dictionaries(
            {"countryCode": st.sampled_from(["DE", "de", "FR", "XX", 5])},
            optional={
                "defaultPrice": ANYTHING, "currency": ANYTHING, "dialingPrefix": st.sampled_from(["49", "4", None]),
                "networks": st.lists(NETWORK, max_size=4) | ANYTHING,
            },
        ),
        max_size=3,
    )
)  # fmt: skip
def test_a_price_table_gives_costs_above_zero_and_each_range_once_or_an_error(countries: list[dict[str, Any]]) -> None:
    try:
        found = read_countries({"count": len(countries), "countries": countries})
    except ProviderAnswerError:
        return
    assert len({one.country for one in found}) == len(found)
    for one in found:
        assert len({cost.mccmnc for cost in one.costs}) == len(one.costs)
        assert all(cost.price > 0 and cost.currency == "EUR" for cost in one.costs)
        assert {code for _prefix, code in one.ranges} <= {cost.mccmnc for cost in one.costs} | {None}
        PrefixTable(one.ranges)
