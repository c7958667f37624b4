"""What a draft makes of the lines of the price table."""

from collections.abc import Mapping
from dataclasses import replace

from desktop_app.domain.language import tr
from desktop_app.views.models.price_draft import DraftEdit
from desktop_app.views.models.price_lines import PriceLine


def drafted(line: PriceLine, edits: Mapping[str, DraftEdit]) -> PriceLine:
    """Return a country with what a draft makes of it and of its networks; those that inherit follow it."""
    if line.key not in edits and not any(network.key in edits for network in line.networks):
        return line
    country = _edited(line, edits.get(line.key), None)
    networks = tuple(
        _edited(network, edits[network.key], country) if network.key in edits else _following(network, country)
        for network in line.networks
    )
    return replace(country, networks=networks)


def _edited(line: PriceLine, edit: DraftEdit | None, country: PriceLine | None) -> PriceLine:
    if edit is None:
        return line
    if edit.after is not None:
        return line.priced(edit.after, tr("Manual"), manual=True, inherited=False)
    if line.rule_price is not None:
        return line.priced(line.rule_price, tr("By rule"), manual=False, inherited=False)
    if country is not None:
        return line.priced(country.price, country.rule, manual=country.manual, inherited=True)
    return line.priced(None, tr("No price"), manual=False, inherited=False)


def _following(network: PriceLine, country: PriceLine) -> PriceLine:
    # A network without a price set by hand of its own follows its country's price set by hand (decisions.md 5).
    follows = network.inherited or (country.manual and not network.own_manual)
    if not follows or network.price == country.price:
        return network
    return network.priced(country.price, country.rule, manual=country.manual, inherited=True)
