"""How costs and prices moved: traces, the chain behind a price, the last 90 days, and rules that follow costs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from desktop_app.domain.errors import NotFound
from desktop_app.domain.pricing import PriceLimits, PriceRule, PriceSource, Rounding, RuleKind, SkipReason
from desktop_app.services.job import Job
from desktop_app.storage.repositories.costs import CostRow, cost_micro
from tests.fixtures.application import Desk

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARGIN = PriceRule(RuleKind.MARGIN, 3_000)
STEP = PriceLimits(step=100)


@dataclass
class Watch:
    """A clock that a test turns."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **time: float) -> datetime:
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shop(open_desk: Callable[..., Desk], database_url: str, watch: Watch) -> Desk:
    """A provider with costs of four countries, priced with a margin of 30 %, on both databases and our own clock."""
    desk = open_desk(database_url, clock=watch)
    desk.add_provider("Main")
    costs(desk, DE="0.07", FR="0.05", AT="0.06", TR="0.02")
    watch.turn(hours=1)
    desk.application.pricing.reprice(MARGIN, actor="anna", limits=STEP)
    watch.turn(days=10)
    return desk


def costs(desk: Desk, currency: str = "EUR", **by_country: str) -> None:
    desk.import_costs("Main", by_country, currency)


def prices(desk: Desk) -> dict[str, int | None]:
    return {row.rate.country: row.applies.price for row in desk.application.pricing.list_prices()}


def follow(desk: Desk, *, on: bool = True) -> None:
    desk.application.preferences.change(actor="anna", rules_follow_costs=on)


def traces(desk: Desk) -> list[tuple[str, int | None, int | None]]:
    rows = desk.query(
        "SELECT r.country, c.before_micro, c.after_micro FROM cost_change c JOIN rate r ON r.id = c.rate_id"
        " ORDER BY c.id"
    )
    return [(country, before, after) for country, before, after in rows]


def test_every_cost_that_moves_leaves_a_trace_and_no_other(shop: Desk) -> None:
    first = traces(shop)
    assert sorted(first) == [("AT", None, 60_000), ("DE", None, 70_000), ("FR", None, 50_000), ("TR", None, 20_000)]
    costs(shop, DE="0.07", FR="0.05", AT="0.06", TR="0.02")
    assert traces(shop) == first
    costs(shop, DE="0.08", FR="0.04", AT="0.06", PL="0.03")
    assert sorted(traces(shop)[4:], key=str) == [
        ("DE", 70_000, 80_000),
        ("FR", 50_000, 40_000),
        ("PL", None, 30_000),
        ("TR", 20_000, None),
    ]


def test_an_exchange_rate_moves_costs_too(shop: Desk, watch: Watch) -> None:
    history = shop.application.history
    shop.application.accounts.set_exchange_rate("USD", "EUR", Decimal("0.5"), watch.now.date(), actor="anna")
    costs(shop, "USD", DE="0.20")
    watch.turn(days=8)
    shop.application.accounts.set_exchange_rate("USD", "EUR", Decimal("0.6"), watch.now.date(), actor="anna")
    assert history.recent_cost_changes() == {("DE", None): (100_000, 120_000, watch.now)}
    # Another provider's costs are compared with the former one's, once they are known.
    shop.application.accounts.add_provider(
        "Other", "twilio", base_url=f"{shop.sandbox.url}/twilio", settings={"account_sid": "AC" + "1e" * 16},
        secret="another", default=True, actor="anna",
    )  # fmt: skip
    assert history.recent_cost_changes() == {}
    shop.import_costs("Other", {"DE": "0.15"})
    assert history.recent_cost_changes()["DE", None][:2] == (100_000, 150_000)


