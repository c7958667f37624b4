"""Provider accounts against the sandbox: costs pulled country by country, credentials, routes, exchange rates."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from desktop_app.domain.errors import Cancelled, InvalidInput, NotFound, ProviderAuthError, ProviderError
from desktop_app.domain.pricing import PriceRule, RuleKind, SkipReason
from desktop_app.services.accounts import CostSync
from desktop_app.services.cost_pull import PartialSync
from desktop_app.services.job import Job
from desktop_app.services.sending import NothingToSend
from tests.fixtures.application import ACCOUNT, Desk, german

TODAY = datetime.now(UTC).date()


def sync(desk: Desk, name: str = "Main", job: Job | None = None) -> CostSync:
    return desk.application.accounts.sync_costs(name, actor="anna", job=job or Job())


def costs(desk: Desk) -> dict[tuple[str, str | None], int | None]:
    """Return the cost of every destination in the price list's currency."""
    rows = desk.application.pricing.list_prices(networks=True)
    return {(row.rate.country, row.rate.mccmnc): row.rate.cost for row in rows}


def networks_of(desk: Desk, country: str) -> int:
    return sum(1 for place in costs(desk) if place[0] == country and place[1] is not None)


@pytest.fixture
def synced(bare_desk: Desk) -> Desk:
    """A desk whose provider's costs were pulled once."""
    bare_desk.change(prices={"DE": "0.05", "US": "0.0075", "GB": "0.03330001"})
    bare_desk.add_provider("Main")
    sync(bare_desk)
    return bare_desk


def test_the_first_pull_brings_every_country_with_its_networks(synced: Desk) -> None:
    found = costs(synced)

    assert len({country for country, _ in found}) >= 200
    assert len({mccmnc for _, mccmnc in found if mccmnc}) >= 300
    assert (found["DE", None], found["US", None]) == (50_000, 7_500)
    assert found["GB", None] == 33_301  # finer than a millionth: rounded up
    stored = synced.application.accounts.list_providers()[0]
    assert (stored.costs_synced_at is not None, stored.last_error) == (True, None)


def test_a_second_pull_counts_what_changed(synced: Desk) -> None:
    total = len([place for place in costs(synced) if place[1] is not None])
    synced.change(prices={"DE": "0.06", "US": "0.007"})

    difference = sync(synced).difference

    raised, lowered = networks_of(synced, "DE"), networks_of(synced, "US")
    assert (difference.new, difference.closed) == (0, 0)
    assert (difference.raised, difference.lowered) == (raised, lowered)
    assert difference.unchanged == total - raised - lowered
    assert costs(synced)["DE", None] == 60_000
    again = sync(synced).difference
    assert (again.raised, again.lowered, again.unchanged) == (0, 0, total)


def test_a_pull_that_is_stopped_in_the_middle_keeps_the_old_costs(synced: Desk) -> None:
    before = costs(synced)
    synced.change(prices={"DE": "0.9", "ZW": "0.9"})

    def stop_at_fifty(done: int, _total: int, _label: str) -> None:
        if done == 50:
            job.cancel()

    job = Job(stop_at_fifty)
    with pytest.raises(Cancelled):
        sync(synced, job=job)

    assert costs(synced) == before


def fail_after(desk: Desk, count: int) -> Job:
    """Return a job during which the provider refuses the key once ``count`` countries came."""

    def refuse(done: int, _total: int, _label: str) -> None:
        if done == count:
            desk.change(faults=[{"mode": "unauthorized", "on": "account"}])

    return Job(refuse)


def test_a_provider_that_fails_at_once_keeps_the_old_costs_and_the_reason(synced: Desk) -> None:
    before = costs(synced)
    synced.change(prices={"DE": "0.9"}, faults=[{"mode": "unauthorized", "on": "account"}])

    with pytest.raises(ProviderError) as refused:
        sync(synced)

    assert not isinstance(refused.value, PartialSync)
    assert costs(synced) == before
    assert synced.application.accounts.list_providers()[0].last_error
    synced.heal()
    sync(synced)
    assert costs(synced)["DE", None] == 900_000
    assert synced.application.accounts.list_providers()[0].last_error is None


