"""Price by prefix and network: a number has its network's cost and price where a range is evidence for it, else its country's."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from desktop_app.services.message_search import Wanted
from desktop_app.services.price_edits import LossAllowed, PriceEdit
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.promises import SheetChanged
from desktop_app.services.send_orders import Preflight
from desktop_app.storage.repositories.costs import CostRow, cost_micro
from desktop_app.storage.repositories.number_ranges import RangeRow
from tests.fixtures.application import COSTS, Desk

TELEKOM, VODAFONE, O2, UNKNOWN = "+4915121345670", "+4915221345670", "+4915112345670", "+4916021345670"
RANGES = (("49151", "26201"), ("491511", "26203"), ("49152", "26202"))
NETWORKS = {None: "0.05", "26201": "0.04", "26202": "0.08", "26203": "0.05"}


def give_networks(
    desk: Desk, networks: dict[str | None, str], ranges: Sequence[tuple[str, str | None]], provider: str = "Main"
) -> None:
    """Give a provider costs of German networks, and their ranges, as a sync of costs stores them."""
    rows = [
        CostRow("DE", code, "" if code is None else f"Net {code[-2:]}", cost, cost_micro(Decimal(cost)), "EUR")
        for code, cost in networks.items()
    ]
    others = [
        CostRow(iso, None, "", cost, cost_micro(Decimal(cost)), "EUR") for iso, cost in COSTS.items() if iso != "DE"
    ]
    desk.application.pricing.import_costs(provider, [*rows, *others], actor="anna")
    with desk.application.database.begin() as uow:
        account = uow.providers.get(provider)
        uow.number_ranges.replace(account.provider_id, [RangeRow("DE", *one) for one in ranges])


@pytest.fixture
def networked(desk: Desk) -> Desk:
    """A desk whose German networks have costs and ranges of their own, all sold at cost plus half."""
    give_networks(desk, NETWORKS, RANGES)
    desk.application.pricing.reprice(
        PriceRule(RuleKind.MARKUP, 5000), actor="anna", countries=["DE"], include_manual=True
    )
    return desk


def look(desk: Desk, *numbers: str, **changes: object) -> Preflight:
    return desk.application.sending.look(desk.order(numbers, **changes))


def promised(sheet: Preflight) -> dict[tuple[str | None, str], tuple[int, int | None, tuple[str, ...]]]:
    return {
        (group.quote.mccmnc, group.quote.network): (group.quote.price, group.quote.cost, group.numbers)
        for group in sheet.groups
    }


def test_each_number_has_the_price_and_cost_of_its_network(networked: Desk) -> None:
    sheet = look(networked, TELEKOM, UNKNOWN, VODAFONE, O2, "+447400123456")
    assert [group.quote.country for group in sheet.groups] == ["DE"] * 4 + ["GB"]
    germans = [group for group in sheet.groups if group.quote.country == "DE"]
    assert [(one.quote.mccmnc, one.quote.price, one.quote.cost, one.numbers) for one in germans] == [
        (None, 75_000, 50_000, (UNKNOWN,)),
        ("26201", 60_000, 40_000, (TELEKOM,)),
        ("26202", 120_000, 80_000, (VODAFONE,)),
        ("26203", 75_000, 50_000, (O2,)),
    ]


def test_the_batch_keeps_the_network_its_price_and_why(networked: Desk) -> None:
    networked.queue([TELEKOM, VODAFONE, UNKNOWN])
    rows = {row.to: row for row in networked.application.delivery.list_messages()}
    assert {to: (row.price, row.mccmnc) for to, row in rows.items()} == {
        TELEKOM: (60_000, "26201"), VODAFONE: (120_000, "26202"), UNKNOWN: (75_000, None),
    }  # fmt: skip
    why = json.loads(networked.application.delivery.timeline(rows[VODAFONE].message_id).why)
    assert (why["source"], why["network"], why["mccmnc"]) == ("rule_network", "Net 02", "26202")
    assert "network" not in json.loads(networked.application.delivery.timeline(rows[UNKNOWN].message_id).why)
    assert networked.money() == (Decimal("99.745"), Decimal("0.255"))
    networked.drain()
    networked.assert_sound()


def test_without_ranges_everything_has_the_price_of_the_country(networked: Desk) -> None:
    give_networks(networked, NETWORKS, ())
    assert promised(look(networked, TELEKOM, VODAFONE)) == {(None, ""): (75_000, 50_000, (TELEKOM, VODAFONE))}


def test_ranges_of_another_provider_are_no_evidence(networked: Desk) -> None:
    give_networks(networked, NETWORKS, ())
    networked.add_provider("Other")
    give_networks(networked, NETWORKS, RANGES, "Other")
    assert [group.quote.mccmnc for group in look(networked, TELEKOM, VODAFONE).groups] == [None]


def test_a_range_in_doubt_or_without_a_cost_takes_its_numbers_out_of_the_range_around_it(networked: Desk) -> None:
    for code in (None, "26299"):
        give_networks(networked, NETWORKS, (("49151", "26201"), ("491511", code)))
        assert promised(look(networked, O2, TELEKOM)) == {
            (None, ""): (75_000, 50_000, (O2,)),
            ("26201", "Net 01"): (60_000, 40_000, (TELEKOM,)),
        }


def test_a_network_that_costs_more_than_the_country_is_sold_at_is_not_sent_to(networked: Desk) -> None:
    networked.application.pricing.set_price("DE", Decimal("0.06"), actor="anna")
    sheet = look(networked, TELEKOM, VODAFONE, UNKNOWN)
    assert promised(sheet) == {
        (None, ""): (60_000, 50_000, (UNKNOWN,)),
        ("26201", "Net 01"): (60_000, 40_000, (TELEKOM,)),
    }
    assert [(one.country, one.network, one.count, one.reason) for one in sheet.refused] == [
        ("DE", "Net 02", 1, "below_cost")
    ]
    assert [(one.to, one.reason) for one in sheet.not_sent] == [(VODAFONE, "below_cost")]


def test_a_loss_is_allowed_for_a_network_by_itself(networked: Desk) -> None:
    until = datetime.now(UTC) + timedelta(days=5)
    edits = [PriceEdit("DE", "26202", 120_000, False, 70_000, LossAllowed(until, "trade fair"))]
    networked.application.pricing.save_edits(edits, actor="anna")
    assert promised(look(networked, VODAFONE)) == {("26202", "Net 02"): (70_000, 80_000, (VODAFONE,))}


def test_a_manual_price_of_the_country_beats_the_rule_of_a_network_and_is_beaten_by_a_manual_one(
    networked: Desk,
) -> None:
    networked.application.pricing.set_price("DE", Decimal("0.09"), actor="anna")
    assert promised(look(networked, TELEKOM)) == {("26201", "Net 01"): (90_000, 40_000, (TELEKOM,))}
    edit = PriceEdit("DE", "26201", 60_000, False, 50_000)
    networked.application.pricing.save_edits([edit], actor="anna")
    assert promised(look(networked, TELEKOM)) == {("26201", "Net 01"): (50_000, 40_000, (TELEKOM,))}


def test_a_clients_own_price_holds_for_all_networks_unless_it_loses_money(networked: Desk) -> None:
    networked.application.pricing.set_client_price("Aurora", "DE", Decimal("0.055"), actor="anna")
    sheet = look(networked, TELEKOM, VODAFONE, UNKNOWN)
    assert {group.quote.mccmnc: group.quote.price for group in sheet.groups} == {None: 55_000, "26201": 55_000}
    assert [(one.network, one.reason) for one in sheet.refused] == [("Net 02", "below_cost")]


def test_a_price_confirmed_for_a_network_is_the_one_that_is_charged(networked: Desk) -> None:
    order = networked.order([TELEKOM, VODAFONE])
    seen = networked.application.sending.look(order).promise
    give_networks(networked, NETWORKS, (("49151", "26202"), ("49152", "26202")))
    with pytest.raises(SheetChanged) as caught:
        networked.queue([TELEKOM, VODAFONE], promise=seen)
    said = caught.value.sentence(lambda iso: "Germany")
    assert said == "Germany · Net 02 has 2 recipients now, it had 1. Nothing was sent."
    assert networked.money() == (Decimal(100), 0)


def test_the_last_look_asks_for_the_cost_of_the_network(networked: Desk) -> None:
    networked.queue([TELEKOM, VODAFONE, UNKNOWN])
    give_networks(networked, {**NETWORKS, "26201": "0.061", "26202": "0.119"}, RANGES)
    networked.drain()
    statuses = {row.to: (row.status.value, row.reason) for row in networked.application.delivery.list_messages()}
    assert statuses[TELEKOM] == ("blocked", "below_cost")
    assert statuses[VODAFONE][0] == statuses[UNKNOWN][0] == "accepted"
    networked.assert_sound()


def test_the_last_look_asks_for_the_cost_of_the_network_that_a_number_belongs_to_by_now(networked: Desk) -> None:
    numbers = [TELEKOM, "+4915131234567", "+4915141234567", VODAFONE, UNKNOWN]
    networked.queue(numbers)
    moved = (("491512", "26202"), ("491513", "26203"), ("49152", "26202"), ("49160", "26202"))
    give_networks(networked, {**NETWORKS, None: "0.07", "26203": "0.06"}, moved)
    networked.drain()
    found = {row.to: (row.status.value, row.reason) for row in networked.application.delivery.list_messages()}
    assert [found.pop(number) for number in (TELEKOM, UNKNOWN)] == [("blocked", "below_cost")] * 2
    # A dearer network without a loss, one that is no longer told and counts as before, and one as it was.
    assert {status for status, _reason in found.values()} == {"accepted"}
    assert networked.money() == (Decimal("99.76"), Decimal(0))
    networked.assert_sound()


def test_a_network_that_is_no_longer_listed_is_judged_by_its_country(networked: Desk) -> None:
    networked.queue([TELEKOM, VODAFONE])
    give_networks(networked, {None: "0.07"}, RANGES)
    networked.drain()
    rows = {row.to: row.status.value for row in networked.application.delivery.list_messages()}
    assert rows == {TELEKOM: "blocked", VODAFONE: "accepted"}


def test_the_cheapest_networks_come_first_when_credit_is_short(networked: Desk) -> None:
    sheet = look(networked, VODAFONE, UNKNOWN, TELEKOM, budget=140_000)
    assert {group.numbers for group in sheet.groups} == {(TELEKOM,), (UNKNOWN,)}


def test_texts_with_fields_keep_their_numbers(networked: Desk) -> None:
    values = [{"name": "Ada"}, {"name": "Bob"}, {"name": "Cy"}]
    sheet = networked.queue([VODAFONE, TELEKOM, UNKNOWN], text="Hi {name}", fields=values)
    texts = {
        number: own.text
        for group in sheet.groups
        for number, own in zip(group.numbers, group.own_texts or (), strict=True)
    }
    assert texts == {VODAFONE: "Hi Ada", TELEKOM: "Hi Bob", UNKNOWN: "Hi Cy"}


def test_a_clients_price_list_has_the_networks_it_is_charged_by(networked: Desk, tmp_path: Path) -> None:
    networked.application.price_files.export(
        tmp_path / "list.csv", ExportOrder(FileFormat.CSV, client="Aurora"), actor="anna"
    )
    with (tmp_path / "list.csv").open(newline="", encoding="utf-8-sig") as file:
        listed = {row["mccmnc"]: row["price"] for row in csv.DictReader(file) if row["country"] == "DE"}
    sent = {
        group.quote.mccmnc or "": group.quote.price for group in look(networked, TELEKOM, VODAFONE, UNKNOWN, O2).groups
    }
    assert {code: int(Decimal(price) * 10**6) for code, price in listed.items()} == sent


def test_messages_as_a_file_name_the_network(networked: Desk, tmp_path: Path) -> None:
    networked.queue([TELEKOM, UNKNOWN])
    path = tmp_path / "messages.csv"
    networked.application.message_search.export(
        path, Wanted(), Job(), lambda line: (line.country, line.status.value, "")
    )
    with path.open(newline="", encoding="utf-8-sig") as file:
        assert {row["to"]: row["mccmnc"] for row in csv.DictReader(file)} == {TELEKOM: "26201", UNKNOWN: ""}


# --- the sync -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def vonage(desk: Desk) -> Desk:
    """A desk that sends through the sandbox's Vonage."""
    desk.application.accounts.add_provider(
        "Vonage", "vonage", base_url=desk.sandbox.url + "/vonage", settings={"api_key": "abcd1234"}, secret="s", default=True,
        actor="anna",
    )  # fmt: skip
    desk.application.accounts.sync_costs("Vonage", actor="anna", job=Job())
    return desk


