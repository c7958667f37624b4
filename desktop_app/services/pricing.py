"""Price lists: reading them, changing them in bulk as objects that can be reverted, and importing costs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from desktop_app.domain.bulk_edits import is_followed, targets
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.money import MAX_PRICE_MICRO, micro_exact, micro_text
from desktop_app.domain.pace import paced
from desktop_app.domain.pricing import NO_LIMITS, PriceLimits, PriceRule, plan_prices
from desktop_app.domain.rates import EffectivePrice, PlannedRow, Rate, SkippedRow, effective_price, plan_rows
from desktop_app.services.accounts import store_costs
from desktop_app.services.client_prices import set_client_price
from desktop_app.services.clock import Clock
from desktop_app.services.price_edits import LossAllowed, PriceEdit, SavedPrices, allow_loss, rule_price, save_edits
from desktop_app.storage.repositories.bulk_edits import NewRow
from desktop_app.storage.repositories.costs import CostDifference, CostRow, Costs
from desktop_app.storage.repositories.costs import CountryCost as CountryCost
from desktop_app.storage.repositories.losses import RestoredLoss
from desktop_app.storage.repositories.prices import PriceChange, PriceList
from desktop_app.storage.unit_of_work import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of the price table: a destination, what it costs us, and the price that applies.

    Attributes:
        rate: the row itself.
        applies: the price that applies, own or inherited.
        currency: of the price.
        cost: micro-units as the provider asks, in ``cost_currency``; a country's is its own or its dearest network's.
        cost_currency: None without a cost.
        enabled: the country is switched on.
    """

    rate: Rate
    applies: EffectivePrice
    currency: str
    cost: int | None
    cost_currency: str | None
    enabled: bool

    @property
    def price(self) -> int | None:
        """The price that applies; None without one, or where a rule would need an exchange rate (decisions.md 4)."""
        return None if self.rate.unconverted and not self.applies.manual else self.applies.price


@dataclass(frozen=True, slots=True)
class Repriced:
    """A bulk change, saved or only looked at (``change_id`` None)."""

    change_id: int | None
    rows: tuple[PlannedRow, ...]
    skipped: tuple[SkippedRow, ...]


@dataclass(frozen=True, slots=True)
class Reverted:
    """What reverting a change did."""

    change_id: int
    restored: int
    skipped: tuple[SkippedRow, ...]


