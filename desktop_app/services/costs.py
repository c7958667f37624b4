"""What the default provider asks for becomes the cost of the price lists' rows."""

from datetime import datetime, timedelta
from typing import Final

from desktop_app.storage.repositories.costs import CostMoves
from desktop_app.storage.unit_of_work import UnitOfWork

# Costs that moved stay marked for a day; when nothing moved since then, those of the last time, up to a week back.
RECENT: Final = timedelta(days=1)
LAST_MOVES: Final = timedelta(days=7)


def recent_since(uow: UnitOfWork, now: datetime) -> datetime:
    """Return from when on a move of a cost counts as recent: a day ago, or the last time costs moved within a week."""
    last = uow.price_history.last_move(now - LAST_MOVES)
    return now - RECENT if last is None else min(last, now - RECENT)


def convert_costs(uow: UnitOfWork, at: datetime) -> CostMoves:
    """Give every price list the default provider's costs in its own currency, by the rates of the day of ``at``.

    Returns:
        How the costs of the standard list moved.
    """
    stored = uow.providers.default()
    if stored is None:
        return CostMoves()
    currencies = uow.costs.currencies_of(stored.provider_id)
    moves = []
    for price_list in uow.prices.all_lists():
        rates = {currency: uow.exchange_rates.find(currency, price_list.currency, at.date()) for currency in currencies}
        moves.append(uow.costs.refresh_rates(price_list.list_id, stored.provider_id, rates, at))
    return moves[0] if moves else CostMoves()