def test_recent_changes_are_those_of_a_day_else_the_last_within_a_week(shop: Desk, watch: Watch) -> None:
    history = shop.application.history
    assert history.recent_cost_changes() == {}
    costs(shop, DE="0.08", FR="0.05", AT="0.06", TR="0.02")
    first = watch.now
    watch.turn(hours=20)
    costs(shop, DE="0.09", FR="0.04", AT="0.06", TR="0.02")
    assert history.recent_cost_changes() == {
        ("DE", None): (70_000, 90_000, watch.now),
        ("FR", None): (50_000, 40_000, watch.now),
    }
    second = watch.now
    watch.turn(hours=5)
    assert history.recent_cost_changes()["DE", None] == (80_000, 90_000, second)
    watch.turn(days=6)
    assert history.recent_cost_changes()["DE", None] == (80_000, 90_000, second)
    watch.turn(days=1)
    assert history.recent_cost_changes() == {}
    assert [one.move.country for one in history.cost_changes(first)] == ["DE", "FR"]
    # Back where it was: no news.
    costs(shop, DE="0.07", FR="0.04", AT="0.06", TR="0.02")
    assert [one.move.country for one in history.cost_changes(first)] == ["FR"]


def test_a_moved_cost_says_what_it_is_sold_for_and_what_the_rule_would_make(shop: Desk) -> None:
    shop.application.pricing.set_price("FR", Decimal("0.2"), actor="anna")
    costs(shop, DE="0.0777", FR="0.06", AT="0.06", TR="0.02")
    german, french = shop.application.history.cost_changes()
    assert (german.sale, german.by_rule) == (100_000, 111_000)
    assert (french.sale, french.by_rule) == (200_000, None)


def test_a_sync_says_how_many_costs_went_up_and_down(bare_desk: Desk) -> None:
    bare_desk.add_provider("Main")
    accounts = bare_desk.application.accounts
    bare_desk.change(prices={"DE": "0.05", "FR": "0.05", "AT": "0.05"})
    first = accounts.sync_costs("Main", actor="anna", job=Job())
    assert (first.refresh.moves.up, first.refresh.moves.down, first.text) == (0, 0, "Costs synced, none changed")
    bare_desk.change(prices={"DE": "0.06", "FR": "0.07", "AT": "0.04"})
    second = accounts.sync_costs("Main", actor="anna", job=Job())
    assert (second.refresh.moves.up, second.refresh.moves.down) == (2, 1)
    assert second.text == "3 costs changed: 2 up, 1 down"
    changed = {place for place, _ in bare_desk.application.history.recent_cost_changes().items() if place[1] is None}
    assert changed == {("DE", None), ("FR", None), ("AT", None)}


def test_rules_follow_costs_only_where_the_team_wants_it(shop: Desk) -> None:
    before = prices(shop)
    costs(shop, DE="0.08", FR="0.05", AT="0.06", TR="0.02")
    assert prices(shop) == before
    preview = shop.application.rule_following.preview()
    assert (preview.rows, preview.left) == (1, ())
    applied = shop.application.rule_following.apply_rules(actor="anna")
    assert (applied.rows, applied.left) == (1, ())
    assert prices(shop) == {**before, "DE": 114_300}
    assert shop.application.rule_following.apply_rules(actor="anna").change_id is None
    follow(shop)
    costs(shop, DE="0.09", FR="0.04", AT="0.06", TR="0.02")
    assert prices(shop) == {**before, "DE": 128_600, "FR": 57_100}


def test_following_is_one_change_that_can_be_reverted_and_stays_reverted(shop: Desk, watch: Watch) -> None:
    follow(shop)
    before = prices(shop)
    costs(shop, DE="0.08", FR="0.04", AT="0.06", TR="0.02")
    newest = shop.application.pricing.changes()[0]
    assert (newest.label, newest.rows, newest.actor) == ("Rules follow costs", 2, "anna")
    reverted = shop.application.pricing.revert(newest.change_id, actor="bob")
    assert (reverted.restored, reverted.skipped) == (2, ())
    watch.turn(hours=1)
    costs(shop, DE="0.08", FR="0.04", AT="0.061", TR="0.02")
    assert prices(shop) == {**before, "AT": 87_100}
    assert all(row.rate.rule == "margin 30.00" for row in shop.application.pricing.list_prices())


