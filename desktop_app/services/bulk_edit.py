"""Bulk edits of the standard price list: looked at as often as the person likes, then saved as one change, exactly as seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from desktop_app.domain.bulk_edits import EditOrder, EditRow, NetworkScope, RowState, fingerprint, plan_edit, speaks_of
from desktop_app.domain.clients import clean_name
from desktop_app.domain.edit_totals import EditTotals, largest, row_volumes, total
from desktop_app.domain.errors import InvalidInput, NotAllowed, NotFound, StaleData
from desktop_app.domain.language import tr
from desktop_app.domain.percents import margin
from desktop_app.domain.price_rules import PriceRule
from desktop_app.domain.rates import Rate
from desktop_app.domain.scopes import ScopeCountry
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.services.price_edits import LossAllowed, allow_loss
from desktop_app.storage.repositories.bulk_edits import NewRow
from desktop_app.storage.repositories.prices import PriceList
from desktop_app.storage.unit_of_work import Database, UnitOfWork

VOLUME_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class EditBasis:
    """What previews are made from: the price list at one moment, and what belongs around it.

    Attributes:
        price_list: whose prices.
        rates: its rows by country, the country's own first.
        standing: its standing rules by region, "" for the default.
        volumes: billed segments of the last 30 days by rate id.
        countries: what scope tokens ask of a country.
        networks: how many networks a country has.
        client_prices: how many clients have a price of their own, by country.
        newest_change: id of the newest price change, 0 before the first.
    """

    price_list: PriceList
    rates: tuple[Rate, ...]
    standing: Mapping[str, PriceRule]
    volumes: Mapping[int, int]
    countries: tuple[ScopeCountry, ...]
    networks: Mapping[str, int]
    client_prices: Mapping[str, int]
    newest_change: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order does.

    Attributes:
        order: the edit.
        rows: every row it speaks of.
        totals: what it means for the money.
        example: the largest row that changes, None when none does.
        fingerprint: for ``apply``: what is saved must be what was seen.
    """

    order: EditOrder
    rows: tuple[EditRow, ...]
    totals: EditTotals
    example: EditRow | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What others changed under a preview.

    Attributes:
        prices: how many of its rows have another price, or are set otherwise.
        costs: how many have another cost.
        actor: who changed prices last, "" when only costs moved.
        others: somebody else did, too.
        at: when, None when only costs moved.
    """

    prices: int
    costs: int
    actor: str
    others: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A saved bulk edit: the id of the price change and how many rows it has."""

    change_id: int
    rows: int


@dataclass(frozen=True, slots=True)
class Preset:
    """A bulk edit under a name: scope, rule and limits as the editor writes them."""

    name: str
    content: Mapping[str, Any]


