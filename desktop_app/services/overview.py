"""The figures of the first screen: what was sent, what arrived, what it earned, and what needs a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from desktop_app.domain.activity import ActivityEntry
from desktop_app.domain.language import tr
from desktop_app.domain.periods import Period, Span
from desktop_app.exports import csv_file
from desktop_app.exports.table import Cell, Column, Kind, Table
from desktop_app.services.attention import AttentionItem, read_attention
from desktop_app.services.clock import Clock
from desktop_app.services.figures import CHARGED, Figures, MainMoney
from desktop_app.services.job import Job
from desktop_app.services.mail import MailService, MailTrouble
from desktop_app.services.price_history import PriceHistoryService
from desktop_app.services.provider_records import ProviderSummary, summary_of
from desktop_app.storage.repositories.activity import ActivityFilter
from desktop_app.storage.repositories.traffic import TrafficSum
from desktop_app.storage.unit_of_work import Database, UnitOfWork

TOP_COUNTRIES: Final = 10
RECENT: Final = 6
_MONTH: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A column of the chart; ``figures`` None where nothing was sent, which is a gap."""

    span: Span
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class CountryFigures:
    """A country of the range."""

    country: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class ProviderFigures:
    """A provider, how it stands, and what became of what it was given in the range."""

    provider: ProviderSummary
    figures: Figures


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What of the first steps is done."""

    provider: bool
    prices: bool
    client: bool
    sent: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first screen shows.

    Attributes:
        currency: the main currency.
        period: the range.
        now: when it was read.
        total: the range in one.
        before: the equal range before it.
        columns: the range piece by piece.
        countries: those that earn most.
        providers: all of them, by name.
        attention: what needs a person, the most urgent first.
        recent: what was done last.
        steps: the first steps.
    """

    currency: str
    period: Period
    now: datetime
    total: Figures
    before: Figures
    columns: tuple[DayFigures, ...]
    countries: tuple[CountryFigures, ...]
    providers: tuple[ProviderFigures, ...]
    attention: tuple[AttentionItem, ...]
    recent: tuple[ActivityEntry, ...]
    steps: FirstSteps


class OverviewService:
    """Reads the figures. Messages that changed are counted first, a slot at a time; all others are only summed."""

    def __init__(self, database: Database, mail: MailService, history: PriceHistoryService, clock: Clock) -> None:
        self._database, self._mail, self._history, self._clock = database, mail, history, clock

    def count_traffic(self, job: Job) -> None:
        """Count the messages that changed since they were counted last.

        Raises:
            Cancelled: the person stopped it; what was counted stays.
        """
        with self._database.read() as uow:
            is_stale = uow.traffic.is_stale()
        while is_stale:
            job.wait(0)
            with self._database.begin() as uow:
                is_stale = uow.traffic.count_stale()

    def read(self, period: Period, job: Job) -> Overview:
        """Return the figures of a range.

        Raises:
            Cancelled: the person stopped it.
            StorageUnavailable: the database does not answer.
        """
        self.count_traffic(job)
        now = self._clock()
        trouble, moved = self._mail.trouble(), self._moved()
        with self._database.read() as uow:
            money = _money(uow, now)
            here, before = period.span(now), period.before(now)
            return Overview(
                money.currency, period, now, money.figures(_sums(uow, here)), money.figures(_sums(uow, before)),
                tuple(_column(uow, money, span) for span in period.columns()), _countries(uow, money, here),
                _providers(uow, money, here), _urgent(uow, now, money, trouble, moved),
                tuple(uow.activity.page(ActivityFilter(), None, RECENT)), _steps(uow),
            )  # fmt: skip

    def attention(self, job: Job) -> tuple[AttentionItem, ...]:
        """Return what needs a person, without the figures around it; see ``read`` for what it raises."""
        self.count_traffic(job)
        now, trouble, moved = self._clock(), self._mail.trouble(), self._moved()
        with self._database.read() as uow:
            return _urgent(uow, now, _money(uow, now), trouble, moved)

    def export(self, overview: Overview, file: Path, job: Job) -> int:
        """Write the columns of the chart as CSV; return how many there are.

        Raises:
            InvalidInput: the file cannot be written.
            Cancelled: the person stopped it; nothing was written then.
        """
        return csv_file.write(file, _table(overview, job))

    def _moved(self) -> tuple[int, int]:
        moves = self._history.recent_cost_changes()
        countries = {iso: before - after for (iso, _), (before, after, _) in moves.items()}
        return sum(one < 0 for one in countries.values()), sum(one > 0 for one in countries.values())