def stored(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query("SELECT country, prefix, mccmnc FROM number_range ORDER BY country, prefix")


def test_a_sync_stores_the_ranges_and_the_next_one_changes_nothing(vonage: Desk) -> None:
    before = stored(vonage)
    assert ("DE", "491511", "26203") in before
    assert ("TR", "90532", "28601") in before
    vonage.application.accounts.sync_costs("Vonage", actor="anna", job=Job())
    assert stored(vonage) == before


def test_a_removed_provider_takes_its_ranges_along(vonage: Desk) -> None:
    vonage.application.providers.set_default("Main", actor="anna")
    vonage.application.providers.remove("Vonage", actor="anna")
    assert stored(vonage) == []


def test_what_vonage_charges_is_what_was_quoted(vonage: Desk) -> None:
    vonage.application.pricing.reprice(
        PriceRule(RuleKind.MARKUP, 5000), actor="anna", countries=["DE"], include_manual=True
    )
    sheet = vonage.queue([TELEKOM, VODAFONE, O2, UNKNOWN], text="x" * 300)
    quoted = {number: group.quote.cost for group in sheet.groups for number in group.numbers}
    assert {group.quote.mccmnc for group in sheet.groups} == {"26201", "26202", "26203"}
    vonage.drain()
    charged = vonage.query(
        "SELECT m.number, p.cost_text FROM attempt_part p JOIN attempt a ON a.id = p.attempt_id"
        " JOIN message m ON m.id = a.message_id"
    )
    assert len(charged) == 8
    assert {number: cost_micro(Decimal(cost)) for number, cost in charged} == quoted
    vonage.assert_sound()


def test_replacing_the_ranges_of_some_countries_leaves_the_others(networked: Desk) -> None:
    with networked.application.database.begin() as uow:
        route = uow.providers.get("Main").provider_id
        uow.number_ranges.replace(route, [RangeRow("TR", "90532", "28601")], only=["TR"])
        uow.number_ranges.replace(route, [RangeRow("DE", "49151", "26202")], only=["DE", "FR"])
    assert stored(networked) == [("DE", "49151", "26202"), ("TR", "90532", "28601")]


def test_a_network_that_is_only_called_otherwise_is_what_was_confirmed(networked: Desk) -> None:
    seen = look(networked, TELEKOM).promise
    networked.query("UPDATE rate SET network = 'Deutsche Telekom' WHERE mccmnc = '26201'")
    networked.queue([TELEKOM], promise=seen)
    assert networked.money() == (Decimal("99.94"), Decimal("0.06"))
