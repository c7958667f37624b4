"""What the columns of the price table show that are read on demand, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from desktop_app.storage.repositories.costs import CostRow
from tests.fixtures.application import Desk, eventually, german


def test_the_last_change_of_each_row_names_its_author_and_its_time(desk: Desk) -> None:
    pricing, history = desk.application.pricing, desk.application.history
    pricing.reprice(PriceRule(RuleKind.MARGIN, 3_000), actor="bob", countries=["DE", "FR"], include_manual=True)
    after_bob = history.last_changes()
    pricing.set_price("DE", Decimal("0.9"), actor="mert")

    found = history.last_changes()

    assert found["DE", None][1] == "mert"
    assert found["FR", None] == after_bob["FR", None]
    assert found["FR", None][1] == "bob"
    assert found["GB", None][1] == "anna"
    assert found["DE", None][0] > found["FR", None][0] > found["GB", None][0]


def test_a_change_long_ago_is_none(open_desk: Callable[..., Desk], database_url: str) -> None:
    passed = [timedelta(days=-91)]
    desk = open_desk(database_url, clock=lambda: datetime.now(UTC) + passed[-1]).open_for_business()
    passed.append(timedelta(0))
    desk.application.pricing.set_price("DE", Decimal("0.9"), actor="mert")

    assert list(desk.application.history.last_changes()) == [("DE", None)]


def test_delivery_counts_what_was_reported_in_the_end(desk: Desk) -> None:
    pricing = desk.application.pricing
    assert pricing.delivery() == {}
    desk.queue(german(6))
    assert pricing.delivery() == {}
    desk.drain()
    eventually(lambda: desk.application.receipts.poll_once(Job()) == 0, "the last change")

    # The number that ends in 1 is not delivered, that in 2 expires, that in 3 is only sent.
    assert pricing.delivery() == {("DE", None): (3, 5)}
    assert pricing.volumes() == {("DE", None): 6}


def test_what_other_providers_ask_is_their_country_price_or_their_dearest_network(desk: Desk) -> None:
    desk.add_provider("Other", account="AC" + "1e" * 16, secret="another")
    rows = [
        CostRow("DE", None, "", "0.05", 50_000, "USD"), CostRow("DE", "26201", "Telekom", "0.09", 90_000, "USD"),
        CostRow("FR", "20801", "Orange", "0.03", 30_000, "EUR"), CostRow("FR", "20810", "SFR", "0.04", 40_000, "EUR"),
    ]  # fmt: skip
    desk.application.pricing.import_costs("Other", rows, actor="anna")

    found = desk.application.pricing.costs_elsewhere()

    assert {iso: [(one.provider, one.cost, one.currency) for one in costs] for iso, costs in found.items()} == {
        "DE": [("Other", 50_000, "USD")], "FR": [("Other", 40_000, "EUR")]
    }  # fmt: skip


def test_without_another_provider_nobody_asks_anything(desk: Desk, bare_desk: Desk) -> None:
    assert desk.application.pricing.costs_elsewhere() == {}
    assert bare_desk.application.pricing.costs_elsewhere() == {}