def test_each_price_follows_its_own_rule_with_the_limits_it_was_made_with(shop: Desk, watch: Watch) -> None:
    pricing = shop.application.pricing
    pricing.reprice(PriceRule(RuleKind.MARKUP, 5_000), actor="anna", countries=["DE"])
    bounds = PriceLimits(min_profit=30_000, step=1_000, rounding=Rounding.UP)
    pricing.reprice(PriceRule(RuleKind.PROFIT, 10_000), actor="anna", limits=bounds, countries=["FR"])
    pricing.reprice(PriceRule(RuleKind.CHANGE_PERCENT, 1_000), actor="anna", countries=["AT"])
    before = prices(shop)
    assert before == {"AT": 94_270, "DE": 105_000, "FR": 80_000, "TR": 28_600}
    follow(shop)
    watch.turn(hours=1)
    costs(shop, DE="0.080001", FR="0.060001", AT="0.09", TR="0.03")
    # Raised by 10 %, Austria's margin of 30 % became one of 36.35 %, which it keeps.
    assert prices(shop) == {"AT": 141_398, "DE": 120_002, "FR": 91_000, "TR": 42_900}
    assert shop.application.pricing.changes()[0].rows == 4


def test_manual_prices_stay_and_a_rule_that_would_lose_money_leaves_its_row_and_names_it(
    shop: Desk, watch: Watch
) -> None:
    # 0.0200 is sold at 0.0190: a loss that was there before the rule's row may not grow into following it.
    pricing = shop.application.pricing
    pricing.set_price("FR", Decimal("0.0900"), actor="anna")
    pricing.reprice(PriceRule(RuleKind.PROFIT, 0), actor="anna", limits=PriceLimits(step=10_000), countries=["TR"])
    follow(shop)
    watch.turn(hours=1)
    costs(shop, DE="0.08", FR="0.0899", AT="0.06", TR="0.024")
    assert prices(shop) == {"AT": 85_700, "DE": 114_300, "FR": 90_000, "TR": 20_000}
    with shop.application.database.read() as uow:
        [entry, *_] = uow.activity.list_latest(1)
    assert (entry.kind, entry.detail["followed"], entry.detail["left"]) == ("costs_stored", 1, 1)
    left = shop.application.rule_following.preview().left
    assert [(row.country, row.reason) for row in left] == [("TR", SkipReason.BELOW_COST)]


def test_the_chain_names_every_step_and_the_one_that_wins(shop: Desk) -> None:
    rows = [
        CostRow("DE", None, "", "0.07", 70_000, "EUR"),
        CostRow("DE", "26201", "Telekom", "0.08", cost_micro(Decimal("0.08")), "EUR"),
    ]
    shop.application.pricing.import_costs("Main", rows, actor="anna")
    shop.application.pricing.set_standing_rule("EU", PriceRule(RuleKind.MARKUP, 5_000), actor="anna")
    shop.application.pricing.set_standing_rule("", PriceRule(RuleKind.MARKUP, 10_000), actor="anna")
    why = shop.application.history.why
    assert [(step.source, step.price, step.rule, step.wins) for step in why("DE", "26201")] == [
        (PriceSource.MANUAL_NETWORK, None, "", False),
        (PriceSource.MANUAL_COUNTRY, None, "", False),
        (PriceSource.RULE_NETWORK, None, "", False),
        (PriceSource.RULE_COUNTRY, 100_000, "margin 30.00", True),
        (PriceSource.RULE_REGION, 120_000, "markup 50.00", False),
        (PriceSource.RULE_DEFAULT, 160_000, "markup 100.00", False),
    ]
    shop.application.pricing.set_price("DE", Decimal("0.15"), actor="anna")
    german = why("DE")
    assert [step.source for step in german] == [
        PriceSource.MANUAL_COUNTRY, PriceSource.RULE_COUNTRY, PriceSource.RULE_REGION, PriceSource.RULE_DEFAULT,
    ]  # fmt: skip
    assert [step.price for step in german if step.wins] == [150_000]
    assert german[1] == (german[1].__class__)(PriceSource.RULE_COUNTRY, "Standard", None, "", wins=False)
    with pytest.raises(NotFound, match="does not know"):
        why("DE", "26299")