class PricingService:
    """What clients pay."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def list_prices(self, countries: Collection[str] | None = None, *, networks: bool = False) -> list[PriceRow]:
        """Return the standard price list by country; with ``networks`` their rows follow their country's."""
        with self._database.read() as uow:
            return list_rows(uow, _standard(uow), countries, networks=networks)

    def set_price(
        self, iso: str, price: Decimal, *, actor: str, loss_until: datetime | None = None, reason: str = ""
    ) -> int:
        """Set a country's price by hand and return the change's id; networks without their own price inherit it.

        Raises:
            InvalidInput: a price that is none or beyond any, or below cost (code "below_cost") without permission for a loss.
        """
        micro = micro_exact(price)
        if not 0 < micro <= MAX_PRICE_MICRO:
            raise InvalidInput(tr("A price must be above 0 and at most 100,000."), fields={"price": str(price)})
        with self._database.begin() as uow:
            standard = _standard(uow)
            rate_id = uow.prices.rate_id(standard.list_id, iso) or uow.prices.add_rate(standard.list_id, iso)
            row = next(rate for rate in uow.prices.rates(standard.list_id, [iso]) if rate.rate_id == rate_id)
            change_id = uow.prices.open_change(
                standard.list_id, at=self._clock(), actor=actor, rule="", label=f"{iso} {micro_text(micro)}"
            )
            if row.cost is not None and micro < row.cost:
                loss = None if loss_until is None else LossAllowed(loss_until, reason)
                allow_loss(uow, change_id, rate_id, iso, row.cost, loss, at=self._clock(), actor=actor)
            uow.prices.set_rows(change_id, {rate_id: micro}, manual=True)
            uow.prices.apply(change_id)
            return change_id

    def save_edits(self, edits: Sequence[PriceEdit], *, actor: str) -> SavedPrices:
        """Save the edits of a draft as one change in one transaction: all of them, or nothing.

        Raises:
            PricesChanged: somebody changed a row after its edit began; names each.
            InvalidInput: a price out of range, or below cost (code "below_cost") without permission for a loss.
        """
        with self._database.begin() as uow:
            return save_edits(uow, _standard(uow), edits, at=self._clock(), actor=actor)

    def set_client_price(
        self,
        client_name: str,
        iso: str,
        price: Decimal | None,
        *,
        actor: str,
        expected: tuple[int | None] | None = None,
    ) -> Decimal | None:
        """Give a client a price of its own for a country, or take it away with None; return the one it had before.

        Args:
            client_name: whose.
            iso: the country.
            price: per segment, in the currency of the client's price list.
            actor: who sets it.
            expected: (micro-units,) that it must have before, None where it has none of its own; anything without it.

        Raises:
            NotFound: no such client.
            StaleData: it is not ``expected``.
            InvalidInput: a price that is none or beyond any, or below cost (code "below_cost") in a row without permission
                for a loss.
        """
        with self._database.begin() as uow:
            return set_client_price(uow, client_name, iso, price, at=self._clock(), actor=actor, expected=expected)

    def rule_prices(self) -> dict[tuple[str, str | None], int | None]:
        """Return what each row set by hand would cost when it went back to its rule, by (country, mccmnc)."""
        with self._database.read() as uow:
            rates = uow.prices.rates(_standard(uow).list_id)
            return {(rate.country, rate.mccmnc): rule_price(uow, rate) for rate in rates if rate.manual}

    def volumes(self, days: int = 30) -> dict[tuple[str, str | None], int]:
        """Return the billed segments of the last ``days`` by (country, mccmnc); mccmnc None where no network was known.

        Reads every message of those days once: a third of a second for a million.
        """
        with self._database.read() as uow:
            return uow.volumes.since(self._clock() - timedelta(days=days))

    def delivery(self, days: int = 30) -> dict[tuple[str, str | None], tuple[int, int]]:
        """Return how many messages of the last ``days`` were (delivered, reported in the end) by (country, mccmnc)."""
        with self._database.read() as uow:
            return uow.volumes.delivered_since(self._clock() - timedelta(days=days))

    def costs_elsewhere(self) -> dict[str, tuple[CountryCost, ...]]:
        """Return what providers other than the default one ask for each country, by its ISO code."""
        with self._database.read() as uow:
            stored = uow.providers.default()
            found: dict[str, list[CountryCost]] = {}
            for cost in [] if stored is None else uow.costs.elsewhere(stored.provider_id):
                found.setdefault(cost.country, []).append(cost)
            return {iso: tuple(costs) for iso, costs in found.items()}

    def reprice(
        self, rule: PriceRule, *, actor: str, limits: PriceLimits = NO_LIMITS, countries: Collection[str] | None = None,
        include_manual: bool = False, preview: bool = False,
    ) -> Repriced:  # fmt: skip
        """Change the prices of the standard list by a rule, or show what would change.

        Preview and saving use one plan inside one transaction, so they cannot differ. A row that followed a rule follows its
        new target afterwards: raised by 5 points, "margin 30.00" is "margin 35.00".
        """
        plan = plan_prices(rule, limits, include_manual=include_manual)
        transaction = self._database.read() if preview else self._database.begin()
        with transaction as uow:
            standard = _standard(uow)
            if not preview and not is_followed(rule, limits):
                uow.bulk_edits.lock(standard.list_id, countries)
            rates = uow.prices.rates(standard.list_id, countries)
            changed, skipped = plan_rows(rates, plan)
            if preview:
                return Repriced(None, tuple(changed), tuple(skipped))
            change_id = uow.prices.open_change(
                standard.list_id, at=self._clock(), actor=actor, rule=rule.text, limits=limits.standing_text,
                label=_label(rule, countries),
            )  # fmt: skip
            if is_followed(rule, limits):
                uow.prices.plan_change(change_id, standard.list_id, plan, countries)
            else:
                rows = targets(rule, plan, rates)
                uow.bulk_edits.write(
                    change_id,
                    {rate_id: NewRow(price, manual=False, follows=text) for rate_id, (price, text) in rows.items()},
                )
            uow.prices.apply(change_id)
            notes = {(row.country, row.mccmnc): row.notes for row in changed}
            saved = [
                PlannedRow(
                    row.country, row.mccmnc, row.cost, row.before, row.after, notes.get((row.country, row.mccmnc), ())
                )
                for row in uow.prices.change_rows(change_id)
            ]
            return Repriced(change_id, tuple(saved), tuple(skipped))

    def changes(self) -> list[PriceChange]:
        """Return the saved changes, newest first."""
        with self._database.read() as uow:
            return uow.prices.changes()

    def revert(self, change_id: int, *, actor: str, also_edited: bool = False) -> Reverted:
        """Undo a change at any later time, as a new change; rows edited since stay and are named.

        A permission to lose money that the change gave ends with it; one that it ended counts again.

        Args:
            change_id: the change.
            actor: who undoes it.
            also_edited: rows edited since get their price from before the change as well.

        Raises:
            NotFound: no such change.
        """
        with self._database.begin() as uow:
            old = uow.prices.get_change(change_id)
            new_id = uow.prices.open_change(
                old.list_id, at=self._clock(), actor=actor, rule="", label=tr("Revert: {label}", label=old.label),
                reverts_id=change_id,
            )  # fmt: skip
            skipped = uow.prices.revert_rows(new_id, change_id, also_edited=also_edited)
            for loss in uow.losses.take_back(new_id, change_id):
                _log_loss(uow, loss, self._clock(), actor)
            restored = uow.prices.apply(new_id)
            return Reverted(new_id, restored, tuple(skipped))

    def set_country_enabled(self, iso: str, *, enabled: bool, actor: str) -> None:
        """Switch a country on or off for every price list."""
        with self._database.begin() as uow:
            uow.prices.set_enabled(iso, enabled=enabled)
            uow.activity.add(self._clock(), actor, "country_switched", iso, enabled=enabled)

    def set_standing_rule(self, region: str, rule: PriceRule | None, *, actor: str) -> None:
        """Set the rule for destinations without a row of their own in a region ("" for everywhere), or remove it."""
        with self._database.begin() as uow:
            uow.prices.set_standing_rule(_standard(uow).list_id, region, rule.text if rule else None)
            uow.activity.add(
                self._clock(), actor, "standing_rule_set", region or "default", rule=rule.text if rule else None
            )

    def import_costs(
        self, provider: str, rows: list[CostRow], *, actor: str, expected: Costs | None = None, dry_run: bool = False
    ) -> CostDifference:
        """Make a provider's price sheet its costs, all of it or nothing.

        Args:
            provider: whose.
            rows: all of its costs.
            actor: who imports.
            expected: what its costs must be before; anything without it.
            dry_run: only compare.

        Raises:
            NotFound: no such provider.
            StaleData: its costs are not ``expected``; nothing was stored.
        """
        if not rows:
            raise InvalidInput(tr("The price sheet has no rows."))
        with self._database.read() if dry_run else self._database.begin() as uow:
            stored = uow.providers.get(provider)
            if dry_run:
                return uow.costs.replace(stored.provider_id, rows, store=False)
            return store_costs(uow, stored, rows, self._clock, actor, expected=expected)[0]


