"""Twilio's pricing pages, API version 1 (/v1/Messaging/Countries).

Shapes are mixed on purpose, because the real ones are (providers.md 2.1): prices are texts in some countries and numbers in
others, some networks have a price for each number type, and the price after discounts lies below the base price now and then.
The price of number type "mobile" is never below that of the others, and a scenario's price holds for all of them.
"""

import re
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from desktop_app.sandbox.faces.twilio_messages import page_and_size
from desktop_app.sandbox.prices import Country, Network, PriceBook, spread
from desktop_app.sandbox.scenario import Scenario
from desktop_app.sandbox.wire import Reply, Request

_QUOTED_PRICE: Final = re.compile(rb'("(?:base|current)_price":)"([0-9.]+)"')


def countries_page(request: Request, origin: str, prices: PriceBook) -> Reply:
    """Return one page of the list of countries; its links begin with ``origin``."""
    page, size = page_and_size(request.fields())
    countries = list(prices.countries.values())
    base = f"{origin}/v1/Messaging/Countries"

    def link(number: int) -> str:
        return f"{base}?{urlencode({'PageSize': size, 'Page': number})}"

    meta = {
        "page": page,
        "page_size": size,
        "first_page_url": link(0),
        "previous_page_url": link(page - 1) if page else None,
        "url": link(page),
        "next_page_url": link(page + 1) if (page + 1) * size < len(countries) else None,
        "key": "countries",
    }
    rows = [
        {"country": country.name, "iso_country": country.iso, "url": f"{base}/{country.iso}"}
        for country in countries[page * size : (page + 1) * size]
    ]
    return Reply.of({"meta": meta, "countries": rows})


def country_page(country: Country, origin: str, scenario: Scenario) -> Reply:
    """Return the prices of ``country``."""
    fixed = scenario.prices.get(country.iso)
    reply = Reply.of(
        {
            "country": country.name,
            "iso_country": country.iso,
            "price_unit": scenario.currency,
            "outbound_sms_prices": [_network_prices(country.iso, network, fixed) for network in country.networks],
            "inbound_sms_prices": [{"number_type": "mobile", "base_price": "0.0075", "current_price": "0.0075"}],
            "url": f"{origin}/v1/Messaging/Countries/{country.iso}",
        }
    )
    if fixed is None and spread(f"numbers {country.iso}", 4) == 0:
        # The text of a price becomes a JSON number digit for digit: no float in between.
        return Reply(200, _QUOTED_PRICE.sub(rb"\1\2", reply.body))
    return reply


def _network_prices(iso: str, network: Network, fixed: str | None) -> dict[str, object]:
    current = fixed or network.price
    dice = spread(f"shape {iso} {network.mcc}{network.mnc}", 12)
    base = str(Decimal(current) + Decimal("0.0050")) if dice < 3 else current
    prices = [{"number_type": "mobile", "base_price": base, "current_price": current}]
    if dice % 4 == 1:
        other = fixed or str(Decimal(current) * 9 / 10)
        prices.insert(0, {"number_type": "local", "base_price": base, "current_price": other})
    if dice % 6 == 5:
        prices.append({"number_type": "shortcode", "base_price": base, "current_price": current})
    return {"carrier": network.name, "mcc": network.mcc, "mnc": network.mnc, "prices": prices}