def test_a_provider_that_fails_in_the_middle_leaves_the_rest_as_it_was_and_says_how_many(synced: Desk) -> None:
    before, [stored] = costs(synced), synced.application.accounts.list_providers()
    countries = sorted({country for country, _ in before})
    synced.change(prices=dict.fromkeys(countries, "0.9"))

    with pytest.raises(PartialSync) as failed:
        sync(synced, job=fail_after(synced, 40))

    now = costs(synced)
    moved = {country for country, mccmnc in now if now[country, mccmnc] != before[country, mccmnc]}
    kept = {country for country, mccmnc in now if now[country, mccmnc] == before[country, mccmnc]}
    assert moved.isdisjoint(kept)
    assert {now[place] for place in now if place[0] in moved} == {900_000}
    assert (failed.value.updated, failed.value.missing) == (len(moved), len(countries) - len(moved))
    assert 40 <= len(moved) < len(countries)
    assert f"{len(kept)} of {len(countries)} countries are not updated" in failed.value.user_message
    [provider] = synced.application.accounts.list_providers()
    assert (provider.costs_synced_at, provider.last_error) == (stored.costs_synced_at, failed.value.user_message)
    assert provider.costs_missed == failed.value.missed == kept
    synced.heal()
    sync(synced)
    assert synced.application.accounts.list_providers()[0].costs_missed == frozenset()
    assert set(costs(synced).values()) == {900_000}


def test_costs_in_another_currency_need_a_rate(bare_desk: Desk) -> None:
    desk, application = bare_desk, bare_desk.application
    desk.change(currency="USD", prices={"DE": "0.05"})
    desk.add_provider("Main")
    sync(desk)
    assert set(costs(desk).values()) == {None}
    planned = application.pricing.reprice(PriceRule(RuleKind.MARKUP, 2_500), actor="anna")
    assert planned.rows == ()
    assert {row.reason for row in planned.skipped} == {SkipReason.NO_RATE}

    application.accounts.set_exchange_rate("USD", "EUR", Decimal("0.92"), TODAY, actor="anna")

    assert None not in costs(desk).values()
    assert costs(desk)["DE", None] == 46_000
    row = application.pricing.list_prices(["DE"])[0]
    assert (row.cost, row.cost_currency, row.currency) == (50_000, "USD", "EUR")
    repriced = application.pricing.reprice(PriceRule(RuleKind.MARKUP, 2_500), countries=["DE"], actor="anna")
    assert {row.after for row in repriced.rows} == {57_500}


def test_nothing_is_sent_without_a_rate(sqlite_desk: Desk) -> None:
    sqlite_desk.import_costs("Main", {"DE": "0.05"}, currency="USD")

    with pytest.raises(NothingToSend) as caught:
        sqlite_desk.queue(german(1))

    assert [one.reason for one in caught.value.not_sent] == ["no_rate"]


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [("USD", "USD", "1"), ("USD", "EUR", "0"), ("USD", "EUR", "-1"), ("USD", "EUR", "NaN"), ("XXX", "EUR", "1"),
     ("USD", "EUR", "1e10")],
)  # fmt: skip
def test_what_is_no_exchange_rate_is_refused(sqlite_desk: Desk, source: str, target: str, rate: str) -> None:
    with pytest.raises(InvalidInput):
        sqlite_desk.application.accounts.set_exchange_rate(source, target, Decimal(rate), TODAY, actor="anna")


