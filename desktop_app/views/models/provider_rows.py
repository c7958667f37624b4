"""The tables of a provider's panel: what it asks for, and the numbers shown instead of names. Made in the data lane."""

from collections.abc import Mapping, Sequence

from babel import Locale

from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.providers import CostRow, ProvidersService
from desktop_app.services.sender_ids import SenderIDsService
from desktop_app.views.formats import MISSING, folded
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel

_NAME = CellLook("text", "body_medium")
_QUIET = CellLook("text3")


def costs_model() -> RowsModel[CostRow]:
    """Return the empty table of costs."""
    return RowsModel(
        (
            Heading(tr("Country or network")),
            Heading(tr("MCC/MNC")),
            Heading(tr("Cost per SMS"), True),
            Heading(tr("Currency")),
        )
    )


def numbers_model() -> RowsModel[str]:
    """Return the empty table of numbers; its records are ISO codes."""
    return RowsModel((Heading(tr("Country")), Heading(tr("Number shown instead"))))


def read_costs(providers: ProvidersService, name: str, language: str, _job: Job) -> tuple[Row[CostRow], ...]:
    """Return what a provider asks for, countries by name, each before its networks."""
    names = Locale.parse(language).territories
    rows = providers.costs(name)
    order = {iso: folded(names.get(iso, iso)) for iso in {row.country for row in rows}}
    rows.sort(key=lambda row: (order[row.country], row.country, row.mccmnc or "", row.network))
    return tuple(_cost(row, names) for row in rows)


def read_numbers(senders: SenderIDsService, name: str, language: str, _job: Job) -> tuple[Row[str], ...]:
    """Return the countries that take numbers only, by name, with the number shown there."""
    names = Locale.parse(language).territories
    numbers = senders.fallback_numbers(name)
    isos = sorted(numbers, key=lambda iso: folded(names.get(iso, iso)))
    return tuple(_number(iso, numbers[iso], names) for iso in isos)


def _cost(row: CostRow, names: Mapping[str, str]) -> Row[CostRow]:
    country = names.get(row.country, row.country)
    title = country if row.mccmnc is None else row.network or row.mccmnc
    look = (
        CellLook("text", "body_medium", flag=row.country, faint=row.country)
        if row.mccmnc is None
        else CellLook("text2", flag=row.country, faint=country)
    )
    words = tuple(folded(text) for text in (country, row.country, row.network, row.mccmnc or ""))
    return Row(
        row, (title, row.mccmnc or "", row.text, row.currency), (look, _QUIET, CellLook("text"), _QUIET), words,
        f"{country}, {title}" if row.mccmnc else country,
    )  # fmt: skip


def _number(iso: str, number: str | None, names: Mapping[str, str]) -> Row[str]:
    name = names.get(iso, iso)
    shown = number or tr("not set: messages with a name are not sent")
    looks: Sequence[CellLook] = (
        CellLook("text", "body_medium", flag=iso, faint=iso), CellLook("text") if number else _QUIET
    )  # fmt: skip
    return Row(iso, (name, shown), tuple(looks), (folded(name), folded(iso), number or MISSING), name)