def list_rows(
    uow: UnitOfWork, price_list: PriceList, countries: Collection[str] | None, *, networks: bool
) -> list[PriceRow]:
    """Return the rows of a list with what applies to each."""
    rates = uow.prices.rates(price_list.list_id, countries)
    country_rows = {rate.country: rate for rate in rates if rate.mccmnc is None}
    costs = _provider_costs(uow)
    disabled = uow.prices.disabled_countries()
    rows = []
    for rate in paced(rates):
        if rate.mccmnc is not None and not networks:
            continue
        cost, currency = costs.get((rate.country, rate.mccmnc), (None, None))
        applies = effective_price(rate, country_rows.get(rate.country))
        rows.append(PriceRow(rate, applies, price_list.currency, cost, currency, rate.country not in disabled))
    return rows


def _provider_costs(uow: UnitOfWork) -> dict[tuple[str, str | None], tuple[int, str]]:
    stored = uow.providers.default()
    if stored is None:
        return {}
    costs: dict[tuple[str, str | None], tuple[int, str]] = {}
    dearest: dict[str, tuple[int, str]] = {}
    for row in paced(uow.costs.of_provider(stored.provider_id)):
        costs[row.country, row.mccmnc] = (row.cost, row.currency)
        if row.mccmnc is not None and row.cost > dearest.get(row.country, (0, ""))[0]:
            dearest[row.country] = (row.cost, row.currency)
    for iso, cost in dearest.items():
        costs.setdefault((iso, None), cost)
    return costs


def _standard(uow: UnitOfWork) -> PriceList:
    standard = uow.prices.default_list()
    if standard is None:
        raise NotFound(tr("There is no price list yet."))
    return standard


def _log_loss(uow: UnitOfWork, loss: RestoredLoss, at: datetime, actor: str) -> None:
    if loss.now is None:
        uow.activity.add(at, actor, "loss_ended", loss.country)
    else:
        until, reason = loss.now.until.isoformat(), loss.now.reason
        uow.activity.add(at, actor, "loss_allowed", loss.country, until=until, reason=reason)


def _label(rule: PriceRule, countries: Collection[str] | None) -> str:
    if countries is None:
        return rule.text
    named = ", ".join(sorted(countries)[:8]) + (" …" if len(countries) > 8 else "")
    return f"{rule.text}: {named}"