class BulkEditService:
    """Previews and saves bulk edits of the standard price list."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def basis(self) -> EditBasis:
        """Return the price list as it is now, for previews."""
        with self._database.read() as uow:
            return _basis(uow, self._clock())

    def preview(self, order: EditOrder, basis: EditBasis | None = None) -> Preview:
        """Return what ``order`` does to the prices of ``basis``, or to those of this moment."""
        found = basis or self.basis()
        rows = plan_edit(order, found.rates, found.standing)
        return Preview(
            order, rows, total(rows, found.volumes), largest(rows, found.volumes, found.networks), fingerprint(rows)
        )

    def apply(
        self, order: EditOrder, *, expected: str, actor: str, label: str, loss: LossAllowed | None = None, job: Job | None = None
    ) -> Applied:  # fmt: skip
        """Save ``order`` as one price change in one transaction, exactly as its preview showed it.

        Args:
            order: the edit.
            expected: the preview's fingerprint.
            actor: who edits.
            label: what Activity calls it.
            loss: until when and why the order's ``allowed`` rows may sell below their cost.
            job: for the progress.

        Raises:
            StaleData: prices or costs are not those of the preview; nothing was saved.
            NotAllowed: rows would start to lose money and nothing was decided about them (code "below_cost").
            InvalidInput: no row changes, or the permission for a loss is none.
        """
        job = job or Job()
        with self._database.begin() as uow:
            standard = _standard(uow)
            job.step(0, 0, tr("Checking prices"))
            uow.bulk_edits.lock(standard.list_id, order.countries)
            rows = plan_edit(order, uow.prices.rates(standard.list_id, order.countries), _standing(uow, standard))
            _refuse(rows, expected)
            change_id = uow.prices.open_change(
                standard.list_id,
                at=self._clock(),
                actor=actor,
                label=label,
                limits=order.limits.standing_text,
                rule=order.rule.text if order.rule else "",
            )
            written = {
                row.rate.rate_id: NewRow(row.after or 0, row.manual, row.follows) for row in rows if row.is_written
            }
            total = len(written)
            uow.bulk_edits.write(change_id, written, lambda done: job.step(done, total, tr("Writing prices")))
            for row in rows:
                if row.is_written and row.allowed:
                    allow_loss(
                        uow, change_id, row.rate.rate_id, row.rate.country, row.rate.cost or 0, loss, at=self._clock(),
                        actor=actor,
                    )  # fmt: skip
            job.step(total, total, tr("Saving"))
            return Applied(change_id, uow.prices.apply(change_id))

    def conflict(
        self, basis: EditBasis, countries: frozenset[str], networks: NetworkScope = NetworkScope.WITH_NETWORKS
    ) -> Conflict | None:
        """Return what changed in such rows of ``countries`` since ``basis``, None when nothing did."""
        with self._database.read() as uow:
            found = uow.prices.rates(basis.price_list.list_id, countries)
            now = {rate.rate_id: rate for rate in found if speaks_of(networks, rate)}
            marks = uow.bulk_edits.changes_since(basis.price_list.list_id, basis.newest_change)
        old = {rate.rate_id: rate for rate in basis.rates if rate.country in countries and speaks_of(networks, rate)}
        pairs = [(rate, now.get(rate.rate_id)) for rate in old.values()]
        prices = sum(new is None or _price_of(new) != _price_of(rate) for rate, new in pairs) + len(
            now.keys() - old.keys()
        )
        costs = sum(new is not None and new.cost != rate.cost for rate, new in pairs)
        if not prices and not costs:
            return None
        newest = marks[0] if prices and marks else None
        others = newest is not None and any(mark.actor != newest.actor for mark in marks)
        return Conflict(prices, costs, newest.actor if newest else "", others, newest.at if newest else None)

    def presets(self) -> list[Preset]:
        """Return the team's presets by name."""
        with self._database.read() as uow:
            return [Preset(name, content) for name, content in uow.bulk_edits.presets()]

    def save_preset(self, preset: Preset, *, actor: str) -> Preset | None:
        """Keep a preset for the team; return the one of the same name that it replaces, None when there was none.

        Raises:
            InvalidInput: the name is none.
        """
        name = clean_name(preset.name, tr("preset"))
        with self._database.begin() as uow:
            former = _find(uow, name)
            uow.bulk_edits.save_preset(name, preset.content)
            uow.activity.add(self._clock(), actor, "preset_saved", name)
            return former

    def delete_preset(self, name: str, *, actor: str) -> Preset | None:
        """Forget a preset and return it, None when there was none."""
        with self._database.begin() as uow:
            former = _find(uow, name)
            if former is not None:
                uow.bulk_edits.delete_preset(name)
                uow.activity.add(self._clock(), actor, "preset_deleted", former.name)
            return former


def _standard(uow: UnitOfWork) -> PriceList:
    standard = uow.prices.default_list()
    if standard is None:
        raise NotFound(tr("There is no price list yet."))
    return standard


def _find(uow: UnitOfWork, name: str) -> Preset | None:
    found = uow.bulk_edits.preset(name)
    return None if found is None else Preset(*found)


def _basis(uow: UnitOfWork, at: datetime) -> EditBasis:
    standard = _standard(uow)
    rates = tuple(uow.prices.rates(standard.list_id))
    of_provider = uow.bulk_edits.provider_countries()
    providers: dict[str, set[str]] = {}
    networks: dict[str, int] = {}
    for name, countries in of_provider.items():
        for iso in countries:
            providers.setdefault(iso, set()).add(name)
    for rate in rates:
        networks[rate.country] = networks.get(rate.country, 0) + (rate.mccmnc is not None)
    return EditBasis(
        price_list=standard,
        rates=rates,
        standing=_standing(uow, standard),
        volumes=row_volumes(rates, uow.volumes.since(at - timedelta(days=VOLUME_DAYS))),
        countries=tuple(
            ScopeCountry(rate.country, margin(rate.price, rate.cost), frozenset(providers.get(rate.country, ())))
            for rate in rates
            if rate.mccmnc is None
        ),
        networks=networks,
        client_prices=uow.bulk_edits.client_prices(standard.list_id),
        newest_change=uow.bulk_edits.newest_change(),
    )


def _standing(uow: UnitOfWork, price_list: PriceList) -> dict[str, PriceRule]:
    rules = uow.prices.standing_rules(price_list.list_id)
    return {region: PriceRule.from_text(text) for region, text in rules.items()}


def _refuse(rows: Sequence[EditRow], expected: str) -> None:
    if fingerprint(rows) != expected:
        raise StaleData(tr("Prices or costs changed since this preview. Nothing was saved. Update the preview first."))
    refused = [row for row in rows if row.state is RowState.REFUSED]
    if refused:
        names = ", ".join(row.rate.country for row in refused[:3])
        raise NotAllowed(
            tr(
                "{names} would sell below cost. Exclude them, raise them to break-even, or allow the loss.", names=names
            ),
            code="below_cost",
        )
    if not any(row.is_written for row in rows):
        raise InvalidInput(tr("No price changes."))


def _price_of(rate: Rate) -> tuple[int | None, bool, str, str]:
    return rate.price, rate.manual, rate.rule, rate.former_rule