def test_another_default_provider_has_costs_of_its_own(desk: Desk) -> None:
    """Until they are known nothing is sold: what the former provider asks says nothing of what this one asks."""
    application = desk.application
    desk.add_provider("Other", default=True)
    assert {one.name: one.is_default for one in application.accounts.list_providers()} == {"Main": False, "Other": True}
    assert costs(desk)["DE", None] is None
    with pytest.raises(NothingToSend) as caught:
        desk.queue(german(1))
    assert [one.reason for one in caught.value.not_sent] == ["no_price"]

    desk.import_costs("Main", {"DE": "0.01"})  # not the default any more
    assert costs(desk)["DE", None] is None
    desk.import_costs("Other", {"DE": "0.055"})
    assert costs(desk)["DE", None] == 55_000
    desk.queue(german(1))
    desk.drain()
    assert {row.provider for row in application.delivery.list_messages()} == {"Other"}


def test_a_provider_made_the_default_while_its_costs_are_pulled_gives_them_to_the_price_list(bare_desk: Desk) -> None:
    desk = bare_desk
    for name in ("Main", "Other"):
        desk.add_provider(name)
    desk.change(prices={"DE": "0.05"})

    def choose(*_step: object) -> None:
        desk.application.providers.set_default("Other", actor="anna")

    sync(desk, "Other", Job(choose))

    assert costs(desk)["DE", None] == 50_000


def test_a_provider_removed_while_its_costs_are_pulled_is_missed_in_words(bare_desk: Desk) -> None:
    for name in ("Main", "Other"):
        bare_desk.add_provider(name)
    steps: list[object] = []

    def remove(*step: object) -> None:
        if not steps:
            bare_desk.application.providers.remove("Other", actor="anna")
        steps.append(step)

    with pytest.raises(NotFound, match="removed meanwhile"):
        sync(bare_desk, "Other", Job(remove))


def test_wrong_credentials_are_named_and_remembered(bare_desk: Desk) -> None:
    desk, accounts = bare_desk, bare_desk.application.accounts
    desk.change(credentials={"twilio": [ACCOUNT, "another"]})
    desk.add_provider("Main")

    for ask in (lambda: accounts.balance("Main"), lambda: accounts.test("Main", actor="anna"), lambda: sync(desk)):
        with pytest.raises(ProviderAuthError, match="“Main”"):
            ask()
    assert "does not accept the credentials" in (accounts.list_providers()[0].last_error or "")

    desk.change(credentials={"twilio": None})
    balance = accounts.test("Main", actor="anna")
    assert (balance.amount, balance.currency) == (Decimal("123.45"), "EUR")
    assert accounts.list_providers()[0].last_error is None


def test_a_good_answer_opens_a_paused_route_again(desk: Desk) -> None:
    accounts = desk.application.accounts
    desk.queue(german(2))
    desk.change(credentials={"twilio": [ACCOUNT, "another"]})
    desk.look_at_queue()
    assert accounts.list_providers()[0].paused_reason
    with pytest.raises(ProviderAuthError):
        accounts.test("Main", actor="anna")
    assert accounts.list_providers()[0].paused_reason

    desk.change(credentials={"twilio": None})
    accounts.test("Main", actor="berta")

    assert accounts.list_providers()[0].paused_reason is None
    with desk.application.database.read() as uow:
        latest = uow.activity.list_latest(1)[0]
    assert (latest.kind, latest.actor, latest.subject) == ("route_resumed", "berta", "Main")
    desk.drain()
    assert sorted(desk.seen()) == german(2)


def test_a_secret_is_in_the_vault_and_nowhere_else(desk: Desk) -> None:
    secret = "a secret of the sandbox"
    files = {path: path.read_bytes() for path in desk.profile.parent.rglob("*") if path.is_file()}

    assert any(path.name == "vault.json" for path in files)
    assert [path for path, content in files.items() if secret.encode() in content] == []
    assert desk.query("SELECT settings FROM provider") == [(f'{{"account_sid": "{ACCOUNT}"}}',)]


def test_an_account_whose_secret_cannot_be_kept_is_not_stored(bare_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare_desk.application.accounts._secrets, "_environment", {})

    with pytest.raises(Exception, match="was not saved"):
        bare_desk.add_provider("Main")

    assert bare_desk.application.accounts.list_providers() == []
