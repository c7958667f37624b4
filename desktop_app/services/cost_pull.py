"""Pulling the costs of a provider country by country: what came before it failed is known."""

from desktop_app.domain.errors import ProviderError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.money import MAX_PRICE_MICRO
from desktop_app.providers.base import CountryCosts, Provider
from desktop_app.services.job import Job
from desktop_app.storage.repositories.costs import CostRow, cost_micro
from desktop_app.storage.repositories.number_ranges import RangeRow


class PartialSync(ProviderError):
    """The provider failed in the middle: the costs of some countries are stored, the others keep theirs from before.

    Attributes:
        updated: how many countries came.
        missing: how many did not.
        missed: those of them that keep a cost from before.
    """

    def __init__(self, cause: ProviderError, updated: int, missing: int, missed: frozenset[str] = frozenset()) -> None:
        kept = trn(
            "{count:,} of {total:,} countries is not updated and keeps its cost from before.",
            "{count:,} of {total:,} countries are not updated and keep their costs from before.",
            missing, total=updated + missing,
        )  # fmt: skip
        super().__init__(f"{cause.user_message} {kept}", retryable=cause.retryable, code=cause.code)
        self.updated, self.missing, self.missed = updated, missing, missed


class CostPull:
    """One pull.

    Attributes:
        rows: the costs that came.
        ranges: the number ranges that came with them.
        countries: the countries that came whole, those without any cost among them.
        total: how many countries the provider lists, 0 while it did not tell.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self.rows: list[CostRow] = []
        self.ranges: list[RangeRow] = []
        self.countries: set[str] = set()
        self.total = 0

    def run(self, provider: Provider) -> None:
        """Pull every country.

        Raises:
            ProviderError: the provider failed, or lists what is no usable cost.
            Cancelled: the person stopped it.
        """
        for country in provider.list_costs(self._step):
            self.rows += [_row(country, place) for place in range(len(country.costs))]
            self.ranges += [RangeRow(country.country, *one) for one in country.ranges]
            self.countries.add(country.country)

    def partial(self, cause: ProviderError, known: frozenset[str]) -> PartialSync:
        """Return what to say when ``cause`` ended it in the middle.

        Args:
            cause: what happened.
            known: the countries that have a cost of the provider by now.
        """
        came = len(self.countries)
        return PartialSync(cause, came, max(1, self.total - came), known - self.countries)

    def _step(self, done: int, total: int, label: str) -> None:
        self.total = total
        self._job.step(done, total, label)


def _row(country: CountryCosts, place: int) -> CostRow:
    cost = country.costs[place]
    micro = cost_micro(cost.price)
    if not 0 < micro <= MAX_PRICE_MICRO:
        raise ProviderError(
            tr("The provider lists {price} {currency} for {country}, which is no usable cost.",
               price=cost.price_text[:40], currency=cost.currency, country=cost.country)
        )  # fmt: skip
    return CostRow(cost.country, cost.mccmnc, cost.network, cost.price_text, micro, cost.currency)
