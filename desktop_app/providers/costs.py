"""From the rows of a price list to what a country costs: the rules that hold for every driver."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from desktop_app.domain.money import MAX_PRICE_MICRO, MICRO
from desktop_app.providers.answers import read_decimal
from desktop_app.providers.base import Cost

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_MCC: Final = re.compile(r"[0-9]{3}", re.ASCII)
_MNC: Final = re.compile(r"[0-9]{2,3}", re.ASCII)


def read_country(value: object) -> str | None:
    """Return the ISO 3166 alpha-2 code in ``value`` in upper case, None when it names no country."""
    code = value.upper() if isinstance(value, str) and len(value) == 2 else ""
    return code if _COUNTRY.fullmatch(code) and code != "XX" else None


def read_price(value: object) -> Decimal | None:
    """Return the price of a segment in ``value``, None (not for sale) when there is none above 0."""
    price = read_decimal(value)
    return price if price is not None and 0 < price <= MAX_PRICE_MICRO // MICRO else None


def join_mccmnc(mcc: object, mnc: object) -> str | None:
    """Return MCC and MNC as one text, None when they are no such codes.

    A number instead of text has lost its leading zeros: 1 may be 01 or 001.
    """
    if isinstance(mcc, str) and isinstance(mnc, str) and _MCC.fullmatch(mcc) and _MNC.fullmatch(mnc):
        return mcc + mnc
    return None


def dearest(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Return the dearest cost per network of one country.

    A cost without a network stands for the whole country, but only where no network's price covers it: a price that is never
    below cost comes first.
    """
    networks: dict[str, Cost] = {}
    whole: Cost | None = None
    for cost in costs:
        if cost.mccmnc is None:
            whole = cost if whole is None or cost.price > whole.price else whole
        elif cost.mccmnc not in networks or cost.price > networks[cost.mccmnc].price:
            networks[cost.mccmnc] = cost
    if whole is not None and all(whole.price > cost.price for cost in networks.values()):
        return (whole, *networks.values())
    return tuple(networks.values())