def test_the_last_90_days_are_told_backwards_from_now(shop: Desk, watch: Watch) -> None:
    follow(shop)
    watch.turn(days=20)
    moved = watch.now
    costs(shop, DE="0.08", FR="0.05", AT="0.06", TR="0.02")
    watch.turn(days=5)
    set_at = watch.now
    shop.application.pricing.set_price("DE", Decimal("0.13"), actor="bob")
    now = watch.turn(days=1)
    points = shop.application.history.history("DE")
    assert [(one.at, one.sale, one.cost) for one in points] == [
        (now - timedelta(days=90), None, None),
        (START, None, 70_000),
        (START + timedelta(hours=1), 100_000, 70_000),
        (moved, 114_300, 80_000),
        (set_at, 130_000, 80_000),
        (now, 130_000, 80_000),
    ]
    assert [one.sale for one in shop.application.history.history("DE", days=3)] == [114_300, 130_000, 130_000]
    last = shop.application.history.detail("DE").last_change
    assert last is not None
    assert (last.actor, last.at, last.before, last.after) == ("bob", set_at, 114_300, 130_000)
    watch.turn(days=95)
    assert shop.application.history.detail("DE").last_change is None
    assert {(one.sale, one.cost) for one in shop.application.history.history("DE")} == {(130_000, 80_000)}


def test_a_network_tells_the_story_of_what_applied_to_it(shop: Desk, watch: Watch) -> None:
    rows = [CostRow("DE", None, "", "0.07", 70_000, "EUR"), CostRow("DE", "26201", "Telekom", "0.06", 60_000, "EUR")]
    shop.application.pricing.import_costs("Main", rows, actor="anna")
    came = watch.now
    watch.turn(days=1)
    by_hand = watch.now
    shop.application.pricing.set_price("DE", Decimal("0.2"), actor="anna")
    now = watch.turn(days=1)
    points = shop.application.history.history("DE", "26201")
    assert [(one.at, one.sale, one.cost) for one in points[2:]] == [
        (came, 100_000, 60_000),
        (by_hand, 200_000, 60_000),
        (now, 200_000, 60_000),
    ]


def test_the_detail_says_that_the_rule_followed_until_somebody_changes_the_price(shop: Desk, watch: Watch) -> None:
    follow(shop)
    costs(shop, DE="0.08", FR="0.05", AT="0.06", TR="0.02")
    detail = shop.application.history.detail("DE")
    assert detail.move is not None
    assert (detail.move.before, detail.move.after, detail.followed) == (70_000, 80_000, (100_000, 114_300))
    assert (detail.clients, detail.client_prices) == (0, ())
    watch.turn(hours=1)
    shop.application.pricing.set_price("DE", Decimal("0.12"), actor="anna")
    changed = shop.application.history.detail("DE")
    assert (changed.move == detail.move, changed.followed) == (True, None)
    assert shop.application.history.detail("FR").move is None


def test_clients_with_a_price_of_their_own_are_counted_and_named(shop: Desk) -> None:
    for name in ("Zeta", "Aurora"):
        shop.application.clients.add(name, actor="anna")
    shop.query(
        "INSERT INTO client_price (client_id, country, mccmnc, price_micro) SELECT id, 'DE', '', 90000 FROM client"
    )
    shop.query("INSERT INTO client_price SELECT id, 'DE', '26201', 95000 FROM client WHERE name = 'Zeta'")
    detail = shop.application.history.detail("DE")
    assert detail.clients == 2
    assert [(one.client, one.mccmnc, one.price) for one in detail.client_prices] == [
        ("Aurora", None, 90_000),
        ("Zeta", None, 90_000),
    ]


def test_another_main_currency_forgets_the_costs_in_the_former_one(bare_desk: Desk) -> None:
    bare_desk.add_provider("Main")
    bare_desk.import_costs("Main", {"DE": "0.05"}, "USD")
    bare_desk.application.accounts.set_exchange_rate("USD", "EUR", Decimal("0.5"), START.date(), actor="anna")
    assert traces(bare_desk) == [("DE", None, 25_000)]
    bare_desk.application.preferences.change(actor="anna", currency="USD")
    assert traces(bare_desk) == [("DE", None, 50_000)]