def _money(uow: UnitOfWork, now: datetime) -> MainMoney:
    standard = uow.prices.default_list()
    return MainMoney(uow, standard.currency if standard is not None else "EUR", now.astimezone().date())


def _urgent(
    uow: UnitOfWork, now: datetime, money: MainMoney, trouble: MailTrouble, moved: tuple[int, int]
) -> tuple[AttentionItem, ...]:
    mail = (trouble.count, trouble.waiting, trouble.server)
    return read_attention(uow, now, money.convert, _segments(uow, now), mail, moved)


def _sums(uow: UnitOfWork, span: Span) -> list[TrafficSum]:
    return uow.traffic.sums(span.start, span.end)


def _column(uow: UnitOfWork, money: MainMoney, span: Span) -> DayFigures:
    sums = _sums(uow, span)
    figures = money.figures(sums)
    return DayFigures(span, figures if figures.sent else None)


def _countries(uow: UnitOfWork, money: MainMoney, span: Span) -> tuple[CountryFigures, ...]:
    by_country: dict[str, list[TrafficSum]] = {}
    for each in uow.traffic.sums(span.start, span.end, by_country=True):
        by_country.setdefault(each.country, []).append(each)
    rows = [CountryFigures(iso, money.figures(sums)) for iso, sums in by_country.items()]
    rows = [row for row in rows if row.figures.sent]
    return tuple(sorted(rows, key=lambda row: (-row.figures.profit, row.country))[:TOP_COUNTRIES])


def _providers(uow: UnitOfWork, money: MainMoney, span: Span) -> tuple[ProviderFigures, ...]:
    by_provider: dict[int, list[TrafficSum]] = {}
    for each in uow.traffic.sums(span.start, span.end, by_provider=True):
        by_provider.setdefault(each.provider_id, []).append(each)
    counts = uow.providers.cost_counts()
    return tuple(
        ProviderFigures(
            summary_of(one, *counts.get(one.provider_id, (0, 0))), money.figures(by_provider.get(one.provider_id, []))
        )
        for one in uow.providers.list_all()
    )


def _segments(uow: UnitOfWork, now: datetime) -> dict[str, int]:
    sold: dict[str, int] = {}
    for each in uow.traffic.sums(now - _MONTH, now, by_country=True):
        if each.money in CHARGED:
            sold[each.country] = sold.get(each.country, 0) + each.segments
    return sold


def _steps(uow: UnitOfWork) -> FirstSteps:
    found = uow.attention
    return FirstSteps(bool(uow.providers.list_all()), found.has_prices(), found.has_clients(), found.has_batches())


def _table(overview: Overview, job: Job) -> Table:
    money = tuple(
        Column(key, f"{title} {overview.currency}", Kind.DECIMAL, 2)
        for key, title in (("revenue", tr("Revenue")), ("cost", tr("Cost")), ("profit", tr("Profit")))
    )
    columns = (
        Column("from", tr("From"), Kind.TEXT), Column("to", tr("To"), Kind.TEXT),
        Column("sms_sent", tr("SMS sent"), Kind.INTEGER),
        Column("delivered", tr("Delivered"), Kind.INTEGER), Column("failed", tr("Failed"), Kind.INTEGER),
        Column("expired", tr("Expired"), Kind.INTEGER), Column("pending", tr("Pending"), Kind.INTEGER), *money,
        Column("currency", tr("Currency"), Kind.TEXT),
    )  # fmt: skip
    return Table(columns, _lines(overview, job))


def _lines(overview: Overview, job: Job) -> Iterator[tuple[Cell, ...]]:
    for place, column in enumerate(overview.columns):
        job.step(place, len(overview.columns))
        one, span = column.figures or Figures(), column.span
        yield (
            span.start.isoformat(timespec="minutes"), span.end.isoformat(timespec="minutes"), one.sent, one.delivered, one.failed,
            one.expired, one.pending, *(Decimal(micro).scaleb(-6) for micro in (one.revenue, one.cost, one.profit)),
            overview.currency,
        )  # fmt: skip
